"""Whether a tuned model may be saved: what it gained must not be paid for by all other music."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Scores = dict[str, float]

MEAN = "mean"
BLENDS = (0.75, 0.5, 0.25)


class Pair(msgspec.Struct, frozen=True):
    """One model's scores, stem -> dB and their mean.

    Attributes:
        songs: on what is held out of the studio's songs.
        reference: on the fixed reference set.
    """

    songs: dict[str, float]
    reference: dict[str, float]

    def gain_db(self, base: Pair) -> float:
        """How much better it is on the studio's songs."""
        return self.songs[MEAN] - base.songs[MEAN]

    def loss_db(self, base: Pair) -> float:
        """How much worse it is on the reference set."""
        return base.reference[MEAN] - self.reference[MEAN]


class Blended(msgspec.Struct, frozen=True):
    """A share of the tuned weights and the scores it gives."""

    share: float
    pair: Pair


def best_blend(
    base: Pair, guard_db: float, score: Callable[[float], Pair], shares: tuple[float, ...] = BLENDS
) -> Blended | None:
    """Of the blends that keep the guard and gain on the songs the one that gains most.

    Args:
        base: its scores.
        guard_db: how far the reference may fall.
        score: scores of the model with a share of the tuned weights.
        shares: to be tried.
    """
    tried = [Blended(share, score(share)) for share in shares]
    kept = [
        each
        for each in tried
        if each.pair.loss_db(base) <= guard_db and each.pair.gain_db(base) > 0
    ]
    return max(kept, key=lambda each: each.pair.gain_db(base), default=None)


def refusal(
    names: tuple[str, Path], base: Pair, tuned: Pair, guard_db: float, offer: Blended | None
) -> UserError:
    """The sentence that says why nothing was saved, and what to do.

    Args:
        names: of the base model, and the run's folder.
        base: its scores.
        tuned: those of the tuned model.
        guard_db: how far the reference might have fallen.
        offer: a blend that keeps the guard.
    """
    base_id, run = names
    problem = (
        f"The tuned model is not saved: on the reference set it is {tuned.loss_db(base):.2f} dB"
        f" worse than {base_id}, and {guard_db:g} dB are allowed"
    )
    anyway = "start again with --save-anyway to keep it as it is"
    if offer is None:
        return UserError(
            problem, f"add songs, or tune more gently (fewer minutes, more --replay); or {anyway}"
        )
    return UserError(
        problem,
        f'stemdesk tune --blend {offer.share:g} "{run}" keeps {offer.share:.0%} of what was learnt'
        f" ({offer.pair.gain_db(base):+.2f} dB on your songs,"
        f" {-offer.pair.loss_db(base):+.2f} dB on the reference set); or {anyway}",
    )
