"""MIDI Sample Dump Standard, packet by packet: libsndfile prints a line about each damaged one."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers.contents import CUT, Contents, Flaw, damaged
from stemdesk.audio.containers.tags import read_at
from stemdesk.audio.splice import Extent

if TYPE_CHECKING:
    from stemdesk.audio.splice import Piece

_HEADER_BYTES = 21
_PACKET_BYTES = 127
_DATA_BYTES = 120
_BEGIN, _END = b"\xf0\x7e", 0xF7


def examine(file: BinaryIO, start: int, end: int) -> Contents | None:
    """Counts the packets, and puts silence in the place of those that are damaged."""
    head = read_at(file, start, _HEADER_BYTES)
    if len(head) < _HEADER_BYTES or head[:2] != _BEGIN or head[3] != 1 or not 8 <= head[6] <= 28:
        return None
    in_packet = _DATA_BYTES // ((head[6] + 6) // 7)
    stated = head[10] | head[11] << 7 | head[12] << 14
    there = min(-(-stated // in_packet), (end - start - _HEADER_BYTES) // _PACKET_BYTES)
    samples = min(stated, there * in_packet)
    length = bytes(samples >> shift & 0x7F for shift in (0, 7, 14))
    pieces: list[Piece] = [head[:10] + length + head[13:]]
    rate_hz = 1e9 / max(1, head[7] | head[8] << 7 | head[9] << 14)
    holes = []
    for number in range(there):
        place = start + _HEADER_BYTES + number * _PACKET_BYTES
        packet = read_at(file, place, _PACKET_BYTES)
        if _is_good(packet, number):
            pieces.append(Extent(place, place + _PACKET_BYTES))
        else:
            pieces.append(_silence(head, number))
            holes.append(number * in_packet / rate_hz)
    flaws = list(damaged(holes))
    if samples < stated:
        flaws.append(Flaw(CUT, is_loss=True))
    return Contents((tuple(pieces),), tuple(flaws))


def _is_good(packet: bytes, number: int) -> bool:
    return (
        packet[:2] == _BEGIN
        and packet[3] == 2
        and packet[4] == number & 0x7F
        and packet[-1] == _END
        and packet[-2] == _checksum(packet)
    )


def _silence(head: bytes, number: int) -> bytes:
    """A packet whose samples are in the middle of their range."""
    sample_bytes = (head[6] + 6) // 7
    data = (b"\x40" + bytes(sample_bytes - 1)) * (_DATA_BYTES // sample_bytes)
    packet = head[:3] + bytes([2, number & 0x7F]) + data + bytes([0, _END])
    return packet[:-2] + bytes([_checksum(packet), _END])


def _checksum(packet: bytes) -> int:
    checksum = 0
    for byte in packet[1:-2]:
        checksum ^= byte
    return checksum & 0x7F
