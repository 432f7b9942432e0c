"""A lane dragged out of the window, into a DAW or a folder, as a file with a readable name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, QUrl
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPen, QPixmap

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.ui.theme import GRID_PX, ROW_PX, text_font, theme

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from stemdesk.project.document import Track

LANE_MIME = "application/x-stemdesk-lane"
"""Says which lane it is, so that a window of StemDesk can tell its own stems from songs."""

WIDEST_PX = 320


def lane_name(track: Track, lane: str) -> str:
    """What a lane's file is called outside of the project: its song's name, and the stem's."""
    return track.name if lane == MIXTURE else f"{track.name} - {lane}"


def start_lane_drag(widget: QWidget, track: Track, lane: str, path: Path) -> bool:
    """Let the user drag a lane to wherever; returns when it is dropped or given up.

    Args:
        widget: where the drag begins.
        track: the song.
        lane: a stem, or `mixture`.
        path: a file that stays, under a readable name.

    Returns:
        Whether somebody took it.
    """
    drag = QDrag(widget)
    drag.setMimeData(lane_mime(track, lane, path))
    picture = drag_pixmap(track, lane, widget.devicePixelRatioF())
    drag.setPixmap(picture)
    drag.setHotSpot(QPoint(-3 * GRID_PX, ROW_PX // 2))
    # Never a move: the file belongs to the project.
    return drag.exec(Qt.DropAction.CopyAction) == Qt.DropAction.CopyAction


def lane_mime(track: Track, lane: str, path: Path) -> QMimeData:
    """What is dragged: the URL of a file, and the lane's name."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    data.setData(LANE_MIME, f"{track.id}/{lane}".encode())
    return data


def drag_pixmap(track: Track, lane: str, ratio: float) -> QPixmap:
    """What hangs on the pointer: a pill in the lane's colour with the name of the file to come."""
    metrics = QFontMetrics(text_font())
    name = lane_name(track, lane)
    room = WIDEST_PX - 6 * GRID_PX
    name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
    width = metrics.horizontalAdvance(name) + 6 * GRID_PX
    pixmap = QPixmap(round(width * ratio), round(ROW_PX * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    colours = theme()
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pill = QRectF(0.5, 0.5, width - 1.0, ROW_PX - 1.0)
    painter.setPen(QPen(colours.lane(lane), 1.5))
    painter.setBrush(colours.raised)
    painter.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.lane(lane))
    painter.drawRoundedRect(QRectF(2 * GRID_PX, 7, GRID_PX, ROW_PX - 14), 2.0, 2.0)
    painter.setFont(text_font())
    painter.setPen(colours.text)
    painter.drawText(QRectF(4 * GRID_PX, 0, width, ROW_PX), Qt.AlignmentFlag.AlignVCenter, name)
    painter.end()
    return pixmap
