"""The files of a project's folder: the document, its autosave, and which of them is the newer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal
from stemdesk.project.copying import read_refusal
from stemdesk.project.encoding import Decoded, decoded, encoded
from stemdesk.project.migrations import NewerFormat

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.project.document import Project

FOLDER_SUFFIX = ".stemdesk"
PROJECT_FILE = "project.json"
AUTOSAVE_FILE = "project.autosave.json"
DAMAGED_FILE = "project.damaged.json"


@dataclass(frozen=True)
class Loaded:
    """What was found in a project's folder.

    Attributes:
        project: as it was saved. Where that file is damaged, the autosave takes its place.
        recovery: a later state that was never saved, to be offered; None where there is none.
        written_by: the StemDesk that saved it.
        revision: of the later one of both files.
        remarks: what was mended or left out, one sentence each, for the user to see.
        damaged: the saved document could not be read.
    """

    project: Project
    recovery: Project | None
    written_by: str
    revision: int
    remarks: tuple[str, ...] = ()
    damaged: bool = False


def project_folder(path: Path) -> Path:
    """The folder of a project, for its own path or that of its document."""
    return path.parent if path.name in {PROJECT_FILE, AUTOSAVE_FILE} else path


def load(folder: Path) -> Loaded:
    """Read a project.

    An autosave counts as newer when it was numbered after the save: clocks and file times do not
    survive copies and other machines.

    Raises:
        NewerFormat: a later StemDesk wrote it.
        UserError: there is no project, or nothing of it can be read.
    """
    if not folder.is_dir():
        raise UserError(f"There is no project {folder}", "choose another one")
    autosave, autosave_problem = _attempt(folder, AUTOSAVE_FILE)
    saved, problem = _attempt(folder, PROJECT_FILE)
    if saved is None:
        if autosave is None:
            no_project = UserError(
                f"{folder} is no StemDesk project",
                f"choose a folder that holds {PROJECT_FILE}",
            )
            raise problem or autosave_problem or no_project
        why = problem.problem if problem else f"{PROJECT_FILE} is not there"
        remarks = (f"{why}. The last autosave was opened in its place.", *autosave.remarks)
        newest = autosave.project
        return Loaded(newest, newest, autosave.written_by, autosave.revision, remarks, damaged=True)
    if autosave_problem is not None:
        lost = (f"The autosave was left out: {autosave_problem.problem}.",)
        return Loaded(
            saved.project, None, saved.written_by, saved.revision, (*saved.remarks, *lost)
        )
    if autosave is None or not _is_newer(autosave, saved):
        return Loaded(saved.project, None, saved.written_by, saved.revision, saved.remarks)
    remarks = (*saved.remarks, *autosave.remarks)
    return Loaded(saved.project, autosave.project, saved.written_by, autosave.revision, remarks)


def write(folder: Path, name: str, project: Project, revision: int) -> None:
    """Write a document into a project's folder, whole or not at all.

    Args:
        folder: of the project.
        name: :data:`PROJECT_FILE` or :data:`AUTOSAVE_FILE`.
        project: the document.
        revision: higher than that of any document the folder has.

    Raises:
        UserError: it cannot be written there.
    """
    data = encoded(project, revision)
    try:
        with atomic_path(folder / name) as partial:
            partial.write_bytes(data)
    except OSError as error:
        raise write_refusal(folder / name, error) from error


def set_aside(folder: Path) -> None:
    """Keep a document that cannot be read under another name, before it is written anew.

    Raises:
        UserError: it cannot be renamed.
    """
    try:
        (folder / PROJECT_FILE).replace(folder / DAMAGED_FILE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise write_refusal(folder / DAMAGED_FILE, error) from error


def remove_autosave(folder: Path) -> None:
    """Remove the autosave, if there is one.

    Raises:
        UserError: it cannot be removed.
    """
    try:
        (folder / AUTOSAVE_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise write_refusal(folder / AUTOSAVE_FILE, error) from error


def _is_newer(autosave: Decoded, saved: Decoded) -> bool:
    return autosave.revision > saved.revision and autosave.project != saved.project


def _attempt(folder: Path, name: str) -> tuple[Decoded | None, UserError | None]:
    """The document of that name, or what is wrong with it; neither where it is not there."""
    path = folder / name
    try:
        return decoded(path.read_bytes(), str(path)), None
    except FileNotFoundError:
        return None, None
    except OSError as error:
        return None, read_refusal(path, error)
    except NewerFormat:
        raise  # working on beside it would end in overwriting it
    except UserError as error:
        return None, error
