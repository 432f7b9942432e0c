"""Tracks of stems in the document of a DAWproject, beside the clips they were separated from."""

from __future__ import annotations

import copy
import itertools
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.daw.dawproject_time import BEATS
from stemdesk.daw.xml_text import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from stemdesk.daw.dawproject_reading import DawProject, ProjectClip


@dataclass(frozen=True)
class ClipStem:
    """One stem of some clips.

    Attributes:
        name: of the stem.
        colour: `#rrggbb`.
        files: file of the project -> the stem of that file.
    """

    name: str
    colour: str
    files: Mapping[str, Path]


class DocumentWithStems:
    """A copy of a project's document that gets stems.

    Args:
        project: left as it is.
        clips: those that were separated.
    """

    def __init__(self, project: DawProject, clips: Sequence[ProjectClip]) -> None:
        places = {id(element): number for number, element in enumerate(project.root.iter())}
        self._root = copy.deepcopy(project.root)
        elements = list(self._root.iter())
        self._clips = [(clip, elements[places[id(clip.element)]]) for clip in clips]
        self._parents = {child: parent for parent in elements for child in parent}
        self._timelines = {each.get("id", ""): each for each in elements if each.get("id")}
        taken = {each.get("id") for each in elements}
        counter = (f"stemdesk{number}" for number in itertools.count(1))
        self._ids = (each for each in counter if each not in taken)

    def written(self) -> bytes:
        """As the file has it."""
        document: bytes = ET.tostring(self._root, encoding="UTF-8", xml_declaration=True)
        return document

    def add(self, stems: Sequence[ClipStem], media: Sequence[Mapping[str, str]]) -> list[str]:
        """Put all stems in, and switch the clips off; what could not be carried over."""
        notes = []
        by_track: dict[str, list[tuple[ProjectClip, ET.Element]]] = {}
        for clip, element in self._clips:
            by_track.setdefault(clip.track_id, []).append((clip, element))
        for track_id, clips in by_track.items():
            track = self._timelines.get(track_id)
            for stem, names in reversed(list(zip(stems, media, strict=True))):
                stem_track, same_ids = self._add_track(track, clips[0][0], stem)
                lane = self._add_lane(clips, stem_track)
                for clip, element in clips:
                    lane[0].append(self._copy(clip, element, stem, names))
                lane.extend(self._moved(track_id, same_ids))
            for _, element in clips:
                element.set("enable", "false")
            notes += self._quieten(track, track_id)
        return notes

    def _add_track(
        self, track: ET.Element | None, clip: ProjectClip, stem: ClipStem
    ) -> tuple[str, dict[str, str]]:
        """A track under the clip's; its id, and old ids of its channel -> new ones."""
        name = f"{stem.name} ({clip.track})" if clip.track else stem.name
        new = ET.Element("Track", contentType="audio", loaded="true", id=next(self._ids))
        new.set("name", xml_text(name))
        new.set("color", stem.colour)
        same_ids: dict[str, str] = {}
        channel = None if track is None else track.find("Channel")
        if channel is not None:
            own = copy.deepcopy(channel)
            for devices in own.findall("Devices"):
                own.remove(devices)
            same_ids = self._renumber(own)
            new.append(own)
        structure = self._root.find("Structure")
        if track is not None:
            self._insert_after(track, new)
        elif structure is not None:
            structure.insert(0, new)
        return new.attrib["id"], same_ids

    def _add_lane(self, clips: list[tuple[ProjectClip, ET.Element]], track_id: str) -> ET.Element:
        """Lanes with clips for a new track, under those of the first of some clips."""
        clip, element = clips[0]
        top = element
        lanes = self._root.find("Arrangement/Lanes")
        while self._parents[top] is not lanes:
            top = self._parents[top]
        lane = ET.Element("Lanes", track=track_id, timeUnit=clip.unit, id=next(self._ids))
        clip_lane = ET.SubElement(lane, "Clips", id=next(self._ids))
        clip_lane.set("timeUnit", clip.unit)
        self._insert_after(top, lane)
        return lane

    def _copy(
        self, clip: ProjectClip, element: ET.Element, stem: ClipStem, media: Mapping[str, str]
    ) -> ET.Element:
        """The clip as it is, with the stem for the audio."""
        new = copy.deepcopy(element)
        self._with_own_content(new)
        self._renumber(new)
        new.set("name", xml_text(f"{stem.name} ({clip.name})" if clip.name else stem.name))
        new.set("color", stem.colour)
        for file in new.iter("File"):
            name = media.get(file.get("path", ""))
            if name is not None:
                file.set("path", name)
                file.attrib.pop("external", None)
        return new

    def _with_own_content(self, clip: ET.Element) -> None:
        """What a clip shares with others becomes its own: theirs goes on playing the song."""
        for each in list(clip.iter("Clip")):
            shared = self._timelines.get(each.get("reference", ""))
            if shared is not None:
                del each.attrib["reference"]
                each.append(copy.deepcopy(shared))

    def _moved(self, track_id: str, same_ids: Mapping[str, str]) -> Iterator[ET.Element]:
        """Curves of a track that drive what a new channel has too, driving that."""
        for points, unit in self._on_track(track_id, "Points"):
            target = points.find("Target")
            parameter = "" if target is None else target.get("parameter", "")
            if parameter not in same_ids:
                continue
            new = copy.deepcopy(points)
            self._renumber(new)
            new.attrib.pop("track", None)
            new.set("timeUnit", unit)
            for each in new.findall("Target"):
                each.set("parameter", same_ids[parameter])
            yield new

    def _on_track(self, track_id: str, tag: str) -> list[tuple[ET.Element, str]]:
        """Clips or curves that lie on a track, with the unit of their times."""
        lanes = self._root.find("Arrangement/Lanes")
        return [] if lanes is None else list(_below(lanes, track_id, tag, ("", BEATS)))

    def _quieten(self, track: ET.Element | None, track_id: str) -> list[str]:
        """Mute a track on which nothing is left on; what its stems lack."""
        channel = None if track is None else track.find("Channel")
        if track is None or channel is None:
            return []
        clips = self._on_track(track_id, "Clip")
        if all(clip.get("enable") == "false" for clip, _ in clips):
            self._mute(channel)
        if channel.find("Devices/*") is None:
            return []
        return [f"The devices of track {track.get('name', '')!r} stay there; its stems have none."]

    def _mute(self, channel: ET.Element) -> None:
        mute = channel.find("Mute")
        if mute is None:
            mute = ET.Element("Mute", id=next(self._ids), name="Mute")
            after = sum(each.tag == "Devices" for each in channel)
            channel.insert(after, mute)
        mute.set("value", "true")

    def _renumber(self, element: ET.Element) -> dict[str, str]:
        """Give everything in a copy an id of its own: old id -> new."""
        same = {}
        for each in element.iter():
            old = each.get("id")
            if old is not None:
                same[old] = next(self._ids)
                each.set("id", same[old])
        return same

    def _insert_after(self, element: ET.Element, new: ET.Element) -> None:
        parent = self._parents[element]
        parent.insert(list(parent).index(element) + 1, new)
        self._parents[new] = parent


def _below(
    timeline: ET.Element, track_id: str, tag: str, inherited: tuple[str, str]
) -> Iterator[tuple[ET.Element, str]]:
    """Elements of a tag on a track's timelines, which may lie anywhere in others."""
    track, unit = inherited
    track, unit = timeline.get("track", track), timeline.get("timeUnit", unit)
    for element in timeline:
        if element.tag == tag and element.get("track", track) == track_id:
            yield element, element.get("timeUnit", unit)
        elif element.tag in ("Lanes", "Clips"):
            yield from _below(element, track_id, tag, (track, unit))
