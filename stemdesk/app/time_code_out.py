"""MIDI time code out: a DAW follows the song that plays."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from stemdesk.control.sync.mtc_sender import TimeCodeSender
from stemdesk.errors import UserError
from stemdesk.playback.transport import State

if TYPE_CHECKING:
    from stemdesk.app.listening import Listening
    from stemdesk.control.midi.system import MidiSystem
    from stemdesk.control.sync.timecode import FrameRate

# Quarter frames are 8 to 10 ms apart; the song's position is asked for more often than that.
_LONGEST_WAIT_SECONDS = 0.005
_MOVED_SECONDS = 1e-3


class TimeCodeOut:
    """Sends a song's time from a thread of its own, until it is closed.

    Args:
        listening: the song.
        system: where the port is.
        port: name of an output.
        rate: of the code.

    Raises:
        UserError: there is no such output, or it cannot be opened.
    """

    def __init__(
        self, listening: Listening, system: MidiSystem, port: str, rate: FrameRate
    ) -> None:
        self._listening = listening
        self._output = system.open_output(_full_name(system, port))
        self._sender = TimeCodeSender(rate, self._output.send)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stemdesk-time-code", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Fall silent and give the port back."""
        self._closing.set()
        self._thread.join()
        self._output.close()

    def _run(self) -> None:
        stood: float | None = None
        while not self._closing.is_set():
            seconds = self._listening.position_seconds
            if self._listening.player.state is State.PLAYING:
                self._sender.advance(seconds)
                wait = self._sender.wait_seconds(self._listening.player.speed)
                stood = None
            else:
                if stood is None or abs(seconds - stood) > _MOVED_SECONDS:
                    self._sender.locate(seconds)
                    stood = seconds
                wait = _LONGEST_WAIT_SECONDS
            self._closing.wait(min(wait, _LONGEST_WAIT_SECONDS))


def _full_name(system: MidiSystem, port: str) -> str:
    """The system's name of an output."""
    outputs = system.outputs()
    if system.reason:
        raise UserError("No time code can be sent without MIDI", system.reason.rstrip("."))
    if port not in outputs:
        known = ", ".join(outputs) or "none"
        raise UserError(f"There is no MIDI output {port}", f"outputs are: {known}")
    return outputs[port]
