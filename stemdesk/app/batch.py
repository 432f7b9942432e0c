"""Many songs, one after the other: one that fails does not stop the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stemdesk.app.plan import SongPlan, path_refusal, plan_song
from stemdesk.app.separate import Separation, carry_out, leave_alone
from stemdesk.errors import UserError
from stemdesk.jobs.job import Leap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stemdesk.app.model import LoadedModel
    from stemdesk.app.options import Report, SeparateOptions
    from stemdesk.app.songs import Song
    from stemdesk.app.targets import Claims
    from stemdesk.separation.card import ModelCard


@dataclass
class Outcome:
    """One song of a batch: what came of it, or why not.

    Attributes:
        source: the song.
        result: what came of it.
        error: why nothing came of it.
        hashes: of the song and its stems for the manifest, once it has asked for them.
    """

    source: Path
    result: Separation | None = None
    error: UserError | None = None
    hashes: dict[str, Any] | None = None


@dataclass
class Batch:
    """Everything that was asked for, and what has come of it so far.

    Attributes:
        songs: in the order they are separated.
        claims: who writes what.
        plans: one for each song, once all were looked at.
        outcomes: of the songs that are through.
    """

    songs: list[Song]
    claims: Claims
    plans: list[SongPlan] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def has_work(self) -> bool:
        """Whether there is anything to separate."""
        return any(plan.targets.write for plan in self.plans)

    def current(self) -> dict[str, Any]:
        """The song in work as plain data: ``input``, ``song`` (from 1) and ``songs``."""
        done = self.outcomes if len(self.plans) == len(self.songs) else self.plans
        index = min(len(done), len(self.songs) - 1)
        return {"input": str(self.songs[index].path), "song": index + 1, "songs": len(self.songs)}


def plan_batch(
    batch: Batch, options: SeparateOptions, card: ModelCard, report: Callable[[float, str], None]
) -> None:
    """Look at every song and decide where its stems go; all questions are asked here."""
    for song in batch.songs:
        report(0.0, "reading")
        try:
            plan = plan_song(song, options, card, batch.claims)
        except UserError as error:
            plan = SongPlan(song, error=error)
        except OSError as error:
            plan = SongPlan(song, error=path_refusal(song.path, error))
        batch.plans.append(plan)


def run_batch(
    batch: Batch,
    options: SeparateOptions,
    card: ModelCard,
    model: LoadedModel | None,
    report: Report,
) -> Iterator[Outcome]:
    """Separate the planned songs, yielding each outcome as it is there.

    Args:
        batch: planned by :func:`plan_batch`.
        options: what to deliver and where.
        card: of the model.
        model: the model; None where there is no work.
        report: told the fraction of the whole batch; a song counts by its length.
    """
    total_seconds = sum(plan.work_seconds for plan in batch.plans) or 1.0
    done_seconds = 0.0
    for plan in batch.plans:
        done, share = done_seconds / total_seconds, plan.work_seconds / total_seconds

        def report_song(
            fraction: float, stage: str, done: float = done, share: float = share
        ) -> None:
            report(min(1.0, done + share * fraction), stage)

        outcome = _outcome(plan, options, card, model, report_song)
        done_seconds += plan.work_seconds
        if outcome.error is not None:
            report_song(1.0, Leap("reading"))
        batch.outcomes.append(outcome)
        yield outcome


def _outcome(
    plan: SongPlan,
    options: SeparateOptions,
    card: ModelCard,
    model: LoadedModel | None,
    report: Report,
) -> Outcome:
    outcome = Outcome(plan.song.path, error=plan.error)
    if outcome.error is not None:
        return outcome
    try:
        if model is None or not plan.targets.write:
            outcome.result = leave_alone(plan, options, card)
        else:
            outcome.result = carry_out(plan, options, model, report)
    except UserError as error:
        outcome.error = error
    except OSError as error:
        outcome.error = path_refusal(plan.song.path, error)
    return outcome
