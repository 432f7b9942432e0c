"""The mixer of an Ardour session: the master's route and one for each track."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from stemdesk.audio.levels import from_db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk.daw.session import SessionTrack

FORMAT = "7002"
MASTER = "Master"
BALANCE = "http://ardour.org/plugin/panner_balance"
"""Ardour's "Stereo Balance": unity at the centre, and it lowers the side that a track leaves."""


class Routes:
    """Writes routes.

    Args:
        parent: the element `Routes`.
        channels: of every route.
        ids: never used ones.
    """

    def __init__(self, parent: ET.Element, channels: int, ids: Iterator[str]) -> None:
        self._parent, self._channels, self._ids = parent, channels, ids

    def add_master(self, sources: list[str]) -> None:
        """What all tracks run into.

        Args:
            sources: their names.
        """
        route = self._route(MASTER, {})
        ET.SubElement(route, "PresentationInfo", order="0", flags="MasterOut,OrderSet")
        self._ports(route, "Input", [f"{name}/audio_out {{}}" for name in sources])
        self._ports(route, "Output", ["system:playback_{}"])
        self._fader(route, 1.0)
        self._outlet(route, is_panned=False)

    def add_track(self, name: str, track: SessionTrack, order: int, playlist: str) -> str:
        """One track; its id.

        Args:
            name: unlike any other.
            track: its colour and what its strip is set to.
            order: from 1.
            playlist: id of what it plays.
        """
        route = self._route(name, {"audio-playlist": playlist, "mode": "Normal"})
        colour = str(int(track.colour[1:], 16) << 8 | 0xFF)
        shown = {"order": str(order), "flags": "AudioTrack,OrderSet", "color": colour}
        ET.SubElement(route, "PresentationInfo", shown)
        self._controllable(route, "mute", "Toggle,RealTime", float(track.mute))
        mute = {"mute-point": "PreFader,PostFader,Listen,Main", "muted": str(int(track.mute))}
        ET.SubElement(route, "MuteMaster", mute)
        pannable = ET.SubElement(route, "Pannable")
        self._controllable(pannable, "pan-azimuth", "", (track.pan + 1.0) / 2.0)
        self._ports(route, "Input", [])
        self._ports(route, "Output", [f"{MASTER}/audio_in {{}}"])
        self._fader(route, from_db(track.level_db))
        self._processor(route, f"player:{name}", "diskreader")
        self._processor(route, f"recorder:{name}", "diskwriter")
        self._outlet(route, is_panned=self._channels == 2)
        return route.attrib["id"]

    def _route(self, name: str, more: dict[str, str]) -> ET.Element:
        fixed = {"default-type": "audio", "active": "1", "strict-io": "0"}
        own = {"version": FORMAT, "id": next(self._ids), "name": name}
        return ET.SubElement(self._parent, "Route", {**own, **fixed, **more})

    def _controllable(self, parent: ET.Element, name: str, flags: str, value: float) -> None:
        own = {"name": name, "id": next(self._ids), "flags": flags, "value": repr(value)}
        ET.SubElement(parent, "Controllable", own)

    def _ports(self, route: ET.Element, direction: str, others: list[str]) -> None:
        name = route.attrib["name"]
        own = {"name": name, "id": next(self._ids), "direction": direction}
        io = ET.SubElement(route, "IO", {**own, "default-type": "audio"})
        side = "in" if direction == "Input" else "out"
        for number in range(1, self._channels + 1):
            port = ET.SubElement(io, "Port", type="audio", name=f"{name}/audio_{side} {number}")
            for other in others:
                ET.SubElement(port, "Connection", other=other.format(number))

    def _processor(self, route: ET.Element, name: str, kind: str) -> ET.Element:
        own = {"id": next(self._ids), "name": name, "active": "1", "type": kind}
        return ET.SubElement(route, "Processor", own)

    def _fader(self, route: ET.Element, gain: float) -> None:
        amplifier = self._processor(route, "Amp", "amp")
        self._controllable(amplifier, "gaincontrol", "GainLike", gain)

    def _outlet(self, route: ET.Element, *, is_panned: bool) -> None:
        name = route.attrib["name"]
        outlet = self._processor(route, name, "main-outs")
        for attribute, text in (("role", "Main"), ("own-input", "1"), ("own-output", "0")):
            outlet.set(attribute, text)
        outlet.set("output", name)
        # Past a panner that is bypassed, every channel goes to its own output as it is.
        panner = {"user-panner": BALANCE} if is_panned else {"bypassed": "1"}
        shell = ET.SubElement(outlet, "PannerShell", {"bypassed": "0", **panner})
        shell.set("linked-to-route", "1")
        if is_panned:
            ET.SubElement(shell, "Panner", {"uri": BALANCE, "user-panner": BALANCE})
