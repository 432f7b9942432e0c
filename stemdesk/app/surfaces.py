"""Control surfaces and a master's time, at work on the song that plays."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stemdesk.control.hub import MidiControl
from stemdesk.control.midi.system import MidiSystem
from stemdesk.control.settings import load_settings
from stemdesk.control.sync.chase import Chase
from stemdesk.playback.transport import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.listening import Listening
    from stemdesk.control.settings import ControlSettings


class Surfaces:
    """What the user has set up with `stemdesk midi`, on one song.

    Args:
        listening: the song.
        system: where the ports are; the computer's by default.
        settings: what is set up; what is stored by default.
        seconds_at_beat: the song's time at a quarter note, for MIDI clock; None if unknown.

    Raises:
        UserError: the stored settings cannot be read.
    """

    def __init__(
        self,
        listening: Listening,
        system: MidiSystem | None = None,
        settings: ControlSettings | None = None,
        seconds_at_beat: Callable[[float], float] | None = None,
    ) -> None:
        self._listening = listening
        system = system or MidiSystem()
        self.control = MidiControl(
            listening, system, settings or load_settings(), seconds_at_beat=seconds_at_beat
        )
        self._chase = Chase()
        self._system = system

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for everything that was set up and does not work now."""
        settings = self.control.settings
        is_used = settings.mappings or settings.desks or self.control.follower
        return self.control.problems if is_used else ()

    @property
    def is_following(self) -> bool:
        """Whether a master starts and stops the song."""
        return self.control.follower is not None and not self._system.reason

    def pump(self) -> None:
        """Do all that is due; to be called some twenty to fifty times a second."""
        self.control.pump()
        follower = self.control.follower
        if follower is None or not self.is_following:
            return
        now = time.monotonic()
        command = self._chase.decide(
            follower.state(now),
            playing=self._listening.player.state is State.PLAYING,
            player_seconds=self._listening.position_seconds,
            seconds=now,
        )
        if command is not None:
            self._listening.follow(command)

    def close(self) -> None:
        """Leave the surfaces dark and close the ports."""
        self.control.close()
