"""Pairs as they are taken: every recording is in one at most, copies are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stemdesk_training.catalogue.ledger import Ledger, Pair, save_ledger
from stemdesk_training.catalogue.matching import Candidate, is_same_song
from stemdesk_training.catalogue.song_folders import free_names, move_in, stage
from stemdesk_training.catalogue.triplets import make_triplets

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_training.catalogue.settings import Settings

POOR_RESIDUE_DB = -10.0


class Pairing:
    """Takes candidates, one after the other.

    Args:
        before: the ledger so far.
        output: the catalogue's folder.
        settings: of what is made.

    Attributes:
        pairs: what became of the candidates, in order.
    """

    def __init__(self, before: Ledger, output: Path, settings: Settings) -> None:
        self.pairs: list[Pair] = []
        self._before, self._output, self._settings = before, output, settings
        self._known = {_key(pair): pair for pair in before.pairs}
        self._taken: list[Candidate] = []

    def take(self, candidate: Candidate) -> None:
        """Look at a candidate, unless one of its recordings is in a pair by now.

        Raises:
            UserError: a file cannot be read any more, or the disk refuses.
        """
        if any(
            candidate.mix is each.mix or candidate.instrumental is each.instrumental
            for each in self._taken
        ):
            return
        pair = self._judged(candidate)
        self.pairs.append(pair)
        if pair.is_taken:
            self._taken.append(candidate)

    @property
    def unseen(self) -> list[Pair]:
        """Pairs of earlier runs that have not come up in this one; their songs lie there still."""
        keys = {_key(pair) for pair in self.pairs}
        return [pair for pair in self._before.pairs if _key(pair) not in keys]

    def _judged(self, candidate: Candidate) -> Pair:
        mix, instrumental = candidate.mix, candidate.instrumental
        pair = Pair(
            mix=mix.name,
            instrumental=instrumental.name,
            mix_hash=mix.heard.audio_hash,
            instrumental_hash=instrumental.heard.audio_hash,
            verdict="dropped",
            by_name=candidate.by_name,
            difference=round(candidate.difference, 4),
        )
        known = self._known.get(_key(pair))
        if known is not None and all((self._output / each).is_dir() for each in known.folders):
            return known
        twin = next((each for each in self._taken if is_same_song(mix, each.mix)), None)
        if twin is None:
            return self._made(pair, candidate, [] if known is None else known.folders)
        pair = msgspec.structs.replace(pair, verdict="duplicate", why=f"of {twin.mix.name}")
        self._keep(pair)
        return pair

    def _made(self, pair: Pair, candidate: Candidate, names: list[str]) -> Pair:
        """The pair as it came out, on disk and in the ledger.

        Args:
            pair: as it is known.
            candidate: its recordings.
            names: of its folders, if an earlier run chose them and was ended before all were there.
        """
        made = make_triplets(candidate.mix.path, candidate.instrumental.path, self._settings)
        measured = made.measured.rounded()
        if made.refusal:
            pair = msgspec.structs.replace(pair, why=made.refusal, measured=measured)
            self._keep(pair)
            return pair
        is_poor = measured.residue_db > POOR_RESIDUE_DB
        starts = sorted(made.excerpts) if self._settings.excerpts else [None]
        names = names or free_names(
            self._output, candidate.mix.title.shown, starts, measured.sample_rate
        )
        pair = msgspec.structs.replace(
            pair,
            verdict="poor" if is_poor else "good",
            why="mastered, coded or played otherwise than the instrumental" if is_poor else "",
            measured=measured,
            folders=names,
        )
        songs = [made.excerpts[first] for first in sorted(made.excerpts)]
        staged = stage(self._output, songs, measured.sample_rate)
        # The names first: of what lies there a later run then knows that it is ours.
        self._keep(pair)
        move_in(staged, [self._output / name for name in names])
        return pair

    def _keep(self, pair: Pair) -> None:
        """The ledger so far, and what it said of pairs that are still to come."""
        later = [each for each in self.unseen if _key(each) != _key(pair)]
        pairs = [*self.pairs, pair, *later]
        save_ledger(self._output, msgspec.structs.replace(self._before, pairs=pairs))


def _key(pair: Pair) -> tuple[str, str, str, str]:
    return pair.mix, pair.instrumental, pair.mix_hash, pair.instrumental_hash
