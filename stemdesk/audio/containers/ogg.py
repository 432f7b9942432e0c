"""Ogg, page by page (RFC 3533): which recordings a file chains, and whether each of them is whole.

libsndfile reads the first recording of a chain only, skips damaged pages without a word, and calls
a file whose last page is missing whole. It is given the good pages of one recording after another.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers.contents import (
    BEGINS_INSIDE,
    BEHIND,
    CUT,
    NOT_FINISHED,
    Contents,
    Flaw,
    damaged,
    joined,
)
from stemdesk.audio.containers.tags import after_filling, read_at
from stemdesk.audio.splice import Extent

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"OggS"
_HEAD_BYTES = 27
_SEARCH_BYTES = 1 << 16
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_NO_GRANULE = (1 << 64) - 1
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_OPUS_RATE_HZ = 48_000
_SOUNDS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")


@dataclass(frozen=True)
class _Page:
    """One page; `granule` counts frames up to the end of its last packet, None: none ends here."""

    start: int
    end: int
    flags: int
    granule: int | None
    serial: int
    number: int
    body: int


@dataclass
class _Recording:
    """One stream with sound, page by page."""

    rate_hz: int
    skipped: int
    pages: list[_Page] = field(default_factory=list)
    holes: list[float] = field(default_factory=list)
    begins_inside: bool = False

    @property
    def seconds(self) -> float:
        """Where its last page ends, counted from its beginning."""
        ends = [page.granule for page in self.pages if page.granule]
        return max(0, (ends[-1] if ends else 0) - self.skipped) / self.rate_hz


def examine(file: BinaryIO, start: int, end: int) -> Contents | None:
    """Finds the recordings in an Ogg file; None where the file is of another kind or has none."""
    if read_at(file, start, 4) != _MAGIC:
        return None
    walk = _Walk(file, start, end)
    walk.all_pages()
    if not walk.recordings:
        return None
    return joined([_contents(one) for one in walk.recordings]).with_flaws(walk.flaws)


def _contents(recording: _Recording) -> Contents:
    pages = recording.pages
    flaws = list(damaged(recording.holes))
    if recording.begins_inside:
        flaws.append(Flaw(BEGINS_INSIDE))
    if not pages[-1].flags & _LAST:
        flaws.append(Flaw(NOT_FINISHED))
    extents: list[Extent] = []
    for page in pages:
        if extents and extents[-1].end == page.start:
            extents[-1] = Extent(extents[-1].start, page.end)
        else:
            extents.append(Extent(page.start, page.end))
    return Contents((tuple(extents),), tuple(flaws))


class _Walk:
    """Goes through all pages and sorts them.

    Of streams side by side (a film's, or two sounds) the first with sound counts, until a chain
    begins the next one after its end.
    """

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self._end = file, start, end
        self.recordings: list[_Recording] = []
        self.flaws: list[Flaw] = []
        self._serial: int | None = None
        self._bad_since_page = False

    def all_pages(self) -> None:
        """Fills `recordings` and `flaws`."""
        for page in self._pages():
            if page.flags & _FIRST:
                self._begin(page)
            elif page.serial == self._serial:
                self._go_on(page)
        if self._bad_since_page and self.recordings:
            current = self.recordings[-1]
            if not current.pages[-1].flags & _LAST:
                current.holes.append(current.seconds)

    def _begin(self, page: _Page) -> None:
        current = self.recordings[-1] if self.recordings else None
        is_over = current is None or len(current.pages) > 1
        found = _recording(read_at(self._file, page.body, 64))
        if not is_over or found is None:
            return
        if current is not None and self._bad_since_page and not current.pages[-1].flags & _LAST:
            current.holes.append(current.seconds)
        self._bad_since_page = False
        self._serial = page.serial
        found.pages.append(page)
        self.recordings.append(found)

    def _go_on(self, page: _Page) -> None:
        current = self.recordings[-1]
        before = current.pages[-1]
        if before.flags & _LAST:
            return
        # A server that is joined in the middle sends the headers and then what is on.
        is_joined_in = all(not one.granule for one in current.pages) and not self._bad_since_page
        if is_joined_in and page.number != before.number + 1:
            current.begins_inside = True
        is_missing = page.number != before.number + 1 and not is_joined_in
        if is_missing or self._bad_since_page:
            current.holes.append(current.seconds)
        self._bad_since_page = False
        current.pages.append(page)

    def _pages(self) -> Iterator[_Page]:
        place = self._start
        while place < self._end:
            page = self._page(place)
            if page is not None:
                yield page
                place = page.end
                continue
            rest = after_filling(self._file, place, self._end)
            if rest >= self._end:
                return
            found = self._next_page(rest)
            if not self._between(rest, found):
                return
            place = found

    def _between(self, place: int, found: int) -> bool:
        """Notes what lies there and is no page; whether pages follow."""
        is_over = bool(self.recordings) and bool(self.recordings[-1].pages[-1].flags & _LAST)
        if found >= self._end and is_over:
            self.flaws.append(Flaw(BEHIND, count=self._end - place))
        elif found >= self._end and read_at(self._file, place, 4) == _MAGIC[: self._end - place]:
            self.flaws.append(Flaw(CUT, is_loss=True))
        elif not is_over:
            self._bad_since_page = True
        return found < self._end

    def _page(self, place: int) -> _Page | None:
        """The page there; None where there is none, or it is damaged or not whole."""
        head = read_at(self._file, place, _HEAD_BYTES + 255)
        if head[:4] != _MAGIC or len(head) < _HEAD_BYTES or head[4]:
            return None
        segments = head[26]
        body = place + _HEAD_BYTES + segments
        page_end = body + sum(head[_HEAD_BYTES : _HEAD_BYTES + segments])
        if page_end > self._end:
            return None
        data = read_at(self._file, place, page_end - place)
        if _checksum(data[:22] + bytes(4) + data[26:]) != int.from_bytes(data[22:26], "little"):
            return None
        granule = int.from_bytes(head[6:14], "little")
        return _Page(
            start=place,
            end=page_end,
            flags=head[5],
            granule=None if granule == _NO_GRANULE else granule,
            serial=int.from_bytes(head[14:18], "little"),
            number=int.from_bytes(head[18:22], "little"),
            body=body,
        )

    def _next_page(self, place: int) -> int:
        """Where the next good page begins; the end of the file where none does."""
        place += 1
        while place < self._end:
            block = read_at(self._file, place, _SEARCH_BYTES)
            offset = block.find(_MAGIC)
            while offset >= 0:
                if self._page(place + offset) is not None:
                    return place + offset
                offset = block.find(_MAGIC, offset + 1)
            if len(block) < _SEARCH_BYTES:
                break
            place += len(block) - len(_MAGIC) + 1
        return self._end


def _recording(packet: bytes) -> _Recording | None:
    """A recording by its first packet; None where that has no sound."""
    if not packet.startswith(_SOUNDS) or (len(packet) < 40 and packet[:8] != b"OpusHead"):
        return None
    if packet.startswith(b"OpusHead"):
        return _Recording(_OPUS_RATE_HZ, int.from_bytes(packet[10:12], "little"))
    if packet.startswith(b"\x7fFLAC"):
        # Behind nine bytes of its own comes the FLAC header, with the rate in 20 bits.
        return _Recording(int.from_bytes(packet[27:30], "big") >> 4 or 1, 0)
    offset = 12 if packet.startswith(b"\x01vorbis") else 36
    return _Recording(int.from_bytes(packet[offset : offset + 4], "little") or 1, 0)


def _checksum(page: bytes) -> int:
    """CRC-32 with the bits the other way round, which zlib has in fast code."""
    mirrored = zlib.crc32(page.translate(_REVERSED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int(f"{mirrored:032b}"[::-1], 2)
