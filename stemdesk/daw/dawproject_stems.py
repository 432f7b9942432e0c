"""Stems put back beside the clips of a DAWproject that they were separated from.

A stem is as long as the file it came from. So a copy of the clip that plays the stem instead plays
the same stretch of it at the same place, with the same fades, loops and warps.
"""

from __future__ import annotations

import itertools
import os
import shutil
import zipfile
from typing import TYPE_CHECKING

from stemdesk.daw.dawproject_reading import PROJECT
from stemdesk.daw.dawproject_stem_tracks import DocumentWithStems
from stemdesk.daw.xml_text import xml_text
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.zip_archive import opened_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from stemdesk.daw.dawproject_reading import DawProject, ProjectClip
    from stemdesk.daw.dawproject_stem_tracks import ClipStem

_PIECE_BYTES = 1 << 20


def write_with_stems(
    project: DawProject,
    clips: Sequence[ProjectClip],
    stems: Sequence[ClipStem],
    path: Path,
) -> list[str]:
    """Write a project anew with stems beside some of its clips; the project stays as it is.

    The stems of a track's clips lie on new tracks under it, with its fader, pan, mute, sends and
    their automation. The clips are switched off; a track whose clips are all off is muted.

    Args:
        project: as it was read; its document is not changed.
        clips: whose stems there are.
        stems: in the order of their tracks.
        path: the file to appear or to be replaced; another one than the project's.

    Returns:
        What the new tracks lack, one sentence each.

    Raises:
        UserError: the file cannot be written, or is the project itself.
    """
    if path.exists() and os.path.samefile(path, project.path):  # noqa: PTH121 - one call
        raise UserError(f"{path} is the project itself", "name another file")
    media = _media_names(project, stems)
    document = DocumentWithStems(project, clips)
    notes = document.add(stems, media)
    with atomic_path(path) as partial:
        try:
            with (
                opened_zip(project.path) as old,
                zipfile.ZipFile(partial, "w", strict_timestamps=False) as new,
            ):
                for entry in old.infolist():
                    if entry.filename == PROJECT:
                        new.writestr(PROJECT, document.written(), zipfile.ZIP_DEFLATED)
                    else:
                        _carry(old, new, entry)
                for stem, names in zip(stems, media, strict=True):
                    for file, name in names.items():
                        new.write(stem.files[file], name, zipfile.ZIP_STORED)
        except OSError as error:
            raise write_refusal(path, error) from error
        except Unreadable as error:
            raise UserError(
                f"{project.path} is damaged ({error})", "save it again from the DAW"
            ) from error
    return notes


def _carry(old: zipfile.ZipFile, new: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    same = zipfile.ZipInfo(entry.filename, entry.date_time)
    same.compress_type, same.external_attr = entry.compress_type, entry.external_attr
    if entry.is_dir():
        new.writestr(same, b"")
        return
    same.file_size = entry.file_size
    with old.open(entry) as source, new.open(same, "w") as copied:
        shutil.copyfileobj(source, copied, _PIECE_BYTES)


def _media_names(project: DawProject, stems: Iterable[ClipStem]) -> list[dict[str, str]]:
    """For each stem: file of the project -> a free name in the archive."""
    with opened_zip(project.path) as archive:
        used = {name.casefold() for name in archive.namelist()}
    media = []
    for stem in stems:
        names = {}
        for file, path in stem.files.items():
            title = file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or "clip"
            plain = f"audio/{title} - {stem.name}"
            candidate = f"{plain}{path.suffix}"
            for number in itertools.count(2):
                if candidate.casefold() not in used:
                    break
                candidate = f"{plain} ({number}){path.suffix}"
            used.add(candidate.casefold())
            names[file] = xml_text(candidate)
        media.append(names)
    return media
