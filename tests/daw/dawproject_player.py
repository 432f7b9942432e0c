"""Plays a DAWproject as its format says, so that tests hear what was written."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import soundfile
from lxml import etree


class Player:
    """Raw audio in clips on tracks, tempo in steps; no clips in clips, no warps, no devices.

    Attributes:
        root: of `project.xml`.
        rate: of all audio files, Hz.
    """

    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)
        self.root = etree.fromstring(self.archive.read("project.xml"))
        points = self.root.findall("Arrangement/TempoAutomation/RealPoint")
        assert all(point.get("interpolation") == "hold" for point in points)
        self.tempo = [(float(p.get("time")), float(p.get("value"))) for p in points]
        self.tempo = self.tempo or [(0.0, float(self.root.find("Transport/Tempo").get("value")))]
        assert self.tempo[0][0] == 0.0
        self.rate = int(self.root.find(".//Audio").get("sampleRate"))

    def seconds(self, beat):
        total = 0.0
        ends = [start for start, _ in self.tempo[1:]] + [np.inf]
        for (start, bpm), end in zip(self.tempo, ends, strict=True):
            if beat > start:
                total += (min(beat, end) - start) * 60 / bpm
        return total

    def play(self):
        """`[frames, channels]` of the master."""
        parts = []
        channels = {track.get("id"): track.find("Channel") for track in self.root.iter("Track")}
        lanes = self.root.find("Arrangement/Lanes")
        for lane in lanes:
            gains = self._gains(channels[lane.get("track")])
            unit = lane.get("timeUnit", lanes.get("timeUnit", "beats"))
            for clip in lane.iter("Clip"):
                if next(clip.iterancestors("Clip"), None) is None:
                    parts += [(at, gains * audio) for at, audio in self._clip(clip, unit)]
        end = max(at + len(audio) for at, audio in parts)
        out = np.zeros((end, parts[0][1].shape[1]))
        for at, audio in parts:
            out[at : at + len(audio)] += audio
        return out

    def _gains(self, channel):
        assert channel.get("destination") == self.root.xpath("//Channel[@role='master']/@id")[0]
        if channel.find("Mute").get("value") == "true":
            return 0.0
        pan, volume = channel.find("Pan"), channel.find("Volume")
        assert (pan.get("unit"), volume.get("unit")) == ("normalized", "linear")
        side = 2 * float(pan.get("value")) - 1
        gain = float(volume.get("value"))
        return gain * np.array([min(1, 1 - side), min(1, 1 + side)]) if side else gain

    def _clip(self, clip, unit):
        if clip.get("enable") == "false":
            return []
        at = float(clip.get("time"))
        begin = self.seconds(at) if unit == "beats" else at
        end = at + float(clip.get("duration"))
        end = self.seconds(end) if unit == "beats" else end
        for name in ("fadeInTime", "fadeOutTime"):
            assert float(clip.get(name, "0")) == 0
        assert clip.get("contentTimeUnit") == "seconds"
        audio = clip.find("Audio")
        assert audio.get("algorithm") == "raw"
        data = io.BytesIO(self.archive.read(audio.find("File").get("path")))
        samples, rate = soundfile.read(data, always_2d=True)
        assert (rate, samples.shape[1]) == (self.rate, int(audio.get("channels")))
        first = round(float(clip.get("playStart", "0")) * rate)
        frames = round(end * rate) - round(begin * rate)
        return [(round(begin * rate), samples[first : first + frames])]
