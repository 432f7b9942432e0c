"""The bus: strips through their faders, summed; the sum through the master's fader and limiter."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stemdesk.audio.limiter import Limiter
from stemdesk.mixing.fader import Riding, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.desk import Desk
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.fader import Fader
    from stemdesk.mixing.meter_tap import MeterTap
    from stemdesk.mixing.ramps import Ramp
    from stemdesk.mixing.settings import StripSettings

RELEASE_MS = 100.0  # of the limiter: quick enough for drums, slow enough not to distort bass


class BusState(NamedTuple):
    """All that the bus remembers at one moment."""

    faders: dict[str, Fader]
    limiter: Limiter


class Bus:
    """Mixes what the effects give; can go back to how it stood, for it remembers little.

    Args:
        sample_rate: Hz.
        channels: of the mix.
        ramp: how faders move.
        tap: told the level of every strip after its fader.
    """

    def __init__(
        self, sample_rate: int, channels: int, ramp: Ramp, tap: MeterTap | None = None
    ) -> None:
        self._sample_rate, self._channels, self._ramp, self._tap = sample_rate, channels, ramp, tap
        self._limiter = Limiter(sample_rate, channels)
        self._riding = Riding(sample_rate, ramp)
        self._faders: dict[str, Fader] = {}
        self._desk: Desk | None = None

    @property
    def latency_frames(self) -> int:
        """The limiter's."""
        return self._limiter.latency_frames

    @property
    def is_settled(self) -> bool:
        """Whether no fader moves and no meter wants to be told of each quantum by itself."""
        desk = self._desk
        if desk is None or self._tap is not None or not desk.is_still:
            return False
        faders = self._faders
        return len(faders) == len(desk.settings.strips) + 1 and all(
            fader.is_steady and fader.desk is desk for fader in faders.values()
        )

    @property
    def is_still(self) -> bool:
        """Whether nothing on the desk is automated."""
        return self._newest.is_still

    @property
    def state(self) -> BusState:
        """How it stands."""
        # The limiter puts new arrays in the place of old ones and never writes into them.
        return BusState(self._faders.copy(), copy.copy(self._limiter))

    def go_back(self, state: BusState) -> None:
        """Stand as before; the desk is the newest all the same."""
        self._faders, self._limiter = state.faders.copy(), copy.copy(state.limiter)

    def change(self, desk: Desk) -> None:
        """Let the faders head for another desk's courses."""
        self._desk = desk

    def reset(self) -> None:
        """Forget all sound; faders jump to their courses."""
        self._faders = {}
        self._limiter.reset()

    def gains_before_switches(self, strip: StripSettings, span: Span) -> Block:
        """A strip's gains `[n, 1]` at the beginning of a span, as if nothing were muted."""
        seconds = span.way.song_frame(span.position) / self._sample_rate
        return self._newest.gains_before_switches(strip, seconds)

    def sum(self, sounds: Mapping[str, Block], span: Span) -> Block:
        """All strips `[channels, n]` through their faders, as one `[bus, n]`."""
        out = np.zeros((self._channels, span.frames), dtype=np.float32)
        for strip in self._newest.settings.strips:
            self._add(out, strip, sounds[strip.name], span)
        return out

    def finish(self, sound: Block, span: Span) -> Block:
        """The sum, after the master's effects, through its fader and the limiter."""
        out = np.zeros_like(sound)
        self._add(out, self._newest.settings.master, sound, span)
        seconds = span.way.song_frame(span.position) / self._sample_rate
        self._limiter.set(self._newest.ceiling_db(seconds), RELEASE_MS)
        out = self._limiter.process(out)
        if self._tap is not None:
            frame = int(span.way.song_frame(span.position - self._limiter.latency_frames))
            self._tap.note_reduction(self._limiter.reduction_db, frame, span.frames)
        return out

    @property
    def _newest(self) -> Desk:
        assert self._desk is not None, "change to a desk first"
        return self._desk

    def _add(self, out: Block, strip: StripSettings, sound: Block, span: Span) -> None:
        fader = self._riding.begin(self._faders.get(strip.name), self._newest, strip, span)
        self._faders[strip.name], gains = self._riding.advance(fader, strip, span)
        if gains is not None:
            sound = sound * gains
        rows = len(fader.course.values)
        out[:rows] += sound
        if self._tap is not None:
            frame = int(span.way.song_frame(span.position))
            self._tap.note(strip.name, np.broadcast_to(sound, (rows, span.frames)), frame)
