"""The equaliser's gain over frequency, computed: what `mixing.effects.equaliser` sounds like.

Each band is an analogue filter on the axis that the bilinear transform bends, w = tan(pi f / rate):
the shelves and the bell of R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter
coefficients", and pairs of first-order filters for high-pass and low-pass, which together are
3 dB down at their frequency.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.effects.equaliser import high_pass, low_pass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Real = NDArray[np.float64]

_SHELF_Q = math.sqrt(0.5)
# Each of a pair is 1.5 dB down where both are 3 dB down.
_SPREAD = math.sqrt(math.sqrt(2.0) - 1.0)


def response_db(values: Mapping[str, float], frequencies_hz: Real, sample_rate: int) -> Real:
    """Gain in dB at some frequencies.

    Args:
        values: of all parameters of the equaliser.
        frequencies_hz: `[n]`; above half the sample rate there is nothing, so 0 dB is given.
        sample_rate: Hz.
    """
    hz = np.minimum(frequencies_hz, 0.499 * sample_rate)
    power = np.ones_like(hz)
    if high_pass(values):
        ratio = _bent(values["high_pass_hz"], hz, sample_rate) / _SPREAD
        power *= (ratio**2 / (1.0 + ratio**2)) ** 2
    if values["low_shelf_db"]:
        ratio = _bent(values["low_shelf_hz"], hz, sample_rate)
        power *= _shelf(values["low_shelf_db"], ratio)
    if values["peak_db"]:
        ratio = _bent(values["peak_hz"], hz, sample_rate)
        power *= _bell(values["peak_db"], values["peak_q"], ratio)
    if values["high_shelf_db"]:
        ratio = _bent(values["high_shelf_hz"], hz, sample_rate)
        power *= _shelf(values["high_shelf_db"], 1.0 / ratio)
    if low_pass(values):
        ratio = _bent(values["low_pass_hz"], hz, sample_rate) * _SPREAD
        power *= (1.0 / (1.0 + ratio**2)) ** 2
    gains_db = 10.0 * np.log10(np.maximum(power, 1e-20))
    return np.where(frequencies_hz < 0.5 * sample_rate, gains_db, 0.0)


def _bent(corner_hz: float, hz: Real, sample_rate: int) -> Real:
    """Frequencies relative to a band's own, on the bent axis."""
    corner_hz = min(corner_hz, 0.49 * sample_rate)
    return np.tan(np.pi * hz / sample_rate) / math.tan(math.pi * corner_hz / sample_rate)


def _shelf(gain_db: float, ratio: Real) -> Real:
    """Power gain of a low shelf: full far below its frequency, none far above."""
    amplitude = 10.0 ** (gain_db / 40.0)
    slope = math.sqrt(amplitude) / _SHELF_Q * ratio
    above = (amplitude - ratio**2) ** 2 + slope**2
    below = (1.0 - amplitude * ratio**2) ** 2 + slope**2
    power: Real = amplitude**2 * above / below
    return power


def _bell(gain_db: float, q: float, ratio: Real) -> Real:
    amplitude = 10.0 ** (gain_db / 40.0)
    away = (1.0 - ratio**2) ** 2
    power: Real = (away + (amplitude * ratio / q) ** 2) / (away + (ratio / (amplitude * q)) ** 2)
    return power
