"""Which stems a system can be scored on: its own, with the truth summed to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stemdesk_training.datasets.multitrack import STEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

VOICE = "vocals"
ACCOMPANIMENT = "accompaniment"
# What is beside the stems that are named. Where there are several, the narrowest counts.
REST = ("other", "rest", "accompaniment", "instrumental")


class Group(NamedTuple):
    """What is summed before it is compared.

    Attributes:
        true: names of stems of the song.
        given: names of stems of the system.
    """

    true: tuple[str, ...]
    given: tuple[str, ...]


Grouping = dict[str, Group]  # by what the sum is called in scores


def rest_of(stems: Iterable[str]) -> str | None:
    """The stem that takes what no other of them names; None if there is no such stem."""
    names = set(stems)
    return next((name for name in REST if name in names), None)


def stem_of(name: str, stems: Sequence[str]) -> str | None:
    """The one of some stems that a stem is a part of; None if it is of none of them."""
    return name if name in stems else rest_of(stems)


def groupings(true: Sequence[str], given: Sequence[str]) -> list[Grouping]:
    """How a system's stems are held against a song's, the system's own stems first.

    Its rest stem is the sum of all true stems that it does not name. A system that gives more than
    vocals and a rest is also held against these two, so that it can be compared with one that does
    not. A song that is known as vocals and a rest only is not asked for more.

    Args:
        true: stems of the song.
        given: stems of the system, one rest at most.
    """
    rest = rest_of(given)
    # A piano in a song whose piano is not known by itself is a part of the rest.
    named = [name for name in given if name not in REST and name in (*true, *STEMS)]
    coarse = rest_of(true) not in (None, "other") or set(true) <= {VOICE, "other"}
    if coarse and rest is not None:
        named = [name for name in named if name in true]
    found = [_grouping(true, given, named)]
    if rest is not None and VOICE in named and len(named) > 1:
        found.append(_grouping(true, given, [VOICE]))
    return found


def _grouping(true: Sequence[str], given: Sequence[str], named: Sequence[str]) -> Grouping:
    found = {name: Group((name,) if name in true else (), (name,)) for name in named}
    if rest_of(given) is not None:
        beside = (tuple(n for n in names if n not in named) for names in (true, given))
        found[_called(named)] = Group(*beside)
    return found


def _called(named: Sequence[str]) -> str:
    """The rest by what is in it: rows of one name must have one truth."""
    if set(named) == {VOICE}:
        return ACCOMPANIMENT
    return "+".join(name for name in STEMS if name not in named)
