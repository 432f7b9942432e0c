"""The delay: echoes as a send beside the untouched sound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pedalboard

from stemdesk.audio.levels import db
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES, EffectKind
from stemdesk.mixing.effects.history import History
from stemdesk.mixing.effects.smoothing import RISE, Glide, ramp
from stemdesk.mixing.effects.sounding import Sounding
from stemdesk.mixing.effects.streaming import stream
from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Block

MIN_TIME_MS, MAX_TIME_MS = 20.0, 2000.0
OPEN_TONE_HZ = 20_000.0
PARAMETERS = (
    Parameter("amount", "Amount", "", 0.0, 1.0, 0.25),
    Parameter("time_ms", "Time", "ms", MIN_TIME_MS, MAX_TIME_MS, 350.0, Taper.LOG),
    Parameter("feedback", "Feedback", "", 0.0, 0.95, 0.35),
    Parameter("tone_hz", "Tone", "Hz", 500.0, OPEN_TONE_HZ, 6000.0, Taper.LOG),
    Parameter("ping_pong", "Ping-pong", "", 0.0, 1.0, 0.0, Taper.SWITCH),
)
_TAIL_DB = 90.0
# Added and taken away again, it rounds what no longer sounds to 0, so that feedback never ends in
# denormal numbers, which are many times slower.
_TINY = np.float32(1e-15)


class Delay:
    """Adds echoes; the dry sound is always there, bit for bit.

    `amount` is how much of the sound is sent into the delay, so a word that was thrown in goes on
    echoing when the send is shut. The first echo has the level that was sent; each one after it is
    multiplied by `feedback` and goes through the low-pass again (6 dB an octave from `tone_hz`;
    none at 20 kHz). With `ping_pong` the middle of a pair of channels enters on the left, and the
    echoes change sides.

    Why not pedalboard's delay: it has no filter in its loop, mixes the dry sound by itself, and
    clicks when its time moves. Here the two times are cross-faded.

    Args:
        sample_rate: Hz.
        channels: 1 to 8.
    """

    latency_frames = 0

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sample_rate, self._channels = sample_rate, channels
        self._glide = Glide(PARAMETERS, sample_rate)
        self._line = History(channels, self._frames(MAX_TIME_MS) + QUANTUM_FRAMES)
        self._sounding = Sounding(sample_rate)
        self._times = (0, 0)
        self._tones: tuple[pedalboard.LowpassFilter | None, pedalboard.LowpassFilter | None]
        self.reset()

    @property
    def tail_seconds(self) -> float:
        """See :class:`stemdesk.mixing.effects.effect.Effect`; 0 where nothing was ever sent."""
        if not self._sounding.awake:
            return 0.0
        values = self._glide.values
        echoes = 1
        if values["feedback"]:
            echoes += math.ceil(-_TAIL_DB / db(values["feedback"]))
        return echoes * (values["time_ms"] / 1000.0 + 1.0 / values["tone_hz"])

    @property
    def is_settled(self) -> bool:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return False

    def set(self, values: Mapping[str, float]) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        if self._glide.set(values):
            self.reset()

    def process(self, block: Block, rest: Block | None) -> Block:  # noqa: ARG002 - the protocol's
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        before = self._glide.values
        if self._glide.advance():
            self._sounding.wake()
            self._move(before)
        elif self._moving:
            self._stay()
        if not self._sounding.awake:
            return block
        echoes = self._echoes(block * self._amount)
        sending = self._moving or self._glide.values["amount"]
        if not sending and self._sounding.doze(self.tail_seconds):
            self._forget()
        echoes += block
        return echoes

    def reset(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._glide.settle()
        self._sounding.reset(awake=self._glide.values["amount"] > 0.0)
        self._forget()
        self._stay()

    def close(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""

    def _echoes(self, sent: Block) -> Block:
        """What comes out of the line while a block goes in.

        An echo sooner than the block's end is part of what goes in, so the block is taken in parts
        no longer than the delay.
        """
        echoes = np.empty_like(sent)
        part_frames = QUANTUM_FRAMES
        while part_frames > min(self._times):
            part_frames //= 2
        for first in range(0, QUANTUM_FRAMES, part_frames):
            part = slice(first, first + part_frames)
            echo = self._toned(self._delayed(part), part)
            into = echo * self._feedback[part]
            if self._crosses:
                into += (_sides_swapped(into) - into) * self._sides[part]
                into += (
                    sent[:, part]
                    + (_on_the_left(sent[:, part]) - sent[:, part]) * self._sides[part]
                )
            else:
                into += sent[:, part]
            into += _TINY
            into -= _TINY
            self._line.write(into)
            echoes[:, part] = echo
        return echoes

    def _delayed(self, part: slice) -> Block:
        """The line's output for a part of the block, at the old and the new time while it moves."""
        frames = part.stop - part.start
        old, new = (self._line.read(frames, time - frames) for time in self._times)
        if self._times[0] == self._times[1]:
            return new
        delayed: Block = old + (new - old) * RISE[part]
        return delayed

    def _toned(self, sound: Block, part: slice) -> Block:
        old, new = self._tones
        toned = self._filtered(new, sound)
        if old is new:
            return toned
        before = self._filtered(old, sound)
        faded: Block = before + (toned - before) * RISE[part]
        return faded

    def _filtered(self, tone: pedalboard.LowpassFilter | None, sound: Block) -> Block:
        if tone is None:
            return sound
        return stream(tone, sound, self._sample_rate)

    def _move(self, before: Mapping[str, float]) -> None:
        """Let the coming block run from the values of `before` to the present ones."""
        values = self._glide.values
        self._amount = ramp(before["amount"], values["amount"])
        self._feedback = ramp(before["feedback"], values["feedback"])
        self._sides = ramp(before["ping_pong"], values["ping_pong"])
        self._crosses = bool(before["ping_pong"] or values["ping_pong"])
        self._times = (self._times[1], self._frames(values["time_ms"]))
        same_tone = values["tone_hz"] == before["tone_hz"]
        self._tones = (self._tones[1], self._tones[1] if same_tone else self._make_tone())
        self._moving = True

    def _stay(self) -> None:
        """Let the coming blocks keep the present values."""
        values = self._glide.values
        self._amount, self._feedback, self._sides = (
            np.full(QUANTUM_FRAMES, values[name], dtype=np.float32)
            for name in ("amount", "feedback", "ping_pong")
        )
        self._crosses = bool(values["ping_pong"])
        self._times = (self._frames(values["time_ms"]),) * 2
        self._tones = (self._tones[1],) * 2
        self._moving = False

    def _forget(self) -> None:
        self._line.clear()
        self._tones = (self._make_tone(),) * 2

    def _make_tone(self) -> pedalboard.LowpassFilter | None:
        tone_hz = self._glide.values["tone_hz"]
        if tone_hz >= OPEN_TONE_HZ:
            return None
        # Above Nyquist pedalboard's filter turns unstable.
        tone = pedalboard.LowpassFilter(min(tone_hz, 0.49 * self._sample_rate))
        # The longest block first, for later ones may be parts.
        silence = np.zeros((self._channels, QUANTUM_FRAMES), dtype=np.float32)
        stream(tone, silence, self._sample_rate)
        return tone

    def _frames(self, milliseconds: float) -> int:
        return round(milliseconds / 1000.0 * self._sample_rate)


def _sides_swapped(sound: Block) -> Block:
    """Left and right of every pair exchanged; a last odd channel as it is."""
    order = [min(channel ^ 1, len(sound) - 1) for channel in range(len(sound))]
    return sound[order]


def _on_the_left(sound: Block) -> Block:
    """The mean of every pair on its left, nothing on its right; a last odd channel as it is."""
    moved = sound.copy()
    pairs = len(sound) // 2
    moved[0 : 2 * pairs : 2] = (sound[0 : 2 * pairs : 2] + sound[1 : 2 * pairs : 2]) / 2
    moved[1 : 2 * pairs : 2] = 0.0
    return moved


DELAY = EffectKind("delay", "Delay", PARAMETERS, Delay)
