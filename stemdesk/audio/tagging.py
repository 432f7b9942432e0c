"""Titles and artists in the files StemDesk writes, in each format's own way."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, BinaryIO

import mutagen
from mutagen import id3
from mutagen.flac import FLAC
from mutagen.oggvorbis import OggVorbis

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import soundfile

TAG_NAMES = (
    "title",
    "artist",
    "album",
    "date",
    "genre",
    "tracknumber",
    "comment",
    "copyright",
)
_ID3_FRAMES: dict[str, Any] = {
    "title": id3.TIT2,
    "artist": id3.TPE1,
    "album": id3.TALB,
    "date": id3.TDRC,
    "genre": id3.TCON,
    "tracknumber": id3.TRCK,
    "comment": id3.COMM,
    "copyright": id3.TCOP,
}
_UTF8 = 3
# libsndfile breaks the LIST chunk of a WAV file whose header would pass 51 200 bytes, and reads no
# texts where one has 2 KiB or more. ffmpeg, which writes MP4, is given tags on its command line.
_SMALLER_BYTES = {"wav": 2040, "mp4": 16_384}
# All together stay below the 16 MiB of a FLAC metadata block (RFC 9639, 8.1).
_TAG_BYTES = 1 << 20


def known_tags(tags: Mapping[str, str], format_name: str) -> dict[str, str]:
    """The tags as a format holds them: without zero bytes, empty ones, and what is too long.

    Args:
        tags: Lower-case Vorbis-comment names to text.
        format_name: A key of `stemdesk.audio.formats.FORMATS`, or "mp4".
    """
    cleaned = ((name, _cleaned(tags, name)) for name in TAG_NAMES)
    return {name: shortened(text, most_bytes(format_name)) for name, text in cleaned if text}


def tag_remarks(tags: Mapping[str, str], format_name: str) -> list[str]:
    """One sentence for each tag that a format cannot hold whole."""
    return [
        f"The {name} tag is too long for {format_name}, so only its first"
        f" {most_bytes(format_name)} bytes were written."
        for name in TAG_NAMES
        if len(_cleaned(tags, name).encode("utf-8", "surrogatepass")) > most_bytes(format_name)
    ]


def most_bytes(format_name: str) -> int:
    """The most bytes of UTF-8 that a tag may have in a format."""
    return _SMALLER_BYTES.get(format_name, _TAG_BYTES)


def several_values(file: BinaryIO) -> dict[str, str]:
    """Tags that a file has more than once, such as two artists, each with all its values.

    libsndfile tells the first of them only. Damaged tags count as none.

    Args:
        file: Its position is kept.
    """
    position = file.tell()
    file.seek(0)
    try:
        found: Any = mutagen.File(file, easy=True)
        values = {name: _values(found, name) for name in TAG_NAMES}
    except (mutagen.MutagenError, ValueError, LookupError, struct.error, EOFError):
        return {}
    finally:
        file.seek(position)
    return {name: "; ".join(texts) for name, texts in values.items() if len(texts) > 1}


def _values(found: Any, name: str) -> list[str]:
    if found is None or found.tags is None or name not in found.tags:
        return []
    value = found.tags[name]
    texts = [value] if isinstance(value, str) else [str(each) for each in value]
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _cleaned(tags: Mapping[str, str], name: str) -> str:
    return tags.get(name, "").replace("\0", " ").strip()


def shortened(text: str, limit_bytes: int) -> str:
    """The beginning of a text that takes at most so many bytes of UTF-8, in whole letters."""
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded) <= limit_bytes:
        return text
    return encoded[:limit_bytes].decode("utf-8", "ignore").rstrip()


def set_wav_strings(sound: soundfile.SoundFile, tags: Mapping[str, str]) -> None:
    """Puts tags into the LIST/INFO chunk; must come before the first sample."""
    for name, text in known_tags(tags, "wav").items():
        setattr(sound, name, text)


def tag_file(path: Path, format_name: str, tags: Mapping[str, str]) -> None:
    """Tags a finished FLAC, Ogg Vorbis or MP3 file.

    Raises:
        mutagen.MutagenError: The disk refused; an OSError is its first argument.
    """
    known = known_tags(tags, format_name)
    if not known:
        return
    if format_name == "mp3":
        _tag_mp3(path, known)
        return
    kind: Any = FLAC if format_name == "flac" else OggVorbis
    audio = kind(path)
    for name, text in known.items():
        audio[name] = text
    audio.save()


def _tag_mp3(path: Path, known: Mapping[str, str]) -> None:
    frames: Any = id3.ID3()  # type: ignore[no-untyped-call]
    for name, text in known.items():
        # A comment alone also needs a language and a description, whose defaults are empty.
        extra = {"lang": "eng", "desc": ""} if name == "comment" else {}
        frames.add(_ID3_FRAMES[name](encoding=_UTF8, text=[text], **extra))
    frames.save(path)
