"""The audio file of a track, opened and held against its session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from contextlib import ExitStack

    from stemdesk.audio.reading import AudioReader
    from stemdesk.daw.session import Session, SessionTrack


def open_track(session: Session, track: SessionTrack, stack: ExitStack) -> AudioReader:
    """Opens the file of a track; the stack closes it.

    Raises:
        UserError: the file cannot be read, or its rate, length or channels are not the session's.
    """
    reader = stack.enter_context(open_audio(track.path))
    info = reader.info
    found = (info.sample_rate, info.frames, info.channels)
    if found != (session.sample_rate, session.frames, session.channels):
        raise UserError(
            f"{track.path} has {info.frames} frames of {info.channels} channels at"
            f" {info.sample_rate} Hz, and {session.title} {session.frames} of"
            f" {session.channels} at {session.sample_rate} Hz",
            "separate the song again, or name the files that belong together",
        )
    return reader
