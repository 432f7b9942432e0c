"""``stemdesk loudness``: how loud files are, after BS.1770 and EBU R 128."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stemdesk.cli.parser import FILES
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.results import level_json, level_text

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
"""
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
    """Measure and print one line a file."""
    from stemdesk.audio.loudness import loudness_of_file

    def work(report: Callable[[float, str], None]) -> dict[Path, Loudness]:
        found = {}
        for number, path in enumerate(options.files):

            def part(done: float, stage: str, number: int = number) -> None:
                report((number + done) / len(options.files), stage)

            found[path] = loudness_of_file(path, part)
        return found

    with run_with_progress(as_json=False) as progress:
        measured: dict[Path, Loudness] = progress.run(work)
    if options.json:
        for path, loudness in measured.items():
            facts = msgspec.to_builtins(loudness)
            levels = {name: level_json(value) for name, value in facts.items()}
            print(json.dumps({"file": str(path), **levels}))
        return 0
    print("  ".join(f"{heading:>11}" for heading in _HEADINGS))
    for path, loudness in measured.items():
        cells = (
            f"{level_text(loudness.integrated_lufs)} LUFS",
            f"{level_text(loudness.range_lu)} LU",
            f"{level_text(loudness.max_momentary_lufs)} LUFS",
            f"{level_text(loudness.max_short_term_lufs)} LUFS",
            f"{level_text(loudness.true_peak_dbtp)} dBTP",
        )
        print("  ".join(f"{cell:>11}" for cell in cells) + f"  {path}")
    return 0
