"""Phoneme timings of UTAU voice banks (``oto.ini``)."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One syllable of a recording; times in seconds, after ``offset`` unless said otherwise.

    ``consonant`` is the part that must not be stretched, ``preutterance`` lies on the note's
    onset, ``overlap`` is cross-faded with the syllable before. ``cutoff`` counts from the file's
    end, or from ``offset`` when negative (UTAU's convention).
    """

    path: Path
    alias: str
    offset: float
    consonant: float
    cutoff: float
    preutterance: float
    overlap: float

    def span(self, file_seconds: float) -> tuple[float, float]:
        """Start and end of the syllable within its file, in seconds."""
        end = self.offset - self.cutoff if self.cutoff < 0 else file_seconds - self.cutoff
        return self.offset, min(max(end, self.offset), file_seconds)


def decode(raw: bytes) -> str:
    """Text of an ``oto.ini``: UTF-8 (with or without mark) or Shift-JIS.

    Raises:
        UnicodeDecodeError: it is neither.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp932")


def parse_line(line: str) -> tuple[str, str, list[float]] | None:
    """File name, alias and five times in ms of one line; ``None`` if it is not an entry."""
    name, equals, rest = line.strip().partition("=")
    fields = rest.split(",")
    if not equals or len(fields) < 6:
        return None
    try:
        times = [float(field) if field.strip() else 0.0 for field in fields[1:6]]
    except ValueError:
        return None
    return name, fields[0], times


def read(path: Path) -> list[Entry]:
    """Entries of ``oto.ini`` whose recording lies beside it, whatever its audio suffix."""
    present = {
        unicodedata.normalize("NFC", file.stem): file
        for file in sorted(path.parent.iterdir())
        if file.suffix.lower() in {".opus", ".wav", ".flac", ".ogg"}
    }
    entries = []
    for line in decode(path.read_bytes()).splitlines():
        parsed = parse_line(line)
        if parsed is None:
            continue
        name, alias, times = parsed
        file = present.get(unicodedata.normalize("NFC", Path(name).stem))
        if file is not None:
            entries.append(Entry(file, alias, *(value / 1000 for value in times)))
    return entries
