"""DAWproject 1.0: a session in one file for Bitwig Studio, Studio One, Cubase, n-Track and others.

The format is Bitwig's and PreSonus' (https://github.com/bitwig/dawproject, MIT): a ZIP file with
`project.xml`, `metadata.xml` and the audio.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import xml.etree.ElementTree as ET
import zipfile
from typing import TYPE_CHECKING

from stemdesk.audio.levels import from_db
from stemdesk.daw.distinct_names import distinct_names
from stemdesk.daw.tempo_grid import DEFAULT, tempo_grid
from stemdesk.daw.xml_text import xml_bytes, xml_text
from stemdesk.files import atomic_path, write_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from stemdesk.daw.session import Session, SessionTrack

VERSION = "1.0"
LOUDEST_GAIN = 2.0  # of a fader all the way up; more where a track needs it
_METADATA = {
    "Title": "title",
    "Artist": "artist",
    "Album": "album",
    "Composer": "composer",
    "Year": "date",
    "Genre": "genre",
    "Copyright": "copyright",
    "Comment": "comment",
}
"""Elements of `metadata.xml` in the order of the schema -> names of Vorbis comments."""


def write_dawproject(session: Session, path: Path) -> None:
    """Write a session; its audio goes into the file, byte for byte.

    Every clip has raw audio (nothing is stretched) and fades of no length, so that with its faders
    at 0 dB the project plays the sum of its files.

    Args:
        session: what to write.
        path: the file to appear or to be replaced, `*.dawproject`.

    Raises:
        UserError: it cannot be written.
    """
    names = distinct_names(track.name for track in session.tracks)
    media = {
        f"audio/{name}{track.path.suffix.lower()}": track.path
        for name, track in zip(names, session.tracks, strict=True)
    }
    documents = {
        "metadata.xml": metadata_document(session),
        "project.xml": ProjectDocument(session).build(media),
    }
    with atomic_path(path) as partial:
        try:
            with zipfile.ZipFile(partial, "w", strict_timestamps=False) as archive:
                for name, root in documents.items():
                    archive.writestr(name, xml_bytes(root), zipfile.ZIP_DEFLATED)
                for name, source in media.items():
                    archive.write(source, name, zipfile.ZIP_STORED)
        except OSError as error:
            raise write_refusal(path, error) from error


def metadata_document(session: Session) -> ET.Element:
    """`metadata.xml`."""
    known = {name.lower(): text for name, text in session.tags.items()}
    known |= {"title": session.title, "artist": session.artist}
    root = ET.Element("MetaData")
    for element, tag in _METADATA.items():
        if known.get(tag):
            ET.SubElement(root, element).text = xml_text(known[tag])
    return root


class ProjectDocument:
    """Builds `project.xml`.

    Args:
        session: what it says.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._grid = tempo_grid(session)
        self._ids = itertools.count()

    def build(self, media: Iterable[str]) -> ET.Element:
        """The whole document.

        Args:
            media: of each track, the path of its audio in the file.
        """
        root = ET.Element("Project", version=VERSION)
        version = importlib.metadata.version("stemdesk")
        ET.SubElement(root, "Application", name="StemDesk", version=version)
        transport = ET.SubElement(root, "Transport")
        # Programs that pass over the automation take the song's own tempo, not that of an upbeat.
        first = next(iter(self._session.tempo), DEFAULT)
        tempo = self._number(transport, "Tempo", "bpm", (20.0, 999.0), first.bpm)
        metre = self._referenced(
            transport,
            "TimeSignature",
            denominator=str(first.beat_unit),
            numerator=str(first.beats_per_bar),
        )
        tracks = self._structure(ET.SubElement(root, "Structure"))
        arrangement = self._referenced(root, "Arrangement")
        lanes = self._referenced(arrangement, "Lanes", timeUnit="beats")
        for track, track_id, file in zip(self._session.tracks, tracks, media, strict=True):
            lane = self._referenced(lanes, "Lanes", track=track_id)
            self._clip(self._referenced(lane, "Clips"), track, file)
        self._markers(arrangement)
        self._tempo_map(arrangement, tempo.attrib["id"], metre.attrib["id"])
        ET.SubElement(root, "Scenes")
        return root

    def _referenced(self, parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
        return ET.SubElement(parent, tag, {"id": f"id{next(self._ids)}", **attributes})

    def _number(
        self,
        parent: ET.Element,
        tag: str,
        unit: str,
        reach: tuple[float, float],
        value: float,
    ) -> ET.Element:
        least, most = reach
        return self._referenced(
            parent,
            tag,
            name=tag,
            min=repr(least),
            max=repr(max(most, value)),
            unit=unit,
            value=repr(float(value)),
        )

    def _structure(self, structure: ET.Element) -> list[str]:
        """The tracks and their channels; the ids of the tracks."""
        master = ET.Element("Track", contentType="audio notes", loaded="true", name="Master")
        master.set("id", f"id{next(self._ids)}")
        channel = self._channel(master, "master", mute=False)
        self._number(channel, "Pan", "normalized", (0.0, 1.0), 0.5)
        self._number(channel, "Volume", "linear", (0.0, LOUDEST_GAIN), 1.0)
        ids = []
        for track in self._session.tracks:
            name = xml_text(track.name)
            element = self._referenced(
                structure,
                "Track",
                contentType="audio",
                loaded="true",
                name=name,
                color=track.colour,
            )
            ids.append(element.attrib["id"])
            own = self._channel(element, "regular", mute=track.mute)
            own.set("destination", channel.attrib["id"])
            gain = from_db(track.level_db)
            self._number(own, "Pan", "normalized", (0.0, 1.0), (track.pan + 1.0) / 2.0)
            self._number(own, "Volume", "linear", (0.0, LOUDEST_GAIN), gain)
        structure.append(master)
        return ids

    def _channel(self, track: ET.Element, role: str, *, mute: bool) -> ET.Element:
        channels = str(self._session.channels)
        channel = self._referenced(
            track, "Channel", audioChannels=channels, role=role, solo="false"
        )
        self._referenced(channel, "Mute", value="true" if mute else "false", name="Mute")
        return channel

    def _clip(self, clips: ET.Element, track: SessionTrack, file: str) -> None:
        session = self._session
        seconds = session.frames / session.sample_rate
        start = self._grid.beat_at(session.origin_seconds)
        end = self._grid.beat_at(session.origin_seconds + seconds)
        clip = ET.SubElement(
            clips,
            "Clip",
            time=repr(start),
            duration=repr(end - start),
            contentTimeUnit="seconds",
            playStart="0.0",
            playStop=repr(seconds),
            fadeTimeUnit="seconds",
            fadeInTime="0.0",
            fadeOutTime="0.0",
            name=xml_text(track.name),
            color=track.colour,
        )
        audio = self._referenced(
            clip,
            "Audio",
            algorithm="raw",
            channels=str(session.channels),
            duration=repr(seconds),
            sampleRate=str(session.sample_rate),
        )
        ET.SubElement(audio, "File", path=file)

    def _markers(self, arrangement: ET.Element) -> None:
        session = self._session
        if not session.markers:
            return
        markers = self._referenced(arrangement, "Markers", timeUnit="beats")
        for marker in session.markers:
            seconds = session.origin_seconds + marker.frame / session.sample_rate
            ET.SubElement(
                markers,
                "Marker",
                time=repr(self._grid.beat_at(seconds)),
                name=xml_text(marker.name),
            )

    def _tempo_map(self, arrangement: ET.Element, tempo_id: str, metre_id: str) -> None:
        points = self._grid.points
        if len(points) == 1:
            return  # the transport says it all
        tempo = self._referenced(arrangement, "TempoAutomation", timeUnit="beats", unit="bpm")
        metre = self._referenced(arrangement, "TimeSignatureAutomation", timeUnit="beats")
        ET.SubElement(tempo, "Target", parameter=tempo_id)
        ET.SubElement(metre, "Target", parameter=metre_id)
        for point in points:
            time = repr(float(point.beat))
            ET.SubElement(
                tempo, "RealPoint", time=time, value=repr(float(point.bpm)), interpolation="hold"
            )
            ET.SubElement(
                metre,
                "TimeSignaturePoint",
                time=time,
                numerator=str(point.beats_per_bar),
                denominator=str(point.beat_unit),
            )
