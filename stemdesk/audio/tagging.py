"""Titles and artists in the files StemDesk writes, in each format's own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def known_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags every format can hold, without zero bytes and without empty ones."""
    cleaned = {name: tags.get(name, "").replace("\0", " ").strip() for name in TAG_NAMES}
    return {name: text for name, text in cleaned.items() if text}


def set_wav_strings(sound: soundfile.SoundFile, tags: Mapping[str, str]) -> None:
    """Puts tags into the LIST/INFO chunk; must come before the first sample."""
    for name, text in known_tags(tags).items():
        setattr(sound, name, text)


def tag_file(path: Path, format_name: str, tags: Mapping[str, str]) -> None:
    """Tags a finished FLAC, Ogg Vorbis or MP3 file.

    Raises:
        mutagen.MutagenError: The disk refused; an OSError is its first argument.
    """
    known = known_tags(tags)
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
