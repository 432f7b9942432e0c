"""Files put into folders of the user's, and taken away again, without losing anything of theirs."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import (
    OverwritePolicy,
    atomic_path,
    ensure_writable_folder,
    file_sha256,
    resolve_target,
    write_refusal,
)
from stemdesk_plugins.receipts import Receipt, forget_receipt, load_receipt, save_receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHANGED_SUFFIX = ".changed"
"""Behind the name of a file of ours that somebody changed, and that a new one replaced."""


@dataclass(frozen=True)
class Placement:
    """One file to put somewhere: where to, what, and whether it may be executed."""

    target: Path
    content: bytes
    executable: bool = False


@dataclass
class Report:
    """What was done: files written, kept aside, removed, or left because somebody changed them."""

    written: list[Path] = field(default_factory=list)
    kept_aside: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)


def put(
    host: str, placements: Sequence[Placement], settings: dict[str, str] | None = None
) -> Report:
    """Write files and remember them; what an earlier version put there and this one does not, goes.

    Args:
        host: whose receipt is kept.
        placements: the files.
        settings: what settings of the host were before, for :func:`take_away`'s caller.

    Raises:
        UserError: A file of that name exists that StemDesk did not put there; nothing was written.
    """
    before = load_receipt(host)
    ours = before.files if before else {}
    for placement in placements:
        _refuse_strangers(placement, ours)
    report = Report()
    folders = [*(before.folders if before else []), *_missing_folders(placements)]
    hashes = {str(each.target): hashlib.sha256(each.content).hexdigest() for each in placements}
    obsolete = {path: digest for path, digest in ours.items() if path not in hashes}
    save_receipt(
        host,
        Receipt(
            stemdesk=importlib.metadata.version("stemdesk"),
            files={**obsolete, **hashes},
            folders=list(dict.fromkeys(folders)),
            settings=settings if settings is not None else (before.settings if before else {}),
        ),
    )
    for placement in placements:
        _write(placement, ours.get(str(placement.target)), report)
    if obsolete:
        _delete(obsolete, report)
        saved = load_receipt(host)
        assert saved is not None
        save_receipt(host, _without_obsolete(saved, hashes))
    return report


def take_away(host: str) -> Report:
    """Remove the files that :func:`put` wrote; those that were changed since stay.

    Raises:
        UserError: StemDesk put nothing there.
    """
    receipt = load_receipt(host)
    if receipt is None:
        raise UserError(f"StemDesk has installed nothing for {host}", "see `stemdesk plugins list`")
    report = Report()
    _delete(receipt.files, report)
    for path in receipt.existing_folders():
        if not any(path.iterdir()):
            path.rmdir()
    forget_receipt(host)
    return report


def _refuse_strangers(placement: Placement, ours: dict[str, str]) -> None:
    target = placement.target
    if target.is_dir():
        raise UserError(f"A folder has the name {target}", "move it away")
    if str(target) in ours or not (target.exists() or target.is_symlink()):
        return
    if target.is_file() and target.read_bytes() == placement.content:
        return
    raise UserError(
        f"{target} exists, and StemDesk did not put it there", "move it away or rename it"
    )


def _missing_folders(placements: Iterable[Placement]) -> list[str]:
    """The folders that have to be made, outer ones first."""
    missing: list[str] = []
    for placement in placements:
        new = [str(each) for each in placement.target.parents if not each.exists()]
        missing.extend(each for each in reversed(new) if each not in missing)
    return missing


def _write(placement: Placement, old_hash: str | None, report: Report) -> None:
    target = placement.target
    ensure_writable_folder(target.parent)
    try:
        if old_hash is not None and target.is_file():
            _keep_aside(placement, old_hash, report)
        with atomic_path(target) as partial:
            partial.write_bytes(placement.content)
            if placement.executable:
                partial.chmod(0o755)
    except OSError as error:
        raise write_refusal(target, error) from error
    report.written.append(target)


def _keep_aside(placement: Placement, old_hash: str, report: Report) -> None:
    target = placement.target
    found = file_sha256(target)
    if found in {old_hash, hashlib.sha256(placement.content).hexdigest()}:
        return
    wanted = target.with_name(target.name + CHANGED_SUFFIX)
    aside = resolve_target(wanted, OverwritePolicy.RENAME, lambda _: False)
    assert aside is not None
    target.rename(aside)
    report.kept_aside.append(aside)


def _delete(files: dict[str, str], report: Report) -> None:
    for name, digest in files.items():
        path = Path(name)
        if not path.is_file():
            continue
        if file_sha256(path) != digest:
            report.left.append(path)
            continue
        try:
            path.unlink()
        except OSError as error:
            raise UserError(
                f"{path} could not be removed ({error.strerror or error})",
                "close the program that uses it, and try again",
            ) from error
        report.removed.append(path)
        # What Python in a host made of it.
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.cpython-*.pyc"):
            compiled.unlink()


def _without_obsolete(receipt: Receipt, hashes: dict[str, str]) -> Receipt:
    return Receipt(
        stemdesk=receipt.stemdesk,
        files=hashes,
        folders=receipt.folders,
        settings=receipt.settings,
    )
