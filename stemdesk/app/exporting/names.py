"""How exported files are called, and what their tags say."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from stemdesk.app.exporting.request import lanes_of
from stemdesk.app.targets import wanted_paths
from stemdesk.audio.formats import FORMATS
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.project.document import Track

TOKENS = ("song", "stem", "project", "title", "artist", "album", "bpm", "date")


def file_names(
    track: Track, request: ExportRequest, source_tags: Mapping[str, str]
) -> dict[str, Path]:
    """What each file would be called: lane -> path, whether there is one or not.

    The template's tokens are {song} (its name in the project), {stem} (also `mix`,
    `instrumental`, `no drums`), {project}, {title}, {artist}, {album}, {bpm} and {date} (of today,
    as 2025-12-31).

    Raises:
        UserError: the template is wrong, would give two stems one file, or what is asked for
            does not fit the song.
    """
    if request.format not in FORMATS:
        raise UserError(
            f"{request.format!r} is not a format that can be written",
            f"choose one of {', '.join(FORMATS)}",
        )
    tags = merged_tags(request, source_tags)
    tokens = {lane: _tokens(track, request, tags, lane) for lane in lanes_of(track, request)}
    extension = FORMATS[request.format].extension
    return wanted_paths(request.name, tokens, request.folder, extension)


def merged_tags(request: ExportRequest, source_tags: Mapping[str, str]) -> dict[str, str]:
    """The song's tags, and those the user wrote instead."""
    tags = {**source_tags, **(request.tags or {})}
    return {name: text.strip() for name, text in tags.items() if text.strip()}


def lane_tags(
    track: Track, request: ExportRequest, source_tags: Mapping[str, str], lane: str
) -> dict[str, str]:
    """What one file's tags say; a stem's title names the stem."""
    tags = merged_tags(request, source_tags)
    title = tags.get("title", track.name)
    return {**tags, "title": title if request.what == "mix" else f"{title} ({lane})"}


def _tokens(
    track: Track, request: ExportRequest, tags: Mapping[str, str], lane: str
) -> dict[str, str]:
    return {
        "song": track.name,
        "stem": lane,
        "project": request.project or "Untitled project",
        "title": tags.get("title", track.name),
        "artist": tags.get("artist", "Unknown artist"),
        "album": tags.get("album", "Unknown album"),
        "bpm": f"{track.tempo.bpm:.2f}".rstrip("0").rstrip(".") if track.tempo else "no tempo",
        "date": datetime.datetime.now(tz=datetime.UTC).astimezone().date().isoformat(),
    }
