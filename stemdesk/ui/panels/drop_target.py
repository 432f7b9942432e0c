"""Where songs are dropped: taken from files, told as paths."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPen

from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter
    from PySide6.QtWidgets import QWidget

RADIUS_PX = 12.0


class DropTarget(Painted):
    """A field with a dashed border that lights up while files hang over it.

    Signals:
        dropped(paths): files and folders, as a tuple of `pathlib.Path`.

    Args:
        name: object name.
        told: accessible name.
        parent: the window.
    """

    dropped = Signal(object)

    def __init__(self, name: str, told: str, parent: QWidget | None = None) -> None:
        super().__init__(name, told, parent)
        self.setAcceptDrops(True)
        self._is_over = False

    @property
    def is_over(self) -> bool:
        """Whether files hang over it."""
        return self._is_over

    def paint(self, painter: QPainter) -> None:
        """The border, and a tint while files hang over it."""
        colours = theme()
        border = QPen(colours.accent if self._is_over else colours.dim, 1.5)
        border.setDashPattern([5.0, 4.0])
        painter.setPen(border)
        tint = QColor(colours.accent)
        tint.setAlphaF(0.12)
        painter.setBrush(tint if self._is_over else Qt.BrushStyle.NoBrush)
        field = QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -1.0)
        painter.drawRoundedRect(field, RADIUS_PX, RADIUS_PX)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Light up for files."""
        if paths_of(event.mimeData()):
            self._set_over(over=True)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """They are gone."""
        self._set_over(over=False)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take them."""
        self._set_over(over=False)
        paths = paths_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(tuple(paths))

    def _set_over(self, *, over: bool) -> None:
        self._is_over = over
        self.update()


def paths_of(mime: QMimeData) -> Sequence[Path]:
    """The files and folders of a drag; what is not on this computer is left out."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
