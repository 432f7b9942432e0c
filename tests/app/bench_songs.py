"""A workbench with a song and stems that nobody had to separate."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import soundfile

from stemdesk.app.bench.song_separation import Separated
from stemdesk.project.document import MediaRef, StemSet

RATE = 44_100
SECONDS = 2


def save_noise(path, seed=1):
    """Two seconds of noise."""
    rng = np.random.default_rng(seed)
    noise = np.round(rng.normal(0, 0.05, (SECONDS * RATE, 2)) * 2**15) / 2**15
    soundfile.write(path, noise, RATE, subtype="PCM_16")
    return path


def until(bench, condition, seconds=30):
    """Pump until something is so; what the bench complains of meanwhile stays in its problems."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, list(bench.problems)
        bench.pump()
        time.sleep(0.01)


def opened(bench, path):
    """A song, measured."""
    bench.open([path])
    until(bench, lambda: bench.track is not None and bench.findings.measures.get(bench.track.id))
    return bench.track


def stems_of(bench, folder, names, seed=7):
    """Stems in the project that sum to the current song: noise, and what it lacks of the song."""
    song, _ = soundfile.read(bench.papers.song_of(bench.track), always_2d=True)
    rng = np.random.default_rng(seed)
    rest = song.copy()
    files = {}
    for name in names:
        stem = rest
        if name != names[-1]:
            stem = np.round(rng.normal(0, 0.02, song.shape) * 2**15) / 2**15
            rest = rest - stem
        path = folder / f"{name}-{seed}.wav"
        soundfile.write(path, stem, RATE, subtype="FLOAT")
        ref = MediaRef(path=str(path), frames=len(song), sample_rate=RATE, channels=2)
        files[name] = bench.papers.file.media.take_in(ref)
    return StemSet(model=f"model {seed}", stems=files)


def separated(bench, stems):
    """A separation of the current song is done."""
    bench.separating._separated(bench.track.id, SimpleNamespace(result=Separated(stems, None, ())))
