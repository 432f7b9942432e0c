"""Undo and redo: the snapshots of a project, each with the name of what led away from it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stemdesk.project.document import Project

LIMIT_STEPS = 1000


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    project: Project  # where undo, or redo, leads to


class History:
    """All that the user did to one project.

    Snapshots are immutable and share what did not change, so a step costs what it changed.

    Args:
        project: where it begins.
        saved: whether this is what lies in the project's file; not so for a recovered one.
        limit_steps: beyond this the oldest steps are forgotten.

    Attributes:
        project: the document now.
    """

    def __init__(
        self, project: Project, *, saved: bool = True, limit_steps: int = LIMIT_STEPS
    ) -> None:
        self.project = project
        self._saved = project if saved else None
        self._undo: deque[_Step] = deque(maxlen=limit_steps)
        self._redo: list[_Step] = []
        self._gesture: str | None = None

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` takes back; None where there is nothing."""
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        """What :meth:`redo` does again; None where there is nothing."""
        return self._redo[-1].label if self._redo else None

    @property
    def is_modified(self) -> bool:
        """Whether the document is another snapshot than the one that was saved last."""
        return self.project is not self._saved

    @property
    def saved(self) -> Project | None:
        """The snapshot that was saved last; None for a recovered project."""
        return self._saved

    def edit(self, label: str, project: Project, merge: str | None = None) -> None:
        """The document becomes `project`; one that says the same as before is no step.

        Args:
            label: what the user did, for the menu.
            project: the new snapshot.
            merge: key of a gesture. Edits with the key of the step before them are one step with
                it, until another edit, a save, undo, redo or :meth:`end_gesture`.
        """
        if project == self.project:
            return
        if merge is None or merge != self._gesture:
            self._undo.append(_Step(label, self.project))
        self._redo.clear()
        self.project, self._gesture = project, merge

    def look(self, project: Project) -> None:
        """The document differs only in what is shown of it: no step, and nothing to save.

        Redo stays possible.
        """
        if self._saved is self.project:
            self._saved = project
        self.project, self._gesture = project, None

    def end_gesture(self) -> None:
        """The hand lets go: what follows is another step.

        A gesture that came back to where it began is no step; `project` is then the snapshot
        before it once more.
        """
        if self._gesture is not None and self._undo and self._undo[-1].project == self.project:
            self.project = self._undo.pop().project
        self._gesture = None

    def undo(self) -> Project:
        """Take the last step back; the document as it is then, unchanged where there is none."""
        self.end_gesture()
        if self._undo:
            step = self._undo.pop()
            self._redo.append(_Step(step.label, self.project))
            self.project = step.project
        return self.project

    def redo(self) -> Project:
        """Do again what was undone last; the document as it is then."""
        self.end_gesture()
        if self._redo:
            step = self._redo.pop()
            self._undo.append(_Step(step.label, self.project))
            self.project = step.project
        return self.project

    def mark_saved(self, project: Project | None = None) -> None:
        """Note that `project`, by default the document as it is now, lies in its file."""
        self._saved = self.project if project is None else project
        self._gesture = None

    def mark_unsaved(self) -> None:
        """Note that no snapshot lies in the file any more: it lacks a fact that has come."""
        self._saved = None

    def rewrite(self, change: Callable[[Project], Project]) -> None:
        """Change every snapshot alike, without a step.

        For facts that are no edits and must outlive undo: where a file lies.

        Args:
            change: returns its argument itself where there is nothing to change.
        """
        done: dict[int, Project] = {}

        def changed_once(project: Project) -> Project:
            if id(project) not in done:
                done[id(project)] = change(project)
            return done[id(project)]

        before = list(self.snapshots())  # kept alive: identities must not be used twice
        self.project = changed_once(self.project)
        self._saved = None if self._saved is None else changed_once(self._saved)
        undo = [_Step(step.label, changed_once(step.project)) for step in self._undo]
        self._undo = deque(undo, self._undo.maxlen)
        self._redo = [_Step(step.label, changed_once(step.project)) for step in self._redo]
        before.clear()

    def snapshots(self) -> Iterator[Project]:
        """Every project that undo, redo or the saved mark can lead back to, and the present."""
        yield self.project
        if self._saved is not None:
            yield self._saved
        for step in (*self._undo, *self._redo):
            yield step.project
