"""``python -m stemdesk_training.papers POOL OUT``: train, score and report all systems.

    python -m stemdesk_training.papers POOL OUT [--songs LIBRARY] [--minutes 5] [--only NAME ...]

Everything is kept in OUT: started again, the command goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from stemdesk.errors import UserError
from stemdesk_training.papers.learning import Runs
from stemdesk_training.papers.listening import Scores, held_out_songs, real_songs
from stemdesk_training.papers.report import Account, write_report
from stemdesk_training.papers.rows import LEARNERS, ROWS

HELD_OUT = 3


def main(arguments: list[str] | None = None) -> int:
    """See the module."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    try:
        _all(options)
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    return 0


def _all(options: argparse.Namespace) -> None:
    runs = Runs(options.out / "runs", options.pool, options.recipes, options.minutes)
    wanted = set(options.only)
    for learner in LEARNERS:
        if not wanted or learner.name in wanted:
            runs.learn(learner, _tell)
    if options.no_scores:
        return
    songs = real_songs(options.songs) if options.songs else []
    real = len(songs)
    songs += held_out_songs(options.pool, HELD_OUT)
    scores = Scores(options.out / "scores", songs)
    found = scores.of_oracles(_tell)
    trained = {learner.name for learner in LEARNERS if runs.is_finished(learner.name)}
    names = {learner.name for learner in LEARNERS}
    for row in ROWS:
        if row.model in trained & (wanted or trained) or (row.model not in names and not wanted):
            found += scores.of_row(row, runs, _tell)
    account = Account(
        command=f"python -m stemdesk_training.papers POOL OUT --minutes {options.minutes:g}"
        + (" --songs SONGS" if options.songs else "")
        + (f" --only {' '.join(options.only)}" if options.only else ""),
        pool=options.pool_note,
        songs=f"{real} real songs and {len(songs) - real} held-out synthetic ones",
        extra=options.extra.read_text(encoding="utf-8") if options.extra else "",
    )
    write_report(options.report or options.out / "RESULTS.md", found, runs, account)


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - progress of hours


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stemdesk_training.papers", description="Train, score and compare the papers' systems."
    )
    parser.add_argument("pool", type=Path, help="made by stemdesk_training.corpus or .prepared")
    parser.add_argument("out", type=Path, help="folder for runs and scores")
    parser.add_argument("--songs", type=Path, help="library of real songs to score on")
    parser.add_argument("--minutes", type=float, default=5.0, help="of training, each")
    parser.add_argument("--only", nargs="+", default=[], help="these learners and their rows")
    parser.add_argument("--no-scores", action="store_true", help="train only")
    parser.add_argument("--report", type=Path, help="default: OUT/RESULTS.md")
    parser.add_argument("--pool-note", default="those of the pool", help="the pool in words")
    parser.add_argument("--extra", type=Path, help="Markdown to end the report with")
    parser.add_argument("--recipes", type=Path, default=Path("training/recipes/papers"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
