"""The residual by octave: bars over frequency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip

from stemdesk.ui.panels.figures import frequency, level
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.panels.residual_scale import LEFT_PX, TOP_PX, paint_scale, share
from stemdesk.ui.theme import GRID_PX, SMALL_PX, text_font, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    Band = tuple[float, float, float | None]

HEIGHT_PX = 96
FOOT_PX = 16


class ResidualBands(Painted):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bands", "", parent)
        self.setAccessibleName(self.tr("Residual by octave"))
        self._bands: tuple[Band, ...] = ()
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bands(self, bands: Sequence[Band]) -> None:
        """(low Hz, high Hz, dBFS or None for silence) each."""
        self._bands = tuple(bands)
        self.setAccessibleDescription(". ".join(_told(band) for band in self._bands))
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Scale, bars, and the frequencies between them."""
        plot = self._plot()
        paint_scale(painter, plot)
        painter.setFont(text_font(SMALL_PX))
        free_from = plot.left()
        for place, (_, high_hz, level_db) in enumerate(self._bands):
            bar = self._bar(place)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().lane("residual"))
            height = plot.height() * share(level_db)
            painter.drawRect(
                QRectF(bar.left() + 1, plot.bottom() - height, bar.width() - 2, height)
            )
            if place < len(self._bands) - 1:
                free_from = self._paint_edge(painter, bar.right(), frequency(high_hz), free_from)

    def event(self, event: QEvent) -> bool:
        """Tell a band's level where the pointer rests."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for place, band in enumerate(self._bands):
                if self._bar(place).contains(QPointF(event.pos())):
                    QToolTip.showText(event.globalPos(), _told(band), self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def _paint_edge(self, painter: QPainter, x: float, text: str, free_from: float) -> float:
        """A tick, and its frequency unless the last one reaches too far; where there is room."""
        plot = self._plot()
        painter.setPen(QPen(theme().line, 1.0))
        painter.drawLine(QLineF(x, plot.bottom(), x, plot.bottom() + 3))
        width = painter.fontMetrics().horizontalAdvance(text)
        if x - width / 2 < free_from:
            return free_from
        painter.setPen(theme().dim)
        room = QRectF(x - 24, plot.bottom() + 2, 48, FOOT_PX - 2)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        return x + width / 2 + GRID_PX

    def _plot(self) -> QRectF:
        return QRectF(LEFT_PX, TOP_PX, self.width() - LEFT_PX - 2, self.height() - TOP_PX - FOOT_PX)

    def _bar(self, place: int) -> QRectF:
        plot = self._plot()
        width = plot.width() / max(1, len(self._bands))
        return QRectF(plot.left() + place * width, 0, width, self.height())


def _told(band: Band) -> str:
    low_hz, high_hz, level_db = band
    return f"{low_hz:.0f}–{high_hz:.0f} Hz: {level(level_db)}"
