"""Exceptions nobody caught, from any thread, brought to a window; the program goes on."""

from __future__ import annotations

import logging
import queue
import sys
import threading
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from stemdesk.errors import Cancelled, UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from stemdesk.ui.dialogs.report import ReportWindow

log = logging.getLogger(__name__)

MOST_WAITING = 100


@dataclass(frozen=True)
class Failure:
    """One exception.

    Attributes:
        sentence: for the user.
        place: where it was raised: the main thread's event loop, or the thread's name.
        text: the traceback.
        error: the exception.
    """

    sentence: str
    place: str
    text: str
    error: BaseException


class ExceptionHook:
    """Takes the place of the three hooks of Python; see `install_exception_hook`.

    Whatever thread it is called on, it only appends to a queue: windows are made in :meth:`pump`,
    for an exception may come out of a paint event, where no window may be opened.
    """

    def __init__(
        self,
        make_window: Callable[[], ReportWindow],
        show_problem: Callable[[UserError], None] | None,
    ) -> None:
        self._make_window, self._show_problem = make_window, show_problem
        self._waiting: queue.Queue[Failure] = queue.Queue(MOST_WAITING)
        self._window: ReportWindow | None = None
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def pump(self) -> None:
        """Show what has come; to be called some times a second on the main thread."""
        while True:
            try:
                failure = self._waiting.get_nowait()
            except queue.Empty:
                return
            if isinstance(failure.error, UserError) and self._show_problem is not None:
                self._show_problem(failure.error)
                continue
            if self._window is None:
                self._window = self._make_window()
            self._window.add(failure)

    def remove(self) -> None:
        """Put back the hooks that were there."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._before[0](kind, error, trace)
        self._take(error, trace, "the main thread")

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        self._before[1](args)
        if args.exc_value is not None:
            name = args.thread.name if args.thread else "a thread"
            self._take(args.exc_value, args.exc_traceback, name)

    def _on_unraisable(self, args: sys.UnraisableHookArgs) -> None:
        self._before[2](args)
        if args.exc_value is not None:
            place = f"{args.err_msg or 'an exception was ignored in'} {args.object!r}"
            self._take(args.exc_value, args.exc_traceback, place)

    def _take(self, error: BaseException, trace: TracebackType | None, place: str) -> None:
        # Ctrl+C and an end that was asked for are no failures.
        if isinstance(error, (KeyboardInterrupt, SystemExit, Cancelled)):
            return
        log.error("an exception that nobody caught, or that was ignored", exc_info=error)
        text = "".join(traceback.format_exception(type(error), error, trace))
        failure = Failure(_sentence(error), place, text, error.with_traceback(None))
        try:
            self._waiting.put_nowait(failure)
        except queue.Full:
            return  # a hundred say enough; all were written to the terminal


def install_exception_hook(
    make_window: Callable[[], ReportWindow],
    show_problem: Callable[[UserError], None] | None = None,
) -> ExceptionHook:
    """Let exceptions that nobody caught be shown instead of ending the program.

    They are still written to the terminal, by the hooks that were there before.

    Args:
        make_window: makes the window when the first failure comes; it opens again for later ones.
        show_problem: shows what the user can mend, for a `UserError` that nobody caught.

    Returns:
        The hook; the owner of the main window's timer calls its `pump`.
    """
    return ExceptionHook(make_window, show_problem)


def _sentence(error: BaseException) -> str:
    if isinstance(error, UserError):
        return str(error)
    said = str(error).strip().splitlines()
    kind = type(error).__name__
    told = f"{kind}: {said[0]}" if said else kind
    return QCoreApplication.translate(
        "Report", "StemDesk came upon an error of its own: {0}"
    ).format(told)
