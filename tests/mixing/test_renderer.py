import math
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.audio.clip import AudioClip
from stemdesk.audio.levels import db, from_db, rms_db
from stemdesk.errors import UserError
from stemdesk.mixing.addresses import with_effect, with_value
from stemdesk.mixing.meter_tap import MeterTap
from stemdesk.mixing.recipe import with_choices
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, Point, changed, neutral
from stemdesk.mixing.sources import ClipStem
from tests.mixing.conftest import RATE, clip_stems, grid_noise, read_all

STEMS = ("vocals", "drums", "bass", "other")
FRAMES = 20_000


def noise_stems(channels=2, frames=FRAMES):
    return {name: grid_noise(channels, frames, seed) for seed, name in enumerate(STEMS)}


def total(samples):
    return np.sum(list(samples.values()), axis=0)


def mixed(samples, mix, block=4096, rate=RATE):
    renderer = Renderer(clip_stems(samples, rate), mix)
    out = read_all(renderer, block)
    renderer.close()
    return out


def sine(hz, seconds=1.0, level=0.25, channels=2):
    wave = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return np.tile(wave, (channels, 1)).astype(np.float32)


def splatter_db(samples, hz):
    """Strongest component more than two octaves from a sine, against the sine's own."""
    window = np.hanning(samples.shape[1])
    spectrum = np.abs(np.fft.rfft(samples[0] * window))
    frequencies = np.fft.rfftfreq(samples.shape[1], 1 / RATE)
    return db(float(spectrum[frequencies > 4 * hz].max() / spectrum.max()))


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
@pytest.mark.parametrize("rate", [8000, 44100, 192_000])
def test_a_neutral_mix_is_the_song_sample_for_sample(channels, rate):
    samples = noise_stems(channels)
    np.testing.assert_array_equal(mixed(samples, neutral(STEMS), rate=rate), total(samples))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 8192), min_size=1, max_size=6))
def test_the_block_size_changes_nothing(sizes):
    samples = noise_stems(frames=9000)
    mix = with_choices(
        neutral(STEMS),
        {
            "vocals.reverb.amount": 0.4,
            "drums.compressor.threshold_db": -30,
            "bass.equaliser.peak_db": 6,
            "other.pan": 0.3,
            "master.level_db": 4,
        },
    )
    whole = mixed(samples, mix, block=1_000_000)
    renderer = Renderer(clip_stems(samples), mix)
    parts, place = [], 0
    while (part := renderer.read(sizes[place % len(sizes)])).shape[1]:
        parts.append(part)
        place += 1
        if len(sizes) == 1 and sizes[0] < 16 and place > 500:
            break
    renderer.close()
    got = np.concatenate(parts, axis=1)
    np.testing.assert_array_equal(got, whole[:, : got.shape[1]])


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_quanta_rendered_at_once_are_the_same_bit_for_bit(channels):
    samples = noise_stems(channels, frames=60_000)
    mix = with_choices(
        neutral(STEMS),
        {
            "vocals.compressor.threshold_db": -30,
            "vocals.reverb.amount": 0.4,
            "vocals.reverb.predelay_ms": 30,
            "drums.gate.threshold_db": -25,
            "bass.equaliser.peak_db": 6,
            "bass.equaliser.high_pass_hz": 80,
            "master.level_db": 6,
        },
    )
    together = Renderer(clip_stems(samples), mix)
    one_by_one = Renderer(clip_stems(samples), mix, tap=MeterTap())  # meters want every quantum
    rendered = [0, 0]
    for place, renderer in enumerate((together, one_by_one)):
        sounds = renderer._graph.sounds

        def counted(blocks, span, place=place, sounds=sounds):
            rendered[place] += 1
            return sounds(blocks, span)

        renderer._graph.sounds = counted
    np.testing.assert_array_equal(read_all(together), read_all(one_by_one))
    assert rendered[0] < rendered[1] / 4
    together.close()
    one_by_one.close()


