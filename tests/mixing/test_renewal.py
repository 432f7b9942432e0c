"""A mix that is changed while it plays, and what was rendered ahead then."""

import math

import numpy as np
import pytest

from stemdesk.audio.levels import db, from_db, rms_db
from stemdesk.mixing.addresses import with_effect, with_value
from stemdesk.mixing.meter_tap import MeterTap
from stemdesk.mixing.recipe import with_choices
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, Point, changed, neutral
from stemdesk.playback.timeline import Loop
from tests.mixing.conftest import RATE, clip_stems, grid_noise, read_all

AHEAD = 12_000
LONG_ECHO = {
    "a.delay.amount": 1.0,
    "a.delay.time_ms": 1500,
    "a.delay.feedback": 0.9,
    "a.delay.tone_hz": 20_000,
}


def click(at, frames, level=0.5):
    samples = np.zeros((2, frames), np.float32)
    samples[:, at] = level
    return samples


def rendered(samples, mix, frames, tap=None):
    renderer = Renderer(clip_stems(samples), mix, tap=tap)
    out = renderer.read(frames)
    renderer.close()
    return out


def busy_mix():
    choices = {
        "a.reverb.amount": 0.5,
        "a.delay.amount": 0.4,
        "b.compressor.threshold_db": -30,
        "b.pan": 0.3,
        "master.level_db": 8,
    }
    mix = with_choices(neutral(("a", "b")), choices)
    return changed(mix, automation={"b.level_db": (Point(0.2, 0.0), Point(0.6, -20.0))})


@pytest.mark.parametrize("metered", [False, True])
@pytest.mark.parametrize("unheard", [1, 700, AHEAD])
def test_a_renewal_without_a_change_is_the_same_bit_for_bit(unheard, metered):
    samples = {"a": grid_noise(2, 60_000, 1), "b": grid_noise(2, 60_000, 2)}
    whole = rendered(samples, busy_mix(), 60_000)
    renderer = Renderer(clip_stems(samples), busy_mix(), tap=MeterTap() if metered else None)
    first = renderer.read(30_000)
    for _ in range(3):
        renderer.renew(unheard)
        again = renderer.read(unheard)
        np.testing.assert_array_equal(again, first[:, 30_000 - unheard :])
    rest = renderer.read(30_000)
    renderer.close()
    np.testing.assert_array_equal(rest, whole[:, 30_000:])


def test_a_fader_moves_where_the_renewal_begins():
    samples = {"a": np.full((2, 90_000), 0.25, np.float32)}
    renderer = Renderer(clip_stems(samples), neutral(("a",)), tap=MeterTap())
    renderer.read(40_000)
    renderer.change(with_value(neutral(("a",)), "a.level_db", -12.0))
    renderer.renew(AHEAD)
    again = renderer.read(AHEAD)
    renderer.close()
    assert again[0, 1024] == pytest.approx(0.25 * from_db(-12), rel=1e-5)
    assert again[0, -1] == pytest.approx(0.25 * from_db(-12), rel=1e-5)


def test_echoes_of_any_length_go_on_through_moves_of_a_fader():
    """The echo comes 1.5 s after its click, and then others; a fader beside it moves meanwhile."""
    frames = 8 * RATE
    samples = {"a": click(2000, frames), "b": np.zeros((2, frames), np.float32)}
    mix = with_choices(neutral(("a", "b")), LONG_ECHO)
    whole = rendered(samples, mix, frames)
    renderer = Renderer(clip_stems(samples), mix)
    heard, place = [renderer.read(AHEAD)], 0
    while sum(part.shape[1] for part in heard) < frames - 4000:
        place += 1
        renderer.change(with_value(mix, "b.level_db", -float(place % 20)))
        renderer.renew(AHEAD - 3000)
        heard[-1] = heard[-1][:, :3000] if place > 1 else heard[-1][:, : AHEAD - 9000]
        heard.append(renderer.read(AHEAD))
    renderer.close()
    out = np.concatenate(heard[:-1], axis=1)
    difference = out - whole[:, : out.shape[1]]
    assert np.abs(whole[:, 7 * RATE :]).max() > 0.1
    assert np.abs(difference).max() < 1e-6


