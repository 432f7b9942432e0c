"""The rider: distance, range, pauses, bleed, speed, look-ahead."""

import numpy as np
import pytest

from stemdesk.audio.k_weighting import KWeighting
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from tests.mixing.effects.signals import RATE, db, make, pink, rms_db, run, values_of


def loudness(sound, rate=RATE):
    """K-weighted, LUFS, of it all."""
    return -0.691 + 10 * np.log10(KWeighting(rate, len(sound)).push(sound).mean())


def stretch(*levels_and_seconds, seed=0, rate=RATE):
    """Pink noise that changes its level."""
    parts = [
        pink(seconds, level_db, rate, seed + number)
        for number, (level_db, seconds) in enumerate(levels_and_seconds)
    ]
    return np.repeat(np.concatenate(parts, axis=1), 2, axis=0)


def between(sound, first, last, late=0, rate=RATE):
    return sound[:, round(first * rate) + late : round(last * rate) + late]


def ride(voice, rest, rate=RATE, **values):
    """The voice as ridden, put back in time."""
    effect = make("rider", rate, **{"range_db": 20.0, "speed_ms": 100.0, **values})
    late = effect.latency_frames
    padded = [np.pad(each, ((0, 0), (0, late))) for each in (voice, rest)]
    return run(effect, *padded)[:, late:]


@pytest.mark.parametrize("rate", [8000, RATE, 192_000])
@pytest.mark.parametrize("distance_db", [-6.0, 3.0])
def test_keeps_the_distance_when_the_voice_changes(distance_db, rate):
    seconds = 2.0 if rate < 100_000 else 1.2
    voice = stretch((-30.0, seconds), (-18.0, seconds), rate=rate)
    rest = stretch((-24.0, 2 * seconds), seed=9, rate=rate)
    ridden = ride(voice, rest, rate, distance_db=distance_db)
    for end in (seconds, 2 * seconds):
        heard = [between(each, end - 0.5, end - 0.3, rate=rate) for each in (ridden, rest)]
        distance = loudness(heard[0], rate) - loudness(heard[1], rate)
        assert distance == pytest.approx(distance_db, abs=1.5)


def test_keeps_the_distance_when_the_rest_changes():
    voice = stretch((-24.0, 4.0))
    rest = stretch((-30.0, 2.0), (-20.0, 2.0), seed=9)
    ridden = ride(voice, rest)
    for end in (2.0, 4.0):
        heard = [between(each, end - 0.6, end - 0.1) for each in (ridden, rest)]
        assert loudness(heard[0]) - loudness(heard[1]) == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("range_db", [0.0, 4.0])
@pytest.mark.parametrize(("voice_db", "sign"), [(-40.0, 1), (-10.0, -1)])
def test_respects_its_range(range_db, voice_db, sign):
    voice, rest = stretch((voice_db, 2.0)), stretch((-24.0, 2.0), seed=9)
    ridden = ride(voice, rest, range_db=range_db)
    gains_db = [
        rms_db(between(ridden, at, at + 0.1)) - rms_db(between(voice, at, at + 0.1))
        for at in np.arange(0.5, 1.9, 0.1)
    ]
    assert np.allclose(gains_db, sign * range_db, atol=0.01)


def gain_at(ridden, voice, seconds):
    return rms_db(between(ridden, seconds, seconds + 0.02)) - rms_db(
        between(voice, seconds, seconds + 0.02)
    )


@pytest.mark.parametrize(
    ("rest_db", "voice_db", "pause_db"),
    [
        (-24.0, -30.0, -46.0),  # bleed, seen by its distance from the rest
        (-24.0, -30.0, -90.0),
        (-36.0, -26.0, -49.0),  # breath, seen by its distance from the voice
        (-52.0, -46.0, -65.0),  # hiss
    ],
)
def test_a_pause_of_the_voice_holds_the_gain(rest_db, voice_db, pause_db):
    """What sounds between the lines is neither raised nor lowered."""
    voice = stretch((voice_db, 1.5), (pause_db, 3.0), (voice_db, 1.0))
    ridden = ride(voice, stretch((rest_db, 5.5), seed=9))
    before = gain_at(ridden, voice, 1.2)
    assert before == pytest.approx(rest_db - voice_db, abs=1.5)
    held = [gain_at(ridden, voice, at) for at in np.arange(2.0, 4.4, 0.2)]
    assert np.allclose(held, held[0], atol=0.05)
    assert held[0] == pytest.approx(before, abs=1.5)
    assert gain_at(ridden, voice, 5.3) == pytest.approx(rest_db - voice_db, abs=1.5)


