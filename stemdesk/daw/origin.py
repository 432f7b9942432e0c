"""Where a session's audio begins on a DAW's timeline, in samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from stemdesk.daw.session import Session


def origin_frames(session: Session) -> int:
    """Frames from the timeline's zero to the beginning of the audio, rounded to one.

    Raises:
        UserError: the audio begins before the timeline does.
    """
    frames = round(session.origin_seconds * session.sample_rate)
    if frames < 0:
        raise UserError(
            f"{session.title} begins {-session.origin_seconds:g} s before the timeline does",
            "choose an origin of 0 s or later",
        )
    return frames
