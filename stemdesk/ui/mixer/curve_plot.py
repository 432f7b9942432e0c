"""Draws a curve: grid, line, and the ground it departs from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from stemdesk.ui.theme import SMALL_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from stemdesk.ui.mixer.curve import Curve, Line

_WORDS_WIDTH_PX, _WORDS_HEIGHT_PX = 28.0, 16.0


class CurvePlot(QWidget):
    """A picture of a curve; the numbers beside it say the same.

    Args:
        parent: the editor.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve: Curve | None = None
        self._is_bypassed = False
        self.setObjectName("curve")
        self.setAccessibleName(self.tr("Curve of the effect"))
        self.setFixedHeight(148)

    def show_curve(self, curve: Curve | None, *, is_bypassed: bool = False) -> None:
        """Draw another curve; dim while the effect is bypassed."""
        self._curve, self._is_bypassed = curve, is_bypassed
        self.setVisible(curve is not None)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide rather than high."""
        return QSize(260, 148)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """Ground, grid, line."""
        if self._curve is None:
            return
        painter, colours = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = QRectF(self.rect()).adjusted(_WORDS_WIDTH_PX, 4.0, -2.0, -_WORDS_HEIGHT_PX)
        painter.fillRect(field, colours.background)
        self._paint_grid(painter, field, self._curve)
        painter.setClipRect(field)
        line, rest = (_points(field, self._curve, y) for y in (self._curve.y, self._curve.rest))
        colour = colours.dim if self._is_bypassed else colours.accent
        between = QColor(colour)
        between.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(between)
        painter.drawPolygon(QPolygonF([*line, *reversed(rest)]))
        painter.setPen(QPen(colours.line, 1.0, Qt.PenStyle.DashLine))
        painter.drawPolyline(rest)
        painter.setPen(QPen(colour, 2.0))
        painter.drawPolyline(line)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def _paint_grid(self, painter: QPainter, field: QRectF, curve: Curve) -> None:
        colours = theme()
        painter.setFont(text_font(SMALL_PX))
        for place, words in curve.x_ticks:
            x = round(field.left() + place * field.width()) + 0.5
            painter.setPen(QPen(colours.line, 1.0))
            painter.drawLine(QLineF(x, field.top(), x, field.bottom()))
            painter.setPen(colours.dim)
            box = QRectF(x - 30.0, field.bottom(), 60.0, _WORDS_HEIGHT_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        for place, words in curve.y_ticks:
            y = round(field.bottom() - place * field.height()) + 0.5
            painter.setPen(QPen(colours.line, 1.0))
            painter.drawLine(QLineF(field.left(), y, field.right(), y))
            painter.setPen(colours.dim)
            box = QRectF(0.0, y - 8.0, _WORDS_WIDTH_PX - 4.0, 16.0)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(flags), words)
        corner = QRectF(field.left(), field.top() + 2.0, field.width() - 4.0, 14.0)
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight, curve.words)


def _points(field: QRectF, curve: Curve, heights: Line) -> list[QPointF]:
    return [
        QPointF(field.left() + x * field.width(), field.bottom() - y * field.height())
        for x, y in zip(curve.x.tolist(), heights.tolist(), strict=True)
    ]
