"""Zooming, stepping, selecting and picking without the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.mixing.parameters import LEVEL_DB
from stemdesk.mixing.settings import Point
from stemdesk.project.document import Marker, Region, changed
from stemdesk.ui.timeline import curve
from stemdesk.ui.timeline.level_control import stepped
from stemdesk.ui.timeline.selection import Selection

if TYPE_CHECKING:
    from stemdesk.ui.timeline.scene import Scene
    from stemdesk.ui.timeline.wishes import Wishes

NORMAL_PX_PER_SECOND = 100.0
NOTCH = 1.25  # closer by a notch of the wheel
ZOOM = 2.0
STEP_PX = 8.0
_FIT_MARGIN_PX = 24.0
_TRAVEL_STEP = 0.01


class Navigator:
    """Moves the view, the playhead, the selection and what is picked.

    Args:
        scene: what is moved.
        wishes: where to ask.
    """

    def __init__(self, scene: Scene, wishes: Wishes) -> None:
        self._scene, self._wishes = scene, wishes

    def zoom(self, factor: float) -> None:
        """Closer by a factor, about the playhead if it is in view, else about the middle."""
        view = self._scene.view
        x = view.x(self._scene.position_frames)
        self._scene.view = view.zoomed(factor, x if 0 <= x <= view.width_px else view.width_px / 2)

    def zoom_normal(self) -> None:
        """100 pixels a second."""
        wanted = self._scene.sample_rate / NORMAL_PX_PER_SECOND
        self.zoom(self._scene.view.frames_per_px / wanted)

    def fit_selection(self) -> None:
        """What is selected, as large as it goes."""
        span = self._scene.selection.span if self._scene.selection else None
        if span is not None:
            view = self._scene.view
            self._scene.view = view.fitted(span.first_frame, span.end_frame, _FIT_MARGIN_PX)

    def fit_song(self) -> None:
        """The whole song."""
        self._scene.view = self._scene.view.fitted(0, self._scene.song_frames)

    def step(self, direction: int, *, finest: bool, extending: bool) -> None:
        """The playhead, or the moving end of the selection, one step on.

        A step is one sample if `finest`, else a beat where beats catch, else eight pixels.
        """
        scene = self._scene
        frame = self._head(extending=extending)
        if finest:
            wanted = frame + direction
        elif scene.metre is not None and scene.snaps:
            metre = scene.metre
            wanted = metre.next_beat(frame) if direction > 0 else metre.last_beat(frame)
        else:
            wanted = frame + direction * max(1, round(STEP_PX * scene.view.frames_per_px))
        self.go(wanted, extending=extending)

    def page(self, direction: int, *, extending: bool) -> None:
        """As `step`, by what is in view."""
        by = direction * max(1, round(self._scene.view.seen_frames * 0.9))
        self.go(self._head(extending=extending) + by, extending=extending)

    def go(self, frame: int, *, extending: bool) -> None:
        """The playhead, or the moving end of the selection, to a frame, and have it in view."""
        scene = self._scene
        frame = min(scene.song_frames, max(0, frame))
        if extending:
            old = scene.selection
            at, lane = scene.position_frames, scene.focused
            old = old or Selection(at, at, lane, lane)
            self._select(old.moved(frame, scene.song_frames))
        else:
            self._wishes.seek_requested.emit(frame)
        scene.view = scene.view.revealing(frame, _FIT_MARGIN_PX)

    def focus(self, direction: int, *, extending: bool) -> None:
        """The lane above or below; or the selection reaches there."""
        scene = self._scene
        lanes = scene.lanes
        if not lanes:
            return
        at = lanes.index(scene.focused) if scene.focused in lanes else 0
        lane = lanes[min(len(lanes) - 1, max(0, at + direction))]
        if extending and scene.selection is not None:
            head = scene.selection.head_lane
            at = lanes.index(head) if head in lanes else at
            lane = lanes[min(len(lanes) - 1, max(0, at + direction))]
            old = scene.selection
            self._select(Selection(old.anchor_frame, old.head_frame, old.anchor_lane, lane))
        self._wishes.lane_focused.emit(lane)

    def select_all(self) -> None:
        """The whole song, every lane."""
        lanes = self._scene.lanes
        if lanes:
            self._select(Selection(0, self._scene.song_frames, lanes[0], lanes[-1]))

    def select_nothing(self) -> None:
        """Neither a stretch nor a region, point or marker."""
        self._scene.picked = None
        self._select(None)

    def turn_selection(self) -> None:
        """The other end is the one that keys move."""
        if self._scene.selection is not None:
            self._select(self._scene.selection.turned())

    def pick(self, direction: int) -> None:
        """Take the next or last region or point of the focused lane, or marker, in hand."""
        scene = self._scene
        things = scene.things(scene.focused)
        at: tuple[float, int]
        here = next((place for place in things if place[2] == scene.picked), None)
        at = here[:2] if here else (scene.position_frames, -direction)
        if direction > 0:
            found = next((place for place in things if place[:2] > at), None)
        else:
            found = next((place for place in reversed(things) if place[:2] < at), None)
        if found is not None:
            scene.picked = found[2]
            scene.view = scene.view.revealing(found[0], _FIT_MARGIN_PX)

    @property
    def has_picked(self) -> bool:
        """Whether a region, point or marker is in hand."""
        return self._scene.picked is not None

    def remove_picked(self) -> None:
        """The region, point or marker in hand goes."""
        picked, self._scene.picked = self._scene.picked, None
        if isinstance(picked, Region):
            self._wishes.region_removed.emit(picked)
        elif isinstance(picked, Marker):
            self._wishes.marker_removed.emit(picked)
        elif picked is not None:
            address, index = picked
            points = self._scene.points(address)
            if index < len(points):
                self._wishes.automation_changed.emit(address, curve.without(points, index))

    def add_point(self) -> None:
        """A point at the playhead on the focused lane's automation, as the course is there."""
        scene = self._scene
        address = scene.unfolded.get(scene.focused, "")
        parameter = scene.parameter(address)
        if parameter is None:
            return
        seconds = scene.position_frames / scene.sample_rate
        points = scene.points(address)
        value = scene.static_value(address)
        if points:
            value = curve.value_at(points, parameter, seconds)
        points, index = curve.with_point(points, Point(seconds, value))
        scene.picked = (address, index)
        self._wishes.automation_changed.emit(address, points)

    def nudge_picked(self, later: int, louder: int, *, finest: bool) -> None:
        """The region, point or marker in hand, a step along the song or in value."""
        picked, scene = self._scene.picked, self._scene
        by = later * (1 if finest else max(1, round(scene.view.frames_per_px)))
        if isinstance(picked, Region):
            gain_db = stepped(picked.gain_db, louder * (0.1 if finest else 1.0))
            moved = changed(
                picked,
                first_frame=picked.first_frame + by,
                end_frame=picked.end_frame + by,
                gain_db=gain_db,
            )
            if moved != picked and scene.has_room(moved, picked):
                scene.picked = moved
                self._wishes.region_changed.emit(picked, moved)
        elif isinstance(picked, Marker):
            frame = min(scene.song_frames, max(0, picked.frame + by))
            scene.picked = changed(picked, frame=frame)
            self._wishes.marker_moved.emit(picked, frame)
        elif picked is not None:
            self._nudge_point(picked, by, louder, finest=finest)

    def _nudge_point(self, picked: tuple[str, int], by: int, louder: int, *, finest: bool) -> None:
        address, index = picked
        scene = self._scene
        parameter, points = scene.parameter(address), scene.points(address)
        if parameter is None or index >= len(points):
            return
        point = points[index]
        value = point.value
        if louder and parameter.unit == LEVEL_DB.unit:
            value = curve.neat(parameter, stepped(value, louder * (0.1 if finest else 1.0)))
        elif louder:
            step = louder * _TRAVEL_STEP * (1 if finest else 5)
            value = parameter.from_travel(parameter.to_travel(value) + step)
        seconds = point.seconds + by / scene.sample_rate
        moved = curve.with_moved(points, index, Point(max(0.0, seconds), value))
        self._wishes.automation_changed.emit(address, moved)

    def _head(self, *, extending: bool) -> int:
        selection = self._scene.selection
        if extending and selection is not None:
            return selection.head_frame
        return self._scene.position_frames

    def _select(self, selection: Selection | None) -> None:
        scene = self._scene
        if selection != scene.selection:
            scene.selection = selection
            span = selection.span if selection else None
            lanes = selection.lanes(scene.lanes) if selection and span else ()
            self._wishes.selection_changed.emit(span, lanes)
