"""What separates for the window: the child process, and the words about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.app.forecast import forecast

if TYPE_CHECKING:
    from stemdesk.app.forecast import Choice
    from stemdesk.app.worker.client import Worker


class Processor:
    """The child process in words.

    Args:
        worker: the child process.

    Attributes:
        worker: the same.
    """

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    @property
    def device_text(self) -> str:
        """Which device separates, and why no better one does."""
        if self.worker.load_error is not None:
            return str(self.worker.load_error)
        loaded = self.worker.loaded
        if loaded is None:
            return ""
        why = loaded.get("why", "")
        return f"{loaded['description']}{f': {why}' if why else ''}"

    @property
    def devices(self) -> tuple[tuple[str, bool, str], ...]:
        """(name, usable, description) of what can compute, as far as it is known."""
        loaded = self.worker.loaded
        known = {} if loaded is None else {loaded["device"]: loaded["description"]}
        why = "" if loaded is None else loaded.get("why", "")
        return tuple(
            (name, name in known or name == "cpu", known.get(name, why if name != "cpu" else ""))
            for name in ("cuda", "mps", "cpu")
        )

    @staticmethod
    def forecast_text(song_seconds: float, choice: Choice) -> str:
        """What a separation of a song of so many seconds is expected to take."""
        expected = forecast(song_seconds, choice)
        about = "" if expected.is_measured else "roughly "
        minutes, seconds = divmod(round(expected.seconds), 60)
        return f"{about}{minutes}:{seconds:02d}, {expected.memory_bytes / 2**20:.0f} MiB"