def test_the_tail_of_a_strip_follows_its_fader():
    samples = {"a": click(2000, 6 * RATE)}
    mix = with_choices(neutral(("a",)), LONG_ECHO)
    whole = rendered(samples, mix, 6 * RATE)
    renderer = Renderer(clip_stems(samples), mix)
    renderer.read(4 * RATE)
    renderer.change(with_value(mix, "a.level_db", -6.0))
    renderer.renew(AHEAD)
    renderer.read(AHEAD)
    out = renderer.read(2 * RATE)
    renderer.close()
    np.testing.assert_allclose(out, from_db(-6) * whole[:, 4 * RATE :], atol=1e-6)
    assert np.abs(out).max() > 0.1


def test_an_effect_is_changed_where_the_rendered_frames_end_and_echoes_go_on():
    frames = 5 * RATE
    samples = {"a": click(2000, frames)}
    mix = with_choices(neutral(("a",)), LONG_ECHO)
    whole = rendered(samples, mix, frames)
    renderer = Renderer(clip_stems(samples), mix)
    renderer.read(RATE)
    renderer.change(with_value(mix, "a.delay.amount", 0.0))  # nothing more is sent
    renderer.renew(AHEAD)
    renderer.read(AHEAD)
    rest = renderer.read(frames)
    renderer.close()
    np.testing.assert_allclose(rest[:, : 4 * RATE], whole[:, RATE:], atol=1e-6)


@pytest.mark.parametrize("master", ["compressor", "late777"])
def test_the_master_s_effects_are_run_up_to_a_renewal(master, late_kinds):
    samples = {"a": grid_noise(2, 120_000, 1), "b": grid_noise(2, 120_000, 2)}
    mix = with_effect(neutral(("a", "b")), "master", EffectSettings(kind=master))
    if master == "compressor":
        mix = with_value(mix, "master.compressor.threshold_db", -30.0)
    moved = with_value(mix, "b.level_db", -12.0)
    new = rendered(samples, moved, 120_000)
    renderer = Renderer(clip_stems(samples), mix)
    old = renderer.read(80_000)
    renderer.change(moved)
    renderer.renew(AHEAD)
    again = renderer.read(AHEAD)
    rest = renderer.read(40_000)
    renderer.close()
    if master == "late777":  # what it holds, and the limiter, is heard first
        np.testing.assert_array_equal(again[:, :480], old[:, 80_000 - AHEAD :][:, :480])
    settled = new[:, 80_000 - AHEAD + 8000 : 80_000]
    assert rms_db(again[:, 8000:] - settled) < rms_db(settled) - 40
    assert rms_db(again[:, 8000:] - old[:, 80_000 - AHEAD + 8000 :]) > rms_db(settled) - 20
    assert rms_db(rest - new[:, 80_000:]) < rms_db(rest) - 60


def test_echoes_of_the_master_go_on_though_its_faders_wait():
    frames = 6 * RATE
    samples = {"a": click(2000, frames), "b": np.full((2, frames), 0.01, np.float32)}
    mix = with_choices(
        neutral(("a", "b")),
        {address.replace("a.", "master.", 1): value for address, value in LONG_ECHO.items()},
    )
    whole = rendered(samples, mix, frames)
    renderer = Renderer(clip_stems(samples), mix)
    old = renderer.read(RATE)
    renderer.change(with_value(mix, "b.mute", 1.0))
    renderer.renew(AHEAD)
    np.testing.assert_array_equal(renderer.read(AHEAD), old[:, -AHEAD:])
    rest = renderer.read(4 * RATE)
    renderer.close()
    echo = 2000 + round(1.5 * RATE) - RATE
    assert rest[0, echo] == pytest.approx(whole[0, RATE + echo], abs=0.02)
    assert np.abs(rest[:, 2000:3000]).max() == pytest.approx(0.0, abs=1e-6)


def test_a_renewal_further_back_than_is_kept_begins_anew():
    samples = {"a": grid_noise(2, 6 * RATE, 1)}
    renderer = Renderer(clip_stems(samples), neutral(("a",)))
    renderer.read(5 * RATE)
    renderer.renew(4 * RATE)
    np.testing.assert_array_equal(renderer.read(2 * RATE), samples["a"][:, RATE : 3 * RATE])
    renderer.close()


