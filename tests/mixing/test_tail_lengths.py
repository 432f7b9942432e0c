"""How long a mix sounds on: what its effects say, added up, against what is heard."""

import numpy as np
import pedalboard
import pytest

from stemdesk.mixing.effects import freeverb
from stemdesk.mixing.recipe import with_choices
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import Point, changed, neutral
from tests.mixing.conftest import RATE, clip_stems, read_all
from tests.mixing.effects.signals import db, impulse, make, run

SONG_FRAMES = 1000
REVERB = {"amount": 1.0, "decay_seconds": 0.6, "predelay_ms": 0.0}
ECHO = {"amount": 1.0, "time_ms": 1000.0, "feedback": 0.0}


def mix_of(*effects):
    """Of the strips a and b; each effect a strip, a kind and its values."""
    choices = {
        f"{strip}.{kind}.{name}": value
        for strip, kind, values in effects
        for name, value in values.items()
    }
    return with_choices(neutral(("a", "b")), choices)


def tail_seconds(mix):
    stems = {name: np.zeros((1, SONG_FRAMES), np.float32) for name in "ab"}
    renderer = Renderer(clip_stems(stems), mix)
    seconds = (renderer.frames - SONG_FRAMES) / RATE
    renderer.close()
    return seconds


def test_one_after_the_other_tails_add_up_and_beside_one_another_they_do_not():
    short, long = (tail_seconds(mix_of(("a", *each))) for each in (("reverb", REVERB),
                                                                    ("delay", ECHO)))  # fmt: skip
    assert 0.5 < short
    assert long == pytest.approx(1.0, abs=0.01)
    both = pytest.approx(short + long, abs=0.001)
    assert tail_seconds(mix_of(("a", "reverb", REVERB), ("a", "delay", ECHO))) == both
    assert tail_seconds(mix_of(("a", "reverb", REVERB), ("master", "delay", ECHO))) == both
    assert tail_seconds(mix_of(("a", "delay", ECHO), ("master", "reverb", REVERB))) == both
    beside = tail_seconds(mix_of(("a", "reverb", REVERB), ("b", "delay", ECHO)))
    assert beside == pytest.approx(max(short, long), abs=0.001)


def test_an_echo_of_the_master_upon_an_echo_of_a_strip_is_heard():
    mix = mix_of(("a", "delay", ECHO), ("master", "delay", ECHO))
    click = np.zeros((1, SONG_FRAMES), np.float32)
    click[:, -1] = 0.25
    renderer = Renderer(clip_stems({"a": click, "b": np.zeros_like(click)}), mix)
    out = read_all(renderer)
    renderer.close()
    second = 2 * RATE + SONG_FRAMES - 1
    assert np.abs(out[0, second : second + 50]).max() > 0.05


@pytest.mark.parametrize("strip", ["a", "master"])
def test_a_tail_ends_after_half_a_minute(strip):
    endless = {"amount": 1.0, "time_ms": 2000.0, "feedback": 0.95}
    assert tail_seconds(mix_of((strip, "delay", endless))) == pytest.approx(30.0, abs=0.001)
    # Below that, nothing is cut: thirteen echoes to -90 dB at half the level each, and the first.
    shorter = {"amount": 1.0, "time_ms": 1700.0, "feedback": 0.5}
    seconds = tail_seconds(mix_of((strip, "delay", shorter)))
    assert seconds == pytest.approx(16 * 1.7, abs=0.01)


@pytest.mark.parametrize("automated", [False, True])
def test_a_strip_that_is_safe_from_solos_is_heard_to_its_end(automated):
    mix = mix_of(("a", "delay", ECHO))
    if automated:
        mix = changed(mix, automation={"b.solo": (Point(0.0, 1.0), Point(0.01, 1.0))})
    else:
        mix = with_choices(mix, {"b.solo": 1.0})
    assert tail_seconds(mix) == 0.0
    safe = changed(mix, strips=(changed(mix.strips[0], solo_safe=True), mix.strips[1]))
    assert tail_seconds(safe) == pytest.approx(1.0, abs=0.01)
    # But not one that is safe, and muted.
    assert tail_seconds(with_choices(safe, {"a.mute": 1.0})) == 0.0


def seconds_to_db(wave, level_db, rate=RATE):
    """When a decay has fallen to a level, below its highest, for good."""
    return np.flatnonzero(db(wave) > db(wave).max() + level_db)[-1] / rate


@pytest.mark.parametrize("predelay_ms", [0.0, 200.0])
@pytest.mark.parametrize("decay_seconds", [0.6, 1.5])
def test_the_reverb_s_tail_is_its_time_to_minus_90_db(decay_seconds, predelay_ms):
    values = {
        "decay_seconds": decay_seconds,
        "damping": 0.0,
        "amount": 1.0,
        "predelay_ms": predelay_ms,
    }
    effect = make("reverb", **values)
    sound = impulse(2.0 * decay_seconds + 0.5)
    wet = run(effect, sound) - sound
    measured = seconds_to_db(wet[1], -90.0)
    print(measured, effect.tail_seconds)
    assert measured < effect.tail_seconds < 1.1 * measured


@pytest.mark.parametrize("size", [0.2, 0.6])
def test_the_slowest_decay_is_that_of_the_last_frames_of_a_reverb(size):
    slowest = freeverb.slowest_decay_seconds(size)
    reverb = pedalboard.Reverb(room_size=size, damping=0.0, dry_level=0.0, wet_level=1.0, width=1.0)
    wet = reverb(impulse(4.2 * slowest), RATE)[1].astype(np.float64)
    blocks = wet[: len(wet) // 8192 * 8192].reshape(-1, 8192)
    levels_db = 10 * np.log10(np.mean(blocks**2, axis=1))
    late = slice(len(levels_db) // 2, None)
    slope = np.polyfit(np.arange(len(levels_db))[late] * 8192 / RATE, levels_db[late], 1)[0]
    print(slowest, -60 / slope, levels_db[-1])
    assert slowest == pytest.approx(-60 / slope, rel=0.01)
