"""Removes the clock and the dice from finished files: equal audio makes equal bytes."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from mutagen.ogg import OggPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PEAK_SEARCH_BYTES = 4096


def clear_peak_time(path: Path) -> None:
    """Zeroes the time stamp of the PEAK chunk that libsndfile adds to floating-point WAV.

    Layout: "PEAK", size, version, time stamp (seconds since 1970), then value and position per
    channel, all 32-bit. libsndfile puts it right after the format.
    """
    with path.open("r+b") as file:
        place = file.read(_PEAK_SEARCH_BYTES).find(b"PEAK")
        if place >= 0:
            file.seek(place + 12)
            file.write(bytes(4))


def set_ogg_serial(path: Path) -> None:
    """Replaces the random serial number of an Ogg stream by a checksum of its content.

    Same-sized pages are rewritten in place with their checksums (RFC 3533), one at a time.
    """
    checksum = 0
    with path.open("r+b") as file:
        for page in _pages(file):
            for packet in page.packets:
                checksum = zlib.crc32(packet, checksum)
        for page in _pages(file):
            page.serial = checksum
            file.seek(page.offset)
            file.write(page.write())


def _pages(file: BinaryIO) -> Iterator[Any]:
    """Every Ogg page, read only when the one before is done with."""
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    while file.tell() < size_bytes:
        yield OggPage(file)  # type: ignore[no-untyped-call]
