"""REAPER projects (.rpp): a folder with the project and its audio.

The format is text; its lines are described by the REAPER community
(https://github.com/ReaTeam/Doc/blob/master/State%20Chunk%20Definitions).
"""

from __future__ import annotations

import shutil
import uuid
from typing import TYPE_CHECKING

from stemdesk.audio.levels import from_db
from stemdesk.daw.distinct_names import distinct_names
from stemdesk.daw.new_folder import new_folder
from stemdesk.daw.one_line import one_line
from stemdesk.daw.origin import origin_frames
from stemdesk.daw.reaper_text import Block, quoted
from stemdesk.daw.tempo_grid import tempo_grid

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.daw.session import Session, SessionTrack

VERSION = "7.0"  # of the REAPER whose words are written; older and newer ones read them
MEDIA = "Media"
UNITY_CENTRE = 1  # pan law: the gain of a centred track, as a ratio
STEPS = 1  # shape of a tempo marker after which the tempo stays
CUSTOM_COLOUR = 0x1000000


def write_reaper(session: Session, path: Path) -> None:
    """Write a project folder with copies of the audio.

    At neutral it plays the sum of its tracks: the pan law is 0 dB, items have no fades, and what
    is bound to time does not stretch with the tempo.

    Args:
        session: what to write.
        path: the folder to appear; it holds `<name>.rpp`.

    Raises:
        UserError: it is there already, or it cannot be written.
    """
    names = distinct_names(track.name for track in session.tracks)
    with new_folder(path) as folder:
        media = folder / MEDIA
        media.mkdir()
        files = []
        for name, track in zip(names, session.tracks, strict=True):
            files.append(f"{name}{track.path.suffix.lower()}")
            shutil.copyfile(track.path, media / files[-1])
        text = "\n".join(project(session, files).lines()) + "\n"
        # Names need not be valid Unicode.
        (folder / f"{path.name}.rpp").write_text(
            text, encoding="utf-8", errors="replace", newline="\r\n"
        )


def project(session: Session, files: list[str]) -> Block:
    """The project as REAPER's text.

    Args:
        session: what it says.
        files: of each track, the name of its audio in the folder :data:`MEDIA`.

    Raises:
        UserError: the audio begins before the timeline does.
    """
    block = Block("REAPER_PROJECT", "0.1", quoted(VERSION))
    notes = Block("NOTES", 0, 2)
    notes.add(f"|{one_line(' - '.join(filter(None, (session.artist, session.title))))}")
    block.append(notes)
    block.add("TITLE", quoted(session.title))
    block.add("AUTHOR", quoted(session.artist))
    block.add("PANLAW", UNITY_CENTRE)
    block.add("PANMODE", 3)  # stereo balance, mono pan
    block.add("SAMPLERATE", session.sample_rate, 1, 0)
    block.add("RECORD_PATH", quoted(MEDIA), quoted(""))
    block.add("TIMELOCKMODE", 0)  # items keep their time
    block.add("TEMPOENVLOCKMODE", 0)
    block.add("MASTER_NCH", max(2, session.channels + session.channels % 2), 2)
    block.add("MASTER_VOLUME", 1, 0, -1, -1, 1)
    _tempo_map(block, session)
    _markers(block, session)
    for track, file in zip(session.tracks, files, strict=True):
        block.append(_track(session, track, file))
    return block


def _tempo_map(block: Block, session: Session) -> None:
    points = tempo_grid(session).points
    first = points[0]
    block.add("TEMPO", float(first.bpm), first.beats_per_bar, first.beat_unit)
    if len(points) == 1:
        return
    envelope = Block("TEMPOENVEX")
    envelope.add("ACT", 1, -1)
    envelope.add("VIS", 1, 0, 1)
    envelope.add("DEFSHAPE", STEPS, -1, -1)
    for point in points:
        metre = point.beat_unit << 16 | point.beats_per_bar
        envelope.add("PT", float(point.seconds), float(point.bpm), STEPS, metre, 0, 1)
    block.append(envelope)


def _markers(block: Block, session: Session) -> None:
    for number, marker in enumerate(session.markers, 1):
        seconds = (origin_frames(session) + marker.frame) / session.sample_rate
        block.add("MARKER", number, seconds, quoted(marker.name), 0)


def _track(session: Session, track: SessionTrack, file: str) -> Block:
    seconds = session.frames / session.sample_rate
    origin_seconds = origin_frames(session) / session.sample_rate
    track_id = _guid(session, "track", file)
    block = Block("TRACK", track_id)
    block.add("NAME", quoted(track.name))
    block.add("PEAKCOL", _colour(track.colour))
    block.add("TRACKHEIGHT", 0, 0, 0, 0, 0, 0)
    block.add("VOLPAN", from_db(track.level_db), float(track.pan), -1, -1, 1)
    block.add("MUTESOLO", int(track.mute), 0, 0)
    block.add("NCHAN", max(2, session.channels + session.channels % 2))
    block.add("TRACKID", track_id)
    block.add("MAINSEND", 1, 0)
    item = Block("ITEM")
    item.add("POSITION", origin_seconds)
    item.add("LENGTH", seconds)
    item.add("LOOP", 0)
    for fade in ("FADEIN", "FADEOUT"):
        item.add(fade, 1, 0, 0, 1, 0, 0, 0)
    item.add("MUTE", 0, 0)
    item.add("IGUID", _guid(session, "item", file))
    item.add("NAME", quoted(track.name))
    item.add("VOLPAN", 1, 0, 1, -1)
    item.add("SOFFS", 0)
    item.add("PLAYRATE", 1, 1, 0, -1, 0, 0.0025)
    item.add("CHANMODE", 0)
    source = Block("SOURCE", "WAVE")
    source.add("FILE", quoted(f"{MEDIA}/{file}"))
    item.append(source)
    block.append(item)
    return block


def _colour(colour: str) -> int:
    """Red is the lowest byte."""
    red, green, blue = bytes.fromhex(colour[1:])
    return CUSTOM_COLOUR | blue << 16 | green << 8 | red


def _guid(session: Session, kind: str, file: str) -> str:
    """The same for the same track of the same song, so that a project is written alike twice."""
    name = f"{kind}:{session.title}:{file}".encode("utf-8", "replace").decode()
    return f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, name)).upper()}}}"
