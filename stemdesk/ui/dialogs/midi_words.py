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

translate = QCoreApplication.translate

_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_MIDDLE_C = 60  # C4, as most desks and DAWs count


def control_text(source: Source) -> str:
    """`Control 7, channel 1`, `Note 60 (C4), any channel`."""
    kinds = {
        Kind.CC: translate("Midi", "Control {0}").format(source.number),
        Kind.CC14: translate("Midi", "Control {0}, fine").format(source.number),
        Kind.NRPN: translate("Midi", "NRPN {0}").format(source.number),
        Kind.NOTE: translate("Midi", "Note {0} ({1})").format(
            source.number, note_name(source.number)
        ),
        Kind.PITCH_BEND: translate("Midi", "Pitch bend"),
    }
    if source.channel is None:
        return translate("Midi", "{0}, any channel").format(kinds[source.kind])
    return translate("Midi", "{0}, channel {1}").format(kinds[source.kind], source.channel)


def note_name(number: int) -> str:
    """`C4` for 60."""
    octave, step = divmod(number - _MIDDLE_C, 12)
    return f"{_NOTES[step]}{octave + 4}"


def port_text(pattern: str) -> str:
    """A port's pattern as a name: `any` for the one that fits all, brackets taken out."""
    if pattern == "*":
        return translate("Midi", "any port")
    return pattern.replace("[*]", "*").replace("[?]", "?").replace("[[]", "[")


def mode_title(mode: Mode) -> str:
    """How a control drives its parameter."""
    return {
        Mode.ABSOLUTE: translate("Midi", "goes where the control stands"),
        Mode.PICK_UP: translate("Midi", "picks the value up"),
        Mode.RELATIVE: translate("Midi", "turns by steps"),
        Mode.TOGGLE: translate("Midi", "each press turns over"),
        Mode.MOMENTARY: translate("Midi", "while pressed"),
    }[mode]


def mode_text(mapping: Mapping) -> str:
    """The same of a mapping; with what is special about it."""
    told = mode_title(mapping.mode)
    if (mapping.least, mapping.most) != (0.0, 1.0):
        told = translate("Midi", "{0}, {1:.0f} to {2:.0f} % of its travel").format(
            told, 100 * mapping.least, 100 * mapping.most
        )
    return translate("Midi", "{0}, reversed").format(told) if mapping.inverted else told


def desk_text(kind: DeskKind) -> str:
    """What a desk is."""
    return {
        DeskKind.MACKIE: translate("Midi", "Mackie Control"),
        DeskKind.MACKIE_EXTENDER: translate("Midi", "Mackie Control extender"),
    }[kind]


def sync_text(kind: SyncKind) -> str:
    """What gives the time."""
    return {
        SyncKind.OFF: translate("Midi", "Nobody: StemDesk keeps its own time"),
        SyncKind.CLOCK: translate("Midi", "MIDI clock"),
        SyncKind.TIME_CODE: translate("Midi", "MIDI time code (MTC)"),
    }[kind]
