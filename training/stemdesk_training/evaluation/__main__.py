"""``python -m stemdesk_training.evaluation LIBRARY``: compare systems on songs that are known."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, safe_name, write_text_atomic
from stemdesk.processes import heed_interrupts
from stemdesk.separation.mask_settings import IDEALS
from stemdesk_training.datasets.library import LAYOUTS, find_songs
from stemdesk_training.evaluation.comparing import score_oracle, score_separator
from stemdesk_training.evaluation.grouping import groupings
from stemdesk_training.evaluation.museval_files import as_museval
from stemdesk_training.evaluation.systems import Folder, Model, Oracle, Separator
from stemdesk_training.evaluation.table import as_table, shown_stems
from stemdesk_training.evaluation.truth import read_truth
from stemdesk_training.shown_progress import shown_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk_training.datasets.multitrack import Multitrack
    from stemdesk_training.evaluation.grouping import Grouping
    from stemdesk_training.evaluation.scoring import SongScore

EXIT_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Evaluate; prints the table."""
    heed_interrupts()
    options = _parser().parse_args(arguments)
    try:
        systems = _systems(options)
        songs = find_songs(options.library, options.layout)
        with shown_progress() as report:
            scores = evaluate(songs, systems, options, report)
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)  # noqa: T201 - the program's message
        return EXIT_INTERRUPTED
    print(as_table(scores, options.stems or shown_stems(scores)))  # noqa: T201 - its answer
    return 0


def evaluate(
    songs: Sequence[Multitrack],
    systems: Sequence[Separator | Oracle],
    options: argparse.Namespace,
    report: Callable[[float, str], None],
) -> list[SongScore]:
    """Score all systems on all songs, each result on disk as soon as it is there.

    Oracles come after the others: what those have been held against is what they are held against.
    """
    scores = {}
    turns = sorted(systems, key=lambda system: isinstance(system, Oracle))
    for place, song in enumerate(songs):
        truth = read_truth(song, tuple(song.stems))
        asked: list[Grouping] = []
        for turn, system in enumerate(turns):
            done = (place + turn / len(turns)) / len(songs)
            report(done, f"{song.name}: {system.name}")
            if isinstance(system, Oracle):
                wanted = asked or groupings(truth.stems, truth.stems)
                score = score_oracle(system, truth, wanted, full=options.full)
            else:
                score, wanted = score_separator(system, truth, full=options.full)
                asked += wanted
            scores[song.name, system.name] = score
            if options.output is not None:
                _write(options.output, score)
    return [scores[song.name, system.name] for song in songs for system in systems]


def _write(folder: Path, score: SongScore) -> None:
    """``FOLDER/<system>/<song>.json`` as museval has it."""
    place = folder / safe_name(score.system)
    ensure_writable_folder(place)
    text = json.dumps(as_museval(score), indent=1)
    write_text_atomic(place / f"{safe_name(score.song)}.json", text)


def _systems(options: argparse.Namespace) -> list[Separator | Oracle]:
    systems: list[Separator | Oracle] = [Oracle("MIX")]
    for text in options.estimates:
        name, equals, folder = text.partition("=")
        if not equals:
            raise UserError(f"{text!r} names no folder", "write NAME=FOLDER")
        systems.append(Folder(name, Path(folder)))
    systems += [Model(model, options.separate.split()) for model in options.model]
    return [*systems, *(Oracle(name) for name in options.oracle)]


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stemdesk evaluate", description="Compare systems on songs whose stems are known."
    )
    parser.add_argument("library", type=Path, help="a folder of songs in stems")
    parser.add_argument("--layout", choices=LAYOUTS, help="of the library (default: found out)")
    parser.add_argument("--model", action="append", default=[], help="a model; several times")
    parser.add_argument("--separate", default="", help="further options of `stemdesk separate`")
    parser.add_argument(
        "--estimates", action="append", default=[], metavar="NAME=FOLDER", help="finished stems"
    )
    parser.add_argument("--oracle", action="append", default=[], choices=IDEALS)
    parser.add_argument("--full", action="store_true", help="ISR, SIR and SAR as well: slow")
    parser.add_argument(
        "--stems", type=_names, metavar="A,B,...", help="stems that are shown (default: all)"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="museval's JSON files")
    return parser


if __name__ == "__main__":
    sys.exit(main())
