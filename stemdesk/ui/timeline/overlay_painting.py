"""What lies over and under the waveforms: selection, regions, loop, markers, playhead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, Qt

from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.timeline.hits import TITLE_PX, gain_y
from stemdesk.ui.words import level_text

if TYPE_CHECKING:
    from stemdesk.project.document import Region
    from stemdesk.ui.timeline.scene import Row, Scene

PLAYHEAD_REACH_PX = 2  # on each side of its pixel
INK = QColor("#16181C")  # on lit grounds, whatever the theme


def draw_selection(painter: QPainter, scene: Scene, row: Row, area: QRect) -> None:
    """The selected stretch, if this lane is in it; its ends are drawn where the hand is."""
    chosen = scene.selection
    span = chosen.span if chosen else None
    if chosen is None or span is None or row.lane not in chosen.lanes(scene.lanes):
        return
    left, right = scene.view.x(span.first_frame), scene.view.x(span.end_frame)
    painter.fillRect(QRectF(left, area.top(), right - left, area.height() - 1), _fade(64))
    for x in (left, right):
        painter.fillRect(QRect(round(x), area.top(), 1, area.height() - 1), theme().accent)


def draw_regions(painter: QPainter, scene: Scene, row: Row, places: tuple[QRect, QRect]) -> None:
    """Regions with their bars, gain lines and ends."""
    area, clip = places
    for region in scene.regions(row.lane):
        left, right = scene.view.x(region.first_frame), scene.view.x(region.end_frame)
        box = QRectF(left, area.top() + 1, max(2.0, right - left), area.height() - 3)
        if box.right() < clip.left() or box.left() > clip.right() + 1:
            continue
        _draw_region(painter, region, box, is_picked=region == scene.picked)
        if not region.mute:
            _draw_gain(painter, region, box, area.top() + gain_y(row, region.gain_db))


def draw_lines(painter: QPainter, scene: Scene, height: int) -> None:
    """Markers and the loop's ends, through all lanes."""
    track = scene.track
    if track is None:
        return
    for marker in track.markers:
        moved = scene.preview.marker
        frame = moved[1] if moved and moved[0] == marker else marker.frame
        x = round(scene.view.x(frame)) + 0.5
        painter.setPen(QPen(theme().dim, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    if scene.loop:
        colour = QColor(theme().accent if track.looping or scene.preview.loop else theme().dim)
        colour.setAlpha(150)
        for frame in (scene.loop.first_frame, scene.loop.end_frame):
            painter.fillRect(QRect(round(scene.view.x(frame)), 0, 1, height), colour)


def draw_playhead(painter: QPainter, scene: Scene, top: int, bottom: int) -> None:
    """A line seen on every colour: bright, on a dark seam."""
    x = round(scene.view.x(scene.position_frames))
    seam = QColor(theme().background)
    seam.setAlpha(190)
    painter.fillRect(QRect(x - 1, top, 3, bottom - top), seam)
    painter.fillRect(QRect(x, top, 1, bottom - top), theme().text)


def playhead_rect(scene: Scene, frame: int, top: int, height: int) -> QRect:
    """What must be painted anew where a playhead is or was."""
    x = round(scene.view.x(frame))
    return QRect(x - PLAYHEAD_REACH_PX, top, 2 * PLAYHEAD_REACH_PX + 1, height)


def region_text(region: Region) -> str:
    """What a region does."""
    if region.mute:
        return QCoreApplication.translate("Timeline", "Muted")
    return level_text(region.gain_db)


def _draw_region(painter: QPainter, region: Region, box: QRectF, *, is_picked: bool) -> None:
    colours = theme()
    bar = QRectF(box.left(), box.top(), box.width(), TITLE_PX - 2)
    ground = QColor(colours.background)
    ground.setAlpha(170 if region.mute else 0)
    painter.fillRect(box, ground)
    painter.fillRect(bar, colours.mute if region.mute else colours.raised)
    edge = colours.accent if is_picked else (colours.mute if region.mute else colours.dim)
    painter.setPen(QPen(edge, 2 if is_picked else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.setFont(text_font(SMALL_PX))
    painter.setPen(INK if region.mute else colours.text)
    # The name stays readable while the region begins left of the view.
    room = bar.adjusted(6 + max(0.0, -bar.left()), 0, -4, 0)
    if room.width() >= 12:
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        text = painter.fontMetrics().elidedText(
            region_text(region), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, flags, text)


def _draw_gain(painter: QPainter, region: Region, box: QRectF, y: float) -> None:
    painter.setPen(QPen(theme().text, 1.5))
    painter.drawLine(QPointF(box.left() + 1, y), QPointF(box.right() - 1, y))
    middle = (max(0.0, box.left()) + box.right()) / 2
    if box.width() >= 16 and region.gain_db > -200:
        painter.fillRect(QRectF(middle - 4, y - 3, 8, 6), theme().text)


def _fade(alpha: int) -> QColor:
    colour = QColor(theme().accent)
    colour.setAlpha(alpha)
    return colour
