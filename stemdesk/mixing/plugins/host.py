"""The program in which a plug-in lives: `python -m stemdesk.mixing.plugins.host`.

Frames come in through standard input and leave through standard output, both of which are moved
out of the plug-in's reach before it is loaded; what it prints goes to standard error, which the
mixer keeps for the report. The plug-in has the main thread, as plug-ins expect. The program ends
with its input, and with the mixer, also when that is killed while the plug-in hangs (`lifeline`).
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, NoReturn

from stemdesk.mixing.plugins.lifeline import die_with_mixer, within
from stemdesk.mixing.plugins.window import has_display, show_window
from stemdesk.mixing.plugins.wire import Frame, Kind, Wire, WireError

if TYPE_CHECKING:
    from stemdesk.mixing.plugins.service import Service

STUCK_SECONDS = 60.0
"""So long a plug-in may hold the interpreter's lock: longer than any patience."""

OPEN_WINDOW = "open window"
_SWITCH_SECONDS = 1e-4


class Host:
    """Passes frames to the service, from the main thread or beside the plug-in's window.

    Args:
        wire: where answers go.
        inbox: frames to answer, in order; None where a window was closed.
        service: who answers.
    """

    def __init__(self, wire: Wire, inbox: SimpleQueue[Frame | None], service: Service) -> None:
        self._wire, self._inbox, self._service = wire, inbox, service

    def serve(self) -> None:
        """Answer for ever, in the main thread.

        Raises:
            WireError: nobody wants the answers any more.
        """
        while True:
            frame = self._inbox.get()
            if frame is None:
                continue
            if frame.header.get("do") == OPEN_WINDOW:
                self._show_window()
            else:
                self._answer(frame)

    def _answer(self, frame: Frame) -> None:
        if frame.header.get("do") == OPEN_WINDOW:  # it is open already
            self._wire.send(Frame(Kind.REPLY))
            return
        with within(frame.patience_seconds):
            answer = self._service.answer(frame)
        if answer is not None:
            self._wire.send(answer)
        if frame.kind is Kind.BLOCK:
            self._service.reflect()

    def _show_window(self) -> None:
        if not has_display():
            self._wire.send(Frame(Kind.ERROR, {"error": "there is no display to show it on"}))
            return
        rack, service = self._service.rack, self._service
        service.close_window.clear()
        rack.editing = True
        self._wire.send(Frame(Kind.REPLY))
        beside = threading.Thread(target=self._serve_beside_window, name="beside window")
        beside.start()
        service.window_problem = show_window(rack.first.plugin, service.close_window)
        self._inbox.put(None)
        beside.join()
        rack.editing = False

    def _serve_beside_window(self) -> None:
        try:
            while (frame := self._inbox.get()) is not None:
                self._answer(frame)
        except WireError:
            os._exit(0)


def read_frames(wire: Wire, inbox: SimpleQueue[Frame | None]) -> None:
    """Fill the inbox; end the program, whatever its other threads do, when the input ends."""
    # Not sys.exit: it would wait for a plug-in that hangs, or run destructors that crash.
    with contextlib.suppress(WireError):
        while True:
            inbox.put(wire.receive())
    os._exit(0)


def _private_wire() -> Wire:
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return Wire(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"))


def _leave_no_dumps() -> None:
    """A crash is told to the mixer: no memory image on the disk, no dialogue on the screen."""
    if sys.platform == "win32":
        import ctypes

        # SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX
        ctypes.windll.kernel32.SetErrorMode(0x8003)
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def main() -> NoReturn:
    """Serve one plug-in until the input ends."""
    die_with_mixer(STUCK_SECONDS)
    wire = _private_wire()
    _leave_no_dumps()
    faulthandler.enable(file=2)  # sys.stderr is None in a frozen application without a console
    sys.setswitchinterval(_SWITCH_SECONDS)
    inbox: SimpleQueue[Frame | None] = SimpleQueue()
    threading.Thread(target=read_frames, args=(wire, inbox), daemon=True).start()
    # Only now, so that nothing which is printed on the way gets among the frames.
    from stemdesk.logs import start_logging
    from stemdesk.mixing.plugins.service import Service

    start_logging("plug-in host")
    with contextlib.suppress(WireError):
        Host(wire, inbox, Service()).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
