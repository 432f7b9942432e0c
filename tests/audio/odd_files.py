"""Sound files as people have them: joined, cut, never finished, tagged in front, damaged.

Made from two seconds of 16-bit stereo at 44.1 kHz. `CASES` names each file, what makes it, how many
frames a decoder finds in it (None: about as many as `about`), and what reading it should give.
"""

from __future__ import annotations

import io
import struct
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RATE = 44_100
FRAMES = 2 * RATE
WHOLE, REMARKED, REFUSED = "whole", "remarked", "refused"


def music() -> np.ndarray:
    """A plucked bass, a wavering tone and a little noise, int16 `[frames, 2]`."""
    t = np.arange(FRAMES) / RATE
    rng = np.random.default_rng(11)
    tone = 0.3 * np.sin(2 * np.pi * 60 * t) * np.exp(-9 * (t % 0.5))
    tone += 0.2 * np.sin(2 * np.pi * (330 * t + 0.6 * np.sin(2 * np.pi * 5 * t)))
    both = np.stack([tone, 0.8 * np.roll(tone, 40)], axis=1)
    both += 0.02 * rng.standard_normal(both.shape)
    return np.clip(np.rint(both * 32767), -32768, 32767).astype("<i2")


@dataclass(frozen=True)
class Case:
    """One file.

    Attributes:
        name: Of the file.
        make: Given a workshop, its bytes.
        frames: That are in it, where known exactly; what is refused has those that are accepted.
        outcome: WHOLE, REMARKED or REFUSED.
        seconds: The place that the refusal names.
        bits: Of a lossless file, whose samples are the music's first frames.
    """

    name: str
    make: Callable[[Workshop], bytes]
    frames: int | None
    outcome: str
    seconds: float | None = None
    bits: int | None = None


