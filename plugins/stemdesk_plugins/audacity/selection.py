"""Audacity's selection: written as one float file, and its stems put under it.

What is separated is what one hears of the selected tracks, at the project's rate. Audacity tells
times with six digits only, so that the stems are not placed by number: it aligns them itself with
its own selection, which nothing here changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import soundfile

from stemdesk.errors import UserError
from stemdesk_plugins.audacity.pipe import Audacity
from stemdesk_plugins.separation import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stemdesk_plugins.separation import SeparatedStem

EXPORT_NAME = "selection.wav"
# What Audacity exports as WAV: libsndfile's number of the sample format, of which 6 is float.
_SUBTYPE_NAME = "/FileFormats/ExportFormat_SF1_Type/WAV_10000"
_FLOAT = "6"
_PCM_16 = "2"
_WAVE_COLOURS = 4
_CENTRE = 0.0


def selected(audacity: Audacity | None = None) -> AudacitySelection:
    """What is selected in the Audacity that runs.

    Args:
        audacity: it; None finds it.

    Raises:
        UserError: None runs, or no audio track is selected.
    """
    if audacity is not None:
        return AudacitySelection(audacity)
    program = Audacity()
    try:
        return AudacitySelection(program)
    except BaseException:
        program.close()
        raise


class AudacitySelection:
    """See :class:`stemdesk_plugins.driving.Selection`."""

    def __init__(self, audacity: Audacity) -> None:
        self._audacity = audacity
        self._tracks = _wave_tracks(audacity)
        self._chosen = [
            index for index, track in self._tracks if track["selected"] and not track["mute"]
        ]
        if not self._chosen:
            raise UserError(
                "No audible track is selected in Audacity",
                "select the passage to separate, in tracks that are not muted",
            )

    def passage(self, output: Path, model: str) -> Passage:
        """The selection in a float file."""
        channels = 1 if self._is_mono() else 2
        path = output / EXPORT_NAME
        before = self._audacity.preference(_SUBTYPE_NAME)
        self._audacity.do("SetPreference", Name=_SUBTYPE_NAME, Value=_FLOAT)
        try:
            self._audacity.do("Export2", Filename=str(path.absolute()), NumChannels=channels)
        finally:
            self._audacity.do("SetPreference", Name=_SUBTYPE_NAME, Value=before or _PCM_16)
        if not path.is_file() or not soundfile.info(path).frames:
            raise UserError("Nothing is selected in Audacity", "drag over the passage to separate")
        return Passage(path, output, model=model)

    def put_back(self, stems: Sequence[SeparatedStem]) -> None:
        """Import the stems, align them with the selection, and mute what they come from."""
        first = len(_all_tracks(self._audacity))
        for stem in stems:
            self._audacity.do("Import2", Filename=str(stem.path.absolute()))
        if len(_all_tracks(self._audacity)) != first + len(stems):
            raise UserError(
                "Audacity did not take the stems", f"import them from {stems[0].path.parent}"
            )
        self._select(first, len(stems))
        self._audacity.do("Align_StartToSelStart")
        for index in range(len(stems)):
            self._select(first + index, 1)
            colour = f"Color{index % _WAVE_COLOURS}"
            self._audacity.do("SetTrackVisuals", Color=colour)
        for index in self._chosen:
            self._select(index, 1)
            self._audacity.do("SetTrackAudio", Mute=1)
        self._move_up(first, len(stems))

    def close(self) -> None:
        """See :class:`stemdesk_plugins.driving.Selection`."""
        self._audacity.close()

    def _move_up(self, first: int, count: int) -> None:
        """From the bottom of the project to below the lowest selected track."""
        below = self._chosen[-1] + 1
        for index in range(count):
            self._select(first + index, 1)
            self._audacity.do("SetTrackStatus", Focused=1)
            for _ in range(first - below):
                self._audacity.do("TrackMoveUp")
        self._select(below, count)

    def _select(self, first: int, count: int) -> None:
        """Tracks, and not times."""
        self._audacity.do("SelectTracks", Track=first, TrackCount=count, Mode="Set")

    def _is_mono(self) -> bool:
        chosen = [track for index, track in self._tracks if index in self._chosen]
        return all(track["channels"] == 1 and track["pan"] == _CENTRE for track in chosen)


def _all_tracks(audacity: Audacity) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = audacity.info("Tracks")
    return found


def _wave_tracks(audacity: Audacity) -> list[tuple[int, dict[str, Any]]]:
    return [
        (index, track)
        for index, track in enumerate(_all_tracks(audacity))
        if track["kind"] == "wave"
    ]
