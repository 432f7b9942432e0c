"""What lies under the pointer in the lanes and on the ruler."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from stemdesk.mixing.parameters import LEVEL_DB

if TYPE_CHECKING:
    from stemdesk.project.document import Marker, Region
    from stemdesk.ui.timeline.scene import Row, Scene

TITLE_PX = 20  # a region's bar, by which it is moved
EDGE_PX = 6.0
POINT_PX = 10.0
FLAG_PX = 12.0
CURVE_MARGIN_PX = 8.0  # above and below an automation lane's range


class Grip(Enum):
    """What a hand would take hold of."""

    LANE = "lane"
    CURVE = "curve"
    POINT = "point"
    SELECTION = "selection"
    REGION = "region"
    REGION_FIRST = "region_first"
    REGION_END = "region_end"
    REGION_GAIN = "region_gain"
    RULER = "ruler"
    LOOP_FIRST = "loop_first"
    LOOP_END = "loop_end"
    MARKER = "marker"


@dataclass(frozen=True)
class Hit:
    """A grip, and on what.

    Attributes:
        grip: the kind.
        row: of the lanes; None on the ruler.
        region: of the region's grips.
        point: index, of a point.
        marker: of a marker.
    """

    grip: Grip
    row: Row | None = None
    region: Region | None = None
    point: int = -1
    marker: Marker | None = None


def in_lanes(scene: Scene, x: float, y: float) -> Hit | None:
    """What lies at a pixel of the lanes; None below the last."""
    row = scene.row_at(y)
    if row is None:
        return None
    down = y + scene.scroll_px - row.top_px
    if row.address:
        return _on_curve(scene, row, x, down)
    return _on_region(scene, row, x, down) or _on_selection(scene, row, x) or Hit(Grip.LANE, row)


def on_ruler(scene: Scene, x: float, y: float, marker_bottom: float, loop_top: float) -> Hit:
    """What lies at a pixel of the ruler: flags in its upper part, the loop's ends in its lower."""
    if y < marker_bottom:
        for marker in reversed(scene.track.markers if scene.track else ()):
            if -EDGE_PX <= x - scene.view.x(marker.frame) <= FLAG_PX:
                return Hit(Grip.MARKER, marker=marker)
    if y >= loop_top and scene.loop:
        if abs(x - scene.view.x(scene.loop.end_frame)) <= EDGE_PX:
            return Hit(Grip.LOOP_END)
        if abs(x - scene.view.x(scene.loop.first_frame)) <= EDGE_PX:
            return Hit(Grip.LOOP_FIRST)
    return Hit(Grip.RULER)


def curve_y(row: Row, travel: float) -> float:
    """Where a travel 0..1 lies in an automation row, from the row's top."""
    return CURVE_MARGIN_PX + (1.0 - travel) * (row.height_px - 1 - 2 * CURVE_MARGIN_PX)


def curve_travel(row: Row, down: float) -> float:
    """The travel at a height; the inverse of :func:`curve_y`, kept within 0..1."""
    travel = 1.0 - (down - CURVE_MARGIN_PX) / (row.height_px - 1 - 2 * CURVE_MARGIN_PX)
    return min(1.0, max(0.0, travel))


def gain_y(row: Row, gain_db: float) -> float:
    """Where a region's gain line lies, from the row's top."""
    return TITLE_PX + 4 + (1.0 - LEVEL_DB.to_travel(gain_db)) * (row.height_px - TITLE_PX - 10)


def gain_at(row: Row, down: float) -> float:
    """The gain at a height; the inverse of :func:`gain_y`."""
    return LEVEL_DB.from_travel(1.0 - (down - TITLE_PX - 4) / (row.height_px - TITLE_PX - 10))


def _on_curve(scene: Scene, row: Row, x: float, down: float) -> Hit:
    parameter = scene.parameter(row.address)
    best, nearest = -1, POINT_PX
    if parameter is not None:
        for index, point in enumerate(scene.points(row.address)):
            across = scene.view.x(point.seconds * scene.sample_rate) - x
            if abs(across) <= nearest:
                height = curve_y(row, parameter.to_travel(point.value)) - down
                distance = max(abs(across), abs(height))
                if distance <= nearest:
                    best, nearest = index, distance
    return Hit(Grip.POINT if best >= 0 else Grip.CURVE, row, point=best)


def _on_region(scene: Scene, row: Row, x: float, down: float) -> Hit | None:
    for region in scene.regions(row.lane):
        first, end = scene.view.x(region.first_frame), scene.view.x(region.end_frame)
        # Narrow regions keep a middle to be moved by.
        edge = min(EDGE_PX, max(1.0, (end - first) / 4))
        if not first - EDGE_PX <= x <= end + EDGE_PX:
            continue
        if x <= first + edge:
            return Hit(Grip.REGION_FIRST, row, region)
        if x >= end - edge:
            return Hit(Grip.REGION_END, row, region)
        if down < TITLE_PX:
            return Hit(Grip.REGION, row, region)
        if not region.mute and abs(down - gain_y(row, region.gain_db)) <= EDGE_PX:
            return Hit(Grip.REGION_GAIN, row, region)
    return None


def _on_selection(scene: Scene, row: Row, x: float) -> Hit | None:
    chosen = scene.selection
    if chosen is None or chosen.span is None or row.lane not in chosen.lanes(scene.lanes):
        return None
    ends = (chosen.span.first_frame, chosen.span.end_frame)
    near = min(abs(x - scene.view.x(frame)) for frame in ends) <= EDGE_PX
    return Hit(Grip.SELECTION, row) if near else None


def region_at(scene: Scene, row: Row, x: float) -> Region | None:
    """The region over a pixel of a lane, wherever in its height."""
    frame = scene.view.frame_at(x)
    regions = scene.regions(row.lane)
    return next((r for r in regions if r.first_frame <= frame < r.end_frame), None)
