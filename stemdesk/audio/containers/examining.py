"""Any sound file, looked at before it is decoded."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers import boxes, chunks, flac, headers, mpeg, ogg, packets, sample_dump
from stemdesk.audio.containers.contents import Contents, joined, whole
from stemdesk.audio.containers.tags import after_tags

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_RECORDINGS = 1000
_KINDS: tuple[Callable[[BinaryIO, int, int], Contents | None], ...] = (
    ogg.examine,
    flac.examine,
    headers.examine,
    sample_dump.examine,
    boxes.examine,
    packets.examine,
    mpeg.examine,
)


def examine(file: BinaryIO) -> Contents:
    """What a file holds, by its structure alone.

    A file of a kind that is not known here is given back as it is, without a flaw.

    Args:
        file: At any position, which is lost.
    """
    end = file.seek(0, os.SEEK_END)
    start = after_tags(file, 0, end)
    found = _chunk_files(file, start, end)
    if found is not None:
        return found
    for kind in _KINDS:
        contents = kind(file, 0 if kind is mpeg.examine else start, end)
        if contents is not None:
            return contents
    return replace(whole(start, end), is_known=False)


def _chunk_files(file: BinaryIO, start: int, end: int) -> Contents | None:
    parts: list[Contents] = []
    while start < end and len(parts) < _MOST_RECORDINGS:
        found = chunks.examine(file, start, end)
        if found is None:
            break
        parts.append(found[0])
        start = found[1]
    return joined(parts) if parts else None
