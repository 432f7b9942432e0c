"""Many songs, one after the other: one that fails does not stop the others."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.app.separate import Separation, separate_song
from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, file_sha256, write_text_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from stemdesk.app.model import LoadedModel
    from stemdesk.app.separate import SeparateOptions

AUDIO_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".w64", ".rf64", ".bwf", ".flac", ".ogg", ".oga", ".opus", ".mp3"),
        *(".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".wv", ".ape", ".tta"),
        *(".m4a", ".mp4", ".aac", ".wma", ".mka", ".mkv", ".webm", ".mov", ".avi"),
    }
)


@dataclass
class Outcome:
    """One song of a batch: what came of it, or why not."""

    source: Path
    result: Separation | None = None
    error: UserError | None = None


@dataclass
class Batch:
    """Everything that was asked for, and what has come of it so far."""

    songs: list[Path]
    outcomes: list[Outcome] = field(default_factory=list)

    def current(self) -> dict[str, Any]:
        """The song in work as plain data: ``input``, ``song`` (from 1) and ``songs``."""
        index = min(len(self.outcomes), len(self.songs) - 1)
        return {"input": str(self.songs[index]), "song": index + 1, "songs": len(self.songs)}

    def written(self) -> set[Path]:
        """All stems that were delivered so far."""
        results = [outcome.result for outcome in self.outcomes if outcome.result is not None]
        return {path for result in results for path in result.files.values()}


def find_songs(inputs: Sequence[Path], output: Path) -> list[Path]:
    """Files as they are; folders with all audio below them, in the order of their names.

    Results of an earlier run (anything below an ``output`` that lies in the folder) and hidden
    files are left out.

    Raises:
        UserError: a folder without audio files, or one that is the output folder too.
    """
    songs: list[Path] = []
    for path in inputs:
        if not path.is_dir():
            songs.append(path)
            continue
        if path.resolve() == output.resolve():
            raise UserError(
                f"The stems would lie among the songs in {path}",
                "choose another --output folder; one inside it will do",
            )
        results = output.resolve() if path.resolve() in output.resolve().parents else None
        found = [
            file
            for file in sorted(path.rglob("*"))
            if file.suffix.lower() in AUDIO_SUFFIXES
            and file.is_file()
            and not file.name.startswith(".")
            and results not in file.resolve().parents
        ]
        if not found:
            raise UserError(f"The folder {path} holds no audio files", "name another folder")
        songs += found
    return list(dict.fromkeys(songs))


def run_batch(
    batch: Batch,
    options: SeparateOptions,
    model: LoadedModel,
    report: Callable[[float, str], None],
    ask: Callable[[Path], bool],
) -> Iterator[Outcome]:
    """Separate the batch's songs, yielding each outcome as it is there.

    ``report`` is told the fraction of the whole batch.
    """
    count = len(batch.songs)
    for index, song in enumerate(batch.songs):

        def report_song(fraction: float, stage: str, index: int = index) -> None:
            report((index + fraction) / count, stage)

        outcome = Outcome(song)
        try:
            outcome.result = separate_song(song, options, model, report_song, ask, batch.written())
        except UserError as error:
            outcome.error = error
        batch.outcomes.append(outcome)
        yield outcome


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
        "stems": {name: str(path) for name, path in result.files.items()},
        "subtype": result.subtype,
        "gain": result.gain,
        "null": msgspec.to_builtins(result.null) if result.null else None,
        "seconds": round(result.seconds, 3),
        "song_seconds": round(result.song_seconds, 3),
        "resumed_seconds": round(result.resumed_seconds, 3),
        "notes": result.notes,
    }


def write_manifest(path: Path, batch: Batch) -> None:
    """Write what was done as JSON: inputs, hashes, model, stems, null verdict, seconds."""
    songs = []
    for outcome in batch.outcomes:
        entry = describe(outcome)
        if outcome.result is not None and outcome.result.files:
            entry["sha256"] = file_sha256(outcome.source)
            entry["stems_sha256"] = {
                name: file_sha256(file) for name, file in outcome.result.files.items()
            }
        songs.append(entry)
    manifest = {"format": 1, "stemdesk": importlib.metadata.version("stemdesk"), "songs": songs}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        # File names need not be valid Unicode, a text file must.
        text = json.dumps(manifest, indent=2)
    write_text_atomic(path, text + "\n")


def check_manifest(path: Path) -> None:
    """Find out before the work whether the manifest can be written at its end.

    Raises:
        UserError: it cannot.
    """
    if path.is_dir():
        raise UserError(f"The manifest {path} is a folder", "name a file")
    ensure_writable_folder(path.parent)
