"""``stemdesk remix``: a song's stems through a mix."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.remixing.stems import Models
from stemdesk.app.songs import twins
from stemdesk.app.targets import Claims
from stemdesk.cli.mix_options import (
    STEM_OPTIONS,
    add_mix_options,
    add_model_options,
    check_recipe_path,
    recipe_from,
)
from stemdesk.cli.parser import FILES, FOLDERS
from stemdesk.cli.plain_text import one_line
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.question import Question
from stemdesk.cli.remix_places import FORMATS, songs_in, targets_of
from stemdesk.cli.results import level_json, level_text
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    import argparse

    from stemdesk.app.remixing.remix import Remix, RemixOptions
    from stemdesk.cli.parser import Parser
    from stemdesk.cli.progress import Report
    from stemdesk.mixing.recipe import Recipe

EXIT_REFUSED = 1
EPILOG = f"""\
{STEM_OPTIONS}
A folder is one song's stems if a file in it is named vocals, drums, bass,
other, instrumental or rest, or if all its files are equally long and some are
named after voices or instruments. Any other folder stands for the songs, and
the folders of stems, that lie in it.
Songs that are named alike but for their suffixes keep these in the names of
their remixes and of the folders of their stems.

A mix is as long as its song and what effects sound on after it; --no-tail cuts
that off. No sample is above 0 dBFS; the wave between the samples may be, unless
--loudness and --true-peak are given.

examples:
  stemdesk remix song.flac --vocals -3 --vocals-reverb 0.2 -o mix.wav
  stemdesk remix song.mp3 --vocals off --key -2 -o karaoke.mp3
  stemdesk remix song.wav --set vocals.reverb.decay_seconds=4
  stemdesk remix song.wav --automate 'drums.level_db=off@0,off@0:08,0@0:08'
  stemdesk remix song.wav --vocals -6 --loudness -14 --save-recipe quiet.toml
  stemdesk remix album/ --recipe quiet.toml -o remixes --format flac

exit status:
  0    all songs are remixed, or their remixes were there already
  1    a song, or everything, was refused
  2    the command line was not understood
  130  stopped
"""


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
    add_model_options(parser)
    parser.set_defaults(run=run)


def _add_where(group: argparse._ArgumentGroup) -> None:
    output = group.add_argument("-o", "--output", type=Path, metavar="FILE|DIR",
        help="the mix (.wav .flac .ogg .mp3), or a folder for several"
        " (default: here, as 'SONG (remix).wav')")  # fmt: skip
    output.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--format", choices=FORMATS,
        help="file format where --output names no file (default: wav)")  # fmt: skip
    group.add_argument("--no-tail", action="store_true",
        help="end where the song ends, whatever effects sound on")  # fmt: skip
    group.add_argument("--subtype", choices=("match", "pcm16", "pcm24", "float"), default="match",
        help="sample format (default: match the song)")  # fmt: skip
    stems = group.add_argument("--stems", type=Path, default=Path("separated"), metavar="DIR",
        help="where the songs' stems are or will be (default: separated)")  # fmt: skip
    stems.complete = FOLDERS  # type: ignore[attr-defined]
    group.add_argument("--overwrite", choices=[policy.value for policy in OverwritePolicy],
        default="ask", help="what to do with files that exist (default: ask)")  # fmt: skip
    save = group.add_argument("--save-recipe", type=Path, metavar="FILE",
        help="write these settings as a recipe for other songs (.toml)")  # fmt: skip
    save.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--json", action="store_true",
        help="report progress and results as one JSON object a line")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Remix everything named; 0 only if every song was remixed or was there already."""
    from stemdesk.app.remixing.batch import RemixBatch
    from stemdesk.app.remixing.remix import inputs_of
    from stemdesk.mixing.recipe import save_recipe
    from stemdesk.mixing.settings import changed

    songs = songs_in(options.songs)
    recipe = recipe_from(options, songs)
    if options.no_tail:
        recipe = changed(recipe, tail=False)
    targets = targets_of(songs, options.output, options.format)
    policy = OverwritePolicy(options.overwrite)
    may_replace = policy is OverwritePolicy.YES
    if options.save_recipe:
        remedy = "name another, or use --overwrite yes"
        check_recipe_path(options.save_recipe, replace=may_replace, remedy=remedy)
    question = Question(len(songs))
    claims = Claims(inputs_of(songs), policy, question)
    alike = twins(song for song in songs if not song.is_dir())
    chosen = [
        _chosen(options, target, is_twin=song in alike)
        for song, target in zip(songs, targets, strict=True)
    ]
    models = Models(options.model, options.device, options.threads, options.post)
    batch = RemixBatch(songs, recipe, models)
    done: list[Recipe] = []

    with run_with_progress(as_json=options.json, subject=batch.current) as progress:
        question.progress = progress

        def work(report: Report) -> None:
            report(0.0, "reading")
            batch.plan(chosen, claims)
            for song, came in batch.carry_out(report):
                if not isinstance(came, UserError) and came.recipe is not None:
                    done.append(came.recipe)
                progress.in_front(partial(_show, song, came, as_json=options.json))

        progress.run(work)
    if options.save_recipe and len(batch.refused) < len(songs):
        # That of a song has in it what its plug-ins save, which is the same for all.
        kept = done[0] if done else recipe
        save_recipe(options.save_recipe, kept, replace=may_replace)
    return EXIT_REFUSED if batch.refused else 0


def _chosen(options: argparse.Namespace, target: Path, *, is_twin: bool) -> RemixOptions:
    from stemdesk.app.remixing.remix import RemixOptions

    return RemixOptions(
        output=target,
        subtype=options.subtype,
        stems=options.stems,
        overwrite=OverwritePolicy(options.overwrite),
        is_twin=is_twin,
    )


def _show(song: Path, came: Remix | UserError, *, as_json: bool) -> None:
    if isinstance(came, UserError):
        text = _refusal(song, came, as_json=as_json)
        print(text, file=None if as_json else sys.stderr, flush=True)
    else:
        print(_as_json(came) if as_json else _as_text(came), flush=True)


def _refusal(song: Path, error: UserError, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"event": "error", "song": str(song), "error": str(error)})
    where = "" if str(song) in str(error) else f"{song}: "
    return f"stemdesk: {one_line(f'{where}{error}')}"


def _as_text(remix: Remix) -> str:
    if remix.file is None:
        return f"{one_line(remix.song)}: there already, left as it is"
    facts = (
        f"{level_text(remix.loudness_lufs)} LUFS, true peak {level_text(remix.true_peak_dbtp)} dBTP"
    )
    lines = [one_line(f"{remix.song} -> {remix.file}"), f"  {facts}, in {remix.seconds:.1f} s"]
    return "\n".join([*lines, *(f"  note: {one_line(note)}" for note in remix.notes)])


def _as_json(remix: Remix) -> str:
    return json.dumps(
        {
            "event": "remixed" if remix.file else "kept",
            "song": str(remix.song),
            "file": None if remix.file is None else str(remix.file),
            "stems": {name: str(path) for name, path in remix.stems.items()},
            "loudness_lufs": level_json(remix.loudness_lufs),
            "true_peak_dbtp": level_json(remix.true_peak_dbtp),
            "seconds": round(remix.seconds, 3),
            "notes": remix.notes,
        }
    )
