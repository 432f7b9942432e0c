"""What a fine-tuning run says on the terminal, made of the trainer's events."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from stemdesk.parsing.json_text import read_json
from stemdesk.separation.card import load_card
from stemdesk_training.tuning.guard import MEAN
from stemdesk_training.tuning.table import table_of

if TYPE_CHECKING:
    from rich.progress import TaskID

SECONDS_A_MINUTE = 60


def duration(seconds: float) -> str:
    """Seconds below two minutes, then minutes, then hours."""
    if seconds < 2 * SECONDS_A_MINUTE:
        return f"{seconds:.0f} s"
    minutes = round(seconds / SECONDS_A_MINUTE)
    if minutes < 2 * SECONDS_A_MINUTE:
        return f"{minutes} min"
    return f"{minutes // SECONDS_A_MINUTE} h {minutes % SECONDS_A_MINUTE} min"


class Display:
    """Sentences and a table on standard output, a bar on a terminal's standard error.

    Args:
        as_json: events as they come, a line each, in place of all that.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            console=Console(stderr=True),
            transient=True,
            disable=as_json or not sys.stderr.isatty(),
        )
        self._task: TaskID = self._bar.add_task("", total=1.0, left="")
        self._steps = 0

    def say(self, sentence: str) -> None:
        """A sentence for the user."""
        if self._as_json:
            self._print(json.dumps({"event": "note", "text": sentence}))
        else:
            self._print(sentence)

    def preparing(self, fraction: float, stage: str) -> None:
        """How far the songs are read."""
        if self._as_json:
            self._print(json.dumps({"event": "progress", "fraction": fraction, "stage": stage}))
        else:
            self._show(fraction, f"Reading {stage}" if stage else "", "")

    def take(self, line: bytes) -> None:
        """An event of the trainer, or a line of something else, which is passed on."""
        text = line.decode("utf-8", "replace").rstrip("\n")
        if self._as_json:
            self._print(text)
            return
        try:
            event = read_json(text, names=True, infinite=True)
            reader = getattr(self, f"_take_{event['event']}", None)
        except (ValueError, LookupError, TypeError):
            self._print(text)
            return
        if reader is not None:
            reader(event)

    def end(self) -> None:
        """Take the bar away."""
        self._bar.stop()

    def _take_started(self, event: dict[str, Any]) -> None:
        self._steps = event["steps"]
        if event["step"]:
            self._print(f"Going on after step {event['step']} of {self._steps}.")

    def _take_step(self, event: dict[str, Any]) -> None:
        left = f"{duration(event['seconds_left'])} left"
        told = f"step {event['step']}, loss {event['loss']:.3f}"
        self._show(event["step"] / max(1, self._steps), told, left)

    def _take_note(self, event: dict[str, Any]) -> None:
        self._print(event["text"])

    def _take_rollback(self, event: dict[str, Any]) -> None:
        self._print(f"Step {event['step']}: {event['reason']}; back to step {event['to']}.")

    def _take_baseline(self, event: dict[str, Any]) -> None:
        self._print(f"Before: {_means(event)}.")

    def _take_validation(self, event: dict[str, Any]) -> None:
        self._print(f"Step {event['step']}: {_means(event)}.")

    def _take_listen(self, event: dict[str, Any]) -> None:
        self._print(f"To hear: {event['folder']}")

    def _take_stopped(self, event: dict[str, Any]) -> None:
        self._print(f"Stopped after step {event['step']}. The same command goes on from here.")

    def _take_finished(self, event: dict[str, Any]) -> None:
        self.end()
        card = load_card(Path(event["model"]))
        self._print(table_of(card))
        self._print(f"{card.title}: --model {card.id} ({event['model']})")

    def _show(self, fraction: float, told: str, left: str) -> None:
        if not self._bar.disable:
            self._bar.start()
            self._bar.update(self._task, completed=fraction, description=told, left=left)

    def _print(self, text: str) -> None:
        if self._bar.live.is_started:
            self._bar.stop()
        print(text, flush=True)  # noqa: T201 - the program's answer


def _means(event: dict[str, Any]) -> str:
    songs, reference = event["scores"][MEAN], event["reference"][MEAN]
    return f"your songs {songs:.2f} dB, reference set {reference:.2f} dB"
