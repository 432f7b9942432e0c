"""Keys, wheel and gestures that are in no menu: they belong to the part that has the focus."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from stemdesk.ui.action_table import noop
from stemdesk.ui.dialogs.shortcuts import Shortcut

CONTEXT = "Hands"

# Not keys: what a hand does with the mouse while it holds the keys before the last plus sign.
_MOUSE = {
    "Wheel": noop("Hands", "Wheel"),
    "Click": noop("Hands", "Click"),
    "Double click": noop("Hands", "Double click"),
    "Drag": noop("Hands", "Drag"),
}

# fmt: off
_LANES = (
    (noop("Hands", "Mute the focused lane"), ("M",)),
    (noop("Hands", "Solo the focused lane"), ("S",)),
    (noop("Hands", "Fold its automation out or in"), ("A",)),
    (noop("Hands", "Lane above or below"), ("Up", "Down")),
    (noop("Hands", "Go on by a beat, or a little"), ("Left", "Right")),
    (noop("Hands", "Go on by one sample"), ("Ctrl+Left", "Ctrl+Right")),
    (noop("Hands", "Go on by what is in view"), ("PgUp", "PgDown")),
    (noop("Hands", "Select, by a beat or a little"), ("Shift+Left", "Shift+Right")),
    (noop("Hands", "Select by one sample"), ("Ctrl+Shift+Left", "Ctrl+Shift+Right")),
    (noop("Hands", "Select to the beginning or end"), ("Shift+Home", "Shift+End")),
    (noop("Hands", "Select in further lanes"), ("Shift+Up", "Shift+Down")),
    (noop("Hands", "Move the selection's other end"), ("X",)),
    (noop("Hands", "Pick the last or next region, point or marker"), (",", ".")),
    (noop("Hands", "Move what is picked"), ("Alt+Left", "Alt+Right")),
    (noop("Hands", "Raise or lower what is picked"), ("Alt+Up", "Alt+Down")),
    (noop("Hands", "Remove what is picked"), ("Del", "Backspace")),
    (noop("Hands", "Rename the picked marker"), ("F2",)),
    (noop("Hands", "Add an automation point at the playhead"), ("Ins",)),
    (noop("Hands", "Give a drag up"), ("Esc",)),
    (noop("Hands", "Drag without snapping"), ("Ctrl+Drag",)),
    (noop("Hands", "Zoom at the pointer"), ("Ctrl+Wheel",)),
    (noop("Hands", "Scroll along the song"), ("Shift+Wheel",)),
    (noop("Hands", "Make lanes higher or lower"), ("Ctrl+Shift+Wheel",)),
)
_CONTROLS = (
    (noop("Hands", "By a step; a fader by 1 dB"), ("Wheel", "Up", "Down")),
    (noop("Hands", "By three steps"), ("Shift+Wheel", "Shift+Up", "Shift+Down")),
    (noop("Hands", "By a tenth of a step"), ("Ctrl+Wheel", "Ctrl+Up", "Ctrl+Down")),
    (noop("Hands", "By six steps"), ("PgUp", "PgDown")),
    (noop("Hands", "To the ends of the range"), ("Home", "End")),
    (noop("Hands", "Back to the default"), ("Double click", "Del")),
    (noop("Hands", "Type a value"), ("Return", "F2")),
    (noop("Hands", "Turn a switch over"), ("Space", "Return")),
    (noop("Hands", "Hear a stem alone, on its S"), ("Ctrl+Click", "Ctrl+Space")),
    (noop("Hands", "Turn the switch of all stems over"), ("Ctrl+Shift+Click",)),
    (noop("Hands", "Menu: default value, MIDI learn"), ("Menu", "Shift+F10")),
)
_EFFECTS = (
    (noop("Hands", "Choose an effect"), ("Up", "Down")),
    (noop("Hands", "Move it up or down"), ("Alt+Up", "Alt+Down")),
    (noop("Hands", "Bypass it"), ("Space",)),
    (noop("Hands", "Open it"), ("Return",)),
    (noop("Hands", "Remove it"), ("Del",)),
)
_JOBS = (
    (noop("Hands", "Choose a job"), ("Up", "Down")),
    (noop("Hands", "Pause it, go on or try again"), ("Space",)),
    (noop("Hands", "Cancel it, or remove what has ended"), ("Del",)),
    (noop("Hands", "Earlier or later in the queue"), ("Ctrl+Up", "Ctrl+Down")),
)
_GROUPS = (
    (noop("Hands", "In the lanes"), _LANES),
    (noop("Hands", "On faders, knobs and switches"), _CONTROLS),
    (noop("Hands", "In a list of effects"), _EFFECTS),
    (noop("Hands", "In the list of jobs"), _JOBS),
)
# fmt: on


def hand_shortcuts() -> tuple[Shortcut, ...]:
    """All of them as lines of the sheet, in the user's language."""
    return tuple(
        Shortcut(_translated(group), _translated(text), tuple(_native(way) for way in ways))
        for group, lines in _GROUPS
        for text, ways in lines
    )


def _translated(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


def _native(way: str) -> str:
    """As the system writes it: `Strg+Mausrad` for `Ctrl+Wheel`."""
    native = QKeySequence.SequenceFormat.NativeText
    held, _, last = way.rpartition("+")
    if last not in _MOUSE:
        return QKeySequence(way).toString(native)
    # Keys that are only held make no sequence: they are read with a letter that is cut off.
    before = QKeySequence(f"{held}+A").toString(native).removesuffix("A") if held else ""
    return before + _translated(_MOUSE[last])