def test_the_gain_is_held_from_the_end_of_a_line_on():
    """Its last, softer word has less say once it is over, not more."""
    voice = stretch((-20.0, 1.5), (-30.0, 0.25), (-90.0, 1.0))
    ridden = ride(voice, stretch((-24.0, 2.75), seed=9), speed_ms=50.0)
    held = [gain_at(ridden, voice, at) for at in (1.95, 2.0, 2.1, 2.3, 2.6)]
    assert np.allclose(held, held[0], atol=0.1)


def test_bleed_before_the_first_word_is_not_raised():
    voice = stretch((-48.0, 1.5), (-30.0, 1.5))
    ridden = ride(voice, stretch((-24.0, 3.0), seed=9))
    assert gain_at(ridden, voice, 1.0) == pytest.approx(0.0, abs=0.01)
    assert gain_at(ridden, voice, 2.8) == pytest.approx(6.0, abs=1.0)


def test_a_pause_of_the_rest_holds_the_gain():
    voice = stretch((-30.0, 4.0))
    ridden = ride(voice, stretch((-24.0, 1.5), (-90.0, 2.5), seed=9))
    held = [gain_at(ridden, voice, at) for at in np.arange(2.0, 3.9, 0.2)]
    assert np.allclose(held, held[0], atol=0.05)
    assert held[0] == pytest.approx(6.0, abs=1.5)


@pytest.mark.parametrize("speed_ms", [100.0, 1000.0])
def test_speed(speed_ms):
    """The distance asked for changes by 10 dB: after `speed_ms`, 63 % of that are done."""
    voice, rest = stretch((-24.0, 4.0)), stretch((-24.0, 4.0))
    values = {"range_db": 20.0, "speed_ms": speed_ms}
    effect = make("rider", **values)
    change = {172: values_of("rider", distance_db=10.0, **values)}
    run(effect, between(voice, 0, 2.0), between(rest, 0, 2.0), change)
    seconds_in = (between(voice, 0, 2.0).shape[1] // 512 + 1 - 172) * 512 / RATE
    blocks = round((speed_ms / 1000 - seconds_in) * RATE / 512)
    more = blocks * 512
    run(effect, voice[:, -more:], rest[:, -more:])
    assert effect.gain_db == pytest.approx(6.3, abs=0.7)


def test_the_first_word_is_right_from_its_start():
    """No swell at the start of a song, or after a seek."""
    voice, rest = stretch((-34.0, 1.5)), stretch((-24.0, 1.5), seed=9)
    ridden = ride(voice, rest, speed_ms=2000.0)
    assert gain_at(ridden, voice, 0.1) == pytest.approx(10.0, abs=1.5)


def test_it_moves_before_the_sound_does():
    effect = make("rider")
    assert effect.latency_frames / RATE == pytest.approx(0.1, abs=0.01)
    voice, rest = stretch((-24.0, 2.0), (-12.0, 1.0)), stretch((-24.0, 3.0), seed=9)
    ridden = ride(voice, rest, speed_ms=50.0)
    assert gain_at(ridden, voice, 1.97) < gain_at(ridden, voice, 1.85) - 1.0


def test_its_gain_moves_smoothly():
    voice, rest = stretch((-24.0, 1.0), (-12.0, 1.0)), stretch((-24.0, 2.0), seed=9)
    voice[np.abs(voice) < 1e-4] = 1e-4
    gain = (ride(voice, rest, speed_ms=50.0) / voice)[0, 15_000:]
    assert db(gain.min()) < -8.0
    assert np.abs(np.diff(db(gain))).max() < 0.02  # dB a frame


def test_it_needs_the_rest():
    assert EFFECT_KINDS["rider"].needs_rest
    assert not EFFECT_KINDS["rider"].on_master
    with pytest.raises(ValueError, match="rest"):
        make("rider").process(np.zeros((2, 512), np.float32), None)
