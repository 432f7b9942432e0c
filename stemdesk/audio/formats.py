"""The formats stems are written in, and which one suits a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.audio.info import LOSSY_GRID_BITS, MAX_CHANNELS
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from stemdesk.audio.info import AudioInfo

_SUBTYPES = {"pcm16": "PCM_16", "pcm24": "PCM_24", "float": "FLOAT"}
_INTEGER_BITS = {"PCM_16": 15, "PCM_24": 23, "PCM_32": 31}


@dataclass(frozen=True)
class Format:
    """One file format.

    Attributes:
        extension: With its dot.
        subtypes: The libsndfile encodings it may hold, by depth.
        lossless: Whether samples come back as they were written.
        max_channels: The most channels it takes.
        allowed_rates: Sample rates in Hz, or None for all that can be read.
    """

    extension: str
    subtypes: tuple[str, ...]
    lossless: bool = True
    max_channels: int = MAX_CHANNELS
    allowed_rates: tuple[int, ...] | None = None


_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)

FORMATS: dict[str, Format] = {
    "wav": Format(".wav", ("PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")),
    "flac": Format(".flac", ("PCM_16", "PCM_24")),
    "ogg": Format(".ogg", ("VORBIS",), lossless=False),
    "mp3": Format(
        ".mp3", ("MPEG_LAYER_III",), lossless=False, max_channels=2, allowed_rates=_MP3_RATES
    ),
}


@dataclass(frozen=True)
class OutputSpec:
    """How one stem is written.

    Attributes:
        format: A key of `FORMATS`.
        subtype: libsndfile encoding.
        sample_rate: Hz.
        channels: Number of channels.
        channel_mask: Where the source says that they belong; None where it does not.
    """

    format: str
    subtype: str
    sample_rate: int
    channels: int
    channel_mask: int | None = None

    @property
    def integer(self) -> bool:
        """Whether samples are written as integers, exactly."""
        return self.subtype in _INTEGER_BITS

    @property
    def grid_bits(self) -> int:
        """Stems are to be rounded to multiples of 2^-grid_bits before they are written."""
        return _INTEGER_BITS.get(self.subtype, LOSSY_GRID_BITS)

    @property
    def extension(self) -> str:
        """File-name suffix with its dot."""
        return FORMATS[self.format].extension


def choose_output(info: AudioInfo, format_name: str, subtype: str) -> OutputSpec:
    """Chooses how to write stems of a source.

    Args:
        info: The source.
        format_name: "wav", "flac", "ogg" or "mp3".
        subtype: "match" (hold every value of the source), "pcm16", "pcm24" or "float".

    Raises:
        UserError: Unknown names, or a format that cannot hold this depth, rate or channel count.
    """
    check_format(format_name, subtype)
    known = FORMATS[format_name]
    _check_limits(info, format_name, known)
    if subtype == "match":
        chosen = _match(info, known)
    else:
        chosen = _SUBTYPES[subtype]
        if chosen not in known.subtypes:
            raise _cannot_hold(format_name, subtype, lossless=known.lossless)
    return OutputSpec(format_name, chosen, info.sample_rate, info.channels, info.channel_mask)


def check_format(format_name: str, subtype: str) -> None:
    """Refuses names of formats and of sample formats that there are not.

    Raises:
        UserError: One of them is unknown.
    """
    if format_name not in FORMATS:
        raise UserError(
            f"{format_name!r} is not a format stems can be written in",
            f"choose one of {', '.join(FORMATS)}",
        )
    check_subtype(subtype)


def check_subtype(subtype: str) -> None:
    """Refuses a name of a sample format that there is not.

    Raises:
        UserError: It is unknown.
    """
    if subtype != "match" and subtype not in _SUBTYPES:
        raise UserError(
            f"{subtype!r} is not a sample format",
            f"choose one of match, {', '.join(_SUBTYPES)}",
        )


def _match(info: AudioInfo, known: Format) -> str:
    if len(known.subtypes) == 1:
        return known.subtypes[0]
    if info.grid_bits is None:
        wanted = "DOUBLE" if info.subtype == "DOUBLE" else "FLOAT"
    elif info.grid_bits <= 15:
        wanted = "PCM_16"
    else:
        wanted = "PCM_24" if info.grid_bits <= 23 else "PCM_32"
    return wanted if wanted in known.subtypes else known.subtypes[-1]


def _cannot_hold(format_name: str, subtype: str, *, lossless: bool) -> UserError:
    if lossless:
        return UserError(
            f"{format_name} cannot hold {subtype} samples", "choose pcm24, or the wav format"
        )
    return UserError(
        f"{format_name} is compressed and has no {subtype} samples",
        "leave the sample format at match, or choose wav or flac",
    )


def _check_limits(info: AudioInfo, format_name: str, known: Format) -> None:
    if info.channels > known.max_channels:
        raise UserError(
            f"{format_name} holds at most {known.max_channels} channels,"
            f" and {info.path} has {info.channels}",
            "choose wav or flac",
        )
    if known.allowed_rates is not None and info.sample_rate not in known.allowed_rates:
        raise UserError(
            f"{format_name} does not know the sample rate {info.sample_rate} Hz of {info.path}",
            "choose wav or flac",
        )
