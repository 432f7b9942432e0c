"""The document of an Ardour session: what lies where, and the tempo map."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from stemdesk.daw.ardour_routes import FORMAT, Routes
from stemdesk.daw.origin import origin_frames
from stemdesk.daw.tempo_grid import tempo_grid
from stemdesk.daw.xml_text import xml_text

if TYPE_CHECKING:
    from stemdesk.daw.session import Session
    from stemdesk.daw.tempo_grid import GridPoint

SUPERCLOCKS = 282_240_000
"""Ardour's units of time a second; the usual sample rates divide it."""
TICKS = 1920  # of a quarter note
FIRST_ID = 1000


class SessionDocument:
    """Builds the `.ardour` file.

    Args:
        session: what it says.
        name: of the session.

    Raises:
        UserError: the audio begins before the timeline does.
    """

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name
        self._origin_frame = origin_frames(session)
        self._ids = map(str, itertools.count(FIRST_ID))

    def build(self, names: list[str], files: list[str]) -> ET.Element:
        """The whole document.

        Args:
            names: of the tracks, all different.
            files: of their audio, in the session's folder of audio files.
        """
        root = self._root()
        self._metadata(root)
        sources, _ = ET.SubElement(root, "Sources"), ET.SubElement(root, "Regions")
        self._locations(root)
        channels = self._channels()
        routes = Routes(ET.SubElement(root, "Routes"), channels, self._ids)
        playlists = ET.SubElement(root, "Playlists")
        routes.add_master(names)
        tracks = zip(names, files, self._session.tracks, strict=True)
        for order, (name, file, track) in enumerate(tracks, 1):
            own = [self._source(sources, file, each) for each in range(self._session.channels)]
            playlist = ET.SubElement(playlists, "Playlist", id=next(self._ids), name=name)
            track_id = routes.add_track(name, track, order, playlist.attrib["id"])
            for attribute, text in (("type", "audio"), ("frozen", "0"), ("combine-ops", "0")):
                playlist.set(attribute, text)
            playlist.set("orig-track-id", track_id)
            self._region(playlist, name, own)
        ET.SubElement(root, "UnusedPlaylists")
        ET.SubElement(root, "RouteGroups")
        self._tempo_map(root)
        root.set("id-counter", next(self._ids))
        return root

    def _root(self) -> ET.Element:
        root = ET.Element("Session", version=FORMAT, name=xml_text(self._name))
        root.set("sample-rate", str(self._session.sample_rate))
        root.set("session-range-is-free", "0")
        for counter, start in (("name", "1"), ("event", "0"), ("vca", "1")):
            root.set(f"{counter}-counter", start)
        made_with = {"created-with": "StemDesk", "modified-with": "StemDesk"}
        ET.SubElement(root, "ProgramVersion", made_with)
        config = ET.SubElement(root, "Config")
        for option, value in (
            ("native-file-data-format", "FormatFloat"),
            ("native-file-header-format", "WAVE"),
        ):
            ET.SubElement(config, "Option", name=option, value=value)
        return root

    def _channels(self) -> int:
        """Of every route. Mono stays mono, unless somebody pans it: then left and right are it."""
        is_panned = any(track.pan for track in self._session.tracks)
        return 2 if self._session.channels == 1 and is_panned else self._session.channels

    def _clock(self, frames: int) -> int:
        rate = self._session.sample_rate
        return (frames * SUPERCLOCKS + rate // 2) // rate

    def _metadata(self, root: ET.Element) -> None:
        known = {name.lower(): text for name, text in self._session.tags.items()}
        known |= {"title": self._session.title, "artist": self._session.artist}
        metadata = ET.SubElement(root, "Metadata")
        for name in ("title", "artist", "album", "genre", "composer"):
            if known.get(name):
                ET.SubElement(metadata, name).text = xml_text(known[name])

    def _locations(self, root: ET.Element) -> None:
        locations, origin = ET.SubElement(root, "Locations"), self._origin_frame
        self._location(locations, "session", "IsSessionRange", (0, origin + self._session.frames))
        for marker in self._session.markers:
            place = origin + marker.frame
            self._location(locations, marker.name, "IsMark", (place, place))

    def _location(self, parent: ET.Element, name: str, flags: str, frames: tuple[int, int]) -> None:
        start, end = (f"a{self._clock(frame)}" for frame in frames)
        own = {"id": next(self._ids), "name": xml_text(name), "flags": flags, "locked": "0"}
        ET.SubElement(parent, "Location", {**own, "start": start, "end": end})

    def _source(self, sources: ET.Element, file: str, channel: int) -> str:
        own = {"id": next(self._ids), "name": file, "channel": str(channel)}
        fixed = {"type": "audio", "flags": "", "origin": "", "gain": "1"}
        ET.SubElement(sources, "Source", {**own, **fixed})
        return own["id"]

    def _region(self, playlist: ET.Element, name: str, sources: list[str]) -> None:
        length, origin = self._clock(self._session.frames), self._clock(self._origin_frame)
        place = {"start": "a0", "length": f"a{length}@a{origin}", "channels": str(len(sources))}
        off = ("muted", "locked", "automatic", "whole-file", "fade-in-active", "fade-out-active")
        fixed = {"type": "audio", "opaque": "1", "scale-amplitude": "1", "layering-index": "0"}
        own = {"name": name, "id": next(self._ids), "first-edit": "nothing"}
        region = ET.SubElement(
            playlist, "Region", {**own, **fixed, **dict.fromkeys(off, "0"), **place}
        )
        for number, source in enumerate(sources):
            region.set(f"source-{number}", source)
            region.set(f"master-source-{number}", source)

    def _tempo_map(self, root: ET.Element) -> None:
        tempo_map = ET.SubElement(root, "TempoMap", {"superclocks-per-second": str(SUPERCLOCKS)})
        tempos, metres = ET.SubElement(tempo_map, "Tempos"), ET.SubElement(tempo_map, "Meters")
        ET.SubElement(tempo_map, "MusicTimes")
        points = tempo_grid(self._session).points
        for point, bar_place in zip(points, bar_places(points), strict=True):
            ticks = round(point.beat * TICKS)
            place = {
                "sclock": str(round(point.seconds * SUPERCLOCKS)),
                "quarters": f"{ticks // TICKS}:{ticks % TICKS}",
                "bbt": bar_place,
            }
            tempo = {
                "npm": repr(float(point.bpm)),
                "enpm": repr(float(point.bpm)),
                "note-type": "4",
                "type": "Tempo::Constant",
                "active": "1",
                "locked-to-meter": "0",
                "continuing": "0",
                "omega": "0",
            }
            ET.SubElement(tempos, "Tempo", {**tempo, **place})
            if bar_place.endswith("|1|0"):
                metre = {
                    "note-value": str(point.beat_unit),
                    "divisions-per-bar": str(point.beats_per_bar),
                }
                ET.SubElement(metres, "Meter", {**metre, **place})


def bar_places(points: tuple[GridPoint, ...]) -> list[str]:
    """`bar|beat|tick` of each point of a grid, which counts beats in the metre's own notes."""
    places, bar, before = ["1|1|0"], 1, points[0]
    for point in points[1:]:
        bars, rest = divmod(round((point.beat - before.beat) * TICKS), before.bar_beats * TICKS)
        note_ticks = TICKS * 4 // before.beat_unit
        beat, tick = divmod(int(rest), note_ticks)
        if (point.beats_per_bar, point.beat_unit) != (before.beats_per_bar, before.beat_unit):
            # A metre begins with a bar, wherever the one before it stands.
            bar, beat, tick, before = bar + int(bars) + (rest > 0), 0, 0, point
            places.append(f"{bar}|1|0")
        else:
            places.append(f"{bar + int(bars)}|{beat + 1}|{tick}")
    return places
