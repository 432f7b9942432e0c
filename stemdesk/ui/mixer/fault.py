"""What has gone wrong in an effect, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class EffectFault(NamedTuple):
    """A sentence for the user, with its place where that is known.

    Attributes:
        sentence: what happened, and the remedy.
        strip: its name; empty if unknown.
        effect: its name; empty if unknown.
    """

    sentence: str
    strip: str = ""
    effect: str = ""


def placed(faults: Iterable[EffectFault | str]) -> tuple[EffectFault, ...]:
    """Sentences alone as faults of an unknown place."""
    return tuple(EffectFault(each) if isinstance(each, str) else each for each in faults)


def faults_of(faults: Iterable[EffectFault], strip: str) -> dict[str, str]:
    """The sentences of a strip, by effect."""
    return {each.effect: each.sentence for each in faults if each.strip == strip and each.effect}
