"""What moves, comes back or is gone back to while it sounds: no jump, no ghost, nothing lost."""

import numpy as np
import pytest

from stemdesk.audio.levels import from_db, rms_db
from stemdesk.mixing.addresses import with_effect, with_value
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.meter_tap import MeterTap
from stemdesk.mixing.recipe import with_choices
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, Point, changed, neutral
from tests.mixing.conftest import RATE, clip_stems, grid_noise
from tests.mixing.effects.signals import make, run

HIGH_RATE = 192_000  # a ramp takes four quanta, so that something may happen within


def flat(frames, level=0.1, channels=1):
    return np.full((channels, frames), level, np.float32)


def heard(samples, mix, frames, rate=RATE):
    renderer = Renderer(clip_stems(samples, rate), mix)
    out = renderer.read(frames)
    renderer.close()
    return out


def steepest(course):
    return np.abs(np.diff(course)).max()


def steepest_of_a_ramp(low, high):
    """Half a cosine of 10 ms, and a little."""
    return 1.1 * np.pi / 2 * (high - low) / (0.01 * HIGH_RATE)


@pytest.mark.parametrize("quanta", [1, 2, 3])
@pytest.mark.parametrize(
    ("first", "second", "ends_at"),
    [
        ({"a.level_db": -20.0}, {"a.level_db": 0.0}, 1.0),
        ({"a.level_db": -20.0}, {"a.level_db": -6.0}, from_db(-6.0)),
        ({"a.mute": 1.0}, {"a.mute": 0.0}, 1.0),
    ],
)
def test_a_fader_that_is_moved_again_on_its_way_goes_on_from_there(first, second, ends_at, quanta):
    mix = neutral(("a",))
    # With meters, no quanta are rendered at once, nor any before they are asked for.
    renderer = Renderer(clip_stems({"a": flat(HIGH_RATE)}, HIGH_RATE), mix, tap=MeterTap())
    out = [renderer.read(16 * QUANTUM_FRAMES)]
    for choices in (first, second):
        renderer.change(with_choices(mix, choices))
        out.append(renderer.read(quanta * QUANTUM_FRAMES))
    out.append(renderer.read(HIGH_RATE // 4))
    renderer.close()
    course = np.concatenate(out, axis=1)[0]
    assert course.min() < 0.09  # it was on its way
    assert steepest(course) < steepest_of_a_ramp(0.0, 0.1)
    assert course[-1] == pytest.approx(0.1 * ends_at, rel=1e-5)


@pytest.mark.parametrize("quanta", [1, 2, 3])
@pytest.mark.parametrize("bypass", [0.0, 1.0])
def test_a_bypass_that_turns_on_its_way_fades_back_from_there(bypass, quanta):
    turns = 64 * QUANTUM_FRAMES / HIGH_RATE
    back = turns + quanta * QUANTUM_FRAMES / HIGH_RATE
    points = (Point(0.0, bypass), Point(turns, 1.0 - bypass), Point(back, bypass))
    mix = with_choices(
        neutral(("a",)), {"a.equaliser.low_shelf_db": 12.0, "a.equaliser.low_shelf_hz": 1000.0}
    )
    mix = changed(mix, automation={"a.equaliser.bypass": points})
    course = heard({"a": flat(HIGH_RATE)}, mix, HIGH_RATE // 3, HIGH_RATE)[0, HIGH_RATE // 10 :]
    dry, wet = 0.1, 0.1 * from_db(12.0)
    begins_at = dry if bypass else wet
    assert course[[0, -1]] == pytest.approx(begins_at, rel=1e-3)
    assert np.abs(course - begins_at).max() > 0.1 * (wet - dry)  # it was on its way
    assert steepest(course) < 1.2 * steepest_of_a_ramp(dry, wet)


@pytest.mark.parametrize("rate", [44_100, 96_000, 192_000])
@pytest.mark.parametrize(
    ("address", "before", "after"), [("a.level_db", 0.0, -12.0), ("a.mute", 1.0, 0.0)]
)
def test_a_jump_of_automation_is_in_the_middle_of_its_ramp(address, before, after, rate):
    jump = 40 * QUANTUM_FRAMES + QUANTUM_FRAMES // 2
    points = tuple(Point(at / rate, value) for at, value in ((0, before), (jump, before)))
    points = (*points, Point(jump / rate, after))
    mix = changed(neutral(("a",)), automation={address: points})
    course = heard({"a": flat(rate // 2)}, mix, rate // 2, rate)[0]
    is_past = np.abs(course - course[0]) > np.abs(course[-1] - course[0]) / 2
    assert abs(int(np.argmax(is_past)) - jump) <= QUANTUM_FRAMES // 2 + 2


def test_a_straight_course_at_a_high_rate_lies_where_it_was_drawn():
    points = (Point(0.1, -1.0), Point(0.3, 1.0))
    mix = changed(neutral(("a",)), automation={"a.pan": points})
    sound = flat(HIGH_RATE // 2, channels=2)
    left = heard({"a": sound}, mix, HIGH_RATE // 2, HIGH_RATE)[0]
    for seconds in (0.22, 0.25, 0.28):
        pan = (seconds - 0.2) / 0.1
        assert left[round(seconds * HIGH_RATE)] == pytest.approx(0.1 * (1 - pan), abs=0.0005)


def test_an_echo_from_before_a_bypass_is_not_heard_after_it_but_new_ones_are():
    clicks = np.zeros((2, 4 * RATE), np.float32)
    for second in (0.2, 2.2):
        clicks[:, round(second * RATE)] = 0.5
    mix = with_choices(
        neutral(("a",)),
        {"a.delay.amount": 1.0, "a.delay.time_ms": 1000.0, "a.delay.tone_hz": 20_000.0},
    )
    renderer = Renderer(clip_stems({"a": clicks}), mix)
    out = [renderer.read(RATE // 2)]
    for bypass in (1.0, 0.0):
        renderer.change(with_value(mix, "a.delay.bypass", bypass))
        out.append(renderer.read(RATE))
    out.append(renderer.read(3 * RATE // 2))
    renderer.close()
    course = np.concatenate(out, axis=1)[0]
    loud = np.flatnonzero(np.abs(course) > 0.01) / RATE
    assert loud == pytest.approx([0.2, 2.2, 3.2], abs=0.001)


RUN_UP_KINDS = {
    "compressor": {"threshold_db": -30.0, "ratio": 10.0, "release_ms": 1000.0},
    "reverb": {"amount": 1.0, "decay_seconds": 0.6},
}


def soft_after_loud():
    """Soft noise with a loud burst from 0.45 s to 0.35 s before 2 s."""
    samples = grid_noise(2, 3 * RATE, 1, 0.02)
    samples[:, round(1.55 * RATE) : round(1.65 * RATE)] *= np.float32(40)
    return samples


@pytest.mark.parametrize("strip", ["a", "master"])
@pytest.mark.parametrize("kind", RUN_UP_KINDS)
@pytest.mark.parametrize("way", ["seek", "renew"])
def test_from_anywhere_it_sounds_as_if_it_had_been_played_through(way, kind, strip):
    mix = with_effect(neutral(("a",)), strip, EffectSettings(kind=kind, values=RUN_UP_KINDS[kind]))
    samples = {"a": soft_after_loud()}
    plain = heard(samples, neutral(("a",)), 3 * RATE)[:, 2 * RATE : 2 * RATE + 4000]
    renderer = Renderer(clip_stems(samples), mix)
    wanted = renderer.read(5 * RATE // 2)[:, 2 * RATE : 2 * RATE + 4000]
    if way == "seek":
        renderer.seek(2 * RATE)
    else:
        renderer.renew(RATE // 2)
    got = renderer.read(4000)
    renderer.close()
    assert rms_db(wanted - plain) > rms_db(plain) - 15  # the burst is still felt
    assert rms_db(got - wanted) < rms_db(wanted) - 30


LATE_ECHO = {"master.delay.amount": 1.0, "master.delay.time_ms": 1000, "master.delay.feedback": 0}


def test_an_echo_of_the_master_is_not_lost_where_too_little_is_kept_to_run_it_up():
    """Its click is let go of already when it is still to be heard again."""
    frames = 8 * RATE
    samples = {"a": np.zeros((2, frames), np.float32)}
    samples["a"][:, round(4.2 * RATE)] = 0.5
    mix = with_choices(neutral(("a",)), {**LATE_ECHO, "master.delay.tone_hz": 20_000})
    renderer = Renderer(clip_stems(samples), mix)
    whole = renderer.read(frames)
    renderer.renew(3 * RATE)
    again = renderer.read(RATE)
    renderer.close()
    echo = round(0.2 * RATE)
    assert whole[0, 5 * RATE + echo] == pytest.approx(0.5, abs=0.01)
    assert again[0, echo] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("read_before", [0, 6 * RATE])
def test_at_the_beginning_of_a_song_nothing_is_missing_to_run_the_master_up(read_before):
    mix = with_choices(neutral(("a",)), LATE_ECHO)
    renderer = Renderer(clip_stems({"a": flat(7 * RATE, channels=2)}), mix)
    renderer.read(read_before)
    renderer.seek(0)
    renderer.read(RATE // 2)
    renderer.change(with_value(mix, "a.level_db", -12.0))
    renderer.renew(RATE // 4)
    again = renderer.read(RATE // 4)
    renderer.close()
    assert again[0, 2048] == pytest.approx(0.1 * from_db(-12.0), rel=1e-3)


def ridden_db(sounds, mix):
    """By how much the voice, heard alone, is turned by its rider: every half second, dB."""
    frames = sounds["vocals"].shape[1]
    mix = with_choices(mix, {"vocals.solo": 1.0})
    out = heard(sounds, mix, frames)
    parts = [slice(end - RATE // 10, end) for end in range(RATE // 2, frames + 1, RATE // 2)]
    voice = np.broadcast_to(sounds["vocals"], out.shape)
    return np.array([rms_db(out[:, part]) - rms_db(voice[:, part]) for part in parts])


RIDDEN = {"vocals.rider.range_db": 20.0, "vocals.rider.speed_ms": 50.0}


def test_the_rider_follows_the_automated_faders_of_the_others():
    sounds = {"vocals": grid_noise(2, 4 * RATE, 1, 0.05), "drums": grid_noise(2, 4 * RATE, 2, 0.05)}
    mix = with_choices(neutral(tuple(sounds)), RIDDEN)
    points = (Point(2.0, 0.0), Point(2.0, -12.0))
    moved = ridden_db(sounds, changed(mix, automation={"drums.level_db": points}))
    assert moved[2:4] == pytest.approx([0.0, 0.0], abs=0.7)
    assert moved[6:8] == pytest.approx([-12.0, -12.0], abs=0.7)


@pytest.mark.parametrize("side", [0, 1])
def test_a_mono_voice_is_ridden_by_what_sounds_on_either_side(side):
    sounds = {"vocals": grid_noise(1, RATE, 1, 0.05), "drums": np.zeros((2, RATE), np.float32)}
    sounds["drums"][side] = grid_noise(1, RATE, 2, 0.2)[0]
    # Half of it, in one channel, is what a mono listener hears.
    gains_db = ridden_db(sounds, with_choices(neutral(tuple(sounds)), RIDDEN))
    assert gains_db[-1] == pytest.approx(6.0, abs=0.7)


def test_the_limiter_lets_go_in_a_tenth_of_a_second():
    samples = flat(RATE, 0.1)
    samples[:, RATE // 4] = 0.9
    course = heard({"a": samples}, with_value(neutral(("a",)), "a.level_db", 12.0), RATE)[0]
    turned_down = 1.0 - course / (0.1 * from_db(12.0))
    first = RATE // 4 + RATE // 50
    early, late = turned_down[first], turned_down[first + RATE // 10]
    assert early > 0.5
    assert late / early == pytest.approx(np.exp(-1), rel=0.01)


@pytest.mark.parametrize(("soft_seconds", "pause_seconds"), [(3.0, 0.0), (3.0, 6.0), (5.0, 0.0)])
def test_the_rider_forgets_a_loud_voice_over_three_seconds_of_sound(soft_seconds, pause_seconds):
    """Then what is softer by 25 dB than that was is a word, and no longer breath.

    The loud voice's power fades as exp(-t / 3 s) towards the soft one's, 12 dB below: after 3.9 s
    it is 5 dB less. A pause makes nothing be forgotten.
    """
    rate = 8000
    parts = ((0.0, 2.0), (-12.0, soft_seconds), (-100.0, pause_seconds), (-25.0, 2.0))
    quanta = [round(seconds * rate / QUANTUM_FRAMES) for _, seconds in parts]
    levels = np.repeat([from_db(-15.0 + each) for each, _ in parts], quanta)
    tone = np.sin(2 * np.pi * 1000 * np.arange(len(levels) * QUANTUM_FRAMES) / rate)
    voice = (tone * np.repeat(levels, QUANTUM_FRAMES)).astype(np.float32)[None]
    rest = (tone * from_db(-35.0)).astype(np.float32)[None]
    effect = make("rider", rate, 1, range_db=20.0, speed_ms=50.0)
    run(effect, voice, rest)
    assert effect.gain_db == pytest.approx(5.0 if soft_seconds > 3.9 else -8.0, abs=0.5)
