"""Recorded one-shots and notes, decoded once and kept."""

import re
from collections import OrderedDict
from pathlib import Path

import numpy as np
import soundfile
import soxr

from stemdesk_training.corpus.waveform import RATE_HZ, Audio

_SEMITONES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_NOTE = re.compile(r"^([a-g])(#|b)?(-?\d)$")


def load(path: Path) -> Audio:
    """Decode a file to ``[2, frames]`` at 44.1 kHz (mono is doubled)."""
    raw, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    if rate_hz != RATE_HZ:
        raw = soxr.resample(raw, rate_hz, RATE_HZ, "MQ")
    clip = np.ascontiguousarray(np.asarray(raw, dtype=np.float32).T[:2])
    return np.repeat(clip, 2, axis=0) if clip.shape[0] == 1 else clip


def midi_of(name: str) -> int:
    """MIDI pitch of a note name such as ``gb4`` or ``C#3`` (C4 is 60)."""
    match = _NOTE.match(name.lower())
    if match is None:
        msg = f"not a note name: {name!r}"
        raise ValueError(msg)
    letter, accidental, octave = match.groups()
    shift = {"#": 1, "b": -1, None: 0}[accidental]
    return 12 * (int(octave) + 1) + _SEMITONES[letter] + shift


class SampleShelf:
    """Decoded files, least recently used thrown out beyond ``limit_mib``."""

    def __init__(self, limit_mib: float = 600.0) -> None:
        """Start empty."""
        self._clips: OrderedDict[Path, Audio] = OrderedDict()
        self._bytes = 0
        self._limit_bytes = limit_mib * 2**20

    def get(self, path: Path) -> Audio:
        """The file as ``[2, frames]`` at 44.1 kHz; do not write into it."""
        if path in self._clips:
            self._clips.move_to_end(path)
            return self._clips[path]
        clip = load(path)
        self._clips[path] = clip
        self._bytes += clip.nbytes
        while self._bytes > self._limit_bytes and len(self._clips) > 1:
            _, old = self._clips.popitem(last=False)
            self._bytes -= old.nbytes
        return clip