def test_strips_with_latency_keep_in_step(late_kinds):
    samples = noise_stems()
    mix = with_effect(neutral(STEMS), "vocals", EffectSettings(kind="late777"))
    mix = with_effect(mix, "drums", EffectSettings(kind="late100"))
    mix = with_effect(mix, "master", EffectSettings(kind="late100"))
    np.testing.assert_array_equal(mixed(samples, mix), total(samples))


@pytest.mark.parametrize(
    ("choices", "gains"),
    [
        ({"vocals.level_db": -6.0}, (from_db(-6), 1, 1, 1)),
        ({"vocals.level_db": -math.inf}, (0, 1, 1, 1)),
        ({"drums.mute": 1}, (1, 0, 1, 1)),
        ({"drums.solo": 1}, (0, 1, 0, 0)),
        ({"drums.solo": 1, "bass.solo": 1}, (0, 1, 1, 0)),
        ({"drums.solo": 1, "drums.mute": 1}, (0, 0, 0, 0)),
        ({"other.invert": 1}, (1, 1, 1, -1)),
        (
            {"master.level_db": -3, "bass.level_db": 2},
            np.array([1, 1, from_db(2), 1]) * from_db(-3),
        ),
    ],
)
def test_faders_and_switches(choices, gains):
    samples = noise_stems()
    out = mixed(samples, with_choices(neutral(STEMS), choices))
    wanted = sum(gain * each for gain, each in zip(gains, samples.values(), strict=True))
    np.testing.assert_allclose(out, wanted, atol=1e-6)


def test_panning_mono_stems_opens_a_stereo_mix():
    samples = noise_stems(1)
    out = mixed(samples, with_choices(neutral(STEMS), {"vocals.pan": -1}))
    assert out.shape == (2, FRAMES)
    rest = samples["drums"] + samples["bass"] + samples["other"]
    np.testing.assert_allclose(out[0], (rest + 2**0.5 * samples["vocals"])[0], atol=1e-6)
    np.testing.assert_allclose(out[1], rest[0], atol=1e-6)


def test_stems_of_different_width_and_length_mix():
    samples = {"vocals": grid_noise(1, 9000, 1), "rest": grid_noise(2, 12_000, 2)}
    out = mixed(samples, neutral(("vocals", "rest")))
    wanted = samples["rest"] + np.pad(samples["vocals"], ((0, 0), (0, 3000)))
    np.testing.assert_array_equal(out, wanted)


@pytest.mark.parametrize(
    "choices",
    [{"a.level_db": -20.0}, {"a.mute": 1}, {"a.pan": 1}, {"a.invert": 1}, {"a.gate.bypass": 1}],
)
def test_nothing_clicks_when_it_is_changed_while_it_plays(choices):
    hz = 200
    mix = with_choices(neutral(("a",)), {"a.gate.threshold_db": -60})
    renderer = Renderer(clip_stems({"a": sine(hz)}), mix)
    first = renderer.read(20_000)
    renderer.change(with_choices(mix, choices))
    out = np.concatenate((first, renderer.read(20_000)), axis=1)
    renderer.close()
    assert splatter_db(out[:1], hz) < -80
    stepped = out.copy()
    stepped[:, 20_000:] *= 0.5
    assert splatter_db(stepped[:1], hz) > -65  # the measure sees a step of the fader


def test_a_course_is_followed_where_the_sound_is(late_kinds):
    flat = {"a": np.full((1, 88_200), 0.5, np.float32)}
    points = (Point(0.5, 0.0), Point(1.5, -20.0))
    for effects in ((), ("late777",), ("late100", "late777")):
        mix = neutral(("a",))
        for kind in effects:
            mix = with_effect(mix, "a", EffectSettings(kind=kind))
        out = mixed(flat, changed(mix, automation={"a.level_db": points}))
        for seconds, level_db in ((0.3, 0), (1.0, -10), (1.25, -15), (1.8, -20)):
            assert db(out[0, round(seconds * RATE)] / 0.5) == pytest.approx(level_db, abs=0.05)


