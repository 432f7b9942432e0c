"""May this file be replaced? Asked before the work, on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from stemdesk.cli.plain_text import one_line
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.cli.progress import Progress

YES, NO, ALL, NONE = ("y", "yes"), ("n", "no"), ("a", "all"), ("s", "skip", "skip all")


class Question:
    """Asks once for each song that has files already; all and none hold for the rest.

    Args:
        songs: how many songs there are; for a single one, yes and no are enough.
    """

    def __init__(self, songs: int) -> None:
        self._many = songs > 1
        self._for_all: bool | None = None
        self.progress: Progress | None = None

    def __call__(self, path: Path) -> bool:
        """Whether ``path`` and the song's other files may be replaced.

        Raises:
            UserError: nobody can be asked.
        """
        if self._for_all is not None:
            return self._for_all
        if self.progress is None or not sys.stdin.isatty():
            raise UserError(
                f"The file {path} exists already", "use --overwrite skip, rename or yes"
            )
        answer: str = self.progress.in_front(lambda: self._ask(path))
        if self._many and answer in (*ALL, *NONE):
            self._for_all = answer in ALL
            return self._for_all
        return answer in YES

    def _ask(self, path: Path) -> str:
        choices = "[y]es, [N]o, [a]ll, [s]kip all" if self._many else "[y/N]"
        question = f"{one_line(path)} exists. Replace it? {choices} "
        print(question, end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline()
        if not answer:
            print(file=sys.stderr)
        return answer.strip().lower()
