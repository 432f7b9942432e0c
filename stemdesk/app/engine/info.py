"""Where a running engine is found: one small file that only its user can read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from stemdesk.files import atomic_path, write_refusal
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import data_dir

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
FILE_NAME = "engine.json"
HOST = "127.0.0.1"
_OWNER_ONLY = 0o600


class EngineInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The address and the key of an engine.

    Attributes:
        port: on this computer; another with every start.
        token: what a client shows first; another with every start.
        pid: number of the process.
        version: of StemDesk.
        host: address it listens on.
        format: of the file.
    """

    port: int
    token: str
    pid: int
    version: str
    host: str = HOST
    format: int = FORMAT

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"


def engine_folder() -> Path:
    """Where engines of this user leave their file, and lock one another out."""
    return data_dir() / "engine"


def info_path() -> Path:
    """The file."""
    return engine_folder() / FILE_NAME


def read_info() -> EngineInfo | None:
    """What the file says; None where there is none, or nothing that can be read."""
    try:
        return read_json_as(file_bytes(info_path()), EngineInfo)
    except (OSError, Unreadable):
        return None


def write_info(info: EngineInfo) -> None:
    """Publish an engine; nobody but the user can read the file at any time.

    Raises:
        UserError: nothing can be written there.
    """
    path = info_path()
    with atomic_path(path) as partial:
        try:
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(info) + b"\n")
        except OSError as error:
            raise write_refusal(path, error) from error


def remove_info(info: EngineInfo) -> None:
    """Take an engine's file away; that of another engine stays."""
    if read_info() == info:
        info_path().unlink(missing_ok=True)
