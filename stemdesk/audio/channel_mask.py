"""Which loudspeaker each channel of a WAVE file belongs to (Microsoft, WAVEFORMATEXTENSIBLE)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.audio.splice import Splice

STANDARD_MASKS = {1: 0x4, 2: 0x3, 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3F, 7: 0x70F, 8: 0x63F}
"""What is meant where a file does not say, as in FLAC (RFC 9639, 9.1.3).

1: C; 2: L R; 3: L R C; 4: L R Lb Rb; 5: L R C Lb Rb; 6: L R C LFE Lb Rb; 7: L R C LFE Cb Ls Rs;
8: L R C LFE Lb Rb Ls Rs.
"""
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


def read_mask(file: BinaryIO | Splice) -> int | None:
    """The mask in the header of a WAV or RF64 file; None for other files, and without one.

    Args:
        file: Its position is kept.
    """
    position = file.tell()
    file.seek(0)
    head = file.read(_SEARCH_BYTES)
    file.seek(position)
    offset = _mask_offset(head)
    return None if offset is None else int(struct.unpack_from("<I", head, offset)[0])


def write_mask(path: Path, mask: int) -> None:
    """Puts a mask into a finished file; one without a place for it stays as it is."""
    with path.open("r+b") as file:
        offset = _mask_offset(file.read(_SEARCH_BYTES))
        if offset is not None:
            file.seek(offset)
            file.write(struct.pack("<I", mask))


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
