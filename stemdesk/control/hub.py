"""All control surfaces at work: ports, mappings, desks and synchronisation on one thread."""

from __future__ import annotations

import time
from collections import deque
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from stemdesk.control.desks import Desks
from stemdesk.control.mapping.decoding import Decoder
from stemdesk.control.mapping.driving import Driver
from stemdesk.control.mapping.feedback import Feedback
from stemdesk.control.mapping.learning import Learned, Learner, conflicts
from stemdesk.control.midi.connections import Connections
from stemdesk.control.settings import ControlSettings, SyncKind
from stemdesk.control.sync.clock import ClockFollower
from stemdesk.control.sync.mtc_follower import TimeCodeFollower
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    import mido

    from stemdesk.control.mapping.decoding import Move
    from stemdesk.control.mapping.mappings import Mapping
    from stemdesk.control.midi.system import MidiSystem
    from stemdesk.control.sync.state import Follower
    from stemdesk.control.target import SurfaceTarget

_QUEUE_MESSAGES = 10_000  # an owner that stalls loses the oldest


class MidiControl:
    """The owner's one object, which calls :meth:`pump` some fifty times a second on one thread.

    Messages arrive on the MIDI system's threads, are stamped with the time and queued; everything
    else, the calls of the target included, happens in `pump`.

    Args:
        target: what is driven.
        system: where the ports are.
        settings: what has been set up.
        clock: monotonic seconds.
        seconds_at_beat: the song's time at a quarter note, for MIDI clock; None if unknown.
    """

    def __init__(
        self,
        target: SurfaceTarget,
        system: MidiSystem,
        settings: ControlSettings | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds_at_beat: Callable[[float], float] | None = None,
    ) -> None:
        self._target, self._system, self._clock = target, system, clock
        self._settings = settings or ControlSettings()
        self._queue: deque[tuple[str, mido.Message, float]] = deque(maxlen=_QUEUE_MESSAGES)
        self._decoders: dict[str, Decoder] = {}
        self._driver = Driver(target, self._settings.mappings)
        self._feedback = Feedback(target, self._driver, self._send_matching)
        self._learner: Learner | None = None
        self._learned: deque[Learned] = deque()
        self._connections = Connections(
            system, self._is_wanted, self._receive, self._settings.outputs
        )
        self._desks = Desks(target, self._settings.desks, self._connections.send)
        self._follower = _follower(self._settings, seconds_at_beat)

    @property
    def settings(self) -> ControlSettings:
        """What is set up now, learnt mappings included; to be stored by the owner."""
        return self._settings

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        """What is bound."""
        return self._driver.mappings

    @property
    def follower(self) -> Follower | None:
        """The master that is followed; None if none is."""
        return self._follower

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the open inputs."""
        return self._connections.inputs

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for everything that does not work now."""
        reason = (self._system.reason,) if self._system.reason else ()
        return (*reason, *self._connections.problems.values(), *self._desks.problems)

    def pump(self) -> None:
        """Do all that is due."""
        seconds = self._clock()
        self._plug(seconds)
        while self._queue:
            self._take(*self._queue.popleft())
        self._settle(seconds)
        self._feedback.refresh(seconds)
        self._desks.refresh(seconds)

    def learn(self, address: str) -> None:
        """Bind the next control that is moved to a parameter; meanwhile none drives anything.

        Raises:
            UserError: there is no such parameter, or no MIDI.
        """
        if self._system.reason:
            raise UserError("No control can be learnt without MIDI", self._system.reason[:-1])
        parameter = self._target.parameter(address)
        if parameter is None:
            raise UserError(f"There is no parameter {address} to control", "choose another")
        self._driver.let_go()
        self._learner = Learner(address, parameter)
        self._plug(self._clock(), now=True)

    def stop_learning(self) -> None:
        """Give it up."""
        self._learner = None
        self._plug(self._clock(), now=True)

    @property
    def learning(self) -> str | None:
        """What to tell the user while learning; None otherwise."""
        return None if self._learner is None else self._learner.prompt

    def take_learned(self) -> Learned | None:
        """What has been learnt and bound since the last call, one at a time."""
        return self._learned.popleft() if self._learned else None

    def unlearn(self, mapping: Mapping) -> None:
        """Unbind a control; nothing if it is not bound."""
        self._bind(tuple(each for each in self.mappings if each != mapping))

    def unlearn_address(self, address: str) -> None:
        """Unbind every control of a parameter."""
        self._bind(tuple(each for each in self.mappings if each.address != address))

    def close(self) -> None:
        """Let go of everything, leave the desks dark and close the ports."""
        self._driver.let_go()
        self._desks.release(self._clock())
        self._connections.close()

    def _receive(self, port: str, message: mido.Message) -> None:
        # On a thread of the MIDI system's: appending is all that may happen here.
        self._queue.append((port, message, self._clock()))

    def _take(self, port: str, message: mido.Message, seconds: float) -> None:
        sync = self._settings.sync
        if self._follower is not None and fnmatchcase(port, sync.port):
            self._follower.feed(message, seconds)
        if self._desks.receive(port, message, seconds):
            return
        decoder = self._decoders.setdefault(port, Decoder(port))
        for move in (*decoder.flush(seconds), *decoder.feed(message, seconds)):
            self._move(move)

    def _move(self, move: Move) -> None:
        if self._learner is not None:
            self._learner.feed(move)
            self._finish_learning()
        elif not self._feedback.is_echo(move):
            self._driver.drive(move)

    def _settle(self, seconds: float) -> None:
        for decoder in self._decoders.values():
            for move in decoder.flush(seconds):
                self._move(move)
        self._driver.settle(seconds)
        if self._learner is not None:
            self._learner.settle(seconds)
            self._finish_learning()

    def _finish_learning(self) -> None:
        mapping = self._learner.mapping if self._learner is not None else None
        if mapping is None:
            return
        self._learner = None
        # A control learnt again for its parameter replaces what it was there.
        others = tuple(
            each
            for each in self.mappings
            if each.address != mapping.address or not each.source.collides(mapping.source)
        )
        self._learned.append(Learned(mapping, conflicts(mapping, others)))
        self._bind((*others, mapping))

    def _bind(self, mappings: tuple[Mapping, ...]) -> None:
        self._driver.mappings = mappings
        self._settings = msgspec.structs.replace(self._settings, mappings=self._driver.mappings)

    def _plug(self, seconds: float, *, now: bool = False) -> None:
        changes = self._connections.poll(seconds, now=now)
        for name in changes.lost:
            self._decoders.pop(name, None)
            self._driver.let_go()
        if changes.opened:
            self._feedback.forget()
        self._desks.plug(changes.opened, changes.lost, seconds)

    def _is_wanted(self, name: str) -> bool:
        """Ports that nothing here uses are left to other programs, but for learning."""
        sync = self._settings.sync
        return (
            self._learner is not None
            or any(fnmatchcase(name, each.source.port) for each in self.mappings)
            or any(fnmatchcase(name, each.port) for each in self._settings.desks)
            or (sync.kind is not SyncKind.OFF and fnmatchcase(name, sync.port))
        )

    def _send_matching(self, pattern: str, message: mido.Message) -> None:
        for name in self._connections.inputs:
            if fnmatchcase(name, pattern) and not self._desks.owns(name):
                self._connections.send(name, message)


def _follower(
    settings: ControlSettings, seconds_at_beat: Callable[[float], float] | None
) -> Follower | None:
    if settings.sync.kind is SyncKind.CLOCK:
        return ClockFollower(seconds_at_beat)
    if settings.sync.kind is SyncKind.TIME_CODE:
        return TimeCodeFollower(settings.sync.offset_seconds)
    return None
