"""The equaliser: high-pass, two shelves, a bell and low-pass; bands that do nothing are left out.

Shelves and bell are pedalboard's, the biquads of R. Bristow-Johnson, "Cookbook formulae for audio
EQ biquad filter coefficients", with Q = 0.707 in the shelves.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np
import pedalboard

from stemdesk.audio.levels import from_db
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES, EffectKind
from stemdesk.mixing.effects.smoothing import Glide, cross_fade
from stemdesk.mixing.effects.streaming import stream
from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Block

MAX_GAIN_DB = 18.0
PARAMETERS = (
    Parameter("high_pass_hz", "High-pass", "Hz", 20.0, 1000.0, 20.0, Taper.LOG),
    Parameter("low_shelf_db", "Low shelf", "dB", -MAX_GAIN_DB, MAX_GAIN_DB, 0.0),
    Parameter("low_shelf_hz", "Low shelf from", "Hz", 60.0, 1000.0, 120.0, Taper.LOG),
    Parameter("peak_db", "Bell", "dB", -MAX_GAIN_DB, MAX_GAIN_DB, 0.0),
    Parameter("peak_hz", "Bell at", "Hz", 60.0, 16000.0, 1500.0, Taper.LOG),
    Parameter("peak_q", "Bell Q", "", 0.3, 10.0, 1.0, Taper.LOG),
    Parameter("high_shelf_db", "High shelf", "dB", -MAX_GAIN_DB, MAX_GAIN_DB, 0.0),
    Parameter("high_shelf_hz", "High shelf from", "Hz", 1000.0, 16000.0, 8000.0, Taper.LOG),
    Parameter("low_pass_hz", "Low-pass", "Hz", 500.0, 20000.0, 20000.0, Taper.LOG),
)
_OFF = {each.name: each.default for each in PARAMETERS}
_SHELF_Q = math.sqrt(0.5)
# Two equal first-order filters in a row are 3 dB down where each is 1.5 dB down.
_SPREAD = math.sqrt(math.sqrt(2.0) - 1.0)
_SETTLING_SECONDS = 0.02
_TAIL_CONSTANTS = math.log(1.0 / from_db(-100.0))  # from 10 dB above the sound to -90 dB


def high_pass(values: Mapping[str, float]) -> bool:
    """Whether the high-pass does anything."""
    return values["high_pass_hz"] > _OFF["high_pass_hz"]


def low_pass(values: Mapping[str, float]) -> bool:
    """Whether the low-pass does anything."""
    return values["low_pass_hz"] < _OFF["low_pass_hz"]


class Equaliser:
    """Five bands on pedalboard's filters.

    High-pass and low-pass fall by 12 dB an octave, without resonance, and are 3 dB down at their
    frequency: pairs of first-order filters, for pedalboard has no second-order ones. With every
    band neutral the sound passes bit for bit.

    When a value moves, new filters are run up on the latest 20 ms and cross-faded in: written into
    sounding filters, it would click.

    Args:
        sample_rate: Hz.
        channels: 1 to 8.
    """

    latency_frames = 0

    def __init__(self, sample_rate: int, channels: int) -> None:  # noqa: ARG002 - the kinds' form
        self._sample_rate = sample_rate
        self._glide = Glide(PARAMETERS, sample_rate)
        settling_blocks = math.ceil(_SETTLING_SECONDS * sample_rate / QUANTUM_FRAMES)
        self._past: deque[Block] = deque(maxlen=settling_blocks)
        self._filters = self._build()

    @property
    def tail_seconds(self) -> float:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return _TAIL_CONSTANTS * sum(_time_constants_seconds(self._glide.values))

    @property
    def is_settled(self) -> bool:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return not self._glide.is_moving

    def set(self, values: Mapping[str, float]) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        if self._glide.set(values):
            self._filters = self._build()

    def process(self, block: Block, rest: Block | None) -> Block:  # noqa: ARG002 - the protocol's
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        out = self._filtered(block)
        if self._glide.advance():
            self._filters = self._build()
            if self._past:
                self._filtered(np.concatenate(self._past, axis=1))
            out = cross_fade(out, self._filtered(block))
        self._keep(block)
        return out

    def reset(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._glide.settle()
        self._past.clear()
        self._filters = self._build()

    def close(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""

    def _keep(self, block: Block) -> None:
        """Remember the latest quanta, however long the block, so that a run-up is always alike."""
        kept_frames = min(block.shape[1], (self._past.maxlen or 1) * QUANTUM_FRAMES)
        for first in range(block.shape[1] - kept_frames, block.shape[1], QUANTUM_FRAMES):
            self._past.append(block[:, first : first + QUANTUM_FRAMES].copy())

    def _filtered(self, sound: Block) -> Block:
        if self._filters is None:
            return sound
        return stream(self._filters, sound, self._sample_rate)

    def _build(self) -> pedalboard.Chain | None:
        values = self._glide.values
        bands: list[pedalboard.Plugin] = []
        if high_pass(values):
            corner_hz = self._spread_hz(values["high_pass_hz"], _SPREAD)
            bands += [pedalboard.HighpassFilter(corner_hz) for _ in range(2)]
        if values["low_shelf_db"]:
            bands.append(
                pedalboard.LowShelfFilter(values["low_shelf_hz"], values["low_shelf_db"], _SHELF_Q)
            )
        if values["peak_db"]:
            bands.append(
                pedalboard.PeakFilter(values["peak_hz"], values["peak_db"], values["peak_q"])
            )
        if values["high_shelf_db"]:
            bands.append(
                pedalboard.HighShelfFilter(
                    values["high_shelf_hz"], values["high_shelf_db"], _SHELF_Q
                )
            )
        if low_pass(values):
            corner_hz = self._spread_hz(values["low_pass_hz"], 1.0 / _SPREAD)
            bands += [pedalboard.LowpassFilter(corner_hz) for _ in range(2)]
        return pedalboard.Chain(bands) if bands else None

    def _spread_hz(self, corner_hz: float, factor: float) -> float:
        """`factor` times a frequency on the axis that the bilinear transform bends."""
        # Above Nyquist there is nothing to pass or stop, and pedalboard's filters turn unstable.
        corner_hz = min(corner_hz, 0.49 * self._sample_rate)
        bent = factor * math.tan(math.pi * corner_hz / self._sample_rate)
        return math.atan(bent) * self._sample_rate / math.pi


def _time_constants_seconds(values: Mapping[str, float]) -> list[float]:
    """How long each band rings, from its slowest pole: an upper bound."""
    constants = []
    if high_pass(values):
        constants.append(2.0 / (2 * math.pi * _SPREAD * values["high_pass_hz"]))
    if values["low_shelf_db"]:
        amplitude = from_db(abs(values["low_shelf_db"]) / 2)
        constants.append(2 * _SHELF_Q * math.sqrt(amplitude) / _radians(values["low_shelf_hz"]))
    if values["peak_db"]:
        amplitude = from_db(max(0.0, values["peak_db"]) / 2)
        constants.append(2 * values["peak_q"] * amplitude / _radians(values["peak_hz"]))
    if values["high_shelf_db"]:
        amplitude = from_db(abs(values["high_shelf_db"]) / 2)
        constants.append(2 * _SHELF_Q * math.sqrt(amplitude) / _radians(values["high_shelf_hz"]))
    if low_pass(values):
        constants.append(2.0 / _radians(values["low_pass_hz"]))
    return constants


def _radians(hz: float) -> float:
    return 2.0 * math.pi * hz


EQUALISER = EffectKind("equaliser", "Equaliser", PARAMETERS, Equaliser)
