"""An automation row: its course, its points, and the value in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF, Qt

from stemdesk.mixing.addresses import get
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.timeline import curve
from stemdesk.ui.timeline.hits import curve_y
from stemdesk.ui.timeline.ticks import clock
from stemdesk.ui.timeline.wording import value_text

if TYPE_CHECKING:
    from stemdesk.mixing.parameters import Parameter
    from stemdesk.mixing.settings import Point
    from stemdesk.ui.timeline.scene import Row, Scene

_STEP_PX = 3
_DENSE_PX = 3.0  # points nearer to one another than this are not drawn one by one


def draw_curve(painter: QPainter, scene: Scene, row: Row, places: tuple[QRect, QRect]) -> None:
    """The row; `places` are its area and what is to be painted."""
    area, clip = places
    parameter = scene.parameter(row.address)
    if parameter is None or scene.track is None:
        return
    default = area.top() + round(curve_y(row, parameter.to_travel(parameter.default)))
    painter.fillRect(QRect(clip.left(), default, clip.width(), 1), theme().line)
    points = scene.points(row.address)
    if points:
        _draw_course(painter, scene, row, parameter, (area, clip))
        _draw_points(painter, scene, row, parameter, (area, clip))
        return
    painter.setPen(QPen(theme().dim, 1.5, Qt.PenStyle.DashLine))
    travel = parameter.to_travel(get(scene.track.mix, row.address))
    y = area.top() + curve_y(row, travel)
    # From the left edge always, so that the dashes meet when only a part is painted.
    painter.drawLine(QPointF(0, y), QPointF(area.right(), y))


def _draw_course(
    painter: QPainter, scene: Scene, row: Row, parameter: Parameter, places: tuple[QRect, QRect]
) -> None:
    area, clip = places
    left, right = clip.left() - 4, clip.right() + 5
    first, end = (scene.view.frame_at(x) / scene.sample_rate for x in (left, right))
    count = (right - left) // _STEP_PX + 2
    seconds, travels = curve.line(scene.points(row.address), parameter, first, end, count)
    line = QPolygonF()
    for time, travel in zip(seconds.tolist(), travels.tolist(), strict=True):
        x = scene.view.x(time * scene.sample_rate)
        line.append(QPointF(x, area.top() + curve_y(row, travel)))
    painter.setPen(QPen(theme().lane(row.lane), 1.5))
    painter.drawPolyline(line)


def _draw_points(
    painter: QPainter, scene: Scene, row: Row, parameter: Parameter, places: tuple[QRect, QRect]
) -> None:
    area, clip = places
    last_x = -1e9
    for index, point in enumerate(scene.points(row.address)):
        x = scene.view.x(point.seconds * scene.sample_rate)
        held = scene.picked == (row.address, index) or scene.preview.point == index
        if not clip.left() - 240 <= x <= clip.right() + 240:
            continue
        if abs(x - last_x) < _DENSE_PX and not held:
            continue
        last_x = x
        y = area.top() + curve_y(row, parameter.to_travel(point.value))
        painter.setPen(QPen(theme().accent if held else theme().lane(row.lane), 2))
        painter.setBrush(theme().panel)
        side = 8.0 if held else 6.0
        painter.drawEllipse(QPointF(x, y), side / 2, side / 2)
        if held and scene.preview.address == row.address:
            _tell(painter, scene, parameter, point, QPointF(x, y), area)


def _tell(
    painter: QPainter,
    scene: Scene,
    parameter: Parameter,
    point: Point,
    at: QPointF,
    area: QRect,
) -> None:
    text = f"{value_text(parameter, point.value)}   {clock(point.seconds)}"
    painter.setFont(text_font(SMALL_PX))
    width = painter.fontMetrics().horizontalAdvance(text) + 12
    right_of = at.x() + 10 + width < scene.view.width_px
    left = at.x() + 10 if right_of else at.x() - 10 - width
    top = min(max(at.y() - 10, area.top() + 2.0), area.bottom() - 22.0)
    box = QRectF(left, top, width, 20)
    painter.setPen(QPen(theme().line, 1))
    painter.setBrush(theme().raised)
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(theme().text)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
