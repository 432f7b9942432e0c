"""The picture of what StemDesk does: one waveform that parts into four, and their sum again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.timeline.wording import lane_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

STEMS = ("vocals", "drums", "bass", "other")
BAR_PX = 3.0
PITCH_PX = 5.0
_MIXTURE_SHARE, _FORK_SHARE = 0.30, 0.18


class DemoPicture(Painted):
    """See the module. Nothing in it moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("demopicture", "", parent)
        self.setAccessibleName(self.tr("One waveform that parts into vocals, drums, bass, other"))
        self.setMinimumSize(320, 160)

    def paint(self, painter: QPainter) -> None:
        """The mixture on the left, the fork, the stems on the right."""
        width, height = float(self.width()), float(self.height())
        mixture = QRectF(0, height * 0.2, width * _MIXTURE_SHARE, height * 0.6)
        _paint_wave(painter, mixture, lambda at: sum(_LOUDNESS[stem](at) for stem in STEMS) / 2.2,
            theme().mixture)  # fmt: skip
        left = width * (_MIXTURE_SHARE + _FORK_SHARE)
        lane_height = height / len(STEMS)
        for place, stem in enumerate(STEMS):
            lane = QRectF(left, place * lane_height, width - left, lane_height)
            middle = lane.center().y()
            begin = QPointF(mixture.right() + 6, height / 2)
            self._paint_branch(painter, begin, QPointF(left - 6, middle), stem)
            words = QRectF(lane.left(), lane.top(), 52, lane.height())
            painter.setFont(text_font(SMALL_PX))
            painter.setPen(theme().text)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, lane_title(stem))
            wave = lane.adjusted(56, lane_height * 0.14, 0, -lane_height * 0.14)
            _paint_wave(painter, wave, _LOUDNESS[stem], theme().lane(stem))

    def _paint_branch(self, painter: QPainter, begin: QPointF, end: QPointF, stem: str) -> None:
        pen = QPen(theme().lane(stem), 2.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(begin)
        half = (end.x() - begin.x()) / 2
        path.cubicTo(
            QPointF(begin.x() + half, begin.y()), QPointF(begin.x() + half / 2, end.y()), end
        )
        painter.drawPath(path)


def _paint_wave(
    painter: QPainter, place: QRectF, loudness: Callable[[float], float], colour: object
) -> None:
    """Bars around the middle, as high as the sound is loud at 0 to 1 of the time."""
    painter.setPen(QPen(colour, BAR_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))  # type: ignore[call-overload]
    count = max(1, int(place.width() / PITCH_PX))
    for number in range(count):
        half = max(1.0, place.height() / 2 * min(1.0, loudness(number / count)))
        x = place.left() + number * PITCH_PX + BAR_PX / 2
        painter.drawLine(QLineF(x, place.center().y() - half, x, place.center().y() + half))


def _vocals(at: float) -> float:
    """Phrases with breath between them."""
    phrase = max(0.0, math.sin(math.pi * ((at * 3.2) % 1.0) * 1.25))
    return phrase * (0.65 + 0.35 * math.sin(at * 97.0))


def _drums(at: float) -> float:
    """Hits that die away."""
    return math.exp(-5.0 * ((at * 12.0) % 1.0)) * (1.0 if int(at * 12.0) % 2 == 0 else 0.7)


def _bass(at: float) -> float:
    """Long notes."""
    return 0.75 * (1.0 - 0.6 * ((at * 6.0) % 1.0)) * (0.9 + 0.1 * math.sin(at * 60.0))


def _other(at: float) -> float:
    """A carpet of chords."""
    return 0.45 + 0.2 * math.sin(at * 14.0) + 0.12 * math.sin(at * 71.0)


_LOUDNESS: dict[str, Callable[[float], float]] = {
    "vocals": _vocals,
    "drums": _drums,
    "bass": _bass,
    "other": _other,
}
