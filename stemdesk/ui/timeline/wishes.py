"""Everything the user can want of the timeline, as signals; who owns the document answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal

if TYPE_CHECKING:
    from stemdesk.project.document import Marker, Region


@dataclass(frozen=True)
class Place:
    """Where a context menu was asked for.

    Attributes:
        lane: under the pointer, or focused; empty on the ruler.
        frame: of the song.
        global_pos: where to open the menu.
        region: there, if any.
        marker: there, if any.
        address: of the automation there; empty elsewhere.
        point: index of the automation point there, or -1.
    """

    lane: str
    frame: int
    global_pos: QPoint
    region: Region | None = None
    marker: Marker | None = None
    address: str = ""
    point: int = -1


class Wishes(QObject):
    """The signals. Frames are Python ints: a long song at a high rate does not fit 32 bits.

    Drags are shown by the timeline itself and asked for once, when the hand lets go; faders alone
    speak while they move, between two `touched`.

    Attributes:
        seek_requested: (frame).
        loop_requested: (Span or None).
        selection_changed: (Span or None, lanes as a tuple); also while it is dragged.
        parameter_changed: (address, value); switches are 0.0 and 1.0.
        touched: (address, down): a hand takes hold of a fader, or lets go.
        marker_added: (frame). ``marker_moved``: (Marker, frame). ``marker_renamed``: (Marker,
            name). ``marker_removed``: (Marker).
        region_changed: (Region as it was, Region as wanted); never across another.
        region_removed: (Region).
        automation_changed: (address, points as a tuple); an empty one means no automation.
        lane_focused: (lane).
        context_requested: (Place).
        control_menu_requested: (address, place on the screen): of the control that moves it.
        drag_requested: (lane): its header is being dragged away, as a file.
        told: (sentence): why nothing happens.
    """

    seek_requested = Signal(object)
    loop_requested = Signal(object)
    selection_changed = Signal(object, object)
    parameter_changed = Signal(str, float)
    touched = Signal(str, bool)
    marker_added = Signal(object)
    marker_moved = Signal(object, object)
    marker_renamed = Signal(object, str)
    marker_removed = Signal(object)
    region_changed = Signal(object, object)
    region_removed = Signal(object)
    automation_changed = Signal(str, object)
    lane_focused = Signal(str)
    context_requested = Signal(object)
    control_menu_requested = Signal(str, QPoint)
    drag_requested = Signal(str)
    told = Signal(str)
