"""Whether a folder holds one song's stems, or songs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stemdesk.audio.reading import open_audio
from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = frozenset({"vocals", "drums", "bass", "other", "instrumental", "rest"})
# What people name tracks in a DAW; with a number or an s at the end it is the same.
_WORDS = frozenset(
    {
        *("vocal", "vox", "voice", "lead", "backing", "bgv", "bv", "choir", "harmony", "drum"),
        *("kick", "bd", "snare", "sd", "tom", "hat", "hihat", "cymbal", "overhead", "oh", "room"),
        *("perc", "percussion", "clap", "shaker", "loop", "beat", "bass", "sub", "gtr", "guitar"),
        *("git", "acoustic", "electric", "key", "keyboard", "piano", "organ", "rhodes", "synth"),
        *("pad", "arp", "pluck", "string", "violin", "cello", "brass", "horn", "trumpet", "sax"),
        *("flute", "fx", "sfx", "atmo", "bus", "stem", "instrumental", "other", "rest", "music"),
    }
)


def holds_stems(folder: Path) -> bool:
    """Whether a folder is one song's stems.

    It is, if a file in it has one of the usual names of stems; or if all files are of one length,
    as a DAW exports them, and a name tells of a voice or an instrument.
    """
    files = [
        each
        for each in sorted(folder.iterdir())
        if each.suffix.lower() in AUDIO_SUFFIXES and not each.name.startswith(".")
    ]
    if any(file.stem.casefold() in _NAMES for file in files):
        return True
    return len(files) > 1 and any(map(_tells_of_a_track, files)) and _are_of_one_length(files)


def _tells_of_a_track(file: Path) -> bool:
    words = re.findall(r"[^\W\d_]+", file.stem.casefold())
    return any(word in _WORDS or word.removesuffix("s") in _WORDS for word in words)


def _are_of_one_length(files: list[Path]) -> bool:
    shapes = set()
    for file in files:
        try:
            with open_audio(file) as reader:
                shapes.add((reader.info.frames, reader.info.sample_rate))
        except (UserError, OSError):
            return False
        if len(shapes) > 1:
            return False
    return True
