"""``stemdesk remix``: a song's stems through a mix."""

from __future__ import annotations

import json
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.songs import AUDIO_SUFFIXES
from stemdesk.app.stems import Models
from stemdesk.cli.mix_options import EPILOG, add_mix_options, check_recipe_path, recipe_from
from stemdesk.cli.parser import FILES, FOLDERS, count
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.question import Question
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from stemdesk.app.remix import Remix
    from stemdesk.cli.parser import Parser

EXIT_REFUSED = 1
REMIX = " (remix)"


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "remix",
        usage="stemdesk remix [OPTION ...] SONG ...",
        help="change levels and effects of a song's stems",
        description="Mix a song anew from its stems; separate it first where that is needed.",
        epilog=EPILOG,
    )
    songs = parser.add_argument("songs", nargs="+", type=Path, metavar="SONG",
        help="a song, a folder of stems, or a folder of songs")  # fmt: skip
    songs.complete = FILES  # type: ignore[attr-defined]
    add_mix_options(parser)
    _add_where(parser.add_argument_group("where to"))
    how = parser.add_argument_group("how")
    how.add_argument("--model", metavar="ID|DIR", help="see 'stemdesk models'")
    how.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto",
        help="where to separate (default: auto)")  # fmt: skip
    how.add_argument("--threads", type=count, metavar="N", help="processor threads")
    parser.set_defaults(run=run)


def _add_where(group: argparse._ArgumentGroup) -> None:
    output = group.add_argument("-o", "--output", type=Path, metavar="FILE|DIR",
        help="the mix (.wav .flac .ogg .mp3), or a folder for several"
        " (default: SONG (remix).wav here)")  # fmt: skip
    output.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--subtype", choices=("match", "pcm16", "pcm24", "float"), default="match",
        help="sample format (default: match the song)")  # fmt: skip
    stems = group.add_argument("--stems", type=Path, default=Path("separated"), metavar="DIR",
        help="where the songs' stems are or will be (default: separated)")  # fmt: skip
    stems.complete = FOLDERS  # type: ignore[attr-defined]
    group.add_argument("--overwrite", choices=[policy.value for policy in OverwritePolicy],
        default="ask", help="what to do with files that exist (default: ask)")  # fmt: skip
    save = group.add_argument("--save-recipe", type=Path, metavar="FILE",
        help="write these settings as a recipe for other songs")  # fmt: skip
    save.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--json", action="store_true",
        help="report progress and results as one JSON object a line")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Remix everything named; 0 only if every song was remixed or was there already."""
    from stemdesk.app.remix import RemixOptions, remix_song
    from stemdesk.mixing.recipe import save_recipe

    songs = _songs(options.songs)
    recipe = recipe_from(options)
    targets = _targets(songs, options.output)
    if options.save_recipe:
        may_replace = OverwritePolicy(options.overwrite) is OverwritePolicy.YES
        check_recipe_path(options.save_recipe, replace=may_replace)
    models = Models(options.model, options.device, options.threads)
    question = Question(len(songs))
    refused: list[Path] = []

    def one(number: int, report: Callable[[float, str], None]) -> str:
        chosen = RemixOptions(
            output=targets[number],
            subtype=options.subtype,
            stems=options.stems,
            overwrite=OverwritePolicy(options.overwrite),
        )
        try:
            result = remix_song(songs[number], recipe, chosen, models, report, question)
        except UserError as error:
            if len(songs) == 1:
                raise
            refused.append(songs[number])
            return _refusal(songs[number], error, as_json=options.json)
        return _as_json(result) if options.json else _as_text(result)

    with run_with_progress(as_json=options.json) as progress:
        question.progress = progress

        def work(report: Callable[[float, str], None]) -> None:
            for number in range(len(songs)):
                text = one(number, partial(_part, report, number, len(songs)))
                progress.in_front(partial(print, text, flush=True))

        progress.run(work)
    if options.save_recipe and len(refused) < len(songs):
        save_recipe(options.save_recipe, recipe)
    return EXIT_REFUSED if refused else 0


def _part(
    report: Callable[[float, str], None], number: int, songs: int, done: float, stage: str
) -> None:
    """One song's progress as a part of all."""
    report((number + done) / songs, stage)


def _refusal(song: Path, error: UserError, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"event": "error", "song": str(song), "error": str(error)})
    return f"stemdesk: {song}: {error}"


def _songs(named: list[Path]) -> list[Path]:
    """Songs and folders of stems; a folder that holds songs stands for each of them.

    A folder is one of stems if a file in it is named vocals, drums, bass, other, instrumental or
    rest.
    """
    songs: list[Path] = []
    for path in named:
        if not path.is_dir() or _holds_stems(path):
            songs.append(path)
            continue
        found = sorted(
            each
            for each in path.iterdir()
            if (each.suffix.lower() in AUDIO_SUFFIXES and not _is_own(each))
            or (each.is_dir() and _holds_stems(each))
        )
        if not found:
            raise UserError(f"The folder {path} holds no songs", "name another folder")
        songs += found
    return songs


def _is_own(path: Path) -> bool:
    """Hidden, or a remix of an earlier run."""
    return path.name.startswith(".") or path.stem.endswith(REMIX)


def _holds_stems(folder: Path) -> bool:
    names = {each.stem for each in folder.iterdir() if each.suffix.lower() in AUDIO_SUFFIXES}
    return bool(names & {"vocals", "drums", "bass", "other", "instrumental", "rest"})


def _targets(songs: list[Path], output: Path | None) -> list[Path]:
    known = {".wav", ".flac", ".ogg", ".mp3"}
    is_folder = output is None or output.is_dir() or not output.suffix
    if output is not None and not is_folder and (len(songs) == 1 or output.suffix.lower() in known):
        if len(songs) > 1:
            raise UserError(
                f"{len(songs)} remixes cannot all be {output}", "name a folder with --output"
            )
        return [output]
    folder = output or Path()
    if output is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"The folder {folder} cannot be made ({error.strerror})", "name another --output"
            ) from error
    targets = [folder / f"{_title(song)}{REMIX}.wav" for song in songs]
    for target in targets:
        if targets.count(target) > 1:
            raise UserError(f"Two remixes would be {target}", "remix them one by one with --output")
    return targets


def _title(song: Path) -> str:
    return song.resolve().name if song.is_dir() else song.stem


def _as_text(remix: Remix) -> str:
    if remix.file is None:
        return f"{remix.song}: there already, left as it is"
    facts = f"{_level(remix.loudness_lufs)} LUFS, true peak {_level(remix.true_peak_dbtp)} dBTP"
    lines = [f"{remix.song} -> {remix.file}", f"  {facts}, {remix.seconds:.1f} s"]
    return "\n".join([*lines, *(f"  note: {note}" for note in remix.notes)])


def _as_json(remix: Remix) -> str:
    return json.dumps(
        {
            "event": "remixed" if remix.file else "kept",
            "song": str(remix.song),
            "file": None if remix.file is None else str(remix.file),
            "stems": {name: str(path) for name, path in remix.stems.items()},
            "loudness_lufs": _finite(remix.loudness_lufs),
            "true_peak_dbtp": _finite(remix.true_peak_dbtp),
            "seconds": round(remix.seconds, 3),
            "notes": remix.notes,
        }
    )


def _level(level: float) -> str:
    return "-inf" if level == -math.inf else f"{level:.1f}"


def _finite(level: float) -> float | None:
    return round(level, 3) if math.isfinite(level) else None
