"""One row of the effects list, painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPen

from stemdesk.ui.mixer.effect_words import effect_title
from stemdesk.ui.ring import paint_ring
from stemdesk.ui.theme import SMALL_PX, TARGET_PX, TEXT_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from stemdesk.mixing.settings import EffectSettings

DOT_PX = 11.0
_WORDS_PX = 22


@dataclass(frozen=True)
class RowLook:
    """How a row stands among the others.

    Attributes:
        is_selected: its editor is open.
        is_dragged: it is being moved.
        has_cross: the mouse is over it and there is room for a cross to remove it.
        has_fault: something is wrong with its effect.
        has_ring: it has the focus.
        is_shut: it is bypassed with all others, of its strip or of the mix.
        coming: what is said while its effect is still to come.
    """

    is_selected: bool
    is_dragged: bool
    has_cross: bool
    has_fault: bool
    has_ring: bool
    is_shut: bool = False
    coming: str = ""


def paint_row(painter: QPainter, place: QRect, effect: EffectSettings, look: RowLook) -> None:
    """Field, dot, name."""
    colours = theme()
    field = QRectF(place).adjusted(0.0, 1.0, 0.0, -1.0)
    painter.setOpacity(0.5 if look.is_dragged else 1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.raised)
    painter.drawRoundedRect(field, 4.0, 4.0)
    if look.is_selected:
        painter.setBrush(colours.accent)
        painter.drawRoundedRect(QRectF(field.left(), field.top(), 3.0, field.height()), 1.5, 1.5)
    middle = place.center().y() + 0.5
    is_quiet = look.is_shut or bool(look.coming)
    paint_dot(painter, QPointF(DOT_PX, middle), is_on=not effect.bypass, is_shut=is_quiet)
    right = place.right() - 2
    if look.has_cross:
        right -= TARGET_PX - 4
        _paint_cross(painter, QPointF(place.right() - TARGET_PX / 2 + 1, middle))
    words = QRect(_WORDS_PX, place.top(), right - _WORDS_PX, place.height())
    if look.has_fault:
        painter.setPen(colours.mute if colours.is_dark else colours.alarm)
        painter.setFont(text_font(TEXT_PX))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "\N{WARNING SIGN}")
        words.setLeft(words.left() + 16)
    painter.setPen(colours.dim if effect.bypass or is_quiet else colours.text)
    if look.coming:
        _paint_coming(painter, words, effect_title(effect), look.coming)
    else:
        _paint_title(painter, words, effect_title(effect))
    painter.setOpacity(1.0)
    if look.has_ring:
        paint_ring(painter, field)


def paint_dot(painter: QPainter, middle: QPointF, *, is_on: bool, is_shut: bool = False) -> None:
    """Full: at work; grey where it would be, were not all bypassed. A ring: bypassed."""
    colours = theme()
    painter.setPen(Qt.PenStyle.NoPen if is_on else QPen(colours.dim, 1.5))
    full = colours.dim if is_shut else colours.good
    painter.setBrush(full if is_on else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, 4.5, 4.5)


def _paint_title(painter: QPainter, words: QRect, title: str) -> None:
    """In smaller type where it does not fit, and cut off where that does not either."""
    painter.setFont(text_font(TEXT_PX))
    if QFontMetrics(painter.font()).horizontalAdvance(title) > words.width():
        painter.setFont(text_font(SMALL_PX))
    metrics = QFontMetrics(painter.font())
    title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, title)


def _paint_coming(painter: QPainter, words: QRect, title: str, coming: str) -> None:
    """The name and that it is loading; that alone where there is no room for both."""
    painter.setFont(text_font(SMALL_PX))
    metrics = QFontMetrics(painter.font())
    both = f"{title}: {coming}"
    told = both if metrics.horizontalAdvance(both) <= words.width() else coming
    told = metrics.elidedText(told, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, told)


def _paint_cross(painter: QPainter, middle: QPointF) -> None:
    painter.setPen(QPen(theme().dim, 1.5))
    for slant in (1, -1):
        arm = QPointF(3.5, 3.5 * slant)
        painter.drawLine(QLineF(middle - arm, middle + arm))
