"""MPEG audio frames, as their headers say (ISO 11172-3, 13818-3; MPEG 2.5 as Fraunhofer has it)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

HEAD_BYTES = 4
LARGEST_FRAME_BYTES = 2_881

_V1 = 3
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBIT_V1 = {
    1: (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_KBIT_V2 = {
    1: (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    3: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MONO = 3


@dataclass(frozen=True)
class Header:
    """One frame's header.

    Attributes:
        version: 3 for MPEG 1, 2 for MPEG 2, 0 for MPEG 2.5.
        layer: 1 to 3.
        sample_rate: Hz.
        channels: 1 or 2.
        size_bytes: Of the frame, its header included; 0 in free format, which states none.
        samples: In each channel.
    """

    version: int
    layer: int
    sample_rate: int
    channels: int
    size_bytes: int
    samples: int

    @property
    def kind(self) -> tuple[int, int, int]:
        """What does not change within a stream."""
        return self.version, self.layer, self.sample_rate

    @property
    def info_offset(self) -> int:
        """Where a Xing or Info header stands in the frame: behind the side information."""
        if self.version == _V1:
            return HEAD_BYTES + (17 if self.channels == 1 else 32)
        return HEAD_BYTES + (9 if self.channels == 1 else 17)


@lru_cache(maxsize=4096)
def read_header(head: bytes) -> Header | None:
    """The header in four bytes; None where they are none."""
    if len(head) < HEAD_BYTES or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bitrate, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or bitrate == 15 or rate == 3 or head[3] & 3 == 2:
        return None
    sample_rate = _RATES_HZ[version][rate]
    channels = 1 if head[3] >> 6 == _MONO else 2
    kbit = (_KBIT_V1 if version == _V1 else _KBIT_V2)[layer][bitrate]
    samples = {1: 384, 2: 1152, 3: 1152 if version == _V1 else 576}[layer]
    slot_bytes = 4 if layer == 1 else 1
    slots = samples // 8 // slot_bytes * kbit * 1000 // sample_rate + padding if kbit else 0
    return Header(version, layer, sample_rate, channels, slots * slot_bytes, samples)


@dataclass(frozen=True)
class InfoHeader:
    """What a Xing, Info or VBRI header states about the frames behind it.

    Attributes:
        frames: Their number, without its own; 0 where it is not stated.
        size_bytes: Of all, with its own; 0 where it is not stated.
        encoder: LAME's extension, 36 bytes; empty where there is none.
    """

    frames: int
    size_bytes: int
    encoder: bytes = b""

    @property
    def delay(self) -> int:
        """Samples that the encoder put in front."""
        return self.encoder[21] << 4 | self.encoder[22] >> 4 if self.encoder else 0


def read_info_header(frame: bytes, header: Header) -> InfoHeader | None:
    """The header of a stream in its first frame; None where that holds sound."""
    place = header.info_offset
    if frame[place : place + 4] in (b"Xing", b"Info"):
        return _xing(frame, place)
    if frame[36:40] == b"VBRI":
        size_bytes, frames = (int.from_bytes(frame[a : a + 4], "big") for a in (46, 50))
        return InfoHeader(frames, size_bytes)
    return None


def _xing(frame: bytes, place: int) -> InfoHeader:
    flags = int.from_bytes(frame[place + 4 : place + 8], "big")
    place += 8
    fields = {}
    for bit, count in ((1, 4), (2, 4), (4, 100), (8, 4)):
        fields[bit] = frame[place : place + count] if flags & bit else b""
        place += count if flags & bit else 0
    encoder = frame[place : place + 36]
    is_there = len(encoder) == 36 and encoder[:4].strip(b"\0").isalpha()
    return InfoHeader(
        int.from_bytes(fields[1], "big"),
        int.from_bytes(fields[2], "big"),
        encoder if is_there else b"",
    )


def info_frame(head: bytes, frames: int, size_bytes: int, encoder: bytes) -> bytes:
    """A silent first frame that states how many follow, for a decoder that believes it.

    Args:
        head: Of a frame of layer III of the stream.
        frames: That follow it.
        size_bytes: Of those.
        encoder: LAME's extension, or empty.
    """
    own, header = bytearray(head), None
    own[1] |= 1  # No checksum.
    for bitrate in range(1, 15):
        own[2] = bitrate << 4 | head[2] & 0x0C
        header = read_header(bytes(own))
        if header is not None and header.size_bytes >= header.info_offset + 16 + 36:
            break
    assert header is not None
    body = b"Info" + (3).to_bytes(4, "big") + frames.to_bytes(4, "big")
    body += min(size_bytes + header.size_bytes, 0xFFFF_FFFF).to_bytes(4, "big") + encoder
    return (bytes(own) + bytes(header.info_offset - HEAD_BYTES) + body).ljust(
        header.size_bytes, b"\0"
    )
