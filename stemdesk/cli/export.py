"""``stemdesk export``: separated songs into sessions of DAWs."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.cli.parser import FILES, seconds
from stemdesk.cli.plain_text import one_line
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.question import Question
from stemdesk.daw.targets import ALL, TARGETS
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from stemdesk.app.daw.export import Exported
    from stemdesk.app.daw.song import SeparatedSong
    from stemdesk.cli.parser import Parser
    from stemdesk.cli.progress import Report

EXIT_REFUSED = 1
_FORMATS = "\n".join(f"  {name:<15} {target.summary}" for name, target in TARGETS.items())
EPILOG = f"""\
formats:
{_FORMATS}
  {ALL:<15} each of them, but those for which the song has nothing

A PLACE is a folder of stems as 'stemdesk separate' leaves it, a manifest of
it, or a StemDesk project, whose levels, pan, mute, markers and tempo go along.
With every fader where it is, the session plays the sum of the stems. Audio is
copied, so that what is written can be moved as a whole.

examples:
  stemdesk export separated/song --to dawproject
  stemdesk export separated/song --to ardour --to reaper -o sessions
  stemdesk export separated/song --to all --bpm 97.3 --first-beat 0.35
  stemdesk export Album.stemdesk --to aaf --song "First Light"
  stemdesk export separated/song --to dawproject --tempo-map song.mid

exit status:
  0    everything is written, or was there already
  1    a format, a song, or everything, was refused
  2    the command line was not understood
  130  stopped
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export",
        usage="stemdesk export [OPTION ...] --to FORMAT PLACE",
        help="write separated songs as sessions of DAWs",
        description="Write a separated song as a session of a DAW: named, coloured, in its place.",
        epilog=EPILOG,
    )
    place = parser.add_argument("place", type=Path, metavar="PLACE",
        help="a folder of stems, a manifest, or a project")  # fmt: skip
    place.complete = FILES  # type: ignore[attr-defined]
    parser.add_argument("--to", action="append", required=True, choices=(*TARGETS, ALL),
        metavar="FORMAT", help="see below; repeatable")  # fmt: skip
    _add_where(parser.add_argument_group("where to"))
    _add_what(parser.add_argument_group("what to write"))
    _add_tempo(parser.add_argument_group("tempo and markers"))
    parser.set_defaults(run=run)


def _add_where(group: argparse._ArgumentGroup) -> None:
    output = group.add_argument("-o", "--output", type=Path, metavar="FILE|DIR",
        help="the file, or a folder for several (default: here, named like the song)")  # fmt: skip
    output.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--overwrite", choices=[policy.value for policy in OverwritePolicy],
        default="ask", help="what to do with files that exist (default: ask);"
        " folders of sessions are never replaced")  # fmt: skip
    group.add_argument("--json", action="store_true",
        help="report progress and results as one JSON object a line")  # fmt: skip


def _add_what(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--song", default="", metavar="TITLE",
        help="only this song of a project or manifest")  # fmt: skip
    group.add_argument("--origin", type=seconds, default=0.0, metavar="SECONDS",
        help="where the song begins on the DAW's timeline (default: 0)")  # fmt: skip
    group.add_argument("--with-effects", action="store_true",
        help="the stems of a project as they sound through effects, regions, automation,"
        " faders and pan")  # fmt: skip


def _add_tempo(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--bpm", metavar="NUMBER|auto",
        help="tempo of the song, or auto to listen for it (default: the project's)")  # fmt: skip
    group.add_argument("--first-beat", type=seconds, metavar="SECONDS",
        help="where in the song a bar begins (default: 0)")  # fmt: skip
    group.add_argument("--metre", metavar="N/D", help="such as 3/4 (default: 4/4)")
    tempo_map = group.add_argument("--tempo-map", type=Path, metavar="FILE.mid",
        help="tempo, metre and markers as a DAW exports them, from its second 0 on")  # fmt: skip
    tempo_map.complete = FILES  # type: ignore[attr-defined]
    markers = group.add_argument("--markers", type=Path, metavar="FILE",
        help="markers of the song, as labels of Audacity")  # fmt: skip
    markers.complete = FILES  # type: ignore[attr-defined]


def run(options: argparse.Namespace) -> int:
    """Export what is named; 0 only if every format was written or was there already."""
    from stemdesk.app.daw.export import export_songs, places_of, plan_exports, separated_songs
    from stemdesk.app.targets import Claims
    from stemdesk.cli.session_options import session_options
    from stemdesk.daw.targets import chosen_targets

    chosen = session_options(options)
    targets = chosen_targets(options.to)
    songs = separated_songs(options.place, options.song)
    places = places_of(songs, targets, options.output)
    policy = OverwritePolicy(options.overwrite)
    question = Question(len(songs))
    claims = Claims(_inputs(options, songs), policy, question)
    refused: list[Exported] = []
    written = 0

    with run_with_progress(as_json=options.json, subject=partial(_subject, options)) as progress:
        question.progress = progress

        def work(report: Report) -> None:
            nonlocal written
            report(0.0, "reading")
            plans = plan_exports(songs, places, claims, policy)
            for came in export_songs(plans, chosen, report, leave_out=ALL in options.to):
                if came.error is not None:
                    refused.append(came)
                written += came.path is not None
                progress.in_front(partial(_show, came, as_json=options.json))

        progress.run(work)
    return EXIT_REFUSED if refused or not written else 0


def _inputs(options: argparse.Namespace, songs: Sequence[SeparatedSong]) -> list[Path]:
    named = [options.place, options.tempo_map, options.markers]
    files = [path for path in named if path is not None]
    return [*files, *(stem.path for song in songs for stem in song.stems)]


def _subject(options: argparse.Namespace) -> dict[str, str]:
    return {"input": str(options.place)}


def _show(came: Exported, *, as_json: bool) -> None:
    if as_json:
        print(_as_json(came), flush=True)
    elif came.error is not None:
        where = f"{came.format}: " if came.format else ""
        print(f"stemdesk: {where}{one_line(came.error)}", file=sys.stderr, flush=True)
    else:
        print(_as_text(came), flush=True)


def _as_text(came: Exported) -> str:
    if came.lack:
        return f"{came.format}: left out, {came.lack}"
    if came.kept:
        return f"{one_line(came.path)}: there already, left as it is"
    notes = [f"  note: {one_line(note)}" for note in came.notes]
    return "\n".join([f"{came.format}: {one_line(came.path)}", *notes])


def _as_json(came: Exported) -> str:
    told = {"song": came.song, "format": came.format or None}
    if came.error is not None:
        return json.dumps({"event": "error", **told, "error": str(came.error)})
    if came.lack:
        return json.dumps({"event": "left out", **told, "reason": came.lack})
    kind = "kept" if came.kept else "exported"
    return json.dumps({"event": kind, **told, "file": str(came.path), "notes": came.notes})
