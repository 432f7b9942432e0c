"""The level meter: per channel a peak bar, the RMS within it, and a line that holds the peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from stemdesk.ui.mixer.ballistics import FLOOR_DB, TOP_DB, Ballistics
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.words import real_minus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_NAMED_DB = (0, -12, -24, -40, -60, 6, -6, -18, -30, -50)
_BAR_PX = 9.0
_GAP_PX = 2.0
_SCALE_PX = 20.0


class Meter(QWidget):
    """Shows -60 to +6 dBFS; moves only when told that time has gone on.

    The scale stands beside the bars where there is room for it.

    Args:
        name: whose level, for people.
        lane: whose colour the bars have.
        is_upright: bars grow up; else to the right, without a scale (for lane headers).
        parent: the strip.
    """

    def __init__(
        self,
        name: str,
        lane: str = "master",
        *,
        is_upright: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane, self._is_upright = lane, is_upright
        self._channels = [Ballistics(), Ballistics()]
        self._painted: tuple[int, ...] = ()
        self.setObjectName(f"meter:{lane}")
        self.setAccessibleName(self.tr("{0}: meter").format(name))
        told = self.tr(
            "{0}: peak and, within it, RMS; -60 to +6 dBFS. The line holds the peak 1.5 s."
        )
        self.setToolTip(real_minus(told.format(name)))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        breadth = round(2 * _BAR_PX + _GAP_PX)
        self.setMinimumSize(*((breadth, 40) if is_upright else (48, 8)))

    @property
    def channels(self) -> tuple[Ballistics, ...]:
        """Left to right."""
        return tuple(self._channels)

    @property
    def is_still(self) -> bool:
        """Whether nothing falls any more."""
        return all(channel.is_still for channel in self._channels)

    def advance(self, peak: Sequence[float], power: Sequence[float], seconds: float) -> None:
        """Time goes on.

        Args:
            peak: greatest magnitude per channel; none where nothing sounds.
            power: mean square per channel.
            seconds: since the last call.
        """
        if len(peak) and len(peak) != len(self._channels):
            self._channels = [Ballistics() for _ in range(len(peak))]
        for index, channel in enumerate(self._channels):
            sounds = index < len(peak)
            channel.advance(
                float(peak[index]) if sounds else 0.0,
                float(power[index]) if sounds else 0.0,
                seconds,
            )
        if self._places() != self._painted:
            self.update()

    def clear_clip(self) -> None:
        """Forget what was too loud."""
        for channel in self._channels:
            channel.clear_clip()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Bars and scale."""
        if self._is_upright:
            return QSize(round(2 * _BAR_PX + _GAP_PX + _SCALE_PX), 160)
        return QSize(120, 12)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """Bars, lines, scale."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().panel)
        self._painted = self._places()
        for index, channel in enumerate(self._channels):
            self._paint_bar(painter, self._bar(index), channel)
        if self._is_upright:
            self._paint_scale(painter)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def _paint_bar(self, painter: QPainter, bar: QRectF, channel: Ballistics) -> None:
        colours = theme()
        painter.fillRect(bar, colours.background)
        lane = colours.lane(self._lane)
        outer = QColor(lane)
        outer.setAlphaF(0.45)
        painter.fillRect(self._span(bar, FLOOR_DB, channel.bar_db), outer)
        painter.fillRect(self._span(bar, FLOOR_DB, channel.rms_db), lane)
        if channel.bar_db > 0.0:
            painter.fillRect(self._span(bar, 0.0, channel.bar_db), colours.alarm)
        if channel.held_db >= FLOOR_DB:
            line = self._at(bar, channel.held_db)
            loud = colours.alarm if channel.held_db > 0.0 else colours.text
            painter.setPen(QPen(loud, 2.0))
            painter.drawLine(line)
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawLine(self._at(bar, 0.0))

    def _paint_scale(self, painter: QPainter) -> None:
        left = self._bar(len(self._channels) - 1).right() + 2.0
        if self.width() - left < _SCALE_PX - 4.0:
            return
        colours = theme()
        painter.setFont(text_font(SMALL_PX))
        height = QFontMetricsF(painter.font()).height() - 2.0
        taken: list[float] = []
        for level_db in _NAMED_DB:
            y = self._at(self._bar(0), float(level_db)).y1()
            if all(abs(y - other) >= height for other in taken):
                taken.append(y)
                painter.setPen(colours.dim)
                top = min(max(y - height / 2, -1.0), self.height() - height + 1.0)
                place = QRectF(left + 2.0, top, self.width() - left, height)
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(place, int(flags | Qt.TextFlag.TextDontClip), str(abs(level_db)))

    def _bar(self, index: int) -> QRectF:
        count = len(self._channels)
        room = self.width() if self._is_upright else self.height()
        most = _BAR_PX if self._is_upright else room
        gap = _GAP_PX if room >= 4 * count else 0.0
        breadth = min(most, (room - (count - 1) * gap) / count)
        start = index * (breadth + gap)
        if self._is_upright:
            return QRectF(start, 0.0, breadth, self.height())
        return QRectF(0.0, start, self.width(), breadth)

    def _span(self, bar: QRectF, first_db: float, last_db: float) -> QRectF:
        first, last = self._share(first_db), self._share(last_db)
        if self._is_upright:
            height = (last - first) * bar.height()
            return QRectF(bar.left(), bar.bottom() - last * bar.height(), bar.width(), height)
        return QRectF(
            bar.left() + first * bar.width(), bar.top(), (last - first) * bar.width(), bar.height()
        )

    def _at(self, bar: QRectF, level_db: float) -> QLineF:
        share = self._share(level_db)
        if self._is_upright:
            y = min(max(bar.bottom() - share * bar.height(), 1.0), bar.bottom() - 1.0)
            return QLineF(bar.left(), y, bar.right(), y)
        x = min(max(bar.left() + share * bar.width(), 1.0), bar.right() - 1.0)
        return QLineF(x, bar.top(), x, bar.bottom())

    def _places(self) -> tuple[int, ...]:
        """All that is painted, in quarters of a pixel: the same places need no new painting."""
        length = 4 * (self.height() if self._is_upright else self.width())
        return tuple(
            round(self._share(level_db) * length)
            for channel in self._channels
            for level_db in (channel.bar_db, channel.held_db, channel.rms_db)
        )

    @staticmethod
    def _share(level_db: float) -> float:
        return (min(TOP_DB, max(FLOOR_DB, level_db)) - FLOOR_DB) / (TOP_DB - FLOOR_DB)
