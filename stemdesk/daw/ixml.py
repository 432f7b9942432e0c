"""The `iXML` chunk of a Broadcast Wave file (iXML specification 2.10, ixml.info)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.daw.xml_text import xml_bytes, xml_text

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from stemdesk.daw.session import Session

_VERSION = "2.10"


@dataclass(frozen=True)
class FileSet:
    """The files that a file belongs with.

    Attributes:
        name: of all of them.
        identity: of all of them.
        number: of this one, from 1 on.
        total: how many there are.
    """

    name: str
    identity: uuid.UUID
    number: int
    total: int


@dataclass(frozen=True)
class IXml:
    """What a file says about its channels and its session.

    Attributes:
        session: title, artist, rate and tempo.
        identity: of the file.
        files: those it belongs with.
        channels: their names.
        bits: of a sample.
        time_reference: first sample of the file in samples since midnight.
    """

    session: Session
    identity: uuid.UUID
    files: FileSet
    channels: Sequence[str]
    bits: int
    time_reference: int

    def encoded(self) -> bytes:
        """The document in UTF-8."""
        root = ET.Element("BWFXML")
        _add(root, "IXML_VERSION", _VERSION)
        _add(root, "PROJECT", self.session.title)
        _add(root, "NOTE", self._note())
        _add(root, "FILE_UID", self.identity.hex)
        self._add_speed(root)
        self._add_files(root)
        self._add_tracks(root)
        return xml_bytes(root)

    def _note(self) -> str:
        artist = [self.session.artist] if self.session.artist else []
        tempo = [
            f"{change.bpm:g} bpm, {change.beats_per_bar}/{change.beat_unit}"
            for change in self.session.tempo
        ]
        if len(tempo) > 1:
            tempo = [f"{tempo[0]}, changing"]
        return "; ".join(artist + tempo)

    def _add_speed(self, root: ET.Element) -> None:
        rate = str(self.session.sample_rate)
        speed = ET.SubElement(root, "SPEED")
        _add(speed, "FILE_SAMPLE_RATE", rate)
        _add(speed, "AUDIO_BIT_DEPTH", str(self.bits))
        _add(speed, "DIGITIZER_SAMPLE_RATE", rate)
        _add(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", str(self.time_reference >> 32))
        _add(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", str(self.time_reference & 0xFFFFFFFF))
        _add(speed, "TIMESTAMP_SAMPLE_RATE", rate)

    def _add_files(self, root: ET.Element) -> None:
        files = ET.SubElement(root, "FILE_SET")
        _add(files, "TOTAL_FILES", str(self.files.total))
        _add(files, "FAMILY_UID", self.files.identity.hex)
        _add(files, "FAMILY_NAME", self.files.name)
        _add(files, "FILE_SET_INDEX", str(self.files.number))

    def _add_tracks(self, root: ET.Element) -> None:
        tracks = ET.SubElement(root, "TRACK_LIST")
        _add(tracks, "TRACK_COUNT", str(len(self.channels)))
        for number, name in enumerate(self.channels, start=1):
            track = ET.SubElement(tracks, "TRACK")
            _add(track, "CHANNEL_INDEX", str(number))
            _add(track, "INTERLEAVE_INDEX", str(number))
            _add(track, "NAME", name)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = xml_text(text)
