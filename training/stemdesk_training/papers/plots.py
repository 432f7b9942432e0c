"""The pictures of the results."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from stemdesk.files import atomic_path
from stemdesk_training.papers.findings import alpha_row
from stemdesk_training.papers.rows import ALPHAS, LEARNERS, NMF

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from stemdesk_training.papers.findings import Board
    from stemdesk_training.papers.learning import Runs

INCH = (7.0, 4.2)
DOTS_PER_INCH = 120
SMOOTHED_STEPS = 15


def trade_off(board: Board, path: Path) -> bool:
    """P1's curves: SAR against SIR over alpha, vocals and the rest; False without scores."""
    figure = Figure(figsize=INCH, layout="constrained")
    drawn = False
    for place, stem in enumerate(("vocals", "accompaniment")):
        axes = figure.add_subplot(1, 2, place + 1)
        for system, title, mark in (("p1_dnn", "network", "o-"), (NMF, "NMF", "s--")):
            rows = [alpha_row(system, alpha) for alpha in ALPHAS]
            if not all(row in board for row in rows):
                continue
            sir = [board.median(row, "SIR", stem) for row in rows]
            sar = [board.median(row, "SAR", stem) for row in rows]
            axes.plot(sir, sar, mark, label=title)
            for alpha, x, y in zip(ALPHAS, sir, sar, strict=True):
                axes.annotate(f"{alpha}", (x, y), textcoords="offset points", xytext=(4, 4))
            drawn = True
        ideal = (board.median("IBM1", "SIR", stem), board.median("IBM1", "SAR", stem))
        axes.plot(*ideal, "k*", markersize=10, label="ideal binary mask")
        axes.set(title=stem, xlabel="SIR (dB)", ylabel="SAR (dB)")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    if drawn:
        _save(figure, path)
    return drawn


def losses(runs: Runs, path: Path) -> bool:
    """The training loss of every learner, each over its first, by minutes."""
    curves: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for learner in LEARNERS:
        steps = [event for event in runs.events(learner.name) if event.get("event") == "step"]
        if steps:
            curves.setdefault(learner.name[:2], {})[learner.name[3:]] = steps
    figure = Figure(figsize=(7.0, 8.0), layout="constrained")
    for place, (paper, mine) in enumerate(curves.items()):
        axes = figure.add_subplot(3, 2, place + 1)
        for name, steps in mine.items():
            minutes = list(accumulate(event["seconds"] / 60 for event in steps))
            values = _smooth([event["loss"] for event in steps])
            axes.plot(minutes, [value / values[0] for value in values], label=name)
        axes.set(title=paper.upper(), xlabel="minutes", ylabel="loss / first loss")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=6, ncols=2)
    if curves:
        _save(figure, path)
    return bool(curves)


def bars(board: Board, systems: list[str], path: Path) -> None:
    """Median SDR of vocals and accompaniment, system by system."""
    figure = Figure(figsize=(7.0, 0.28 * len(systems) + 1), layout="constrained")
    axes = figure.add_subplot()
    rows = list(range(len(systems)))
    for shift, stem, colour in ((-0.2, "vocals", "#d1495b"), (0.2, "accompaniment", "#30638e")):
        values = [board.median(system, "SDR", stem) for system in systems]
        axes.barh([row + shift for row in rows], values, 0.38, label=stem, color=colour)
    axes.set_yticks(rows, systems, fontsize=7)
    axes.invert_yaxis()
    axes.set_xlabel("SDR (dB), median over songs of the median over seconds")
    axes.axvline(0, color="k", linewidth=0.6)
    axes.grid(axis="x", alpha=0.3)
    axes.legend(fontsize=8)
    _save(figure, path)


def _smooth(values: list[float]) -> list[float]:
    smooth, held = [], values[0]
    for value in values:
        held += (value - held) * min(1.0, 2 / (SMOOTHED_STEPS + 1))
        smooth.append(held)
    return smooth


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as partial:
        figure.savefig(partial, dpi=DOTS_PER_INCH, format="png")
