"""The first page of the trainer: which songs, and whether they are fit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.drop_target import DropTarget
from stemdesk.ui.panels.figures import clock
from stemdesk.ui.panels.labels import Line, heading, paragraph
from stemdesk.ui.panels.progress_line import ProgressLine
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.trainer.findings import Findings, Light
from stemdesk.ui.trainer.song_picture import SongPicture
from stemdesk.ui.trainer.song_table import SongTable
from stemdesk.ui.trainer.verdict import FIXABLE, PASS, REJECT, verdict_word
from stemdesk.ui.words import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.app.training.songs import Song


class SongsPage(QWidget):
    """See the module.

    Signals:
        folder_chosen(folder): a library is to be looked at, `pathlib.Path`.
        cancel_requested(): no more of the check that runs.
        fix_requested(folder, names): repaired copies of songs, into a folder; of all fixable ones
            where `names` is empty.
        chosen_changed(): other songs are ticked.

    Args:
        parent: the window.
    """

    folder_chosen = Signal(object)
    cancel_requested = Signal()
    fix_requested = Signal(object, object)
    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("songspage")
        self.setAcceptDrops(True)
        self._folder: Path | None = None
        self._is_busy = False
        self._drop = DropTarget("librarydrop", self.tr("Drop a folder of songs in stems here"))
        self._drop.dropped.connect(self._take_drop)
        self._place = Line("library", self.tr("Folder of songs"))
        self._place.elide = Qt.TextElideMode.ElideMiddle
        self._choose = plain_button(
            "chooselibrary",
            self.tr("Choose folder…"),
            self.tr("A folder with a folder for each song, and its stems in it"),
            "open",
        )
        self._choose.clicked.connect(self._ask_folder)
        self._again = plain_button(
            "checkagain", self.tr("Check again"), self.tr("Look at the songs once more"), "retry"
        )
        self._again.clicked.connect(self._check_again)
        self._listen = QCheckBox(self.tr("Listen, too"))
        self._listen.setObjectName("listentoo")
        self._listen.setToolTip(
            self.tr("A model hears whether each stem is what it is called; this takes long")
        )
        self._bar = ProgressLine("checkprogress", self.tr("Progress of the check"))
        self._doing = Line("checkstage", self.tr("What is checked")).make_dim()
        self._cancel = plain_button("cancelcheck", self.tr("Cancel"), picture="close")
        self._cancel.clicked.connect(self.cancel_requested)
        self.table = SongTable()
        self.table.song_shown.connect(self._show_song)
        self.table.chosen_changed.connect(self._show_sums)
        self.table.chosen_changed.connect(self.chosen_changed)
        self._sums = QLabel()
        self._sums.setObjectName("librarysums")
        self._all = plain_button("tickall", self.tr("Take all"), self.tr("All that are fit"))
        self._all.clicked.connect(lambda: self.table.tick_all(on=True))
        self._none = plain_button("ticknone", self.tr("Take none"))
        self._none.clicked.connect(lambda: self.table.tick_all(on=False))
        self._fix_all = plain_button(
            "fixall",
            self.tr("Fix all into copies…"),
            self.tr("Write repaired copies of all fixable songs; the originals stay as they are"),
        )
        self._fix_all.clicked.connect(lambda: self._ask_fix(()))
        self._note = paragraph("songsnote", is_dim=True)
        self._light, self._title = Light(), Line("songtitle", self.tr("Song")).make_bold()
        self._word = QLabel()
        self._word.setObjectName("songverdict")
        self._picture, self._findings = SongPicture(), Findings()
        self._says = heading("", self.tr("What the doctor says"))
        self._nothing = paragraph("nofindings", self.tr("Nothing to say against it."), is_dim=True)
        self._fix = plain_button(
            "fixsong",
            self.tr("Fix into a copy…"),
            self.tr("Write a repaired copy of this song; the original stays as it is"),
        )
        self._fix.clicked.connect(self._fix_current)
        self._lay_out()
        self.show_check(None, 0.0, "")
        self._show_song(None)
        self._show_sums()

    @property
    def folder(self) -> Path | None:
        """The library; None before one was chosen."""
        return self._folder

    @property
    def listens(self) -> bool:
        """Whether a model is to hear if stems are what they are called."""
        return self._listen.isChecked()

    @property
    def chosen(self) -> tuple[Song, ...]:
        """The songs to train on."""
        return self.table.chosen

    def show_check(self, folder: Path | None, fraction: float, stage: str) -> None:
        """Show how far the check of a library is.

        Args:
            folder: that is looked at; None: nothing is being checked.
            fraction: 0 to 1.
            stage: what is being done.
        """
        self._is_busy = folder is not None
        if folder is not None:
            self._folder = folder
        for each in (self._bar, self._doing, self._cancel):
            each.setVisible(self._is_busy)
        self._bar.set_fraction(fraction)
        self._doing.set_text(said(stage))
        self._show_place()

    def show_songs(
        self, folder: Path, songs: Sequence[Song], left_out: frozenset[str] | None = None
    ) -> None:
        """Show a library that was checked; see :meth:`SongTable.show_songs`."""
        self._folder = folder
        self.tell("")
        self.show_check(None, 0.0, "")
        self.table.show_songs(songs, left_out)
        if songs:
            self.table.setFocus()

    def tell(self, text: str) -> None:
        """Say something about the songs that are shown."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def dragEnterEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """A folder may be dropped anywhere on the page."""
        self._drop.dragEnterEvent(event)  # type: ignore[arg-type]

    def dragLeaveEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """It is gone."""
        self._drop.dragLeaveEvent(event)  # type: ignore[arg-type]

    def dropEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Take it."""
        self._drop.dropEvent(event)  # type: ignore[arg-type]

    def _take_drop(self, paths: Sequence[Path]) -> None:
        folder = paths[0] if paths[0].is_dir() else paths[0].parent
        self.folder_chosen.emit(folder)

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder of songs in stems"), str(self._folder or "")
        )
        if name:
            self.folder_chosen.emit(Path(name))

    def _check_again(self) -> None:
        if self._folder is not None:
            self.folder_chosen.emit(self._folder)

    def _fix_current(self) -> None:
        song = self.table.current
        if song is not None:
            self._ask_fix((song.name,))

    def _ask_fix(self, names: tuple[str, ...]) -> None:
        beside = self._folder.parent if self._folder else Path()
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for the repaired copies"), str(beside)
        )
        if name:
            self.fix_requested.emit(Path(name), names)

    def _show_place(self) -> None:
        told = self.tr("Drop a folder of songs in stems here, or choose one.")
        self._place.set_text(str(self._folder) if self._folder else told)
        self._again.setVisible(self._folder is not None)
        for each in (self._choose, self._again, self._fix, self._fix_all):
            each.setEnabled(not self._is_busy)

    def _show_sums(self) -> None:
        songs, chosen = self.table.songs, self.table.chosen
        counts = Counter(str(song.verdict) for song in songs)
        told = [
            f"{counts[verdict]} {verdict_word(verdict)}"
            for verdict in (PASS, FIXABLE, REJECT)
            if counts[verdict]
        ]
        length = clock(sum(song.seconds for song in chosen))
        taken = self.tr("{count} of {all} songs taken, {length}").format(
            count=len(chosen), all=len(songs), length=length
        )
        self._sums.setText(f"{taken} · {', '.join(told)}" if songs else "")
        for each in (self._all, self._none):
            each.setVisible(bool(songs))
        self._fix_all.setVisible(counts[FIXABLE] > 1)

    def _show_song(self, song: Song | None) -> None:
        self._title.set_text(song.name if song else self.tr("No song is chosen"))
        self._light.setVisible(song is not None)
        self._says.setVisible(song is not None)
        self._light.set_verdict(song.verdict if song else PASS)
        self._word.setText(verdict_word(song.verdict) if song else "")
        self._picture.show_song(song)
        self._findings.show_findings(song.findings if song else ())
        self._nothing.setVisible(song is not None and not song.findings)
        self._fix.setVisible(song is not None and song.verdict == FIXABLE)

    def _lay_out(self) -> None:
        across = QHBoxLayout(self._drop)
        across.setContentsMargins(4 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        across.setSpacing(2 * GRID_PX)
        across.addWidget(self._place, 1)
        across.addWidget(self._listen)
        across.addWidget(self._again)
        across.addWidget(self._choose)
        check = QHBoxLayout()
        check.setSpacing(2 * GRID_PX)
        words = QVBoxLayout()
        words.addWidget(self._bar)
        words.addWidget(self._doing)
        check.addLayout(words, 1)
        check.addWidget(self._cancel)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 2 * GRID_PX, 0)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._all)
        foot.addWidget(self._none)
        foot.addWidget(self._fix_all)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addWidget(self._sums)
        column.addWidget(self._note)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(left)
        halves.addWidget(self._side())
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        halves.setSizes([640, 420])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        whole.setSpacing(2 * GRID_PX)
        whole.addWidget(self._drop)
        whole.addLayout(check)
        whole.addWidget(halves, 1)

    def _side(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(2 * GRID_PX)
        head.addWidget(self._light)
        head.addWidget(self._title, 1)
        head.addWidget(self._word)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(3 * GRID_PX, 0, GRID_PX, 0)
        column.setSpacing(2 * GRID_PX)
        column.addLayout(head)
        column.addWidget(self._picture)
        column.addWidget(self._says)
        column.addWidget(self._nothing)
        column.addWidget(self._findings)
        row = QHBoxLayout()
        row.addWidget(self._fix)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area