def test_a_thousand_points_are_followed():
    rng = np.random.default_rng(3)
    seconds = np.sort(rng.uniform(0, 2, 1000))
    points = tuple(
        Point(float(s), float(v)) for s, v in zip(seconds, rng.uniform(-1, 1, 1000), strict=True)
    )
    flat = {"a": np.full((2, 88_200), 0.5, np.float32)}
    out = mixed(flat, changed(neutral(("a",)), automation={"a.pan": points}))
    grid = np.arange(512, 88_064, 512)
    pan = np.interp(grid / RATE, seconds, [p.value for p in points])
    np.testing.assert_allclose(out[0, grid], 0.5 * np.minimum(1, 1 - pan), atol=1e-3)


def test_effects_are_automated_and_left_alone_while_nothing_moves(late_kinds):
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100"))
    points = (Point(0.2, 1.0), Point(0.4, 0.5))
    out = mixed(
        {"a": np.full((1, RATE), 0.5, np.float32)},
        changed(mix, automation={"a.late100.gain": points}),
    )
    assert out[0, round(0.1 * RATE)] == pytest.approx(0.5)
    assert out[0, round(0.3 * RATE)] == pytest.approx(0.375, abs=0.02)
    assert out[0, round(0.8 * RATE)] == pytest.approx(0.25)
    moves = len(late_kinds[0].seen)
    assert 0.2 * RATE / 512 - 2 < moves < 0.2 * RATE / 512 + 5