def test_stems_that_have_changed_are_read_again():
    samples = {"a": np.full((2, 90_000), 0.25, np.float32)}
    renderer = Renderer(clip_stems(samples), neutral(("a",)))
    renderer.read(40_000)
    samples["a"] *= np.float32(0.5)
    renderer.renew(AHEAD)
    assert renderer.read(AHEAD)[0, 1000] == 0.25
    renderer.stems_changed()
    renderer.renew(AHEAD)
    assert (renderer.read(60_000) == 0.125).all()
    renderer.close()


def test_what_is_long_past_is_not_kept():
    samples = {"a": grid_noise(2, 20 * RATE, 1)}
    renderer = Renderer(clip_stems(samples), neutral(("a",)), tap=MeterTap())
    lengths = []
    for _ in range(18):
        renderer.read(RATE)
        lengths.append(len(renderer._tape._takes))
    renderer.close()
    assert max(lengths[4:]) <= max(lengths[:4])


@pytest.mark.parametrize("crossfade", [0, 441])
@pytest.mark.parametrize("length", [3000, 20_000])
def test_a_loop_repeats_and_its_echoes_ring_over_the_seam(length, crossfade):
    """As if the loop had been written out, turn for turn."""
    samples = grid_noise(2, 60_000, 1)
    samples[:, 20_000:] *= np.float32(0.0)
    first, end = 20_000 - length, 20_000
    mix = with_choices(
        neutral(("a",)), {"a.reverb.amount": 0.5, "a.delay.amount": 0.5, "a.delay.time_ms": 700}
    )
    mix = with_value(mix, "a.level_db", -6.0)
    seam = min(crossfade, first, length)
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(seam) + 0.5) / max(seam, 1))
    leaving, entering = samples[:, end - seam : end], samples[:, first - seam : first]
    blend = leaving * (1 - rise) + entering * rise
    turn = np.concatenate((samples[:, first : end - seam], blend), axis=1)
    lead = samples[:, :first]
    written = np.concatenate((lead, *[turn] * (2 * RATE // length)), axis=1).astype(np.float32)
    wanted = rendered({"a": written}, mix, written.shape[1])
    renderer = Renderer(clip_stems({"a": samples}), mix)
    renderer.seek(0, Loop(first, end, crossfade))
    out = np.concatenate([renderer.read(777) for _ in range(written.shape[1] // 777)], axis=1)
    renderer.close()
    # Written out, the limiter and the reverb end with the song; the last frames may differ.
    frames = out.shape[1] - RATE // 10
    np.testing.assert_allclose(out[:, :frames], wanted[:, :frames], atol=2e-6)


def test_nothing_behind_the_loop_is_ever_fed_to_effects():
    samples = {"a": click(30_000, 90_000)}  # right behind the loop
    mix = with_choices(neutral(("a",)), {"a.reverb.amount": 1.0, "a.delay.amount": 1.0})
    renderer = Renderer(clip_stems(samples), mix)
    renderer.seek(10_000, Loop(10_000, 30_000))
    assert np.abs(renderer.read(5 * RATE)).max() == 0.0
    renderer.close()


def test_automation_turns_with_the_loop(late_kinds):
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late777"))
    points = (Point(0.0, 0.0), Point(0.5, 0.0), Point(0.5, -20.0))
    mix = changed(mix, automation={"a.level_db": points})
    renderer = Renderer(clip_stems({"a": np.full((1, 90_000), 0.5, np.float32)}), mix)
    renderer.seek(0, Loop(0, RATE))
    out = renderer.read(4 * RATE)
    renderer.close()
    for turn in range(4):
        assert out[0, turn * RATE + RATE // 4] == pytest.approx(0.5, rel=1e-4)
        assert out[0, turn * RATE + 3 * RATE // 4] == pytest.approx(0.05, rel=1e-4)


def test_a_renewal_within_a_loop_keeps_its_turn_and_its_echoes():
    samples = {"a": grid_noise(2, 60_000, 1), "b": np.zeros((2, 60_000), np.float32)}
    mix = with_choices(neutral(("a", "b")), {"a.delay.amount": 0.7, "a.delay.feedback": 0.8})
    loop = Loop(10_000, 13_000)
    plain = Renderer(clip_stems(samples), mix)
    plain.seek(9000, loop)
    wanted = plain.read(90_000)
    plain.close()
    renderer = Renderer(clip_stems(samples), mix)
    renderer.seek(9000, loop)
    heard = [renderer.read(30_000)]
    for _ in range(6):
        renderer.change(with_value(mix, "b.level_db", -3.0))
        renderer.renew(7000, Loop(10_000, 13_000))
        heard[-1] = heard[-1][:, :-7000]
        heard.append(renderer.read(17_000))
    renderer.close()
    out = np.concatenate(heard, axis=1)
    np.testing.assert_array_equal(out, wanted[:, : out.shape[1]])


@pytest.mark.parametrize("loop", [Loop(20_000, 35_000), Loop(20_000, 50_000)])
def test_a_loop_that_is_set_on_the_way_leads_where_it_says(loop):
    """Its end lies in what is rendered ahead, or behind it."""
    samples = {"a": grid_noise(2, 90_000, 1)}
    renderer = Renderer(clip_stems(samples), neutral(("a",)))
    renderer.read(40_000)
    renderer.renew(AHEAD, loop)
    out = renderer.read(40_000)
    renderer.renew(20_000)
    straight = renderer.read(5000)
    renderer.close()
    frames = np.arange(40_000 - AHEAD, 80_000 - AHEAD)
    behind = frames >= loop.end_frame
    length = loop.end_frame - loop.first_frame
    frames[behind] = loop.first_frame + (frames[behind] - loop.first_frame) % length
    np.testing.assert_array_equal(out, samples["a"][:, frames])
    begin = frames[-20_000]
    np.testing.assert_array_equal(straight, samples["a"][:, begin : begin + 5000])


def spread_db(sound, hz, rate, width_hz):
    """Energy further than `width_hz` from a tone, re the tone's."""
    power = np.abs(np.fft.rfft(sound * np.blackman(len(sound)))) ** 2
    away = np.abs(np.fft.rfftfreq(len(sound), 1 / rate) - hz) > width_hz
    return db(math.sqrt(power[away].sum() / power[~away].sum()))


def tone(hz, rate, seconds=1.0):
    wave = 0.25 * np.sin(2 * np.pi * hz * np.arange(round(rate * seconds)) / rate)
    return np.tile(wave, (2, 1)).astype(np.float32)


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 96_000, 192_000])
def test_ramps_take_ten_milliseconds_at_any_rate(rate):
    level = {"a": np.full((2, rate), 0.1, np.float32)}
    bypassed = with_effect(
        neutral(("a",)), "a", EffectSettings(kind="equaliser", values={"low_shelf_db": 12.0})
    )
    jump = changed(neutral(("a",)), automation={"a.level_db": (Point(0.5, 0.0), Point(0.5, -12.0))})
    for mix, change in (
        (neutral(("a",)), {"a.level_db": -12.0}),
        (neutral(("a",)), {"a.pan": 1.0}),
        (bypassed, {"a.equaliser.bypass": 1.0}),
        (jump, {}),
    ):
        renderer = Renderer(clip_stems(level, rate), mix)
        out = [renderer.read(rate // 2)]
        if change:
            renderer.change(with_choices(mix, change))
        out.append(renderer.read(rate // 2))
        renderer.close()
        course = np.concatenate(out, axis=1)[0, rate // 4 :]
        low, high = sorted((course[0], course[-1]))
        few = 0.01 * (high - low)
        moving = np.flatnonzero((course > low + few) & (course < high - few))
        assert 0.006 < (moving[-1] - moving[0]) / rate < 0.0125
        assert np.abs(np.diff(course)).max() < 1.8 * (high - low) / (0.008 * rate)


@pytest.mark.parametrize("rate", [44_100, 192_000])
@pytest.mark.parametrize(
    "change", [{"a.level_db": -12.0}, {"a.pan": 1.0}, {"a.mute": 1.0}, {"a.equaliser.bypass": 1.0}]
)
def test_moves_do_not_splatter_at_any_rate(rate, change):
    mix = with_choices(neutral(("a",)), {"a.equaliser.peak_db": -6.0})
    renderer = Renderer(clip_stems({"a": tone(997, rate)}, rate), mix)
    first = renderer.read(rate // 2)
    renderer.change(with_choices(mix, change))
    out = np.concatenate((first, renderer.read(rate // 2 - 4096)), axis=1)
    renderer.close()
    assert spread_db(out[0], 997, rate, 1500) < -75


def effect(name, **values):
    return EffectSettings(kind="equaliser", name=name, values=values)


TURNED_UP = effect("up", low_shelf_db=12.0, low_shelf_hz=1000.0)
SQUEEZED = EffectSettings(kind="compressor", values={"threshold_db": -30.0, "ratio": 10.0})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((TURNED_UP, SQUEEZED), (SQUEEZED, TURNED_UP)),
        ((TURNED_UP,), ()),
        ((), (TURNED_UP,)),
        ((TURNED_UP, SQUEEZED), (SQUEEZED,)),
        ((effect("up", low_shelf_db=-18.0),), (TURNED_UP, SQUEEZED)),
    ],
)
@pytest.mark.parametrize("rate", [44_100, 192_000])
def test_effects_come_go_and_change_places_without_a_click(before, after, rate):
    mixes = [
        changed(neutral(("a",)), strips=(changed(neutral(("a",)).strips[0], effects=effects),))
        for effects in (before, after)
    ]
    renderer = Renderer(clip_stems({"a": tone(200, rate, 2.5) * np.float32(0.5)}, rate), mixes[0])
    first = renderer.read(rate // 2)
    renderer.change(mixes[1])
    out = np.concatenate((first, renderer.read(3 * rate // 2)), axis=1)
    renderer.close()
    wanted = rendered_at(rate, mixes[1])
    assert rms_db(out[:, -rate // 5 :] - wanted[:, -rate // 5 :]) < -70
    assert spread_db(out[0], 200, rate, 1800) < -70


def rendered_at(rate, mix):
    renderer = Renderer(clip_stems({"a": tone(200, rate, 2.5) * np.float32(0.5)}, rate), mix)
    out = renderer.read(2 * rate)
    renderer.close()
    return out


def test_changing_places_keeps_the_echoes():
    frames = 4 * RATE
    echo = EffectSettings(kind="delay", values={"amount": 1.0, "time_ms": 1500.0})
    orders = [(echo, SQUEEZED), (SQUEEZED, echo)]
    mixes = [
        changed(neutral(("a",)), strips=(changed(neutral(("a",)).strips[0], effects=effects),))
        for effects in orders
    ]
    renderer = Renderer(clip_stems({"a": click(2000, frames)}), mixes[0])
    renderer.read(RATE)
    renderer.change(mixes[1])
    rest = renderer.read(2 * RATE)
    renderer.close()
    there = 2000 + round(1.5 * RATE) - RATE
    assert np.abs(rest[:, there : there + 100]).max() > 0.05


def test_late_effects_change_places_under_a_fade(late_kinds):
    wave = tone(200, RATE)
    late, later = (EffectSettings(kind=kind) for kind in ("late100", "late777"))
    mixes = [
        changed(neutral(("a",)), strips=(changed(neutral(("a",)).strips[0], effects=effects),))
        for effects in ((late, later), (later, late))
    ]
    renderer = Renderer(clip_stems({"a": wave}), mixes[0])
    first = renderer.read(20_000)
    renderer.change(mixes[1])
    out = np.concatenate((first, renderer.read(20_000)), axis=1)
    renderer.close()
    assert (np.abs(out) <= 0.2501).all()
    assert spread_db(out[0], 200, RATE, 600) < -70
    np.testing.assert_array_equal(out[:, 30_000:], wave[:, 30_000:40_000])


def tail_seconds(mix, frames=1000):
    renderer = Renderer(clip_stems({name: np.zeros((1, frames), np.float32) for name in "ab"}), mix)
    seconds = (renderer.frames - frames) / RATE
    renderer.close()
    return seconds


def test_tails_are_what_can_be_heard():
    long = with_choices(neutral(("a", "b")), {"a.reverb.amount": 0.5, "a.reverb.decay_seconds": 4})
    short = with_choices(long, {"a.reverb.decay_seconds": 0.7})
    whole, brief = tail_seconds(long), tail_seconds(short)
    assert 4 < whole < 12
    assert 0 < brief < whole / 3
    for silenced in (
        {"a.mute": 1.0},
        {"a.level_db": -math.inf},
        {"a.reverb.bypass": 1.0},
        {"b.solo": 1.0},
        {"master.mute": 1.0},
        {"a.reverb.amount": 0.0},
    ):
        assert tail_seconds(with_choices(long, silenced)) == 0.0
    assert tail_seconds(with_choices(long, {"a.solo": 1.0, "b.solo": 1.0})) == whole
    safe = with_choices(long, {"b.solo": 1.0})
    safe = changed(safe, strips=(changed(safe.strips[0], solo_safe=True), safe.strips[1]))
    assert tail_seconds(safe) == whole
    on_and_off = (Point(0.0, 1.0), Point(0.3, 0.0))
    for mix, address in (
        (with_choices(long, {"a.mute": 1.0}), "a.mute"),
        (with_choices(long, {"a.reverb.bypass": 1.0}), "a.reverb.bypass"),
        (with_choices(long, {"b.solo": 1.0}), "b.solo"),
    ):
        assert tail_seconds(changed(mix, automation={address: on_and_off})) == whole


def test_automated_effects_have_the_tail_of_their_longest_moment():
    mix = with_choices(neutral(("a", "b")), {"a.reverb.amount": 0.0, "a.reverb.decay_seconds": 0.7})
    brief = tail_seconds(with_value(mix, "a.reverb.amount", 1.0))
    opened = changed(mix, automation={"a.reverb.amount": (Point(0.0, 0.0), Point(0.5, 0.4))})
    assert tail_seconds(opened) == brief  # and not some seconds because something is automated
    longer = {
        **opened.automation,
        "a.reverb.decay_seconds": (Point(0.0, 5.0), Point(0.1, 0.7)),
    }
    decay = with_choices(mix, {"a.reverb.amount": 1.0, "a.reverb.decay_seconds": 5.0})
    assert tail_seconds(changed(mix, automation=longer)) == tail_seconds(decay) > 3 * brief
    # A lower tone takes longer.
    echo = with_choices(neutral(("a", "b")), {"a.delay.amount": 0.5})
    dark = {"a.delay.tone_hz": (Point(0.0, 20_000.0), Point(0.5, 500.0))}
    low = tail_seconds(with_value(echo, "a.delay.tone_hz", 500.0))
    assert tail_seconds(changed(echo, automation=dark)) == low > tail_seconds(echo)


def test_a_reverb_that_is_opened_while_it_plays_rings_to_its_end():
    mix = with_choices(neutral(("a",)), {"a.reverb.amount": 0.0})
    renderer = Renderer(clip_stems({"a": grid_noise(2, 40_000, 1)}), mix)
    assert renderer.frames == 40_000
    renderer.read(20_000)
    opened = with_value(mix, "a.reverb.amount", 1.0)
    renderer.change(opened)
    frames = renderer.frames
    assert frames > 40_000 + RATE
    out = renderer.read(10 * frames)
    assert out.shape[1] == frames - 20_000
    assert rms_db(out[:, 20_000 : 20_000 + RATE]) > -50
    renderer.close()


def test_a_send_that_is_shut_rings_out():
    samples = grid_noise(2, 40_000, 1)
    mix = with_choices(neutral(("a",)), {"a.reverb.amount": 1.0})
    renderer = Renderer(clip_stems({"a": samples}), mix)
    renderer.read(38_000)
    renderer.change(with_value(mix, "a.reverb.amount", 0.0))
    out = read_all(renderer)
    renderer.close()
    assert out.shape[1] > 2000 + RATE
    assert np.abs(out[:, -200:]).max() < 10 ** (-80 / 20)


def test_an_effect_may_write_its_output_where_it_wrote_the_last(late_kinds):
    samples = {"a": grid_noise(2, 60_000, 1)}
    mix = with_effect(neutral(("a",)), "a", EffectSettings(kind="late100"))
    renderer = Renderer(clip_stems(samples), mix)
    process, shared = late_kinds[0].process, np.zeros((2, 1024), np.float32)

    def into_the_same(block, rest):
        shared[:, :512] = process(block, rest)
        return shared[:, :512]

    late_kinds[0].process = into_the_same
    first = renderer.read(30_000)
    renderer.renew(AHEAD)
    np.testing.assert_array_equal(renderer.read(AHEAD), first[:, -AHEAD:])
    renderer.close()
