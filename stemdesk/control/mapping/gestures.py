"""What kind of control a run of control changes comes from: knob, button or endless encoder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from stemdesk.control.mapping.sources import Coding

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_STEPS = 4  # of 7 bits: knobs at rest flicker by one or two
_SLOW = 15  # steps that an encoder sends in one message at most
_RIGHT, _LEFT = range(1, _SLOW + 1), range(128 - _SLOW, 128)
_ABOVE, _BELOW = range(65, 65 + _SLOW), range(64 - _SLOW, 64)
_ENCODERS = {
    Coding.TWOS_COMPLEMENT: (_RIGHT, _LEFT),
    Coding.BINARY_OFFSET: (_ABOVE, _BELOW),
    Coding.SIGN_MAGNITUDE: (_RIGHT, _ABOVE),
}
_REPEATS = 2
_LONG_SWEEP = 8


class Gesture(Enum):
    """What has been recognised."""

    NOTHING = "nothing"  # too little yet, or noise
    POSITION = "position"  # a knob or fader
    BUTTON = "button"  # from one end to the other and back
    ENCODER = "encoder"


@dataclass(frozen=True)
class Finding:
    """A gesture, and the codings that an encoder may have, the likeliest first."""

    gesture: Gesture
    codings: tuple[Coding, ...] = ()


def recognise(values: Sequence[int]) -> Finding:
    """Judge what one control has sent.

    Positions hardly ever come twice in a row and go everywhere; steps repeat and stay within 15 of
    1, 64 and 127. A single direction leaves two codings possible where it is 1 (either of those
    with a sign) or 65 (right in one, left in another).

    Args:
        values: of one control change, 0 to 127, in order.
    """
    seen = set(values)
    if not seen:
        return Finding(Gesture.NOTHING)
    repeats = sum(first == second for first, second in pairwise(values))
    if seen <= {0, 127} and (repeats < _REPEATS or 0 in seen):
        pressed = any(pair == (127, 0) for pair in pairwise(values))
        return Finding(Gesture.BUTTON if pressed else Gesture.NOTHING)
    possible = tuple(coding for coding, (one, other) in _ENCODERS.items() if seen <= {*one, *other})
    if not possible:
        reach = max(seen) - min(seen)
        return Finding(Gesture.POSITION if reach >= LEAST_STEPS else Gesture.NOTHING)
    if repeats >= _REPEATS:
        return Finding(Gesture.ENCODER, possible)
    if repeats == 0 and len(values) >= _LONG_SWEEP and _is_sweep(values):
        return Finding(Gesture.POSITION)
    return Finding(Gesture.NOTHING)


def _is_sweep(values: Sequence[int]) -> bool:
    rises = [second > first for first, second in pairwise(values)]
    return all(rises) or not any(rises)
