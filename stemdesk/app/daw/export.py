"""The use case: separated songs into sessions of one, several or all formats."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.daw.audio_files import common_form
from stemdesk.app.daw.project_songs import songs_of_project
from stemdesk.app.daw.sessions import build_session
from stemdesk.app.daw.stem_folder import song_of_folder, songs_of_manifest
from stemdesk.app.plan import path_refusal
from stemdesk.audio.tagging import tag_remarks
from stemdesk.daw.distinct_names import distinct_names
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, ensure_writable_folder, require_space
from stemdesk.mixing.stem_names import matching
from stemdesk.project.store import PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stemdesk.app.daw.sessions import SessionOptions
    from stemdesk.app.daw.song import Report, SeparatedSong
    from stemdesk.app.targets import Claims
    from stemdesk.daw.session import Session
    from stemdesk.daw.targets import Target

BUILD_SHARE = 0.5
SPARE_BYTES = 1 << 20


@dataclass(frozen=True)
class Exported:
    """What came of one song in one format.

    Attributes:
        song: its title.
        format: name of the format; empty if the song suits none.
        path: the file or folder; None if nothing was written.
        kept: it was there already, and was left as it is.
        lack: why the song has nothing for this format, though all formats were asked for.
        error: why it was refused.
        notes: what the session lacks of the song, one sentence each.
    """

    song: str
    format: str = ""
    path: Path | None = None
    kept: bool = False
    lack: str = ""
    error: UserError | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SongExport:
    """One song, and where it goes.

    Attributes:
        song: the song.
        places: format -> the file or folder to write.
        kept: format -> what is there already and stays.
    """

    song: SeparatedSong
    places: dict[Target, Path]
    kept: dict[Target, Path]


def separated_songs(path: Path, wanted: str = "") -> tuple[SeparatedSong, ...]:
    """The songs in what the user named.

    Args:
        path: a folder of stems, a manifest of `stemdesk separate`, or a project.
        wanted: title of the one that is meant; empty for all.

    Raises:
        UserError: there is none, or it cannot be read.
    """
    try:
        songs = _songs(path)
    except OSError as error:
        raise path_refusal(path, error) from error
    if not wanted:
        return songs
    title = matching(wanted, [song.title for song in songs])
    if title is None:
        known = ", ".join(song.title for song in songs)
        raise UserError(f"{path} has no separated song {wanted!r}", f"choose from {known}")
    return tuple(song for song in songs if song.title == title)


def _songs(path: Path) -> tuple[SeparatedSong, ...]:
    if path.name == PROJECT_FILE or (path / PROJECT_FILE).is_file():
        return songs_of_project(path)
    if path.is_dir():
        return (song_of_folder(path),)
    if path.suffix.lower() == ".json":
        return songs_of_manifest(path)
    if path.exists():
        raise UserError(f"{path} is no folder of stems", "separate it first, and name its stems")
    raise UserError(f"There is no folder {path}", "name a folder of stems, or a project")


def places_of(
    songs: Sequence[SeparatedSong], targets: Sequence[Target], output: Path | None
) -> list[dict[Target, Path]]:
    """Where each song goes in each format: beside each other in a folder, or as one named file.

    Args:
        songs: all of them.
        targets: the formats.
        output: as asked for, a file for one song in one format, or a folder; None for this one.

    Raises:
        UserError: several files would have one name.
    """
    if output is not None and not output.is_dir():
        suffixes = {target.suffix for target in targets if target.suffix}
        is_file = any(output.name.lower().endswith(suffix) for suffix in suffixes)
        if is_file and len(songs) == len(targets) == 1:
            return [{targets[0]: output}]
        if is_file:
            raise UserError(
                f"{len(songs) * len(targets)} exports cannot all be {output}",
                "name a folder with --output",
            )
    folder = output or Path()
    titles = distinct_names(song.title for song in songs)
    return [{target: folder / (title + target.ending) for target in targets} for title in titles]


def plan_exports(
    songs: Sequence[SeparatedSong],
    places: Sequence[dict[Target, Path]],
    claims: Claims,
    policy: OverwritePolicy,
) -> list[SongExport]:
    """Decide on every file, and ask what has to be asked, before any work is done.

    Raises:
        UserError: what is there may not be replaced, or is what the export is made from.
    """
    plans = []
    for song, wanted in zip(songs, places, strict=True):
        for target, path in wanted.items():
            _check_place(target, path, claims, policy)
        by_name = {target.name: target for target in wanted}
        decided = claims.claim({target.name: path for target, path in wanted.items()})
        plans.append(
            SongExport(
                song,
                {by_name[name]: path for name, path in decided.write.items()},
                {by_name[name]: path for name, path in decided.kept.items()},
            )
        )
    return plans


def _check_place(target: Target, path: Path, claims: Claims, policy: OverwritePolicy) -> None:
    if policy is OverwritePolicy.RENAME:
        return
    if claims.is_input(path):
        raise UserError(f"{path} is what the export is made from", "choose another --output folder")
    if target.is_folder and policy is not OverwritePolicy.SKIP and path.exists():
        # What somebody recorded in the session since may lie in it.
        raise UserError(
            f"{path} is there already, and a session's folder is never replaced",
            "use --overwrite rename or skip, or move it away",
        )


def export_songs(
    plans: Sequence[SongExport], options: SessionOptions, report: Report, *, leave_out: bool
) -> Iterator[Exported]:
    """Write what was planned, yielding what came of each song and format as it is there.

    Args:
        plans: from :func:`plan_exports`.
        options: of the sessions.
        report: told the fraction done and the stage; may raise Cancelled.
        leave_out: formats for which a song has nothing are left out instead of refused.
    """
    for number, plan in enumerate(plans):

        def part(done: float, stage: str, before: int = number) -> None:
            report((before + done) / len(plans), stage)

        for target, path in plan.kept.items():
            yield Exported(plan.song.title, target.name, path, kept=True)
        if plan.places:
            yield from _export(plan, options, part, leave_out=leave_out)


def _export(
    plan: SongExport, options: SessionOptions, report: Report, *, leave_out: bool
) -> Iterator[Exported]:
    song = plan.song
    places, refused = _suitable(plan)
    yield from refused
    if not places:
        return
    with tempfile.TemporaryDirectory(prefix="stemdesk-") as folder:
        try:
            session = build_session(
                song,
                options,
                Path(folder),
                lambda done, stage: report(BUILD_SHARE * done, stage),
            )
        except UserError as error:
            yield Exported(song.title, error=error)
            return
        notes = () if options.with_effects else song.notes
        for number, (target, path) in enumerate(places.items()):
            done = number / len(places)
            report(BUILD_SHARE + (1.0 - BUILD_SHARE) * done, f"writing {target.name}")
            lack = target.lack(session)
            if lack and leave_out:
                yield Exported(song.title, target.name, lack=lack)
                continue
            try:
                gain_db = _write(session, target, path)
            except UserError as error:
                yield Exported(song.title, target.name, error=error)
            except OSError as error:
                yield Exported(song.title, target.name, error=path_refusal(path, error))
            else:
                yield Exported(
                    song.title,
                    target.name,
                    path,
                    notes=(*notes, *_shortened(session, target), *_told(gain_db)),
                )
                notes = ()


def _suitable(plan: SongExport) -> tuple[dict[Target, Path], list[Exported]]:
    """The formats that can hold the song, and what becomes of the others, before any work."""
    song, places, refused = plan.song, {}, []
    try:
        form = common_form([stem.path for stem in song.stems])
    except UserError as error:
        return {}, [Exported(song.title, error=error)]
    for target, path in plan.places.items():
        try:
            target.check_form(song.title, form.sample_rate, form.channels)
        except UserError as error:
            refused.append(Exported(song.title, target.name, error=error))
        else:
            places[target] = path
    return places, refused


def _told(gain_db: float) -> tuple[str, ...]:
    if gain_db == 0.0:
        return ()
    return (f"all audio in it is {-gain_db:.1f} dB softer, for as integers it would clip",)


def _shortened(session: Session, target: Target) -> list[str]:
    tags = {**session.tags, "title": session.title, "artist": session.artist}
    return tag_remarks(tags, target.tag_format) if target.tag_format else []


def _write(session: Session, target: Target, path: Path) -> float:
    ensure_writable_folder(path.parent)
    if target.has_audio:
        audio_bytes = sum(track.path.stat().st_size for track in session.tracks)
        require_space(path.parent, audio_bytes + SPARE_BYTES)
    return target.write(session, path)
