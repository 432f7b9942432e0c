"""A song that plays: its mix and transport, for windows, keys and control surfaces alike."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Self

from stemdesk.audio.levels import db
from stemdesk.control.rides import RideRecorder, merge_ride
from stemdesk.control.sync.chase import Action
from stemdesk.control.target import (
    FORWARD,
    LOOP,
    PLAY,
    POSITION,
    RECORD,
    REWIND,
    STOP,
    TRANSPORT_PARAMETERS,
    position_parameter,
)
from stemdesk.errors import UserError
from stemdesk.mixing.addresses import find, get, with_value
from stemdesk.mixing.automation import Envelope
from stemdesk.mixing.meter_tap import MeterTap
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import MixSettings, changed
from stemdesk.playback.player import Player
from stemdesk.playback.stretch import FASTEST, SLOWEST
from stemdesk.playback.transport import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from stemdesk.control.sync.chase import Command
    from stemdesk.mixing.meter_tap import Moment
    from stemdesk.mixing.parameters import Parameter
    from stemdesk.mixing.plugins.awaited import AwaitedPlugin
    from stemdesk.mixing.plugins.effect import PluginEffect
    from stemdesk.mixing.settings import EffectSettings
    from stemdesk.mixing.sources import StemSource
    from stemdesk.playback.device import Outputs
    from stemdesk.playback.source import Source

WIND_SECONDS = 5.0
ARRIVED_SECONDS = 1.0
SEAM_SECONDS = 0.005  # of crossfade where a loop begins again: it does not click, nor lose its beat


class Listening:
    """Plays a mix and lets it be changed meanwhile.

    Satisfies :class:`stemdesk.control.target.SurfaceTarget`. All methods belong to one thread.

    Args:
        stems: strip name -> source.
        mix: to begin with.
        device: output, see :class:`stemdesk.playback.player.Player`.
        outputs: what opens devices; the computer's sound cards by default.
        around: puts something between the mix and the ears.
        waits: whether plug-ins are loaded before anything is heard; otherwise they are
            :meth:`awaited`.

    Raises:
        UserError: the mix does not fit the stems.
    """

    def __init__(
        self,
        stems: Mapping[str, StemSource],
        mix: MixSettings,
        device: str | int | None = None,
        outputs: Outputs | None = None,
        around: Callable[[Source], Source] | None = None,
        *,
        waits: bool = True,
    ) -> None:
        self._tap = MeterTap()
        # Mono stems may be panned at any time, so there is room for that from the start.
        channels = max(2, *(stem.channels for stem in stems.values()))
        self._renderer = Renderer(stems, mix, channels, tap=self._tap, waits=waits)
        self._rate = self._renderer.sample_rate
        source = around(self._renderer) if around else self._renderer
        self.player = Player(source, device, outputs)
        self._mix = mix
        self._held: set[str] = set()
        self._sought: float | None = None
        self._sought_at = 0.0
        self._rides = RideRecorder()
        self._recording = False
        self._loop: tuple[int, int, int] | None = None
        self._is_looping = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def mix(self) -> MixSettings:
        """The mix as it is now, automation included that a hand holds off."""
        return self._mix

    @property
    def seconds(self) -> float:
        """Length of the song."""
        return self._renderer.song_frames / self._rate

    @property
    def position_seconds(self) -> float:
        """What is heard now."""
        return self.player.position_frames / self._rate

    def change(self, mix: MixSettings) -> None:
        """Another mix of the same stems: its faders are heard at once, its effects soon after.

        Raises:
            UserError: it is not possible; the old one goes on.
        """
        heard: MixSettings = changed(
            mix,
            automation={
                address: course
                for address, course in mix.automation.items()
                if address not in self._held
            },
        )
        self._renderer.change(heard)
        self._mix = mix
        self.player.refresh()

    def stems_changed(self) -> None:
        """The stems give another sound than before: let it be heard."""
        self._renderer.stems_changed()
        self.player.refresh()

    def seek(self, seconds: float) -> None:
        """Go on from there; beyond the ends, from the ends."""
        there = min(self.seconds, max(0.0, seconds))
        self._rides.jump(self._ride_seconds, there)
        self._sought, self._sought_at = there, time.monotonic()
        self.player.seek(round(there * self._rate))

    def set_loop(self, first_seconds: float, end_seconds: float) -> None:
        """Repeat a part of the song.

        Raises:
            UserError: outside the song, or too short.
        """
        first, end = round(first_seconds * self._rate), round(end_seconds * self._rate)
        self._loop = (first, end, round(SEAM_SECONDS * self._rate))
        self.player.set_loop(*self._loop)
        self._is_looping = True

    def clear_loop(self, first_seconds: float = 0.0, end_seconds: float | None = None) -> None:
        """Repeat nothing; a control surface's loop button brings this stretch, or all, back."""
        end = self.seconds if end_seconds is None else end_seconds
        seam = round(SEAM_SECONDS * self._rate)
        self._loop = (round(first_seconds * self._rate), round(end * self._rate), seam)
        self._is_looping = False
        self.player.clear_loop()

    def faults(self) -> list[str]:
        """What has gone wrong in effects, one sentence each."""
        return self._renderer.faults()

    def faults_by_place(self) -> dict[tuple[str, str], str]:
        """The same, by (strip, effect)."""
        return self._renderer.faults_by_place()

    def close(self) -> None:
        """Fall silent and let go of everything but the stems."""
        self.player.close()
        self._renderer.close()

    # What control surfaces see.

    def parameter(self, address: str) -> Parameter | None:
        """What lies at an address of the mix or the transport; None if nothing does."""
        if address == POSITION:
            return position_parameter(self.seconds)
        if address in TRANSPORT_PARAMETERS:
            return TRANSPORT_PARAMETERS[address]
        try:
            return find(self.mix, address).parameter
        except UserError:
            return None

    def get(self, address: str) -> float:
        """The value in force now, automation included.

        Raises:
            UserError: there is no such parameter.
        """
        if address == POSITION:
            return self.position_seconds
        if address in TRANSPORT_PARAMETERS:
            return float(self._transport_state(address))
        points = self.mix.automation.get(address)
        if points and address not in self._held:
            return Envelope(points, find(self.mix, address).parameter).at(self.position_seconds)
        return get(self.mix, address)

    def set(self, address: str, value: float) -> None:
        """Take a value; while recording it is noted with its time as well.

        Raises:
            UserError: there is no such parameter, or it cannot have that value.
        """
        if address == POSITION:
            self.seek(value)
        elif address in TRANSPORT_PARAMETERS:
            self._transport(address, down=value >= 0.5)
        else:
            new = with_value(self._mix, address, value)
            self._rides.move(address, value, self._ride_seconds)
            self.change(new)
            self._take_rides()

    def touch(self, address: str, *, down: bool) -> None:
        """A hand takes hold of a control, or lets go; while recording, a ride begins or ends.

        While it holds, the parameter's automation gives way.
        """
        parameter = self.parameter(address)
        if parameter is None or address in TRANSPORT_PARAMETERS or address == POSITION:
            return
        if down and address not in self._held:
            found = self.get(address)
            if self._recording and self.player.state is State.PLAYING:
                self._rides.touch(address, parameter, found, self._ride_seconds)
            self._held.add(address)
            self.change(with_value(self._mix, address, found))
        elif not down and address in self._held:
            self._rides.release(address, self._ride_seconds)
            self._held.discard(address)
            self.change(self._mix)
            self._take_rides()

    def follow(self, command: Command) -> None:
        """Carry out what a master's time demands."""
        if command.action is Action.SPEED:
            self.player.set_speed(min(FASTEST, max(SLOWEST, command.speed)))
            return
        if command.action is Action.STOP:
            self.player.pause()
        self.seek(command.position_seconds)
        if command.action is Action.START:
            self.player.play()

    def strips(self) -> tuple[str, ...]:
        """The stems, in the mixer's order."""
        return tuple(strip.name for strip in self.mix.strips)

    def meter_db(self, strip: str) -> float:
        """The strip's present peak in dBFS; -inf in silence."""
        moment = self._tap.at(self.player.position_frames)
        if moment is None or strip not in moment.strips or self.player.state is not State.PLAYING:
            return -math.inf
        return db(float(moment.strips[strip].peak.max()))

    def moment(self) -> Moment | None:
        """The levels of all strips as they are heard now; None in silence."""
        if self.player.state is not State.PLAYING:
            return None
        return self._tap.at(self.player.position_frames)

    def awaited(self) -> dict[tuple[str, str], AwaitedPlugin]:
        """(Strip, effect) -> what stands there until the plug-in is loaded."""
        return self._renderer.awaited()

    def loading(self) -> frozenset[tuple[str, str]]:
        """(Strip, effect) of plug-ins that are still to come."""
        return self._renderer.loading()

    def load(self, awaited: AwaitedPlugin) -> PluginEffect:
        """Load a plug-in, and let it be heard; any thread, as it takes its time.

        Raises:
            UserError: the mix asks for what the plug-in has not; it goes on without.
            Cancelled: the plug-in is not wanted any more.
        """
        return self._renderer.load(awaited)

    def expect(self, strip: str, effect: EffectSettings) -> AwaitedPlugin | None:
        """A plug-in to be loaded for a mix to come; None if it is loaded."""
        return self._renderer.expect(strip, effect)

    def forget(self, strip: str, effect: EffectSettings) -> None:
        """End a plug-in that was expected, unless the mix has it now; any thread."""
        self._renderer.forget(strip, effect)

    def hear_anew(self) -> None:
        """Forget what was rendered ahead, if nothing sounds: effects that have come are in it."""
        if self.player.state is not State.PLAYING:
            self.player.seek(self.player.position_frames)

    def plugin(self, strip: str, effect: str) -> PluginEffect | None:
        """A plug-in at work, for its window; None if there is none of that name."""
        return self._renderer.plugin(strip, effect)

    def kept_mix(self) -> MixSettings:
        """The mix with what its plug-ins hold of themselves, for files."""
        return self._renderer.with_states(self._mix)

    @property
    def sample_rate(self) -> int:
        """Of the song, in Hz."""
        return self._rate

    @property
    def reduction_db(self) -> float:
        """By how much the limiter turns down what is heard now; 0 in silence."""
        moment = self._tap.at(self.player.position_frames)
        return moment.reduction_db if moment and self.player.state is State.PLAYING else 0.0

    @property
    def _ride_seconds(self) -> float:
        """Where a hand's moves belong: after a seek there, though the old sound goes on a while."""
        heard = self.position_seconds
        has_arrived = self._sought is not None and abs(heard - self._sought) < ARRIVED_SECONDS
        if has_arrived or time.monotonic() - self._sought_at > ARRIVED_SECONDS:
            self._sought = None
        return heard if self._sought is None else self._sought

    def _take_rides(self) -> None:
        """Rides that have ended become automation."""
        rides = self._rides.take()
        courses = dict(self._mix.automation)
        for address, ride in rides:
            courses[address] = merge_ride(courses.get(address, ()), ride)
        if rides:
            self.change(changed(self._mix, automation=courses))

    def _transport_state(self, address: str) -> bool:
        state = self.player.state
        return {
            PLAY: state is State.PLAYING,
            STOP: state is State.STOPPED,
            RECORD: self._recording,
            LOOP: self._is_looping,
        }.get(address, False)

    def _transport(self, address: str, *, down: bool) -> None:
        if address == PLAY:
            (self.player.play if down else self.player.pause)()
        elif address == STOP and down:
            self.player.stop()
        elif address == RECORD:
            self._record(down=down)
        elif address == LOOP:
            self._set_looping(down=down)
        elif address in (REWIND, FORWARD) and down:
            self.seek(
                self.position_seconds + (WIND_SECONDS if address == FORWARD else -WIND_SECONDS)
            )

    def _record(self, *, down: bool) -> None:
        self._recording = down
        if down and self.player.state is State.PLAYING:
            for address in self._held:
                parameter = find(self._mix, address).parameter
                self._rides.touch(address, parameter, self.get(address), self._ride_seconds)
        if not down:
            for address in self._held:
                self._rides.release(address, self._ride_seconds)
            self._take_rides()

    def _set_looping(self, *, down: bool) -> None:
        if down and self._loop is not None:
            self.player.set_loop(*self._loop)
            self._is_looping = True
        elif not down:
            self.player.clear_loop()
            self._is_looping = False
