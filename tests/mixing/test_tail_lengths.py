"""How long a mix sounds on: what its effects say, added up, against what is heard."""

import numpy as np
import pedalboard
import pytest

from stemdesk.mixing.effects import freeverb
from stemdesk.mixing.recipe import with_choices
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import Point, changed, neutral
from tests.mixing.conftest import RATE, clip_stems, read_all
from tests.mixing.effects.signals import impulse, make, run

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
    short = tail_seconds(mix_of(("a", "reverb", REVERB)))
    long = tail_seconds(mix_of(("a", "delay", ECHO)))
    assert 0.9 < short < 1.3
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
    # Below that, nothing is cut: the first echo, and fifteen of half the last one's level.
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


def level_db(wave):
    """Over time, of 2048 frames around each."""
    power = np.convolve(wave.astype(np.float64) ** 2, np.full(2048, 1 / 2048), "same")
    return 10 * np.log10(np.maximum(power, 1e-30))


@pytest.mark.parametrize("predelay_ms", [0.0, 200.0])
@pytest.mark.parametrize("decay_seconds", [0.6, 1.5])
def test_the_reverb_s_tail_is_its_time_to_minus_90_db(decay_seconds, predelay_ms):
    values = {"decay_seconds": decay_seconds, "damping": 0.0, "predelay_ms": predelay_ms}
    effect = make("reverb", amount=1.0, **values)
    sound = impulse(2.0 * decay_seconds + 0.5)
    right = level_db((run(effect, sound) - sound)[1])
    measured = np.flatnonzero(right > right.max() - 90.0)[-1] / RATE
    assert 0.98 < effect.tail_seconds / measured < 1.07


@pytest.mark.parametrize("size", [0.0, 0.2, 0.6])
def test_no_part_of_the_reverb_decays_more_slowly_than_its_longest_comb(size):
    """From -60 to -90 dB, the longest comb is nearly all that is left."""
    slowest = freeverb.slowest_decay_seconds(size)
    reverb = pedalboard.Reverb(room_size=size, damping=0.0, dry_level=0.0, wet_level=1.0, width=1.0)
    right = level_db(reverb(impulse(2.0 * slowest), RATE)[1])
    first, last = (np.flatnonzero(right > right.max() + each)[-1] for each in (-60, -90))
    slope = np.polyfit(np.arange(first, last) / RATE, right[first:last], 1)[0]
    assert 0.94 < -60 / slope / slowest < 1.01


def test_what_is_to_ring_longer_than_the_reverb_can_is_not_damped_at_all():
    assert freeverb.most_damping(30.0, RATE) == 0.0
    assert 0.0 < freeverb.most_damping(10.0, RATE) < freeverb.most_damping(5.0, RATE)
