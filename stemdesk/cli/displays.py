"""The faces of progress: nothing, a bar, or one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stemdesk.cli.plain_text import one_line, steerable

Subject = Callable[[], dict[str, Any]]
NAME_WIDTH = 32


class Display:
    """Shows nothing: for output that goes into a pipe.

    Args:
        subject: what is being worked on: ``input``, and of a batch ``song`` and ``songs``; empty
            when there is nothing to name.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def show(self, fraction: float, stage: str, seconds_left: float | None) -> None:
        """Called about ten times a second."""

    def hide(self) -> None:
        """Called before anything else is printed or asked, and at the end."""


class JsonLines(Display):
    """Progress as JSON, at most one line for each tenth of a percent."""

    _last: tuple[int, str] | None = None

    def show(self, fraction: float, stage: str, seconds_left: float | None) -> None:
        """Print a line if there is news."""
        state = (int(fraction * 1000), stage)
        if state == self._last:
            return
        self._last = state
        left = None if seconds_left is None else round(seconds_left, 1)
        event = {"event": "progress", "fraction": round(fraction, 4), "stage": stage}
        print(json.dumps({**event, "seconds_left": left, **self._subject()}), flush=True)


class Bar(Display):
    """A bar on the terminal, which is cleared whenever it is hidden."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        self._bar = Progress(
            TextColumn("{task.fields[name]}", markup=False),
            TextColumn("{task.description:<10}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]}"),
            console=Console(file=steerable(sys.stderr)),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=1.0, name="", left="")

    def show(self, fraction: float, stage: str, seconds_left: float | None) -> None:
        """Draw the bar, again if it was hidden."""
        self._bar.update(
            self._task,
            completed=fraction,
            description=stage,
            name=_label(self._subject()),
            left=_clock(seconds_left),
        )
        if not self._bar.live.is_started:
            self._bar.start()

    def hide(self) -> None:
        """Clear the bar."""
        self._bar.stop()


def _label(subject: dict[str, Any]) -> str:
    """``song.wav``, or ``2/5 song.wav`` in a batch; long names lose their middle."""
    name = one_line(Path(subject.get("input", "")).name)
    if len(name) > NAME_WIDTH:
        name = f"{name[: NAME_WIDTH // 2 - 1]}…{name[-NAME_WIDTH // 2 :]}"
    if subject.get("songs", 1) == 1:
        return name
    return f"{subject['song']}/{subject['songs']} {name}"


def _clock(seconds_left: float | None) -> str:
    if seconds_left is None:
        return ""
    minutes, seconds = divmod(round(seconds_left), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left"
