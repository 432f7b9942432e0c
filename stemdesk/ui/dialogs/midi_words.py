"""Mappings, desks and their controls in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from stemdesk.control.mapping.mappings import Mode
from stemdesk.control.mapping.sources import Kind
from stemdesk.control.settings import DeskKind, SyncKind

if TYPE_CHECKING:
    from stemdesk.control.mapping.mappings import Mapping
    from stemdesk.control.mapping.sources import Source

_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_MIDDLE_C = 60  # C4, as most desks and DAWs count


def control_text(source: Source) -> str:
    """`Control 7, channel 1`, `Note 60 (C4), any channel`."""
    kinds = {
        Kind.CC: _tr("Control {0}").format(source.number),
        Kind.CC14: _tr("Control {0}, fine").format(source.number),
        Kind.NRPN: _tr("NRPN {0}").format(source.number),
        Kind.NOTE: _tr("Note {0} ({1})").format(source.number, note_name(source.number)),
        Kind.PITCH_BEND: _tr("Pitch bend"),
    }
    if source.channel is None:
        return _tr("{0}, any channel").format(kinds[source.kind])
    return _tr("{0}, channel {1}").format(kinds[source.kind], source.channel)


def note_name(number: int) -> str:
    """`C4` for 60."""
    octave, step = divmod(number - _MIDDLE_C, 12)
    return f"{_NOTES[step]}{octave + 4}"


def port_text(pattern: str) -> str:
    """A port's pattern as a name: `any` for the one that fits all, brackets taken out."""
    if pattern == "*":
        return _tr("any port")
    return pattern.replace("[*]", "*").replace("[?]", "?").replace("[[]", "[")


def mode_text(mapping: Mapping) -> str:
    """How a control drives its parameter."""
    told = {
        Mode.ABSOLUTE: _tr("goes where the control stands"),
        Mode.PICK_UP: _tr("picks the value up"),
        Mode.RELATIVE: _tr("turns by steps"),
        Mode.TOGGLE: _tr("each press turns over"),
        Mode.MOMENTARY: _tr("while pressed"),
    }[mapping.mode]
    return _tr("{0}, reversed").format(told) if mapping.inverted else told


def desk_text(kind: DeskKind) -> str:
    """What a desk is."""
    return {
        DeskKind.MACKIE: _tr("Mackie Control"),
        DeskKind.MACKIE_EXTENDER: _tr("Mackie Control extender"),
    }[kind]


def sync_text(kind: SyncKind) -> str:
    """What gives the time."""
    return {
        SyncKind.OFF: _tr("Nobody: StemDesk keeps its own time"),
        SyncKind.CLOCK: _tr("MIDI clock"),
        SyncKind.TIME_CODE: _tr("MIDI time code (MTC)"),
    }[kind]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Midi", text)
