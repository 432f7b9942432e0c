"""The renderer: a mix as something that can be read, sought and changed while it plays."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import numpy as np

from stemdesk.errors import UserError
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.graph import MixGraph
from stemdesk.mixing.rack import Rack
from stemdesk.mixing.settings import MASTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.chain import Chain
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.meter_tap import MeterTap
    from stemdesk.mixing.settings import MixSettings

MAX_TAIL_SECONDS = 30.0
SETTLED_QUANTA = 8  # rendered at once while nothing moves
RUN_UP_SECONDS = 0.5
MAX_RUN_UP_SECONDS = 2.0
AGAIN_SECONDS = 1.0
CALM_QUANTA = 20  # between two changes of latency
_FALL = np.linspace(1.0, 0.0, QUANTUM_FRAMES, dtype=np.float32)
_RISE = np.linspace(0.0, 1.0, QUANTUM_FRAMES, dtype=np.float32)


class StemSource(Protocol):
    """One stem's samples, wherever they lie."""

    sample_rate: int
    channels: int
    frames: int

    def read_at(self, frame: int, frames: int) -> Block:
        """float32 `[channels, frames]` from `frame` on; zeros past the end."""


class Renderer:
    """The mix of some stems.

    `settings` may be given anew at any time from any thread, through :meth:`change`; all else
    belongs to the thread that reads.

    Args:
        stems: strip name -> source; all of one rate.
        settings: the mix.
        channels: of the mix; None for as many as the widest stem has, and two where mono stems
            are panned.
        tap: told the levels of the strips.

    Raises:
        UserError: the stems do not fit one another or the mix.
    """

    def __init__(
        self,
        stems: Mapping[str, StemSource],
        settings: MixSettings,
        channels: int | None = None,
        tap: MeterTap | None = None,
    ) -> None:
        self._stems = dict(stems)
        self.sample_rate = _common_rate(self._stems)
        widths = {name: stem.channels for name, stem in self._stems.items()}
        self.channels = channels or _bus_channels(widths, settings)
        self._rack = Rack(self.sample_rate, {**widths, MASTER: self.channels})
        self._graph = MixGraph(self.sample_rate, widths, self.channels, tap)
        self._song_frames = max(stem.frames for stem in self._stems.values())
        # One caller at a time makes effects; the swap itself takes microseconds.
        self._changing, self._swapping = threading.Lock(), threading.Lock()
        self._asked: tuple[MixSettings, dict[str, Chain]] = self._prepared(settings)
        self._taken: MixSettings | None = None
        # The last two mixes that sounded: the one before may still be fading out.
        self._heard: tuple[MixSettings, ...] = ()
        self._ready = np.zeros((self.channels, 0), dtype=np.float32)
        self._position = 0
        self.seek(0)

    @property
    def settings(self) -> MixSettings:
        """The mix as last asked for."""
        return self._asked[0]

    @property
    def song_frames(self) -> int:
        """Length of the longest stem."""
        return self._song_frames

    @property
    def frames(self) -> int:
        """Length of the mix: the song and what its effects sound on, half a minute at most."""
        tail_seconds = min(MAX_TAIL_SECONDS, self._graph.tail_seconds)
        return self._song_frames + round(tail_seconds * self.sample_rate)

    @property
    def reduction_db(self) -> float:
        """By how much the limiter after the master's fader turns down."""
        return self._graph.reduction_db

    def change(self, settings: MixSettings) -> None:
        """Take another mix of the same stems; heard from the next quantum on. Any thread.

        Raises:
            UserError: the mix is not possible; the old one goes on.
        """
        with self._changing:
            asked = self._prepared(settings)
            with self._swapping:
                self._asked = asked
                unused = self._rack.take_unused(settings, *self._heard)
            for slot in unused:
                slot.effect.close()

    def faults(self) -> list[str]:
        """What has gone wrong in effects, one sentence each. Any thread."""
        return self._rack.faults()

    def seek(self, frame: int, *, keep_sound: bool = False) -> None:
        """Make `frame` of the song the next to be read.

        Compressors and reverbs are run up to it through what came before, half a second at least
        and as long as they sound on, two seconds at most, so that a song sounds the same from
        there as if it had been played through.

        Args:
            frame: of the song.
            keep_sound: the same playing goes on, as at the end of a loop: echoes ring on instead.
        """
        # Going back a little is rendering the same anew, for a mix that has changed meanwhile:
        # what the effects hold has not been heard and is not to be heard twice.
        back_frames = self._position - frame
        again = 0 <= back_frames <= AGAIN_SECONDS * self.sample_rate
        self._position = max(0, frame)
        self._ready = self._ready[:, :0]
        self._faded_frames = QUANTUM_FRAMES
        self._calm_quanta = CALM_QUANTA
        asked = self._newest()
        if asked is not None:
            self._graph.apply(*asked, fading=False)
        run_up = 0
        if again or not keep_sound:
            if self._graph.has_effects:
                seconds = min(MAX_RUN_UP_SECONDS, max(RUN_UP_SECONDS, self._graph.tail_seconds))
                run_up = round(seconds * self.sample_rate)
            self._graph.reset(self._quantum_before(self._position - run_up))
        self._set_input(self._position, run_up)

    def read(self, frames: int) -> Block:
        """The next part of the mix, float32 `[channels, n]`; n is less at the end, then 0."""
        wanted = max(0, min(frames, self.frames - self._position))
        parts = [self._ready]
        count = self._ready.shape[1]
        while count < wanted:
            parts.append(self._quantum())
            count += parts[-1].shape[1]
        joined = np.concatenate(parts, axis=1) if len(parts) > 1 else self._ready
        self._ready = joined[:, wanted:]
        self._position += wanted
        return joined[:, :wanted]

    def close(self) -> None:
        """End plug-ins and let go of everything."""
        self._rack.close()

    def _prepared(self, settings: MixSettings) -> tuple[MixSettings, dict[str, Chain]]:
        names = [strip.name for strip in settings.strips]
        if sorted(names) != sorted(self._stems):
            raise UserError(
                f"The mix has the strips {', '.join(names)}, but the stems are"
                f" {', '.join(self._stems)}",
                "use a mix that was made for these stems",
            )
        return settings, self._rack.prepare(settings)

    def _quantum(self) -> Block:
        """The next rendered frames: some quanta, or none while effects fill up."""
        made = self._position + self._ready.shape[1]
        asked = self._newest()
        if asked is not None and self._graph.aligns_as(asked[1]):
            self._graph.apply(*asked, fading=True)
        elif asked is not None:
            # Strips are to be aligned anew, which cannot be done under sound: fade, then start.
            if not self._drop:
                last = self._render() * _FALL
                self._graph.apply(*asked, fading=False)
                self._go_on(made + QUANTUM_FRAMES)
                return last
            self._graph.apply(*asked, fading=False)
            self._set_input(made)
        latency = self._graph.latency_frames
        block = self._render(SETTLED_QUANTA if self._graph.is_settled else 1)
        self._calm_quanta += 1
        if self._graph.latency_frames != latency and self._calm_quanta > CALM_QUANTA:
            # A plug-in that changes its latency all the time must not keep the song from going on.
            self._calm_quanta = 0
            self._go_on(made + block.shape[1])
        return block

    def _render(self, quanta: int = 1) -> Block:
        frames = quanta * QUANTUM_FRAMES
        blocks = {name: stem.read_at(self._input, frames) for name, stem in self._stems.items()}
        block = self._graph.process(blocks, self._input)
        self._input += frames
        if self._drop:
            dropped = min(self._drop, frames)
            self._drop -= dropped
            block = block[:, dropped:]
        if self._faded_frames < QUANTUM_FRAMES:
            count = min(block.shape[1], QUANTUM_FRAMES - self._faded_frames)
            rise = _RISE[self._faded_frames : self._faded_frames + count]
            block = np.concatenate((block[:, :count] * rise, block[:, count:]), axis=1)
            self._faded_frames += count
        return block

    def _go_on(self, frame: int) -> None:
        """Go on at `frame` with another latency; the first sound fades in."""
        self._set_input(frame)
        self._faded_frames = 0

    def _set_input(self, frame: int, run_up: int = 0) -> None:
        self._input = self._quantum_before(frame - run_up)
        self._drop = frame - self._input + self._graph.latency_frames

    @staticmethod
    def _quantum_before(frame: int) -> int:
        # On the quantum grid of the song, so that what is rendered does not depend on the way.
        return max(0, frame) // QUANTUM_FRAMES * QUANTUM_FRAMES

    def _newest(self) -> tuple[MixSettings, dict[str, Chain]] | None:
        """The mix that was asked for, if it is new; from here on its effects are in use."""
        with self._swapping:
            asked = self._asked
            if asked[0] is self._taken:
                return None
            self._taken = asked[0]
            self._heard = (*self._heard[-1:], asked[0])
            return asked


def _common_rate(stems: Mapping[str, StemSource]) -> int:
    rates = {name: stem.sample_rate for name, stem in stems.items()}
    if not rates:
        raise UserError("There are no stems to mix", "separate a song first")
    first = next(iter(rates.values()))
    for name, rate in rates.items():
        if rate != first:
            raise UserError(
                f"The stem {name} has {rate} Hz, the others {first} Hz",
                "export them at one sample rate",
            )
    return first


def _bus_channels(widths: Mapping[str, int], settings: MixSettings) -> int:
    widest = max(widths.values())
    panned = any(strip.pan for strip in settings.strips) or any(
        address.endswith(".pan") for address in settings.automation
    )
    return 2 if widest == 1 and panned else widest
