"""What all parts of the trainer's wiring share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.app.training.trainings import Trainings
    from stemdesk.ui.trainer.window import TrainerWindow


class Part(QObject):
    """One part of the trainer's window, joined to what is done.

    Args:
        page: the window; it owns this.
        trainings: what is done.
        bench: preferences, jobs and sound.
    """

    def __init__(self, page: TrainerWindow, trainings: Trainings, bench: Workbench) -> None:
        super().__init__(page)
        self.page, self.trainings, self.bench = page, trainings, bench

    @contextmanager
    def refusals_shown(self) -> Iterator[None]:
        """What the user can mend becomes a line in the trainer's window; the rest surfaces."""
        try:
            yield
        except UserError as error:
            self.page.show_problem(error, self)
        else:
            self.page.problem_bar.withdraw(self)

    def complain(self, error: BaseException | None) -> None:
        """Tell why some work failed.

        Raises:
            BaseException: it is nothing that the user can mend.
        """
        if isinstance(error, UserError):
            self.page.show_problem(error, self)
        elif error is not None:
            raise error
