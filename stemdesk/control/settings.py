"""What the user has set up: mappings, desks and synchronisation, kept as one JSON file."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from stemdesk.control.mapping.mappings import Mapping
from stemdesk.control.sync.timecode import FrameRate
from stemdesk.files import ensure_writable_folder, write_text_atomic
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import config_dir
from stemdesk.settings import Stored

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
FILE_NAME = "midi.json"


class DeskKind(Enum):
    """Desks that are driven as a whole."""

    MACKIE = "mackie"
    MACKIE_EXTENDER = "mackie_extender"


class PotButton(Enum):
    """The buttons that choose what a desk's pots turn."""

    PAN = "pan"
    SEND = "send"
    EQ = "eq"
    PLUGIN = "plugin"
    TRACK = "track"
    INSTRUMENT = "instrument"


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One desk.

    Attributes:
        port: pattern of the names of its ports.
        kind: what it is.
        pots: button -> what the pots then turn, an address without the strip (`reverb.amount`);
            the first is in force at the start.
        time_code: rate of the time code it displays; None for milliseconds.
    """

    port: str
    kind: DeskKind = DeskKind.MACKIE
    pots: dict[PotButton, str] = msgspec.field(default_factory=lambda: {PotButton.PAN: "pan"})
    time_code: FrameRate | None = None

    def __post_init__(self) -> None:
        if not self.pots:
            raise ValueError("the pots turn nothing")


class SyncKind(Enum):
    """What gives the time."""

    OFF = "off"
    CLOCK = "clock"  # MIDI clock
    TIME_CODE = "time_code"  # MIDI time code


class Sync(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to follow.

    Attributes:
        kind: what gives the time.
        port: pattern of the input's name.
        offset_seconds: time code at which the song begins.
    """

    kind: SyncKind = SyncKind.OFF
    port: str = "*"
    offset_seconds: float = 0.0


class ControlSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about control surfaces.

    Attributes:
        format: of the file.
        mappings: single controls.
        desks: whole desks, from left to right.
        sync: what to follow.
        outputs: input's name -> name of the output that leads back to the same device, where the
            names do not tell.
    """

    format: int = FORMAT
    mappings: tuple[Mapping, ...] = ()
    desks: tuple[Desk, ...] = ()
    sync: Sync = msgspec.field(default_factory=Sync)
    outputs: dict[str, str] = msgspec.field(default_factory=dict)


class _Header(msgspec.Struct):
    format: int


_STORED = Stored(
    kind=ControlSettings,
    header=_Header,
    read_as=read_json_as,
    title="The MIDI settings",
    newest=FORMAT,
    mend="move the file away to begin anew, or mend it",
)


def settings_path() -> Path:
    """Where the settings are kept."""
    return config_dir() / FILE_NAME


def load_settings(path: Path | None = None) -> ControlSettings:
    """The stored settings; fresh ones where there is no file.

    Args:
        path: the file; the user's own by default.

    Raises:
        UserError: the file cannot be read, is damaged, or comes from a later StemDesk.
    """
    settings: ControlSettings = _STORED.read(path or settings_path())
    return settings


def save_settings(settings: ControlSettings, path: Path | None = None) -> None:
    """Store the settings, whole or not at all; what cannot be read is never overwritten.

    Args:
        settings: what to keep.
        path: the file; the user's own by default.

    Raises:
        UserError: the file there is damaged or from a later StemDesk, or the disk refuses.
    """
    path = path or settings_path()
    load_settings(path)
    ensure_writable_folder(path.parent)
    text = msgspec.json.format(msgspec.json.encode(settings), indent=2)
    write_text_atomic(path, text.decode() + "\n")
