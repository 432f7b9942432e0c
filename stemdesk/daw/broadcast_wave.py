"""Stems as Broadcast Wave files: they say what they are, where they belong and what happens when.

Each file has a `bext` chunk (EBU Tech 3285, version 2) whose time reference is the origin, an
`iXML` chunk with the names of its channels, and a `cue ` chunk with labels for the markers. The
audio of a WAV file is copied as it is; of another format, it is decoded to the WAV encoding that
holds it.
"""

from __future__ import annotations

import datetime
import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING

from stemdesk.audio.formats import choose_output
from stemdesk.audio.reading import BLOCK_FRAMES
from stemdesk.audio.writing import AudioWriter
from stemdesk.daw.broadcast_wave_chunks import WaveFile, read_wave, write_wave
from stemdesk.daw.broadcast_wave_extension import BroadcastExtension
from stemdesk.daw.channel_names import channel_names
from stemdesk.daw.cue import cue_chunks
from stemdesk.daw.distinct_names import distinct_names
from stemdesk.daw.ixml import FileSet, IXml
from stemdesk.daw.new_folder import new_folder
from stemdesk.daw.origin import origin_frames
from stemdesk.daw.track_audio import open_track
from stemdesk.daw.xml_text import xml_text
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.audio.reading import AudioReader
    from stemdesk.daw.session import Session, SessionTrack

_NAMESPACE = uuid.UUID("7d8a5a4e-0a55-4b6c-9f6e-6f2a4d1c53b1")


def write_broadcast_waves(session: Session, folder: Path) -> None:
    """Writes one file for each track, named after it, into a new folder.

    Levels, pan and mute are for a mixer and not in the files: at unity they sum to the song. The
    tempo stands in a note only, since a chunk that states it (`acid`) makes DAWs stretch the audio.
    A file past 4 GiB becomes RF64 (EBU Tech 3306).

    Args:
        session: what to write.
        folder: the folder to appear; an empty one may be there.

    Raises:
        UserError: a file cannot be read or does not fit the session, the audio begins before the
            timeline does, something has the folder's name, or the disk refuses.
    """
    origin = origin_frames(session)
    if not session.tracks:
        raise UserError(f"{session.title} has no tracks", "separate the song first")
    family = _identity(session, *(track.path for track in session.tracks))
    names = distinct_names(track.name for track in session.tracks)
    with new_folder(folder) as unnamed:
        for number, (track, name) in enumerate(zip(session.tracks, names, strict=True), start=1):
            files = FileSet(session.title, family, number, len(session.tracks))
            with ExitStack() as stack:
                source = _Source(session, track, unnamed, stack)
                _write(session, source, files, origin, unnamed / f"{name}.wav")


class _Source:
    """The audio of a track, in a WAV file.

    Attributes:
        track: whose audio it is.
        info: facts about its own file.
        wave: that file if it is a WAV, else what it was decoded to.
    """

    def __init__(
        self, session: Session, track: SessionTrack, folder: Path, stack: ExitStack
    ) -> None:
        self.track = track
        reader = open_track(session, track, stack)
        self.info = reader.info
        wave = read_wave(track.path, reader.info.frames)
        if wave is None:
            decoded = folder / ".decoded.wav"
            stack.callback(decoded.unlink, missing_ok=True)
            _decode(reader, decoded)
            wave = read_wave(decoded, reader.info.frames)
            assert wave is not None, "AudioWriter writes WAV"
        self.wave: WaveFile = wave


def _decode(reader: AudioReader, path: Path) -> None:
    spec = choose_output(reader.info, "wav", "match")
    with AudioWriter(path, spec, reader.info.frames, reader.info.tags) as writer:
        while (block := reader.read(BLOCK_FRAMES)).shape[1]:
            writer.write(block)


def _write(session: Session, source: _Source, files: FileSet, origin: int, path: Path) -> None:
    track, info = source.track, source.info
    made = datetime.datetime.fromtimestamp(track.path.stat().st_mtime).astimezone()
    identity = _identity(session, track.path, track.name)
    extension = BroadcastExtension(
        description=f"{session.title} - {track.name}",
        reference=identity.hex,
        made=made,
        time_reference=origin,
        coding_history=_coding_history(source),
    )
    names = channel_names(track.name, session.channels, info.channel_mask)
    ixml = IXml(session, identity, files, names, source.wave.bits, origin)
    write_wave(
        source.wave,
        path,
        before=[(b"bext", extension.encoded()), (b"iXML", ixml.encoded())],
        after=cue_chunks(session.markers, session.frames),
    )


def _coding_history(source: _Source) -> str:
    """One line after EBU R 98: algorithm, rate, word length, mode, text."""
    info = source.info
    mode = {1: ",M=mono", 2: ",M=stereo"}.get(info.channels, "")
    return f"A=PCM,F={info.sample_rate},W={source.wave.bits}{mode},T=StemDesk\r\n"


def _identity(session: Session, *parts: Path | str) -> uuid.UUID:
    """An identity that changes with the session and the files, and with nothing else."""
    words = [session.title, str(session.origin_seconds)]
    for part in parts:
        words.append(str(part))
        if not isinstance(part, str) and part.exists():
            words.append(str(part.stat().st_mtime_ns))
    return uuid.uuid5(_NAMESPACE, xml_text("\n".join(words)))
