"""A track with known stems, the plug-in's builds, and a host that plays the track."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from stemdesk.app.bridge.slots import next_stems, numbered_slot, slots_folder
from stemdesk.app.bridge.stem_file import write_stem_file

HERE = Path(__file__).parent
SOURCE = HERE.parents[2] / "plugins" / "bridge"
NAMES = ("vocals", "drums", "bass", "other")
STATUSES = (
    "none",
    "ready",
    "armed",
    "capturing",
    "waiting",
    "separating",
    "failed",
    "stopped",
    "overflow",
    "disk",
    "busy",
    "rate",
    "channels",
    "damaged",
    "stale",
)
SLOT, CAPTURE, CLOCK, STATUS = 8, 9, 10, 11
OFF_DB = -84.0


@dataclass(frozen=True)
class Track:
    """What a DAW's track plays.

    Attributes:
        stems: name -> float32 `[frames, channels]`, multiples of 2^-15, which sum to `mixture`.
        rate: Hz.
    """

    stems: dict[str, np.ndarray]
    rate: int

    @property
    def mixture(self):
        return sum(self.stems.values())

    @property
    def channels(self):
        return self.mixture.shape[1]

    def write_stems(self, folder, names=None):
        """The stems as files, name -> path."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = {}
        for name, stem in self.stems.items():
            if names is None or name in names:
                paths[name] = folder / f"{name}.wav"
                soundfile.write(paths[name], stem, self.rate, "FLOAT")
        return paths


def noise_track(seconds=3.0, channels=2, rate=48_000, seed=1):
    random = np.random.default_rng(seed)
    shape = (int(seconds * rate), channels)
    steps = {name: random.integers(-7000, 7000, shape) for name in NAMES}
    return Track({name: (s / 32_768).astype(np.float32) for name, s in steps.items()}, rate)


def publish(track, tmp_path, slot=1, origin_frame=0):
    """Give the stems of a track to the plug-in, as the service does."""
    folder = numbered_slot(slots_folder(), slot)
    folder.mkdir(parents=True, exist_ok=True)
    target = next_stems(folder)
    write_stem_file(target, track.write_stems(tmp_path / "stems"), origin_frame)
    return target


def expected(track, gains, frame, frames, origin_frame=0):
    """What must come out of the plug-in: the law, in double precision, rounded once."""
    out = at(track.mixture, frame, frames).astype(np.float64)
    for name, gain in gains.items():
        out += (gain - 1.0) * at(track.stems[name], frame - origin_frame, frames)
    return out.astype(np.float32)


def at(samples, frame, frames):
    """A passage, with silence before the beginning and after the end."""
    first, last = max(frame, 0), min(frame + frames, len(samples))
    passage = np.zeros((frames, samples.shape[1]), samples.dtype)
    if first < last:
        passage[first - frame : last - frame] = samples[first:last]
    return passage


def wait_for(status, milliseconds=20_000):
    """A line of a script."""
    return f"wait {STATUSES.index(status)} {milliseconds}"


class Player:
    """Plays a track through the plug-in.

    Args:
        command: the host and what it is run by.
        plugin: the CLAP file.
        folder: for scripts and sound.
    """

    def __init__(self, command, plugin, folder):
        self._command, self.plugin, self._folder = command, plugin, folder
        self._runs = 0

    def __call__(self, track, script, **environment):
        """What comes out, float32 `[frames, channels]`, and what the host said."""
        process, read = self.start(track, script, **environment)
        said, complaints = process.communicate(timeout=300)
        assert process.returncode == 0, f"{process.returncode}: {said}{complaints}"
        return read(), said

    def start(self, track, script, **environment):
        """The process, and a function that reads what came out of it."""
        self._runs += 1
        script_path, song, out = (
            self._folder / f"{self._runs}.{kind}" for kind in ("txt", "song", "out")
        )
        script_path.write_text("\n".join(script) + "\n")
        track.mixture.astype("<f4").tofile(song)
        process = subprocess.Popen(
            [
                *self._command,
                str(self.plugin),
                str(script_path),
                str(song),
                str(out),
                str(track.channels),
                str(track.rate),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        return process, lambda: np.fromfile(out, "<f4").reshape(-1, track.channels)
