"""What StemDesk put into a host: the files with their hashes, so that it takes only those away."""

from __future__ import annotations

from pathlib import Path

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import data_dir

FORMAT = 1


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in one host.

    Attributes:
        stemdesk: the version that put it there.
        files: absolute path -> SHA-256 of what was written.
        folders: those made for it, outer ones first.
        settings: what a setting of the host was before it was changed.
    """

    format: int = FORMAT
    stemdesk: str
    files: dict[str, str] = {}
    folders: list[str] = []
    settings: dict[str, str] = {}

    def existing_files(self) -> list[Path]:
        """Those that are still there."""
        return [path for path in map(Path, self.files) if path.is_file()]

    def existing_folders(self) -> list[Path]:
        """Those made for the files that are still there, inner ones first."""
        compiled = [Path(file).parent / "__pycache__" for file in self.files]
        made = [*dict.fromkeys(compiled), *map(Path, reversed(self.folders))]
        return [path for path in made if path.is_dir()]


def receipt_path(host: str) -> Path:
    """Where the receipt of a host lies."""
    return data_dir() / "plugins" / f"{host}.json"


def load_receipt(host: str) -> Receipt | None:
    """The receipt of a host; None where nothing was installed.

    Raises:
        UserError: It cannot be read, or a newer StemDesk wrote it.
    """
    path = receipt_path(host)
    try:
        receipt = read_json_as(file_bytes(path), Receipt, names=True)
    except FileNotFoundError:
        return None
    except Unreadable as error:
        raise UserError(
            f"The record {path} of what was installed is damaged ({error})",
            "delete it, and remove StemDesk's files from the host by hand",
        ) from error
    if receipt.format > FORMAT:
        raise UserError(
            f"{path} was written by StemDesk {receipt.stemdesk}, which is newer",
            "use that version",
        )
    return receipt


def save_receipt(host: str, receipt: Receipt) -> None:
    """Write the receipt of a host."""
    path = receipt_path(host)
    ensure_writable_folder(path.parent)
    write_text_atomic(path, msgspec.json.format(msgspec.json.encode(receipt), indent=2).decode())


def forget_receipt(host: str) -> None:
    """There is nothing more in that host."""
    receipt_path(host).unlink(missing_ok=True)
