"""A hand on an automated control, as it is heard and as its ride is kept."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from stemdesk.app.listening import Listening
from stemdesk.audio.clip import AudioClip
from stemdesk.control.target import PLAY, POSITION, RECORD
from stemdesk.mixing.settings import Point, changed, neutral
from stemdesk.mixing.sources import ClipStem
from stemdesk.playback.silent import SilentDevice

RATE = 44_100
SECONDS = 20
LEVEL, STEADY = "vocals.level_db", 0.25
LONGEST_WAIT_SECONDS = 10.0


class Ears:
    """The silent clock, with the peaks of the two blocks it was given last."""

    def __init__(self):
        self.peaks = (0.0, 0.0)

    def open(self, _choice, sample_rate, channels, block_ms):
        device = SilentDevice(sample_rate, channels, block_ms)
        start = device.start

        def start_listening(callback):
            def listen(out, seconds):
                callback(out, seconds)
                self.peaks = (self.peaks[1], float(np.abs(out).max()))

            start(listen)

        device.start = start_listening
        return device

    @property
    def level_db(self):
        """-inf in silence; None while it changes."""
        one, other = self.peaks
        if abs(one - other) > 1e-4:
            return None
        return 20 * math.log10(max(one, other) / STEADY) if max(one, other) else -math.inf


@pytest.fixture
def ears():
    return Ears()


@pytest.fixture
def song(ears):
    """One steady stem, whose fader is automated to stand at -20 dB."""
    stems = {"vocals": ClipStem(AudioClip(np.full((2, SECONDS * RATE), STEADY, np.float32), RATE))}
    course = (Point(0.0, -20.0), Point(float(SECONDS), -20.0))
    mix = changed(neutral(("vocals",)), automation={LEVEL: course})
    with Listening(stems, mix, outputs=ears) as listening:
        yield listening


def wait_until(condition):
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def play(song, seconds=0.0):
    song.set(POSITION, seconds)
    song.set(PLAY, 1.0)
    assert wait_until(lambda: seconds < song.position_seconds < seconds + 5.0)


def heard(ears, level_db):
    """Whether the sound comes to stand at a level."""
    return wait_until(
        lambda: (now := ears.level_db) is not None and now == pytest.approx(level_db, abs=0.05)
    )


def test_a_hand_on_an_automated_fader_is_heard_until_it_lets_go(song, ears):
    play(song)
    assert heard(ears, -20.0), ears.level_db
    song.touch(LEVEL, down=True)
    song.set(LEVEL, -3.0)
    assert heard(ears, -3.0), ears.level_db
    song.touch(LEVEL, down=False)
    assert heard(ears, -20.0), ears.level_db


def test_a_hand_on_one_fader_leaves_the_automation_of_others_alone(song, ears):
    play(song)
    song.touch("vocals.pan", down=True)
    song.set("vocals.pan", 0.0)
    song.set("master.level_db", -6.0)
    assert heard(ears, -26.0), ears.level_db


def test_the_rest_that_a_hand_holds_after_its_last_move_is_in_the_ride(song, ears):
    song.set(RECORD, 1.0)
    play(song, 5.0)
    song.touch(LEVEL, down=True)
    before = song.position_seconds
    song.set(LEVEL, -6.0)
    moved = song.position_seconds
    assert wait_until(lambda: song.position_seconds > moved + 1.0)
    held = song.position_seconds
    song.touch(LEVEL, down=False)
    let_go = song.position_seconds
    song.set(RECORD, 0.0)
    song.set(PLAY, 0.0)
    rest = [
        point.seconds for point in song.mix.automation[LEVEL] if point.value == pytest.approx(-6.0)
    ]
    assert before - 0.2 < min(rest) < moved + 0.2
    assert held - 0.2 < max(rest) < let_go + 0.2
    assert heard(ears, -math.inf), ears.level_db
    play(song, moved + 0.4)
    assert heard(ears, -6.0), ears.level_db
    assert heard(ears, -20.0), ears.level_db
    assert song.position_seconds > held - 0.2
