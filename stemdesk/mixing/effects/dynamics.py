"""What compressor and gate share: one level for all channels, and a gain that follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pedalboard

from stemdesk.audio.levels import db, from_db
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.effects.smoothing import Glide, cross_fade
from stemdesk.mixing.effects.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.parameters import Parameter

FLOOR_DB = -100.0
_QUIET = np.float32(1e-9)  # keeps the follower's quotient off 0 / 0; adds nothing to any sound
_KNEE = 4.0


@dataclass(frozen=True)
class GainLaw:
    """What gain a level is given: (1 + (level / threshold)^4)^(slope / 4).

    A slope of -1 + 1 / ratio makes a compressor: far below the threshold the gain is 0 dB, far
    above it falls by `slope` dB a dB, and between the two it bends over some 12 dB. The quotient
    upside down makes a gate. (The fourth power takes two multiplications.)

    Attributes:
        threshold_db: where the two straight lines would meet.
        slope: dB of gain for each dB of level beyond the threshold; negative.
        upwards: whether "beyond" means above.
        least_db: lowest gain.
        makeup_db: added to the gain.
    """

    threshold_db: float
    slope: float
    upwards: bool
    least_db: float = -math.inf
    makeup_db: float = 0.0

    def compile(self) -> Callable[[Block], Block]:
        """A function from levels re `FLOOR_DB` `[n]` to gains `[n]`."""
        over_floor = np.float32(from_db(self.threshold_db - FLOOR_DB))
        exponent = np.float32(self.slope / _KNEE)
        makeup = np.float32(from_db(self.makeup_db))
        least = np.float32(from_db(self.least_db + self.makeup_db))
        upwards = self.upwards

        def gains(level: Block) -> Block:
            beyond = level / over_floor if upwards else over_floor / level
            beyond *= beyond
            beyond *= beyond
            beyond += 1.0
            gain: Block = np.power(beyond, exponent)
            if makeup != 1.0:
                gain *= makeup
            if least:
                np.maximum(gain, least, out=gain)
            return gain

        return gains


class LevelFollower:
    """The level of the loudest channel, rising with `attack_ms` and falling with `release_ms`.

    Its ballistics are pedalboard's: `pedalboard.Compressor` of infinite ratio and lowest threshold
    returns its input divided by the level it follows, and the level is what remains.

    Both times are time constants (to 63 %), as in Giannoulis, Massberg and Reiss, "Digital Dynamic
    Range Compressor Design", JAES 60(6), 2012; pedalboard counts 2 pi of them.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sample_rate = sample_rate
        self._room_for(channels, QUANTUM_FRAMES)
        self._follower = pedalboard.Compressor(threshold_db=FLOOR_DB, ratio=1e9)

    def set(self, attack_ms: float, release_ms: float) -> None:
        """Move at other speeds from here on."""
        self._follower.attack_ms = 2.0 * math.pi * attack_ms
        self._follower.release_ms = 2.0 * math.pi * release_ms

    def process(self, block: Block) -> Block:
        """Levels `[n]` of a block re `FLOOR_DB`, never below it."""
        if block.shape[1] != self._loudest.shape[1]:
            self._room_for(*block.shape)
        loudest = self._loudest
        if len(self._channels) == 1:
            np.abs(block, out=loudest)
        else:
            first, second, *more = self._channels
            np.abs(block, out=self._magnitude)
            np.maximum(first, second, out=loudest[0])
            for channel in more:
                np.maximum(loudest[0], channel, out=loudest[0])
        loudest += _QUIET
        over_level = stream(self._follower, loudest, self._sample_rate)
        level: Block = loudest[0] / over_level[0]
        return level

    def reset(self) -> None:
        """Forget all sound."""
        self._follower.reset()

    def _room_for(self, channels: int, frames: int) -> None:
        self._magnitude = np.zeros((channels, frames), dtype=np.float32)
        self._channels = list(self._magnitude)
        self._loudest = np.zeros((1, frames), dtype=np.float32)


class LinkedDynamics:
    """A gain for all channels alike that follows the loudest of them.

    Why not pedalboard's compressor and gate as they are: they give every channel a gain of its
    own, which moves the stereo image, bend at the threshold, step when a value moves, and do not
    tell their gain.

    Args:
        parameters: with `attack_ms` and `release_ms` among them.
        law: the gain law for some values.
        sample_rate: Hz.
        channels: 1 to 8.
    """

    latency_frames = 0
    tail_seconds = 0.0

    def __init__(
        self,
        parameters: Sequence[Parameter],
        law: Callable[[Mapping[str, float]], GainLaw],
        sample_rate: int,
        channels: int,
    ) -> None:
        self._law = law
        self._glide = Glide(parameters, sample_rate)
        self._follower = LevelFollower(sample_rate, channels)
        self._gain: Block | None = None
        self._apply()

    @property
    def reduction_db(self) -> float:
        """By how much, at most, the latest block was turned down, before the make-up."""
        if self._gain is None:
            return 0.0
        lowest_db = db(float(self._gain.min()))
        return max(0.0, self._glide.values.get("makeup_db", 0.0) - lowest_db)

    @property
    def is_settled(self) -> bool:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return not self._glide.is_moving

    def set(self, values: Mapping[str, float]) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        if self._glide.set(values):
            self._apply()

    def process(self, block: Block, rest: Block | None) -> Block:  # noqa: ARG002 - the protocol's
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        if self._glide.advance():
            before = self._gains
            self._apply()
            level = self._follower.process(block)
            gain = cross_fade(before(level), self._gains(level))
        else:
            gain = self._gains(self._follower.process(block))
        self._gain = gain
        return block * gain

    def reset(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._glide.settle()
        self._apply()
        self._follower.reset()
        self._gain = None

    def close(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""

    def _apply(self) -> None:
        values = self._glide.values
        self._follower.set(values["attack_ms"], values["release_ms"])
        self._gains = self._law(values).compile()
