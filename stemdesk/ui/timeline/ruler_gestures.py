"""Drags on the ruler: the loop, its ends, markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.project.document import Marker, Span
from stemdesk.ui.timeline.hits import Grip
from stemdesk.ui.timeline.scene import Preview

if TYPE_CHECKING:
    from stemdesk.ui.timeline.gesture import Hand
    from stemdesk.ui.timeline.scene import Scene
    from stemdesk.ui.timeline.wishes import Wishes


class DragLoop:
    """A click sets the playhead; a drag makes a loop, or moves one end of the one there is."""

    def __init__(self, scene: Scene, wishes: Wishes, press: Hand, grip: Grip) -> None:
        self._scene, self._wishes = scene, wishes
        self._frame = self._under(press)
        self._anchor = self._frame
        if scene.loop and grip is Grip.LOOP_FIRST:
            self._anchor = scene.loop.end_frame
        elif scene.loop and grip is Grip.LOOP_END:
            self._anchor = scene.loop.first_frame
        self._span: Span | None = None

    def move(self, hand: Hand) -> None:
        """Follow the hand."""
        first, end = sorted((self._anchor, self._under(hand)))
        self._span = Span(first_frame=first, end_frame=end) if end > first else None
        self._scene.preview = Preview(loop=self._span)

    def release(self) -> None:
        """Ask for it."""
        self._scene.preview = Preview()
        if self._span and self._span != self._scene.loop:
            self._wishes.loop_requested.emit(self._span)

    def click(self) -> None:
        """The song goes on from here."""
        self._wishes.seek_requested.emit(self._frame)

    def _under(self, hand: Hand) -> int:
        return self._scene.snapped(self._scene.view.nearest_frame(hand.x), hand.snap_px)


class MoveMarker:
    """A marker by its flag; a click on it goes there."""

    def __init__(self, scene: Scene, wishes: Wishes, marker: Marker) -> None:
        self._scene, self._wishes, self._marker = scene, wishes, marker
        self._frame = marker.frame
        scene.picked = marker

    def move(self, hand: Hand) -> None:
        """Follow the hand."""
        self._frame = self._scene.snapped(self._scene.view.nearest_frame(hand.x), hand.snap_px)
        self._scene.preview = Preview(marker=(self._marker, self._frame))

    def release(self) -> None:
        """Ask for it."""
        self._scene.preview = Preview()
        if self._frame != self._marker.frame:
            self._scene.picked = Marker(frame=self._frame, name=self._marker.name)
            self._wishes.marker_moved.emit(self._marker, self._frame)

    def click(self) -> None:
        """The song goes on from the marker."""
        self._wishes.seek_requested.emit(self._marker.frame)
