"""A chart of curves over training steps, which can be read with the pointer and the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip

from stemdesk.ui.own_keys import OwnKeys, is_plain
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.trainer.curves import Plot
from stemdesk.ui.trainer.scale import Axis, around, round_step, thinned, written
from stemdesk.ui.words import real_minus

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.ui.trainer.curves import Curve, Level

LEFT_PX, FOOT_PX, TOP_PX, NAMES_PX = 44, 20, 8, 140
LEAST_HEIGHT_PX = 128
NAME_HEIGHT_PX = 15
_X_TICK_PX, _Y_TICK_PX = 80, 32


class Chart(OwnKeys, Painted):
    """See the module.

    Args:
        name: object name.
        told: what it shows, for screen readers.
        unit: of the values.
        parent: the page.
    """

    def __init__(self, name: str, told: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, told, parent)
        self._plot, self._unit = Plot(), unit
        self._empty = ""
        self._across = self.tr("Step {step}")
        self._at: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.setMinimumWidth(240)

    @property
    def plot(self) -> Plot:
        """What is shown."""
        return self._plot

    def name_steps(self, across: str) -> None:
        """What its steps are, with a `{step}` for the number."""
        self._across = across

    def show_plot(self, plot: Plot, empty: str = "") -> None:
        """Show other curves.

        Args:
            plot: the curves.
            empty: what is said where there are none.
        """
        if plot == self._plot and empty == self._empty:
            return
        self._plot, self._empty = plot, empty
        self.setAccessibleDescription(self._last_told() or empty)
        self.update()

    def reading(self, step: float) -> str:
        """The values next to a step, one a line."""
        steps = [x for curve in self._plot.curves for x, _ in curve.points]
        if not steps:
            return ""
        nearest = min(steps, key=lambda x: abs(x - step))
        lines = [self._across.format(step=f"{nearest:.0f}")]
        for curve in self._plot.curves:
            found = [y for x, y in curve.points if x == nearest]
            if found and curve.name:
                lines.append(f"{curve.name}: {self._value(found[-1])}")
        return "\n".join(lines)

    def paint(self, painter: QPainter) -> None:
        """Ground, scales, levels, curves, and their names on the right."""
        field = self._field()
        painter.fillRect(field, theme().background)
        painter.setFont(text_font(SMALL_PX))
        if not self._plot.curves and not self._plot.levels:
            painter.setPen(theme().dim)
            painter.drawText(field, Qt.AlignmentFlag.AlignCenter, self._empty)
            return
        across, up = self._axes()
        self._paint_scales(painter, field, across, up)
        names = [self._paint_level(painter, field, up, level) for level in self._plot.levels]
        names += [
            self._paint_curve(painter, (across, up), curve)
            for curve in self._plot.curves
            if curve.points
        ]
        self._paint_names(painter, field, names)
        if self._at is not None:
            x = field.left() + across.share(self._at) * field.width()
            painter.setPen(QPen(theme().accent, 1.0))
            painter.drawLine(QLineF(x, field.top(), x, field.bottom()))

    def event(self, event: QEvent) -> bool:
        """Tell the values where the pointer rests; the arrow keys are the chart's own."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.reading(self._step_at(event.pos().x())), self)
            return True
        return super().event(event)

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Left, right, Home and End read the values out one after the other."""
        way = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Home: -(10**9),
            Qt.Key.Key_End: 10**9,
        }.get(Qt.Key(event.key()))
        if way is None or not is_plain(event):
            return None
        return lambda: self._read_on(way)

    def _read_on(self, by: int) -> None:
        steps = sorted({x for curve in self._plot.curves for x, _ in curve.points})
        if not steps:
            return
        at = steps[-1] if self._at is None else self._at
        here = min(range(len(steps)), key=lambda place: abs(steps[place] - at))
        here = min(len(steps) - 1, max(0, here + (by if self._at is not None else 0)))
        self._at = steps[here]
        told = self.reading(self._at)
        self.setAccessibleDescription(told.replace("\n", ", "))
        field = self._field()
        x = field.left() + self._axes()[0].share(self._at) * field.width()
        QToolTip.showText(self.mapToGlobal(QPointF(x, field.top()).toPoint()), told, self)
        self.update()

    def _axes(self) -> tuple[Axis, Axis]:
        points = [point for curve in self._plot.curves for point in curve.points]
        last = max([self._plot.last_step, 1, *(x for x, _ in points)])
        first = 0.0 if self._plot.last_step or not points else min(x for x, _ in points)
        heights = [y for _, y in points] + [level.value for level in self._plot.levels]
        return Axis(min(first, last - 1.0), float(last)), around(heights, least=0.2)

    def _field(self) -> QRectF:
        width = self.width() - LEFT_PX - NAMES_PX
        return QRectF(LEFT_PX, TOP_PX, max(1, width), self.height() - TOP_PX - FOOT_PX)

    def _step_at(self, x: float) -> float:
        field, across = self._field(), self._axes()[0]
        return across.low + (x - field.left()) / field.width() * (across.high - across.low)

    def _paint_scales(self, painter: QPainter, field: QRectF, across: Axis, up: Axis) -> None:
        line, dim = QPen(theme().line, 1.0), theme().dim
        ticks = up.ticks(int(field.height() // _Y_TICK_PX) or 1)
        step = ticks[1] - ticks[0] if len(ticks) > 1 else round_step(up.high - up.low)
        for value in ticks:
            y = round(field.bottom() - up.share(value) * field.height()) + 0.5
            painter.setPen(line)
            painter.drawLine(QLineF(field.left(), y, field.right(), y))
            painter.setPen(dim)
            room = QRectF(0, y - 8, LEFT_PX - 6, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, right, real_minus(written(value, step)))
        for value in across.ticks(int(field.width() // _X_TICK_PX) or 1):
            x = round(field.left() + across.share(value) * field.width()) + 0.5
            painter.setPen(line)
            painter.drawLine(QLineF(x, field.bottom(), x, field.bottom() + 3))
            painter.setPen(dim)
            room = QRectF(x - 40, field.bottom() + 4, 80, FOOT_PX - 4)
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, f"{value:.0f}")

    def _paint_level(
        self, painter: QPainter, field: QRectF, up: Axis, level: Level
    ) -> tuple[float, str, QColor]:
        y = field.bottom() - up.share(level.value) * field.height()
        pen = QPen(_colour(level.lane), 1.0, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(field.left(), y, field.right(), y))
        return y, level.name, theme().dim

    def _paint_curve(
        self, painter: QPainter, axes: tuple[Axis, Axis], curve: Curve
    ) -> tuple[float, str, QColor]:
        field, (across, up) = self._field(), axes
        colour = _colour(curve.lane)
        places = [
            QPointF(
                field.left() + across.share(x) * field.width(),
                field.bottom() - up.share(y) * field.height(),
            )
            for x, y in thinned(curve.points, max(1, int(field.width() / 2)))
        ]
        painter.setPen(QPen(colour, 1.8 if curve.name else 0.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(places))
        if curve.is_marked:
            painter.setBrush(colour)
            for place in places:
                painter.drawEllipse(place, 2.5, 2.5)
        if not curve.name:
            return places[-1].y(), "", colour
        last = curve.points[-1][1]
        return places[-1].y(), f"{curve.name} {self._value(last)}", theme().text

    def _paint_names(
        self, painter: QPainter, field: QRectF, names: list[tuple[float, str, QColor]]
    ) -> None:
        """Each beside its line, or as near as the others let it be."""
        metrics = QFontMetricsF(painter.font())
        names = [each for each in names if each[1]]
        heights = _apart([y for y, _, _ in names], field.top(), field.bottom())
        for (y, name, colour), height in zip(names, heights, strict=True):
            painter.setPen(QPen(theme().line, 1.0))
            painter.drawLine(QLineF(field.right(), y, field.right() + 8, height))
            painter.setPen(colour)
            room = QRectF(field.right() + 10, height - 8, NAMES_PX - 12, 16)
            cut = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)

    def _value(self, value: float) -> str:
        digits = "2f" if self._unit else "4g"
        return real_minus(f"{value:.{digits}}") + (f" {self._unit}" if self._unit else "")

    def _last_told(self) -> str:
        told = [
            f"{curve.name}: {self._value(curve.points[-1][1])}"
            for curve in self._plot.curves
            if curve.points and curve.name
        ]
        told += [f"{level.name}: {self._value(level.value)}" for level in self._plot.levels]
        return ", ".join(told)


def _colour(lane: str) -> QColor:
    colours = theme()
    named = {"accent": colours.accent, "alarm": colours.alarm}
    return named.get(lane) or colours.lane(lane)


def _apart(heights: list[float], top: float, bottom: float) -> list[float]:
    """Places for names, none on another, each as near to its own height as may be."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed = [0.0] * len(heights)
    before = top - NAME_HEIGHT_PX / 2
    for place in order:
        before = max(heights[place], before + NAME_HEIGHT_PX)
        placed[place] = before
    after = bottom + NAME_HEIGHT_PX / 2
    for place in reversed(order):
        after = min(placed[place], after - NAME_HEIGHT_PX)
        placed[place] = after
    return placed
