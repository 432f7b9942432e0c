"""``stemdesk separate``: songs in, stems out."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.batch import Batch, plan_batch, run_batch
from stemdesk.app.manifest import check_manifest, write_manifest
from stemdesk.app.model import load_card, load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.app.oracle import open_oracle, oracle_names
from stemdesk.app.plan import check_options
from stemdesk.app.songs import find_songs
from stemdesk.app.targets import Claims
from stemdesk.cli.parser import FILES, FOLDERS, UsageError, add_post, count, seconds, usage
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.question import Question
from stemdesk.cli.results import show_json, show_text
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.model import LoadedModel

EPILOG = """\
examples:
  stemdesk separate song.flac                      vocals, drums, bass and other
  stemdesk separate --karaoke song.mp3             instrumental and vocals
  stemdesk separate --stems drums,rest -o out *.wav
  stemdesk separate album/ --format flac --name "{artist}/{title} - {stem}"

Songs in sub-folders of a FOLDER get the same sub-folders below --output.

exit status:
  0    all songs are separated, or their stems were there already
  1    a song, or everything, was refused
  2    the command line was not understood
  3    files that should sum to their song do not
  130  stopped
"""
EXIT_REFUSED = 1
EXIT_BROKEN = 3
TOKENS = "{file} {title} {artist} {album} {stem} {model}"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "separate",
        usage="stemdesk separate [OPTION ...] FILE|FOLDER ...",
        help="take songs apart into stems",
        description="Take songs apart into stems whose sum is the song, sample for sample.",
        epilog=EPILOG,
    )
    songs = parser.add_argument("inputs", nargs="+", type=Path, metavar="FILE|FOLDER",
        help="songs, or folders of songs; write ./-name where a name begins with -")  # fmt: skip
    songs.complete = FILES  # type: ignore[attr-defined]
    _add_what(parser.add_argument_group("what to deliver"))
    _add_where(parser.add_argument_group("where to"))
    _add_how(parser.add_argument_group("how"))
    parser.set_defaults(run=run)


def _add_what(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--stems", default="", metavar="A,B,...",
        help="only these; 'rest' is what is not named, 'instrumental' all but vocals")  # fmt: skip
    group.add_argument("--karaoke", action="store_true", help="deliver instrumental and vocals")
    group.add_argument("--format", choices=("wav", "flac", "ogg", "mp3"), default="wav",
        help="file format (default: wav)")  # fmt: skip
    group.add_argument("--subtype", choices=("match", "pcm16", "pcm24", "float"), default="match",
        help="sample format (default: match the source, float if a stem would clip)")  # fmt: skip
    group.add_argument("--start", type=seconds, default=0.0, metavar="SECONDS",
        help="begin here (seconds, or minutes:seconds)")  # fmt: skip
    group.add_argument("--duration", type=seconds, metavar="SECONDS", help="separate this much")


def _add_where(group: argparse._ArgumentGroup) -> None:
    output = group.add_argument("-o", "--output", type=Path, default=Path("separated"),
        metavar="DIR", help="folder for the stems (default: separated)")  # fmt: skip
    output.complete = FOLDERS  # type: ignore[attr-defined]
    group.add_argument("--name", default="{file}/{stem}", metavar="TEMPLATE",
        help=f"names of the files, from {TOKENS} (default: %(default)s)")  # fmt: skip
    group.add_argument("--overwrite", choices=[policy.value for policy in OverwritePolicy],
        default="ask", help="what to do with files that exist (default: ask)")  # fmt: skip
    manifest = group.add_argument("--manifest", type=Path, metavar="FILE",
        help="write what was done as JSON")  # fmt: skip
    manifest.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--json", action="store_true",
        help="report progress and results as one JSON object a line")  # fmt: skip


def _add_how(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--model", metavar="ID|DIR", help="see 'stemdesk models' and --truth")
    truth = group.add_argument("--truth", type=Path, metavar="DIR",
        help="the song's true stems, a file each: for what masks can do at best, with --model"
        " IBM1, IRM1, IRM2 or MWF, and at least, with MIX")  # fmt: skip
    truth.complete = FOLDERS  # type: ignore[attr-defined]
    group.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto",
        help="where to compute (default: auto, see 'stemdesk devices')")  # fmt: skip
    group.add_argument("--threads", type=count, metavar="N",
        help="processor threads (default: all physical cores)")  # fmt: skip
    group.add_argument("--adapt", action="store_true",
        help="let the model learn from the song first, for a minute or so: it then finds more"
        " of what it finds, though it may err more where it errs")  # fmt: skip
    add_post(group)
    group.add_argument("--alpha", type=_share, metavar="SHARE",
        help="score from which a bin is a stem's, for models with such a threshold: "
        "higher for less bleed, lower for fewer artefacts")  # fmt: skip
    group.add_argument("--reconstruction", choices=("null", "paper"), default="null",
        help="null: stems that sum to the song; paper: as the model's paper has them, where "
        "nothing takes what they leave over (default: null)")  # fmt: skip
    group.add_argument("--accept-incomplete", action="store_true",
        help="separate what is there of songs that are cut short or damaged")  # fmt: skip
    group.add_argument("--resume", action=argparse.BooleanOptionalAction, default=True,
        help="go on where a stopped run left off (default: yes)")  # fmt: skip


def _share(text: str) -> float:
    """A number between 0 and 1, neither of them."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1")
    return number


