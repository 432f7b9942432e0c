"""Open ports that outlive their cables: what is wanted is opened whenever it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stemdesk.control.midi.names import partner
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import mido

    from stemdesk.control.midi.system import MidiSystem

POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Changes:
    """Inputs, by stable name, that were opened and lost."""

    opened: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass
class _Port:
    name: str
    system_name: str
    port: Any


class Connections:
    """The inputs that are wanted, and the outputs that lead back to the same devices.

    Args:
        system: where the ports are.
        wanted: whether an input of that stable name is to be open.
        receive: takes the input's stable name and a message, on a thread of the MIDI system's.
        outputs: input's stable name -> output's, where the names do not tell.

    Attributes:
        problems: port's name -> why it could not be opened; tried again at each poll.
    """

    def __init__(
        self,
        system: MidiSystem,
        wanted: Callable[[str], bool],
        receive: Callable[[str, mido.Message], None],
        outputs: Mapping[str, str] | None = None,
    ) -> None:
        self._system, self._wanted, self._receive = system, wanted, receive
        self._chosen = dict(outputs or {})
        self._inputs: dict[str, _Port] = {}
        self._outputs: dict[str, _Port] = {}
        self._next_poll = float("-inf")
        self.problems: dict[str, str] = {}

    @property
    def inputs(self) -> tuple[str, ...]:
        """Stable names of the open inputs."""
        return tuple(self._inputs)

    def poll(self, seconds: float, *, now: bool = False) -> Changes:
        """See what has come and gone, once a second at most.

        Args:
            seconds: the present time.
            now: do not wait for the second to pass.
        """
        if seconds < self._next_poll and not now:
            return Changes()
        self._next_poll = seconds + POLL_SECONDS
        self.problems = {}
        inputs, outputs = self._system.inputs(), self._system.outputs()
        lost = self._drop(self._inputs, inputs, self._wanted)
        opened = self._open_inputs(inputs)
        self._drop(self._outputs, outputs, lambda name: name in self._inputs)
        self._open_outputs(outputs)
        return Changes(opened, lost)

    def send(self, name: str, message: mido.Message) -> None:
        """Send to the device of an input; nothing where it has no output now."""
        port = self._outputs.get(name)
        if port is None:
            return
        try:
            port.port.send(message)
        except (OSError, RuntimeError, ValueError):
            # Pulled out between two polls: the next one finds it gone, or opens it again.
            self._close(self._outputs.pop(name))

    def close(self) -> None:
        """Close every port."""
        for ports in (self._inputs, self._outputs):
            for port in ports.values():
                self._close(port)
            ports.clear()

    def _drop(
        self, ports: dict[str, _Port], present: Mapping[str, str], wanted: Callable[[str], bool]
    ) -> tuple[str, ...]:
        """Close what is gone, not wanted any more, or there again under another number."""
        stale = tuple(
            name
            for name, port in ports.items()
            if present.get(port.name) != port.system_name or not wanted(name)
        )
        for name in stale:
            self._close(ports.pop(name))
        return stale

    def _open_inputs(self, present: Mapping[str, str]) -> tuple[str, ...]:
        opened = []
        for name, system_name in present.items():
            if name in self._inputs or not self._wanted(name):
                continue

            def receive(message: mido.Message, name: str = name) -> None:
                self._receive(name, message)

            try:
                port = self._system.open_input(system_name, receive)
            except UserError as error:
                self.problems[name] = str(error)
                continue
            self._inputs[name] = _Port(name, system_name, port)
            opened.append(name)
        return tuple(opened)

    def _open_outputs(self, present: Mapping[str, str]) -> None:
        for name in self._inputs:
            output = self._chosen.get(name) or partner(name, present)
            if name in self._outputs or output is None or output not in present:
                continue
            try:
                port = self._system.open_output(present[output])
            except UserError as error:
                self.problems[output] = str(error)
                continue
            self._outputs[name] = _Port(output, present[output], port)

    def _close(self, port: _Port) -> None:
        try:
            port.port.close()
        except (OSError, RuntimeError):
            return  # it went with its cable
