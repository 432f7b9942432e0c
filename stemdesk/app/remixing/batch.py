"""Many songs through one recipe, one after the other: one that fails does not stop the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.app.plan import path_refusal
from stemdesk.app.remixing.remix import Remix, RemixOptions, RemixPlan, carry_out_remix, plan_remix
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stemdesk.app.options import Report
    from stemdesk.app.remixing.stems import Models
    from stemdesk.app.targets import Claims
    from stemdesk.mixing.recipe import Recipe


class RemixBatch:
    """All songs are looked at, and asked about, before the first is worked on.

    What refuses the only song of a batch is raised; of several, it is what came of that song.

    Args:
        songs: files and folders of stems.
        recipe: what to do.
        models: what to separate with.

    Attributes:
        refused: songs of which nothing came.
    """

    def __init__(self, songs: Sequence[Path], recipe: Recipe, models: Models) -> None:
        self._songs, self._recipe, self._models = songs, recipe, models
        self._plans: list[RemixPlan | UserError] = []
        self._number = 0
        self.refused: list[Path] = []

    def current(self) -> dict[str, Any]:
        """The song in work as plain data: ``input``, ``song`` (from 1) and ``songs``."""
        path = self._songs[self._number]
        return {"input": str(path), "song": self._number + 1, "songs": len(self._songs)}

    def plan(self, options: Sequence[RemixOptions], claims: Claims) -> None:
        """Refuse what cannot be, and ask what has to be asked.

        Args:
            options: one for each song.
            claims: who writes what, see :func:`stemdesk.app.remixing.remix.inputs_of`.

        Raises:
            UserError: nothing can come of the only song.
        """
        for song, chosen in zip(self._songs, options, strict=True):
            try:
                plan = plan_remix(song, self._recipe, chosen, self._models, claims)
            except UserError as error:
                self._plans.append(self._refused(song, error))
            except OSError as error:
                self._plans.append(self._refused(song, path_refusal(song, error)))
            else:
                self._plans.append(plan)

    def carry_out(self, report: Report) -> Iterator[tuple[Path, Remix | UserError]]:
        """Mix the planned songs, yielding what came of each as it is there.

        Args:
            report: told the fraction of the whole batch, in which all songs count alike.

        Raises:
            UserError: nothing came of the only song.
        """
        for number, (song, plan) in enumerate(zip(self._songs, self._plans, strict=True)):
            self._number = number

            def part(done: float, stage: str, before: int = number) -> None:
                report((before + done) / len(self._songs), stage)

            if isinstance(plan, UserError):
                yield song, plan
                continue
            try:
                came: Remix | UserError = carry_out_remix(plan, self._models, part)
            except UserError as error:
                came = self._refused(song, error)
            except OSError as error:
                came = self._refused(song, path_refusal(song, error))
            yield song, came

    def _refused(self, song: Path, error: UserError) -> UserError:
        if len(self._songs) == 1:
            raise error
        self.refused.append(song)
        return error
