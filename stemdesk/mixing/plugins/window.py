"""A plug-in's own window, in the child."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import threading

_kept: list[Any] = []  # what C code holds on to must not be collected


def has_display() -> bool:
    """Whether windows can be shown; on Linux, plug-ins need X11 (Wayland has a bridge for it)."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY"))


def show_window(plugin: Any, close: threading.Event) -> str:
    """Show a plug-in's window, in the main thread, until it is closed or `close` is set.

    Returns:
        What went wrong, or nothing.
    """
    if sys.platform.startswith("linux") and not _kept:
        with contextlib.suppress(OSError):  # no Xlib, no window: the plug-in will say so
            _survive_x_errors()
    try:
        plugin.show_editor(close)
    except Exception as error:  # noqa: BLE001 - a plug-in may throw anything
        return str(error) or type(error).__name__
    return ""


def _survive_x_errors() -> None:
    """Go on after errors of the X server, which end a program that does not care about them.

    JUCE asks for the properties of window 0 where no desktop settings are served (measured with
    a bare X server), and of windows that are gone; pedalboard leaves Xlib's own handler in place.
    """
    handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(_ignore)
    ctypes.CDLL("libX11.so.6").XSetErrorHandler(handler)
    _kept.append(handler)


def _ignore(_display: int, _event: int) -> int:
    return 0