def test_bypass_is_the_dry_sound_and_may_be_automated(late_kinds):
    samples = noise_stems()
    mix = with_effect(
        neutral(STEMS), "vocals", EffectSettings(kind="late777", bypass=True, values={"gain": 3.0})
    )
    np.testing.assert_array_equal(mixed(samples, mix), total(samples))
    flat = {"a": np.full((1, RATE), 0.1, np.float32)}
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100", values={"gain": 3.0}))
    points = (Point(0.0, 1.0), Point(0.5, 0.0))
    out = mixed(flat, changed(mix, automation={"a.late100.bypass": points}))
    assert out[0, RATE // 4] == pytest.approx(0.1)
    assert out[0, RATE * 3 // 4] == pytest.approx(0.3)


def test_tails_are_rendered():
    click = np.zeros((2, 5000), np.float32)
    click[:, 4000] = 0.5
    mix = with_choices(neutral(("a",)), {"a.reverb.amount": 1.0, "a.reverb.decay_seconds": 1.0})
    out = mixed({"a": click}, mix)
    assert out.shape[1] > 5000 + RATE
    assert np.abs(out[:, 5000 : 5000 + RATE // 2]).max() > 1e-4
    assert np.abs(out[:, -200:]).max() < 10 ** (-80 / 20)


def test_an_effect_that_gives_no_number_is_left_out_and_named(late_kinds):
    samples = noise_stems()
    mix = with_effect(neutral(STEMS), "vocals", EffectSettings(kind="broken"))
    renderer = Renderer(clip_stems(samples), mix)
    np.testing.assert_array_equal(read_all(renderer), total(samples))
    assert renderer.faults() == ["broken gave something that is no sound and is left out."]
    renderer.close()


def test_a_slower_effect_may_come_while_it_plays(late_kinds):
    samples = {"a": grid_noise(2, 40_000, 5)}
    renderer = Renderer(clip_stems(samples), neutral(("a",)))
    first = renderer.read(10_000)
    late = with_effect(neutral(("a",)), "a", EffectSettings(kind="late777"))
    renderer.change(late)
    out = np.concatenate((first, read_all(renderer)), axis=1)
    renderer.close()
    assert out.shape == (2, 40_000)
    np.testing.assert_array_equal(out[:, :10_000], samples["a"][:, :10_000])
    np.testing.assert_array_equal(out[:, 16_000:], samples["a"][:, 16_000:])
    assert (np.abs(out) <= np.abs(samples["a"]) + 1e-7).all()  # it only dips in between


def test_effects_that_go_are_closed_and_those_that_stay_are_kept(late_kinds):
    one = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100"))
    two = with_effect(one, "a", EffectSettings(kind="late777"))
    renderer = Renderer(clip_stems({"a": grid_noise(1, 40_000, 1)}), two)
    renderer.read(1000)
    for _ in range(3):
        renderer.change(with_value(one, "a.level_db", -1.0))
        renderer.read(3000)
    first, second = late_kinds[:2]  # what follows was only asked for its tail
    assert all(hasattr(effect, "closed") for effect in (second, *late_kinds[2:]))
    assert not hasattr(first, "closed")
    renderer.close()
    assert hasattr(late_kinds[0], "closed")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, FRAMES + 100))
def test_after_a_seek_the_song_goes_on_there(frame):
    samples = noise_stems()
    renderer = Renderer(clip_stems(samples), neutral(STEMS))
    renderer.read(3000)
    renderer.seek(frame)
    np.testing.assert_array_equal(read_all(renderer), total(samples)[:, frame:])
    renderer.close()


def test_after_a_seek_effects_sound_as_if_it_had_been_played_through():
    samples = noise_stems(frames=80_000)
    mix = with_choices(
        neutral(STEMS),
        {
            "vocals.reverb.amount": 0.5,
            "vocals.reverb.decay_seconds": 0.7,
            "drums.compressor.ratio": 8,
        },
    )
    whole = mixed(samples, mix)
    renderer = Renderer(clip_stems(samples), mix)
    renderer.read(70_000)
    renderer.seek(50_000)
    got = renderer.read(20_000)
    renderer.close()
    difference = got - whole[:, 50_000:70_000]
    assert rms_db(difference) < rms_db(got) - 40


def test_nothing_of_before_is_heard_after_a_seek():
    click = np.zeros((2, 90_000), np.float32)
    click[:, 45_000] = 0.5
    mix = with_choices(neutral(("a",)), {"a.reverb.amount": 1.0})
    renderer = Renderer(clip_stems({"a": click}), mix)
    renderer.read(50_000)
    renderer.seek(40_000)
    assert np.abs(renderer.read(5000)).max() == 0.0
    renderer.close()


@pytest.mark.parametrize("ceiling_db", [0.0, -6.0])
def test_nothing_leaves_above_the_ceiling(ceiling_db):
    samples = noise_stems()
    mix = with_choices(
        neutral(STEMS),
        {**{f"{name}.level_db": 12.0 for name in STEMS}, "master.ceiling_db": ceiling_db},
    )
    out = mixed(samples, mix)
    assert db(np.abs(out).max()) <= ceiling_db + 1e-6
    assert db(np.abs(out).max()) > ceiling_db - 1


def test_a_listening_effect_hears_the_others_as_late_as_its_own_sound(late_kinds):
    samples = noise_stems(frames=4096)
    mix = with_choices(neutral(STEMS), {"drums.level_db": -6.0, "bass.level_db": -math.inf})
    mix = with_effect(mix, "vocals", EffectSettings(kind="late100"))
    mix = with_effect(mix, "vocals", EffectSettings(kind="listening"))
    renderer = Renderer(clip_stems(samples), mix)
    heard = []
    listener = late_kinds[1]
    process = listener.process
    listener.process = lambda block, rest: heard.append(rest) or process(block, rest)
    renderer.read(4096)
    renderer.close()
    rest = np.concatenate(heard, axis=1)[:, 512:4096]
    wanted = from_db(-6) * samples["drums"] + samples["other"]
    np.testing.assert_allclose(rest[:, :3000], wanted[:, 412 : 412 + 3000], atol=1e-6)


def test_what_cannot_be_mixed_is_refused():
    a, b = grid_noise(1, 100, 1), grid_noise(1, 100, 2)
    stems = {"a": ClipStem(AudioClip(a, 44100)), "b": ClipStem(AudioClip(b, 48000))}
    with pytest.raises(UserError, match="The stem b has 48000 Hz, the others 44100 Hz"):
        Renderer(stems, neutral(("a", "b")))
    with pytest.raises(UserError, match="has the strips a, c, but the stems are a, b"):
        Renderer(clip_stems({"a": a, "b": b}), neutral(("a", "c")))
    with pytest.raises(UserError, match="no stems to mix"):
        Renderer({}, neutral(()))
    renderer = Renderer(clip_stems({"a": a}), neutral(("a",)))
    with pytest.raises(UserError, match="cannot be 99"):
        renderer.change(changed(neutral(("a",)), ceiling_db=99))
    np.testing.assert_array_equal(read_all(renderer), a)
    renderer.close()


def test_an_empty_strip_is_silence():
    samples = {"a": np.zeros((2, 0), np.float32), "b": grid_noise(2, 3000, 1)}
    np.testing.assert_array_equal(mixed(samples, neutral(("a", "b"))), samples["b"])


def test_a_slower_effect_may_come_before_anything_sounds(late_kinds):
    samples = {"a": grid_noise(2, 40_000, 5)}
    late = with_effect(neutral(("a",)), "a", EffectSettings(kind="late777"))
    renderer = Renderer(clip_stems(samples), neutral(("a",)))
    renderer.change(late)
    np.testing.assert_array_equal(read_all(renderer), samples["a"])
    renderer.seek(20_000)
    renderer.change(with_effect(late, "a", EffectSettings(kind="late100")))
    np.testing.assert_array_equal(read_all(renderer), samples["a"][:, 20_000:])
    renderer.close()


def test_latency_that_moves_from_one_strip_to_another_is_realigned_under_a_fade(late_kinds):
    hz = 200
    tones = {"a": sine(hz), "b": sine(hz)}
    one = with_effect(neutral(("a", "b")), "a", EffectSettings(kind="late777"))
    two = with_effect(neutral(("a", "b")), "b", EffectSettings(kind="late777"))
    renderer = Renderer(clip_stems(tones), one)
    first = renderer.read(20_000)
    renderer.change(two)
    out = np.concatenate((first, renderer.read(20_000)), axis=1)
    renderer.close()
    assert splatter_db(out[:1], hz) < -70
    whole = total(tones)
    np.testing.assert_array_equal(out[:, 30_000:], whole[:, 30_000:40_000])


def test_a_plug_in_whose_latency_never_rests_does_not_stop_the_song(late_kinds):
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100"))
    renderer = Renderer(clip_stems({"a": grid_noise(1, 60_000, 1)}), mix)
    effect = late_kinds[0]
    process = effect.process

    def restless(block, rest):
        effect.latency_frames = 600 if effect.latency_frames == 6000 else 6000
        return process(block, rest)

    effect.process = restless
    assert read_all(renderer).shape[1] == 60_000
    renderer.close()


def test_an_effect_that_learns_its_latency_at_a_reset_is_in_step_from_the_start(late_kinds):
    samples = {"a": grid_noise(1, 20_000, 1)}
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100"))
    renderer = Renderer(clip_stems(samples), mix)
    effect = late_kinds[0]
    reset = effect.reset

    def learn():
        effect.latency_frames = 415
        reset()

    effect.reset = learn
    renderer.seek(0)
    np.testing.assert_array_equal(read_all(renderer), samples["a"])
    renderer.close()


def test_a_bypassed_effect_with_latency_comes_back_at_once(late_kinds):
    hz = 200
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late777", bypass=True))
    renderer = Renderer(clip_stems({"a": sine(hz)}), mix)
    first = renderer.read(20_000)
    renderer.change(with_value(mix, "a.late777.bypass", 0))
    out = np.concatenate((first, renderer.read(20_000)), axis=1)
    renderer.close()
    np.testing.assert_allclose(out, sine(hz)[:, :40_000], atol=1e-6)


def test_an_effect_goes_back_to_its_own_value_when_its_automation_goes(late_kinds):
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100"))
    moved = changed(mix, automation={"a.late100.gain": (Point(0.0, 3.0),)})
    renderer = Renderer(clip_stems({"a": np.full((1, 60_000), 0.1, np.float32)}), moved)
    assert renderer.read(20_000)[0, -1] == pytest.approx(0.3)
    renderer.change(mix)
    assert renderer.read(20_000)[0, -1] == pytest.approx(0.1)
    renderer.close()


def test_automated_bypass_is_in_force_from_the_first_sample(late_kinds):
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100", values={"gain": 3.0}))
    mix = changed(mix, automation={"a.late100.bypass": (Point(0.0, 1.0),)})
    renderer = Renderer(clip_stems({"a": np.full((1, 9000), 0.1, np.float32)}), mix)
    assert read_all(renderer).max() == pytest.approx(0.1)
    renderer.seek(0)
    assert read_all(renderer).max() == pytest.approx(0.1)
    renderer.close()


def test_automation_of_an_effect_waits_for_the_effects_before_it(late_kinds):
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late777"))
    for _ in range(10):
        mix = with_effect(mix, "a", EffectSettings(kind="late777"))
    mix = with_effect(mix, "a", EffectSettings(kind="late100"))
    points = (Point(0.5, 1.0), Point(0.5, 2.0))
    mix = changed(mix, automation={"a.late100.gain": points})
    out = mixed({"a": np.full((1, RATE), 0.1, np.float32)}, mix)
    assert abs(int(np.argmax(out[0] > 0.15)) - RATE // 2) <= 1024


@pytest.mark.parametrize(
    ("address", "points", "loud"),
    [
        ("master.late100.gain", (Point(0.5, 1.0), Point(0.5, 0.5)), (0.3, 0.15)),
        ("master.ceiling_db", (Point(0.5, 0.0), Point(0.5, -20.0)), (0.3, 0.1)),
        ("master.level_db", (Point(0.5, 0.0), Point(0.5, -6.0)), (0.3, 0.15)),
        ("a.solo", (Point(0.5, 0.0), Point(0.5, 1.0)), (0.3, 0.2)),
        ("b.mute", (Point(0.5, 0.0), Point(0.5, 1.0)), (0.3, 0.2)),
    ],
)
def test_everything_on_the_desk_can_be_automated(late_kinds, address, points, loud):
    stems = {"a": np.full((1, RATE), 0.2, np.float32), "b": np.full((1, RATE), 0.1, np.float32)}
    mix = with_effect(neutral(("a", "b")), "master", EffectSettings(kind="late100"))
    out = mixed(stems, changed(mix, automation={address: points}))
    assert out[0, RATE // 4] == pytest.approx(loud[0], rel=0.01)
    assert out[0, RATE * 3 // 4] == pytest.approx(loud[1], rel=0.01)


def test_no_effect_is_closed_under_the_sound_that_uses_it(late_kinds):
    """Two threads change the mix all the time while a third renders."""
    mixes = [neutral(("a",))]
    mixes += [with_effect(mixes[0], "a", EffectSettings(kind=k)) for k in ("late100", "late777")]
    renderer = Renderer(clip_stems({"a": grid_noise(1, 400_000, 1)}), mixes[0])
    misused = []
    stop = threading.Event()

    def watch(effect):
        process = effect.process

        def checked(block, rest):
            if hasattr(effect, "closed"):
                misused.append(effect)
            return process(block, rest)

        effect.process = checked

    threads = [threading.Thread(target=_keep_changing, args=(renderer, mixes, stop)) for _ in "12"]
    for thread in threads:
        thread.start()
    for effect in late_kinds:
        watch(effect)
    while renderer.read(512).shape[1]:
        for effect in late_kinds[-4:]:
            if effect.process.__name__ != "checked":
                watch(effect)
    stop.set()
    for thread in threads:
        thread.join()
    renderer.close()
    assert late_kinds
    assert misused == []


def _keep_changing(renderer, mixes, stop):
    place = 0
    while not stop.is_set():
        renderer.change(mixes[place % len(mixes)])
        place += 1
