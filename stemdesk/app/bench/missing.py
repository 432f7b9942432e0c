"""Files of songs that are not where the project says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.project.document import Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.project.document import MediaRef, Track
    from stemdesk.project.media import MediaStore


class MissingFiles:
    """What is missing is told once, however often it is looked for.

    Args:
        complain: told what cannot be found.
    """

    def __init__(self, complain: Callable[[UserError], None]) -> None:
        self._complain = complain
        self._told: set[MediaRef] = set()

    def look(self, track: Track, media: MediaStore) -> dict[str, UserError]:
        """Look whether a song's files are there.

        Args:
            track: the song.
            media: of its project.

        Returns:
            Lane -> that its file is not where it should be; empty where none is missing.
        """
        lost: dict[str, UserError] = {}
        for missing in media.missing(Project(tracks=(track,))):
            lost[missing.lane] = UserError(
                f"The {missing.lane} of {missing.track_name} is not at {missing.ref.path}",
                "put the file back, or find it with Song > Find missing files",
            )
            if missing.ref not in self._told:
                self._told.add(missing.ref)
                self._complain(lost[missing.lane])
        return lost

    def forget(self) -> None:
        """Another project."""
        self._told.clear()
