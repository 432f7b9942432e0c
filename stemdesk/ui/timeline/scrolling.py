"""The timeline's two scroll bars, and the scene they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QScrollBar, QWidget

if TYPE_CHECKING:
    from stemdesk.ui.timeline.scene import Scene

_STEPS = 1_000_000  # of the song: frames of a long one do not fit a scroll bar


class Scrolling(QObject):
    """Keeps bars and scene in step.

    Args:
        scene: what is scrolled.
        parent: the timeline.
    """

    along_scrolled = Signal()
    across_scrolled = Signal()

    def __init__(self, scene: Scene, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene = scene
        self.along = QScrollBar(Qt.Orientation.Horizontal, parent)
        self.along.setObjectName("timelineScrollAlong")
        self.along.setAccessibleName(self.tr("Scroll along the song"))
        self.across = QScrollBar(Qt.Orientation.Vertical, parent)
        self.across.setObjectName("timelineScrollAcross")
        self.across.setAccessibleName(self.tr("Scroll through the lanes"))
        self._is_told = False
        self.along.valueChanged.connect(self._along)
        self.across.valueChanged.connect(self._across)

    def show_scene(self) -> None:
        """Put the bars where the scene is."""
        scene = self._scene
        self._is_told = True
        per_frame = _STEPS / scene.song_frames
        seen = min(_STEPS, max(1, round(scene.view.seen_frames * per_frame)))
        self.along.setRange(0, _STEPS - seen)
        self.along.setPageStep(seen)
        self.along.setSingleStep(max(1, seen // 20))
        self.along.setValue(round(scene.view.first_frame * per_frame))
        most = max(0, self._content_px() - scene.room_px)
        scene.scroll_px = min(most, max(0, scene.scroll_px))
        self.across.setRange(0, most)
        self.across.setPageStep(max(1, scene.room_px))
        self.across.setSingleStep(24)
        self.across.setValue(scene.scroll_px)
        self.across.setVisible(most > 0)
        self._is_told = False

    def scroll_across(self, px: float) -> None:
        """Lanes by so many pixels."""
        self.across.setValue(self.across.value() + round(px))

    def reveal(self, lane: str) -> None:
        """Have a lane in view."""
        rows = [row for row in self._scene.rows if row.lane == lane]
        if rows:
            top, bottom = rows[0].top_px, rows[-1].bottom_px
            at = self.across.value()
            if bottom > at + self._scene.room_px:
                at = bottom - self._scene.room_px
            self.across.setValue(min(at, top))

    def _content_px(self) -> int:
        rows = self._scene.rows
        return rows[-1].bottom_px if rows else 0

    def _along(self, value: int) -> None:
        if not self._is_told:
            frame = value / _STEPS * self._scene.song_frames
            self._scene.view = self._scene.view.starting_at(frame)
            self.along_scrolled.emit()

    def _across(self, value: int) -> None:
        if not self._is_told:
            self._scene.scroll_px = value
            self.across_scrolled.emit()
