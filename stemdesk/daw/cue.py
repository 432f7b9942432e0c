"""Markers in a WAV file: cue points and their labels (Microsoft, Multimedia Programming 1991)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from stemdesk.daw.one_line import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.daw.session import SessionMarker

_MAX_FRAME = (1 << 32) - 1


def cue_chunks(markers: Sequence[SessionMarker], frames: int) -> list[tuple[bytes, bytes]]:
    """The `cue ` chunk and the `LIST` of labels, as name and content; none without markers.

    Cue points count from the file's first frame in 32 bits: markers outside the audio, or beyond
    2^32 frames (a day at 48 kHz), stay out. Labels are UTF-8.

    Args:
        markers: in order of time.
        frames: length of the audio.
    """
    inside = [marker for marker in markers if 0 <= marker.frame <= min(frames, _MAX_FRAME)]
    if not inside:
        return []
    points = struct.pack("<I", len(inside))
    labels = b"adtl"
    for identity, marker in enumerate(inside, start=1):
        points += struct.pack("<II4sIII", identity, marker.frame, b"data", 0, 0, marker.frame)
        text = one_line(marker.name).encode() + b"\0"
        label = struct.pack("<I", identity) + text
        labels += struct.pack("<4sI", b"labl", len(label)) + label + bytes(len(label) % 2)
    return [(b"cue ", points), (b"LIST", labels)]