class Workshop:
    """Makes files in a folder, with soundfile and ffmpeg.

    Args:
        folder: For what is made on the way.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pcm = music()
        self._made: dict[tuple[str, ...], bytes] = {}
        soundfile.write(folder / "truth.wav", self.pcm, RATE, subtype="PCM_16")

    def sound(self, format: str, subtype: str = "PCM_16", channels: int = 2) -> bytes:  # noqa: A002
        """The music as libsndfile writes it."""
        buffer = io.BytesIO()
        samples = (self.pcm[:, :channels].astype(np.int32) << 16).astype(np.int32)
        soundfile.write(buffer, samples, RATE, subtype, format=format)
        return buffer.getvalue()

    def encoded(self, suffix: str, *options: str) -> bytes:
        """The music as ffmpeg writes it to a file."""
        key = (suffix, *options)
        if key not in self._made:
            target = self.folder / f"made.{suffix}"
            self._run("-i", self.folder / "truth.wav", *options, target)
            self._made[key] = target.read_bytes()
        return self._made[key]

    def piped(self, kind: str, *options: str) -> bytes:
        """The music as ffmpeg writes it where it cannot go back to the header."""
        return self._run("-i", self.folder / "truth.wav", *options, "-f", kind, "-")

    def tone(self, suffix: str, *options: str) -> bytes:
        """Another recording, a second and a half long."""
        target = self.folder / f"tone.{suffix}"
        self._run("-f", "lavfi", "-i", f"sine=880:d=1.5:r={RATE}", "-ac", "2", *options, target)
        return target.read_bytes()

    @staticmethod
    def _run(*arguments: object) -> bytes:
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def id3(size_bytes: int = 2000) -> bytes:
    """A tag with a title."""
    body = (b"TIT2" + struct.pack(">I", 6) + b"\0\0\3Title").ljust(size_bytes, b"\0")
    return b"ID3\3\0\0" + bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0)) + body


def counted(data: bytes, change: Callable[[int], int]) -> bytes:
    """An MP3 whose header counts otherwise."""
    place = max(data.find(b"Xing"), data.find(b"Info")) + 8
    count = struct.unpack_from(">I", data, place)[0]
    return data[:place] + struct.pack(">I", change(count)) + data[place + 4 :]


def noise(count: int) -> bytes:
    """Bytes that are no frame of anything."""
    return bytes(np.random.default_rng(5).integers(0, 250, count).astype(np.uint8))


def put(data: bytes, place: int, new: bytes) -> bytes:
    """Other bytes in the place of those there."""
    return data[:place] + new + data[place + len(new) :]


def _wav_sizes(riff: int | None, size: int | None) -> Callable[[Workshop], bytes]:
    def make(shop: Workshop) -> bytes:
        data = shop.sound("WAV")
        data = data if riff is None else put(data, 4, struct.pack("<I", riff))
        return data if size is None else put(data, 40, struct.pack("<I", size))

    return make


def _cut(format: str, subtype: str = "PCM_16", channels: int = 2) -> Callable[[Workshop], bytes]:  # noqa: A002
    def make(shop: Workshop) -> bytes:
        data = shop.sound(format, subtype, channels)
        return data[: round(len(data) * 0.6)]

    return make


def _ogg_flipped(shop: Workshop) -> bytes:
    data = bytearray(shop.encoded("ogg"))
    data[len(data) // 2] ^= 0x55
    return bytes(data)


def _flac_flipped(shop: Workshop) -> bytes:
    data = bytearray(shop.sound("FLAC"))
    data[len(data) // 2] ^= 0x55
    data[len(data) // 2 + 1] ^= 0xAA
    return bytes(data)


def _flac_stating(frames: int) -> Callable[[Workshop], bytes]:
    def make(shop: Workshop) -> bytes:
        data = shop.sound("FLAC")
        upper = data[21] & 0xF0
        return put(data, 21, bytes([upper]) + struct.pack(">I", frames))

    return make


def _rf64_zeros(shop: Workshop) -> bytes:
    data = shop.sound("RF64")
    place = data.index(b"ds64") + 8
    return put(data, place, bytes(24))


def _aiff_crashed(shop: Workshop) -> bytes:
    data = shop.sound("AIFF")
    data = put(data, 4, bytes(4))
    data = put(data, data.index(b"COMM") + 10, bytes(4))
    return put(data, data.index(b"SSND") + 4, struct.pack(">I", 8))


def _aiff_of_sox(shop: Workshop) -> bytes:
    data = put(shop.sound("AIFF"), 4, struct.pack(">I", 0x7F00_0050))
    data = put(data, data.index(b"COMM") + 10, struct.pack(">I", 0x1FC0_0000))
    return put(data, data.index(b"SSND") + 4, struct.pack(">I", 0x7F00_0008))


def without_page(shop: Workshop, number: int) -> bytes:
    """An Ogg file that lacks one of its pages."""
    data, pages, place = shop.encoded("ogg", "-c:a", "libvorbis"), [], 0
    while place < len(data):
        segments = data[place + 26]
        end = place + 27 + segments + sum(data[place + 27 : place + 27 + segments])
        pages.append(data[place:end])
        place = end
    del pages[number]
    return b"".join(pages)


CBR = ("-b:a", "128k")
JOINED_FRAMES = 178_607  # 2 x 78 frames of 1152, without the first one's delay of 1105.
UNPADDED_FRAMES = 88_751
LIBSNDFILE_CUT = (
    *("WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF", "AVR", "NIST", "MAT4", "MAT5", "VOC"),
    "MPC2K",
)

CASES = (
    Case("tag_in_front.wav", lambda s: id3() + s.sound("WAV"), FRAMES, WHOLE, bits=16),
    Case("tag_in_front_24.wav", lambda s: id3() + s.sound("WAV", "PCM_24"), FRAMES, WHOLE, bits=16),
    Case("tag_in_front.aiff", lambda s: id3(777) + s.sound("AIFF"), FRAMES, WHOLE, bits=16),
    Case(
        "tag_in_front_24.aiff", lambda s: id3() + s.sound("AIFF", "PCM_24"), FRAMES, WHOLE, bits=16
    ),
    Case("tag_in_front.flac", lambda s: id3() + s.sound("FLAC"), FRAMES, WHOLE, bits=16),
    Case(
        "two_tags_in_front.wav",
        lambda s: id3() + id3(5000) + s.sound("WAV"),
        FRAMES,
        WHOLE,
        bits=16,
    ),
    Case("crashed.wav", _wav_sizes(0, 0), FRAMES, REMARKED, bits=16),
    Case("crashed_36.wav", _wav_sizes(36, 0), FRAMES, REMARKED, bits=16),
    Case("crashed_wrong.wav", _wav_sizes(123_456, 0), FRAMES, REMARKED, bits=16),
    Case("data_size_endless.wav", _wav_sizes(0xFFFF_FFFF, 0xFFFF_FFFF), FRAMES, REMARKED, bits=16),
    Case("data_size_too_small.wav", _wav_sizes(None, 4000), FRAMES, REMARKED, bits=16),
    Case("riff_size_zero.wav", _wav_sizes(0, None), FRAMES, WHOLE, bits=16),
    Case("riff_size_wrong.wav", _wav_sizes(99, None), FRAMES, WHOLE, bits=16),
    Case("crashed.rf64", _rf64_zeros, FRAMES, REMARKED, bits=16),
    Case("crashed.aiff", _aiff_crashed, FRAMES, REMARKED, bits=16),
    Case("piped.rf64", lambda s: s.piped("wav", "-rf64", "always"), FRAMES, REMARKED, bits=16),
    Case("piped.w64", lambda s: s.piped("w64"), FRAMES, REMARKED, bits=16),
    Case("piped.wav", lambda s: s.piped("wav"), FRAMES, REMARKED, bits=16),
    Case("piped.au", lambda s: s.piped("au"), FRAMES, REMARKED, bits=16),
    Case("piped.flac", _flac_stating(0), FRAMES, REMARKED, bits=16),
    Case("states_too_little.flac", _flac_stating(12_345), FRAMES, REMARKED, bits=16),
    Case("one_byte_short.wav", lambda s: s.sound("WAV")[:-1], FRAMES - 1, REFUSED, 2.0, bits=16),
    Case("piped_by_sox.aiff", _aiff_of_sox, FRAMES, REMARKED, bits=16),
    Case("junk_behind.wav", lambda s: s.sound("WAV") + noise(600), FRAMES, REMARKED, bits=16),
    Case("three_bytes_short.wav", lambda s: s.sound("WAV")[:-3], FRAMES - 1, REFUSED, 2.0, bits=16),
    *(
        Case(f"cut.{kind.lower()}", _cut(kind), None, REFUSED, 1.2, bits=16)
        for kind in LIBSNDFILE_CUT
    ),
    Case("cut.flac", _cut("FLAC"), None, REFUSED, 1.2, bits=16),
    Case("cut.svx", _cut("SVX", channels=1), None, REFUSED, 1.2),
    Case("cut.wve", lambda s: s.sound("WVE", "ALAW", 1)[:50_032], None, REFUSED, 6.25),
    Case("joined.wav", lambda s: 2 * s.sound("WAV"), 2 * FRAMES, REMARKED),
    Case("joined.aiff", lambda s: 2 * s.sound("AIFF"), 2 * FRAMES, REMARKED),
    Case("joined.flac", lambda s: 2 * s.sound("FLAC"), 2 * FRAMES, REMARKED),
    Case(
        "joined_unlike.flac",
        lambda s: s.sound("FLAC") + s.tone("flac", "-sample_fmt", "s16"),
        FRAMES + 66_150,
        REMARKED,
    ),
    Case("flipped.flac", _flac_flipped, FRAMES, REFUSED, 1.0),
    Case("plain.mp3", lambda s: s.encoded("mp3", *CBR), FRAMES, WHOLE),
    Case("vbr.mp3", lambda s: s.encoded("mp3", "-q:a", "4"), FRAMES, WHOLE),
    Case("joined.mp3", lambda s: 2 * s.encoded("mp3", *CBR), JOINED_FRAMES, REMARKED),
    Case("joined_thrice.mp3", lambda s: 3 * s.encoded("mp3", *CBR), None, REMARKED),
    Case(
        "count_zero.mp3",
        lambda s: counted(s.encoded("mp3", "-q:a", "4"), lambda _: 0),
        UNPADDED_FRAMES,
        REMARKED,
    ),
    Case(
        "count_half.mp3",
        lambda s: counted(s.encoded("mp3", "-q:a", "4"), lambda n: n // 2),
        UNPADDED_FRAMES,
        REMARKED,
    ),
    Case(
        "count_one_too_many.mp3",
        lambda s: counted(s.encoded("mp3", *CBR), lambda n: n + 1),
        UNPADDED_FRAMES,
        WHOLE,
    ),
    Case(
        "count_twice.mp3",
        lambda s: counted(s.encoded("mp3", *CBR), lambda n: 2 * n),
        UNPADDED_FRAMES,
        REMARKED,
    ),
    Case("cut.mp3", lambda s: s.encoded("mp3", *CBR)[:20_000], None, REFUSED, 1.2),
    Case("ten_bytes_short.mp3", lambda s: s.encoded("mp3", *CBR)[:-10], None, REFUSED, 2.0),
    Case("no_header.mp3", lambda s: s.encoded("mp3", "-q:a", "4", "-write_xing", "0"), None, WHOLE),
    Case(
        "no_header_cut.mp3",
        lambda s: s.encoded("mp3", *CBR, "-write_xing", "0")[:20_000],
        None,
        REMARKED,
    ),
    Case(
        "garbage_at_0.7_s.mp3",
        lambda s: s.encoded("mp3", *CBR)[:12_000] + noise(3000) + s.encoded("mp3", *CBR)[12_000:],
        None,
        REFUSED,
        0.7,
    ),
    Case("mono.mp3", lambda s: s.encoded("mp3", "-ac", "1", "-b:a", "64k"), FRAMES, WHOLE),
    Case("from_the_middle.mp3", lambda s: s.encoded("mp3", *CBR)[10_123:], None, REMARKED),
    Case("cut.mp2", lambda s: s.encoded("mp2")[:20_000], None, REMARKED),
    Case("from_the_middle.ogg", lambda s: without_page(s, 2), None, REMARKED),
    Case("no_last_page.ogg", lambda s: without_page(s, -1), None, REMARKED),
    Case("plain.ogg", lambda s: s.encoded("ogg", "-c:a", "libvorbis"), FRAMES, WHOLE),
    Case(
        "chained.ogg",
        lambda s: s.encoded("ogg", "-c:a", "libvorbis") + s.tone("ogg", "-c:a", "libvorbis"),
        FRAMES + 66_150,
        REMARKED,
    ),
    Case("chained.opus", lambda s: s.encoded("opus") + s.tone("opus"), 96_000 + 72_000, REMARKED),
    Case(
        "chained_flac.oga",
        lambda s: s.encoded("oga", "-c:a", "flac") + s.tone("oga", "-c:a", "flac"),
        FRAMES + 66_150,
        REMARKED,
    ),
    Case(
        "junk_behind.ogg",
        lambda s: s.encoded("ogg", "-c:a", "libvorbis") + b"junk" * 300,
        FRAMES,
        REMARKED,
    ),
    Case("cut.ogg", lambda s: s.encoded("ogg", "-c:a", "libvorbis")[:20_000], None, REFUSED),
    Case("flipped.ogg", _ogg_flipped, None, REFUSED),
    Case("cut.opus", lambda s: s.encoded("opus")[:15_000], None, REFUSED),
    Case("six.opus", lambda s: s.encoded("opus", "-ac", "6", "-b:a", "384k"), 96_000, WHOLE),
    Case("cut.ac3", lambda s: s.encoded("ac3")[:20_000], None, REMARKED),
    Case("cut.wma", lambda s: s.encoded("wma")[:20_000], None, REFUSED),
    Case("cut.aac", lambda s: s.encoded("aac")[:20_000], None, REMARKED),
    Case("cut.mka", lambda s: s.encoded("mka")[:20_000], None, REFUSED),
    Case("cut.tta", lambda s: s.encoded("tta")[:150_000], None, REFUSED),
    Case("cut.wv", lambda s: s.encoded("wv")[:150_000], None, REFUSED),
    Case("five_bytes_short.m4a", lambda s: s.encoded("m4a")[:-5], None, REFUSED),
)
