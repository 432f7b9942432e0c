"""The project's songs as tabs: chosen by a click, renamed by a double click, put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent


class SongTabs(QTabBar):
    """See the module; hidden while there is one song at most.

    Signals:
        song_chosen(track_id): to be shown.
        song_moved(track_id, index): dragged there; told once, when the tab is let go.
        rename_requested(track_id): by double click, or F2.

    Args:
        parent: the window.
    """

    song_chosen = Signal(str)
    song_moved = Signal(str, int)
    rename_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("songs")
        self.setAccessibleName(self.tr("Songs"))
        self.setToolTip(self.tr("Double click or F2: rename; drag: put in order"))
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setMovable(True)
        self.setVisible(False)
        self._dragged = ""
        self.tabMoved.connect(self._note_move)
        self.currentChanged.connect(lambda index: self.song_chosen.emit(self.song(index)))
        self.tabBarDoubleClicked.connect(lambda index: self._ask_name(index))

    def song(self, index: int) -> str:
        """The song of a tab; empty where there is none."""
        return self.tabData(index) or ""

    def show_songs(self, songs: Sequence[tuple[str, str]], current: str) -> None:
        """Show the project's songs, unless one is just being dragged.

        Args:
            songs: id and name of each, in their order.
            current: id of the one that is shown.
        """
        if self._dragged:
            return
        # A single & would become the line under a key.
        wanted = [(track_id, name.replace("&", "&&")) for track_id, name in songs]
        shown = [(self.song(index), self.tabText(index)) for index in range(self.count())]
        self.blockSignals(True)
        if wanted != shown:
            while self.count():
                self.removeTab(0)
            for track_id, text in wanted:
                self.setTabData(self.addTab(text), track_id)
        ids = [track_id for track_id, _ in songs]
        if current in ids:
            self.setCurrentIndex(ids.index(current))
        self.blockSignals(False)
        self.setVisible(len(songs) > 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """F2 renames."""
        if event.key() == Qt.Key.Key_F2:
            self._ask_name(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """What was dragged is where it is to be."""
        super().mouseReleaseEvent(event)
        track_id, self._dragged = self._dragged, ""
        ids = [self.song(index) for index in range(self.count())]
        if track_id in ids:
            self.song_moved.emit(track_id, ids.index(track_id))

    def _note_move(self, _origin: int, _place: int) -> None:
        # Others only make room for the one that is dragged, which is the current one.
        self._dragged = self.song(self.currentIndex())

    def _ask_name(self, index: int) -> None:
        if self.song(index):
            self.rename_requested.emit(self.song(index))
