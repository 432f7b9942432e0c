"""``stemdesk evaluate``: hands over to the evaluation, a program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.cli.parser import FOLDERS
from stemdesk.cli.programs import run_program

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Score models, finished stems and oracles (IBM1, IRM1, IRM2, MWF; MIX is always
there) on a library of multitracks: SDR as museval has it, uSDR, and with --full
ISR, SIR and SAR.

A system is scored on the stems that it has; its rest stem (accompaniment,
instrumental, other or rest) on the sum of all true stems it does not name.
Beside systems that have vocals and a rest only, those that have more are
compared on the accompaniment too. A second in which any stem is silent does not
count; a stem that is absent from a whole song is left out before that."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "evaluate",
        help="compare models on songs whose stems are known",
        description=DESCRIPTION,
    )
    library = parser.add_argument("library", metavar="FOLDER", help="a folder of songs in stems")
    library.complete = FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--model", action="append", metavar="ID|DIR", help="repeatable")
    parser.add_argument("--separate", metavar="OPTIONS",
        help='how they separate, such as "--post sharpen=2"')  # fmt: skip
    parser.add_argument("--estimates", action="append", metavar="NAME=DIR",
        help="stems made elsewhere: DIR/<song>/<stem>.wav; repeatable")  # fmt: skip
    parser.add_argument("--oracle", action="append", metavar="NAME", help="repeatable")
    parser.add_argument("--stems", metavar="A,B,...",
        help="stems that are shown (default: all that the systems have)")  # fmt: skip
    parser.add_argument("--full", action="store_true", help="ISR, SIR and SAR as well: slow")
    parser.add_argument("--layout", help="how the folder is laid out (default: found out)")
    parser.add_argument("-o", "--output", metavar="DIR", help="write museval's JSON files there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the evaluation as a child process; its exit status is ours."""
    names = ("model", "separate", "estimates", "oracle", "stems", "full", "layout", "output")
    return run_program("stemdesk_training.evaluation", [options.library], options, names)
