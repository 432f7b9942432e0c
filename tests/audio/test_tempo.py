import numpy as np
import pytest

from stemdesk.audio.clip import AudioClip
from stemdesk.audio.tempo import find_tempo
from stemdesk.mixing.sources import ClipStem

RATE = 22050


def beats(bpm, first_seconds=0.3, seconds=30.0, offbeats=0.4):
    """Short noises on the beats, the first of four the loudest, softer ones between them."""
    rng = np.random.default_rng(1)
    samples = rng.normal(0, 1e-3, round(seconds * RATE))
    hit = rng.normal(0, 1, 1500) * np.exp(-np.arange(1500) / 300)
    times = np.arange(first_seconds, seconds - 0.2, 30 / bpm)
    for index, time in enumerate(times):
        level = offbeats if index % 2 else (0.9 if index % 8 == 0 else 0.6)
        at = round(time * RATE)
        samples[at : at + len(hit)] += level * hit
    return samples


def source(samples):
    return ClipStem(AudioClip(samples[None].astype(np.float32), RATE))


@pytest.mark.parametrize("bpm", [72.0, 93.5, 120.0, 128.25, 168.0])
@pytest.mark.parametrize("first", [0.05, 0.31])
def test_a_steady_beat_is_found_with_its_place(bpm, first):
    found = find_tempo(source(beats(bpm, first)))
    # Between 72 with eighths and 144 only a listener's taste decides.
    assert found.bpm == pytest.approx(144.0 if bpm == 72.0 else bpm, rel=1e-3)
    bpm = found.bpm
    late = (found.first_beat_seconds - first) % (60 / bpm)
    assert min(late, 60 / bpm - late) < 0.025


def test_after_four_minutes_the_pulse_is_still_on_the_beat():
    found = find_tempo(source(beats(127.3, 0.2, seconds=240.0)))
    last_beat = int((240 - found.first_beat_seconds) * 127.3 / 60)
    drift = last_beat * abs(60 / found.bpm - 60 / 127.3)
    assert drift < 0.03


def test_where_nothing_beats_there_is_no_tempo():
    rng = np.random.default_rng(2)
    assert find_tempo(source(np.zeros(30 * RATE))) is None
    assert find_tempo(source(0.1 * np.sin(np.arange(30 * RATE) * 0.05))) is None
    assert find_tempo(source(rng.normal(0, 0.1, 30 * RATE))) is None
    assert find_tempo(source(np.zeros(100))) is None


@pytest.mark.parametrize("frames", [1, 300, RATE // 2, RATE, RATE + 1, 2 * RATE])
def test_what_is_too_short_has_none(frames):
    assert find_tempo(source(np.random.default_rng(3).normal(0, 0.1, frames))) is None


def test_the_way_is_reported_and_can_be_stopped():
    class Stop(Exception):
        pass

    told = []

    def report(fraction, stage):
        told.append(fraction)
        if fraction > 0.5:
            raise Stop

    with pytest.raises(Stop):
        find_tempo(source(beats(120, seconds=60)), report)
    assert told == sorted(told)
    assert told[0] == 0
