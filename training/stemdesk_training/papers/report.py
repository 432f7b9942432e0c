"""The results as a page: how they came about, all figures, and what of the claims is seen."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from stemdesk.files import write_text_atomic
from stemdesk.separation.mask_settings import IDEALS
from stemdesk_training.evaluation.statistics import bootstrap, compare
from stemdesk_training.papers.findings import Board, findings
from stemdesk_training.papers.rows import LEARNERS, ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk_training.evaluation.scoring import SongScore
    from stemdesk_training.papers.learning import Runs

TITLES = {
    "-": "Points of reference",
    "P1": "P1: Simpson, Roma and Plumbley 2015",
    "P2": "P2: Roma, Green and Tremblay 2018",
    "P3": "P3: Lin, Balamurali, Koh, Lui and Herremans 2018",
    "P4": "P4: George, Li, Min and Seong",
    "P5": "P5: Prétet 2018",
}
PICTURES = "results"
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Account:
    """How the results came about.

    Attributes:
        command: that makes them again.
        pool: what was learnt from, in words.
        songs: what was separated, in words.
        extra: further sections, Markdown.
    """

    command: str
    pool: str
    songs: str
    extra: str = ""


def write_report(path: Path, scores: Sequence[SongScore], runs: Runs, account: Account) -> None:
    """Write the page and, in a folder beside it, its pictures."""
    from stemdesk_training.papers import plots  # matplotlib: to train needs none

    board = Board(scores)
    pictures = path.parent / PICTURES
    systems = [name for name in ("MIX", *(row.name for row in ROWS), *IDEALS) if name in board]
    plots.bars(board, systems, pictures / "sdr.png")
    parts = [_head(runs, account), f"![SDR of all systems]({PICTURES}/sdr.png)\n"]
    parts.append(_claims(board))
    for paper, title in TITLES.items():
        mine = [row.name for row in ROWS if row.paper == paper and row.name in board]
        if paper == "-":
            mine = ["MIX", *mine, *IDEALS]
        if mine:
            parts.append(f"## {title}\n\n{_table(board, mine)}")
        if paper == "P1" and plots.trade_off(board, pictures / "alpha.png"):
            parts.append(f"![SAR against SIR over alpha]({PICTURES}/alpha.png)\n")
    parts.append(_runs(runs))
    if plots.losses(runs, pictures / "loss.png"):
        parts.append(f"![Training losses]({PICTURES}/loss.png)\n")
    parts.append(_significance(board))
    parts.append(account.extra)
    write_text_atomic(path, "\n".join(parts))


def _head(runs: Runs, account: Account) -> str:
    return f"""# The five papers at one budget

Every system was trained for {runs.minutes:g} minutes of one processor thread's time
({_processor()}, torch {torch.__version__}; validation not counted), from scratch but for the
pre-trained one, which shares its budget with its pre-training; seed 1 (P4: 42); on the same songs:
{account.pool}. That is thousands of times less than the papers had: the table compares what these
systems learn in minutes, not what they are capable of. Where a paper's claim is not seen here, that
says nothing against the claim.

Scored on {account.songs}. SDR, SIR and SAR are medians over songs of medians over seconds (BSS
Eval v4), in dB; GNSDR is the mean gain in SDR over the mixture; the interval is of 95 %, by
bootstrap over songs. P1 and P4 are reconstructed as in the papers, the others so that stems sum to
the mixture, which for them is the same. Made, and made again, by

    {account.command}

What is otherwise than in the papers, beside the data and the budget, which ends every run: P1's
hidden layer has 2048 units (20 500) and NMF 200 patterns a source (1500); P2 does not stop early
and P3 does not keep the best of its pre-training, for there is one validation only, at the end; P4
learns vocals and accompaniment; P5's dense networks see excerpts of 3 s (11.88 s), its gate shuts
after 1 s alone, and augmentations are tried singly at 15 %, combined at 30 %.
"""


def _processor() -> str:
    """What the system calls the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _claims(board: Board) -> str:
    words = {True: "seen", False: "not seen", None: "cannot be told"}
    lines = [
        "## What the papers say",
        "",
        "| paper | claim | here | figures |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {finding.paper} | {finding.claim} | {words[finding.seen]} | {finding.figures} |"
        for finding in findings(board)
    ]
    return "\n".join([*lines, ""])


def _table(board: Board, systems: Sequence[str]) -> str:
    metrics = ("SDR", "SIR", "SAR")
    head = " | ".join(f"{stem} {m}" for stem in ("vocals", "rest") for m in (*metrics, "GNSDR"))
    lines = [f"| system | {head} | vocals' SDR, interval |", f"|---|{'---:|' * 8}---:|"]
    for system in systems:
        cells = []
        for stem in ("vocals", "accompaniment"):
            cells += [board.median(system, metric, stem) for metric in metrics]
            cells.append(board.gnsdr(system, stem))
        each = [s.stems["vocals"].median() for s in board.of(system) if "vocals" in s.stems]
        interval = bootstrap(each)
        numbers = " | ".join(f"{cell:.2f}" for cell in cells)
        lines.append(f"| {system} | {numbers} | {interval.low:.2f} to {interval.high:.2f} |")
    return "\n".join([*lines, ""])


def _runs(runs: Runs) -> str:
    lines = ["## The runs", "", "| run | parameters | steps | minutes |", "|---|---:|---:|---:|"]
    for learner in LEARNERS:
        if runs.is_finished(learner.name):
            count = runs.parameters(learner.name)
            minutes = runs.minutes * learner.share
            lines.append(f"| {learner.name} | {count} | {runs.steps(learner.name)} | {minutes:g} |")
    return "\n".join([*lines, ""])


def _significance(board: Board) -> str:
    songs = [score.song for score in board.of("MIX")]
    lines, count = [], 0
    for paper in TITLES:
        mine = [row.name for row in ROWS if row.paper == paper and row.name in board]
        pairs = compare({system: _vocals(board, system, songs) for system in mine})
        count += len(pairs)
        lines += [
            f"- {p.first} - {p.second}: {p.difference:+.2f} dB, p = {p.p:.3g}"
            for p in pairs
            if p.p < SIGNIFICANT
        ]
    text = (
        f"## Differences\n\nOf {count} pairs of systems within a paper {len(lines)} differ in the"
        f" vocals' SDR at p < {SIGNIFICANT} (Wilcoxon signed-rank over {len(songs)} songs, p times"
        " the number of the paper's pairs). With so few songs that can hardly be: the least p of"
        f" the test itself is {2 / 2 ** len(songs):.3g}. Read single figures with care.\n"
    )
    return "\n".join([text, *lines, ""])


def _vocals(board: Board, system: str, songs: Sequence[str]) -> list[float]:
    found = {score.song: score for score in board.of(system)}
    return [
        found[song].stems["vocals"].median()
        if song in found and "vocals" in found[song].stems
        else float("nan")
        for song in songs
    ]
