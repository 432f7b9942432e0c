"""A file becomes a song of a project."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.audio.formats import choose_output
from stemdesk.audio.reading import open_audio, scan_finite
from stemdesk.audio.writing import AudioWriter
from stemdesk.files import atomic_path, ensure_writable_folder
from stemdesk.paths import data_dir
from stemdesk.project.document import MediaRef, changed

if TYPE_CHECKING:
    from collections.abc import Callable
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
    with open_audio(
        path, check=lambda: report(0.0, "opening"), accept_incomplete=accept_incomplete
    ) as reader:
        info = reader.info
        # What is not whole is refused wherever it is opened again, so it is taken in.
        if info.lossy or info.format not in SEEKABLE_FORMATS or not info.is_complete:
            ref = changed(_decoded(reader, media, report), name=path.name)
            return Imported(ref, reader.remarks)
        scan_finite(reader, lambda done, _: report(done, "opening"))
        ref = MediaRef(
            path=str(path.absolute()),
            frames=info.frames,
            sample_rate=info.sample_rate,
            channels=info.channels,
            name=path.name,
        )
        return Imported(ref, reader.remarks)


def _decoded(reader: AudioReader, media: MediaStore, report: Report) -> MediaRef:
    info = reader.info
    spec = choose_output(info, "wav", "float" if info.lossy else "match")
    folder = data_dir() / "work" / uuid.uuid4().hex
    ensure_writable_folder(folder)
    try:
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
    finally:
        shutil.rmtree(folder, ignore_errors=True)
