"""Sentences one below the other, each with a sign before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stemdesk.ui.icons import icon
from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

SIDE_PX = 16


class Reasons(QWidget):
    """See the module; hidden where there are none.

    Args:
        name: object name.
        picture: the sign's icon.
    """

    def __init__(self, name: str, picture: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._picture = picture
        self._labels: list[QLabel] = []
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is shown."""
        return tuple(
            label.text()
            for label, row in zip(self._labels, self._rows, strict=True)
            if not row.isHidden()
        )

    def show_sentences(self, sentences: Sequence[str]) -> None:
        """Show others."""
        while len(self._rows) < len(sentences):
            self._add()
        for place, (label, row) in enumerate(zip(self._labels, self._rows, strict=True)):
            label.setText(sentences[place] if place < len(sentences) else "")
            row.setVisible(place < len(sentences))
        self.setVisible(bool(sentences))

    def _add(self) -> None:
        row = QWidget(self)
        label = paragraph(f"{self.objectName()}:{len(self._rows)}")
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GRID_PX)
        across.addWidget(sign(self._picture, SIDE_PX), 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(label, 1)
        self._column.addWidget(row)
        self._rows.append(row)
        self._labels.append(label)


class _Sign(Painted):
    def __init__(self, picture: str, side_px: int) -> None:
        super().__init__("", "")
        self._picture = picture
        self.setFixedSize(side_px, side_px)

    def paint(self, painter: QPainter) -> None:
        icon(self._picture).paint(painter, self.rect())


def sign(picture: str, side_px: int) -> QWidget:
    """An icon that stands beside a text."""
    return _Sign(picture, side_px)
