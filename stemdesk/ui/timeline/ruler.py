"""The ruler: markers, bars and beats, time, the loop's brace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from stemdesk.ui.ring import paint_ring
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.timeline.drag import Drag, hand
from stemdesk.ui.timeline.hits import Grip, on_ruler
from stemdesk.ui.timeline.lane_painting import part_of
from stemdesk.ui.timeline.ruler_gestures import DragLoop, MoveMarker
from stemdesk.ui.timeline.ticks import Tick, bar_ticks, time_ticks
from stemdesk.ui.timeline.typing_line import TypingLine
from stemdesk.ui.timeline.wishes import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPaintEvent

    from stemdesk.project.document import Marker
    from stemdesk.ui.timeline.scene import Scene
    from stemdesk.ui.timeline.wishes import Wishes

LINE_PX = 20
LOOP_PX = 12
HEAD_PX = 6  # half the width of the playhead's head
_CURSORS = {
    Grip.LOOP_FIRST: Qt.CursorShape.SplitHCursor,
    Grip.LOOP_END: Qt.CursorShape.SplitHCursor,
    Grip.MARKER: Qt.CursorShape.PointingHandCursor,
}


class Ruler(QWidget):
    """Over the lanes.

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
        self._drag = Drag()
        self.setObjectName("timelineRuler")
        self.setAccessibleName(self.tr("Ruler"))
        self.setToolTip(
            self.tr("Click: play from here. Drag: loop. Double click: marker, or rename one.")
        )
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def lines(self) -> list[str]:
        """What stands in each line, from the top: `markers`, `bars` if there are any, `time`."""
        return ["markers", *(["bars"] if self._scene.metre else []), "time"]

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as its lines."""
        return QSize(200, len(self.lines()) * LINE_PX + LOOP_PX)

    def move_playhead(self, frame: int) -> None:
        """Repaint the head where it was and where it is."""
        old, new = self._head_rect(self._scene.position_frames), self._head_rect(frame)
        if old != new:
            self.update(old)
            self.update(new)

    def rename(self, marker: Marker) -> None:
        """Let the user type a marker's name at its flag."""
        left = min(max(0, round(self._scene.view.x(marker.frame))), max(0, self.width() - 140))
        place = QRect(left, 0, 140, 24)
        line = TypingLine(marker.name, self.tr("Name of the marker"), place, self)
        line.typed.connect(lambda text: self._renamed(text, marker))

    @property
    def is_dragging(self) -> bool:
        """Whether a hand drags something here."""
        return self._drag.is_on

    def drop_drag(self) -> None:
        """Give up the drag in progress."""
        self._drag.drop()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The lines that lie in what is to be painted anew."""
        painter = QPainter(self)
        scene, clip = self._scene, event.rect()
        painter.fillRect(clip, theme().panel)
        painter.setFont(text_font(SMALL_PX))
        if scene.track is not None:
            view = part_of(scene.view, clip)
            for number, line in enumerate(self.lines()):
                top = number * LINE_PX
                if line == "bars" and scene.metre:
                    self._paint_ticks(painter, bar_ticks(view, scene.metre), top)
                elif line == "time":
                    self._paint_ticks(painter, time_ticks(view, scene.sample_rate), top)
                elif line == "markers":
                    self._paint_markers(painter)
            self._paint_loop(painter)
            self._paint_head(painter)
        bottom = QRect(clip.left(), self.height() - 1, clip.width(), 1)
        painter.fillRect(bottom, theme().line)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of what is there."""
        if event.button() != Qt.MouseButton.LeftButton or self._scene.track is None:
            return
        grip, marker = self._hit(event.position().x(), event.position().y())
        if marker is not None:
            self._drag.begin(MoveMarker(self._scene, self._wishes, marker), event)
        else:
            self._scene.picked = None
            self._drag.begin(DragLoop(self._scene, self._wishes, hand(event), grip), event)
        self.scene_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag, or tell by the pointer's shape what could be dragged."""
        x = event.position().x()
        if not self._drag.is_on:
            grip, _ = self._hit(x, event.position().y())
            self.setCursor(_CURSORS.get(grip, Qt.CursorShape.ArrowCursor))
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
        """A marker is renamed; elsewhere one is set."""
        if event.button() != Qt.MouseButton.LeftButton or self._scene.track is None:
            return
        _, marker = self._hit(event.position().x(), event.position().y())
        if marker is not None:
            self.rename(marker)
            return
        here = hand(event)
        frame = self._scene.view.nearest_frame(here.x)
        self._wishes.marker_added.emit(self._scene.snapped(frame, here.snap_px))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for a menu of what lies there."""
        _, marker = self._hit(event.pos().x(), event.pos().y())
        frame = self._scene.view.nearest_frame(event.pos().x())
        place = Place(lane="", frame=frame, global_pos=event.globalPos(), marker=marker)
        self._wishes.context_requested.emit(place)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def _hit(self, x: float, y: float) -> tuple[Grip, Marker | None]:
        hit = on_ruler(self._scene, x, y, LINE_PX, self.height() - LOOP_PX)
        return hit.grip, hit.marker

    def _renamed(self, text: str, marker: Marker) -> None:
        name = text.strip()
        if name and name != marker.name:
            self._wishes.marker_renamed.emit(marker, name)

    def _paint_ticks(self, painter: QPainter, ticks: Iterable[Tick], top: int) -> None:
        colours = theme()
        for tick in ticks:
            x = round(self._scene.view.x(tick.frame))
            height = 12 if tick.label else 5
            painter.fillRect(QRect(x, top + LINE_PX - height, 1, height), colours.line)
            if tick.label:
                painter.setPen(colours.text if tick.is_bar else colours.dim)
                painter.drawText(QPointF(x + 4, top + LINE_PX - 6), tick.label)

    def _paint_markers(self, painter: QPainter) -> None:
        scene = self._scene
        markers = scene.track.markers if scene.track else ()
        moved = scene.preview.marker
        for number, marker in enumerate(markers):
            frame = moved[1] if moved and moved[0] == marker else marker.frame
            x = scene.view.x(frame)
            following = markers[number + 1] if number + 1 < len(markers) else None
            room = (scene.view.x(following.frame) - x if following else 400.0) - 14
            if not -400 <= x <= self.width() + 10:
                continue
            colour = theme().accent if scene.picked == marker else theme().dim
            flag = QPolygonF([QPointF(x, 4), QPointF(x + 10, 9), QPointF(x, 14)])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(flag)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.fillRect(QRect(round(x), 4, 1, LINE_PX - 4), colour)
            painter.setPen(theme().text)
            elided = Qt.TextElideMode.ElideRight
            text = painter.fontMetrics().elidedText(marker.name, elided, max(0, int(room)))
            painter.drawText(QPointF(x + 13, 14), text)

    def _paint_loop(self, painter: QPainter) -> None:
        scene = self._scene
        if scene.loop is None or scene.track is None:
            return
        left, right = (scene.view.x(f) for f in (scene.loop.first_frame, scene.loop.end_frame))
        is_on = scene.track.looping or scene.preview.loop is not None
        colour = theme().accent if is_on else theme().dim
        top = self.height() - LOOP_PX
        bar = QRectF(left, top + 3, max(2.0, right - left), LOOP_PX - 6)
        if is_on:
            painter.fillRect(bar, colour)
        else:  # a frame only: told apart without colour
            painter.setPen(QPen(colour, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        for x, width in ((left, 3), (right - 3, 3)):
            painter.fillRect(QRectF(x, top, width, LOOP_PX - 1), colour)

    def _paint_head(self, painter: QPainter) -> None:
        x = round(self._scene.view.x(self._scene.position_frames)) + 0.5
        bottom = self.height() - 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().text)
        head = [QPointF(x - 5, bottom - 8), QPointF(x + 5, bottom - 8), QPointF(x, bottom)]
        painter.drawPolygon(QPolygonF(head))

    def _head_rect(self, frame: int) -> QRect:
        x = round(self._scene.view.x(frame))
        return QRect(x - HEAD_PX, self.height() - 12, 2 * HEAD_PX + 1, 12)
