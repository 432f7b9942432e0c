"""The residual by second: click to hear where it is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip

from stemdesk.ui.own_keys import OwnKeys
from stemdesk.ui.panels.figures import clock, level
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.panels.residual_scale import LEFT_PX, TOP_PX, paint_scale, share
from stemdesk.ui.theme import SMALL_PX, text_font, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

HEIGHT_PX = 84
FOOT_PX = 16
PAGE_SECONDS = 10
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -PAGE_SECONDS,
    Qt.Key.Key_PageDown: PAGE_SECONDS,
}


class ResidualStrip(OwnKeys, Painted):
    """See the module. Arrows, Page, Home and End choose a second, Enter or Space jumps there."""

    jump_requested = Signal(float)  # seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("seconds", "", parent)
        self.setAccessibleName(self.tr("Residual by second"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._levels: tuple[float | None, ...] = ()
        self._chosen = 0
        self._start_seconds = 0.0
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def chosen_second(self) -> int:
        """Where the keys stand."""
        return self._chosen

    def show_levels(
        self, levels: Sequence[float | None], worst: int | None, start_seconds: float = 0.0
    ) -> None:
        """Show the residual.

        Args:
            levels: dBFS of each second, None for silence.
            worst: the second at which the keys begin.
            start_seconds: of the song, where the first of these seconds begins.
        """
        self._levels, self._start_seconds = tuple(levels), start_seconds
        self._choose(worst or 0)

    def paint(self, painter: QPainter) -> None:
        """Scale, a bar for each second or pixel, the chosen second, times."""
        plot = self._plot()
        paint_scale(painter, plot)
        painter.setRenderHint(painter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().lane("residual"))
        for left, right, level_db in self._bars(plot):
            height = plot.height() * share(level_db)
            painter.drawRect(QRectF(left, plot.bottom() - height, right - left, height))
        painter.setRenderHint(painter.RenderHint.Antialiasing, True)
        self._paint_times(painter, plot)
        if self.hasFocus() and self._levels:
            x = plot.left() + plot.width() * (self._chosen + 0.5) / len(self._levels)
            painter.setPen(QPen(theme().accent, 2.0))
            painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))

    def event(self, event: QEvent) -> bool:
        """Tell a second's level where the pointer rests; its keys are its own."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._levels:
            told = self._told(self._second_at(event.pos().x()))
            QToolTip.showText(event.globalPos(), told + self.tr(" (click to go there)"), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Jump there."""
        if event.button() is Qt.MouseButton.LeftButton and self._levels:
            self._choose(self._second_at(event.position().x()))
            self.jump_requested.emit(self._start_seconds + self._chosen)

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        if key in _STEPS:
            return partial(self._choose, self._chosen + _STEPS[key])
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            end = 0 if key is Qt.Key.Key_Home else len(self._levels) - 1
            return partial(self._choose, end)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._levels:
            return partial(self.jump_requested.emit, self._start_seconds + self._chosen)
        return None

    def _choose(self, second: int) -> None:
        self._chosen = min(max(0, second), max(0, len(self._levels) - 1))
        self.setAccessibleDescription(self._told(self._chosen) if self._levels else "")
        self.update()

    def _told(self, second: int) -> str:
        return f"{clock(self._start_seconds + second)}: {level(self._levels[second])}"

    def _second_at(self, x: float) -> int:
        plot = self._plot()
        second = int((x - plot.left()) / plot.width() * len(self._levels))
        return min(max(0, second), len(self._levels) - 1)

    def _bars(self, plot: QRectF) -> list[tuple[float, float, float | None]]:
        """(left, right, dBFS): seconds, or where they are too many the loudest of each pixel."""
        count = len(self._levels)
        columns = min(count, max(1, int(plot.width())))
        bars = []
        for column in range(columns):
            first = column * count // columns
            end = max(first + 1, (column + 1) * count // columns)
            heard = [each for each in self._levels[first:end] if each is not None]
            left = plot.left() + plot.width() * column / columns
            right = plot.left() + plot.width() * (column + 1) / columns
            bars.append((left, right, max(heard, default=None)))
        return bars

    def _paint_times(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(text_font(SMALL_PX))
        painter.setPen(theme().dim)
        end = self._start_seconds + len(self._levels)
        foot = QRectF(plot.left(), plot.bottom() + 2, plot.width(), FOOT_PX - 2)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, clock(self._start_seconds))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, clock(end))
        if self._chosen and self.hasFocus():
            x = plot.left() + plot.width() * (self._chosen + 0.5) / len(self._levels)
            at = min(max(x, plot.left() + 48), plot.right() - 48)
            painter.setPen(theme().text)
            room = QRectF(at - 24, plot.bottom() + 2, 48, FOOT_PX - 2)
            above = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(room, above, clock(self._start_seconds + self._chosen))

    def _plot(self) -> QRectF:
        return QRectF(LEFT_PX, TOP_PX, self.width() - LEFT_PX - 2, self.height() - TOP_PX - FOOT_PX)
