"""The program that separates for the app: `python -m stemdesk.app.worker.program`.

Commands come in through standard input and events leave through standard output, a JSON object a
line (`service` says which); what libraries print goes to standard error. It has a low
priority, for in the app's own process inference stalls the interface by 92 to 123 ms. The program
ends with its input, and with the app, also where that was killed.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO, NoReturn

if TYPE_CHECKING:
    from stemdesk.app.worker.service import Service

WORKER_FLAG = "--separation-worker"
"""First argument of a frozen application that is started once more, to be this program."""

NICENESS = 10
STUCK_SECONDS = 600.0
"""So long nothing of Python may run, as while a large model is loaded, before it is given up."""

_BELOW_NORMAL_PRIORITY_CLASS = 0x4000


def worker_command() -> list[str]:
    """How to start this program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_FLAG]
    # -P: a file numpy.py in the current folder must not become the child's numpy.
    return [sys.executable, "-P", "-m", "stemdesk.app.worker.program"]


def main() -> NoReturn:
    """Serve until the input ends; never returns."""
    # Of the process of a plug-in, which is in the same place.
    from stemdesk.mixing.plugins.lifeline import die_with_mixer

    die_with_mixer(STUCK_SECONDS)
    _lower_priority()
    incoming, outgoing = _private_pipes()
    # Only now, so that nothing which is printed on the way gets among the events.
    from stemdesk.app.worker.service import Service
    from stemdesk.logs import start_logging

    start_logging("worker")
    service = Service(outgoing)
    threading.Thread(target=_read_commands, args=(incoming, service), daemon=True).start()
    service.serve()
    # Not sys.exit: taking torch apart in good order can take longer than all the rest.
    os._exit(0)


def _read_commands(incoming: BinaryIO, service: Service) -> None:
    """Hand commands on; end the program, whatever it is at, when the input ends."""
    for line in incoming:
        service.take(line)
    os._exit(0)


def _lower_priority() -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")


if __name__ == "__main__":
    main()
