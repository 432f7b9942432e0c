"""Models between the base and a tuned one: their scores, and how one of them is saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from stemdesk.app.training.errand import Errand
from stemdesk.app.training.progress import MEAN
from stemdesk.errors import UserError
from stemdesk.processes import training_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.app.training.errand import Event
    from stemdesk.app.training.progress import Progress

TUNER, SCORER = "stemdesk_training.tuning", "stemdesk_training.blend_scores"
POINTS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Blended:
    """A blend that was measured.

    Attributes:
        share: of the tuned weights.
        songs: mean SDR on the studio's songs in dB; None where they are not at hand.
        reference: mean SDR on the reference set in dB.
        model: folder of the model, where it was saved.
    """

    share: float
    songs: float | None
    reference: float
    model: Path | None = None


@dataclass
class Measured:
    """What is known between the base and a tuned model.

    Attributes:
        points: by share; the base is 0.
    """

    points: dict[float, Blended] = field(default_factory=dict)

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """What a run has told by itself: the base model's scores, and the new model's."""
        known = cls()
        last = progress.scored[-1] if progress.scored else None
        for share, scored in ((0.0, progress.baseline), (1.0, last)):
            if scored is not None and MEAN in scored.reference:
                found = Blended(share, scored.scores.get(MEAN), scored.reference[MEAN])
                known.points[share] = found
        return known

    @property
    def base(self) -> Blended | None:
        """The base model."""
        return self.points.get(0.0)

    def missing(self) -> tuple[float, ...]:
        """The shares that are still to be measured."""
        return tuple(share for share in POINTS if share not in self.points)

    def at(self, share: float) -> tuple[Blended, bool] | None:
        """A blend's scores, and whether they were measured rather than read between neighbours."""
        if share in self.points:
            return self.points[share], True
        below = max((each for each in self.points if each < share), default=None)
        above = min((each for each in self.points if each > share), default=None)
        if below is None or above is None:
            return None
        low, high = self.points[below], self.points[above]
        way = (share - below) / (above - below)
        songs = None
        if low.songs is not None and high.songs is not None:
            songs = low.songs + way * (high.songs - low.songs)
        return Blended(share, songs, low.reference + way * (high.reference - low.reference)), False

    def best(self, guard_db: float) -> Blended | None:
        """Of what was measured and keeps the guard, what is best on the studio's songs."""
        base = self.base
        if base is None:
            return None
        kept = [
            each
            for share, each in self.points.items()
            if share > 0 and base.reference - each.reference <= guard_db and each.songs is not None
        ]
        best = max(kept, key=lambda each: each.songs or 0.0, default=None)
        if best is None or base.songs is None or (best.songs or 0.0) <= base.songs:
            return None
        return best


class BlendScores(Errand):
    """Measures blends; the result is a list of :class:`Blended`, the base first.

    Args:
        run: the trainer's folder of the run.
        shares: of the tuned weights.
        device: `auto`, `cpu`, `cuda` or `mps`.
        threads: processor threads; 0 for all.

    Attributes:
        found: what is known so far.
    """

    def __init__(
        self, run: Path, shares: Sequence[float], device: str = "auto", threads: int = 0
    ) -> None:
        words = [str(run), *(f"--share={share:g}" for share in shares)]
        super().__init__(
            training_command(SCORER, *words, *_where(device, threads)), "The measuring of blends"
        )
        self.stage = "measuring"
        self.found: list[Blended] = []
        self._wanted = len(shares) + 1

    def take(self, event: Event) -> None:
        """`blended`, or `refused`."""
        if event["event"] == "blended":
            self.found = [*self.found, _read(event["share"], event["scores"], None)]
            self.fraction = len(self.found) / self._wanted
        elif event["event"] == "refused":
            self._fail(UserError(event["problem"], event["remedy"]))

    def outcome(self) -> list[Blended]:
        """All of them.

        Raises:
            UserError: some are missing.
        """
        if len(self.found) < self._wanted:
            raise UserError(f"{self.title} ended too early", "try again")
        return self.found


class Blend(Errand):
    """Saves a blend among the user's models; the result is a :class:`Blended`.

    Args:
        run: the trainer's folder of the run.
        share: of the tuned weights.
        title: of the model.
        device: `auto`, `cpu`, `cuda` or `mps`.
        threads: processor threads; 0 for all.
    """

    def __init__(
        self, run: Path, share: float, title: str, device: str = "auto", threads: int = 0
    ) -> None:
        words = [str(run), f"--blend={share:g}", f"--name={title}", "--json"]
        super().__init__(
            training_command(TUNER, *words, *_where(device, threads)),
            f"The blend with {share:.0%} of the new model",
        )
        self.stage = "measuring"
        self._found: Blended | None = None

    def take(self, event: Event) -> None:
        """`blended`."""
        if event["event"] == "blended":
            self._found = _read(event["share"], event["scores"], Path(event["model"]))
        else:
            super().take(event)

    def outcome(self) -> Blended:
        """The blend, with the folder of its model.

        Raises:
            UserError: it ended without one.
        """
        if self._found is None:
            raise UserError(f"{self.title} was not saved", "try again")
        return self._found


def _where(device: str, threads: int) -> list[str]:
    return [f"--device={device}", *([f"--threads={threads}"] if threads else [])]


def _read(share: float, pair: dict[str, dict[str, float]], model: Path | None) -> Blended:
    songs = pair["songs"].get(MEAN)
    return Blended(share, songs, float(pair["reference"][MEAN]), model)
