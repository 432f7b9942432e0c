"""What a run reports: one JSON object a line, on standard output and in ``log.jsonl``.

Each line names its kind under ``event``. A resumed run may report a step again that a killed one
reported before: the later line counts.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

Scores = dict[str, float]  # stem -> dB, and their "mean"


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event"):
    """Anything that is reported; what is not known is left out of the line."""

    def line(self) -> bytes:
        """The event as one line of JSON, its end included."""
        return msgspec.json.encode(self) + b"\n"


Emit = Callable[[Event], None]


class Started(Event, tag="started", kw_only=True, frozen=True):
    """The run begins, or goes on after ``step`` of ``steps``."""

    step: int
    steps: int
    device: str
    parameters: int
    model: str


class Stepped(Event, tag="step", kw_only=True, frozen=True):
    """One step was done, in ``seconds`` of which ``waited_seconds`` were spent without data."""

    step: int
    loss: float
    seconds: float
    waited_seconds: float
    learning_rate: float
    seconds_left: float


class Validated(Event, tag="validation", kw_only=True, frozen=True):
    """The averaged weights were scored; on a fixed reference set too, when fine-tuning."""

    step: int
    scores: Scores
    seconds: float
    reference: Scores | None = None


class Baseline(Event, tag="baseline", kw_only=True, frozen=True):
    """Scores of the model that the run began from."""

    scores: Scores
    reference: Scores | None = None


class Checkpointed(Event, tag="checkpoint", kw_only=True, frozen=True):
    """All that the run needs to go on from ``step`` is on disk."""

    step: int


class Listen(Event, tag="listen", kw_only=True, frozen=True):
    """The user's own song was separated by this checkpoint and by the base model."""

    step: int
    folder: str


class RolledBack(Event, tag="rollback", kw_only=True, frozen=True):
    """Step ``step`` came to nothing; the run goes on from the checkpoint of step ``to``."""

    step: int
    to: int
    reason: str


class Paused(Event, tag="paused", kw_only=True, frozen=True):
    """The run rests, its checkpoint written, until it is told to go on."""

    step: int


class Resumed(Event, tag="resumed", kw_only=True, frozen=True):
    """A run that was paused goes on."""

    step: int


class Note(Event, tag="note", kw_only=True, frozen=True):
    """One sentence for whoever watches."""

    text: str


class Refused(Event, tag="refused", kw_only=True, frozen=True):
    """The model was not kept, and why."""

    reason: str


class Stopped(Event, tag="stopped", kw_only=True, frozen=True):
    """The run ended early, with a checkpoint."""

    step: int


class Finished(Event, tag="finished", kw_only=True, frozen=True):
    """The run is done; ``scores`` are those of the model in the folder ``model``."""

    step: int
    model: str
    scores: Scores
