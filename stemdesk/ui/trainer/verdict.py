"""The doctor's verdict as a traffic light: a shape and a word for each, not a colour alone."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPen, QPixmap, QPolygonF

from stemdesk.ui.theme import theme

translate = QCoreApplication.translate

PASS, FIXABLE, REJECT, NOTE = "pass", "fixable", "reject", "note"


def verdict_word(verdict: str) -> str:
    """The verdict in a word."""
    return {
        PASS: translate("Verdict", "pass"),
        FIXABLE: translate("Verdict", "fixable"),
        REJECT: translate("Verdict", "reject"),
        NOTE: translate("Verdict", "note"),
    }.get(verdict, verdict)


def verdict_icon(verdict: str) -> QIcon:
    """A green disc with a tick, an amber triangle, a red square with a cross; a grey ring."""
    return QIcon(_Light(verdict))


def verdict_colour(verdict: str) -> QColor:
    """The light's colour."""
    colours = theme()
    return {PASS: colours.good, FIXABLE: colours.mute, REJECT: colours.alarm}.get(
        verdict, colours.dim
    )


class _Light(QIconEngine):
    def __init__(self, verdict: str) -> None:
        super().__init__()
        self._verdict = verdict

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002 - Qt's
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(rect.width(), rect.height())
        painter.translate(
            rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2
        )
        painter.scale(side / 16.0, side / 16.0)
        _paint(painter, self._verdict)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Light(self._verdict)


def _paint(painter: QPainter, verdict: str) -> None:
    mark = QPen(theme().background, 1.8)
    mark.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(verdict_colour(verdict))
    if verdict == PASS:
        painter.drawEllipse(QPointF(8, 8), 7, 7)
        painter.setPen(mark)
        painter.drawPolyline([QPointF(4.8, 8.4), QPointF(7.2, 10.8), QPointF(11.4, 5.4)])
    elif verdict == FIXABLE:
        painter.drawPolygon(QPolygonF([QPointF(8, 1), QPointF(15.5, 14.5), QPointF(0.5, 14.5)]))
        painter.setPen(mark)
        painter.drawLine(QPointF(8, 6), QPointF(8, 10))
        painter.drawPoint(QPointF(8, 12.4))
    elif verdict == REJECT:
        painter.drawRoundedRect(1, 1, 14, 14, 2, 2)
        painter.setPen(mark)
        painter.drawLine(QPointF(5, 5), QPointF(11, 11))
        painter.drawLine(QPointF(11, 5), QPointF(5, 11))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(verdict_colour(verdict), 1.6))
        painter.drawEllipse(QPointF(8, 8), 5, 5)
