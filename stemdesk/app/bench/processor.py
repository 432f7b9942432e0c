"""What separates for the window: the child process, what the user wants of it, its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.app.forecast import Choice, forecast
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.worker.client import Worker
    from stemdesk.settings import Preferences


class Processor:
    """The child process in words.

    Args:
        worker: the child process.
        preferences: tells the user's, as they are now.
        complain: told why a model cannot be used.

    Attributes:
        worker: the same.
    """

    def __init__(
        self,
        worker: Worker,
        preferences: Callable[[], Preferences],
        complain: Callable[[UserError], None],
    ) -> None:
        self.worker = worker
        self._preferences, self._complain = preferences, complain

    @property
    def choice(self) -> Choice:
        """What separates from now on."""
        wanted = self._preferences()
        return Choice(wanted.model or None, wanted.device, wanted.threads or None)

    def warm_up(self) -> None:
        """Load the model before it is needed."""
        try:
            self.worker.load(self.choice)
        except UserError as error:
            self._complain(error)

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
    def devices(self) -> tuple[tuple[str, bool | None, str], ...]:
        """Of every kind its name, whether it can be used, and what it is or why it cannot.

        The child process finds out, for that takes loading torch; until then None: not known.
        """
        if self.worker.devices is not None:
            return self.worker.devices
        return (("cuda", None, ""), ("mps", None, ""), ("cpu", True, ""))

    @staticmethod
    def forecast_text(song_seconds: float, choice: Choice) -> str:
        """What a separation of a song of so many seconds is expected to take."""
        expected = forecast(song_seconds, choice)
        about = "" if expected.is_measured else "roughly "
        minutes, seconds = divmod(round(expected.seconds), 60)
        return f"{about}{minutes}:{seconds:02d}, {expected.memory_bytes / 2**20:.0f} MiB"
