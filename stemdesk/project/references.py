"""Which files a project needs, and the same project with files that lie elsewhere."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from stemdesk.project.document import MediaRef, Project, Track, changed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MIXTURE = "mixture"
"""The lane, and before the separation the strip, of the song as it was."""


def media_of(project: Project) -> Iterator[tuple[Track, str, MediaRef]]:
    """Every file: its song, its lane (:data:`MIXTURE` or the stem's name), the reference."""
    for track in project.tracks:
        yield track, MIXTURE, track.mixture
        if track.separated is not None:
            for stem, ref in track.separated.stems.items():
                yield track, stem, ref


def is_outside(ref: MediaRef) -> bool:
    """Whether a file is not in the project's folder: its path is absolute, here or elsewhere."""
    return PurePosixPath(ref.path).is_absolute() or PureWindowsPath(ref.path).is_absolute()


def leads_out(ref: MediaRef) -> bool:
    """Whether a reference into the project's folder climbs out of it."""
    return not is_outside(ref) and ".." in PureWindowsPath(ref.path).parts


def with_media(project: Project, places: Mapping[MediaRef, MediaRef]) -> Project:
    """The project with files under other references; itself where none of them is used.

    Args:
        project: before.
        places: old reference -> new.
    """
    tracks = tuple(_placed(track, places) for track in project.tracks)
    same = all(new is old for new, old in zip(tracks, project.tracks, strict=True))
    return project if same else changed(project, tracks=tracks)


def _placed(track: Track, places: Mapping[MediaRef, MediaRef]) -> Track:
    stems = {} if track.separated is None else track.separated.stems
    if not any(ref in places for ref in (track.mixture, *stems.values())):
        return track
    mixture = places.get(track.mixture, track.mixture)
    if track.separated is None:
        return changed(track, mixture=mixture)
    files = {stem: places.get(ref, ref) for stem, ref in stems.items()}
    return changed(track, mixture=mixture, separated=changed(track.separated, stems=files))
