"""What lies in a DAWproject: every clip with audio, where it plays, and what of which file.

Time in a DAWproject is relative: a clip lies on its parent's timeline in that timeline's unit, and
shows a stretch of its own content, which may count in another unit, hold further clips, or be
warped. Here everything is told in seconds of the arrangement and of the audio file.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from stemdesk.daw.dawproject_scope import Scope, Stretch, Visits
from stemdesk.daw.dawproject_time import BEATS, project_clock
from stemdesk.errors import UserError
from stemdesk.files import safe_name
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.xml_document import read_xml
from stemdesk.parsing.zip_archive import extract_entry, is_inside, opened_zip, shortened

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Iterator

PROJECT = "project.xml"
_REMEDY = "save it again from the DAW"


@dataclass(frozen=True)
class ProjectClip:
    """A clip on a track of the arrangement, with some audio in it.

    Attributes:
        number: from 1, in the order of the tracks.
        track: name of its track.
        track_id: of that track.
        name: its own; empty if it has none.
        start_seconds: on the arrangement's timeline.
        end_seconds: likewise.
        enabled: whether it sounds.
        unit: `beats` or `seconds`, in which it says where it is.
        pieces: what of which audio files plays in it.
        element: of the document.
    """

    number: int
    track: str
    track_id: str
    name: str
    start_seconds: float
    end_seconds: float
    enabled: bool
    unit: str
    pieces: tuple[Stretch, ...]
    element: ET.Element = field(repr=False, compare=False)


class DawProject:
    """A DAWproject that was read.

    Args:
        path: the file.

    Attributes:
        path: the file.
        root: of `project.xml`.
        clips: those of the arrangement that hold audio. What lies in the clip launcher has no
            place in time, and is left out.

    Raises:
        UserError: the file cannot be read, or is no DAWproject.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = _document(path)
        try:
            self.clips = tuple(_clips(self.root))
        except (ValueError, RecursionError, ArithmeticError) as error:
            raise UserError(f"{path} is damaged ({error})", _REMEDY) from error

    def extract(self, piece: Stretch, folder: Path) -> Path:
        """The audio file of a piece: a copy from the project, or the file itself if it is outside.

        Args:
            piece: of one of the clips.
            folder: where a copy goes.

        Raises:
            UserError: it is not there.
        """
        if piece.external:
            outside = self.path.parent / _own_path(piece.file)
            if not _is_file(outside):
                raise UserError(
                    f"The audio {shortened(piece.file)} of {self.path} is missing",
                    "bring it back to that place",
                )
            return outside
        target = folder / safe_name(PurePosixPath(piece.file.replace("\\", "/")).name)
        try:
            with opened_zip(self.path) as archive:
                if is_inside(piece.file) and piece.file not in archive.namelist():
                    raise UserError(
                        f"The audio {shortened(piece.file)} is not in {self.path}", _REMEDY
                    )
                extract_entry(archive, piece.file, target)
        except OSError as error:
            raise _not_given(self.path, error) from error
        except Unreadable as error:
            raise UserError(
                f"The audio {shortened(piece.file)} of {self.path} cannot be read ({error})",
                _REMEDY,
            ) from error
        return target


def _own_path(name: str) -> Path:
    """A path that may be Windows' in the words of this system."""
    is_windows = "\\" in name and "/" not in name
    return Path(*PureWindowsPath(name).parts) if is_windows else Path(name)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def _document(path: Path) -> ET.Element:
    try:
        with opened_zip(path) as archive:
            if PROJECT not in archive.namelist():
                raise _no_project(path)
            with archive.open(PROJECT) as source:
                root = read_xml(source)
    except OSError as error:
        raise _not_given(path, error) from error
    except Unreadable as error:
        if not zipfile.is_zipfile(path):
            raise _no_project(path) from error
        raise UserError(f"{path} is damaged ({error})", _REMEDY) from error
    if root.tag != "Project":
        raise _no_project(path)
    return root


def _no_project(path: Path) -> UserError:
    return UserError(f"{path} is no DAWproject", "name a file that a DAW saved as one")


def _not_given(path: Path, error: OSError) -> UserError:
    reason = error.strerror or str(error)
    return UserError(f"{path} cannot be read ({reason})", "check the name")


def _clips(root: ET.Element) -> Iterator[ProjectClip]:
    lanes = root.find("Arrangement/Lanes")
    if lanes is None:
        return
    names = {track.get("id", ""): track.get("name", "") for track in root.iter("Track")}
    timelines = {each.get("id", ""): each for each in root.iter() if each.get("id")}
    clock = project_clock(root)
    number = 0
    visits = Visits()
    for track_id, unit, element in _placed(lanes, "", BEATS):
        inside = Scope.of_arrangement(clock, unit).clip(element)
        pieces = tuple(inside.stretches(element, timelines, visits))
        if pieces:
            number += 1
            yield ProjectClip(
                number,
                names.get(track_id, ""),
                track_id,
                element.get("name", ""),
                inside.first_seconds,
                inside.end_seconds,
                element.get("enable", "true") in ("true", "1"),
                unit,
                pieces,
                element,
            )


def _placed(
    timeline: ET.Element, track_id: str, unit: str
) -> Iterator[tuple[str, str, ET.Element]]:
    """Every outermost clip below a timeline, with its track and the unit of its place."""
    track_id, unit = timeline.get("track", track_id), timeline.get("timeUnit", unit)
    for element in timeline:
        if element.tag == "Clip":
            yield track_id, unit, element
        elif element.tag in ("Lanes", "Clips"):
            yield from _placed(element, track_id, unit)
