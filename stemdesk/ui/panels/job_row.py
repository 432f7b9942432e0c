"""One row of the list of jobs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stemdesk.jobs.job import JobState
from stemdesk.ui.own_keys import OwnKeys
from stemdesk.ui.panels.buttons import FoldButton, give_role, icon_button, plain_button
from stemdesk.ui.panels.details import DetailsBox
from stemdesk.ui.panels.job_words import JobWords, details, job_words
from stemdesk.ui.panels.labels import Line, paragraph
from stemdesk.ui.panels.progress_line import ProgressLine
from stemdesk.ui.panels.state_sign import StateSign
from stemdesk.ui.ring import paint_ring
from stemdesk.ui.theme import GRID_PX, SMALL_PX, text_font, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QToolButton

    from stemdesk.ui.panels.job_words import Row

_RETRIED = (JobState.FAILED, JobState.CANCELLED)


class JobRow(OwnKeys, QWidget):
    """A job: title, progress, buttons; below them what went wrong and what is to be known.

    The buttons keep their places and change what they do, so that nothing jumps under the
    pointer and the focus stays where it is. Keys: Space pauses, goes on or tries again; Delete
    cancels, or removes what has ended; Ctrl+Up and Ctrl+Down move.

    Args:
        job_id: of the entry.
        parent: the list.
    """

    pause_requested = Signal(int)
    resume_requested = Signal(int)
    cancel_requested = Signal(int)
    retry_requested = Signal(int)
    remove_requested = Signal(int)
    up_requested = Signal(int)
    down_requested = Signal(int)
    folder_requested = Signal(str)  # of what it has written
    stepped = Signal(int, int)  # the focus wants to go: id, -1 up or 1 down

    def __init__(self, job_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job_id = job_id
        self._words: JobWords | None = None
        self._error: BaseException | None = None
        self.setObjectName(f"job:{job_id}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sign = StateSign(f"sign:{job_id}", self)
        self._title = Line(f"title:{job_id}", self.tr("Title"), self).make_bold()
        self._standing = _figure(f"standing:{job_id}")
        self._bar = ProgressLine(f"bar:{job_id}", self.tr("Progress"), self)
        self._doing = Line(f"doing:{job_id}", self.tr("Stage"), self).make_dim()
        self._left = _figure(f"left:{job_id}", SMALL_PX)
        self._folder = Line(f"folder:{job_id}", self.tr("Folder"), self).make_dim()
        self._open = plain_button(f"open:{job_id}", self.tr("Open folder"), picture="open")
        self._problem = paragraph(f"problem:{job_id}")
        self._remedy = paragraph(f"remedy:{job_id}", is_dim=True)
        self._up = icon_button(f"up:{job_id}", "up", self.tr("Earlier (Ctrl+Up)"), self)
        self._down = icon_button(f"down:{job_id}", "down", self.tr("Later (Ctrl+Down)"), self)
        self._go = icon_button(f"go:{job_id}", "pause", self.tr("Pause (Space)"), self)
        self._end = icon_button(f"end:{job_id}", "close", self.tr("Cancel (Delete)"), self)
        self._details = FoldButton(f"details:{job_id}", self.tr("Details"), self)
        self._details_box = DetailsBox(f"detailsbox:{job_id}", self)
        self._notes = FoldButton(f"notes:{job_id}", "", self)
        self._notes_text = paragraph(f"notestext:{job_id}", is_dim=True)
        self._wire()
        self._lay_out()

    @property
    def words(self) -> JobWords | None:
        """What is shown now."""
        return self._words

    def show_entry(self, row: Row) -> None:
        """Show the job as it stands; what has not changed is left alone."""
        self._error = row.error
        words, before = job_words(row), self._words
        if words == before:
            return
        self._words = words
        self._title.set_text(words.title)
        _say(self._standing, words.standing)
        self._doing.set_text(words.doing)
        _say(self._left, words.left)
        self._bar.set_fraction(words.fraction, rests=words.state is not JobState.RUNNING)
        told = ", ".join(part for part in (words.doing, words.standing, words.left) if part)
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(told)
        if before is None or (before.state, before.can_move) != (words.state, words.can_move):
            self._show_state(words)
        if before is None or (before.problem, before.remedy) != (words.problem, words.remedy):
            self._show_problem(words)
        if before is None or before.notes != words.notes:
            self._show_notes(words.notes)
        if before is None or before.folder != words.folder:
            self._folder.set_text(words.folder)
            self._folder.setVisible(bool(words.folder))
            self._open.setVisible(bool(words.folder))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """A hair line below, and the focus ring."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().line)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_ring(painter, QRectF(self.rect()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the ring."""
        self.update()
        super().focusInEvent(event)

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            button, by = (self._up, -1) if key is Qt.Key.Key_Up else (self._down, 1)
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return partial(self.stepped.emit, self.job_id, by)
            return None if button.isHidden() else button.click
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        if key is Qt.Key.Key_Space:
            return None if self._go.isHidden() else self._go.click
        return self._end.click if key is Qt.Key.Key_Delete else None

    def _wire(self) -> None:
        self._up.clicked.connect(lambda: self.up_requested.emit(self.job_id))
        self._down.clicked.connect(lambda: self.down_requested.emit(self.job_id))
        self._go.clicked.connect(self._go_on)
        self._end.clicked.connect(self._bring_to_end)
        self._open.clicked.connect(lambda: self.folder_requested.emit(self._folder.text))
        self._notes.toggled.connect(self._notes_text.setVisible)
        self._details.toggled.connect(self._fold_details)

    def _go_on(self) -> None:
        state = self._words.state if self._words else JobState.RUNNING
        if state in _RETRIED:
            self.retry_requested.emit(self.job_id)
        elif state is JobState.PAUSED:
            self.resume_requested.emit(self.job_id)
        else:
            self.pause_requested.emit(self.job_id)

    def _bring_to_end(self) -> None:
        if self._words is not None and self._words.state.has_ended:
            self.remove_requested.emit(self.job_id)
        else:
            self.cancel_requested.emit(self.job_id)

    def _show_state(self, words: JobWords) -> None:
        state = words.state
        self._sign.set_state(state)
        self._bar.setVisible(not state.has_ended)
        self._set_shown(self._up, on=words.can_move)
        self._set_shown(self._down, on=words.can_move)
        self._set_shown(self._go, on=state is not JobState.DONE)
        if state in _RETRIED:
            give_role(self._go, "retry", self.tr("Try again (Space)"))
        elif state is JobState.PAUSED:
            give_role(self._go, "play", self.tr("Go on (Space)"))
        else:
            give_role(self._go, "pause", self.tr("Pause (Space)"))
        if state.has_ended:
            give_role(self._end, "remove", self.tr("Remove from the list (Delete)"))
        else:
            give_role(self._end, "close", self.tr("Cancel (Delete)"))

    def _set_shown(self, button: QToolButton, *, on: bool) -> None:
        """Show or hide a button; a focus on it goes to the row, not out of the list."""
        if not on and button.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        button.setVisible(on)

    def _show_problem(self, words: JobWords) -> None:
        has_failed = bool(words.problem)
        self._problem.setText(words.problem)
        self._remedy.setText(words.remedy)
        for each in (self._problem, self._remedy, self._details):
            each.setVisible(has_failed)
        if not has_failed:
            self._details.setChecked(False)
        self._fold_details(self._details.isChecked())

    def _fold_details(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if on:
            self._details_box.set_text(details(self._error))
        self._details_box.setVisible(on)

    def _show_notes(self, notes: tuple[str, ...]) -> None:
        self._notes.say(
            self.tr("1 note") if len(notes) == 1 else self.tr("{0} notes").format(len(notes))
        )
        self._notes.setVisible(bool(notes))
        self._notes_text.setText("\n".join(notes))
        self._notes_text.setVisible(bool(notes) and self._notes.isChecked())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        head.addWidget(self._standing)
        for button in (self._up, self._down, self._go, self._end):
            head.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(2 * GRID_PX)
        foot.addWidget(self._doing, 1)
        foot.addWidget(self._left)
        folds = QHBoxLayout()
        folds.setSpacing(GRID_PX)
        folds.addWidget(self._details)
        folds.addWidget(self._notes)
        folds.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addLayout(foot)
        written = QHBoxLayout()
        written.setSpacing(GRID_PX)
        written.addWidget(self._folder, 1)
        written.addWidget(self._open)
        column.addLayout(written)
        column.addWidget(self._problem)
        column.addWidget(self._remedy)
        column.addLayout(folds)
        column.addWidget(self._notes_text)
        column.addWidget(self._details_box)


def _figure(name: str, size_px: int = 0) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setFont(text_font(size_px) if size_px else text_font())
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
