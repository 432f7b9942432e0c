"""What is known of an audio source before its samples are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOSSY_GRID_BITS = 23
MAX_CHANNELS = 8
MIN_RATE_HZ = 8_000
MAX_RATE_HZ = 192_000

_LOSSLESS_GRID_BITS: dict[str, int | None] = {
    "PCM_S8": 7,
    "PCM_U8": 7,
    "PCM_16": 15,
    "PCM_24": 23,
    "PCM_32": 31,
    "ALAC_16": 15,
    "ALAC_20": 23,
    "ALAC_24": 23,
    "ALAC_32": 31,
    "FLOAT": None,
    "DOUBLE": None,
}


@dataclass(frozen=True)
class AudioInfo:
    """Facts about an opened source.

    Attributes:
        path: The file the user named.
        format: Container as libsndfile or ffmpeg names it, e.g. "WAV".
        subtype: Sample encoding, e.g. "PCM_16"; a codec name where ffmpeg reads.
        sample_rate: Hz.
        channels: 1 to 8.
        frames: Exact number of frames delivered, after start and duration.
        grid_bits: All samples are multiples of 2^-grid_bits; None for floating point.
        lossy: The encoding discards signal, so there are no original samples to return to.
        tags: Lower-case vorbis-comment names (title, artist, tracknumber ...) to text.
        channel_mask: Where its channels belong, see `stemdesk.audio.channel_mask`; None where the
            file does not say.
        remarks: Sentences on what is unusual about the file and was read none the less.
        is_complete: Nothing that the file promises is missing.
    """

    path: Path
    format: str
    subtype: str
    sample_rate: int
    channels: int
    frames: int
    grid_bits: int | None
    lossy: bool
    tags: dict[str, str] = field(default_factory=dict)
    channel_mask: int | None = None
    remarks: tuple[str, ...] = ()
    is_complete: bool = True

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate


def is_lossy(subtype: str) -> bool:
    """Whether a libsndfile subtype discards signal (ADPCM and companding do)."""
    return subtype not in _LOSSLESS_GRID_BITS


def grid_of(subtype: str) -> int | None:
    """Fractional bits of a libsndfile subtype; lossy ones are rounded to 2^-23 on reading."""
    return _LOSSLESS_GRID_BITS.get(subtype, LOSSY_GRID_BITS)
