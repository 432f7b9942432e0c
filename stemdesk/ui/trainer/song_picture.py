"""A song's stems one below the other, all to one scale; the parts with findings are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy

from stemdesk.app.training.songs import MIXTURE
from stemdesk.ui.panels.figures import clock_ms, rate
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.trainer.verdict import NOTE, verdict_colour
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.app.training.songs import Part, Song

LANE_PX, NAME_PX = 44, 16


class SongPicture(Painted):
    """See the module.

    Args:
        parent: the page.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("songpicture", "", parent)
        self.setAccessibleName(self.tr("Waveforms of the song's stems"))
        self._song: Song | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_song(self, song: Song | None) -> None:
        """Another song."""
        self._song = song
        parts = song.parts if song else {}
        self.setFixedHeight(max(1, len(parts)) * LANE_PX)
        told = [_told(name, part) for name, part in parts.items()]
        self.setAccessibleDescription(". ".join(told))
        self.setVisible(bool(parts))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as it has lanes."""
        return QSize(320, self.minimumHeight())

    def paint(self, painter: QPainter) -> None:
        """A lane for each part."""
        song = self._song
        if song is None:
            return
        parts = list(song.parts.items())
        top = max((max(part.envelope, default=0.0) for _, part in parts), default=0.0) or 1.0
        longest = max((part.seconds for _, part in parts), default=0.0) or 1.0
        worst = {finding.part: finding.verdict for finding in reversed(song.findings)}
        for place, (name, part) in enumerate(parts):
            lane = QRectF(0, place * LANE_PX, self.width(), LANE_PX - 2)
            painter.fillRect(lane, theme().background)
            stretch = QRectF(lane)
            stretch.setWidth(lane.width() * part.seconds / longest)
            _paint_wave(painter, stretch, part, top, theme().lane(name))
            verdict = worst.get(name)
            if verdict is not None and verdict != NOTE:
                painter.fillRect(QRectF(0, lane.top(), 3, lane.height()), verdict_colour(verdict))
            painter.setPen(theme().text)
            painter.setFont(text_font(SMALL_PX))
            room = lane.adjusted(8, 2, -6, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, stem_title(name))
            painter.setPen(theme().dim)
            told = rate(part.sample_rate) if part.sample_rate else ""
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, told)


def _paint_wave(painter: QPainter, lane: QRectF, part: Part, top: float, colour: QColor) -> None:
    if not part.envelope:
        return
    middle = lane.center().y() + NAME_PX / 4
    half = lane.height() / 2 - NAME_PX / 4 - 2
    step = lane.width() / len(part.envelope)
    above, below = [], []
    for place, peak in enumerate(part.envelope):
        x, height = lane.left() + (place + 0.5) * step, max(0.5, peak / top * half)
        above.append(QPointF(x, middle - height))
        below.append(QPointF(x, middle + height))
    fill = QColor(colour)
    fill.setAlphaF(0.75)
    painter.setPen(QPen(colour, 0.5))
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF([*above, *reversed(below)]))


def _told(name: str, part: Part) -> str:
    title = stem_title("mixture" if name == MIXTURE else name)
    return f"{title}: {clock_ms(part.seconds)}" + (
        f", {rate(part.sample_rate)}" if part.sample_rate else ""
    )
