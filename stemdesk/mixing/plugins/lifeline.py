"""The child outlives neither the mixer nor its patience, whatever the plug-in is doing.

A plug-in may hang in native code and hold the interpreter's lock meanwhile, so what ends the
program must not need Python: the kernel does it, at the mixer's death or when a timer runs out.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MARGIN_SECONDS = 2.0
"""The mixer's own clock strikes first, and says what happened."""

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_LOOK_SECONDS = 1.0


def die_with_mixer(stuck_seconds: float) -> None:
    """From now on, end at once when the mixer is gone. Called in the main thread.

    On Linux the kernel sees to it, see prctl(2). The signal is sent when the *thread* ends that
    started this process, which is why :mod:`stemdesk.mixing.plugins.starter` keeps one. Elsewhere,
    and where another process stands between, a thread looks once a second whether the parent is
    still the same. The end of the input, which tells of it too, does not come as long as some other
    child of the mixer has inherited the pipe.

    Args:
        stuck_seconds: how long Python may not come to run before the program is ended anyway.
    """
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if sys.platform != "win32":
        # A mask or a handler that ignores it would have been inherited.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    threading.Thread(target=_look_after, args=(parent, stuck_seconds), daemon=True).start()


@contextlib.contextmanager
def within(patience_seconds: float) -> Iterator[None]:
    """End the program if this block takes longer than the mixer waits, and a little more.

    The system's timer does it, which costs two microseconds and asks no thread of this program;
    Windows has none, there the timer of :func:`die_with_mixer` has to do.

    Args:
        patience_seconds: none if 0.
    """
    if sys.platform == "win32" or patience_seconds <= 0.0:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, patience_seconds + MARGIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def _look_after(parent: int, stuck_seconds: float) -> None:
    # Nobody reads what it would tell, and a pipe that is full would keep it from its work.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    pause = threading.Event()
    while os.getppid() == parent:
        faulthandler.dump_traceback_later(stuck_seconds, exit=True, file=nowhere)
        pause.wait(min(_LOOK_SECONDS, stuck_seconds / 4))
    os._exit(0)
