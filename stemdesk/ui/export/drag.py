"""A lane dragged out of the window, into a DAW or a folder, as a file with a readable name."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, QUrl
from PySide6.QtGui import QDrag, QFontMetrics, QGuiApplication, QPainter, QPen, QPixmap

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, require_space, safe_name, write_refusal
from stemdesk.paths import cache_dir
from stemdesk.ui.theme import GRID_PX, ROW_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from stemdesk.project.document import Track

LANE_MIME = "application/x-stemdesk-lane"
"""Says which lane it is, so that a window of StemDesk can tell its own stems from songs."""

FOLDER = "dragged"
STALE_SECONDS = 7 * 24 * 3600.0
WIDEST_PX = 320


class DraggedFiles:
    """Files under readable names, for as long as the app runs: other programs read them late.

    Each is a copy: who edits it in its place must not change the project's stem.
    """

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def offer(self, track: Track, lane: str, path: Path) -> Path:
        """The file of a lane, under the name of its song and stem.

        Raises:
            UserError: it is not there, or there is no room for a copy.
        """
        if not path.is_file():
            raise UserError(
                f"The {lane} of {track.name} is not at {path}", "put the file back, or relink it"
            )
        stem = track.name if lane == MIXTURE else f"{track.name} - {lane}"
        # A folder for each file of the project, so that two songs of one name can be dragged.
        folder = self._place() / path.stem
        offered = folder / f"{safe_name(stem)}{path.suffix.lower()}"
        if offered.exists():
            return offered
        try:
            folder.mkdir(exist_ok=True)
            _copy(path, offered)
        except OSError as error:
            raise write_refusal(offered, error) from error
        return offered

    def close(self) -> None:
        """Remove them all."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _place(self) -> Path:
        """The folder, made at first use; it goes at the end of the program, whatever ends it."""
        if self._folder is None:
            parent = cache_dir() / FOLDER
            ensure_writable_folder(parent)
            _sweep(parent)
            self._folder = tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)
        return Path(self._folder.name)


_files = DraggedFiles()


def start_lane_drag(widget: QWidget, track: Track, lane: str, path: Path) -> bool:
    """Let the user drag a lane to wherever; returns when it is dropped or given up.

    Args:
        widget: where the drag begins.
        track: the song.
        lane: a stem, or `mixture`.
        path: its file in the project.

    Returns:
        Whether somebody took it.

    Raises:
        UserError: the file is not there, or there is no room for a copy.
    """
    drag = QDrag(widget)
    drag.setMimeData(lane_mime(track, lane, path))
    picture = drag_pixmap(track, lane, widget.devicePixelRatioF())
    drag.setPixmap(picture)
    drag.setHotSpot(QPoint(-3 * GRID_PX, ROW_PX // 2))
    # Never a move: the file belongs to the project.
    return drag.exec(Qt.DropAction.CopyAction) == Qt.DropAction.CopyAction


def lane_mime(track: Track, lane: str, path: Path) -> QMimeData:
    """What is dragged: the URL of a file, and the lane's name.

    Raises:
        UserError: the file is not there, or there is no room for a copy.
    """
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(_files.offer(track, lane, path)))])
    data.setData(LANE_MIME, f"{track.id}/{lane}".encode())
    return data


def remove_dragged_files() -> None:
    """Remove what was offered; for the end of the app. Nothing happens where nothing was."""
    _files.close()


def drag_pixmap(track: Track, lane: str, ratio: float) -> QPixmap:
    """What hangs on the pointer: a pill in the lane's colour with the name of the file to come."""
    metrics = QFontMetrics(text_font())
    name = track.name if lane == MIXTURE else f"{track.name} - {lane}"
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


def _copy(path: Path, offered: Path) -> None:
    # Never a link: who edits the dragged file in its place must not change the project's stem.
    require_space(offered.parent, path.stat().st_size)
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        unfinished = offered.with_suffix(".partial")
        shutil.copyfile(path, unfinished)
        unfinished.replace(offered)
    finally:
        QGuiApplication.restoreOverrideCursor()


def _sweep(parent: Path) -> None:
    """Remove what a program that was killed left there long ago."""
    for folder in parent.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < time.time() - STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
