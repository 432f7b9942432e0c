"""What the user can mend, as a bar in the main window: nothing is interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stemdesk.ui.own_keys import OwnKeys
from stemdesk.ui.panels.buttons import FoldButton, icon_button, plain_button
from stemdesk.ui.panels.details import DetailsBox
from stemdesk.ui.panels.job_words import details, explained
from stemdesk.ui.panels.labels import bold_font, paragraph
from stemdesk.ui.panels.reasons import sign
from stemdesk.ui.theme import GRID_PX, SMALL_PX, text_font, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from stemdesk.errors import UserError


class ProblemBar(OwnKeys, QWidget):
    """See the module. Hidden while there is nothing to say; several problems queue up.

    Escape, with the focus in it, closes the problem that is shown.

    Signals:
        emptied(): the last one was closed.

    Args:
        parent: the window; the bar belongs above everything else in it.
    """

    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setAccessibleName(self.tr("Problem"))
        self._waiting: list[UserError] = []
        self._sources: dict[int, object] = {}
        self._problem = paragraph("problem")
        self._problem.setFont(bold_font())
        self._remedy = paragraph("remedy")
        self._more = QLabel()
        self._more.setObjectName("more")
        self._more.setFont(text_font(SMALL_PX))
        self._fold = FoldButton("problemdetails", self.tr("Details"))
        self._fold.toggled.connect(self._fold_details)
        self._box = DetailsBox("problembox")
        self._next = plain_button("nextproblem", self.tr("Next"), self.tr("Show the next problem"))
        self._next.clicked.connect(self.dismiss)
        self._close = icon_button("closeproblem", "close", self.tr("Close (Escape)"))
        self._close.clicked.connect(self.dismiss)
        self._lay_out()
        self.hide()

    @property
    def problems(self) -> tuple[UserError, ...]:
        """What is shown, and what waits behind it."""
        return tuple(self._waiting)

    def add(self, error: UserError, source: object = None) -> None:
        """Tell of a problem; one that is there already is not told twice.

        Args:
            error: the problem.
            source: what refused; see :meth:`withdraw`.
        """
        if any(str(each) == str(error) for each in self._waiting):
            return
        self._waiting.append(error)
        self._sources[id(error)] = source
        self._show()

    def withdraw(self, source: object) -> None:
        """What this source refused last is over: the user has gone on with something else."""
        left = [each for each in self._waiting if self._sources[id(each)] is not source]
        if len(left) < len(self._waiting):
            self._waiting = left
            self._go_on()

    def dismiss(self) -> None:
        """Close the problem that is shown; the next one takes its place."""
        if self._waiting:
            self._waiting.pop(0)
            self._go_on()

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        return self.dismiss if event.key() == Qt.Key.Key_Escape else None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """An amber ground with a bar on its left."""
        painter = QPainter(self)
        colours = theme()
        painter.fillRect(self.rect(), colours.panel)
        tint = QColor(colours.mute)
        tint.setAlphaF(0.16)
        painter.fillRect(self.rect(), tint)
        painter.fillRect(QRectF(0, 0, GRID_PX, self.height()), colours.mute)
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _go_on(self) -> None:
        kept = {id(each) for each in self._waiting}
        self._sources = {key: source for key, source in self._sources.items() if key in kept}
        self._fold.setChecked(False)
        self._show()
        if not self._waiting:
            self.emptied.emit()

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        error = self._waiting[0]
        problem, remedy = explained(error)
        self._problem.setText(problem)
        self._remedy.setText(remedy)
        self.setAccessibleDescription(f"{problem} {remedy}")
        behind = len(self._waiting) - 1
        self._more.setText(self.tr("1 more") if behind == 1 else self.tr("{0} more").format(behind))
        self._more.setVisible(behind > 0)
        self._next.setVisible(behind > 0)
        self._fold_details(self._fold.isChecked())

    def _fold_details(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if on and self._waiting:
            self._box.set_text(details(self._waiting[0]))
        self._box.setVisible(on)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._problem)
        words.addWidget(self._remedy)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID_PX)
        row.addWidget(sign("warning", 20), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        for each in (self._fold, self._more, self._next, self._close):
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(row)
        column.addWidget(self._box)
