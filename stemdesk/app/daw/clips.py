"""The use case: clips of a DAWproject separated, and their stems put back beside them."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from stemdesk.app.options import SeparateOptions
from stemdesk.app.separate import separate_song
from stemdesk.audio.reading import open_audio
from stemdesk.daw.dawproject_stem_tracks import ClipStem
from stemdesk.daw.dawproject_stems import write_with_stems
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, ensure_writable_folder, safe_name
from stemdesk.stem_colours import stem_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.app.model import LoadedModel
    from stemdesk.app.options import Report, Separation
    from stemdesk.daw.dawproject_reading import DawProject, ProjectClip
    from stemdesk.daw.dawproject_scope import Stretch

SEPARATE_SHARE = 0.97
ENDING = " (stems).dawproject"
_LOSSY_NOTE = "Programs differ in where a lossy file begins: listen whether the stems of {} fit."


@dataclass(frozen=True)
class ClipRequest:
    """What is to be separated.

    Attributes:
        numbers: of the clips, as :class:`stemdesk.daw.dawproject_reading.ProjectClip` has them.
        output: the project to come.
        stems: names to deliver, all when empty.
        karaoke: deliver vocals and instrumental instead.
    """

    numbers: tuple[int, ...]
    output: Path
    stems: tuple[str, ...] = ()
    karaoke: bool = False


@dataclass(frozen=True)
class SeparatedClips:
    """What came of it.

    Attributes:
        output: the new project.
        clips: that were separated.
        stems: names of the new tracks' stems.
        broken: whether some stems have to null with their file and do not.
        notes: what went otherwise than asked, one sentence each.
    """

    output: Path
    clips: tuple[ProjectClip, ...]
    stems: tuple[str, ...]
    broken: bool
    notes: tuple[str, ...]


def default_output(project: Path) -> Path:
    """Where the project with stems goes if nobody says."""
    return project.with_name(project.stem + ENDING)


def clips_of(project: DawProject, numbers: Sequence[int]) -> tuple[ProjectClip, ...]:
    """The clips of some numbers, each once.

    Raises:
        UserError: the project has no audio clips, or none of a number.
    """
    known = {clip.number: clip for clip in project.clips}
    if not known:
        raise UserError(f"{project.path} has no audio clips", "name another project")
    for number in numbers:
        if number not in known:
            raise UserError(
                f"{project.path} has no clip {number}",
                f"choose from 1 to {len(known)}, as 'stemdesk dawproject list' shows them",
            )
    return tuple(known[number] for number in sorted(set(numbers)))


def separate_clips(
    project: DawProject, request: ClipRequest, model: LoadedModel, report: Report
) -> SeparatedClips:
    """Separate the files that clips play, and write the project anew with their stems.

    Every file is separated once, whole: the edges of a stem's clip can be dragged as far as those
    of the clip it came from.

    Args:
        project: left as it is.
        request: what and where to.
        model: to separate with.
        report: told the fraction done and the stage; may raise Cancelled.

    Raises:
        UserError: a clip or its audio is not there, or the project cannot be written.
    """
    clips = clips_of(project, request.numbers)
    pieces = {piece.file: piece for clip in clips for piece in clip.pieces}
    ensure_writable_folder(request.output.parent)
    results: dict[str, Separation] = {}
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="stemdesk-") as place:
        for number, piece in enumerate(pieces.values()):

            def part(done: float, stage: str, before: int = number) -> None:
                report(SEPARATE_SHARE * (before + done) / len(pieces), stage)

            folder = Path(place) / str(number)
            folder.mkdir()
            song = _song(project, piece, folder)
            results[piece.file] = separate_song(
                song, _options(request, folder / "stems"), model, part, _never
            )
            notes += _notes(song, piece, results[piece.file])
        report(SEPARATE_SHARE, "writing")
        names = tuple(next(iter(results.values())).files)
        stems = [
            ClipStem(
                name,
                stem_colour(name),
                {file: result.files[name] for file, result in results.items()},
            )
            for name in names
        ]
        notes += write_with_stems(project, clips, stems, request.output)
    broken = any(result.broken for result in results.values())
    return SeparatedClips(request.output, clips, names, broken, tuple(notes))


def _song(project: DawProject, piece: Stretch, folder: Path) -> Path:
    """The piece's file under its own name."""
    path = project.extract(piece, folder)
    if path.parent != folder:
        return path
    name = PurePosixPath(piece.file.replace("\\", "/"))
    named = folder / (safe_name(name.stem) + name.suffix)
    if named != path:
        shutil.move(path, named)
    return named


def _options(request: ClipRequest, output: Path) -> SeparateOptions:
    return SeparateOptions(
        output=output,
        stems=request.stems,
        karaoke=request.karaoke,
        name="{stem}",
        overwrite=OverwritePolicy.YES,
        resume=False,
    )


def _notes(song: Path, piece: Stretch, result: Separation) -> list[str]:
    with open_audio(song) as reader:
        is_lossy = reader.info.lossy
    notes = list(result.notes)
    if is_lossy:
        notes.append(_LOSSY_NOTE.format(piece.file))
    return notes


def _never(path: Path) -> bool:
    """Nothing is asked in a folder of our own."""
    raise AssertionError(path)
