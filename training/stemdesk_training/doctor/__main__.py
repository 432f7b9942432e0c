"""``python -m stemdesk_training.doctor FOLDER``: check a library of multitracks."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.paths import cache_dir
from stemdesk.separation.devices import CHOICES, choose_device, set_threads
from stemdesk_training.datasets.library import LAYOUTS, find_songs
from stemdesk_training.doctor.check import Checked, check_library
from stemdesk_training.doctor.html import page
from stemdesk_training.doctor.labels import Listener
from stemdesk_training.doctor.memory import Memory
from stemdesk_training.doctor.repair import repair

EXIT_FAULTY = 3
EXIT_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Check a library; exit status 3 where songs are to be mended or left out."""
    options = _parser().parse_args(arguments)
    try:
        checked = _checked(options)
        if options.fix is not None:
            checked = [_repaired(each, options.fix) for each in checked]
        if options.report is not None:
            write_text_atomic(options.report, page(options.folder.resolve().name, checked))
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    except KeyboardInterrupt:
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
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--device", choices=CHOICES, default="auto", help="where to compute")
    parser.add_argument("--threads", type=int, help="processor threads")
    return parser


def _checked(options: argparse.Namespace) -> list[Checked]:
    songs = find_songs(options.folder, options.layout)
    set_threads(options.threads)
    listener = None
    if not options.no_model:
        listener = Listener(options.model, choose_device(options.device))
    heard_by = "" if listener is None else f"{listener.card.id} {listener.card.sha256}"
    memory = None if options.fresh else Memory(cache_dir() / "dataset", heard_by)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=1.0)
        return check_library(
            songs,
            memory,
            listener,
            lambda done, name: progress.update(task, completed=done, description=name),
        )


def _repaired(checked: Checked, folder: Path) -> Checked:
    if checked.verdict != "fixable":
        return checked
    mended = repair(checked.song, checked.found, checked.findings, folder / checked.song.name)
    return Checked(checked.song, checked.found, checked.findings, mended)


def _as_json(checked: list[Checked]) -> str:
    songs = [
        {
            "song": each.song.name,
            "verdict": each.verdict,
            "findings": [
                {
                    "kind": finding.kind,
                    "verdict": finding.verdict.value,
                    "part": finding.part,
                    "text": finding.text,
                }
                for finding in each.findings
            ],
            "mended": each.mended,
        }
        for each in checked
    ]
    return json.dumps(songs, indent=2, ensure_ascii=False)


def _as_text(checked: list[Checked]) -> str:
    lines = []
    for each in checked:
        lines.append(f"{each.verdict:8} {each.song.name}")
        lines += [f"         {finding.text}" for finding in each.findings]
        lines += [f"         mended in the copy: {text}" for text in each.mended]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
