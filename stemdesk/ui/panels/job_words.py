"""One job as the list shows it: everything in words, to be compared with what is shown."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QCoreApplication

from stemdesk.app.exporting.export import Delivery
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState
from stemdesk.jobs.pace import SLOWEST_SHOWN, factor_text, slowness
from stemdesk.ui.menu_paths import as_in_menus
from stemdesk.ui.panels.figures import sentence, time_left
from stemdesk.ui.words import said

if TYPE_CHECKING:
    from collections.abc import Sequence

translate = QCoreApplication.translate

_STEM = 6  # letters that tell words apart


class Row(Protocol):
    """What the list is given; `jobs.entry.Entry` is one."""

    @property
    def id(self) -> int:
        """Unique."""
        ...

    @property
    def title(self) -> str:
        """What it is about."""
        ...

    @property
    def kind(self) -> str:
        """What is done to it."""
        ...

    @property
    def state(self) -> JobState:
        """Where it stands."""
        ...

    @property
    def fraction(self) -> float:
        """0 to 1."""
        ...

    @property
    def stage(self) -> str:
        """What is being done."""
        ...

    @property
    def seconds_left(self) -> float | None:
        """To the end."""
        ...

    @property
    def speed(self) -> float | None:
        """Times real time."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """One sentence each."""
        ...

    @property
    def result(self) -> Any:
        """What came of it."""
        ...

    @property
    def error(self) -> BaseException | None:
        """Why it failed."""
        ...

    @property
    def is_waiting(self) -> bool:
        """Whether it will be started when its turn comes."""
        ...


@dataclass(frozen=True)
class JobWords:
    """What is shown of a job.

    Attributes:
        title: what it is about.
        state: decides which buttons there are.
        standing: on the right of the title: `63 %`, `Waiting`, `Done`.
        doing: under the bar: kind, stage, speed.
        left: `0:12 left`; empty where nobody knows.
        fraction: of the bar.
        can_move: its place in the list still matters.
        problem: a sentence where it failed; empty otherwise. `remedy` likewise.
        notes: sentences.
        folder: where the files lie that it has written; empty where it has written none.
    """

    title: str
    state: JobState
    standing: str
    doing: str
    left: str
    fraction: float
    can_move: bool
    problem: str
    remedy: str
    notes: tuple[str, ...]
    folder: str = ""


def job_words(row: Row) -> JobWords:
    """A job in words, as it stands now."""
    state, error = row.state, row.error
    problem, remedy = ("", "")
    if state is JobState.FAILED:
        problem, remedy = explained(error)
    return JobWords(
        title=row.title,
        state=state,
        standing=_standing(state, row.fraction),
        doing=_doing(row, state),
        left=_left(row, state),
        fraction=row.fraction,
        can_move=_can_move(row, state),
        problem=problem,
        remedy=remedy,
        notes=tuple(sentence(said(note)) for note in row.notes),
        folder=_folder(row),
    )


def explained(error: BaseException | None) -> tuple[str, str]:
    """What went wrong and what to do about it, a sentence each."""
    if isinstance(error, UserError):
        return sentence(said(error.problem)), sentence(as_in_menus(said(error.remedy)))
    reason = (
        f"{type(error).__name__}: {error}"
        if error is not None
        else translate("Jobs", "no reason was given")
    )
    reason = reason.strip().rstrip(".:")
    return (
        translate("Jobs", "Something unexpected happened ({0}).").format(reason),
        translate("Jobs", "Try again; if it fails again, copy the details into a report."),
    )


def details(error: BaseException | None) -> str:
    """All that is known of a failure, to be copied."""
    if error is None:
        return ""
    if isinstance(error, UserError) and error.__cause__ is None:
        return str(error)
    return "".join(traceback.format_exception(error)).rstrip()


def _standing(state: JobState, fraction: float) -> str:
    if state is JobState.RUNNING:
        # Rounded down: 100 % is what is done.
        return f"{int(100 * fraction)} %"
    return {
        JobState.QUEUED: translate("Jobs", "Waiting"),
        JobState.PAUSED: translate("Jobs", "Paused"),
        JobState.DONE: translate("Jobs", "Done"),
        JobState.FAILED: translate("Jobs", "Failed"),
        JobState.CANCELLED: translate("Jobs", "Cancelled"),
    }[state]


def _doing(row: Row, state: JobState) -> str:
    parts = [said(row.kind)]
    if not state.has_ended:
        if row.stage and not _says_the_same(row.kind, row.stage):
            stage = said(row.stage)
            parts.append(stage[:1].lower() + stage[1:])
        if state is JobState.PAUSED and row.fraction > 0:
            parts.append(f"{int(100 * row.fraction)} %")
    if row.speed is not None and row.speed >= SLOWEST_SHOWN and state is not JobState.PAUSED:
        parts.append(_pace(row.speed))
    return " · ".join(part for part in parts if part)


def _pace(speed: float) -> str:
    lengths = slowness(speed)
    if lengths is None:
        return translate("Jobs", "{0} × real time").format(factor_text(speed))
    return translate("Jobs", "takes {0} × the song's length").format(factor_text(lengths))


def _folder(row: Row) -> str:
    result = row.result if row.state is JobState.DONE else None
    return str(result.request.folder) if isinstance(result, Delivery) and result.files else ""


def _says_the_same(kind: str, stage: str) -> bool:
    """`Separate` and `separating` side by side are one word too many."""
    return kind[:_STEM].casefold() == stage[:_STEM].casefold()


def _left(row: Row, state: JobState) -> str:
    seconds = row.seconds_left
    if seconds is None or state not in (JobState.RUNNING, JobState.PAUSED):
        return ""
    return time_left(seconds)


def _can_move(row: Row, state: JobState) -> bool:
    return row.is_waiting or (state is JobState.PAUSED and row.fraction == 0.0)
