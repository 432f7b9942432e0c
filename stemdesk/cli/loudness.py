"""``stemdesk loudness``: how loud files are, after BS.1770 and EBU R 128."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.cli.parser import FILES
from stemdesk.cli.progress import run_with_progress

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from stemdesk.audio.loudness import Loudness
    from stemdesk.cli.parser import Parser

_HEADINGS = ("integrated", "range", "momentary", "short-term", "true peak")


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "loudness",
        help="measure loudness and true peak",
        description="Measure integrated loudness, loudness range, the loudest moment (400 ms) and"
        " phrase (3 s), and the true peak, after ITU-R BS.1770-4 and EBU R 128.",
    )
    files = parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
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
            print(json.dumps({"file": str(path), **_finite(msgspec.to_builtins(loudness))}))
        return 0
    print("  ".join(f"{heading:>11}" for heading in _HEADINGS))
    for path, loudness in measured.items():
        cells = (
            f"{_level(loudness.integrated_lufs)} LUFS",
            f"{_level(loudness.range_lu)} LU",
            f"{_level(loudness.max_momentary_lufs)} LUFS",
            f"{_level(loudness.max_short_term_lufs)} LUFS",
            f"{_level(loudness.true_peak_dbtp)} dBTP",
        )
        print("  ".join(f"{cell:>11}" for cell in cells) + f"  {path}")
    return 0


def _level(level: float) -> str:
    return f"{level:.1f}" if math.isfinite(level) else "-inf"


def _finite(facts: dict[str, Any]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in facts.items()}
