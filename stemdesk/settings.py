"""What the user prefers: one TOML file in the settings folder, which anybody may edit by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, write_text_atomic
from stemdesk.parsing.bounds import MOST_BYTES_BY_HAND, Unreadable, file_bytes
from stemdesk.parsing.toml_text import read_toml_as
from stemdesk.paths import config_dir

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
FILE_NAME = "settings.toml"
RECENT = 12


class Window(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the main window was left.

    Attributes:
        geometry: base64 of Qt's own notation; `layout` likewise, one word a splitter.
        shown: names of the panels and lanes that are shown or on.
    """

    geometry: str = ""
    layout: str = ""
    shown: tuple[str, ...] = ("snap", "show_mixer", "show_side", "follow")


class Preferences(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything the user can choose once for all.

    Attributes:
        format: of the file.
        device: where to compute: `auto`, `cpu`, `cuda` or `mps`.
        threads: processor threads; 0 for all physical cores.
        model: id of the model that separates; empty for the default.
        separate_on_open: begin at once when a song is opened.
        audio_device: name of the output; empty for the system's, `silent` for none.
        theme: `system`, `dark` or `light`.
        language: of the windows, `en`, `de` ...; empty for the system's.
        projects: folder that is offered for projects; empty for the user's music folder.
        exports: folder that is offered for exports; empty for beside the song.
        recent: project folders, the last one first.
        welcomed: the first steps have been shown.
        window: how the main window was left.
    """

    format: int = FORMAT
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    threads: int = 0
    model: str = ""
    separate_on_open: bool = True
    audio_device: str = ""
    theme: Literal["system", "dark", "light"] = "system"
    language: str = ""
    projects: str = ""
    exports: str = ""
    recent: tuple[str, ...] = ()
    welcomed: bool = False
    window: Window = msgspec.field(default_factory=Window)

    def __post_init__(self) -> None:
        if not 0 <= self.threads <= 1024:
            raise ValueError("threads must lie between 0 and 1024")

    def but(self, **fields: Any) -> Preferences:
        """A copy with other fields."""
        return msgspec.structs.replace(self, **fields)

    def with_recent(self, folder: str) -> Preferences:
        """A copy in which a project folder is the last one used."""
        others = tuple(each for each in self.recent if each != folder)
        return self.but(recent=(folder, *others)[:RECENT])


class _Header(msgspec.Struct):
    format: int = FORMAT


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What a settings file is, so that every one of them is read and refused alike.

    Attributes:
        kind: type of what it holds.
        header: type of what can be read of any format.
        read_as: the function that reads its format, as a type.
        title: for refusals, with the article.
        newest: the latest format that can be read.
        mend: what to do with a damaged one.
    """

    kind: type[msgspec.Struct]
    header: type[msgspec.Struct]
    read_as: Callable[[bytes, type[Any]], Any]
    title: str
    newest: int
    mend: str

    def read(self, path: Path) -> Any:
        """What the file holds; a fresh one of its kind where there is no file.

        Raises:
            UserError: it cannot be read, is damaged, or comes from a later StemDesk.
        """
        try:
            text = file_bytes(path, MOST_BYTES_BY_HAND)
        except FileNotFoundError:
            return self.kind()
        except OSError as error:
            raise UserError(
                f"{self.title} {path} cannot be read ({error.strerror or error})",
                "make the file readable or move it away",
            ) from error
        except Unreadable as error:
            raise self._damaged(path, error) from error
        try:
            found = self.read_as(text, self.header).format
            if found <= self.newest:
                return self.read_as(text, self.kind)
        except Unreadable as error:
            raise self._damaged(path, error) from error
        raise UserError(
            f"{self.title} {path} come from a later StemDesk (format {found})",
            "update StemDesk, or move the file away to begin anew",
        )

    def _damaged(self, path: Path, error: Unreadable) -> UserError:
        return UserError(f"{self.title} {path} are damaged ({error})", self.mend)


_STORED = Stored(
    kind=Preferences,
    header=_Header,
    read_as=read_toml_as,
    title="The settings",
    newest=FORMAT,
    mend="mend that line, or move the file away to begin anew",
)


def preferences_path() -> Path:
    """Where the preferences are kept."""
    return config_dir() / FILE_NAME


def load_preferences(path: Path | None = None) -> Preferences:
    """The stored preferences; fresh ones where there is no file.

    Args:
        path: the file; the user's own by default.

    Raises:
        UserError: the file cannot be read, is damaged, or comes from a later StemDesk.
    """
    preferences: Preferences = _STORED.read(path or preferences_path())
    return preferences


def save_preferences(preferences: Preferences, path: Path | None = None) -> None:
    """Store the preferences, whole or not at all; what cannot be read is never overwritten.

    Raises:
        UserError: the file there is damaged or from a later StemDesk, or the disk refuses.
    """
    path = path or preferences_path()
    load_preferences(path)
    ensure_writable_folder(path.parent)
    write_text_atomic(path, msgspec.toml.encode(preferences).decode())
