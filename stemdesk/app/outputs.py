"""Which files a separation delivers, and which of the model's stems go into each."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.stem_names import matching

if TYPE_CHECKING:
    from collections.abc import Sequence

REST = "rest"
KARAOKE = ("vocals", "instrumental")


@dataclass(frozen=True)
class Output:
    """One delivered file: its name and the model's stems that are summed in it."""

    name: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class OutputPlan:
    """What is delivered, and how it is closed.

    Attributes:
        delivered: in the order asked for.
        estimated: groups of stems that are computed from estimates, delivered or not; each is
            rounded as one.
        closing: the group that is the mixture minus all of ``estimated``.
    """

    delivered: tuple[Output, ...]
    estimated: tuple[Output, ...]
    closing: Output

    @property
    def complete(self) -> bool:
        """Whether the delivered files together hold all of the mixture."""
        return set(self.delivered) == {*self.estimated, self.closing}


def plan_outputs(stems: Sequence[str], wanted: Sequence[str], *, karaoke: bool) -> OutputPlan:
    """Work out the files for a model's ``stems`` (closing stem last).

    Args:
        stems: names the model separates.
        wanted: names to deliver, in any letter case and with any joints, all stems when empty;
            ``rest`` is everything not named, ``instrumental`` everything but the vocals.
        karaoke: deliver vocals and the instrumental instead.

    Raises:
        UserError: a name the model does not know, names that overlap, or nothing to leave out or
            to keep for ``rest``.
    """
    known = (REST, "instrumental", *stems)
    asked = [matching(name, known) or name for name in wanted]
    names = list(KARAOKE) if karaoke else asked or list(stems)
    delivered = [_output(name, names, stems) for name in names]
    if len({output.name for output in delivered}) < len(delivered):
        raise UserError("A stem is named twice", "name each stem once in --stems")
    covered = [stem for output in delivered for stem in output.stems]
    if len(set(covered)) < len(covered):
        raise UserError(
            f"The stems {', '.join(names)} overlap", f"name {REST!r} for everything not named"
        )
    groups = [*delivered, *(Output(stem, (stem,)) for stem in stems if stem not in covered)]
    closing = next(group for group in groups if stems[-1] in group.stems)
    estimated = tuple(group for group in groups if group is not closing)
    return OutputPlan(tuple(delivered), estimated, closing)


def _output(name: str, names: list[str], stems: Sequence[str]) -> Output:
    if name in stems:
        return Output(name, (name,))
    known = ", ".join(stems)
    if name not in (REST, "instrumental"):
        near = get_close_matches(name, (*stems, REST, "instrumental"), n=1)
        choice = f"choose from {known}, {REST}"
        remedy = f"perhaps {near[0]} is meant; {choice}" if near else choice
        raise UserError(f"This model has no stem {name!r}", remedy)
    taken = names if name == REST else ["vocals"]
    left = tuple(stem for stem in stems if stem not in taken)
    if not left:
        raise UserError(f"Nothing is left for {name!r}", f"name fewer stems beside {name}")
    if left == tuple(stems):
        raise UserError(f"{name!r} would be the whole song", f"name stems beside it from {known}")
    return Output(name, left)
