"""``stemdesk tune``: hands over to fine-tuning, a program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.cli.parser import FILES, FOLDERS
from stemdesk.cli.programs import run_program

if TYPE_CHECKING:
    import argparse

_EPILOG = """\
A song is a folder with a file for each stem, named after it: vocals, drums, bass, other. Some
songs are held out and scored, before and after; with fewer than four songs it is their ends.
The model is scored on a fixed reference set too. It is not saved when it loses more there than
--guard-db allows, for then it has forgotten what other music sounds like.

The same command goes on with a run that was stopped.

  stemdesk tune songs/                     tune the default model on a folder of songs
  stemdesk tune songs/ --minutes 20        for so long
  stemdesk tune MODEL --blend 0.5          a model half way between a tuned one and its base
  stemdesk tune RUN --blind                files to compare tuned and base without knowing which
  stemdesk tune RUN --answers ABBA=B       what your answers say
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "tune",
        help="fine-tune a model on your own songs",
        description="Fine-tune a model on your own songs in stems, so that it does not forget.",
        epilog=_EPILOG,
    )
    songs = parser.add_argument("songs", metavar="SONGS|MODEL|RUN", help="a folder of songs in"
        " stems; for --blend a tuned model or a run, for --blind and --answers a run")  # fmt: skip
    songs.complete = FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--model", metavar="ID|DIR", help="the model to go on from")
    parser.add_argument("--name", metavar="TITLE", help="of the new model")
    run_folder = parser.add_argument("--run", dest="run_folder", metavar="DIR",
        help="folder of the run (default: among your data, named after the songs)")  # fmt: skip
    run_folder.complete = FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--layout", help="how the songs are laid out (default: found out)")
    parser.add_argument("--minutes", help="how long it takes, reading the songs and validations"
        " included (default: by how much there is to learn from)")  # fmt: skip
    parser.add_argument("--steps", help="how many steps to train, in place of minutes")
    parser.add_argument("--freeze", choices=("auto", "all_but_heads", "lower_half", "nothing"),
        help="what stays as it is (default: auto, by how much there is to learn from)")  # fmt: skip
    parser.add_argument("--l2-sp", metavar="WEIGHT",
        help="how strongly weights are drawn back to the base's")  # fmt: skip
    parser.add_argument("--replay", metavar="SHARE",
        help="share of base material among what is learnt from")  # fmt: skip
    reference = parser.add_argument("--reference", metavar="DIR",
        help="base material of your own (made by stemdesk_training.tuning.pack)")  # fmt: skip
    reference.complete = FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--guard-db", metavar="DB",
        help="how far the score on the reference set may fall (default: 0.3)")  # fmt: skip
    parser.add_argument("--save-anyway", action="store_true", help="even if it falls further")
    parser.add_argument("--name-songs", action="store_true", help="name the songs in the card")
    listen = parser.add_argument("--listen", metavar="SONG",
        help="separate this song at every validation, by the base too")  # fmt: skip
    listen.complete = FILES  # type: ignore[attr-defined]
    parser.add_argument("--listen-seconds", metavar="SECONDS",
        help="how much of it, its loudest stretch (default: 30; 0 for all)")  # fmt: skip
    parser.add_argument("--blend", metavar="SHARE", help="0 is the base, 1 the tuned model")
    parser.add_argument("--measure", action="store_true",
        help="with --blend: only score it, make no model")  # fmt: skip
    parser.add_argument("--blind", action="store_true",
        help="write the newest renderings of a run with neutral names")  # fmt: skip
    parser.add_argument("--abx", action="store_true",
        help="with --blind: ask which one X is, not which is better")  # fmt: skip
    parser.add_argument("--trials", help="with --blind: how many (default: 12)")
    parser.add_argument("--answers", metavar="LETTERS", help="A, B or = for each trial")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), help="where to compute")
    parser.add_argument("--threads", help="processor threads")
    parser.add_argument("--control", choices=("stdin",),
        help="obey lines of standard input: pause, resume, stop")  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run fine-tuning as a child process; its exit status is ours."""
    names = (
        *("model", "name", "layout", "minutes", "steps", "freeze", "l2_sp", "replay", "reference"),
        *("guard_db", "save_anyway", "name_songs", "listen", "listen_seconds", "blend"),
        *("measure", "blind", "abx", "trials", "answers", "json", "device", "threads", "control"),
    )
    # `run` is what the parser calls; the folder has another name.
    arguments = [options.songs]
    if options.run_folder:
        arguments.append(f"--run={options.run_folder}")
    return run_program("stemdesk_training.tuning", arguments, options, names)
