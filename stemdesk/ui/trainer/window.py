"""The trainer's window: songs, recipe, training, listening and result, one page each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from stemdesk.ui.dialogs.problem import ProblemBar
from stemdesk.ui.trainer.control_bar import ControlBar
from stemdesk.ui.trainer.listen_page import ListenPage
from stemdesk.ui.trainer.recipe_page import RecipePage
from stemdesk.ui.trainer.result_page import ResultPage
from stemdesk.ui.trainer.run_page import RunPage
from stemdesk.ui.trainer.songs_page import SongsPage

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from stemdesk.errors import UserError

SIZE = (1120, 780)


class TrainerWindow(QWidget):
    """See the module. Closing it ends nothing: a run goes on, and is in the list of jobs.

    Ctrl+PgUp and Ctrl+PgDown go from page to page, Ctrl+Return starts the training.

    Signals:
        closed(): it is not shown any more.

    Args:
        parent: the main window.

    Attributes:
        songs: the first page. ``recipe``, ``run``, ``listen`` and ``result`` are the others.
        control: the bar at the foot.
        guard_db: how far the recipe lets the reference set fall.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("trainer")
        self.setWindowTitle(self.tr("Train a model – StemDesk"))
        self.setAcceptDrops(True)
        self.resize(*SIZE)
        self.guard_db = 0.3
        self.problem_bar = ProblemBar(self)
        self.songs, self.recipe, self.run = SongsPage(), RecipePage(), RunPage()
        self.listen, self.result = ListenPage(), ResultPage()
        self.pages = QTabWidget()
        self.pages.setObjectName("trainerpages")
        self.pages.setAccessibleName(self.tr("Steps of the training"))
        for page, title in (
            (self.songs, self.tr("1  Songs")),
            (self.recipe, self.tr("2  Recipe")),
            (self.run, self.tr("3  Training")),
            (self.listen, self.tr("4  Listen")),
            (self.result, self.tr("5  Result")),
        ):
            self.pages.addTab(page, title)
        self.control = ControlBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.problem_bar)
        column.addWidget(self.pages, 1)
        column.addWidget(self.control)
        for keys, deed in (
            ("Ctrl+PgDown", lambda: self._turn(1)),
            ("Ctrl+PgUp", lambda: self._turn(-1)),
            ("Ctrl+Return", self.control.start),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(keys), self, deed)

    def show_problem(self, error: UserError, source: object = None) -> None:
        """Say what cannot be, and the remedy."""
        self.problem_bar.add(error, source)

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front."""
        self.pages.setCurrentWidget(page)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Songs may be dropped on any page."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """The first page takes them."""
        self.show_page(self.songs)
        self.songs.dropEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Hide; what was listened to falls silent."""
        self.closed.emit()
        event.accept()

    def _turn(self, by: int) -> None:
        self.pages.setCurrentIndex((self.pages.currentIndex() + by) % self.pages.count())
