"""Which loudspeaker each channel belongs to, in WAVE (Microsoft, WAVEFORMATEXTENSIBLE) and FLAC."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, BinaryIO

import mutagen
from mutagen.flac import FLAC

if TYPE_CHECKING:
    from pathlib import Path

STANDARD_MASKS = {1: 0x4, 2: 0x3, 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3F, 7: 0x70F, 8: 0x63F}
"""What is meant where a file does not say, as in FLAC (RFC 9639, 9.1.3).

1: C; 2: L R; 3: L R C; 4: L R Lb Rb; 5: L R C Lb Rb; 6: L R C LFE Lb Rb; 7: L R C LFE Cb Ls Rs;
8: L R C LFE Lb Rb Ls Rs.
"""
_FLAC = b"fLaC"
_FLAC_MASK = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK"
_EXTENSIBLE = 0xFFFE
_MASK_OFFSET = 20
_SEARCH_BYTES = 1 << 16


def mask_for(channels: int, stated: int | None) -> int:
    """The mask to write: the one that the source states, where it fits so many channels.

    A source may state 0: its channels belong to no loudspeakers, as those of Ambisonics.
    """
    if stated is not None and (stated == 0 or stated.bit_count() == channels):
        return stated
    return STANDARD_MASKS[channels]


def read_mask(file: BinaryIO) -> int | None:
    """The mask in the header of a WAV, RF64 or FLAC file; None for others, and without one.

    Args:
        file: Its position is kept.
    """
    position = file.tell()
    file.seek(0)
    head = file.read(_SEARCH_BYTES)
    file.seek(position)
    if head[:4] == _FLAC:
        return _flac_mask(file)
    offset = _mask_offset(head)
    return None if offset is None else int(struct.unpack_from("<I", head, offset)[0])


def write_mask(path: Path, mask: int) -> None:
    """Puts a mask into a finished file; one without a place for it stays as it is."""
    with path.open("r+b") as file:
        offset = _mask_offset(file.read(_SEARCH_BYTES))
        if offset is not None:
            file.seek(offset)
            file.write(struct.pack("<I", mask))


def write_flac_mask(path: Path, mask: int) -> None:
    """Puts a mask into a finished FLAC file whose channels are not those that are usual.

    Raises:
        mutagen.MutagenError: The disk refused; an OSError is its first argument.
    """
    flac: Any = FLAC(path)  # type: ignore[no-untyped-call]
    if mask != STANDARD_MASKS[flac.info.channels]:
        flac[_FLAC_MASK] = f"0x{mask:X}"
        flac.save()


def _flac_mask(file: BinaryIO) -> int | None:
    """The mask in a comment (RFC 9639, 8.6.2); the position is kept."""
    position = file.tell()
    file.seek(0)
    try:
        flac: Any = FLAC(file)  # type: ignore[no-untyped-call]
        mask = int(flac[_FLAC_MASK][0], 16)
    except (mutagen.MutagenError, ValueError, LookupError, TypeError, struct.error):
        return None
    finally:
        file.seek(position)
    return mask if 0 <= mask < 1 << 32 else None


def _mask_offset(head: bytes) -> int | None:
    if head[:4] not in (b"RIFF", b"RF64") or head[8:12] != b"WAVE":
        return None
    place = 12
    while place + 8 <= len(head):
        name, size_bytes = struct.unpack_from("<4sI", head, place)
        place += 8
        if name == b"fmt ":
            if size_bytes < 40 or place + 40 > len(head):
                return None
            is_extensible = struct.unpack_from("<H", head, place)[0] == _EXTENSIBLE
            return place + _MASK_OFFSET if is_extensible else None
        place += size_bytes + size_bytes % 2
    return None
