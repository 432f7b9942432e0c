"""The songs of a library as a table: which are trained on, and what the doctor says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from stemdesk.ui.dialogs.tall_rows import TallRows
from stemdesk.ui.own_keys import OwnKeys
from stemdesk.ui.panels.figures import clock
from stemdesk.ui.theme import theme
from stemdesk.ui.trainer.verdict import REJECT, verdict_icon, verdict_word
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from stemdesk.app.training.songs import Song

_NAME, _VERDICT, _STEMS, _LENGTH = range(4)
_ORDER = Qt.ItemDataRole.UserRole


class SongTable(OwnKeys, QTreeWidget):
    """See the module. Space takes a song in or out.

    Signals:
        chosen_changed(): a song was taken in or out.
        song_shown(song): another row is current; None for none.

    Args:
        parent: the page.
    """

    chosen_changed = Signal()
    song_shown = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainersongs")
        self.setAccessibleName(self.tr("Songs to train on"))
        self.setHeaderLabels(
            [self.tr("Song"), self.tr("Verdict"), self.tr("Stems"), self.tr("Length")]
        )
        self.setRootIsDecorated(False)
        self.setAllColumnsShowFocus(True)
        self.setUniformRowHeights(True)
        self.setItemDelegate(TallRows(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_VERDICT, _STEMS, _LENGTH):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._songs: tuple[Song, ...] = ()
        self._rows: list[tuple[Song, QTreeWidgetItem]] = []
        self.itemChanged.connect(self._note_change)
        self.currentItemChanged.connect(lambda item, _: self.song_shown.emit(self._song_of(item)))

    @property
    def songs(self) -> tuple[Song, ...]:
        """All of them."""
        return self._songs

    @property
    def chosen(self) -> tuple[Song, ...]:
        """Those that are ticked."""
        return tuple(
            song for song, item in self._rows if item.checkState(_NAME) is Qt.CheckState.Checked
        )

    @property
    def current(self) -> Song | None:
        """The one whose row is current."""
        return self._song_of(self.currentItem())

    def show_songs(self, songs: Sequence[Song], left_out: frozenset[str] | None = None) -> None:
        """Show a library.

        Args:
            songs: all of it.
            left_out: names that are not ticked; None: those that the doctor rejects.
        """
        before = self.current.name if self.current else ""
        self.blockSignals(True)
        self.clear()
        self._songs, self._rows = tuple(songs), []
        for place, song in enumerate(songs):
            is_out = song.verdict == REJECT if left_out is None else song.name in left_out
            item = self._row(place, song, is_in=not is_out)
            self._rows.append((song, item))
            self.addTopLevelItem(item)
        self.blockSignals(False)
        names = [song.name for song in songs]
        at = names.index(before) if before in names else 0
        if songs:
            self.setCurrentItem(self._rows[at][1])
        self.song_shown.emit(self.current)
        self.chosen_changed.emit()

    def tick_all(self, *, on: bool) -> None:
        """Take all songs in that are fit, or none."""
        self.blockSignals(True)
        for song, item in self._rows:
            is_in = on and song.verdict != REJECT
            item.setCheckState(_NAME, Qt.CheckState.Checked if is_in else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        self.viewport().update()
        self.chosen_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Where there are no songs yet, how a folder of them looks."""
        super().paintEvent(event)
        if self.topLevelItemCount():
            return
        painter = QPainter(self.viewport())
        painter.setPen(theme().dim)
        told = self.tr(
            "A folder for each song, and in it a file for each stem:\n"
            "vocals, drums, bass and other, or names that say so,\n"
            "and the finished mix if there is one."
        )
        painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, told)

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Space, wherever in the row the focus is."""
        is_bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return self._turn if is_bare and event.key() == Qt.Key.Key_Space else None

    def _turn(self) -> None:
        item = self.currentItem()
        if item is not None:
            is_in = item.checkState(_NAME) is Qt.CheckState.Checked
            state = Qt.CheckState.Unchecked if is_in else Qt.CheckState.Checked
            item.setCheckState(_NAME, state)

    def _row(self, place: int, song: Song, *, is_in: bool) -> QTreeWidgetItem:
        stems = ", ".join(stem_title(stem) for stem in song.stems)
        word = verdict_word(song.verdict)
        item = QTreeWidgetItem([song.name, word, stems, clock(song.seconds)])
        item.setData(_NAME, _ORDER, place)
        item.setCheckState(_NAME, Qt.CheckState.Checked if is_in else Qt.CheckState.Unchecked)
        item.setIcon(_VERDICT, verdict_icon(song.verdict))
        item.setToolTip(_NAME, song.name)
        item.setToolTip(_STEMS, stems)
        item.setTextAlignment(_LENGTH, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(_NAME, Qt.ItemDataRole.AccessibleDescriptionRole, f"{word}, {stems}")
        return item

    def _note_change(self, _: QTreeWidgetItem, column: int) -> None:
        if column == _NAME:
            self.chosen_changed.emit()

    def _song_of(self, item: QTreeWidgetItem | None) -> Song | None:
        return None if item is None else self._songs[item.data(_NAME, _ORDER)]
