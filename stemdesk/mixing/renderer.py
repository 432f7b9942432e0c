"""The renderer: a mix as something that can be read, sought and changed while it plays."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.errors import Cancelled, UserError
from stemdesk.mixing.bypasses import in_force
from stemdesk.mixing.desk import Desk, bus_channels
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.fader import Span
from stemdesk.mixing.graph import MAX_RUN_UP_SECONDS, Mix, MixGraph
from stemdesk.mixing.rack import Rack
from stemdesk.mixing.ramps import Fade
from stemdesk.mixing.settings import MASTER
from stemdesk.mixing.sources import common_rate
from stemdesk.mixing.tails import Tails
from stemdesk.mixing.tape import Take, Tape
from stemdesk.mixing.way import Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.meter_tap import MeterTap
    from stemdesk.mixing.plugins.awaited import AwaitedPlugin
    from stemdesk.mixing.plugins.effect import PluginEffect
    from stemdesk.mixing.settings import EffectSettings, MixSettings
    from stemdesk.mixing.sources import StemSource
    from stemdesk.mixing.way import Loop

SETTLED_QUANTA = 8  # rendered at once while nothing moves
CALM_QUANTA = 20  # between two changes of latency
KEPT_SECONDS = 1.5  # more than any player has rendered ahead and not heard


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
        waits: whether plug-ins are loaded before anything sounds, as they must be for a file.
            Otherwise what is :meth:`awaited` is left out until :meth:`load` has been called for
            it, in the background.

    Raises:
        UserError: the stems do not fit one another or the mix.
    """

    def __init__(
        self,
        stems: Mapping[str, StemSource],
        settings: MixSettings,
        channels: int | None = None,
        tap: MeterTap | None = None,
        *,
        waits: bool = True,
    ) -> None:
        self._stems = dict(stems)
        self.sample_rate = common_rate(self._stems)
        widths = {name: stem.channels for name, stem in self._stems.items()}
        self.channels = channels or bus_channels(widths, settings)
        self._widths = {**widths, MASTER: self.channels}
        self._rack = Rack(self.sample_rate, self._widths, waits=waits)
        self._tails = Tails(self.sample_rate)
        self._graph = MixGraph(self.sample_rate, widths, self.channels, tap)
        self._song_frames = max(stem.frames for stem in self._stems.values())
        # One caller at a time makes effects; the swap itself takes microseconds.
        self._changing, self._swapping = threading.Lock(), threading.Lock()
        self._given, self._is_closed = settings, False
        self._asked = self._prepared(settings)
        self._taken: Mix | None = None
        self._awaited: Mix | None = None
        self._stale = False
        # What effects may be in use: no others are ever closed.
        self._used: tuple[Mix, ...] = ()
        self._tape, self._rings_until = Tape(), 0
        self.seek(0)

    @property
    def settings(self) -> MixSettings:
        """The mix as last asked for, bypasses of strips and of all carried out."""
        return self._asked.settings

    @property
    def song_frames(self) -> int:
        """Length of the longest stem."""
        return self._song_frames

    @property
    def frames(self) -> int:
        """Length of the mix: the song and what its effects sound on, half a minute at most."""
        tails_seconds = [mix.tail_seconds for mix in (self._asked, *self._used)]
        tail_frames = round(max(tails_seconds) * self.sample_rate)
        return max(self._song_frames + tail_frames, self._rings_until)

    def change(self, settings: MixSettings) -> None:
        """Take another mix of the same stems. Any thread.

        Its faders are heard from the next quantum on, or after :meth:`renew` from there; its
        effects where nothing is rendered yet.

        Raises:
            UserError: the mix is not possible; the old one goes on.
        """
        with self._changing:
            self._ask(settings)

    def awaited(self) -> dict[tuple[str, str], AwaitedPlugin]:
        """(Strip, effect) -> what stands there until the plug-in is loaded. Any thread."""
        return self._rack.awaited()

    def loading(self) -> frozenset[tuple[str, str]]:
        """(Strip, effect) of plug-ins that are still to come. Any thread."""
        return self._rack.loading()

    def load(self, awaited: AwaitedPlugin) -> PluginEffect:
        """Load a plug-in, as long as that takes, and let it be heard from then on. Any thread.

        It comes as any other effect does: without a click, the strips aligned anew.

        Returns:
            The plug-in, which may have failed.

        Raises:
            UserError: the mix asks for what the plug-in has not; it goes on without.
            Cancelled: the plug-in is not wanted any more.
        """
        effect = self._rack.load(awaited)
        with self._changing:
            if self._is_closed:
                raise Cancelled
            self._ask(self._given)
        return effect

    def expect(self, strip: str, effect: EffectSettings) -> AwaitedPlugin | None:
        """A plug-in to be loaded for a mix to come; None if it is loaded. Any thread."""
        with self._changing:
            return self._rack.expect(strip, effect)

    def forget(self, strip: str, effect: EffectSettings) -> None:
        """End a plug-in that was expected, unless the mix has it now. Any thread."""
        self._rack.forget(strip, effect)
        with self._changing:
            self._drop_unused()

    def _ask(self, settings: MixSettings) -> None:
        asked = self._prepared(settings)
        self._given = settings
        with self._swapping:
            self._asked = asked
        self._drop_unused()

    def _drop_unused(self) -> None:
        with self._swapping:
            used = [mix.settings for mix in self._used]
            unused = self._rack.take_unused(self._given, *used)
        self._rack.dispose(unused)

    def stems_changed(self) -> None:
        """Say that the stems give another sound than before, for the next renewal. Any thread."""
        self._stale = True

    @property
    def ceiling_db(self) -> float:
        """What the mix keeps below now. Any thread."""
        return self._asked.desk.ceiling_db(self._position_seconds())

    def _position_seconds(self) -> float:
        return float(self._way.song_frame(self._position)) / self.sample_rate

    def plugin(self, strip: str, effect: str) -> PluginEffect | None:
        """A plug-in at work, for its window; None if there is none of that name. Any thread."""
        return self._rack.plugin(strip, effect)

    def with_states(self, mix: MixSettings) -> MixSettings:
        """A mix with what its plug-ins hold of themselves, for files."""
        return self._rack.with_states(mix)

    def faults(self) -> list[str]:
        """What has gone wrong in effects, one sentence each. Any thread."""
        return list(self._rack.faults().values())

    def faults_by_place(self) -> dict[tuple[str, str], str]:
        """The same, by (strip, effect). Any thread."""
        return self._rack.faults()

    def seek(self, frame: int, loop: Loop | None = None) -> None:
        """Make `frame` of the song the next to be read; nothing before is heard any more.

        Compressors and reverbs are run up to it through what comes before, half a second at least
        and as long as they sound on, two seconds at most, so that a song sounds the same from
        there as if it had been played through.

        Args:
            frame: of the song.
            loop: repeats for ever, once its end is reached: effects go on over its seam, and hear
                what is heard.
        """
        frame = max(0, frame)
        self._stale = False
        self._way, self._position, self._made, self._input = Way(frame, loop), 0, 0, 0
        self._ready = np.zeros((self.channels, 0), dtype=np.float32)
        self._fade, self._calm_quanta = Fade(is_up=True), CALM_QUANTA
        self._tape.wipe()
        self._take_newest()
        if self._awaited is not None:
            self._apply(self._awaited, fading=False)
        self._rings_until = 0
        run_up = round(self._graph.run_up_seconds * self.sample_rate)
        self._graph.reset(self._quantum_before(0, run_up), self._way)
        self._set_input(0, run_up)

    def renew(self, unheard_frames: int, loop: Loop | None = None) -> None:
        """Let the last frames that were read be read again, for the mix or the loop has changed.

        Faders move from there on. Effects are not touched: echoes ring on as if nothing had
        happened, and what is new in them is heard where those frames end. So are faders, where the
        master has effects that sound on for more than two seconds. If the stems have changed,
        another loop leads elsewhere within what is rendered, or that lies too far back, it is a
        :meth:`seek`.

        Args:
            unheard_frames: so many.
            loop: from now on.
        """
        position = self._position - unheard_frames
        way = self._way.renewed(position, self._input, loop)
        number = self._tape.find(position)
        if self._stale or way is None or (number is None and unheard_frames):
            self.seek(int(self._way.song_frame(position)), loop)
            return
        self._way, self._position = way, position
        if number is None:
            return
        tape = self._tape
        if self._graph.rewind(tape, number):
            tape.mixed = number
        first = tape[number].first
        tape.next = number
        self._ready = self._next()[:, position - first :]

    def read(self, frames: int) -> Block:
        """The next part of the mix, float32 `[channels, n]`; n is less at the end, then 0."""
        wanted = max(0, min(frames, self._frames_left(frames)))
        parts = [self._ready]
        count = self._ready.shape[1]
        while count < wanted:
            parts.append(self._next())
            count += parts[-1].shape[1]
        joined = np.concatenate(parts, axis=1) if len(parts) > 1 else self._ready
        self._ready = joined[:, wanted:]
        self._position += wanted
        return joined[:, :wanted]

    def close(self) -> None:
        """End plug-ins and let go of everything."""
        with self._changing:
            self._is_closed = True
            self._rack.close()

    def _prepared(self, settings: MixSettings) -> Mix:
        names = [strip.name for strip in settings.strips]
        if sorted(names) != sorted(self._stems):
            raise UserError(
                f"The mix has the strips {', '.join(names)}, but the stems are"
                f" {', '.join(self._stems)}",
                "use a mix that was made for these stems",
            )
        chains = self._rack.prepare(settings)
        settings = in_force(settings)
        desk = Desk(settings, self._widths, self.channels)
        return Mix(desk, chains, self._tails.of(settings, chains))

    def _frames_left(self, wanted: int) -> int:
        if self._way.is_endless:
            return wanted
        frame = int(self._way.song_frame(self._position))
        # Most reads end long before, and need not know where.
        return wanted if frame + wanted <= self._song_frames else self.frames - frame

    def _next(self) -> Block:
        """The next rendered frames: some quanta, or none while effects fill up."""
        tape = self._tape
        as_heard = tape.next < tape.mixed
        if not as_heard:
            self._take_newest()
        take = tape.take()
        if take is None:
            take = self._rendered()
            kept_seconds = KEPT_SECONDS
            if self._graph.master_remembers:
                kept_seconds += MAX_RUN_UP_SECONDS
            tape.append(take, round(kept_seconds * self.sample_rate))
            tape.take()
        if as_heard and take.out is not None:
            return take.out
        tape.mixed = tape.next
        return self._graph.mix(take)

    def _rendered(self) -> Take:
        """What follows at the end of all that is rendered, from its effects."""
        made = self._made
        if self._awaited is not None:
            self._welcome(self._awaited, made)
        latency = self._graph.latency_frames
        take = self._through_effects(made, SETTLED_QUANTA if self._may_hurry else 1)
        made += take.frames
        self._calm_quanta += 1
        if not (self._fade.is_up or self._fade.is_moving):
            if self._awaited is not None:
                self._apply(self._awaited, fading=False)
            self._go_on(made)
        elif self._graph.latency_frames != latency and self._calm_quanta > CALM_QUANTA:
            # A plug-in that changes its latency all the time must not keep the song from going on.
            self._calm_quanta = 0
            self._go_on(made)
        self._made = made
        return take

    @property
    def _may_hurry(self) -> bool:
        return self._graph.is_settled and not self._fade.is_moving

    def _welcome(self, mix: Mix, made: int) -> None:
        """Apply a mix's effects, or begin to fade out for it."""
        if self._graph.aligns_as(mix.chains):
            self._apply(mix, fading=True)
            self._fade.head(self._graph.ramp, up=True)
        elif self._drop:
            self._apply(mix, fading=False)
            self._set_input(made)
        else:
            # Strips are to be aligned anew, which cannot be done under sound: fade, then start.
            self._fade.head(self._graph.ramp, up=False)

    def _apply(self, mix: Mix, *, fading: bool) -> None:
        for old in self._graph.mixes[-1:]:
            if old.tail_seconds > mix.tail_seconds:
                here = min(self._song_frames, int(self._way.song_frame(self._input)))
                rings_frames = round(old.tail_seconds * self.sample_rate)
                self._rings_until = max(self._rings_until, here + rings_frames)
        self._graph.apply(mix, fading=fading)
        self._awaited = None
        with self._swapping:
            self._used = self._graph.mixes

    def _through_effects(self, made: int, quanta: int) -> Take:
        frames, way, first = quanta * QUANTUM_FRAMES, self._way, self._input
        blocks = {name: way.read(stem, first, frames) for name, stem in self._stems.items()}
        sounds = self._graph.sounds(blocks, Span(way, first, frames))
        self._input += frames
        drop = min(self._drop, frames)
        self._drop -= drop
        is_fading = self._fade.is_moving and drop < frames
        fade = self._fade.gains(self._graph.ramp, frames - drop) if is_fading else None
        return Take(made, way, sounds, first - self._graph.slowest_frames, drop, fade)

    def _go_on(self, position: int) -> None:
        """Go on with another latency; the first sound fades in."""
        self._set_input(position)
        self._fade = Fade(is_up=False)
        self._fade.head(self._graph.ramp, up=True)

    def _set_input(self, position: int, run_up: int = 0) -> None:
        self._input = self._quantum_before(position, run_up)
        self._drop = position - self._input + self._graph.latency_frames

    def _quantum_before(self, position: int, run_up: int = 0) -> int:
        # On the quantum grid of the song, so that what is rendered does not depend on the way.
        frame = int(self._way.song_frame(position))
        first = max(0, frame - run_up) // QUANTUM_FRAMES * QUANTUM_FRAMES
        return position - (frame - first)

    def _take_newest(self) -> None:
        """Take the mix that was asked for last, if it is new: its faders now, its effects soon."""
        with self._swapping:
            if self._asked is not self._taken:
                self._taken = self._awaited = self._asked
                self._graph.bus.change(self._asked.desk)
            if self._awaited is not None:
                self._used = (*self._graph.mixes, self._awaited)
            elif len(self._used) > 1:
                self._used = self._graph.mixes
