"""Files made of chunks: where their sound is, whatever their sizes say.

RIFF (Microsoft), RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), Wave64 (Sony), AIFF and AIFF-C
(Apple), 8SVX (Electronic Arts), CAF (Apple). A header may have been written before the length was
known and never been put right: by a recorder that crashed, or by a program that wrote to a pipe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers.contents import CUT, UNCLOSED, WRONG_LENGTH, Contents, Flaw, trailing
from stemdesk.audio.containers.tags import after_filling, is_filling, read_at
from stemdesk.audio.splice import Extent

if TYPE_CHECKING:
    from stemdesk.audio.splice import Piece

# What programs leave that cannot know the length: near 2^31 or 2^32, and as good as endless.
_UNKNOWN_LENGTHS = (
    range(0x7F00_0000, 0x7F00_0010),
    range(0x7FFE_0000, 0x8000_0000),
    range(0xFFFE_0000, 0x1_0000_0000),
    range(0x7FFE_0000_0000_0000, 0x1_0000_0000_0000_0000),
)
_RF64 = (b"RF64", b"BW64")
_IN_DS64 = 0xFFFF_FFFF
_MOST_CHUNKS = 10_000
_PCM_AIFC = frozenset(
    b"NONE,sowt,twos,raw ,in24,42ni,in32,23ni,fl32,FL32,fl64,FL64,ulaw,ULAW,alaw,ALAW".split(b",")
)


@dataclass(frozen=True)
class Grammar:
    """How a kind of file writes its chunks.

    Attributes:
        order: Of bytes, as `int.from_bytes` takes it.
        first: Offset of the first chunk.
        name_bytes: Of a chunk's name.
        size_bytes: Of its size.
        align: Chunks begin at multiples of so many bytes, counted from the file's.
        sound: Name of the chunk with the sound, in its first four bytes.
        counts_itself: The size includes name and size.
    """

    order: str
    first: int
    name_bytes: int
    size_bytes: int
    align: int
    sound: bytes
    counts_itself: bool = False

    @property
    def head_bytes(self) -> int:
        """Of name and size."""
        return self.name_bytes + self.size_bytes

    def number(self, data: bytes) -> int:
        """A number of any width."""
        return int.from_bytes(data, "little" if self.order == "<" else "big")

    def stored(self, number: int, count: int) -> bytes:
        """A number in `count` bytes, the largest one where it is too large."""
        number = min(number, (1 << 8 * count) - 1)
        return number.to_bytes(count, "little" if self.order == "<" else "big")


_WAVE = Grammar("<", 12, 4, 4, 2, b"data")
_GRAMMARS = {
    b"RIFFWAVE": _WAVE,
    b"RF64WAVE": _WAVE,
    b"BW64WAVE": _WAVE,
    b"RIFXWAVE": Grammar(">", 12, 4, 4, 2, b"data"),
    b"FORMAIFF": Grammar(">", 12, 4, 4, 2, b"SSND"),
    b"FORMAIFC": Grammar(">", 12, 4, 4, 2, b"SSND"),
    b"FORM8SVX": Grammar(">", 12, 4, 4, 2, b"BODY"),
    b"FORM16SV": Grammar(">", 12, 4, 4, 2, b"BODY"),
}
_WAVE64 = Grammar("<", 40, 16, 8, 8, b"data", counts_itself=True)
_CAF = Grammar(">", 8, 4, 8, 1, b"data")


@dataclass(frozen=True)
class Chunk:
    """One chunk.

    Attributes:
        name: Its first four bytes.
        head: Offset of its name.
        body: Offset of what it holds.
        size: Bytes of that, as stated.
    """

    name: bytes
    head: int
    body: int
    size: int


def grammar_of(head: bytes) -> Grammar | None:
    """Of a file that begins so; None where it is not made of chunks."""
    if head[:4] == b"riff" and head[24:28] == b"wave":
        return _WAVE64
    if head[:4] == b"caff":
        return _CAF
    return _GRAMMARS.get(head[:4] + head[8:12])


def examine(file: BinaryIO, start: int, end: int) -> tuple[Contents, int] | None:
    """Finds the sound of the chunk file that begins at `start`.

    Returns:
        What is to be read, and where the next recording may begin (`end` if none does); None
        where there is no sound, or the file is of another kind.
    """
    grammar = grammar_of(read_at(file, start, 40))
    return None if grammar is None else _Examination(file, start, end, grammar).result()


class _Examination:
    def __init__(self, file: BinaryIO, start: int, end: int, grammar: Grammar) -> None:
        self._file, self._start, self._end, self._grammar = file, start, end, grammar
        self._magic = read_at(file, start, 4)
        self._chunks: list[Chunk] = []
        self._patches: dict[int, bytes] = {}
        self._flaws: list[Flaw] = []

    def result(self) -> tuple[Contents, int] | None:
        sound = self._find_sound()
        if sound is None:
            return None
        stated, there = self._stated(sound), self._end - sound.body
        if self._is_unknown(stated, sound):
            size, behind = there, self._end
            self._flaws.append(Flaw(UNCLOSED))
        elif stated > there and not self._lacks_pad_byte(stated, there):
            size, behind = there, self._end
            self._flaws.append(Flaw(CUT, is_loss=True))
        else:
            size = min(stated, there)
            size, behind = self._look_behind(sound, size)
        if size != stated:
            self._put_right(sound, size)
        self._put_frames_right(size)
        return Contents((self._pieces(behind),), tuple(self._flaws)), self._next(behind)

    def _find_sound(self) -> Chunk | None:
        place = self._start + self._grammar.first
        while len(self._chunks) < _MOST_CHUNKS:
            chunk = self._chunk(place)
            if chunk is None:
                return None
            if chunk.name == self._grammar.sound:
                return chunk
            self._chunks.append(chunk)
            place = self._aligned(chunk.body + chunk.size)
        return None

    def _chunk(self, place: int) -> Chunk | None:
        grammar = self._grammar
        head = read_at(self._file, place, grammar.head_bytes)
        if len(head) < grammar.head_bytes or place >= self._end:
            return None
        size = grammar.number(head[grammar.name_bytes :])
        if grammar.counts_itself:
            size = max(0, size - grammar.head_bytes)
        return Chunk(head[:4], place, place + grammar.head_bytes, size)

    def _aligned(self, place: int) -> int:
        return place + (self._start - place) % self._grammar.align

    def _stated(self, sound: Chunk) -> int:
        ds64 = next((chunk for chunk in self._chunks if chunk.name == b"ds64"), None)
        if self._magic in _RF64 and sound.size == _IN_DS64 and ds64 is not None:
            return int.from_bytes(read_at(self._file, ds64.body + 8, 8), "little")
        return sound.size

    def _is_unknown(self, stated: int, sound: Chunk) -> bool:
        there = self._end - sound.body
        if stated > there:
            return any(stated in lengths for lengths in _UNKNOWN_LENGTHS)
        # AIFF and CAF count a few bytes of their own into the sound.
        empty = {b"SSND": 8, b"caff": 4}.get(
            self._magic if self._magic == b"caff" else sound.name, 0
        )
        if stated > empty or there <= empty + 1:
            return False
        place = self._aligned(sound.body + stated)
        return self._after_chunks(place) < self._end

    def _lacks_pad_byte(self, stated: int, there: int) -> bool:
        """Whether all frames are there, and what is missing is a byte that only fills up."""
        frame_bytes = self._frame_bytes()
        return stated == there + 1 and bool(frame_bytes) and there % frame_bytes == 0

    def _frame_bytes(self) -> int:
        """Bytes of a frame, or of a block of encoded ones; 0 where that is not known."""
        for chunk in self._chunks:
            if chunk.name == b"fmt ":
                return self._grammar.number(read_at(self._file, chunk.body + 12, 2))
        return 0

    def _after_chunks(self, place: int) -> int:
        """Where what can be read as whole chunks from `place` on ends."""
        for _ in range(_MOST_CHUNKS):
            chunk = self._chunk(place)
            if chunk is None or not _is_name(chunk.name) or chunk.body + chunk.size > self._end + 1:
                break
            if grammar_of(read_at(self._file, place, 40)) is not None:
                break
            place = self._aligned(chunk.body + chunk.size)
        return min(place, self._end)

    def _look_behind(self, sound: Chunk, size: int) -> tuple[int, int]:
        """Size of the sound, and the end of the file proper, by what lies behind the sound."""
        sound_end = sound.body + size
        behind = self._after_chunks(self._aligned(sound_end))
        if behind == self._aligned(sound_end):
            # Some programs write no pad byte.
            behind = max(self._after_chunks(sound_end), sound_end)
        rest = after_filling(self._file, behind, self._end)
        if rest >= self._end or grammar_of(read_at(self._file, rest, 40)) is not None:
            return size, behind
        if behind == sound_end and self._form_end() == self._end:
            self._flaws.append(Flaw(WRONG_LENGTH))
            return self._end - sound.body, self._end
        self._flaws += trailing(self._end - rest)
        return size, behind

    def _form_end(self) -> int:
        """The end of the file as its first size states it."""
        if self._grammar is _CAF:
            return -1
        if self._grammar is _WAVE64:
            return self._start + int.from_bytes(read_at(self._file, self._start + 16, 8), "little")
        return self._start + 8 + self._grammar.number(read_at(self._file, self._start + 4, 4))

    def _put_right(self, sound: Chunk, size: int) -> None:
        grammar = self._grammar
        stored = size + grammar.head_bytes * grammar.counts_itself
        place = sound.head + grammar.name_bytes
        ds64 = next((chunk for chunk in self._chunks if chunk.name == b"ds64"), None)
        if self._magic in _RF64 and ds64 is not None:
            file_end = sound.body + size - self._start - 8
            self._patches[ds64.body] = file_end.to_bytes(8, "little") + size.to_bytes(8, "little")
            stored = _IN_DS64
        self._patches[place] = grammar.stored(stored, grammar.size_bytes)
        file_bytes = sound.body + size - self._start
        if grammar is _WAVE64:
            self._patches[self._start + 16] = grammar.stored(file_bytes, 8)
        elif grammar is not _CAF and self._magic not in _RF64:
            self._patches[self._start + 4] = grammar.stored(file_bytes - 8, 4)

    def _put_frames_right(self, size: int) -> None:
        """AIFF states its frames a second time; where the two differ, the bytes are the truth."""
        common = next((chunk for chunk in self._chunks if chunk.name == b"COMM"), None)
        if self._grammar.sound != b"SSND" or common is None:
            return
        body = read_at(self._file, common.body, 22)
        if len(body) < 18 or (common.size >= 22 and body[18:22] not in _PCM_AIFC):
            return
        channels, stated, bits = (self._grammar.number(body[a:b]) for a, b in _COMMON_FIELDS)
        frame_bytes = channels * ((bits + 7) // 8)
        frames = max(0, size - 8) // frame_bytes if frame_bytes else stated
        if frames == stated:
            return
        self._patches[common.body + 2] = self._grammar.stored(frames, 4)
        if not self._flaws:
            self._flaws.append(Flaw(WRONG_LENGTH))

    def _pieces(self, behind: int) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        place = self._start
        for offset, data in sorted(self._patches.items()):
            pieces += [Extent(place, offset), data]
            place = offset + len(data)
        return (*pieces, Extent(place, behind))

    def _next(self, behind: int) -> int:
        if is_filling(self._file, behind, self._end):
            return self._end
        rest = after_filling(self._file, behind, self._end)
        is_recording = grammar_of(read_at(self._file, rest, 40)) is not None
        return rest if is_recording else self._end


_COMMON_FIELDS = ((0, 2), (2, 6), (6, 8))


def _is_name(name: bytes) -> bool:
    return all(0x20 <= byte < 0x7F for byte in name)
