"""Icons, drawn in the theme's colours at whatever size and scale they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap

from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[[QPainter], None]

UNITS = 24.0  # icons are drawn on a square of so many units
STROKE = 1.8


def icon(name: str) -> QIcon:
    """The icon of that name; it follows the theme.

    Raises:
        KeyError: there is none.
    """
    return QIcon(_Engine(name, _DRAWN[name]))


class _Engine(QIconEngine):
    def __init__(self, name: str, draw: Draw) -> None:
        super().__init__()
        self._name, self._draw = name, draw

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colours = theme()
        colour = colours.dim if mode is QIcon.Mode.Disabled else colours.text
        if state is QIcon.State.On:
            colour = colours.alarm if self._name == "record" else colours.accent
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(rect.width(), rect.height())
        painter.translate(
            rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2
        )
        painter.scale(side / UNITS, side / UNITS)
        painter.setPen(_pen(colour))
        painter.setBrush(colour)
        self._draw(painter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._draw)


def _pen(colour: QColor) -> QPen:
    pen = QPen(colour, STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _filled(painter: QPainter, points: list[tuple[float, float]]) -> None:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    path.closeSubpath()
    painter.drawPath(path)


def _line(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPointF(*point) for point in points])


def _play(painter: QPainter) -> None:
    _filled(painter, [(7, 5), (19, 12), (7, 19)])


def _pause(painter: QPainter) -> None:
    painter.drawRect(QRectF(6.5, 5.5, 3.5, 13))
    painter.drawRect(QRectF(14, 5.5, 3.5, 13))


def _stop(painter: QPainter) -> None:
    painter.drawRect(QRectF(6.5, 6.5, 11, 11))


def _to_start(painter: QPainter) -> None:
    _line(painter, (6, 5), (6, 19))
    painter.setBrush(painter.pen().color())
    _filled(painter, [(18, 6), (9, 12), (18, 18)])


def _to_end(painter: QPainter) -> None:
    _line(painter, (18, 5), (18, 19))
    painter.setBrush(painter.pen().color())
    _filled(painter, [(6, 6), (15, 12), (6, 18)])


def _loop(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath(QPointF(5, 13))
    path.arcTo(QRectF(5, 7, 8, 8), 180, -90)
    path.lineTo(18, 7)
    painter.drawPath(path)
    _line(painter, (15.5, 4.5), (18, 7), (15.5, 9.5))
    path = QPainterPath(QPointF(19, 11))
    path.arcTo(QRectF(11, 9, 8, 8), 0, -90)
    path.lineTo(6, 17)
    painter.drawPath(path)
    _line(painter, (8.5, 14.5), (6, 17), (8.5, 19.5))


def _record(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(12, 12), 5.5, 5.5)


def _open(painter: QPainter) -> None:
    _line(painter, (4, 18), (4, 6), (10, 6), (12, 8.5), (20, 8.5), (20, 18), (4, 18))


def _separate(painter: QPainter) -> None:
    """One line that parts into four."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for end in (4.5, 9.5, 14.5, 19.5):
        path = QPainterPath(QPointF(3, 12))
        path.cubicTo(10, 12, 9, end, 20, end)
        painter.drawPath(path)


def _export(painter: QPainter) -> None:
    _line(painter, (12, 15), (12, 4))
    _line(painter, (8, 8), (12, 4), (16, 8))
    _line(painter, (5, 14), (5, 19.5), (19, 19.5), (19, 14))


def _settings(painter: QPainter) -> None:
    for y, knob in ((6, 15), (12, 8), (18, 14)):
        _line(painter, (4, y), (20, y))
        painter.setBrush(theme().panel)
        painter.drawEllipse(QPointF(knob, y), 2.4, 2.4)


def _close(painter: QPainter) -> None:
    _line(painter, (7, 7), (17, 17))
    _line(painter, (17, 7), (7, 17))


