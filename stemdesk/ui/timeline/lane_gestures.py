"""Drags in the lanes: selecting, moving and shaping regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.mixing.parameters import LEVEL_DB
from stemdesk.project.document import Region, changed
from stemdesk.ui.timeline.curve import neat
from stemdesk.ui.timeline.hits import Grip, gain_at
from stemdesk.ui.timeline.scene import Preview
from stemdesk.ui.timeline.selection import Selection

if TYPE_CHECKING:
    from stemdesk.ui.timeline.gesture import Hand
    from stemdesk.ui.timeline.hits import Hit
    from stemdesk.ui.timeline.scene import Scene
    from stemdesk.ui.timeline.wishes import Wishes


class Select:
    """A click sets the playhead; a drag selects; with Shift the nearer end is moved."""

    def __init__(self, scene: Scene, wishes: Wishes, press: Hand, lane: str) -> None:
        self._scene, self._wishes = scene, wishes
        frame = scene.view.nearest_frame(press.x)
        self._frame = scene.snapped(frame, press.snap_px)
        self._selection = Selection(self._frame, self._frame, lane, lane)
        self._is_extending = False

    def grab(self) -> None:
        """Take the nearer end of the selection in hand."""
        if self._scene.selection is not None:
            self._selection = self._scene.selection.grabbed(self._frame)

    def extend(self, hand: Hand) -> None:
        """Bring the nearer end here, or select from the playhead; a click does no more."""
        lane = self._selection.head_lane
        old = self._scene.selection
        if old is not None and old.span is not None:
            self.grab()
        else:
            at = self._scene.position_frames
            self._selection = Selection(at, at, lane, lane)
        self._is_extending = True
        self.move(hand)

    def move(self, hand: Hand) -> None:
        """Follow the hand, across lanes too."""
        scene = self._scene
        frame = scene.snapped(scene.view.nearest_frame(hand.x), hand.snap_px)
        row = scene.row_at(hand.y)
        lane = row.lane if row else self._selection.head_lane
        old = self._selection
        selection = Selection(old.anchor_frame, frame, old.anchor_lane, lane)
        self._selection = selection
        if selection != scene.selection:
            scene.selection = selection
            self._wishes.selection_changed.emit(selection.span, selection.lanes(scene.lanes))

    def release(self) -> None:
        """The selection stays as it was last told."""

    def click(self) -> None:
        """No selection; the song goes on from here."""
        if self._is_extending:
            return
        if self._scene.selection is not None:
            self._scene.selection = None
            self._wishes.selection_changed.emit(None, ())
        self._wishes.seek_requested.emit(self._frame)


class ShapeRegion:
    """A region moved, cut or stretched at an end, or made louder; never into its neighbours."""

    def __init__(self, scene: Scene, wishes: Wishes, press: Hand, hit: Hit) -> None:
        assert hit.region is not None
        assert hit.row is not None
        self._scene, self._wishes, self._row, self._grip = scene, wishes, hit.row, hit.grip
        self._old = self._new = hit.region
        self._grabbed = scene.view.frame_at(press.x)
        others = [each for each in scene.regions(hit.row.lane) if each != self._old]
        first, end = self._old.first_frame, self._old.end_frame
        self._least = max((r.end_frame for r in others if r.end_frame <= first), default=0)
        after = (r.first_frame for r in others if r.first_frame >= end)
        self._most = min(after, default=scene.song_frames)
        scene.picked = self._old

    def move(self, hand: Hand) -> None:
        """Follow the hand."""
        self._new = self._wanted(hand)
        self._scene.preview = Preview(region=self._new, replaces=self._old)
        self._scene.picked = self._new

    def release(self) -> None:
        """Ask for it."""
        self._scene.preview = Preview()
        if self._new != self._old:
            self._wishes.region_changed.emit(self._old, self._new)

    def click(self) -> None:
        """It is picked, no more."""

    def _wanted(self, hand: Hand) -> Region:
        scene, old = self._scene, self._old
        if self._grip is Grip.REGION_GAIN:
            down = hand.y + scene.scroll_px - self._row.top_px
            return changed(old, gain_db=neat(LEVEL_DB, gain_at(self._row, down)))
        if self._grip is Grip.REGION:
            by = round(scene.view.frame_at(hand.x) - self._grabbed)
            first = scene.snapped(old.first_frame + by, hand.snap_px)
            length = old.end_frame - old.first_frame
            first = min(max(first, self._least), self._most - length)
            return changed(old, first_frame=first, end_frame=first + length)
        frame = scene.snapped(scene.view.nearest_frame(hand.x), hand.snap_px)
        if self._grip is Grip.REGION_FIRST:
            return changed(old, first_frame=min(max(frame, self._least), old.end_frame - 1))
        return changed(old, end_frame=max(min(frame, self._most), old.first_frame + 1))
