"""Keys, painted as the caps of a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPen

from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import SMALL_PX, text_font, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

HEIGHT_PX = 20
PAD_PX = 6
GAP_PX = 3
BETWEEN_PX = 10  # two ways to do the same


class KeyCaps(Painted):
    """See the module.

    Args:
        ways: key combinations such as `Ctrl+Shift+S`, each a way of its own.
    """

    def __init__(self, ways: Sequence[str]) -> None:
        super().__init__("", ", ".join(ways))
        self._ways = [caps_of(way) for way in ways]
        self.setFixedSize(QSize(self._place(None), HEIGHT_PX))

    def paint(self, painter: QPainter) -> None:
        """The caps from left to right."""
        self._place(painter)

    def _place(self, painter: QPainter | None) -> int:
        """Paint the caps, if there is anything to paint on; how wide they are."""
        metrics = QFontMetrics(text_font(SMALL_PX))
        x = 0
        for number, way in enumerate(self._ways):
            x += BETWEEN_PX if number else 0
            for place, cap in enumerate(way):
                x += GAP_PX if place else 0
                width = max(HEIGHT_PX, metrics.horizontalAdvance(cap) + 2 * PAD_PX)
                if painter is not None:
                    _paint_cap(painter, QRectF(x, 0, width, HEIGHT_PX), cap)
                x += width
        return x


def caps_of(way: str) -> list[str]:
    """`Ctrl++` as `Ctrl` and `+`."""
    caps = way.split("+")
    if way.endswith("+"):
        caps = [*way[:-1].rstrip("+").split("+"), "+"]
    return [cap for cap in caps if cap]


def _paint_cap(painter: QPainter, place: QRectF, text: str) -> None:
    colours = theme()
    painter.setPen(QPen(colours.line, 1.0))
    painter.setBrush(colours.raised)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
    painter.setFont(text_font(SMALL_PX))
    painter.setPen(colours.text)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