def _retry(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()
    path.arcMoveTo(QRectF(5, 5, 14, 14), 60)
    path.arcTo(QRectF(5, 5, 14, 14), 60, -300)
    painter.drawPath(path)
    _line(painter, (15.5, 2.5), (15.5, 6.5), (11.5, 6.5))


def _up(painter: QPainter) -> None:
    _line(painter, (6, 15), (12, 9), (18, 15))


def _down(painter: QPainter) -> None:
    _line(painter, (6, 9), (12, 15), (18, 9))


def _tick(painter: QPainter) -> None:
    _line(painter, (5, 12.5), (10, 17.5), (19, 6.5))


def _warning(painter: QPainter) -> None:
    _line(painter, (12, 4), (21, 19.5), (3, 19.5), (12, 4))
    _line(painter, (12, 10), (12, 14.5))
    painter.drawPoint(QPointF(12, 17))


def _fold(painter: QPainter) -> None:
    _line(painter, (9, 6), (15, 12), (9, 18))


def _back(painter: QPainter) -> None:
    _line(painter, (15, 6), (9, 12), (15, 18))


def _remove(painter: QPainter) -> None:
    """A bin."""
    _line(painter, (4.5, 7), (19.5, 7))
    _line(painter, (9.5, 7), (9.5, 4.5), (14.5, 4.5), (14.5, 7))
    _line(painter, (6.5, 7), (7.5, 19.5), (16.5, 19.5), (17.5, 7))
    _line(painter, (10.3, 10.5), (10.6, 16))
    _line(painter, (13.7, 10.5), (13.4, 16))


def _copy(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(9, 9, 11, 11), 1.5, 1.5)
    _line(painter, (5.5, 15), (4, 15), (4, 4), (15, 4), (15, 5.5))


def _print(painter: QPainter) -> None:
    _line(painter, (7, 8.5), (7, 3.5), (17, 3.5), (17, 8.5))
    _line(painter, (7, 16), (4, 16), (4, 8.5), (20, 8.5), (20, 16), (17, 16))
    _line(painter, (7, 13.5), (17, 13.5), (17, 20.5), (7, 20.5), (7, 13.5))


def _search(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(10.5, 10.5), 5.8, 5.8)
    _line(painter, (15, 15), (20, 20))


def _note(painter: QPainter) -> None:
    """An i in a ring."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(12, 12), 8.5, 8.5)
    _line(painter, (12, 11), (12, 16.5))
    painter.drawPoint(QPointF(12, 7.8))


def _marker(painter: QPainter) -> None:
    """A flag."""
    _line(painter, (6, 20.5), (6, 4))
    painter.setBrush(painter.pen().color())
    _filled(painter, [(6, 4), (18, 7.5), (6, 11)])


def _drop(painter: QPainter) -> None:
    """An arrow into a tray."""
    _line(painter, (12, 4), (12, 15))
    _line(painter, (8, 11), (12, 15), (16, 11))
    _line(painter, (5, 14), (5, 19.5), (19, 19.5), (19, 14))


def _midi(painter: QPainter) -> None:
    """The five pins of a DIN socket."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(12, 12), 8.5, 8.5)
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y in ((7, 12.5), (8.6, 8.8), (12, 7.2), (15.4, 8.8), (17, 12.5)):
        painter.drawEllipse(QPointF(x, y), 1.3, 1.3)
    painter.drawRect(QRectF(10.3, 17.6, 3.4, 2.2))


def _app(painter: QPainter) -> None:
    """The program's own: four lanes that leave one line."""
    colours = [theme().lane(stem) for stem in ("vocals", "drums", "bass", "other")]
    for colour, end in zip(colours, (4.5, 9.5, 14.5, 19.5), strict=True):
        painter.setPen(QPen(colour, 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(QPointF(3, 12))
        path.cubicTo(10, 12, 9, end, 20.5, end)
        painter.drawPath(path)


_DRAWN: dict[str, Draw] = {
    "app": _app,
    "back": _back,
    "close": _close,
    "copy": _copy,
    "down": _down,
    "drop": _drop,
    "export": _export,
    "fold": _fold,
    "loop": _loop,
    "marker": _marker,
    "midi": _midi,
    "note": _note,
    "open": _open,
    "pause": _pause,
    "play": _play,
    "print": _print,
    "record": _record,
    "remove": _remove,
    "retry": _retry,
    "search": _search,
    "separate": _separate,
    "settings": _settings,
    "stop": _stop,
    "tick": _tick,
    "to_end": _to_end,
    "to_start": _to_start,
    "unfold": _down,
    "up": _up,
    "warning": _warning,
}
