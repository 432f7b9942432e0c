"""What can be chosen about a separation, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.clip import AudioClip
from stemdesk.audio.formats import check_format
from stemdesk.audio.reading import open_audio
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    from stemdesk.audio.null import NullReport
    from stemdesk.separation.mask_settings import Reconstruction

Report = Callable[[float, str], None]


@dataclass(frozen=True)
class SeparateOptions:
    """What the user may choose; the defaults are those of the command line.

    Attributes:
        output: folder for the results.
        stems: names to deliver, all when empty; ``rest`` is everything not named.
        karaoke: deliver vocals and instrumental instead.
        format: ``wav``, ``flac``, ``ogg`` or ``mp3``.
        subtype: ``match``, ``pcm16``, ``pcm24`` or ``float``.
        start_seconds: where in the song to begin; ``duration_seconds`` None: to the end.
        name: template of the file names, see ``--name``.
        overwrite: what to do with files that are there: a policy, or its name (``ask``, ``skip``,
            ``rename``, ``yes``).
        resume: go on where a killed run stopped.
        adapt: let the model learn from the song before it separates it, see
            :mod:`stemdesk.separation.adaptation`.
        accept_incomplete: separate what is there of a song that is cut short or damaged.

    Raises:
        UserError: a format, a sample format or a policy that there is not.
    """

    output: Path = Path("separated")
    stems: tuple[str, ...] = ()
    karaoke: bool = False
    format: str = "wav"
    subtype: str = "match"
    start_seconds: float = 0.0
    duration_seconds: float | None = None
    name: str = "{file}/{stem}"
    overwrite: OverwritePolicy = OverwritePolicy.ASK
    resume: bool = True
    adapt: bool = False
    accept_incomplete: bool = False

    def __post_init__(self) -> None:
        check_format(self.format, self.subtype)
        object.__setattr__(self, "overwrite", OverwritePolicy.of(self.overwrite))


@dataclass(frozen=True)
class Separation:
    """What came of one song.

    Attributes:
        source: the song.
        source_sha256: of the song's file as it was separated; empty when nothing was done.
        files: stem name -> file written; empty when all were there and were to be kept.
        null: how the files on disk sum to the song; None when they do not hold all of it.
        model: model id.
        reconstruction: ``null`` or ``paper``, see :func:`stemdesk.app.model.load_model`.
        device: the processor that ended the work, "cpu" for one; empty when nothing was done.
        gain: common gain of all stems, 1 unless integer files would have clipped.
        subtype: encoding of the files.
        null_expected: the format holds every value of the song, so the stems have to null.
        seconds: wall-clock time taken, without waiting for answers.
        song_seconds: length separated.
        resumed_seconds: how much of it an earlier run had separated.
        kept: stem name -> file that was there and was left as it is.
        notes: one sentence each about what was done otherwise than asked.
        adapted: whether the model had learnt from the song.
    """

    source: Path
    files: dict[str, Path]
    null: NullReport | None
    model: str
    gain: float
    subtype: str
    seconds: float
    song_seconds: float
    resumed_seconds: float = 0.0
    device: str = ""
    null_expected: bool = False
    reconstruction: Reconstruction = "null"
    kept: dict[str, Path] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    adapted: bool = False
    source_sha256: str = ""

    @property
    def broken(self) -> bool:
        """Whether the files have to null and do not."""
        return self.null_expected and self.null is not None and self.null.verdict == "open"

    def load(self, stem: str) -> AudioClip:
        """A delivered stem as samples in memory."""
        with open_audio(self.files[stem]) as reader:
            samples = reader.read(reader.info.frames).astype(np.float32)
            return AudioClip(samples, reader.info.sample_rate)
