"""``stemdesk null``: do these stems sum to that mix?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stemdesk.app.seals import Seals
from stemdesk.audio.null import Diagnosis, measure_null
from stemdesk.cli.parser import FILES, seconds
from stemdesk.cli.progress import run_with_progress

if TYPE_CHECKING:
    import argparse

    from stemdesk.app.options import Report
    from stemdesk.audio.null import NullReport

EXIT_OPEN = 1
EXIT_UNMEASURED = 2
WORST_SHOWN = 5
EPILOG = """\
exit status:
  0    the stems null
  1    they do not
  2    it could not be measured, or the command line was not understood
  130  stopped
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "null",
        help="measure whether stems sum to a mix",
        description="Subtract stems from a mix and measure what is left.",
        epilog=EPILOG,
    )
    mix = parser.add_argument("mix", type=Path, metavar="MIX", help="the original")
    stems = parser.add_argument("stems", type=Path, nargs="+", metavar="STEM", help="the stems")
    mix.complete = stems.complete = FILES  # type: ignore[attr-defined]
    parser.add_argument("--start", type=seconds, default=0.0, metavar="SECONDS",
        help="where in the mix the stems begin (seconds, or minutes:seconds)")  # fmt: skip
    parser.add_argument("--duration", type=seconds, metavar="SECONDS",
        help="how much of the mix they are of (default: the rest)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.set_defaults(run=run, refused_status=EXIT_UNMEASURED)


def run(options: argparse.Namespace) -> int:
    """Measure and print; the exit status is the verdict."""
    with run_with_progress(as_json=False) as progress:
        report = progress.run(lambda tell: _measured(options, tell))
    if options.json:
        print(json.dumps(msgspec.to_builtins(report)))
    else:
        print("\n".join(_lines(report)))
    return EXIT_OPEN if report.verdict == "open" else 0


def _measured(options: argparse.Namespace, tell: Report) -> NullReport:
    """The report, if all of it is about the same files."""
    seals = Seals((options.mix, *options.stems), lambda: tell(0.0, "comparing"))
    with seals.kept():
        found = measure_null(
            options.mix,
            options.stems,
            lambda done, _: tell(done, "comparing"),
            start_seconds=options.start,
            duration_seconds=options.duration,
        )
        seals.require(lambda: tell(1.0, "comparing"))
    return found


def _lines(report: NullReport) -> list[str]:
    samples = report.frames * report.channels
    lines = [
        f"verdict           {report.verdict}: {report.reason}",
        f"differing samples {report.nonzero_samples} of {samples}",
        f"residual peak     {_level(report.peak_dbfs)}",
        f"residual RMS      {_level(report.rms_dbfs)}",
    ]
    if report.verdict != "open":
        return lines
    whole = Diagnosis("sum", report.lag_frames, report.polarity, report.gain_db, report.correlation)
    lines.append(f"sum against mix   {_alignment(whole)}")
    lines += [f"  {stem.name}: {_alignment(stem)}" for stem in report.stems]
    lines.append("residual by band")
    lines += [f"  {low:7.0f} to {high:7.0f} Hz  {_level(db)}" for low, high, db in report.by_band]
    loud = sorted(
        ((db, second) for second, db in enumerate(report.by_second) if db is not None), reverse=True
    )
    lines.append("worst seconds")
    lines += [f"  {second:5d} s  {_level(db)}" for db, second in loud[:WORST_SHOWN]]
    return lines


def _alignment(found: Diagnosis) -> str:
    if not found.is_related:
        return f"no likeness (correlation {found.correlation:.2f})"
    gain = "unknown" if found.gain_db is None else f"{found.gain_db:+.3f} dB"
    return f"{found.lag_frames:+d} frames, polarity {found.polarity:+d}, gain {gain}"


def _level(db: float | None) -> str:
    return "digital silence" if db is None else f"{db:.1f} dBFS"
