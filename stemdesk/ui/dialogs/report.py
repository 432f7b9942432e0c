"""The window for what nobody expected: one sentence, all details to copy, and on it goes."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

import stemdesk
from stemdesk.logs import with_log
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.details import DetailsBox
from stemdesk.ui.panels.labels import bold_font, paragraph
from stemdesk.ui.panels.reasons import sign
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from stemdesk.ui.dialogs.exception_hook import Failure

MOST_SHOWN = 20


class ReportWindow(QDialog):
    """See the module. Not modal: the program goes on behind it. Later failures join the first.

    Args:
        parent: the window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report")
        self.setWindowTitle(self.tr("Something unexpected happened"))
        self.setModal(False)
        self._failures: list[tuple[Failure, int]] = []
        self._sentence = paragraph("sentence")
        self._sentence.setFont(bold_font())
        self._remedy = paragraph(
            "remedy",
            self.tr("Your project is still open; what was being done may not have been "
                "finished. If it happens again, please copy the details into a report, with what "
                "you did."),
        )  # fmt: skip
        self._details = DetailsBox("failure", self, is_tall=True)
        self._go_on = plain_button("goon", self.tr("Go on"), self.tr("Close this window (Escape)"))
        self._go_on.clicked.connect(self.close)
        self._lay_out()
        self.resize(600, 420)

    @property
    def details(self) -> str:
        """What is copied."""
        return self._details.text

    @property
    def sentence(self) -> str:
        """What happened last."""
        return self._sentence.text()

    def add(self, failure: Failure) -> None:
        """Show a failure; the same one again is counted, until the window is closed."""
        if not self.isVisible():
            self._failures.clear()
        self._sentence.setText(failure.sentence)
        for place, (known, count) in enumerate(self._failures):
            if known.text == failure.text:
                self._failures[place] = (known, count + 1)
                break
        else:
            if len(self._failures) < MOST_SHOWN:
                self._failures.append((failure, 1))
        self._details.set_text(self._written())
        if not self.isVisible():
            self.show()
            self._go_on.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes on, as Escape does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def _written(self) -> str:
        parts = [_system()]
        for failure, count in self._failures:
            times = f" ({count} times)" if count > 1 else ""
            parts.append(f"In {failure.place}{times}:\n{failure.text.rstrip()}")
        return with_log("\n\n".join(parts))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GRID_PX)
        words.addWidget(self._sentence)
        words.addWidget(self._remedy)
        head = QHBoxLayout()
        head.setSpacing(3 * GRID_PX)
        head.addWidget(sign("warning", 32), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        column.addLayout(head)
        column.addWidget(self._details, 1)
        column.addLayout(foot)


def _system() -> str:
    python = sys.version.split()[0]
    return (
        f"StemDesk {stemdesk.__version__}, Python {python}, Qt {qVersion()}, {platform.platform()}"
    )
