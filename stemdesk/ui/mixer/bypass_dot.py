"""A dot that takes effects out and puts them back: full at work, a ring when bypassed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton

from stemdesk.ui.mixer.effect_row import DOT_PX, paint_dot
from stemdesk.ui.own_keys import OwnSpace
from stemdesk.ui.ring import paint_ring
from stemdesk.ui.theme import ROW_PX, SMALL_PX, TARGET_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


class BypassDot(OwnSpace, QAbstractButton):
    """A button: dot and words.

    Args:
        words: what is bypassed.
        short: the same where there is no room.
        parent: the panel.
    """

    def __init__(self, words: str, short: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(words)
        self._short = short
        self._is_on = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(words)
        self.setMinimumSize(TARGET_PX, ROW_PX)
        self.setMaximumHeight(ROW_PX)

    @property
    def is_on(self) -> bool:
        """Whether what it stands for is at work."""
        return self._is_on

    def show_state(self, *, is_on: bool) -> None:
        """Full or ring."""
        if is_on == self._is_on and self.accessibleDescription():
            return
        self._is_on = is_on
        self.setAccessibleDescription(self.tr("on") if is_on else self.tr("bypassed"))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Dot and words."""
        width = QFontMetrics(text_font(SMALL_PX)).horizontalAdvance(self.text())
        return QSize(TARGET_PX + width + 4, ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """Dot and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isEnabled():
            paint_dot(painter, QPointF(DOT_PX, self.height() / 2), is_on=self._is_on)
        left = 22
        painter.setFont(text_font(SMALL_PX))
        painter.setPen(theme().dim)
        words = QRectF(left, 0.0, self.width() - left, self.height())
        fits = QFontMetrics(painter.font()).horizontalAdvance(self.text()) <= words.width()
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text() if fits else self._short)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))
