"""The rider: keeps a voice at a chosen distance from the rest, as a hand on its fader would."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.k_weighting import KWeighting
from stemdesk.audio.levels import from_db
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES, EffectKind
from stemdesk.mixing.effects.history import History
from stemdesk.mixing.effects.smoothing import Glide
from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Block

PARAMETERS = (
    Parameter("distance_db", "Distance", "dB", -20.0, 20.0, 0.0),
    Parameter("range_db", "Range", "dB", 0.0, 20.0, 8.0),
    Parameter("speed_ms", "Speed", "ms", 50.0, 5000.0, 400.0, Taper.LOG),
)
LOOK_AHEAD_SECONDS = 0.1
WINDOW_SECONDS = 0.4
LOUDNESS_OFFSET_DB = -0.691  # BS.1770-4, annex 1
SILENCE_LUFS = -60.0
BLEED_DB = -20.0
PAUSE_DB = -20.0
MEMORY_SECONDS = 3.0
_ACTIVE_SHARE = 0.25
_SLOPE = np.linspace(0.0, 1.0, QUANTUM_FRAMES + 1, dtype=np.float32)[1:]


class GatedLoudness:
    """Loudness of the latest 400 ms, pauses left out: momentary loudness with a gate.

    K-weighted as in ITU-R BS.1770-4. A block counts if it lies above -60 LUFS, above a floor given
    from outside, and no more than 20 dB below what has counted so far (forgotten over 3 s of
    sound, not of time, so a long pause does not make breath and bleed count).

    Args:
        sample_rate: Hz.
        channels: 1 to 8.

    Attributes:
        loudness_lufs: the latest; None while less than a quarter of the window counts.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sample_rate, self._channels = sample_rate, channels
        self._keep = math.exp(-QUANTUM_FRAMES / sample_rate / MEMORY_SECONDS)
        self._next, self._heard, self._usual_power = 0, 0, 0.0
        self.reset()

    def push(self, block: Block, floor_power: float = 0.0) -> None:
        """Take the next block; `floor_power` as in :attr:`power`."""
        power = float(self._weighting.push(block).mean())
        self._powers[self._next] = power
        self._next = (self._next + 1) % len(self._powers)
        self._heard = min(self._heard + 1, len(self._powers))
        gate = max(_SILENCE_POWER, floor_power, self._usual_power * _PAUSE_RATIO)
        if power > gate:
            weight = self._keep if self._usual_power else 0.0
            self._usual_power = weight * self._usual_power + (1.0 - weight) * power
        counting = self._powers[self._powers > gate]
        self.loudness_lufs: float | None = None
        if power > gate and len(counting) >= _ACTIVE_SHARE * len(self._powers):
            self.loudness_lufs = LOUDNESS_OFFSET_DB + 10.0 * math.log10(float(counting.mean()))

    @property
    def power(self) -> float:
        """Mean power of the window, pauses included; at the start, of as much as was heard."""
        return float(self._powers.sum()) / max(1, self._heard)

    def reset(self) -> None:
        """Forget all sound."""
        self._weighting = KWeighting(self._sample_rate, self._channels)
        blocks = max(1, round(WINDOW_SECONDS * self._sample_rate / QUANTUM_FRAMES))
        self._powers = np.zeros(blocks)
        self._next, self._heard, self._usual_power = 0, 0, 0.0
        self.loudness_lufs = None


class Rider:
    """Turns a voice up and down so that its loudness keeps `distance_db` from the rest's.

    It corrects by `range_db` at most, up and down. Where the voice pauses, or lies 20 dB below the
    rest and is but bleed, or the rest pauses, the gain stays where it is. It moves with `speed_ms`
    (to 63 %), save for the first word after a start, which finds the gain in place. It hears 100 ms
    ahead, which is its latency.

    Args:
        sample_rate: Hz.
        channels: 1 to 8.

    Attributes:
        gain_db: at the end of the latest block.
    """

    tail_seconds = 0.0

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._glide = Glide(PARAMETERS, sample_rate)
        self._block_seconds = QUANTUM_FRAMES / sample_rate
        self._late_blocks = max(1, round(LOOK_AHEAD_SECONDS / self._block_seconds))
        self._past = History(channels, (self._late_blocks + 1) * QUANTUM_FRAMES)
        self._voice = GatedLoudness(sample_rate, channels)
        self._rest = GatedLoudness(sample_rate, channels)
        self.reset()

    @property
    def latency_frames(self) -> int:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return self._late_blocks * QUANTUM_FRAMES

    @property
    def is_settled(self) -> bool:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return False

    def set(self, values: Mapping[str, float]) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._glide.set(values)

    def process(self, block: Block, rest: Block | None) -> Block:
        """See :class:`stemdesk.mixing.effects.effect.Effect`.

        Raises:
            ValueError: the rest is missing.
        """
        if rest is None:
            raise ValueError("a rider without the rest of the mix")
        self._glide.advance()
        self._rest.push(rest)
        self._voice.push(block, self._rest.power * _BLEED_RATIO)
        self._past.write(block)
        delayed = self._past.read(QUANTUM_FRAMES, self.latency_frames)
        before = self.gain_db
        self._move()
        if before == self.gain_db:
            return delayed * np.float32(from_db(before))
        start, end = from_db(before), from_db(self.gain_db)
        return delayed * (np.float32(start) + np.float32(end - start) * _SLOPE)

    def reset(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._glide.settle()
        self._past.clear()
        self._voice.reset()
        self._rest.reset()
        self.gain_db, self._aim_db = 0.0, 0.0
        self._placed = False

    def close(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""

    def _move(self) -> None:
        voice, rest = self._voice.loudness_lufs, self._rest.loudness_lufs
        values = self._glide.values
        if voice is not None and rest is not None:
            wanted_db = values["distance_db"] - (voice - rest)
            self._aim_db = min(values["range_db"], max(-values["range_db"], wanted_db))
            if not self._placed:
                self.gain_db, self._placed = self._aim_db, True
        near = math.exp(-self._block_seconds / (values["speed_ms"] / 1000.0))
        self.gain_db = self._aim_db + (self.gain_db - self._aim_db) * near


def _power(loudness_db: float) -> float:
    return float(10.0 ** (loudness_db / 10.0))


_SILENCE_POWER = _power(SILENCE_LUFS - LOUDNESS_OFFSET_DB)
_PAUSE_RATIO = _power(PAUSE_DB)
_BLEED_RATIO = _power(BLEED_DB)

RIDER = EffectKind("rider", "Vocal rider", PARAMETERS, Rider, needs_rest=True, on_master=False)
