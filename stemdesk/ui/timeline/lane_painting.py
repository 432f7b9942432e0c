"""What a lane shows under the hand's work: ground, grid, waveform or spectrogram, hatching."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QLine, QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, Qt

from stemdesk.audio.levels import from_db
from stemdesk.ui.theme import theme
from stemdesk.ui.timeline.scene import MIXTURE, RESIDUAL, RESIDUAL_GAIN_DB, Row, Scene
from stemdesk.ui.timeline.spans import gaps
from stemdesk.ui.timeline.spectrogram_strip import SpectrogramStrip
from stemdesk.ui.timeline.strip import Strip
from stemdesk.ui.timeline.ticks import bar_ticks
from stemdesk.ui.timeline.viewport import Viewport
from stemdesk.ui.timeline.wave_columns import Look

if TYPE_CHECKING:
    from stemdesk.ui.timeline.sources import Peaks

PAD_PX = 4  # above and below a waveform; whole pixels at 125 % and 150 % too
SPLIT_PX = 28  # a channel's least height to get a band of its own
MUTED_OPACITY = 0.3
_HATCH_PX = 8
_HATCH_SIDE_PX = 64


@dataclass
class Strips:
    """The kept pictures, by lane."""

    waves: dict[str, Strip] = field(default_factory=dict)
    spectra: dict[str, SpectrogramStrip] = field(default_factory=dict)
    hatches: dict[tuple[int, float], QPixmap] = field(default_factory=dict)


def draw_ground(painter: QPainter, row: Row, area: QRect, clip: QRect) -> None:
    """A row's ground, and the hair line below it."""
    colours = theme()
    painter.fillRect(area & clip, colours.panel if row.address else colours.background)
    painter.fillRect(QRect(clip.left(), area.bottom(), clip.width(), 1), colours.line)


