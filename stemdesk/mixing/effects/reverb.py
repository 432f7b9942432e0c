"""The reverb: pedalboard's Freeverb as a send beside the untouched sound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pedalboard

from stemdesk.mixing.effects import freeverb
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES, EffectKind
from stemdesk.mixing.effects.history import History
from stemdesk.mixing.effects.smoothing import Glide, cross_fade, ramp
from stemdesk.mixing.effects.sounding import Sounding
from stemdesk.mixing.effects.streaming import stream
from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Block

MAX_PREDELAY_MS = 200.0
PARAMETERS = (
    Parameter("amount", "Amount", "", 0.0, 1.0, 0.2),
    Parameter("decay_seconds", "Decay", "s", 0.6, 10.0, 1.8, Taper.LOG),
    Parameter("damping", "Damping", "", 0.0, 1.0, 0.4),
    Parameter("width", "Width", "", 0.0, 1.0, 1.0),
    Parameter("predelay_ms", "Pre-delay", "ms", 0.0, MAX_PREDELAY_MS, 15.0),
)


class Reverb:
    """Adds reverberation; the dry sound is always there, bit for bit.

    `amount` is how much of the sound is sent into the reverb, so a word that was thrown in rings
    on when the send is shut. Sent in whole (1.0), pink noise in the middle comes back as loud as it
    is, whatever the decay; the level follows `amount` linearly. `decay_seconds` is the time to
    -60 dB at 1 kHz, to 10 %; where the damping would not let it be so long, it is damped less. More
    than two channels have a reverb for each pair, a last odd one its own.

    Pedalboard glides to new values in 10 ms by itself; send and pre-delay are ours to smooth.

    Args:
        sample_rate: Hz.
        channels: 1 to 8.
    """

    latency_frames = 0

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sample_rate, self._channels = sample_rate, channels
        self._glide = Glide(PARAMETERS, sample_rate)
        self._sent = History(channels, self._frames(MAX_PREDELAY_MS) + QUANTUM_FRAMES)
        self._sounding = Sounding(sample_rate)
        self.reset()

    @property
    def tail_seconds(self) -> float:
        """See :class:`stemdesk.mixing.effects.effect.Effect`; 0 where nothing was ever sent."""
        if not self._sounding.awake:
            return 0.0
        predelay_seconds = self._glide.values["predelay_ms"] / 1000.0
        return predelay_seconds + 1.5 * freeverb.slowest_decay_seconds(self._room_size)

    @property
    def is_settled(self) -> bool:
        """See :class:`stemdesk.mixing.effects.effect.Effect`; not while it may fall asleep."""
        return not self._glide.is_moving and bool(self._send > 0.0 or not self._sounding.awake)

    def set(self, values: Mapping[str, float]) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        if self._glide.set(values):
            self._apply()
            self._sounding.reset(awake=values["amount"] > 0.0)

    def process(self, block: Block, rest: Block | None) -> Block:  # noqa: ARG002 - the protocol's
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        before = self._glide.values
        if self._glide.advance():
            sent = self._send_moving(block, before)
        else:
            if not self._sounding.awake:
                return block
            sent = self._send_steadily(block)
            if not self._send and self._sounding.doze(self.tail_seconds):
                self._fresh()
        wet = self._reverberate(sent)
        wet += block
        return wet

    def reset(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._glide.settle()
        self._sounding.reset(awake=self._glide.values["amount"] > 0.0)
        self._fresh()

    def close(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""

    def _send_steadily(self, block: Block) -> Block:
        sent = block * self._send
        for first in range(0, sent.shape[1], QUANTUM_FRAMES):
            part = sent[:, first : first + QUANTUM_FRAMES]
            self._sent.write(part)
            part[:] = self._sent.read(QUANTUM_FRAMES, self._predelay_frames)
        return sent

    def _send_moving(self, block: Block, before: Mapping[str, float]) -> Block:
        """Send a block in which the values move on from `before`."""
        self._sounding.wake()
        old_frames = self._predelay_frames
        self._apply()
        self._sent.write(block * ramp(before["amount"], self._glide.values["amount"]))
        sent = self._sent.read(QUANTUM_FRAMES, self._predelay_frames)
        if self._predelay_frames == old_frames:
            return sent
        return cross_fade(self._sent.read(QUANTUM_FRAMES, old_frames), sent)

    def _reverberate(self, sent: Block) -> Block:
        rate = self._sample_rate
        if len(self._reverbs) == 1:
            return stream(self._reverbs[0], sent, rate)
        wet: Block = np.empty_like(sent)
        for pair, reverb in enumerate(self._reverbs):
            sides = slice(2 * pair, 2 * pair + 2)
            wet[sides] = stream(reverb, sent[sides], rate)
        return wet

    def _fresh(self) -> None:
        """Forget all sound. New reverbs, for a reset leaves pedalboard's gliding values gliding."""
        self._sent.clear()
        self._reverbs = [
            pedalboard.Reverb(dry_level=0.0) for _ in range(math.ceil(self._channels / 2))
        ]
        self._apply()

    def _apply(self) -> None:
        values, rate = self._glide.values, self._sample_rate
        damping = min(
            freeverb.damping_at_rate(values["damping"], rate),
            freeverb.most_damping(values["decay_seconds"], rate),
        )
        size = freeverb.room_size(values["decay_seconds"], damping, rate)
        for pair, reverb in enumerate(self._reverbs):
            sides = min(2, self._channels - 2 * pair)
            width = values["width"] if sides == 2 else 1.0
            reverb.room_size, reverb.damping, reverb.width = size, damping, width
            reverb.wet_level = min(1.0, freeverb.wet_level(size, damping, width, rate, sides))
        self._room_size = size
        self._send = np.float32(values["amount"])
        self._predelay_frames = self._frames(values["predelay_ms"])

    def _frames(self, milliseconds: float) -> int:
        return round(milliseconds / 1000.0 * self._sample_rate)


REVERB = EffectKind("reverb", "Reverb", PARAMETERS, Reverb)
