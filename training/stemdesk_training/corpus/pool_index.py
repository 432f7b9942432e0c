"""``pool.json``: what a pool holds, file by file, and whose recordings are in it."""

import json
from pathlib import Path
from typing import Any

from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk_training.corpus import band_credits
from stemdesk_training.corpus import credits as voice_credits
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS

NAME = "pool.json"
FORMAT = 2
# Counts the changes to what a seed gives: pools of two versions are not mixed up.
CORPUS = 15


class PoolIndex:
    """The index while a pool grows.

    Several processes may fill one folder, each with stems of its own: before each writing the
    index is read again, and what others added is kept. What one overwrites in a race, its owner
    restores with its next file.
    """

    def __init__(self, pool: Path, seed: int) -> None:
        """Begin for a folder; an index of another seed, corpus or format is started anew."""
        self._path = pool / NAME
        self._pool = pool
        self._seed = seed
        self._own: dict[str, dict[str, dict[str, Any]]] = {"files": {}, "songs": {}}

    def add(self, kind: str, name: str, entry: dict[str, Any]) -> None:
        """Note a file or song under its path in the pool, and write the index.

        Args:
            kind: ``files`` or ``songs``.
            name: as ``train/drums_00.npy`` or ``train/song_000``.
            entry: seconds by source, or the song's form.
        """
        self._own[kind][name] = entry
        content: dict[str, Any] = {
            "format": FORMAT,
            "corpus": CORPUS,
            "seed": self._seed,
            "sample_rate": RATE_HZ,
            "stems": STEMS,
            "held_out": voice_credits.HELD_OUT | band_credits.HELD_OUT,
            "credits": voice_credits.CREDITS | band_credits.CREDITS,
        }
        before = self._read()
        for each, own in self._own.items():
            entries = before.get(each, {}) | own
            content[each] = {key: entries[key] for key in sorted(entries) if self._is_there(key)}
        partial = self._path.with_name(f"{NAME}.{kind}_{name.replace('/', '_')}.partial")
        partial.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(self._path)

    def holds(self, name: str) -> bool:
        """Whether a file or song is listed, and on disk."""
        content = self._read()
        return any(name in content.get(kind, {}) for kind in self._own) and self._is_there(name)

    def _is_there(self, name: str) -> bool:
        # The last stem of a song is written last.
        song = "" if name.endswith(".npy") else f"_{STEMS[-1]}.npy"
        return (self._pool / f"{name}{song}").exists()

    def _read(self) -> dict[str, Any]:
        try:
            content = read_json(file_bytes(self._path))
        except (FileNotFoundError, ValueError):
            return {}
        made = [content.get(what) for what in ("format", "corpus", "seed")]
        return content if made == [FORMAT, CORPUS, self._seed] else {}
