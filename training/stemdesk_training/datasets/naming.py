"""From the names of tracks, as producers give them, to stems."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk_training.datasets.multitrack import STEMS

if TYPE_CHECKING:
    from pathlib import Path

MAP_NAME = "stems.toml"
MIXTURE = "mixture"
IGNORED = "ignore"

# Looked for from a name's last word on: "bass drum" is a drum, "drum bass" a bass.
_WORDS = {
    "vocals": "vocal vocals vox voice voices voc lead leadvox bgv bv bvox backing choir chor"
    " harmony adlib adlibs gesang stimme singer rap verse acapella acappella spoken",
    "drums": "drum drums kick kik bd bassdrum snare sn sd tom toms hat hats hihat hh cymbal"
    " cymbals overhead overheads oh room rooms ride crash perc percussion clap claps shaker"
    " tambourine beat beats kit drumkit schlagzeug cajon conga congas bongo bongos",
    "bass": "bass sub subbass 808 bassgit bassguitar upright contrabass kontrabass",
    "other": "other others rest gtr gtrs guitar guitars git gitarre acoustic electric key keys"
    " keyboard keyboards piano pno organ rhodes wurli synth synths pad pads arp pluck string"
    " strings violin viola cello brass horn horns trumpet trombone sax saxophone flute clarinet"
    " harp fx sfx atmo accordion banjo mandolin marimba vibraphone melody instrumental"
    " accompaniment backingtrack bells loop riser noise",
    MIXTURE: "mix mixture master mixdown fullmix full stereo summe original",
}
_STEM_OF = {word: stem for stem, words in _WORDS.items() for word in words.split()}
_JOINED = {
    ("bass", "drum"): "drums",
    ("kick", "bass"): "drums",
    ("double", "bass"): "bass",
    ("backing", "track"): "other",
    ("lead", "guitar"): "other",
    ("lead", "gtr"): "other",
    ("lead", "synth"): "other",
    ("sub", "kick"): "drums",
    ("room", "mic"): "drums",
}


def stem_of(name: str) -> str | None:
    """The stem, or `mixture`, that a track's name tells of; None where it tells of none."""
    words = re.findall(r"[a-zäöüß]+|\d+", _apart(name).casefold())
    for first, second in zip(reversed(words[:-1]), reversed(words[1:]), strict=True):
        if (first, second) in _JOINED:
            return _JOINED[first, second]
    for word in reversed(words):
        found = _STEM_OF.get(word) or _STEM_OF.get(word.removesuffix("s"))
        if found:
            return found
    return None


def _apart(name: str) -> str:
    """`LeadVox2` -> `Lead Vox 2`."""
    return re.sub(r"(?<=[a-zäöü])(?=[A-Z])", " ", name)


class StemMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`stems.toml`: patterns of file names, as a shell has them, for each stem.

    Attributes:
        vocals: for instance ``["*Vox*", "Choir.wav"]``.
        drums: the same.
        bass: the same.
        other: the same.
        mixture: the finished mix.
        ignore: files that are in no stem: click tracks, alternative takes.
    """

    vocals: list[str] = []
    drums: list[str] = []
    bass: list[str] = []
    other: list[str] = []
    mixture: list[str] = []
    ignore: list[str] = []

    def stem_of(self, path: Path) -> str | None:
        """The first stem one of whose patterns a file's name matches."""
        for stem in (IGNORED, MIXTURE, *STEMS):
            for pattern in getattr(self, stem):
                if fnmatchcase(path.name.casefold(), pattern.casefold()):
                    return stem
        return None


def load_map(folder: Path, root: Path) -> StemMap | None:
    """The map of a song's folder, or of the library it lies in; None where there is none.

    Raises:
        UserError: it cannot be read, or says something else than patterns.
    """
    for place in (folder, root):
        path = place / MAP_NAME
        if path.exists():
            try:
                return msgspec.toml.decode(path.read_bytes(), type=StemMap)
            except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
                raise UserError(
                    f"The map {path} cannot be used ({error})",
                    f"give lists of file names to {', '.join((*STEMS, MIXTURE, IGNORED))}",
                ) from error
    return None
