"""The seal: a sign, the verdict in a word, and the figures that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPen
from PySide6.QtWidgets import QSizePolicy

from stemdesk.ui.panels.labels import bold_font
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import GRID_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.ui.panels.null_words import NullWords, Sign

SIGN_PX = 64
WORD_PX = 22
MARGIN_PX = 3 * GRID_PX
_TEXT_LEFT_PX = MARGIN_PX + SIGN_PX + MARGIN_PX
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class Seal(Painted):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("seal", "", parent)
        self._sign: Sign = "none"
        self._word = self._line = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Null"))

    def show_words(self, words: NullWords) -> None:
        """Another verdict."""
        if (words.sign, words.word, words.line) == (self._sign, self._word, self._line):
            return
        self._sign, self._word, self._line = words.sign, words.word, words.line
        self.setAccessibleDescription(f"{words.word}: {words.line}")
        self.setToolTip(f"{words.word}: {words.line}")
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Room for the sign and the wrapped text beside it."""
        word, line = self._texts(width)
        return max(SIGN_PX, word.height() + GRID_PX + line.height()) + 2 * MARGIN_PX

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """For a panel of the usual width."""
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Sign and a word."""
        return QSize(200, SIGN_PX + 2 * MARGIN_PX)

    def paint(self, painter: QPainter) -> None:
        """Ground, sign, words."""
        colours, colour = theme(), self._colour()
        ground = QRectF(self.rect())
        tint = QColor(colour)
        tint.setAlphaF(0.0 if self._sign in ("clock", "none") else 0.10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(ground, 8.0, 8.0)
        middle = QPointF(MARGIN_PX + SIGN_PX / 2, self.height() / 2)
        paint_sign(painter, self._sign, middle, colour)
        word, line = self._texts(self.width())
        top = (self.height() - word.height() - GRID_PX - line.height()) // 2
        painter.setFont(bold_font(WORD_PX))
        painter.setPen(colours.text)
        painter.drawText(word.translated(_TEXT_LEFT_PX, top), _WRAPPED, self._word)
        painter.setFont(text_font())
        down = top + word.height() + GRID_PX
        painter.drawText(line.translated(_TEXT_LEFT_PX, down), _WRAPPED, self._line)

    def _colour(self) -> QColor:
        """Green is for what nulls as it lies on the disk, and for nothing else."""
        colours = theme()
        return {
            "tick": colours.good,
            "raise": colours.accent,
            "about": colours.accent,
            "differs": colours.alarm,
            # On light ground the amber of a lit button would be too pale for lines.
            "unmeant": colours.mute if colours.is_dark else colours.mute.darker(150),
        }.get(self._sign, colours.dim)

    def _texts(self, width: int) -> tuple[QRect, QRect]:
        """The rectangles of word and line, both at 0, 0."""
        room = QRect(0, 0, max(40, width - _TEXT_LEFT_PX - MARGIN_PX), 10_000)
        word = QFontMetrics(bold_font(WORD_PX)).boundingRect(room, _WRAPPED, self._word)
        line = QFontMetrics(text_font()).boundingRect(room, _WRAPPED, self._line)
        return (
            QRect(0, 0, room.width(), word.height()),
            QRect(0, 0, room.width(), line.height()),
        )


def paint_sign(painter: QPainter, sign: Sign, middle: QPointF, colour: QColor) -> None:
    """The sign: a full disc with a tick; a ring with ↥, ≈, ≠, ! or a clock's hands; dashes."""
    radius = SIGN_PX / 2 - 2
    ring = QPen(colour, 3.0)
    if sign == "none":
        ring.setDashPattern([2.0, 2.5])
        ring.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(ring)
    painter.setBrush(colour if sign == "tick" else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, radius, radius)
    pen = QPen(theme().panel if sign == "tick" else colour, 6.0 if sign == "tick" else 4.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in _STROKES[sign]:
        painter.drawPolyline([middle + QPointF(x, y) for x, y in stroke])


_WAVE = [(-13, 1), (-9, -3), (-4, -3), (4, 3), (9, 3), (13, -1)]
_STROKES: dict[Sign, list[list[tuple[float, float]]]] = {
    "tick": [[(-14, 1), (-4, 11), (14, -11)]],
    "raise": [[(-11, 14), (11, 14)], [(0, 6), (0, -15)], [(-9, -6), (0, -15), (9, -6)]],
    "about": [[(x, y - 6) for x, y in _WAVE], [(x, y + 6) for x, y in _WAVE]],
    "differs": [[(-12, -6), (12, -6)], [(-12, 6), (12, 6)], [(7, -14), (-7, 14)]],
    "unmeant": [[(0, -15), (0, 4)], [(0, 13), (0, 14)]],
    "clock": [[(0, -15), (0, 0), (9, 6)]],
    "none": [],
}
