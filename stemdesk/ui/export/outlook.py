"""Whether the files will sum to the song, told before they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stemdesk.ui.icons import icon
from stemdesk.ui.panels.labels import bold_font, paragraph
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.panels.state_sign import paint_tick
from stemdesk.ui.theme import GRID_PX, theme
from stemdesk.ui.words import real_minus, said

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from stemdesk.app.exporting.null import NullForecast

SIDE_PX = 20
LEAST_HEIGHT_PX = 56  # for two lines of reasons, so that the dialog keeps its size
Kind = Literal["exact", "open", "unknown", "refused"]


class Outlook(QWidget):
    """See the module; also the place for what cannot be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outlook")
        self._sign = _Sign()
        self._word = paragraph("outlookword")
        self._word.setFont(bold_font())
        self._told = paragraph("outlooktold", is_dim=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._word)
        words.addWidget(self._told)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setMinimumHeight(LEAST_HEIGHT_PX)

    @property
    def kind(self) -> Kind:
        """What is shown."""
        return self._sign.kind

    @property
    def text(self) -> str:
        """In words."""
        return f"{self._word.text()} {self._told.text()}"

    def show_forecast(self, forecast: NullForecast) -> None:
        """What is to be expected."""
        words = {
            "exact": self.tr("Will null exactly"),
            "open": self.tr("Will not null"),
            "unknown": self.tr("May null exactly"),
        }
        told = [forecast.claim] if forecast.state == "exact" else list(forecast.reasons)
        told = [said(each) for each in told]
        self._show(forecast.state, words[forecast.state], " ".join(told))

    def show_refusal(self, problem: str, remedy: str = "") -> None:
        """What is asked for cannot be."""
        self._show("refused", problem, remedy)

    def _show(self, kind: Kind, word: str, told: str) -> None:
        self._sign.show_kind(kind)
        self._word.setText(word)
        self._told.setText(real_minus(told))
        self.setAccessibleName(word)
        self.setAccessibleDescription(told)


class _Sign(Painted):
    """A tick, a sign of inequality, a question mark, or a warning."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.kind: Kind = "unknown"
        self.setFixedSize(SIDE_PX, SIDE_PX)

    def show_kind(self, kind: Kind) -> None:
        self.kind = kind
        self.update()

    def paint(self, painter: QPainter) -> None:
        """The sign."""
        if self.kind == "exact":
            paint_tick(painter, self.rect())
        elif self.kind == "refused":
            icon("warning").paint(painter, self.rect())
        else:
            painter.setPen(QPen(theme().dim, 2.0))
            painter.setFont(bold_font(SIDE_PX - 2))
            sign = "≠" if self.kind == "open" else "?"
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, sign)
