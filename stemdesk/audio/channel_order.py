"""The order of channels in Vorbis and Opus, which is not that of WAVE files.

WAVE sorts channels by the bits of their mask (L R C LFE Lb Rb ...). Vorbis I (section 4.3.9) and
Opus (RFC 7845, section 5.1.1.2, mapping family 1) put the centre second and the LFE last.
libsndfile passes both on as they are; ffmpeg, FLAC, CAF and AIFF deliver the order of WAVE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.channel_mask import STANDARD_MASKS

if TYPE_CHECKING:
    import soundfile

    from stemdesk.audio.formats import OutputSpec

# Place in the Ogg file -> channel of the WAVE layout with as many channels (STANDARD_MASKS).
_VORBIS_ORDER = {
    3: (0, 2, 1),
    5: (0, 2, 1, 3, 4),
    6: (0, 2, 1, 4, 5, 3),
    7: (0, 2, 1, 5, 6, 4, 3),
    8: (0, 2, 1, 6, 7, 4, 5, 3),
}
_BACK, _SIDES, _SIDES_TO_BACK = 0x30, 0x600, 5
_OPUS_SPEAKERS = 1
_OPUS_HEAD = b"OpusHead"
_FAMILY_OFFSET = 18
_SEARCH_BYTES = 1 << 16


def layout_remarks(spec: OutputSpec) -> list[str]:
    """What is to be said where a format cannot state where the channels belong."""
    stated = spec.channel_mask
    if spec.format != "ogg" or stated is None or spec.channels < 3:
        return []
    usual = STANDARD_MASKS[spec.channels]
    if _without_sides(stated) == _without_sides(usual):
        return []
    return ["Ogg cannot say where the channels of this song belong; players take the usual layout."]


def _without_sides(mask: int) -> int:
    """A mask in which side loudspeakers count as back ones, if there are no others at the back."""
    return mask if mask & _BACK else mask & ~_SIDES | (mask & _SIDES) >> _SIDES_TO_BACK


def written_order(format_name: str, channels: int) -> tuple[int, ...] | None:
    """Which channel goes to each place of a file; None where they stay as they are.

    Args:
        format_name: A key of `stemdesk.audio.formats.FORMATS`.
        channels: How many there are.
    """
    return _VORBIS_ORDER.get(channels) if format_name == "ogg" else None


def read_order(sound: soundfile.SoundFile, file: BinaryIO) -> tuple[int, ...] | None:
    """Which place of a file holds each channel; None where they are as in WAVE.

    Args:
        sound: As libsndfile opened it.
        file: What it was opened from; its position is kept.
    """
    order = _VORBIS_ORDER.get(sound.channels)
    if order is None or not _has_vorbis_order(sound, file):
        return None
    return tuple(order.index(channel) for channel in range(sound.channels))


def _has_vorbis_order(sound: soundfile.SoundFile, file: BinaryIO) -> bool:
    if sound.subtype == "VORBIS":
        return True
    return sound.subtype == "OPUS" and _opus_family(file) == _OPUS_SPEAKERS


def _opus_family(file: BinaryIO) -> int | None:
    """The mapping family of an Opus stream; those other than 1 name no loudspeakers."""
    position = file.tell()
    file.seek(0)
    head = file.read(_SEARCH_BYTES)
    file.seek(position)
    place = head.find(_OPUS_HEAD)
    family = head[place + _FAMILY_OFFSET : place + _FAMILY_OFFSET + 1]
    return family[0] if place >= 0 and family else None
