"""Drags in automation lanes: points moved, added, and lines drawn by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from stemdesk.mixing.settings import Point
from stemdesk.ui.timeline import curve
from stemdesk.ui.timeline.hits import curve_travel, curve_y
from stemdesk.ui.timeline.scene import Preview

if TYPE_CHECKING:
    from stemdesk.mixing.parameters import Parameter
    from stemdesk.ui.timeline.gesture import Hand
    from stemdesk.ui.timeline.hits import Hit
    from stemdesk.ui.timeline.scene import Row, Scene
    from stemdesk.ui.timeline.wishes import Wishes

_TOLERANCE_PX = 2.0
_DETENT_PX = 3.0  # how near its default a value catches


class MovePoint:
    """A point in hand; its neighbours stop it."""

    def __init__(self, scene: Scene, wishes: Wishes, hit: Hit, parameter: Parameter) -> None:
        assert hit.row is not None
        self._scene, self._wishes, self._row = scene, wishes, hit.row
        self._parameter, self._index = parameter, hit.point
        self._old = self._new = scene.points(hit.row.address)
        scene.picked = (hit.row.address, hit.point)

    def move(self, hand: Hand) -> None:
        """Follow the hand."""
        point = point_under(self._scene, self._row, self._parameter, hand)
        self._new = curve.with_moved(self._old, self._index, point)
        self._scene.preview = Preview(
            address=self._row.address, points=self._new, point=self._index
        )

    def release(self) -> None:
        """Ask for it."""
        self._scene.preview = Preview()
        if self._new != self._old:
            self._wishes.automation_changed.emit(self._row.address, self._new)

    def click(self) -> None:
        """It is picked, no more."""


class DrawCurve:
    """A click adds a point; a drag draws a line in place of what lay under it."""

    def __init__(
        self, scene: Scene, wishes: Wishes, press: Hand, row: Row, parameter: Parameter
    ) -> None:
        self._scene, self._wishes, self._row, self._parameter = scene, wishes, row, parameter
        self._old = scene.points(row.address)
        self._press = press
        self._drawn: dict[float, Hand] = {press.x: press}
        self._last = press

    def move(self, hand: Hand) -> None:
        """Draw on, in either direction; what is gone over again is drawn anew."""
        low, high = sorted((self._last.x, hand.x))
        kept = {x: each for x, each in self._drawn.items() if not low < x < high}
        self._drawn = {**kept, hand.x: hand}
        self._last = hand
        self._scene.preview = Preview(address=self._row.address, points=self._wanted())

    def release(self) -> None:
        """Ask for it."""
        self._scene.preview = Preview()
        self._wishes.automation_changed.emit(self._row.address, self._wanted())

    def click(self) -> None:
        """Add a point."""
        point = point_under(self._scene, self._row, self._parameter, self._press)
        points, index = curve.with_point(self._old, point)
        self._scene.picked = (self._row.address, index)
        self._wishes.automation_changed.emit(self._row.address, points)

    def _wanted(self) -> tuple[Point, ...]:
        hands = [self._drawn[x] for x in sorted(self._drawn)]
        points = [point_under(self._scene, self._row, self._parameter, hand) for hand in hands]
        heights = [
            (hand.x, curve_y(self._row, self._parameter.to_travel(point.value)))
            for hand, point in zip(hands, points, strict=True)
        ]
        kept = [points[index] for index in curve.thinned(heights, _TOLERANCE_PX)]
        # Beyond the song's ends several places of the hand are one moment.
        apart = [a for a, b in pairwise(kept) if a.seconds < b.seconds]
        return curve.with_drawn(self._old, (*apart, kept[-1]))


def point_under(scene: Scene, row: Row, parameter: Parameter, hand: Hand) -> Point:
    """The time and value under the pointer, on a beat or on the default where those are near."""
    frame = scene.snapped(scene.view.nearest_frame(hand.x), hand.snap_px)
    down = hand.y + scene.scroll_px - row.top_px
    value = curve.neat(parameter, parameter.from_travel(curve_travel(row, down)))
    default = curve_y(row, parameter.to_travel(parameter.default))
    if abs(default - down) <= _DETENT_PX and not hand.is_free:
        value = parameter.default
    return Point(frame / scene.sample_rate, value)
