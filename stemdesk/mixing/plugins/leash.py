"""A hold on a plug-in's process while it is loading, so that another thread can end it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.mixing.plugins.sandbox import Sandbox


class Leash:
    """Held by who wants the plug-in, given to who loads it; for one loading. Any thread.

    Attributes:
        is_cut: nobody wants the plug-in any more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sandbox: Sandbox | None = None
        self.is_cut = False

    def hold(self, sandbox: Sandbox) -> None:
        """The process has been started; it ends at once where it came too late."""
        with self._lock:
            self._sandbox = sandbox
            if self.is_cut:
                sandbox.end()

    def let_go(self) -> None:
        """The plug-in is loaded, or has failed: its process is nobody else's business."""
        with self._lock:
            self._sandbox = None

    def cut(self) -> None:
        """End the process, now or as soon as it is started, without waiting for that."""
        with self._lock:
            self.is_cut = True
            if self._sandbox is not None:
                self._sandbox.end()
