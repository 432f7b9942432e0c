from __future__ import annotations

import numpy as np
import pytest

from stemdesk.app.bench.analysis import GLANCE_STRETCH, GLANCES, draw, glance
from stemdesk.audio.clip import AudioClip
from stemdesk.audio.peaks import Peaks
from stemdesk.audio.reading import open_audio
from stemdesk.mixing.sources import ClipStem
from tests.app.tiny import RATE, music, save_song


@pytest.mark.parametrize("pieces", [GLANCES // 2, GLANCES, GLANCES + 3])
def test_what_a_file_lacks_of_its_song_looks_silent(tmp_path, pieces):
    frames = 3 * GLANCES * GLANCE_STRETCH
    there = pieces * GLANCE_STRETCH + 5
    song = save_song(tmp_path / "shortened meanwhile.wav", music(there))
    peaks = Peaks(RATE, 2, frames)
    with open_audio(song) as reader:
        glance(reader, peaks, lambda *_: None)
    seen = peaks.columns(0, frames, 3 * GLANCES).high
    heard = round(there / GLANCE_STRETCH)
    assert np.all(seen[:, :heard] > 0)
    assert not seen[:, heard + 1 :].any()


@pytest.mark.parametrize("there", [0, 1000, 30_000, 70_001])
def test_a_sound_of_another_length_is_drawn_over_its_songs(there):
    frames = 30_000
    peaks = Peaks(RATE, 2, frames)
    samples = np.full((2, there), 0.5, np.float32)
    draw(ClipStem(AudioClip(samples, RATE)), peaks, lambda *_: None)
    seen = peaks.columns(0, frames, 100).high
    heard = min(100, there * 100 // frames)
    assert np.allclose(seen[:, :heard], 0.5, atol=1e-3)
    assert not seen[:, heard + 2 :].any()
