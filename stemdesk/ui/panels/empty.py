"""What stands in place of the timeline while no song is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.demo_picture import DemoPicture
from stemdesk.ui.panels.drop_target import DropTarget
from stemdesk.ui.theme import GRID_PX, text_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

SENTENCE_PX = 18


class EmptyState(DropTarget):
    """See the module; the whole of it takes drops.

    Signals:
        demo_requested(): the demo song. open_requested(): the dialog for files.

    Args:
        parent: the window.
    """

    demo_requested = Signal()
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("empty", "", parent)
        self.setAccessibleName(self.tr("No song is open"))
        told = QLabel(self.tr("Drop a song here to take it apart into stems."))
        told.setObjectName("sentence")
        font = text_font(SENTENCE_PX)
        font.setWeight(QFont.Weight.Medium)
        told.setFont(font)
        told.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        told.setWordWrap(True)
        picture = DemoPicture()
        picture.setFixedSize(420, 168)
        open_songs = plain_button("opensong", self.tr("Open a song…"), picture="open")
        demo = plain_button("demo", self.tr("Try the demo song"), picture="play")
        open_songs.clicked.connect(self.open_requested)
        demo.clicked.connect(self.demo_requested)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID_PX)
        row.addStretch(1)
        row.addWidget(demo)
        row.addWidget(open_songs)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * GRID_PX, 6 * GRID_PX, 6 * GRID_PX, 6 * GRID_PX)
        column.setSpacing(5 * GRID_PX)
        column.addStretch(2)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(told)
        column.addLayout(row)
        column.addStretch(3)
