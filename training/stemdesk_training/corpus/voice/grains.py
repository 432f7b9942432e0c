"""Passages sounded by moving the recordings' own pulses (PSOLA): no vocoder in between."""

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus import psola
from stemdesk_training.corpus.voice.track import Passage
from stemdesk_training.corpus.voice.world import HOP_FRAMES, HOP_SECONDS, Mono

_EDGE_SECONDS = 0.01


def render_grains(
    plan: list[Passage], pitch_hz: NDArray[np.float64], gain: Mono, formant: float
) -> Mono:
    """Sound passages along a contour (one value per 5 ms); mono, as long as the contour."""
    steps = len(pitch_hz)
    out = np.zeros(round(steps * HOP_FRAMES) + 1, dtype=np.float32)
    for passage in plan:
        begin = max(0, passage.start)
        place = passage.place[begin - passage.start :][: max(0, steps - begin)]
        if len(place) < 4:
            continue
        source = passage.recording
        voice = psola.mark(source.audio, source.pitch_hz.astype(np.float64))
        contour = pitch_hz[begin : begin + len(place)]
        clip = psola.resynthesise(voice, place * HOP_SECONDS, contour, formant)
        rise = max(_EDGE_SECONDS / HOP_SECONDS, passage.join) * HOP_FRAMES
        fall = max(_EDGE_SECONDS / HOP_SECONDS, passage.release) * HOP_FRAMES
        count = np.arange(len(clip))
        up = np.sin(0.5 * np.pi * np.minimum(1.0, (count + 1) / rise))
        down = np.minimum(1.0, (len(clip) - count) / fall)
        first = round(begin * HOP_FRAMES)
        stop = min(len(out), first + len(clip))
        shaped = (clip * up * down * passage.gain).astype(np.float32)
        out[first:stop] += shaped[: stop - first]
    at = np.arange(len(out)) / HOP_FRAMES
    return np.asarray(out * np.interp(at, np.arange(steps), gain), dtype=np.float32)
