"""The lanes: paints them, and turns the mouse into gestures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from stemdesk.ui.theme import theme
from stemdesk.ui.timeline import overlay_painting as overlay
from stemdesk.ui.timeline.curve import without
from stemdesk.ui.timeline.curve_gestures import DrawCurve, MovePoint
from stemdesk.ui.timeline.curve_painting import draw_curve
from stemdesk.ui.timeline.drag import Drag, hand
from stemdesk.ui.timeline.hits import Grip, Hit, in_lanes, region_at
from stemdesk.ui.timeline.lane_gestures import Select, ShapeRegion
from stemdesk.ui.timeline.lane_painting import Strips, draw_grid, draw_ground, draw_sound
from stemdesk.ui.timeline.wishes import Place

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent, QPaintEvent

    from stemdesk.ui.timeline.gesture import Gesture
    from stemdesk.ui.timeline.scene import Row, Scene
    from stemdesk.ui.timeline.selection import Selection
    from stemdesk.ui.timeline.wishes import Wishes

_CURSORS = {
    Grip.LANE: Qt.CursorShape.IBeamCursor,
    Grip.CURVE: Qt.CursorShape.CrossCursor,
    Grip.POINT: Qt.CursorShape.PointingHandCursor,
    Grip.SELECTION: Qt.CursorShape.SplitHCursor,
    Grip.REGION: Qt.CursorShape.OpenHandCursor,
    Grip.REGION_FIRST: Qt.CursorShape.SplitHCursor,
    Grip.REGION_END: Qt.CursorShape.SplitHCursor,
    Grip.REGION_GAIN: Qt.CursorShape.SplitVCursor,
}


class LaneCanvas(QWidget):
    """All lanes in one widget; headers stand beside it.

    Args:
        scene: what to show.
        wishes: where to ask.
        parent: the timeline.
    """

    scene_changed = Signal()  # a hand has changed what the scene shows
    edge_passed = Signal(float)  # a drag has left the view by so many pixels

    def __init__(self, scene: Scene, wishes: Wishes, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene, self._wishes = scene, wishes
        self.strips = Strips()
        self._drag = Drag()
        self._selected_before: Selection | None = None  # when the hand took hold
        self.setObjectName("timelineLanes")
        self.setAccessibleName(self.tr("Lanes"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room for a lane."""
        return QSize(160, 64)

    def move_playhead(self, frame: int) -> None:
        """Repaint where it was and where it is; nothing at all while both are the same pixel."""
        old = overlay.playhead_rect(self._scene, self._scene.position_frames, 0, self.height())
        new = overlay.playhead_rect(self._scene, frame, 0, self.height())
        if old != new:
            self.update(old)
            self.update(new)

    def update_lane(self, lane: str) -> None:
        """Repaint one lane."""
        for row in self._scene.rows:
            if row.lane == lane:
                self.update(self._area(row))

    @property
    def is_dragging(self) -> bool:
        """Whether a hand drags something here."""
        return self._drag.is_on

    def drop_drag(self) -> None:
        """Give up the drag in progress: what was selected before is so again."""
        if not self._drag.is_on:
            return
        self._drag.drop()
        scene, before = self._scene, self._selected_before
        if scene.selection != before:
            scene.selection = before
            lanes = before.lanes(scene.lanes) if before else ()
            self._wishes.selection_changed.emit(before.span if before else None, lanes)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Only rows and columns that are to be painted anew."""
        painter = QPainter(self)
        clip, scene = event.rect(), self._scene
        rows = [(row, self._area(row)) for row in scene.rows]
        below = rows[-1][1].bottom() + 1 if rows else 0
        rows = [(row, area) for row, area in rows if area.intersects(clip)]
        for row, area in rows:
            draw_ground(painter, row, area, clip)
        draw_grid(painter, scene, clip)
        for row, area in rows:
            self._paint_row(painter, row, area, clip & area)
        painter.fillRect(QRect(0, below, self.width(), self.height() - below), theme().background)
        if scene.track is None:
            painter.setPen(theme().dim)
            text = self.tr("Open a song to see it here")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        bottom = min(below, self.height())
        overlay.draw_lines(painter, scene, bottom)
        overlay.draw_playhead(painter, scene, 0, bottom)
        self._paint_focus(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of what is there."""
        hit = in_lanes(self._scene, event.position().x(), event.position().y())
        if hit is None or hit.row is None or self._scene.track is None:
            return
        self._focus_lane(hit.row.lane)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._scene.picked = None
        self._selected_before = self._scene.selection
        gesture = self._gesture(hit, event)
        if gesture is not None:
            self._drag.begin(gesture, event)
        self.scene_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag, or tell by the pointer's shape what could be dragged."""
        x = event.position().x()
        if not self._drag.is_on:
            hit = in_lanes(self._scene, x, event.position().y())
            arrow = Qt.CursorShape.ArrowCursor
            self.setCursor(_CURSORS.get(hit.grip, arrow) if hit else arrow)
            return
        if not 0 <= x <= self.width():
            self.edge_passed.emit(x if x < 0 else x - self.width())
        if self._drag.move(event):
            self.scene_changed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._drag.is_on:
            self._drag.end()
            self.scene_changed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A point goes away; elsewhere it is a second click."""
        hit = in_lanes(self._scene, event.position().x(), event.position().y())
        if hit and hit.row and hit.grip is Grip.POINT:
            address = hit.row.address
            self._scene.picked = None
            points = without(self._scene.points(address), hit.point)
            self._wishes.automation_changed.emit(address, points)
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for a menu of what lies there; by key, of the focused lane at the playhead."""
        scene = self._scene
        at = event.pos()
        if event.reason() == event.Reason.Keyboard:
            rows = [row for row in scene.rows if row.lane == scene.focused and not row.address]
            if not rows:
                return
            x = min(max(0.0, scene.view.x(scene.position_frames)), float(self.width()))
            at = QPoint(round(x), self._area(rows[0]).center().y())
        hit = in_lanes(scene, at.x(), at.y())
        if hit is None or hit.row is None:
            return
        place = Place(
            lane=hit.row.lane,
            frame=scene.view.nearest_frame(at.x()),
            global_pos=self.mapToGlobal(at),
            region=hit.region or region_at(scene, hit.row, at.x()),
            address=hit.row.address,
            point=hit.point,
        )
        self._wishes.context_requested.emit(place)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another theme: other hatches; waveforms notice by themselves."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.strips.hatches.clear()
            self.update()
        super().changeEvent(event)

    def _gesture(self, hit: Hit, event: QMouseEvent) -> Gesture | None:
        scene, wishes = self._scene, self._wishes
        assert hit.row is not None
        if hit.row.address:
            parameter = scene.parameter(hit.row.address)
            if parameter is None:
                return None
            if hit.grip is Grip.POINT:
                return MovePoint(scene, wishes, hit, parameter)
            return DrawCurve(scene, wishes, hand(event), hit.row, parameter)
        if hit.region is not None:
            return ShapeRegion(scene, wishes, hand(event), hit)
        select = Select(scene, wishes, hand(event), hit.row.lane)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            select.extend(hand(event))
        elif hit.grip is Grip.SELECTION:
            select.grab()
        return select

    def _area(self, row: Row) -> QRect:
        return QRect(0, row.top_px - self._scene.scroll_px, self.width(), row.height_px)

    def _focus_lane(self, lane: str) -> None:
        if lane != self._scene.focused:
            self._scene.focused = lane
            self._wishes.lane_focused.emit(lane)

    def _paint_row(self, painter: QPainter, row: Row, area: QRect, clip: QRect) -> None:
        scene = self._scene
        if row.address:
            painter.save()
            painter.setClipRect(clip)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_curve(painter, scene, row, (area, clip))
            painter.restore()
            return
        overlay.draw_selection(painter, scene, row, area)
        draw_sound(painter, scene, self.strips, row, (area, clip))
        overlay.draw_regions(painter, scene, row, (area, clip))

    def _paint_focus(self, painter: QPainter) -> None:
        if not self.hasFocus():
            return
        for row in self._scene.rows:
            if row.lane == self._scene.focused and not row.address:
                painter.setPen(QPen(theme().accent, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._area(row).adjusted(0, 0, -1, -2))
