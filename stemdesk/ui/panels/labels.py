"""Text of the panels: one line that is cut short where there is no room, paragraphs, headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy

from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import SMALL_PX, TEXT_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Line(Painted):
    """One line; what does not fit becomes an ellipsis, and the tooltip has all of it.

    Args:
        name: object name.
        told: what it is, for screen readers.
        parent: the panel.

    Attributes:
        elide: where it is cut: at the end, or in the middle for paths.
    """

    def __init__(self, name: str, told: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, told, parent)
        self.elide = Qt.TextElideMode.ElideRight
        self._text, self._is_dim = "", False
        self.setFont(text_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text; the same one costs nothing."""
        if text == self._text:
            return
        self._text = text
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.updateGeometry()
        self.update()

    def make_dim(self, size_px: int = SMALL_PX) -> Line:
        """Said in passing; returns itself."""
        self._is_dim = True
        self.setFont(text_font(size_px))
        return self

    def make_bold(self) -> Line:
        """A heading; returns itself."""
        self.setFont(bold_font())
        return self

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All of it."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few letters."""
        return QSize(min(24, self.sizeHint().width()), self.sizeHint().height())

    def paint(self, painter: QPainter) -> None:
        """The text, cut to the room."""
        painter.setPen(theme().dim if self._is_dim else theme().text)
        cut = self.fontMetrics().elidedText(self._text, self.elide, self.width())
        painter.drawText(self.rect(), _LEFT, cut)


def bold_font(size_px: int = TEXT_PX) -> QFont:
    """For titles."""
    font = text_font(size_px)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def paragraph(name: str, text: str = "", *, is_dim: bool = False) -> QLabel:
    """Text that is wrapped, and can be selected with the mouse."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setFont(text_font())
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if is_dim:
        # A role, not a colour: it follows the theme.
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def heading(name: str, text: str) -> QLabel:
    """What stands above a group."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setFont(bold_font(SMALL_PX))
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
