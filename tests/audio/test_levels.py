from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemdesk.audio.clip import AudioClip
from stemdesk.audio.levels import db, from_db, peak_db, rms_db


@given(st.floats(-200, 200))
def test_from_db_undoes_db(level_db):
    assert db(from_db(level_db)) == pytest.approx(level_db, abs=1e-9)


def test_silence_is_minus_infinity_and_back():
    assert db(0.0) == -math.inf
    assert from_db(-math.inf) == 0.0
    assert peak_db(np.zeros((2, 0))) == rms_db(np.zeros((2, 0))) == -math.inf


def test_known_levels():
    sine = np.sin(2 * np.pi * np.arange(44_100) / 441)[None]
    assert peak_db(-2 * sine) == pytest.approx(6.02, abs=0.01)
    assert rms_db(sine) == pytest.approx(-3.01, abs=0.01)


def test_clip_knows_its_size():
    clip = AudioClip(np.zeros((2, 22_050), np.float32), 44_100)
    assert (clip.channels, clip.frames, clip.seconds) == (2, 22_050, 0.5)
