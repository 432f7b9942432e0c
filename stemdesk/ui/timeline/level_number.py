"""A level as a number that can be typed after a double click."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from stemdesk.mixing.parameters import MAX_LEVEL_DB, SILENT_DB
from stemdesk.ui.theme import SMALL_PX, TARGET_PX, text_font
from stemdesk.ui.timeline.typing_line import TypingLine
from stemdesk.ui.words import MINUS, level_text

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

_WIDTH_PX = 60


class LevelNumber(QLabel):
    """Shows `-3.0 dB`; a double click opens a field for another.

    Args:
        parent: a lane's header.
    """

    typed = Signal(float)  # dB

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(text_font(SMALL_PX))
        # Fixed both ways, or Qt lays the header out anew at every number.
        self.setFixedSize(_WIDTH_PX, TARGET_PX)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setToolTip(self.tr("Double click: type a level in dB"))

    def show_level(self, level_db: float) -> None:
        """Show a level."""
        self.setText(level_text(level_db))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        """Open the field."""
        text = self.text().replace(MINUS, "-").removesuffix(" dB")
        line = TypingLine(text, self.tr("Level in dB"), self.rect(), self)
        line.typed.connect(self._take)

    def _take(self, text: str) -> None:
        level_db = typed_level(text)
        if level_db is not None:
            self.typed.emit(level_db)


def typed_level(text: str) -> float | None:
    """What somebody meant: `-3`, `+1,5 dB`, `-inf`; None for what is no level."""
    plain = text.strip().lower().removesuffix("db").strip()
    plain = plain.replace(MINUS, "-").replace(",", ".").replace("\N{INFINITY}", "inf")
    try:
        level_db = float(plain)
    except ValueError:
        return None
    if math.isnan(level_db):
        return None
    return -math.inf if level_db < SILENT_DB else min(MAX_LEVEL_DB, level_db)
