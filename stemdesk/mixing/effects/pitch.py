"""The pitch effect: another key at the same tempo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES, EffectKind
from stemdesk.mixing.effects.history import History
from stemdesk.mixing.effects.smoothing import Glide, cross_fade
from stemdesk.mixing.effects.spectral_shift import SpectralShift, latency_frames, window_frames
from stemdesk.mixing.parameters import Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Block

PARAMETERS = (Parameter("semitones", "Semitones", "st", -12.0, 12.0, 0.0),)
SEMITONES = 12.0


class Pitch:
    """Shifts the pitch by semitones, fractions included.

    Always as late, 3584 frames at 44.1 and 48 kHz (56 to 83 ms at any rate), so that a key change
    does not shift the strip against the others; at 0 semitones that is all it does.

    Why not pedalboard's shifter: given block after block it returns nothing but silence, for each
    call clears the delay line before it (spotify/pedalboard issue 415).

    Args:
        sample_rate: Hz.
        channels: 1 to 8.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sample_rate, self._channels = sample_rate, channels
        self._glide = Glide(PARAMETERS, sample_rate)
        self._latency_frames = latency_frames(sample_rate)
        run_up_frames = -(-2 * window_frames(sample_rate) // QUANTUM_FRAMES) * QUANTUM_FRAMES
        self._past = History(channels, run_up_frames + QUANTUM_FRAMES)
        self._run_up_frames = run_up_frames
        self._shift: SpectralShift | None = None

    @property
    def latency_frames(self) -> int:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return self._latency_frames

    @property
    def tail_seconds(self) -> float:
        """None: what a window smears over the end is not worth a longer song."""
        return 0.0

    @property
    def is_settled(self) -> bool:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return False

    def set(self, values: Mapping[str, float]) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        if self._glide.set(values):
            self._start()

    def process(self, block: Block, rest: Block | None) -> Block:  # noqa: ARG002 - the protocol's
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        if self._glide.advance() and self._shift is None:
            self._start()
            self._run_up()
        self._past.write(block)
        if self._shift is None:
            return self._dry().copy()
        semitones = self._glide.values["semitones"]
        shifted = self._shift.process(block, 2.0 ** (semitones / SEMITONES))
        if semitones == 0.0:
            self._shift = None
            return cross_fade(shifted, self._dry())
        return shifted

    def reset(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._glide.settle()
        self._past.clear()
        self._start()

    def close(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""

    def _start(self) -> None:
        shifts = self._glide.values["semitones"] != 0.0
        self._shift = SpectralShift(self._sample_rate, self._channels) if shifts else None

    def _run_up(self) -> None:
        """Give a new shift the sound it would have had: it begins with what was heard dry."""
        if self._shift is None:
            return
        past = self._past.read(self._run_up_frames, 0)
        for first in range(0, self._run_up_frames, QUANTUM_FRAMES):
            self._shift.process(past[:, first : first + QUANTUM_FRAMES], 1.0)

    def _dry(self) -> Block:
        return self._past.read(QUANTUM_FRAMES, self._latency_frames)


PITCH = EffectKind("pitch", "Pitch", PARAMETERS, Pitch)
