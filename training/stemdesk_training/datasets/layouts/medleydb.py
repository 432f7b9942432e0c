"""MedleyDB (Bittner et al. 2014): `<song>_METADATA.yaml` says what every stem holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import MOST_BYTES_BY_HAND, Unreadable, converted, file_bytes
from stemdesk.parsing.yaml_text import read_yaml
from stemdesk_training.datasets.multitrack import STEMS, Multitrack, Part

if TYPE_CHECKING:
    from pathlib import Path

PATTERN = "*_METADATA.yaml"
_VOICES = frozenset(
    [
        "male singer",
        "female singer",
        "vocalists",
        "choir",
        "male rapper",
        "female rapper",
        "beatboxing",
        "male speaker",
        "female speaker",
        "male screamer",
        "female screamer",
    ]
)
_DRUMS = frozenset(
    [
        "drum set",
        "drum machine",
        "kick drum",
        "snare drum",
        "bass drum",
        "toms",
        "high hat",
        "cymbal",
        "auxiliary percussion",
        "tabla",
        "bongo",
        "conga",
        "darbuka",
        "doumbek",
        "gong",
        "shaker",
        "tambourine",
        "claps",
        "timpani",
        "sleigh bells",
        "cowbell",
        "guiro",
        "maracas",
        "castanet",
        "triangle",
        "rattle",
        "whistle",
        "finger snaps",
        "cabasa",
        "chimes",
    ]
)
_BASSES = frozenset(["electric bass", "double bass", "bass synthesizer", "synth bass"])
_SILENT = frozenset(["main system", "unlabeled"])


class _Stem(msgspec.Struct):
    filename: str
    instrument: Any = ""


class _Metadata(msgspec.Struct):
    stem_dir: str
    mix_filename: str
    stems: dict[str, _Stem]
    artist: Any = ""


def find(root: Path) -> list[Multitrack]:
    """A song for each metadata file below a folder, its audio beside it or in `Audio/<song>/`.

    Raises:
        UserError: a metadata file cannot be read.
    """
    return [_song(path, root) for path in sorted(root.rglob(PATTERN))]


def stem_of_instrument(instruments: str | list[str]) -> str:
    """The stem of one or more of MedleyDB's instrument labels: `vocals` if any of them sings."""
    labels = _texts(instruments)
    known = {label.casefold() for label in labels} - _SILENT
    if known & _VOICES:
        return "vocals"
    if known and known <= _DRUMS:
        return "drums"
    return "bass" if known and known <= _BASSES else "other"


def _song(path: Path, root: Path) -> Multitrack:
    try:
        metadata = converted(read_yaml(file_bytes(path, MOST_BYTES_BY_HAND)), _Metadata)
    except (OSError, Unreadable) as error:
        raise UserError(
            f"The metadata {path} cannot be used ({error})", "mend it, or leave the song out"
        ) from error
    title = path.name.removesuffix("_METADATA.yaml")
    folder = next(
        (place for place in _places(path, root, title) if (place / metadata.mix_filename).exists()),
        path.parent,
    )
    found: dict[str, list[Part]] = {}
    for key in sorted(metadata.stems):
        stem = metadata.stems[key]
        part = Part(folder / metadata.stem_dir / stem.filename)
        found.setdefault(stem_of_instrument(stem.instrument), []).append(part)
    return Multitrack(
        name=title,
        stems={stem: tuple(found[stem]) for stem in STEMS if stem in found},
        mixture=(Part(folder / metadata.mix_filename),),
        artist=", ".join(_texts(metadata.artist)),
    )


def _texts(value: object) -> list[str]:
    """One text or a list of them; whatever else stands there says nothing."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _places(path: Path, root: Path, title: str) -> tuple[Path, ...]:
    return (path.parent, path.parent / title, root / "Audio" / title, root / title)
