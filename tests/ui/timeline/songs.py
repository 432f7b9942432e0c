"""A song and its sound, small and at hand."""

from __future__ import annotations

import numpy as np

from stemdesk.audio.peaks import Peaks as Pyramid
from stemdesk.mixing.addresses import with_effect
from stemdesk.mixing.settings import EffectSettings, neutral
from stemdesk.project.document import MediaRef, Span, StemSet, Tempo, Track

RATE = 44_100
STEMS = ("vocals", "drums", "bass", "other")


class FakePeaks:
    """Sound at hand, with the real pyramid over it."""

    def __init__(self, samples, known=None):
        self.sound = np.asarray(samples, np.float32)
        self.channels, self.frames = self.sound.shape
        self.sample_rate = RATE
        self.known_spans = known or (Span(first_frame=0, end_frame=self.frames),)
        self.at_hand = True
        self.pyramid = Pyramid(RATE, self.channels, self.frames)
        self.pyramid.put(0, self.sound)

    def columns(self, first_frame, end_frame, count):
        return self.pyramid.columns(first_frame, end_frame, count)

    def samples(self, first_frame, end_frame):
        assert 0 <= first_frame <= end_frame <= self.frames
        return self.sound[:, first_frame:end_frame] if self.at_hand else None


def song(seconds=20.0, stems=STEMS, **fields):
    frames = round(seconds * RATE)
    ref = MediaRef(path="song.wav", frames=frames, sample_rate=RATE, channels=2)
    separated = StemSet(model="tiny", stems=dict.fromkeys(stems, ref))
    mix = neutral(stems)
    if "vocals" in stems:
        mix = with_effect(mix, "vocals", EffectSettings(kind="reverb"))
    fields = {"tempo": Tempo(bpm=120.0), "mix": mix, **fields}
    return Track(id="1", name="Song", mixture=ref, separated=separated, **fields)
