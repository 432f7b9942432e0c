"""What a chart shows: curves over steps, and levels to compare them with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from stemdesk.app.training.progress import MEAN
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.app.training.progress import Progress

Line = list[tuple[float, float]]

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Curve:
    """A line over the steps.

    Attributes:
        name: beside it; empty where it is only the ground of another.
        points: (step, value) each, by step.
        lane: whose colour it has, see `Theme.lane`; `accent` for the accent.
        is_marked: its points are shown, for there are few.
    """

    name: str
    points: Line
    lane: str = "accent"
    is_marked: bool = False


@dataclass(frozen=True)
class Level:
    """A line across, to compare with.

    Attributes:
        name: beside it.
        value: its height.
        lane: whose colour it has; `alarm` for a limit.
    """

    name: str
    value: float
    lane: str = "mixture"


@dataclass(frozen=True)
class Plot:
    """All of a chart.

    Attributes:
        curves: see :class:`Curve`.
        levels: see :class:`Level`.
        last_step: how far the steps go; 0 for as far as the curves.
    """

    curves: Sequence[Curve] = field(default=())
    levels: Sequence[Level] = field(default=())
    last_step: int = 0


def loss_plot(progress: Progress) -> Plot:
    """The loss of each step, and how it goes on the whole."""
    points: Line = [(float(step), loss) for step, loss in progress.losses]
    if not points:
        return Plot(last_step=progress.steps)
    smooth = Curve(translate("Training", "Loss"), smoothed(points))
    return Plot((Curve("", points, "mixture"), smooth), (), progress.steps)


def smoothed(points: Line) -> Line:
    """The running mean of a line, over a twentieth of it or so, from its first point on."""
    weight = min(0.5, 20 / max(1, len(points)))
    mean, known, smooth = 0.0, 0.0, []
    for x, y in points:
        mean += weight * (y - mean)
        known += weight * (1 - known)
        smooth.append((x, mean / known))
    return smooth


def score_plot(progress: Progress) -> Plot:
    """SDR of each stem on the user's held-out songs, each with the base model as a line."""
    baseline = progress.baseline.scores if progress.baseline else {}
    names = list(dict.fromkeys(name for each in progress.scored for name in each.scores))
    names = [name for name in names or baseline if name != MEAN]
    curves, levels = [], []
    for name in names:
        points: Line = [(0.0, baseline[name])] if name in baseline else []
        points += [
            (float(each.step), each.scores[name]) for each in progress.scored if name in each.scores
        ]
        curves.append(Curve(stem_title(name), points, name, is_marked=True))
        if name in baseline:
            told = translate("Training", "{stem}, base").format(stem=stem_title(name))
            levels.append(Level(told, baseline[name], name))
    return Plot(curves, levels, progress.steps)


def reference_plot(progress: Progress, guard_db: float) -> Plot:
    """The mean on the reference set, with the base model and the guard's limit as lines."""
    base = progress.baseline.reference.get(MEAN) if progress.baseline else None
    points: Line = [] if base is None else [(0.0, base)]
    points += [
        (float(each.step), each.reference[MEAN])
        for each in progress.scored
        if MEAN in each.reference
    ]
    curve = Curve(translate("Training", "Reference"), points, is_marked=True)
    levels = []
    if base is not None:
        levels = [
            Level(translate("Training", "Base"), base),
            Level(translate("Training", "Limit"), base - guard_db, "alarm"),
        ]
    return Plot((curve,) if points else (), levels, progress.steps)
