"""``stemdesk dawproject``: clips of a DAWproject, listed and separated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.cli.parser import FILES, UsageError, count
from stemdesk.cli.plain_text import one_line
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.question import Question
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    import argparse

    from stemdesk.app.daw.clips import SeparatedClips
    from stemdesk.cli.parser import Parser
    from stemdesk.cli.progress import Report
    from stemdesk.daw.dawproject_reading import ProjectClip
    from stemdesk.daw.dawproject_scope import Stretch

EXIT_BROKEN = 3
EPILOG = """\
The stems come on new tracks under the clip's, at the same place, and play what
the clip plays, with its fades, loops and warps, and the fader, pan and sends of
its track. The clip is switched off; a track with nothing else on it is muted.
The project itself is left as it is: what is written is a new one.

examples:
  stemdesk dawproject list song.dawproject
  stemdesk dawproject separate song.dawproject --clip 2
  stemdesk dawproject separate song.dawproject --all-clips --karaoke -o new.dawproject

exit status:
  0    done
  1    refused
  2    the command line was not understood
  3    stems that should sum to their clip do not
  130  stopped
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "dawproject",
        usage="stemdesk dawproject ACTION ...",
        help="separate clips of a DAWproject",
        description="Separate clips of a DAWproject, and put the stems back beside them.",
        epilog=EPILOG,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser(
        "list",
        usage="stemdesk dawproject list [--json] FILE",
        help="show the audio clips and their numbers",
        description="Show the audio clips of a project, where they are and what they play.",
    )
    _add_file(listing)
    listing.add_argument("--json", action="store_true", help="as one JSON object a line")
    listing.set_defaults(run=_list)
    separate = actions.add_parser(
        "separate",
        usage="stemdesk dawproject separate [OPTION ...] --clip NUMBER FILE",
        help="separate clips",
        description="Separate clips, and write the project anew with the stems beside them.",
        epilog=EPILOG,
    )
    _add_file(separate)
    _add_options(separate)
    separate.set_defaults(run=_separate)


def _add_file(parser: argparse.ArgumentParser) -> None:
    file = parser.add_argument("file", type=Path, metavar="FILE", help="a .dawproject")
    file.complete = FILES  # type: ignore[attr-defined]


def _add_options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--clip", action="append", type=int, metavar="NUMBER",
        help="which one, as 'stemdesk dawproject list' shows it; repeatable")  # fmt: skip
    which.add_argument("--all-clips", action="store_true", help="each of them")
    output = parser.add_argument("-o", "--output", type=Path, metavar="FILE",
        help="the new project (default: beside the old, as 'NAME (stems).dawproject')")  # fmt: skip
    output.complete = FILES  # type: ignore[attr-defined]
    parser.add_argument("--overwrite", choices=[policy.value for policy in OverwritePolicy],
        default="ask", help="what to do with a file that exists (default: ask)")  # fmt: skip
    parser.add_argument("--stems", default="", metavar="A,B,...",
        help="only these; 'rest' is what is not named")  # fmt: skip
    parser.add_argument("--karaoke", action="store_true", help="instrumental and vocals")
    parser.add_argument("--model", metavar="ID|DIR", help="see 'stemdesk models'")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto",
        help="where to compute (default: auto, see 'stemdesk devices')")  # fmt: skip
    parser.add_argument("--threads", type=count, metavar="N",
        help="processor threads (default: all physical cores)")  # fmt: skip
    parser.add_argument("--json", action="store_true",
        help="report progress and results as one JSON object a line")  # fmt: skip


def _list(options: argparse.Namespace) -> int:
    from stemdesk.daw.dawproject_reading import DawProject

    project = DawProject(options.file)
    for clip in project.clips:
        print(json.dumps({"event": "clip", **_facts(clip)}) if options.json else _line(clip))
    if not project.clips and not options.json:
        print(f"{options.file} has no audio clips")
    return 0


