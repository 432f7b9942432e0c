"""A file becomes a song of a project."""

from __future__ import annotations

import shutil
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.app.seals import Seals
from stemdesk.app.work_folders import work_dir
from stemdesk.audio.formats import choose_output
from stemdesk.audio.reading import open_audio, scan_finite
from stemdesk.audio.writing import AudioWriter
from stemdesk.files import atomic_path, ensure_writable_folder
from stemdesk.project.document import MediaRef, changed
from stemdesk.unfinished_files import PARTIAL_SUFFIX, unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stemdesk.audio.reading import AudioReader
    from stemdesk.project.media import MediaStore

    Report = Callable[[float, str], None]

BLOCK_FRAMES = 1 << 17
# What can be read from any place at once, as often as is needed.
SEEKABLE_FORMATS = frozenset({"WAV", "WAVEX", "W64", "RF64", "AIFF", "CAF", "AU", "FLAC"})
DECODE_SHARE = 0.8


@dataclass(frozen=True)
class Imported:
    """A song's file in the project, and what is unusual about the one that was opened."""

    media: MediaRef
    remarks: tuple[str, ...]


def import_song(
    path: Path, media: MediaStore, report: Report, *, accept_incomplete: bool = False
) -> Imported:
    """Look at a file, and decode it into the project if it cannot be played from everywhere.

    Lossless files stay where they are until the project is saved. Compressed ones are decoded
    once, to the same samples that a separation would read.

    Args:
        path: any audio or video file.
        media: of the project.
        report: told the fraction done and the stage; may raise Cancelled.
        accept_incomplete: take what is there of a file that is cut short or damaged.

    Raises:
        UserError: it cannot be read, holds a sample that is no number, or there is no room.
    """
    seals = Seals([path], lambda: report(0.0, "opening"))
    with (
        seals.kept(),
        open_audio(
            path, check=lambda: report(0.0, "opening"), accept_incomplete=accept_incomplete
        ) as reader,
    ):
        info = reader.info
        # What is not whole is refused wherever it is opened again, so it is taken in.
        if info.lossy or info.format not in SEEKABLE_FORMATS or not info.is_complete:
            ref = _decoded(reader, media, report)
            seals.require(lambda: report(1.0, "decoding"))
            return Imported(changed(ref, name=path.name), reader.remarks)
        scan_finite(reader, lambda done, _: report(done, "opening"))
        ref = MediaRef(
            path=str(path.absolute()),
            frames=info.frames,
            sample_rate=info.sample_rate,
            channels=info.channels,
            name=path.name,
            sha256=seals.sha256_of(path),
        )
        return Imported(ref, reader.remarks)


def _decoded(reader: AudioReader, media: MediaStore, report: Report) -> MediaRef:
    info = reader.info
    spec = choose_output(info, "wav", "float" if info.lossy else "match")
    folder = work_dir() / f".{uuid.uuid4().hex}{PARTIAL_SUFFIX}"
    with unfinished(folder), _made(folder):
        target = folder / "song.wav"
        done = 0
        with (
            atomic_path(target) as partial,
            AudioWriter(partial, spec, info.frames, info.tags) as writer,
        ):
            while done < info.frames:
                block = reader.read(BLOCK_FRAMES)
                writer.write(block)
                done += block.shape[1]
                report(DECODE_SHARE * done / info.frames, "decoding")
        ref = MediaRef(
            path=str(target),
            frames=info.frames,
            sample_rate=info.sample_rate,
            channels=info.channels,
        )
        share = 1 - DECODE_SHARE
        return media.take_in(
            ref, lambda part, _: report(DECODE_SHARE + share * part, "decoding"), move=True
        )


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    ensure_writable_folder(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
