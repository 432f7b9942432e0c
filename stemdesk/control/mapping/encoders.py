"""Endless encoders: the three usual ways to put steps into the value of a control change."""

from __future__ import annotations

from stemdesk.control.mapping.sources import Coding


def steps(coding: Coding, value: int) -> int:
    """Steps of a move, positive to the right.

    Args:
        coding: how the device counts; not absolute.
        value: of the control change, 0 to 127.

    Raises:
        ValueError: an absolute value has no steps.
    """
    if coding is Coding.TWOS_COMPLEMENT:
        return value if value < 64 else value - 128
    if coding is Coding.BINARY_OFFSET:
        return value - 64
    if coding is Coding.SIGN_MAGNITUDE:
        return value if value < 64 else 64 - value
    raise ValueError("an absolute control has no steps")
