"""What was done, as plain data and as a file."""

from __future__ import annotations

import importlib.metadata
import json
from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.app.plan import shortened
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, ensure_writable_folder, file_sha256, write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.batch import Batch, Outcome

FORMAT = 1


def describe(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain data: for ``--manifest`` and ``--json``."""
    told: dict[str, Any] = {"input": str(outcome.source)}
    if outcome.error is not None:
        return {**told, "error": str(outcome.error)}
    result = outcome.result
    if result is None:
        return told
    return {
        **told,
        "model": result.model,
        "reconstruction": result.reconstruction,
        "adapted": result.adapted,
        "device": result.device,
        "stems": {name: str(path) for name, path in result.files.items()},
        "kept": {name: str(path) for name, path in result.kept.items()},
        "subtype": result.subtype,
        "gain": result.gain,
        "null": msgspec.to_builtins(result.null) if result.null else None,
        "null_expected": result.null_expected,
        "seconds": round(result.seconds, 3),
        "song_seconds": round(result.song_seconds, 3),
        "resumed_seconds": round(result.resumed_seconds, 3),
        "notes": result.notes,
    }


def write_manifest(path: Path, batch: Batch) -> None:
    """Write what was done as JSON: inputs, hashes, model, stems, null verdict, seconds.

    Every file is hashed once, as soon as its song is done.
    """
    songs = []
    for outcome in batch.outcomes:
        if outcome.hashes is None:
            outcome.hashes = _hashes(outcome)
        songs.append({**describe(outcome), **outcome.hashes})
    manifest = {
        "format": FORMAT,
        "stemdesk": importlib.metadata.version("stemdesk"),
        "songs": songs,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        # File names need not be valid Unicode, a text file must.
        text = json.dumps(manifest, indent=2)
    write_text_atomic(path, text + "\n")


def _hashes(outcome: Outcome) -> dict[str, Any]:
    if outcome.result is None or not outcome.result.files:
        return {}
    stems = {name: _hash(path) for name, path in outcome.result.files.items()}
    return {"sha256": _hash(outcome.source), "stems_sha256": stems}


def _hash(path: Path) -> str | None:
    """None for a file that was moved away in the meantime."""
    try:
        return file_sha256(path)
    except OSError:
        return None


def check_manifest(path: Path, batch: Batch, policy: OverwritePolicy) -> None:
    """Find out before the work whether the manifest can, and may, be written at its end.

    Raises:
        UserError: it cannot; or it is a song, or a stem to come, or something else of the user's.
    """
    try:
        _check_place(path, batch, policy)
        ensure_writable_folder(path.parent)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(
            f"The manifest {shortened(path)} cannot be written ({reason})", "name another file"
        ) from error


def _check_place(path: Path, batch: Batch, policy: OverwritePolicy) -> None:
    if path.is_dir():
        raise UserError(f"The manifest {path} is a folder", "name a file")
    if batch.claims.is_input(path):
        raise UserError(f"The manifest would replace the song {path}", "name another file")
    if batch.claims.is_claimed(path):
        raise UserError(f"The manifest {path} would replace a stem", "name another file")
    if policy is not OverwritePolicy.YES and path.exists() and not _is_manifest(path):
        raise UserError(
            f"{path} exists and is not a manifest of StemDesk",
            "name another file, or use --overwrite yes",
        )


def read_manifest(path: Path) -> list[dict[str, Any]]:
    """What a manifest says of each of its songs.

    Raises:
        OSError: the system does not give it.
        Unreadable: it is no manifest of StemDesk.
    """
    found = read_json(file_bytes(path), names=True, infinite=True)
    if not (isinstance(found, dict) and found.keys() >= {"format", "stemdesk", "songs"}):
        raise Unreadable("it lists no songs")
    songs = found["songs"]
    if not (isinstance(songs, list) and all(isinstance(song, dict) for song in songs)):
        raise Unreadable("its songs are no list")
    return songs


def _is_manifest(path: Path) -> bool:
    try:
        read_manifest(path)
    except Unreadable:
        return False
    return True