def draw_grid(painter: QPainter, scene: Scene, clip: QRect) -> None:
    """Bars and beats as fine lines through all rows at once."""
    if scene.metre is None:
        return
    bars: list[QLine] = []
    beats: list[QLine] = []
    for tick in bar_ticks(part_of(scene.view, clip), scene.metre):
        x = round(scene.view.x(tick.frame))
        if clip.left() <= x <= clip.right():
            (bars if tick.is_bar else beats).append(QLine(x, clip.top(), x, clip.bottom()))
    ground, line = theme().background, theme().line
    # Opaque: blending so many long lines would be half of a paint's cost.
    between = QColor(*((a + b) // 2 for a, b in zip(_parts(ground), _parts(line), strict=True)))
    for lines, colour in ((beats, between), (bars, line)):
        if lines:
            painter.setPen(QPen(colour, 1))
            painter.drawLines(lines)


def draw_sound(
    painter: QPainter, scene: Scene, strips: Strips, row: Row, places: tuple[QRect, QRect]
) -> None:
    """The waveform or the spectrogram; `places` are the lane's area and what is to be painted."""
    area, clip = places
    inner = area.adjusted(0, PAD_PX, 0, -PAD_PX - 1)
    peaks = scene.peaks.get(row.lane)
    painter.save()
    if not scene.is_heard(row.lane):
        painter.setOpacity(MUTED_OPACITY)
    if scene.is_spectral and row.lane in scene.tiles:
        _draw_spectrum(painter, scene, strips, row.lane, inner)
    elif peaks is not None:
        _draw_zero(painter, peaks, inner, clip)
        _draw_wave(painter, scene, strips, row.lane, inner)
    painter.restore()
    _draw_missing(painter, scene, strips, row.lane, (area, clip))


def look_of(scene: Scene, lane: str, height_px: int, ratio: float) -> Look:
    """How a lane's waveform is drawn at this zoom and height."""
    peaks = scene.peaks.get(lane)
    channels = peaks.channels if peaks else 1
    return Look(
        frames_per_column=scene.view.frames_per_px / ratio,
        height=max(1, round(height_px * ratio)),
        gain=from_db(RESIDUAL_GAIN_DB) if lane == RESIDUAL else 1.0,
        is_split=height_px / channels >= SPLIT_PX,
        ratio=ratio,
    )


def _draw_wave(painter: QPainter, scene: Scene, strips: Strips, lane: str, inner: QRect) -> None:
    ratio = painter.device().devicePixelRatioF()
    look = look_of(scene, lane, inner.height(), ratio)
    first = round(scene.view.first_frame / look.frames_per_column)
    strip = strips.waves.setdefault(lane, Strip())
    width = math.ceil(inner.width() * ratio)
    pixmap = strip.pixmap(scene.peaks[lane], look, theme().lane(lane), first, width)
    painter.drawPixmap(inner.topLeft(), pixmap)


def _draw_spectrum(
    painter: QPainter, scene: Scene, strips: Strips, lane: str, inner: QRect
) -> None:
    ratio = painter.device().devicePixelRatioF()
    look = look_of(scene, lane, inner.height(), ratio)
    first = round(scene.view.first_frame / look.frames_per_column)
    strip = strips.spectra.setdefault(lane, SpectrogramStrip())
    width = math.ceil(inner.width() * ratio)
    for column, tile in strip.tiles(scene.tiles[lane], look, theme().lane(lane), first, width):
        if tile is not None:
            painter.drawPixmap(QPointF((column - first) / ratio, inner.top()), tile)


def _draw_zero(painter: QPainter, peaks: Peaks, inner: QRect, clip: QRect) -> None:
    channels = peaks.channels if inner.height() / peaks.channels >= SPLIT_PX else 1
    for channel in range(channels):
        y = inner.top() + round(inner.height() * (channel + 0.5) / channels)
        painter.fillRect(QRect(clip.left(), y, clip.width(), 1), theme().line)


def _draw_missing(
    painter: QPainter, scene: Scene, strips: Strips, lane: str, places: tuple[QRect, QRect]
) -> None:
    area, clip = places
    view, end = scene.view, scene.song_frames
    edge = theme().lane(lane)
    for gap in gaps(scene.known(lane), 0, end):
        left, right = view.x(gap.first_frame), view.x(gap.end_frame)
        hole = QRectF(left, area.top(), right - left, area.height() - 1)
        shown = hole.toAlignedRect() & clip
        if shown.isEmpty():
            continue
        painter.fillRect(shown, theme().panel)
        side = _HATCH_SIDE_PX
        offset = QPoint((shown.left() + round(view.first_frame / view.frames_per_px)) % side, 0)
        painter.drawTiledPixmap(shown, _hatch(painter, strips, edge), offset)
        if lane == MIXTURE:
            continue
        # Where the separation is at work, the edge that sweeps is bright.
        if gap.first_frame > 0:
            painter.fillRect(QRectF(left - 1, area.top(), 2, area.height() - 1), edge)
        if gap.end_frame < end:
            painter.fillRect(QRectF(right - 1, area.top(), 2, area.height() - 1), edge)


def _hatch(painter: QPainter, strips: Strips, colour: QColor) -> QPixmap:
    ratio = painter.device().devicePixelRatioF()
    key = (colour.rgba(), ratio)
    if key not in strips.hatches:
        side = _HATCH_SIDE_PX
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        pen = QColor(colour)
        pen.setAlpha(90)
        brush = QPainter(pixmap)
        brush.setRenderHint(QPainter.RenderHint.Antialiasing)
        brush.setPen(QPen(pen, 1.2))
        for start in range(-side, 2 * side, _HATCH_PX):
            brush.drawLine(QPointF(start, side), QPointF(start + side, 0))
        brush.end()
        strips.hatches[key] = pixmap
    return strips.hatches[key]


def part_of(view: Viewport, clip: QRect) -> Viewport:
    """The part of a view that lies in a range of pixels."""
    return Viewport(
        view.song_frames, clip.width() + 2, view.frame_at(clip.left() - 1), view.frames_per_px
    )


def _parts(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
