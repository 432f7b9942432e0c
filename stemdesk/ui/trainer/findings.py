"""What the doctor says of a song, one sentence below the other, each with its light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.trainer.verdict import verdict_icon, verdict_word
from stemdesk.ui.word_table import LANGUAGE
from stemdesk.ui.words import real_minus, said, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from stemdesk.app.training.songs import Finding

LIGHT_PX = 16


class Light(Painted):
    """A verdict's light beside a text.

    Args:
        verdict: `pass`, `fixable`, `reject` or `note`.
        parent: the row.
    """

    def __init__(self, verdict: str = "note", parent: QWidget | None = None) -> None:
        super().__init__("", verdict_word(verdict), parent)
        self._verdict = verdict
        self.setFixedSize(LIGHT_PX, LIGHT_PX)

    def set_verdict(self, verdict: str) -> None:
        """Another one."""
        self._verdict = verdict
        self.setAccessibleName(verdict_word(verdict))
        self.setToolTip(verdict_word(verdict))
        self.update()

    def paint(self, painter: QPainter) -> None:
        """The light."""
        verdict_icon(self._verdict).paint(painter, self.rect())


def _told(text: str) -> str:
    """In the user's language; the doctor itself speaks English."""
    return text if word(LANGUAGE) == LANGUAGE else said(text)


class Findings(QWidget):
    """See the module.

    Args:
        parent: the page.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findings")
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show others."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(place, finding) for place, finding in enumerate(findings)]
        for row in self._rows:
            self._column.addWidget(row)

    def _row(self, place: int, finding: Finding) -> QWidget:
        row = QWidget(self)
        light = Light(finding.verdict)
        light.setToolTip(verdict_word(finding.verdict))
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(2 * GRID_PX)
        across.addWidget(light, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(paragraph(f"finding:{place}", real_minus(_told(finding.text))), 1)
        return row
