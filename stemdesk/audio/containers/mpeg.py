"""MPEG audio, frame by frame: what a Xing, Info or VBRI header counts is a hint, no more.

libsndfile believes such a header, and guesses the length from the first frame where there is none:
it reads the first of two joined files, or half of one with variable bit rate. It is given a stream
whose first frame states the true number instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers.contents import (
    BEGINS_INSIDE,
    CUT,
    ENDS_INSIDE,
    JOINED,
    LENGTH_UNKNOWN,
    MIXED,
    WRONG_LENGTH,
    Contents,
    Flaw,
    damaged,
)
from stemdesk.audio.containers.mpeg_frames import (
    HEAD_BYTES,
    LARGEST_FRAME_BYTES,
    Header,
    InfoHeader,
    info_frame,
    read_header,
    read_info_header,
)
from stemdesk.audio.containers.tags import after_filling, after_tags, read_at
from stemdesk.audio.splice import Extent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk.audio.splice import Piece

_DECODER_DELAY = 529
_PEEK_BYTES = 44
_IN_A_ROW = 3
_SEARCH_BYTES = 1 << 16
_OTHER_CONTAINERS = (b"RIFF", b"FORM", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"FLV", b"0&\xb2u")


@dataclass
class _Stream:
    """What the walk has found; a part is what one header frame speaks for."""

    runs: list[Extent] = field(default_factory=list)
    head: bytes = b""
    first: Header | None = None
    frames: int = 0
    samples: int = 0
    parts: list[_Part] = field(default_factory=list)
    holes: list[int] = field(default_factory=list)
    is_mixed: bool = False
    ends_inside: bool = False


@dataclass
class _Part:
    stated: InfoHeader
    start: int
    frames: int = 0
    end: int = 0
    ends_inside: bool = False


def examine(file: BinaryIO, start: int, end: int) -> Contents | None:
    """Counts the frames of an MPEG stream.

    Returns:
        The stream as libsndfile should see it; None where the file holds something else.
    """
    first = _first_frame(file, start, end)
    if first is None:
        return None
    stream = _Stream()
    for place, head, header in _frames(file, first, end, stream):
        _take(stream, place, head, header)
    if stream.first is None:
        return None
    flaws = tuple(_flaws(stream))
    if first > after_filling(file, start, end):
        flaws = (Flaw(BEGINS_INSIDE), *flaws)
    if stream.is_mixed:
        return Contents(
            ((Extent(start, end),),), (*flaws, Flaw(MIXED)), f"{MIXED}, which cannot be read"
        )
    if stream.first.layer != 3:
        # Such streams have no first frame that states a length.
        return Contents(((Extent(first, end),),), flaws, LENGTH_UNKNOWN, stream.samples)
    return Contents(((*_front(file, start, first), *_pieces(stream)),), flaws)


def _front(file: BinaryIO, start: int, first: int) -> tuple[Piece, ...]:
    """The tags in front, in which libsndfile finds title and artist."""
    tags_end = after_tags(file, start, first)
    return (Extent(start, tags_end),) if tags_end > start else ()


def _first_frame(file: BinaryIO, start: int, end: int) -> int | None:
    place = after_filling(file, start, end)
    head = read_at(file, place, LARGEST_FRAME_BYTES)
    if head[4:8] == b"ftyp" or head.startswith(_OTHER_CONTAINERS):
        return None
    if read_header(head[:HEAD_BYTES]) and _is_row(file, place, end, _IN_A_ROW):
        return place
    # The recording of a stream begins anywhere in a frame.
    for offset in range(1, len(head) - HEAD_BYTES):
        if head[offset] == 0xFF and _is_row(file, place + offset, end, 2 * _IN_A_ROW):
            return place + offset
    return None


def _is_row(file: BinaryIO, place: int, end: int, count: int) -> bool:
    """Whether so many frames of one kind follow each other, or all that there are."""
    kind = None
    for index in range(count):
        header = read_header(read_at(file, place, HEAD_BYTES))
        if header is None or not header.size_bytes or kind not in (None, header.kind):
            return index > 0 and after_filling(file, place, end) >= end
        kind = header.kind
        place += header.size_bytes
        if place >= end:
            return place == end or index > 0
    return True


def _frames(
    file: BinaryIO, place: int, end: int, stream: _Stream
) -> Iterator[tuple[int, bytes, Header]]:
    """Place, first bytes and header of each whole frame; notes in `stream` what is none."""
    kind = None
    while place < end:
        head = read_at(file, place, _PEEK_BYTES)
        header = read_header(head[:HEAD_BYTES])
        if header is not None and header.size_bytes and kind in (None, header.kind):
            kind = header.kind
            if place + header.size_bytes > end:
                stream.ends_inside = True
                return
            if (
                head[header.info_offset : header.info_offset + 1] in b"XIV"
                or head[36:40] == b"VBRI"
            ):
                head = read_at(file, place, 256)
            yield place, head, header
            place += header.size_bytes
            continue
        behind = after_filling(file, place, end)
        if behind >= end:
            return
        found = _resync(file, behind, end)
        if found is None:
            if end - behind > LARGEST_FRAME_BYTES or not stream.frames:
                stream.holes.append(stream.samples)
            else:
                stream.ends_inside = True
            return
        if found > behind:
            stream.holes.append(stream.samples)
        place, kind = found, None


def _resync(file: BinaryIO, place: int, end: int) -> int | None:
    """The next place where frames follow each other."""
    while place < end:
        block = read_at(file, place, _SEARCH_BYTES)
        offset = block.find(b"\xff")
        while offset >= 0:
            if read_header(read_at(file, place + offset, HEAD_BYTES)) and _is_row(
                file, place + offset, end, _IN_A_ROW
            ):
                return place + offset
            offset = block.find(b"\xff", offset + 1)
        place += len(block) or end
    return None


def _take(stream: _Stream, place: int, head: bytes, header: Header) -> None:
    stated = read_info_header(head, header)
    if stated is not None:
        stream.parts.append(_Part(stated, place, end=place + header.size_bytes))
        return
    if stream.first is None:
        stream.first, stream.head = header, head[:HEAD_BYTES]
    same = (header.kind, header.channels) == (stream.first.kind, stream.first.channels)
    stream.is_mixed = stream.is_mixed or not same
    stream.frames += 1
    stream.samples += header.samples
    frame_end = place + header.size_bytes
    if stream.parts:
        stream.parts[-1].frames += 1
        stream.parts[-1].end = frame_end
    if stream.runs and stream.runs[-1].end == place:
        stream.runs[-1] = Extent(stream.runs[-1].start, frame_end)
    else:
        stream.runs.append(Extent(place, frame_end))


def _pieces(stream: _Stream) -> list[Piece]:
    stated = stream.parts[0].stated if stream.parts else InfoHeader(0, 0)
    encoder = stated.encoder
    if encoder and stated.frames != stream.frames:
        # Where the end is another than it knew of, no padding is cut off there.
        delay = stated.delay
        both = delay << 12 | _DECODER_DELAY
        encoder = encoder[:21] + both.to_bytes(3, "big") + encoder[24:]
    size_bytes = sum(len(run) for run in stream.runs)
    return [info_frame(stream.head, stream.frames, size_bytes, encoder), *stream.runs]


def _flaws(stream: _Stream) -> Iterator[Flaw]:
    assert stream.first is not None
    stated = stream.parts[0].stated if stream.parts else InfoHeader(0, 0)
    skipped = stated.delay + _DECODER_DELAY if stated.encoder else 0
    rate = stream.first.sample_rate
    yield from damaged([max(0, samples - skipped) / rate for samples in stream.holes])
    if stream.parts:
        stream.parts[-1].ends_inside = stream.ends_inside
    cut = [part for part in stream.parts if _is_cut(part)]
    if cut and not stream.holes:
        place = stream.samples if cut[-1] is stream.parts[-1] else None
        seconds = None if place is None else (place - skipped) / rate
        yield Flaw(CUT, is_loss=True, seconds=seconds)
    elif stream.ends_inside:
        yield Flaw(ENDS_INSIDE)
    if len(stream.parts) > 1:
        yield Flaw(JOINED, count=len(stream.parts))
    elif stream.parts and stated.frames not in range(stream.frames, stream.frames + 2) and not cut:
        yield Flaw(WRONG_LENGTH)


def _is_cut(part: _Part) -> bool:
    """Whether frames are missing that the part's header counts.

    It may count itself, or be wrong; then the bytes that it states are there none the less.
    """
    missing = part.stated.frames - part.frames
    if missing <= 0:
        return False
    if part.ends_inside:
        return True
    if part.stated.size_bytes:
        return part.stated.size_bytes > part.end - part.start + 1
    return missing > 1
