"""``python -m stemdesk_training.doctor FOLDER``: check a library of multitracks."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.paths import cache_dir
from stemdesk.processes import heed_interrupts
from stemdesk.separation.devices import CHOICES, choose_device, set_threads
from stemdesk_training.datasets.library import LAYOUTS, find_songs
from stemdesk_training.doctor.check import Checked, check_library
from stemdesk_training.doctor.examination import MIXTURE
from stemdesk_training.doctor.html import page
from stemdesk_training.doctor.labels import Listener
from stemdesk_training.doctor.memory import Memory
from stemdesk_training.doctor.repair import repair
from stemdesk_training.shown_progress import shown_progress

if TYPE_CHECKING:
    from collections.abc import Callable

EXIT_FAULTY = 3
EXIT_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Check a library; exit status 3 where songs are to be mended or left out."""
    heed_interrupts()
    options = _parser().parse_args(arguments)
    if options.events:
        return _tell_events(options)
    try:
        checked = _repaired_where_asked(_checked(options), options)
        if options.report is not None:
            write_text_atomic(options.report, page(options.folder.resolve().name, checked))
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)  # noqa: T201 - the program's message
        return EXIT_INTERRUPTED
    print(_as_json(checked) if options.json else _as_text(checked))  # noqa: T201 - its answer
    return EXIT_FAULTY if any(each.verdict != "pass" for each in checked) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stemdesk dataset check", description="Check a library of multitracks."
    )
    parser.add_argument("folder", type=Path, help="the library's folder; nothing in it is changed")
    parser.add_argument("--layout", choices=LAYOUTS, help="how it is laid out (default: found out)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write an HTML page")
    parser.add_argument(
        "--fix", type=Path, metavar="DIR", help="write repaired copies of fixable songs there"
    )
    parser.add_argument("--model", help="what listens whether a stem is what it is called")
    parser.add_argument("--no-model", action="store_true", help="do not listen")
    parser.add_argument("--fresh", action="store_true", help="look at every song again")
    parser.add_argument(
        "--song", action="append", metavar="NAME", help="repair only this one; can be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--events", action="store_true", help="for programs: JSON line by line")
    parser.add_argument("--device", choices=CHOICES, default="auto", help="where to compute")
    parser.add_argument("--threads", type=int, help="processor threads")
    return parser


def _checked(options: argparse.Namespace) -> list[Checked]:
    with shown_progress() as report:
        return _examined(options, report)


def _examined(options: argparse.Namespace, report: Callable[[float, str], None]) -> list[Checked]:
    songs = find_songs(options.folder, options.layout)
    set_threads(options.threads)
    listener = None
    if not options.no_model:
        listener = Listener(options.model, choose_device(options.device))
    heard_by = "" if listener is None else f"{listener.card.id} {listener.card.sha256}"
    memory = None if options.fresh else Memory(cache_dir() / "dataset", heard_by)
    return check_library(songs, memory, listener, report)


def _repaired_where_asked(
    checked: list[Checked],
    options: argparse.Namespace,
    report: Callable[[float, str], None] = lambda _done, _name: None,
) -> list[Checked]:
    """Repaired copies of the fixable songs, of all or of those that are named."""
    if options.fix is None:
        return checked
    after = []
    for place, each in enumerate(checked):
        is_meant = not options.song or each.song.name in options.song
        if is_meant and each.verdict == "fixable":
            report(place / len(checked), each.song.name)
            mended = repair(each.song, each.found, each.findings, options.fix / each.song.name)
            each = Checked(each.song, each.found, each.findings, mended)
        after.append(each)
    return after


def _tell_events(options: argparse.Namespace) -> int:
    """The same as one JSON object a line, for a program that ends this one by its input's end."""
    threading.Thread(target=_end_with_input, daemon=True).start()

    def tell(event: dict[str, object]) -> None:
        print(json.dumps(event), flush=True)  # noqa: T201 - the protocol

    def report(stage: str) -> Callable[[float, str], None]:
        return lambda done, name: tell(
            {"event": "progress", "fraction": done, "stage": stage, "song": name}
        )

    try:
        checked = _repaired_where_asked(_examined(options, report("check")), options, report("fix"))
        if options.report is not None:
            write_text_atomic(options.report, page(options.folder.resolve().name, checked))
    except UserError as error:
        tell({"event": "refused", "problem": error.problem, "remedy": error.remedy})
        return 1
    for each in checked:
        tell({"event": "song", **_told(each), **_looks(each)})
    tell({"event": "done", "songs": len(checked)})
    return 0


def _end_with_input() -> None:
    # Not through sys.stdin: its lock would be held at exit by this thread.
    while os.read(0, 1024):
        pass
    os._exit(EXIT_INTERRUPTED)


def _as_json(checked: list[Checked]) -> str:
    return json.dumps([_told(each) for each in checked], indent=2, ensure_ascii=False)


def _told(checked: Checked) -> dict[str, object]:
    """What is said about a song."""
    return {
        "song": checked.song.name,
        "verdict": checked.verdict,
        "findings": [
            {
                "kind": finding.kind,
                "verdict": finding.verdict.value,
                "part": finding.part,
                "text": finding.text,
            }
            for finding in checked.findings
        ],
        "mended": checked.mended,
    }


def _looks(checked: Checked) -> dict[str, object]:
    """What a picture of a song needs, and where its parts lie."""
    song, facts = checked.song, checked.found.facts
    parts = {**song.stems, **({MIXTURE: song.mixture} if song.mixture else {})}
    return {
        "split": song.split,
        "seconds": max((each.seconds for each in facts.values()), default=0.0),
        "parts": {
            part: {
                "files": [
                    {
                        "path": str(source.path.resolve()),
                        "stream": source.stream,
                        "channel": source.channel,
                    }
                    for source in sources
                ],
                "seconds": facts[part].seconds if part in facts else 0.0,
                "sample_rate": facts[part].sample_rate if part in facts else 0,
                "envelope": [round(v, 4) for v in facts[part].envelope] if part in facts else [],
            }
            for part, sources in parts.items()
        },
    }


def _as_text(checked: list[Checked]) -> str:
    lines = []
    for each in checked:
        lines.append(f"{each.verdict:8} {each.song.name}")
        lines += [f"         {finding.text}" for finding in each.findings]
        lines += [f"         mended in the copy: {text}" for text in each.mended]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
