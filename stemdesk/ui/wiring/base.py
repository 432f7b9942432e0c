"""What all parts of the wiring share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.project.document import Track
    from stemdesk.ui.main_window import MainWindow


class Wiring(QObject):
    """One part of the window, joined to the workbench.

    Args:
        window: the window; it owns this.
        bench: what it works on.
    """

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window)
        self.window, self.bench = window, bench

    @property
    def track(self) -> Track | None:
        """The song that is shown."""
        return self.bench.track

    @contextmanager
    def refusals_shown(self) -> Iterator[None]:
        """What the user can mend becomes a line in the window; the rest surfaces.

        The line goes once something else of this part of the window is not refused.
        """
        try:
            yield
        except UserError as error:
            self.window.show_problem(error, self)
        else:
            self.window.problem_bar.withdraw(self)

    def edit(self, label: str, change: Callable[[Track], Track], merge: str | None = None) -> None:
        """Change the song that is shown, if there is one; refusals are shown."""
        track = self.track
        if track is None:
            return
        with self.refusals_shown():
            self.bench.edit_track(label, change(track), merge)
        self.window.show_document()
