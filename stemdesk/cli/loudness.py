"""``stemdesk loudness``: how loud files are, after BS.1770 and EBU R 128."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stemdesk.cli.parser import FILES
from stemdesk.cli.plain_text import one_line
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.results import level_json, level_text
from stemdesk.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from stemdesk.audio.loudness import Loudness
    from stemdesk.cli.parser import Parser

COLUMNS = """\
columns:
  integrated   loudness of the whole file, in LUFS
  range        from its quiet parts to its loud ones, in LU
  momentary    its loudest 400 ms, in LUFS
  short-term   its loudest 3 s, in LUFS
  true peak    highest level of the wave between the samples too, in dBTP

'stemdesk remix --loudness -14' brings a mix to a loudness.
The exit status is 1 if a file could not be measured; the others still are.
"""
EXIT_REFUSED = 1
_HEADINGS = ("integrated", "range", "momentary", "short-term", "true peak")


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "loudness",
        help="measure loudness and true peak",
        usage="stemdesk loudness [OPTION ...] FILE ...",
        description="Measure how loud files are, after ITU-R BS.1770-4 and EBU R 128.",
        epilog=COLUMNS,
    )
    files = parser.add_argument("files", nargs="+", type=Path, metavar="FILE",
        help="audio files; write ./-name where a name begins with -")  # fmt: skip
    files.complete = FILES  # type: ignore[attr-defined]
    parser.add_argument("--json", action="store_true", help="print one JSON object a file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print one line a file; 0 only if all could be measured."""
    from stemdesk.audio.loudness import loudness_of_file

    def work(report: Callable[[float, str], None]) -> list[tuple[Path, Loudness | UserError]]:
        found: list[tuple[Path, Loudness | UserError]] = []
        for number, path in enumerate(options.files):

            def part(done: float, stage: str, number: int = number) -> None:
                report((number + done) / len(options.files), stage)

            try:
                found.append((path, loudness_of_file(path, part)))
            except UserError as error:
                found.append((path, error))
        return found

    with run_with_progress(as_json=False) as progress:
        found: list[tuple[Path, Loudness | UserError]] = progress.run(work)
    if not options.json and any(not isinstance(each, UserError) for _, each in found):
        print("  ".join(f"{heading:>11}" for heading in _HEADINGS))
    for path, measured in found:
        if isinstance(measured, UserError):
            print(f"stemdesk: {one_line(measured)}", file=sys.stderr)
            if options.json:
                print(json.dumps({"file": str(path), "error": str(measured)}))
        else:
            print(_as_json(path, measured) if options.json else _as_text(path, measured))
    return EXIT_REFUSED if any(isinstance(each, UserError) for _, each in found) else 0


def _as_json(path: Path, loudness: Loudness) -> str:
    facts = msgspec.to_builtins(loudness)
    levels = {name: level_json(value) for name, value in facts.items()}
    return json.dumps({"file": str(path), **levels})


def _as_text(path: Path, loudness: Loudness) -> str:
    cells = (
        f"{level_text(loudness.integrated_lufs)} LUFS",
        f"{level_text(loudness.range_lu)} LU",
        f"{level_text(loudness.max_momentary_lufs)} LUFS",
        f"{level_text(loudness.max_short_term_lufs)} LUFS",
        f"{level_text(loudness.true_peak_dbtp)} dBTP",
    )
    return "  ".join(f"{cell:>11}" for cell in cells) + f"  {path}"
