"""The timeline's parts put together: layout, wheel, keys, repainting."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from stemdesk.project.document import Marker
from stemdesk.ui.own_keys import ClaimsKeys
from stemdesk.ui.timeline import keys
from stemdesk.ui.timeline.canvas import LaneCanvas
from stemdesk.ui.timeline.corner import Corner
from stemdesk.ui.timeline.header_column import HeaderColumn
from stemdesk.ui.timeline.navigator import NOTCH, Navigator
from stemdesk.ui.timeline.ruler import Ruler
from stemdesk.ui.timeline.scene import LEAST_LANE_PX, MOST_LANE_PX, Preview, Scene
from stemdesk.ui.timeline.scrolling import Scrolling
from stemdesk.ui.timeline.ticks import clock
from stemdesk.ui.timeline.wishes import Wishes
from stemdesk.ui.timeline.wording import lane_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QWheelEvent

    from stemdesk.ui.timeline.header import LaneHeader

_LANE_STEP_PX = 16
_NOTCH_PX = 96.0


class TimelineFrame(ClaimsKeys, QWidget):
    """Everything but what is shown.

    Args:
        parent: the window.

    Attributes:
        scene: what is shown.
        wishes: the signals.
        navigator: zooming and stepping.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName(self.tr("Timeline"))
        self.scene, self.wishes = Scene(), Wishes(self)
        self.navigator = Navigator(self.scene, self.wishes)
        self.ruler = Ruler(self.scene, self.wishes, self)
        self.canvas = LaneCanvas(self.scene, self.wishes, self)
        self.headers = HeaderColumn(self.scene, self.wishes, self)
        self.corner = Corner(self.ruler, self)
        self.scrolling = Scrolling(self.scene, self)
        self._lay_out()
        self._connect()

    def refresh_all(self) -> None:
        """Lanes may have come or gone: put everything in its place, and paint it."""
        self.ruler.updateGeometry()
        self.scene.room_px = self.canvas.height()
        self.refresh_view()
        self.headers.arrange()
        self.corner.update()
        self.tell()

    def refresh_view(self) -> None:
        """Another part of the song: paint ruler and lanes."""
        self.scrolling.show_scene()
        self.repaint_song()

    def repaint_song(self) -> None:
        """Paint ruler and lanes."""
        self.ruler.update()
        self.canvas.update()

    def focus_lane(self, lane: str) -> None:
        """Keys are for this lane from now on."""
        if lane in self.scene.lanes:
            self.scene.focused = lane
            self.scrolling.reveal(lane)
            self.headers.refresh()
            self.canvas.update()
            self.tell()

    def tell(self) -> None:
        """What a screen reader says of the lanes."""
        scene = self.scene
        if scene.track is None:
            self.canvas.setAccessibleDescription(self.tr("No song"))
            return
        at = clock(scene.position_frames / scene.sample_rate)
        text = self.tr("{0}, playhead at {1}").format(lane_title(scene.focused), at)
        span = scene.selection.span if scene.selection else None
        if span is not None:
            ends = (clock(f / scene.sample_rate) for f in (span.first_frame, span.end_frame))
            text += self.tr(", selected from {0} to {1}").format(*ends)
        self.canvas.setAccessibleDescription(text)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Ctrl zooms at the pointer, Shift scrolls along, Ctrl+Shift makes lanes higher."""
        turn = event.angleDelta()
        notches = (turn.y() or turn.x()) / 120
        held = event.modifiers()
        is_ctrl = bool(held & Qt.KeyboardModifier.ControlModifier)
        is_shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        if is_ctrl and is_shift:
            height = self.scene.lane_height() + round(notches) * _LANE_STEP_PX
            self.scene.lane_px = min(MOST_LANE_PX, max(LEAST_LANE_PX, height))
            self.refresh_all()
        elif is_ctrl:
            x = self.canvas.mapFrom(self, event.position()).x()
            x = min(max(0.0, x), float(self.canvas.width()))
            self.scene.view = self.scene.view.zoomed(NOTCH**notches, x)
            self.refresh_view()
        elif is_shift or (turn.x() and not turn.y()):
            self.scroll_along(-notches * _NOTCH_PX)
        else:
            self.scrolling.scroll_across(-notches * _NOTCH_PX / 2)
        event.accept()

    def scroll_along(self, px: float) -> None:
        """The song by so many pixels."""
        view = self.scene.view.scrolled(px)
        if view != self.scene.view:
            self.scene.view = view
            self.refresh_view()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """M, S, A: the focused lane; F2: a marker; Escape: a drag; the rest is in `keys`."""
        deed = self._deed(event)
        if deed is None:
            super().keyPressEvent(event)
            return
        deed()
        self.refresh_view()
        self.tell()

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        if self.scene.track is None:
            return None
        key, header = event.key(), self._header_at_hand()
        if key == Qt.Key.Key_Escape and (self.canvas.is_dragging or self.ruler.is_dragging):
            return self._drop_drag
        picked = self.scene.picked
        if key == Qt.Key.Key_F2 and isinstance(picked, Marker):
            return partial(self.ruler.rename, picked)
        if header is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            if key in (Qt.Key.Key_M, Qt.Key.Key_S):
                return partial(header.toggle, "mute" if key == Qt.Key.Key_M else "solo")
            if key == Qt.Key.Key_A:
                return partial(self.headers.fold_requested.emit, header.lane)
        return keys.deed(event, self.navigator, self.scene.song_frames)

    def _header_at_hand(self) -> LaneHeader | None:
        """The one with the focus in it, else the focused lane's."""
        focus = self.focusWidget()
        for header in self.headers.headers.values():
            if focus is not None and header.isAncestorOf(focus):
                return header
        return self.headers.headers.get(self.scene.focused)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The lanes have another size."""
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self.scene.view = self.scene.view.resized(self.canvas.width())
            self.refresh_all()
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.corner, 0, 0)
        grid.addWidget(self.ruler, 0, 1)
        grid.addWidget(self.headers, 1, 0)
        grid.addWidget(self.canvas, 1, 1)
        grid.addWidget(self.scrolling.across, 1, 2)
        grid.addWidget(self.scrolling.along, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        QWidget.setTabOrder(self.ruler, self.canvas)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        self.canvas.installEventFilter(self)
        for part in (self.canvas, self.ruler):
            part.scene_changed.connect(self._dragged)
            part.edge_passed.connect(self.scroll_along)
        self.scrolling.along_scrolled.connect(self.repaint_song)
        self.scrolling.across_scrolled.connect(self._scrolled_across)
        self.wishes.lane_focused.connect(self.focus_lane)

    def _drop_drag(self) -> None:
        self.canvas.drop_drag()
        self.ruler.drop_drag()
        self.scene.preview = Preview()

    def _dragged(self) -> None:
        self.repaint_song()
        self.tell()

    def _scrolled_across(self) -> None:
        self.headers.arrange()
        self.canvas.update()
