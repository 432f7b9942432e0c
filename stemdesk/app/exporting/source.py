"""What is known of a song's files before any of their samples are read for an export."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.audio.formats import choose_output
from stemdesk.audio.reading import open_audio

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.info import AudioInfo
    from stemdesk.project.document import Track

FLOAT_BITS = 99  # deeper than any integer
MIXER_BITS = 24  # of a float32's significand


@dataclass(frozen=True)
class ExportSource:
    """The files an export is made of.

    Attributes:
        mixture: the song as it was.
        stems: stem name -> its file; empty while there are none.
    """

    mixture: AudioInfo
    stems: dict[str, AudioInfo]

    def awaiting(self, stems: tuple[str, ...]) -> ExportSource:
        """The files once stems of these names are there: they come in the song's own samples."""
        return replace(self, stems={**dict.fromkeys(stems, self.mixture), **self.stems})

    @property
    def deepest(self) -> AudioInfo:
        """The file with the finest samples."""
        infos = (self.mixture, *self.stems.values())
        return max(infos, key=lambda info: FLOAT_BITS if info.grid_bits is None else info.grid_bits)


def look_at(files: Mapping[str, Path], check: Callable[[], None] = lambda: None) -> ExportSource:
    """Read the headers.

    Args:
        files: stem name -> file, and `mixture` -> the song.
        check: called now and then; may raise Cancelled.

    Raises:
        UserError: a file is missing or cannot be read.
    """
    infos = {}
    for name, path in files.items():
        check()
        with open_audio(path, check=check) as reader:
            infos[name] = reader.info
    mixture = infos.pop(MIXTURE)
    return ExportSource(mixture, infos)


def known_hashes(track: Track, files: Mapping[str, Path]) -> dict[Path, str]:
    """SHA-256 of a song's files as the project knows them, empty where it does not.

    Args:
        track: the song.
        files: stem name -> file, and `mixture` -> the song.
    """
    stems = track.separated.stems if track.separated else {}
    refs = {**stems, MIXTURE: track.mixture}
    return {path: refs[name].sha256 if name in refs else "" for name, path in files.items()}


def spec_for(source: ExportSource, request: ExportRequest, channels: int) -> OutputSpec:
    """How the files are written.

    `match` is the song's own samples for a mix, those of the finest file where stems are to sum
    to it, and 24 bits at least for stems with effects, whose sum is to be worked on.

    Raises:
        UserError: the format cannot hold them.
    """
    info = source.mixture if request.is_as_heard else source.deepest
    subtype = request.subtype
    bits = info.grid_bits
    if request.what == "stems_with_effects" and subtype == "match" and bits and bits < MIXER_BITS:
        info = replace(info, grid_bits=MIXER_BITS - 1, subtype="PCM_24")
    mask = info.channel_mask if channels == info.channels else None
    info = replace(info, channels=channels, channel_mask=mask, path=source.mixture.path)
    return choose_output(info, request.format, subtype)


def holds(spec: OutputSpec, info: AudioInfo) -> bool:
    """Whether files of a format can hold every sample of another."""
    if spec.subtype == "DOUBLE":
        return True
    if info.grid_bits is None:
        return spec.subtype == "FLOAT" and info.subtype != "DOUBLE"
    return info.grid_bits <= spec.grid_bits
