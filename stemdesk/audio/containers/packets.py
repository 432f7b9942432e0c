"""Streams of packets without a container, which only ffmpeg reads: AC-3, E-AC-3, AAC, DTS.

They promise nothing as a whole, but each packet states its own size (ATSC A/52, ISO 13818-7, ETSI
TS 102 114).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from stemdesk.audio.containers.contents import ENDS_INSIDE, Contents, Flaw, damaged, whole
from stemdesk.audio.containers.tags import after_filling, read_at

_HEAD_BYTES = 9
_IN_A_ROW = 3
_SEARCH_BYTES = 1 << 16
_NOT_READ = "is in no format that can be read"
_AC3_RATES_HZ = (48_000, 44_100, 32_000)
_AC3_KBIT = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
_AAC_RATES_HZ = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000),
    *(11_025, 8_000, 7_350),
)
_DTS_RATES_HZ = {1: 8_000, 2: 16_000, 3: 32_000, 6: 11_025, 7: 22_050, 8: 44_100}
_DTS_RATES_HZ |= {11: 12_000, 12: 24_000, 13: 48_000}


@dataclass(frozen=True)
class _Packet:
    """Size, and how much it sounds."""

    size_bytes: int
    seconds: float


def examine(file: BinaryIO, start: int, end: int) -> Contents | None:
    """Goes from packet to packet; None where the file is of another kind."""
    if not _is_row(file, start, end):
        return None
    place, seconds = start, 0.0
    holes: list[float] = []
    ends_inside = False
    while place < end:
        packet = _packet(read_at(file, place, _HEAD_BYTES))
        if packet is not None:
            ends_inside = place + packet.size_bytes > end
            place += packet.size_bytes
            seconds += 0.0 if ends_inside else packet.seconds
            continue
        behind = after_filling(file, place, end)
        if behind >= end:
            break
        holes.append(seconds)
        place = _resync(file, behind, end)
    flaws = (*damaged(holes), *((Flaw(ENDS_INSIDE, seconds=seconds),) if ends_inside else ()))
    return Contents(whole(start, end).links, flaws, _NOT_READ)


def _is_row(file: BinaryIO, place: int, end: int) -> bool:
    for index in range(_IN_A_ROW):
        packet = _packet(read_at(file, place, _HEAD_BYTES))
        if packet is None:
            return False
        place += packet.size_bytes
        if place >= end:
            return index > 0 or place == end
    return True


def _resync(file: BinaryIO, place: int, end: int) -> int:
    while place < end:
        block = read_at(file, place, _SEARCH_BYTES)
        for offset in range(len(block)):
            if block[offset] in (0x0B, 0xFF, 0x7F) and _is_row(file, place + offset, end):
                return place + offset
        place += len(block) or end
    return end


def _packet(head: bytes) -> _Packet | None:
    if len(head) < _HEAD_BYTES:
        return None
    if head[:2] == b"\x0b\x77":
        return _ac3(head)
    if head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return _aac(head)
    if head[:4] == b"\x7f\xfe\x80\x01":
        return _dts(head)
    return None


def _ac3(head: bytes) -> _Packet | None:
    rate_code, version = head[4] >> 6, head[5] >> 3
    if version > 10:
        size_bytes = ((head[2] & 7) << 8 | head[3]) * 2 + 2
        rate = 24_000 if rate_code == 3 else _AC3_RATES_HZ[rate_code]
        blocks = 6 if rate_code == 3 else (1, 2, 3, 6)[head[4] >> 4 & 3]
        # A packet of a dependent stream sounds together with the one before it.
        return _Packet(size_bytes, 0.0 if head[2] >> 6 == 1 else 256 * blocks / rate)
    size_code = head[4] & 0x3F
    if rate_code == 3 or size_code >= 2 * len(_AC3_KBIT):
        return None
    rate, kbit = _AC3_RATES_HZ[rate_code], _AC3_KBIT[size_code >> 1]
    words = kbit * 96_000 // rate + (size_code & 1 if rate == 44_100 else 0)
    return _Packet(2 * words, 1536 / rate)


def _aac(head: bytes) -> _Packet | None:
    rate_code = head[2] >> 2 & 0x0F
    size_bytes = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    if rate_code >= len(_AAC_RATES_HZ) or size_bytes < 7:
        return None
    return _Packet(size_bytes, 1024 * ((head[6] & 3) + 1) / _AAC_RATES_HZ[rate_code])


def _dts(head: bytes) -> _Packet | None:
    blocks = ((head[4] & 1) << 6 | head[5] >> 2) + 1
    size_bytes = ((head[5] & 3) << 12 | head[6] << 4 | head[7] >> 4) + 1
    rate = _DTS_RATES_HZ.get(head[8] >> 2 & 0x0F)
    return None if rate is None or size_bytes < 96 else _Packet(size_bytes, 32 * blocks / rate)
