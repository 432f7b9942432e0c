"""From the names of tracks, as producers give them, to stems."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import MOST_BYTES_BY_HAND, Unreadable, file_bytes
from stemdesk.parsing.toml_text import read_toml_as
from stemdesk_training.datasets.multitrack import STEMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAP_NAME = "stems.toml"
MIXTURE = "mixture"
IGNORED = "ignore"

# Looked for from a name's last word on: "bass drum" is a drum, "drum bass" a bass.
_WORDS = {
    "vocals": "vocal vocals vox voice voices voc leadvox bgv bv bvox choir chor adlib adlibs gesang"
    " stimme singer rap acapella acappella spoken",
    "drums": "drum drums kick kik bd bassdrum snare sn sd tom toms hat hats hihat hh cymbal"
    " cymbals ride crash perc percussion clap claps shaker tambourine beat beats kit drumkit"
    " schlagzeug cajon conga congas bongo bongos",
    "bass": "bass sub subbass bassgit bassgtr bassguitar basssynth contrabass kontrabass",
    "other": "gtr gtrs guitar guitars git gitarre key keys keyboard keyboards piano pno organ"
    " rhodes wurli synth synths pad pads arp pluck string strings violin viola cello brass horn"
    " horns trumpet trombone sax saxophone flute clarinet harp accordion banjo mandolin marimba"
    " vibraphone instrumental accompaniment bells",
    MIXTURE: "mixture fullmix",
}
# How something was played, recorded or mixed: it decides only where no instrument is named.
_WEAK_WORDS = {
    "vocals": "lead backing harmony verse",
    "drums": "overhead overheads oh room rooms",
    "bass": "808 upright",
    "other": "other others rest acoustic electric fx sfx atmo melody backingtrack loop riser noise",
    MIXTURE: "mix master mixdown full stereo summe original",
}
_JOINED = {
    ("bass", "drum"): "drums",
    ("kick", "bass"): "drums",
    ("kick", "sub"): "drums",
    ("sub", "kick"): "drums",
    ("double", "bass"): "bass",
    ("full", "mix"): MIXTURE,
    **{
        ("bass", kind): "bass"
        for kind in ("guitar", "gtr", "git", "gitarre", "synth", "keys", "arp", "pluck")
    },
}
_WEAK_JOINED = {("backing", "track"): "other"}


def stem_of(name: str) -> str | None:
    """The stem, or `mixture`, that a track's name tells of; None where it tells of none."""
    words = re.findall(r"[a-zäöüß]+|\d+", _apart(name).casefold())
    return _told(words, _WORDS, _JOINED) or _told(words, _WEAK_WORDS, _WEAK_JOINED)


def _told(
    words: Sequence[str], known: Mapping[str, str], joined: Mapping[tuple[str, str], str]
) -> str | None:
    """What the last known pair of words tells of, or else the last known word."""
    pairs = zip(reversed(words[:-1]), reversed(words[1:]), strict=True)
    for first, second in pairs:
        found = joined.get((first, second)) or joined.get((first, second.removesuffix("s")))
        if found:
            return found
    stems = {word: stem for stem, listed in known.items() for word in listed.split()}
    for word in reversed(words):
        found = stems.get(word) or stems.get(word.removesuffix("s"))
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
                return read_toml_as(file_bytes(path, MOST_BYTES_BY_HAND), StemMap)
            except (OSError, Unreadable) as error:
                raise UserError(
                    f"The map {path} cannot be used ({error})",
                    f"give lists of file names to {', '.join((*STEMS, MIXTURE, IGNORED))}",
                ) from error
    return None
