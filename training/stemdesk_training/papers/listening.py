"""Every system on the songs that are known: scored once, kept by row and song."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk.errors import UserError
from stemdesk.files import safe_name, write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.separation.card import CARD_NAME
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.mask_settings import ORACLES
from stemdesk_training.corpus.mixing import song_names
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.evaluation.museval_files import as_museval
from stemdesk_training.evaluation.scoring import SongScore, score_song
from stemdesk_training.evaluation.systems import Model, Oracle
from stemdesk_training.evaluation.truth import Truth, read_truth

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stemdesk_training.evaluation.systems import System
    from stemdesk_training.papers.learning import Runs, Tell
    from stemdesk_training.papers.rows import Row

HEARD_STEMS = ("vocals", "accompaniment")
HELD_OUT_SECONDS = 20
STEREO = 2


def real_songs(library: Path) -> list[Truth]:
    """Songs of a library, as vocals and all the rest."""
    return [read_truth(song, HEARD_STEMS) for song in find_songs(library)]


def held_out_songs(pool: Path, count: int) -> list[Truth]:
    """The stretch with most voice in each of a pool's first held-out songs."""
    songs = []
    for name in song_names(pool, "valid")[:count]:
        stems = [np.load(pool / "valid" / f"{name}{stem}.npy", mmap_mode="r") for stem in STEMS]
        length = min(len(stems[0]), HELD_OUT_SECONDS * RATE_HZ)
        voice = np.abs(np.asarray(stems[0], np.float32)).sum(axis=1)
        sums = np.concatenate(([0.0], np.cumsum(voice, dtype=np.float64)))
        begin = int((sums[length:] - sums[:-length]).argmax())
        cuts = [np.asarray(stem[begin : begin + length]).T / 32768 for stem in stems]
        references = np.stack([cuts[0], cuts[1] + cuts[2] + cuts[3]])
        title = f"held out {name.rstrip('_')}"
        songs.append(Truth(title, HEARD_STEMS, references, references.sum(axis=0), RATE_HZ))
    return songs


class _Kept(msgspec.Struct, frozen=True):
    """A score, and what it is of: other weights, words or songs are scored anew."""

    key: str
    score: SongScore


class Scores:
    """All scores in one folder, and museval's JSON files of them.

    Args:
        folder: of the scores.
        songs: what is separated.
    """

    def __init__(self, folder: Path, songs: Sequence[Truth]) -> None:
        self._folder, self._songs = folder, songs
        self._hashes = {
            truth.name: hashlib.sha256(truth.references.tobytes()).hexdigest() for truth in songs
        }

    def of_oracles(self, tell: Tell) -> list[SongScore]:
        """The mixture itself, and what masks made from the truth can do."""
        return [
            self._score(name, Oracle(name), truth, name, tell)
            for name in ORACLES
            for truth in self._songs
        ]

    def of_row(self, row: Row, runs: Runs, tell: Tell) -> list[SongScore]:
        """One system on all songs.

        Raises:
            UserError: it cannot separate one.
        """
        model = runs.heard(row)
        # What separates: the weights, by their card, and how they are used.
        card = (find_model(model) / CARD_NAME).read_text(encoding="utf-8")
        system = Model(model, row.separate)
        sign = " ".join((card, *row.separate))
        return [self._score(row.name, system, truth, sign, tell) for truth in self._songs]

    def _score(self, name: str, system: System, truth: Truth, sign: str, tell: Tell) -> SongScore:
        place = self._folder / safe_name(name)
        path = place / f"{safe_name(truth.name)}.score.json"
        key = hashlib.sha256(f"{self._hashes[truth.name]} {sign}".encode()).hexdigest()
        with suppress(OSError, Unreadable):
            kept = read_json_as(file_bytes(path), _Kept)
            if kept.key == key:
                return kept.score
        tell(f"{name}: {truth.name}")
        estimates = system.estimate(truth)
        if not np.isfinite(estimates).all():
            raise UserError(f"{name} gives no numbers for {truth.name}", "train it anew")
        signals = (truth.references, estimates, truth.mixture)
        score = score_song((truth.name, name), truth.stems, signals, truth.sample_rate, full=True)
        place.mkdir(parents=True, exist_ok=True)
        museval = msgspec.json.encode(as_museval(score)).decode()
        write_text_atomic(place / f"{safe_name(truth.name)}.json", museval)
        write_text_atomic(path, msgspec.json.encode(_Kept(key, score)).decode())
        return score
