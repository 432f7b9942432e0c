"""A session as an AAF file, for Pro Tools, Logic, Media Composer and others.

Written to the AAF Object Specification 1.1 and the AAF Edit Protocol (AMWA), by pyaaf2. Every
channel is a mono track of 24-bit samples inside the file: no DAW reads stereo tracks from an AAF
alike. Edit rates are the sample rate, so clips and markers lie on the sample. The timeline begins
at 00:00:00:00, with silence up to the origin.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import aaf2

from stemdesk.daw.aaf_essence import EssenceTrack, create_essence, fill_essence
from stemdesk.daw.aaf_levels import LevelEffects, channel_levels
from stemdesk.daw.aaf_markers import create_marker_slot
from stemdesk.daw.channel_names import channel_names
from stemdesk.daw.closed_pcm import open_closed_pcm
from stemdesk.daw.origin import origin_frames
from stemdesk.daw.xml_text import xml_text
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stemdesk.daw.closed_pcm import ClosedPcm
    from stemdesk.daw.session import Session

# Only the timeline's beginning is a time code, and that is the same at every frame rate.
_TIME_CODE_FPS = 25


def write_aaf(session: Session, path: Path) -> float:
    """Writes a session with all its audio into one file.

    Levels and pan become constant gain and pan effects on the tracks; a muted track has the gain
    0. Mono tracks of a stereo pair are panned hard left and right, where pan laws leave the level
    alone. Colours, tempo and what a DAW puts on its own master track are not carried.

    Args:
        session: what to write.
        path: the file to appear, or to be replaced.

    Returns:
        The common gain in dB that all audio took to fit into 24 bits: 0.0, unless a track rises
        above full scale. The tracks' gain effects make up for it.

    Raises:
        UserError: a file cannot be read or does not fit the session, the audio begins before the
            timeline does, or the disk refuses.
    """
    origin = origin_frames(session)
    if not session.tracks:
        raise UserError(f"{session.title} has no tracks", "separate the song first")
    with ExitStack() as stack:
        pcm = open_closed_pcm(session, [[track] for track in session.tracks], stack)
        with atomic_path(path) as partial:
            try:
                with aaf2.open(str(partial), "w") as file:
                    _write(file, session, origin, pcm)
            except OSError as error:
                raise write_refusal(path, error) from error
    return pcm.gain_db


def _write(file: Any, session: Session, origin: int, pcm: ClosedPcm) -> None:
    _sign(file)
    channels = [
        (names, channel_levels(track, session.channels, pcm.gain_db))
        for track, names in zip(session.tracks, _names(session, pcm), strict=True)
    ]
    sources = [
        [create_essence(file, name, session.sample_rate, session.frames) for name in names]
        for names, _ in channels
    ]
    composition = file.create.CompositionMob(xml_text(session.title))
    composition.usage = "Usage_TopLevel"
    if pcm.gain_db:
        composition.comments["Comment"] = (
            f"The audio is {-pcm.gain_db:.1f} dB lower than the song, and the tracks are raised"
            " by as much."
        )
    file.content.mobs.append(composition)
    timeline = _Timeline(file, composition, session.sample_rate, origin)
    timeline.add_time_code(session.frames)
    effects = LevelEffects(file)
    for (_, levels), essences in zip(channels, sources, strict=True):
        for essence, level in zip(essences, levels, strict=True):
            timeline.add_clip(essence, effects.around(timeline.clip(essence), level))
    create_marker_slot(file, composition, session, origin)
    fill_essence(sources, pcm)


def _names(session: Session, pcm: ClosedPcm) -> list[list[str]]:
    masks = [readers[0].info.channel_mask for readers in pcm.parts]
    return [
        channel_names(xml_text(track.name), session.channels, mask)
        for track, mask in zip(session.tracks, masks, strict=True)
    ]


def _sign(file: Any) -> None:
    (identification,) = file.header["IdentificationList"].value
    identification["CompanyName"].value = "StemDesk"
    identification["ProductName"].value = "StemDesk"
    identification["ProductVersionString"].value = version("stemdesk")


@dataclass(frozen=True)
class _Timeline:
    """The composition that a DAW opens as its session."""

    file: Any
    composition: Any
    sample_rate: int
    origin: int

    def add_time_code(self, frames: int) -> None:
        slot = self.composition.create_timeline_slot(edit_rate=_TIME_CODE_FPS)
        slot.name = "Timecode"
        slot["PhysicalTrackNumber"].value = 1
        length = -(-(self.origin + frames) * _TIME_CODE_FPS // self.sample_rate)
        slot.segment = self.file.create.Timecode(fps=_TIME_CODE_FPS, drop=False, length=length)

    def clip(self, essence: EssenceTrack) -> Any:
        """A clip of a whole track, at the origin."""
        sequence = self.file.create.Sequence(media_kind="sound")
        if self.origin:
            filler = self.file.create.Filler(media_kind="sound", length=self.origin)
            sequence.components.append(filler)
        sequence.components.append(essence.clip())
        sequence.length = self.origin + essence.frames
        return sequence

    def add_clip(self, essence: EssenceTrack, segment: Any) -> None:
        slot = self.composition.create_timeline_slot(edit_rate=self.sample_rate)
        slot.name = essence.name
        slot["PhysicalTrackNumber"].value = self._sound_slots() + 1
        slot.segment = segment

    def _sound_slots(self) -> int:
        slots: Sequence[Any] = list(self.composition.slots)
        return sum(1 for slot in slots if slot.segment and slot.media_kind == "Sound")
