"""Answers to StemDesk on this machine: JSON-RPC 2.0 in lines, polled in Live's own thread.

Live allows its API in one thread only, and gives scripts that thread ten times a second.
"""

from __future__ import annotations

from typing import Any

from StemDesk.clips import Refusal, Work
from StemDesk.connection import Listener

from ableton.v2.control_surface import ControlSurface


class StemDeskSurface(ControlSurface):
    """The control surface, without any controls."""

    def __init__(self, c_instance: Any) -> None:
        super().__init__(c_instance)
        self._listener = Listener(self._answer)
        self.schedule_message(1, self._tick)

    def disconnect(self) -> None:
        """Live lets go of the script."""
        self._listener.close()
        super().disconnect()

    def _tick(self) -> None:
        self._listener.poll()
        self.schedule_message(1, self._tick)

    def _answer(self, method: str, parameters: dict[str, Any]) -> Any:
        work = Work(self.song)
        if method == "selection":
            return work.selection()
        if method == "put_back":
            names = work.put_back(parameters["stems"])
            self.show_message("StemDesk: " + ", ".join(names))
            return names
        raise Refusal(f"The remote script does not know {method}: install it again")
