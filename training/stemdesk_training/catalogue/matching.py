"""Which instrumental may belong to which mix: by name, and by sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stemdesk_training.doctor.fingerprint import (
    FRAMES_PER_SECOND,
    MAX_SHIFT_SECONDS,
    difference,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk_training.catalogue.recordings import Recording

MOST_APART_SECONDS = 5.0  # the paper's
# Share of the bits in which a mix differs from its instrumental: 0.05 to 0.36, by how loud the
# voice is; other songs differ in 0.46 at least.
ALIKE = 0.42
# The same of two copies of a mix: 0.26 where they begin half a frame of the fingerprint apart.
COPY = 0.33


class Candidate(NamedTuple):
    """A pair that may be one.

    Attributes:
        mix: with vocals, perhaps.
        instrumental: without.
        difference: share of the bits of their fingerprints.
        by_name: whether they are called alike.
    """

    mix: Recording
    instrumental: Recording
    difference: float
    by_name: bool


def find_candidates(
    mixes: Sequence[Recording],
    instrumentals: Sequence[Recording],
    report: Callable[[float, str], None],
) -> list[Candidate]:
    """Pairs of like name or like sound and about the same length, the likeliest first.

    Args:
        mixes: usable ones.
        instrumentals: the same.
        report: told the fraction done and the mix at hand.
    """
    found = []
    for place, mix in enumerate(mixes):
        report(place / len(mixes), mix.name)
        for instrumental in instrumentals:
            if abs(mix.heard.seconds - instrumental.heard.seconds) > MOST_APART_SECONDS:
                continue
            by_name = mix.title.is_like(instrumental.title)
            apart = _difference(mix, instrumental)
            if by_name or apart < ALIKE:
                found.append(Candidate(mix, instrumental, apart, by_name))
    return sorted(
        found, key=lambda each: (each.difference >= ALIKE, not each.by_name, each.difference)
    )


def is_same_song(one: Recording, other: Recording) -> bool:
    """Whether two mixes are copies of one, perhaps coded, mastered or begun otherwise."""
    if one.heard.audio_hash == other.heard.audio_hash:
        return True
    apart = abs(one.heard.seconds - other.heard.seconds)
    return apart <= MOST_APART_SECONDS and _difference(one, other) < COPY


def _difference(one: Recording, other: Recording) -> float:
    """As :func:`difference` has it, with starts up to nine seconds apart."""
    more = round(2 * MAX_SHIFT_SECONDS * FRAMES_PER_SECOND)
    a, b = one.print, other.print
    return min(difference(a, b), difference(a[more:], b), difference(a, b[more:]))