def run(options: argparse.Namespace) -> int:
    """Separate everything named; 0 only if every song was separated or was there already."""
    chosen = _options(options)
    songs = find_songs(options.inputs, options.output)
    _check_oracle(options, len(songs))
    question = Question(len(songs))
    claims = Claims([song.path for song in songs], chosen.overwrite, question)
    batch = Batch(songs, claims)
    if options.manifest:
        check_manifest(options.manifest, batch, chosen.overwrite)

    with run_with_progress(
        as_json=options.json, stopped=_stopped(options, batch), subject=batch.current
    ) as progress:
        question.progress = progress
        progress.run(lambda report: _work(options, chosen, batch, report, progress.in_front))
    return _status(batch)


def _work(
    options: argparse.Namespace,
    chosen: SeparateOptions,
    batch: Batch,
    report: Callable[[float, str], None],
    in_front: Callable[[Callable[[], object]], object],
) -> None:
    report(0.0, "loading")
    with ExitStack() as held:
        oracle = None
        if options.truth is not None:
            song = batch.songs[0].path
            oracle = held.enter_context(
                open_oracle(options.model, options.truth, song, chosen, options.reconstruction)
            )
        _separate(options, chosen, batch, report, in_front, oracle)


def _separate(
    options: argparse.Namespace,
    chosen: SeparateOptions,
    batch: Batch,
    report: Callable[[float, str], None],
    in_front: Callable[[Callable[[], object]], object],
    oracle: LoadedModel | None,
) -> None:
    card = oracle.card if oracle is not None else load_card(options.model)
    with usage():
        check_options(chosen, card)
    plan_batch(batch, chosen, card, report)
    if options.manifest:
        check_manifest(options.manifest, batch, chosen.overwrite)
    model = oracle
    if oracle is None and batch.has_work:
        report(0.0, "loading")
        model = load_model(
            options.model,
            device=options.device,
            threads=options.threads,
            post=options.post,
            reconstruction=options.reconstruction,
            alpha=options.alpha,
        )
    show = show_json if options.json else show_text
    manifest_error = None
    for outcome in run_batch(batch, chosen, card, model, report):
        if options.manifest:
            manifest_error = _write_manifest(options.manifest, batch)
        in_front(partial(show, outcome))
    if manifest_error is not None:
        raise manifest_error


def _check_oracle(options: argparse.Namespace, songs: int) -> None:
    oracles = oracle_names()
    if options.truth is None:
        if options.model in oracles:
            raise UsageError(
                f"{options.model} is made from the true stems", "name their folder with --truth"
            )
        return
    if options.model not in oracles:
        raise UsageError(
            "--truth is for masks made from it", f"choose one as --model: {', '.join(oracles)}"
        )
    if songs != 1:
        raise UsageError("True stems are those of one song", "name one song")
    if options.post or options.alpha is not None or options.adapt:
        raise UsageError("--post, --alpha and --adapt are for models", "leave them out")


def _write_manifest(path: Path, batch: Batch) -> UserError | None:
    """A manifest that cannot be written now must not cost the songs that are to come."""
    try:
        write_manifest(path, batch)
    except UserError as error:
        return error
    return None


def _status(batch: Batch) -> int:
    if any(outcome.error for outcome in batch.outcomes):
        return EXIT_REFUSED
    broken = any(outcome.result and outcome.result.broken for outcome in batch.outcomes)
    return EXIT_BROKEN if broken else 0


def _stopped(options: argparse.Namespace, batch: Batch) -> str:
    if not options.resume:
        return "Stopped."
    skip = " with --overwrite skip" if len(batch.songs) > 1 else ""
    return f"Stopped. The same command{skip} goes on from here."


def _options(options: argparse.Namespace) -> SeparateOptions:
    stems = tuple(name.strip() for name in options.stems.split(",") if name.strip())
    if stems and options.karaoke:
        raise UsageError("--stems and --karaoke exclude each other", "choose one of them")
    if options.adapt and options.reconstruction == "paper":
        raise UsageError("A model learns stems that sum to the song", "leave --adapt or paper out")
    return SeparateOptions(
        output=options.output,
        stems=stems,
        karaoke=options.karaoke,
        format=options.format,
        subtype=options.subtype,
        start_seconds=options.start,
        duration_seconds=options.duration,
        name=options.name,
        overwrite=OverwritePolicy(options.overwrite),
        resume=options.resume,
        adapt=options.adapt,
        accept_incomplete=options.accept_incomplete,
    )
