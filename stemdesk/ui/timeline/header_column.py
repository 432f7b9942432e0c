"""All headers, scrolled with the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from stemdesk.ui.theme import theme
from stemdesk.ui.timeline.curve_header import CurveHeader
from stemdesk.ui.timeline.header import LaneHeader

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from stemdesk.ui.timeline.scene import Row, Scene
    from stemdesk.ui.timeline.wishes import Wishes


class HeaderColumn(QWidget):
    """Left of the lanes.

    Args:
        scene: what to show.
        wishes: where to ask.
        parent: the timeline.
    """

    fold_requested = Signal(str)  # lane
    address_chosen = Signal(str, str)  # lane, address

    def __init__(self, scene: Scene, wishes: Wishes, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene, self._wishes = scene, wishes
        self.setObjectName("timelineHeaders")
        self.setAccessibleName(self.tr("Lane headers"))
        self.headers: dict[str, LaneHeader] = {}
        self.curves: dict[str, CurveHeader] = {}

    def arrange(self) -> None:
        """Make what is missing, take away what has gone, put everything in its place."""
        rows, lanes = self._scene.rows, self._scene.lanes
        for lane in [lane for lane in self.headers if lane not in lanes]:
            _remove(self.headers.pop(lane))
        for lane in [lane for lane in self.curves if lane not in self._scene.unfolded]:
            _remove(self.curves.pop(lane))
        self.setFixedWidth(LaneHeader.width_for(lanes))
        for row in rows:
            header = self._header(row)
            top = row.top_px - self._scene.scroll_px
            header.setGeometry(0, top, self.width(), row.height_px)
            header.show()
        self._order_tabs(rows)
        self.refresh()

    def refresh(self) -> None:
        """Show what the document says."""
        for header in self.headers.values():
            header.refresh()
        for curve in self.curves.values():
            curve.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The ground below the last header."""
        QPainter(self).fillRect(self.rect(), theme().panel)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.refresh()
            self.update()
        super().changeEvent(event)

    def _header(self, row: Row) -> LaneHeader | CurveHeader:
        if row.address:
            if row.lane not in self.curves:
                curve = CurveHeader(row.lane, self._scene, self)
                curve.address_chosen.connect(self.address_chosen)
                self.curves[row.lane] = curve
            return self.curves[row.lane]
        if row.lane not in self.headers:
            self.headers[row.lane] = LaneHeader(
                row.lane, self._scene, self._wishes, self.fold_requested.emit, self
            )
        return self.headers[row.lane]

    def _order_tabs(self, rows: tuple[Row, ...]) -> None:
        before: QWidget | None = None
        for row in rows:
            if row.address:
                chain: list[QWidget] = [self.curves[row.lane].choice]
            else:
                of = self.headers[row.lane]
                chain = [of.mute, of.solo, of.fold, of.level]
            for control in chain:
                if before is not None:
                    QWidget.setTabOrder(before, control)
                before = control


def _remove(header: QWidget) -> None:
    header.hide()  # at once; it is deleted only when the event loop comes round
    header.deleteLater()
