"""What came of a song, for people and for programs."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING

from stemdesk.app.manifest import describe
from stemdesk.cli.plain_text import one_line
from stemdesk.files import shown_name
from stemdesk.jobs.pace import pace_text

if TYPE_CHECKING:
    from stemdesk.app.batch import Outcome
    from stemdesk.app.options import Separation


def level_text(level: float) -> str:
    """A level for people, to a tenth."""
    return f"{level:.1f}" if math.isfinite(level) else "-inf"


def level_json(level: float) -> float | None:
    """A level for programs, to a thousandth; JSON has no -inf, so silence is null."""
    return round(level, 3) if math.isfinite(level) else None


def show_json(outcome: Outcome) -> None:
    """One JSON object; what is broken is said on stderr too."""
    kind = "error" if outcome.error else "result"
    print(json.dumps({"event": kind, **describe(outcome)}), flush=True)
    _complain(outcome.result)


def show_text(outcome: Outcome) -> None:
    """The files, the verdict, and what there is to say."""
    if outcome.error is not None:
        print(f"stemdesk: {one_line(outcome.error)}", file=sys.stderr)
        return
    result = outcome.result
    if result is None or not result.files:
        print(f"{one_line(shown_name(outcome.source))}: the stems exist already, left as they are")
        return
    for path in result.files.values():
        print(one_line(path))
    print(one_line(f"{shown_name(outcome.source)}: {null_sentence(result)}"))
    for note in result.notes:
        print(f"  {one_line(note)}")
    fresh_seconds = result.song_seconds - result.resumed_seconds
    done = f"{result.song_seconds:.1f} s of music"
    if result.resumed_seconds:
        done = f"went on at {result.resumed_seconds:.1f} s; the other {fresh_seconds:.1f} s"
    speed = fresh_seconds / max(result.seconds, 1e-9)
    model = f"{result.model}, adapted to it," if result.adapted else result.model
    where = f"{model} on the {result.device}"
    print(f"  {done} in {result.seconds:.1f} s ({pace_text(speed)}) with {where}", flush=True)
    _complain(result)


def _complain(result: Separation | None) -> None:
    if result is None or not result.broken:
        return
    what = "these files should" if not result.kept else "with those kept these files should"
    print(
        f"stemdesk: {one_line(shown_name(result.source))}: {what} null and do not: "
        "separate the song again with --overwrite yes, and check the disk if that does not help.",
        file=sys.stderr,
    )


def null_sentence(result: Separation) -> str:
    """The null verdict in a few words."""
    null = result.null
    if null is None:
        return "no null check, because these files are not the whole song"
    after = f" after {null.makeup_db:+.2f} dB" if null.makeup_db else ""
    if null.verdict == "exact":
        return f"the stems null{after}, 0 samples differ"
    level = "no residual" if null.peak_dbfs is None else f"residual peak {null.peak_dbfs:.1f} dBFS"
    if null.verdict == "rounding":
        return f"the stems null up to rounding{after}, {level}"
    return f"the stems do not null{after}, {level}. {null.reason}."