def _facts(clip: ProjectClip) -> dict[str, Any]:
    return {
        "number": clip.number,
        "track": clip.track,
        "name": clip.name,
        "start_seconds": round(clip.start_seconds, 6),
        "end_seconds": round(clip.end_seconds, 6),
        "enabled": clip.enabled,
        "audio": [_piece(piece) for piece in clip.pieces],
    }


def _piece(piece: Stretch) -> dict[str, Any]:
    return {
        "file": piece.file,
        "external": piece.external,
        "start_seconds": round(piece.start_seconds, 6),
        "end_seconds": round(piece.end_seconds, 6),
        "file_start_seconds": round(piece.file_start_seconds, 6),
        "file_end_seconds": round(piece.file_end_seconds, 6),
        "warped": piece.warped,
        "looped": piece.looped,
    }


def _line(clip: ProjectClip) -> str:
    files = ", ".join(dict.fromkeys(piece.file.rpartition("/")[2] for piece in clip.pieces))
    state = "" if clip.enabled else ", off"
    name = f" {clip.name!r}" if clip.name else ""
    return (
        f"{clip.number:3}  {_clock(clip.start_seconds)} to {_clock(clip.end_seconds)}"
        f"  {clip.track or 'no track'}:{name} plays {files}{state}"
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes}:{rest / 1000:06.3f}"


def _separate(options: argparse.Namespace) -> int:
    """Separate the clips; 0 if the stems sum to what they were made of."""
    from stemdesk.app.daw.clips import ClipRequest, clips_of, default_output, separate_clips
    from stemdesk.app.model import load_model
    from stemdesk.app.targets import Claims
    from stemdesk.daw.dawproject_reading import DawProject

    stems = tuple(name.strip() for name in options.stems.split(",") if name.strip())
    if stems and options.karaoke:
        raise UsageError("--stems and --karaoke exclude each other", "choose one of them")
    project = DawProject(options.file)
    numbers = [clip.number for clip in project.clips] if options.all_clips else options.clip
    clips_of(project, numbers)
    output = options.output or default_output(options.file)
    question = Question(1)
    policy = OverwritePolicy(options.overwrite)
    claims = Claims([options.file], policy, question)
    if policy is not OverwritePolicy.RENAME and claims.is_input(output):
        raise UserError(f"{output} is the project itself", "name another file with --output")

    with run_with_progress(
        as_json=options.json, subject=lambda: {"input": str(options.file)}
    ) as progress:
        question.progress = progress

        def work(report: Report) -> SeparatedClips | None:
            report(0.0, "reading")
            target = claims.claim({"project": output}).write.get("project")
            if target is None:
                return None
            request = ClipRequest(tuple(numbers), target, stems, options.karaoke)
            report(0.0, "loading")
            model = load_model(options.model, device=options.device, threads=options.threads)
            return separate_clips(project, request, model, report)

        came: SeparatedClips | None = progress.run(work)
    _show(came, output, as_json=options.json)
    return EXIT_BROKEN if came is not None and came.broken else 0


def _show(came: SeparatedClips | None, output: Path, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_told(came, output)), flush=True)
    elif came is None:
        print(f"{output}: there already, left as it is")
    else:
        print(came.output)
        clips = "1 clip" if len(came.clips) == 1 else f"{len(came.clips)} clips"
        print(f"  {', '.join(came.stems)} beside {clips}")
        for note in came.notes:
            print(f"  note: {one_line(note)}")
        if came.broken:
            print("  the stems should null with their clip and do not")


def _told(came: SeparatedClips | None, output: Path) -> dict[str, Any]:
    if came is None:
        return {"event": "kept", "file": str(output)}
    return {
        "event": "separated",
        "file": str(came.output),
        "clips": [clip.number for clip in came.clips],
        "stems": came.stems,
        "null_broken": came.broken,
        "notes": came.notes,
    }
