"""Whether an MP3 file says how long it is."""

from __future__ import annotations

from typing import Any, BinaryIO

import mutagen
from mutagen.mp3 import MP3, BitrateMode


def states_length(file: BinaryIO) -> bool:
    """Whether the first MPEG frame is a Xing, Info or VBRI header; the position is kept.

    Without one libsndfile guesses the length from the first frame's bit rate, and never reads past
    the guess: of a file of variable bit rate it delivered less than half.
    """
    position = file.tell()
    try:
        file.seek(0)
        header: Any = MP3(file)  # type: ignore[no-untyped-call]
        return bool(header.info.bitrate_mode != BitrateMode.UNKNOWN)
    except mutagen.MutagenError:
        return False
    finally:
        file.seek(position)
