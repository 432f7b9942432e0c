"""A training run as it is told by its events: curves, scores, what is to be heard, notes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.training.errand import read_event

if TYPE_CHECKING:
    from stemdesk.app.training.errand import Event

MEAN = "mean"
MOST_LOSSES = 4000  # more than a chart has columns: a run may take a million steps
RECENT_STEPS = 50


@dataclass(frozen=True)
class Scored:
    """A validation.

    Attributes:
        step: after so many.
        scores: stem -> SDR in dB on the user's held-out songs, their mean as `mean`.
        reference: the same on the fixed reference set; empty where that was not scored.
    """

    step: int
    scores: dict[str, float]
    reference: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendering:
    """The user's own song as a checkpoint renders it.

    Attributes:
        step: of the checkpoint.
        folder: with the files, see :func:`stemdesk.app.training.renderings.found`.
    """

    step: int
    folder: Path


class Progress:
    """All that a run has told. One thread writes, any may read.

    Attributes:
        step: done so far; `steps` of them in all, 0 until that is known.
        device: it trains on; empty until that is known.
        losses: (step, loss) each; of a long run the means of so many steps that they stay few.
        baseline: the base model's scores; None where it was not scored.
        scored: validations so far.
        checkpoints: steps that were saved.
        renderings: what can be listened to.
        remarks: (step, sentence) of what happened on the way.
        refusal: why the finished model was not saved; empty where it was, or is to come.
        model: folder of the finished model.
        final: its scores.
        is_stopped: it ended before its last step, as somebody wished.
    """

    def __init__(self) -> None:
        self.step = self.steps = self.first_step = 0
        self.device = ""
        self.losses: list[tuple[int, float]] = []
        self.baseline: Scored | None = None
        self.scored: list[Scored] = []
        self.checkpoints: list[int] = []
        self.renderings: list[Rendering] = []
        self.remarks: list[tuple[int, str]] = []
        self.refusal = ""
        self.model: Path | None = None
        self.final: dict[str, float] = {}
        self.is_stopped = False
        self.seconds_left: float | None = None
        self._stride, self._gathered = 1, [0.0, 0.0, 0.0]
        self._recent: deque[tuple[float, float]] = deque(maxlen=RECENT_STEPS)
        self.changes = 0

    @property
    def waiting_share(self) -> float | None:
        """Share of the last steps' time that the device waited for data; None before any."""
        recent = tuple(self._recent)
        seconds = sum(each[0] for each in recent)
        return sum(each[1] for each in recent) / seconds if seconds > 0 else None

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0

    def take(self, event: Event) -> None:
        """An event; what is not known is left alone.

        Raises:
            KeyError: it lacks something, as do TypeError and ValueError for what is no number.
        """
        reader = getattr(self, f"_take_{event['event']}", None)
        if reader is not None:
            reader(event)
            self.changes += 1

    def _take_started(self, event: Event) -> None:
        self.step = self.first_step = int(event["step"])
        self.steps, self.device = int(event["steps"]), str(event["device"])
        # An exact resume goes over what came after its checkpoint once more.
        self.losses = [each for each in self.losses if each[0] <= self.step]
        self.scored = [each for each in self.scored if each.step <= self.step]
        self.is_stopped, self.refusal = False, ""

    def _take_step(self, event: Event) -> None:
        self.step = int(event["step"])
        self._add_loss(float(event["loss"]))
        seconds, waited = float(event["seconds"]), float(event.get("waited_seconds", 0.0))
        self._recent.append((seconds, waited))
        left = event.get("seconds_left")
        self.seconds_left = None if left is None else float(left)

    def _add_loss(self, loss: float) -> None:
        gathered = self._gathered
        for place, value in enumerate((1.0, float(self.step), loss)):
            gathered[place] += value
        count, steps, total = gathered
        if count < self._stride:
            return
        self.losses.append((round(steps / count), total / count))
        self._gathered = [0.0, 0.0, 0.0]
        if len(self.losses) >= MOST_LOSSES:
            pairs = zip(self.losses[::2], self.losses[1::2], strict=False)
            self.losses = [((a + b) // 2, (x + y) / 2) for (a, x), (b, y) in pairs]
            self._stride *= 2

    def _take_baseline(self, event: Event) -> None:
        self.baseline = Scored(0, _scores(event["scores"]), _scores(event.get("reference")))

    def _take_validation(self, event: Event) -> None:
        scored = Scored(
            int(event["step"]), _scores(event["scores"]), _scores(event.get("reference"))
        )
        self.scored = [each for each in self.scored if each.step < scored.step] + [scored]

    def _take_checkpoint(self, event: Event) -> None:
        self.checkpoints.append(int(event["step"]))

    def _take_listen(self, event: Event) -> None:
        rendering = Rendering(int(event["step"]), Path(event["folder"]))
        others = [each for each in self.renderings if each.step != rendering.step]
        self.renderings = sorted([*others, rendering], key=lambda each: each.step)

    def _take_rollback(self, event: Event) -> None:
        back = int(event["to"])
        self.losses = [each for each in self.losses if each[0] <= back]
        self.remarks.append((int(event["step"]), str(event["reason"])))
        self.step = back

    def _take_note(self, event: Event) -> None:
        self.remarks.append((self.step, str(event["text"])))

    def _take_refused(self, event: Event) -> None:
        self.refusal = str(event["reason"])

    def _take_stopped(self, event: Event) -> None:
        self.step = int(event["step"])
        self.is_stopped = True

    def _take_finished(self, event: Event) -> None:
        self.step = int(event["step"])
        self.model = Path(event["model"]) if event.get("model") else None
        self.final = _scores(event.get("scores"))
        self.seconds_left = 0.0


def replayed(log: Path) -> Progress:
    """A run's progress from the log in its folder; what cannot be read of it is left out."""
    progress = Progress()
    try:
        lines = log.read_bytes().splitlines()
    except OSError:
        return progress
    for line in lines:
        event = read_event(line)
        if event is not None:
            try:
                progress.take(event)
            except (KeyError, TypeError, ValueError):
                continue
    return progress


def _scores(scores: object) -> dict[str, float]:
    if not isinstance(scores, dict):
        return {}
    return {str(name): float(db) for name, db in scores.items() if db is not None}
