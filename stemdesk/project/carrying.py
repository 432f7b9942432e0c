"""All files of a project from one folder to another."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from stemdesk.files import require_space, write_refusal
from stemdesk.project.copying import copy_whole, link_or_copy, silent, sync_folder
from stemdesk.project.media import OtherBytes
from stemdesk.project.references import is_outside, media_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from stemdesk.project.copying import Report
    from stemdesk.project.document import MediaRef, Project
    from stemdesk.project.media import MediaStore

    Transfer = Callable[[Path, Path, Report], None]


def carry(
    source: MediaStore,
    target: MediaStore,
    projects: Iterable[Project],
    *,
    link: bool,
    report: Report = silent,
) -> dict[MediaRef, MediaRef]:
    """Bring every file of a project into another folder, which then needs nothing else.

    Files keep their places in the folder. What is missing stays missing, and a song that was
    changed where it lies stays outside.

    Args:
        source: where the project is; left as it is.
        target: where it is to be.
        projects: the project first; its files from outside are taken in. Of the others, the
            snapshots of its history, only files of the folder come along.
        link: the source will be removed: give its files second names, where the disk can.
        report: told the fraction done and the stage; what it raises ends the work.

    Returns:
        Old reference -> new, for files from outside.

    Raises:
        UserError: a file cannot be read, or there is no room.
    """
    project, *others = projects
    refs = dict.fromkeys(ref for _, _, ref in media_of(project))
    for other in others:
        refs.update(dict.fromkeys(ref for _, _, ref in media_of(other) if not is_outside(ref)))
    sizes = {ref: _size_bytes(source.path_of(ref)) for ref in refs}
    there = [ref for ref in refs if sizes[ref] is not None]
    total_bytes = max(sum(size or 0 for size in sizes.values()), 1)
    if not link:
        require_space(target.folder, total_bytes)
    places: dict[MediaRef, MediaRef] = {}
    done_bytes = 0
    transfer = link_or_copy if link else copy_whole
    # What has its name already comes first, so that the same bytes from outside find it.
    for ref in sorted(there, key=is_outside):
        part = _portion(report, done_bytes / total_bytes, (sizes[ref] or 0) / total_bytes)
        if is_outside(ref):
            with suppress(OtherBytes):
                places[ref] = target.take_in(ref, part)
        else:
            carry_file(source.path_of(ref), target.path_of(ref), transfer, part)
        done_bytes += sizes[ref] or 0
    return places


def carry_file(
    source: Path, target: Path, transfer: Transfer = link_or_copy, report: Report = silent
) -> None:
    """One file to the same place of another folder; one that is there already stays.

    Raises:
        UserError: it cannot be read or written.
    """
    if target.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_refusal(target, error) from error
    transfer(source, target, report)
    sync_folder(target.parent)


def _size_bytes(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _portion(report: Report, start: float, share: float) -> Report:
    return lambda fraction, stage: report(min(start + share * fraction, 1.0), stage)
