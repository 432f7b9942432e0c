"""The `stem` atom that makes an MP4 file with five tracks a Native Instruments stem file.

It lies in `moov/udta` and holds a JSON document with names and colours of the four stems and the
settings of a compressor and a limiter that players put on their sum. Both are off: the sum is to
be the song. Atoms are ISO/IEC 14496-12 boxes: a 32-bit big-endian size, a name, and the content.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# The values that Native Instruments' own files begin with. What counts is that both are off.
_COMPRESSOR_OFF = {
    "enabled": False,
    "ratio": 10,
    "output_gain": 0.5,
    "release": 0.3,
    "attack": 0.003,
    "input_gain": 0.5,
    "threshold": 0,
    "hp_cutoff": 300,
    "dry_wet": 50,
}
_LIMITER_OFF = {"enabled": False, "release": 0.05, "threshold": 0, "ceiling": -0.35}
_HEAD = struct.Struct(">I4s")


@dataclass(frozen=True)
class StemLabel:
    """How players show a stem.

    Attributes:
        name: shown on the stem's deck.
        colour: `#rrggbb`.
    """

    name: str
    colour: str


def stem_document(stems: Sequence[StemLabel]) -> bytes:
    """The JSON that a `stem` atom holds."""
    document: dict[str, Any] = {
        "version": 1,
        "mastering_dsp": {"compressor": _COMPRESSOR_OFF, "limiter": _LIMITER_OFF},
        "stems": [{"name": stem.name, "color": stem.colour.upper()} for stem in stems],
    }
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def insert_stem_atom(path: Path, document: bytes) -> None:
    """Puts the atom into a finished file whose `moov` is its last atom, as ffmpeg leaves it.

    Since the audio lies in front, no offset of it changes.

    Args:
        path: an MP4 file.
        document: the JSON.

    Raises:
        ValueError: `moov` is not the last atom.
    """
    with path.open("r+b") as file:
        start, name = _last_atom(file)
        if name != b"moov":
            raise ValueError(f"{path} ends with {name!r} instead of 'moov'")
        file.seek(start)
        moov = file.read()
        file.seek(start)
        file.write(_with_stem(moov, _atom(b"stem", document)))


def _last_atom(file: BinaryIO) -> tuple[int, bytes]:
    """Offset and name of the last atom of a file."""
    end = file.seek(0, 2)
    place, last = 0, (0, b"")
    while place + _HEAD.size <= end:
        file.seek(place)
        size_bytes, name = _HEAD.unpack(file.read(_HEAD.size))
        last = place, name
        if size_bytes == 1:
            (size_bytes,) = struct.unpack(">Q", file.read(8))
        place += size_bytes or end
    return last


def _with_stem(moov: bytes, stem: bytes) -> bytes:
    """A `moov` whose `udta` holds the atom as well; one is made if there is none."""
    content = b""
    others = b""
    for name, body in _children(moov[_HEAD.size :]):
        if name == b"udta":
            others += body
        else:
            content += _atom(name, body)
    return _atom(b"moov", content + _atom(b"udta", others + stem))


def _children(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + _HEAD.size <= len(content):
        size_bytes, name = _HEAD.unpack_from(content, place)
        yield name, content[place + _HEAD.size : place + size_bytes]
        place += size_bytes


def _atom(name: bytes, content: bytes) -> bytes:
    return _HEAD.pack(_HEAD.size + len(content), name) + content
