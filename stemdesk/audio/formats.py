"""The formats stems are written in, and which one suits a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.audio.info import LOSSY_GRID_BITS, MAX_CHANNELS, MAX_RATE_HZ
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
        allowed_rates: Sample rates in Hz, or None for all up to `max_rate_hz`.
        max_rate_hz: The highest sample rate.
        coarse_above_hz: Rates above this must be multiples of 10 Hz.
        max_frames: The most samples per channel; None where files are never that long.
    """

    extension: str
    subtypes: tuple[str, ...]
    lossless: bool = True
    max_channels: int = MAX_CHANNELS
    allowed_rates: tuple[int, ...] | None = None
    max_rate_hz: int = MAX_RATE_HZ
    coarse_above_hz: int = MAX_RATE_HZ
    max_frames: int | None = None

    def holds_rate(self, rate_hz: int) -> bool:
        """Whether files of a sample rate can be written."""
        if self.allowed_rates is not None:
            return rate_hz in self.allowed_rates
        if rate_hz > self.coarse_above_hz and rate_hz % 10:
            return False
        return rate_hz <= self.max_rate_hz

    def holds(self, info: AudioInfo) -> bool:
        """Whether it takes the channels, the rate and the length of a source."""
        fits = self.max_frames is None or info.frames <= self.max_frames
        return fits and info.channels <= self.max_channels and self.holds_rate(info.sample_rate)


_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)

FORMATS: dict[str, Format] = {
    # Past 4 GiB it becomes RF64, whose lengths have 64 bits.
    "wav": Format(
        ".wav", ("PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"), max_rate_hz=(1 << 32) - 1
    ),
    # RFC 9639: 8.2 (36 bits of length, 20 of rate), 9.1.2 and 7 (rates that a frame can state).
    "flac": Format(
        ".flac",
        ("PCM_16", "PCM_24"),
        max_channels=8,
        max_rate_hz=655_350,
        coarse_above_hz=65_535,
        max_frames=(1 << 36) - 1,
    ),
    # libvorbis has no settings for higher rates.
    "ogg": Format(".ogg", ("VORBIS",), lossless=False, max_rate_hz=200_000),
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
    known = FORMATS.get(format_name)
    if known is None:
        raise UserError(
            f"{format_name!r} is not a format stems can be written in",
            f"choose one of {', '.join(FORMATS)}",
        )
    if subtype != "match" and subtype not in _SUBTYPES:
        raise UserError(
            f"{subtype!r} is not a sample format",
            f"choose one of match, {', '.join(_SUBTYPES)}",
        )
    _check_limits(info, format_name, known)
    if subtype == "match":
        chosen = _match(info, known)
    else:
        chosen = _SUBTYPES[subtype]
        if chosen not in known.subtypes:
            raise _cannot_hold(format_name, subtype, lossless=known.lossless)
    return OutputSpec(format_name, chosen, info.sample_rate, info.channels, info.channel_mask)


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
            _remedy(info),
        )
    if not known.holds_rate(info.sample_rate):
        raise UserError(
            f"{format_name} does not know the sample rate {info.sample_rate} Hz of {info.path}",
            _remedy(info),
        )
    if known.max_frames is not None and info.frames > known.max_frames:
        raise UserError(
            f"{format_name} does not hold the {info.seconds / 3600:.0f} hours of {info.path}",
            _remedy(info),
        )


def _remedy(info: AudioInfo) -> str:
    """The formats without loss that hold a source; wav holds all that can be read."""
    suitable = [name for name, known in FORMATS.items() if known.lossless and known.holds(info)]
    return f"choose {' or '.join(suitable)}"
