"""The whole way from commands to the loudspeaker, without threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.errors import UserError
from stemdesk.playback.timeline import Loop
from stemdesk.playback.transport import State
from tests.playback.rig import (
    STEP,
    ManualDevice,
    Ramp,
    Rig,
    Samples,
    numbers,
    roughness,
    tone,
)

RATE = 48_000
FADE = RATE // 200
LATENCY = 0.1


def playing(source, *devices, **options):
    rig = Rig(source, *devices, **options)
    rig.do(rig.transport.play)
    rig.render()
    return rig


@settings(max_examples=40, deadline=None)
@given(
    frames=st.integers(1, 60_000),
    blocks=st.lists(st.integers(1, 5000), min_size=1, max_size=8),
    channels=st.integers(2, 8),
)
def test_a_song_is_played_frame_by_frame_whatever_the_blocks(frames, blocks, channels):
    source = Ramp(frames, channels=channels)
    rig = playing(source)
    heard, turn = [], 0
    while rig.transport.state is State.PLAYING:
        heard.append(rig.device.pull(blocks[turn % len(blocks)]))
        rig.render()
        turn += 1
    sound = np.concatenate(heard, axis=1)
    source.seek(0)
    assert np.array_equal(sound[:, :frames], source.read(frames))
    assert not sound[:, frames + FADE :].any()
    assert rig.output.heard_frame == frames
    assert rig.counters.underruns == 0


@settings(max_examples=40, deadline=None)
@given(
    first=st.integers(0, 3000),
    length=st.integers(480, 4000),
    start=st.integers(0, 7000),
    block=st.integers(1, 3000),
)
def test_a_loop_repeats_every_frame_without_a_gap(first, length, start, block):
    rig = Rig(Ramp(20_000))
    start = min(start, first + length - 1)
    rig.do(rig.transport.set_loop, Loop(first, first + length))
    rig.do(rig.transport.seek, start)
    rig.do(rig.transport.play)
    heard = numbers(rig.pull(15_000, block))
    expected = np.arange(start, start + len(heard))
    behind = expected >= first + length
    expected[behind] = first + (expected[behind] - first) % length
    begin = FADE if start else 0
    assert np.array_equal(heard[begin:], expected[begin:])


def test_a_loop_can_be_set_and_cleared_while_it_plays_and_not_a_frame_is_lost():
    rig = playing(Ramp(100_000))
    heard = [rig.pull(10_000)]
    rig.do(rig.transport.set_loop, Loop(5000, 12_000))  # its end is rendered already
    heard.append(rig.pull(12_000))
    rig.do(rig.transport.set_loop, None)
    heard.append(rig.pull(8000))
    frames = numbers(np.concatenate(heard, axis=1))
    expected = [*range(12_000), *range(5000, 12_000), *range(5000, 5000 + len(frames) - 19_000)]
    # The cross-fade between two renderings of the same thing may round in the last place.
    assert np.abs(np.array(frames) - expected).max() == 0


def test_behind_the_loop_the_song_goes_on():
    rig = Rig(Ramp(20_000))
    rig.do(rig.transport.set_loop, Loop(1000, 5000))
    rig.do(rig.transport.seek, 5000)
    rig.do(rig.transport.play)
    assert numbers(rig.pull_all())[:15_000][-1] == 19_999


@pytest.mark.parametrize("target", [0, 70_000])
def test_a_seek_is_heard_at_once_without_a_click(target):
    sound = tone(100, 3.0)
    sound[:, 60_000:] = 0.5 * tone(150, 3.0)[:, 60_000:]
    rig = playing(Samples(sound))
    before = rig.pull(20_000)
    rig.do(rig.transport.seek, target)
    after = rig.pull(20_000)
    assert np.array_equal(after[:, FADE:], sound[:, target + FADE : target + 20_000])
    whole = np.concatenate([before, after], axis=1)
    assert roughness(whole) < 2 * roughness(sound)


def test_the_old_sound_goes_on_until_the_new_is_ready():
    rig = playing(Ramp(200_000))
    rig.pull(9600)
    rig.do(rig.transport.seek, 100_000)
    rig.transport.step()  # one block only: by far not half a ring
    assert list(numbers(rig.device.pull(960))) == list(range(9600, 10_560))
    rig.render()
    assert numbers(rig.device.pull(960))[FADE:][0] == 100_000 + FADE
    assert rig.counters.underruns == 0


def test_of_many_seeks_the_last_one_counts():
    rig = playing(Ramp(200_000))
    rig.pull(9600)
    for target in range(20_000, 120_000, 10_000):
        rig.do(rig.transport.seek, target)
        rig.transport.step()
    assert numbers(rig.pull(960))[-1] == 110_000 + 959
    assert rig.output.heard_frame == 110_960


def test_seeks_that_overtake_one_another_do_not_use_up_the_ring():
    rig = playing(Ramp(200_000))
    rig.pull(9600)
    for target in range(20_000, 100_000, 1000):
        rig.do(rig.transport.seek, target)
        for _ in range(8):  # not yet half a ring
            rig.transport.step()
    assert numbers(rig.pull(960))[-1] == 99_000 + 959
    assert rig.counters.underruns == 0


def test_what_sounds_is_not_overwritten_before_the_callback_comes():
    rig = playing(Samples(np.repeat([[0.5, -0.5], [0.5, -0.5]], 100_000, axis=1)))
    rig.pull(9600)
    for target in (150_000, 160_000, 170_000, 180_000):
        rig.do(rig.transport.seek, target)
        rig.render()
    heard = rig.device.pull(960)
    assert heard[0, 0] > 0.49
    assert (heard[:, FADE:] == -0.5).all()


def test_a_seek_beyond_the_song_stays_within():
    source = Ramp(5000)
    rig = Rig(source)
    for target, frame in ((-100, 0), (99_999, 5000)):
        rig.do(rig.transport.seek, target)
        rig.pull(960)
        assert rig.output.heard_frame == frame
        assert source.asked[-1] == ("seek", frame, None)


def test_a_seek_to_the_end_ends():
    rig = playing(Ramp(50_000))
    rig.pull(960)
    rig.do(rig.transport.seek, 50_000)
    rig.pull_all()
    assert rig.transport.state is State.STOPPED
    assert rig.output.heard_frame == 50_000


def test_pause_keeps_the_place_and_stop_goes_back():
    source = Ramp(100_000)
    rig = playing(source)
    rig.pull(9600)
    rig.do(rig.transport.pause)
    assert rig.transport.state is State.PAUSED
    silent = rig.pull(9600)
    assert not silent[:, FADE:].any()
    assert rig.output.heard_frame == 9600
    rig.do(rig.transport.play)
    assert numbers(rig.pull(960))[FADE:][0] == 9600 + FADE
    rig.do(rig.transport.stop)
    assert rig.transport.state is State.STOPPED
    assert not rig.pull(9600)[:, FADE:].any()
    assert rig.output.heard_frame == 0


def test_a_seek_in_a_pause_leaves_nothing_of_the_old_place():
    rig = playing(Ramp(200_000))
    rig.pull(9600)
    rig.do(rig.transport.pause)
    rig.pull(960)
    rig.do(rig.transport.seek, 150_000)
    rig.do(rig.transport.play)
    rig.transport.step()
    first = rig.device.pull(960)
    assert not first.any()  # not ready, and no remains of what was there
    heard = numbers(rig.pull(960))
    assert heard[FADE:][0] == 150_000 + FADE


def test_play_after_the_end_begins_again():
    rig = playing(Ramp(3000))
    rig.pull_all()
    assert (rig.transport.state, rig.output.heard_frame) == (State.STOPPED, 3000)
    rig.do(rig.transport.play)
    assert list(numbers(rig.pull(960))) == list(range(960))


def test_play_after_the_end_begins_with_the_loop():
    rig = playing(Ramp(30_000))
    rig.pull_all()
    rig.do(rig.transport.set_loop, Loop(5000, 8000))
    rig.do(rig.transport.play)
    assert numbers(rig.pull(4000))[FADE:3100].tolist() == [*range(5240, 8000), *range(5000, 5100)]


def test_the_end_is_the_end_even_where_rates_do_not_fit():
    rig = playing(Ramp(20_002, 192_000), ManualDevice(8000, 2))
    rig.pull_all()
    assert rig.output.heard_frame == 20_002
    rig.do(rig.transport.play)
    assert rig.pull(400).any()


def test_a_seek_after_the_end_counts_even_if_play_follows_at_once():
    rig = playing(Ramp(30_000))
    rig.pull_all()
    rig.do(rig.transport.seek, 20_000)
    rig.do(rig.transport.play)
    assert numbers(rig.pull(960))[FADE:][0] == 20_000 + FADE


@pytest.mark.parametrize(("rate", "device_rate"), [(48_000, 48_000), (44_100, 48_000)])
@pytest.mark.parametrize("speed", [1.0, 1.6])
def test_the_position_is_what_is_heard(rate, device_rate, speed):
    """The loudspeaker is as late as the device says: what leaves it now tells the frame."""
    device = ManualDevice(device_rate, 2, LATENCY)
    rig = Rig(Ramp(5 * rate, rate), device)
    rig.do(rig.transport.set_speed, speed)
    rig.do(rig.transport.seek, 30_000)
    rig.do(rig.transport.play)
    rig.render()
    late = round(LATENCY * device_rate)
    loudspeaker = np.zeros((2, late))
    # The stretch moves pieces by up to 12.5 ms about where they belong.
    tolerance = 1.5 if speed == 1.0 else 0.015 * rate * speed
    for turn in range(60):
        loudspeaker = np.concatenate([loudspeaker, rig.device.pull(480)], axis=1)
        rig.render()
        heard = loudspeaker[0, -late - 1]
        if turn > 15:
            assert abs(heard / STEP - 1 - rig.output.heard_frame) <= tolerance
        else:
            assert rig.output.heard_frame >= 30_000


def test_the_position_never_runs_back_through_pauses_and_renewals():
    rig = Rig(Ramp(200_000), ManualDevice(RATE, 2, LATENCY))
    rig.do(rig.transport.play)
    commands = [
        rig.transport.pause,
        rig.transport.play,
        rig.transport.refresh,
        rig.transport.pause,
        rig.transport.refresh,
        rig.transport.play,
    ]
    places = []
    for command in commands:
        for _ in range(20):
            rig.pull(960)
            places.append(rig.output.heard_frame)
        rig.do(command)
    assert (np.diff(places) >= 0).all()
    assert np.diff(places).max() <= 960 + 1


def test_a_refresh_lets_a_change_be_heard_within_the_ring():
    source = Samples(0.25 * np.ones((2, 400_000)))
    rig = playing(source)
    rig.pull(48_000)
    source.samples = 0.5 * source.samples
    stale = rig.pull(960)
    assert (stale == 0.25).all()  # rendered before
    rig.do(rig.transport.refresh)
    fresh = rig.pull(960)
    assert (fresh[:, FADE:] == 0.125).all()


def test_a_refresh_goes_back_to_what_is_heard_and_no_further():
    source = Ramp(200_000)
    rig = playing(source)
    rig.do(rig.transport.seek, 10_000)
    rig.render()
    assert source.asked[-1] == ("seek", 10_000, None)
    rig.pull(960)
    rig.render()
    read = source._position
    rig.do(rig.transport.refresh)
    rig.render()
    assert source.asked[-1] == ("renew", read - 960, None)


def test_a_refresh_in_a_short_loop_goes_back_to_the_turn_that_is_heard():
    source, loop = Ramp(200_000), Loop(10_000, 11_000)
    rig = playing(source)
    rig.do(rig.transport.set_loop, loop)
    rig.do(rig.transport.seek, 10_000)
    rig.render()
    rig.pull(2500)
    rig.render()
    read = source._position
    assert read > 12_000  # several turns ahead
    rig.do(rig.transport.refresh)
    heard = rig.pull(5000)
    assert source.asked[-1][1] == read - 2500
    expected = 10_000 + np.arange(2500, 7500) % 1000
    assert np.array_equal(numbers(heard), expected)


@pytest.mark.parametrize("speed", [0.8, 1.6])
def test_a_refresh_at_another_speed_goes_back_to_what_is_heard(speed):
    source = Ramp(500_000)
    rig = playing(source)
    rig.do(rig.transport.set_speed, speed)
    rig.pull(48_000)
    before = rig.output.heard_frame
    rig.do(rig.transport.refresh)
    rig.render()
    assert source._way.song_frame(0) == pytest.approx(before, abs=2)
    rig.pull(48_000)
    assert rig.output.heard_frame == pytest.approx(before + 48_000 * speed, abs=1000)


def test_many_refreshes_in_a_row_are_heard_on_the_way():
    """A fader that is dragged asks more often than half a ring takes to render."""
    source = Samples(np.linspace(0.9, 0.1, 96_000 * 5)[None].repeat(2, axis=0))
    rig = playing(source)
    rig.pull(9600)
    heard = []
    for gain in np.linspace(1.0, 0.01, 60):
        source.samples = np.full_like(source.samples, 0.5 * gain)
        rig.do(rig.transport.refresh)
        for _ in range(3):  # rendering takes 0.6 of the time there is
            rig.transport.step()
        heard.append(rig.device.pull(960)[0, -1])
    assert len(np.unique(np.round(heard, 3))) > 4
    assert rig.counters.underruns == 0


def test_what_cannot_keep_up_can_still_be_slowed_down():
    rig = playing(Ramp(400_000), ahead_ms=200.0)
    rig.do(rig.transport.set_speed, 2.0)
    rig.render()
    for _ in range(50):
        rig.transport.step()  # 256 frames where 960 are needed: the ring is never full
        rig.device.pull(960)
    assert rig.counters.underruns > 0
    rig.do(rig.transport.set_speed, 1.0)
    heard = []
    for _ in range(200):
        rig.transport.step()
        heard.append(rig.device.pull(480))
    assert set(np.diff(numbers(np.concatenate(heard[-20:], axis=1)))) == {1}


def test_speed_changes_how_long_a_song_lasts_but_not_its_pitch():
    rig = Rig(Samples(tone(440, 1.0)))
    rig.do(rig.transport.set_speed, 1.25)
    rig.do(rig.transport.play)
    heard = rig.pull_all()[0]
    sounding = np.flatnonzero(np.abs(heard) > 1e-4)
    assert len(heard[: sounding[-1]]) == pytest.approx(RATE / 1.25, abs=FADE + 50)
    crossings = np.sum(np.diff(np.signbit(heard[: RATE // 2])))
    assert crossings == pytest.approx(440, abs=3)


def test_a_speed_set_while_playing_does_not_click():
    sound = tone(100, 4.0)
    rig = playing(Samples(sound))
    heard = [rig.pull(20_000)]
    rig.do(rig.transport.set_speed, 0.8)
    heard.append(rig.pull(20_000))
    rig.do(rig.transport.set_speed, 1.0)
    heard.append(rig.pull(20_000))
    assert roughness(np.concatenate(heard, axis=1)) < 2.5 * roughness(sound)
    assert rig.output.heard_frame == pytest.approx(56_000, abs=1000)


def test_a_source_too_slow_is_counted_and_picked_up_where_it_stopped():
    rig = playing(Ramp(200_000))
    rig.pull(4800)
    rig.render()
    while rig.counters.underruns == 0:
        rig.device.pull(960)  # and nobody renders
    stopped = rig.output.heard_frame
    assert stopped == pytest.approx(4800 + 12_000, abs=512)
    rig.device.latency_seconds = 0.1
    rig.render()
    assert numbers(rig.device.pull(960))[FADE:][0] == stopped + FADE
    assert rig.output.heard_frame == stopped  # the device holds it still
    assert rig.counters.underruns == 1
    assert rig.transport.state is State.PLAYING


def test_an_error_of_the_source_stops_and_is_told_and_play_tries_again():
    source = Ramp(200_000)
    rig = playing(source)
    rig.pull(9600)
    whole, calls = source.read, []
    source.read = calls.append  # returns None: the programming error
    for _ in range(4):
        rig.render()
        heard = rig.device.pull(4800)
    assert rig.transport.state is State.FAILED
    assert isinstance(rig.transport.error, ValueError)
    assert len(calls) == 1
    assert not heard.any()
    stopped = rig.output.heard_frame
    source.read = whole
    rig.do(rig.transport.play)
    assert rig.transport.error is None
    resumed = numbers(rig.pull(48_000))
    assert list(resumed[FADE:]) == list(range(stopped + FADE, stopped + 48_000))


def test_an_error_in_seeking_is_told():
    source = Ramp(5000)
    rig = Rig(source)
    source.seek = None
    rig.do(rig.transport.seek, 100)
    assert rig.transport.state is State.FAILED
    assert isinstance(rig.transport.error, TypeError)
    rig.do(rig.transport.stop)
    assert rig.transport.state is State.FAILED


def test_an_error_in_the_callback_is_told():
    rig = playing(Ramp(50_000))
    rig.device.callback(np.zeros((10, 5), np.float32), 0.0)
    rig.render()
    assert rig.transport.state is State.FAILED
    assert isinstance(rig.transport.error, ValueError)


def test_neither_nan_nor_anything_above_full_scale_reaches_the_device():
    sound = tone(100, 2.0, level=3.0)
    sound[:, 30_000:30_010] = np.nan
    sound[0, 40_000] = np.inf
    rig = playing(Samples(sound))
    heard = rig.pull_all()  # ManualDevice.pull checks every block
    assert np.abs(heard).max() > 0.9


def test_quiet_sound_passes_bit_for_bit():
    noise = np.random.default_rng(0).uniform(-1, 1, (2, 30_000)).astype(np.float32)
    heard = playing(Samples(noise)).pull_all()
    assert np.array_equal(heard[:, :30_000], noise)


@pytest.mark.parametrize(("rate", "device_rate"), [(44_100, 48_000), (96_000, 44_100)])
def test_a_device_of_another_rate_hears_the_same_tone(rate, device_rate):
    rig = playing(Samples(tone(997, 0.7, rate), rate), ManualDevice(device_rate, 2))
    heard = rig.pull_all()
    expected = tone(997, 0.7, device_rate)
    frames = expected.shape[1]
    assert np.abs(heard[:, :frames] - expected)[:, 500:-500].max() < 1e-4
    assert not heard[:, frames + FADE :].any()
    assert rig.output.heard_frame == round(0.7 * rate)


def test_a_loop_is_seamless_at_another_rate():
    """441 periods of 100 Hz: wherever it wraps, the tone goes on."""
    sound = tone(100, 2.0, 44_100)
    rig = Rig(Samples(sound, 44_100), ManualDevice(48_000, 2))
    rig.do(rig.transport.set_loop, Loop(441, 441 * 31))
    rig.do(rig.transport.play)
    heard = rig.pull(100_000)
    expected = tone(100, 3.0)[:, :100_000]
    assert np.abs(heard - expected)[:, 500:].max() < 1e-4


@pytest.mark.parametrize(
    ("channels", "device_channels", "levels"),
    [
        (1, 2, (0.1, 0.1)),
        (2, 1, (0.15,)),
        (2, 4, (0.1, 0.2, 0.0, 0.0)),
        (6, 2, (0.1 + 0.3 * 0.5**0.5 + 0.5 * 0.5**0.5, 0.2 + 0.3 * 0.5**0.5 + 0.6 * 0.5**0.5)),
    ],
)
def test_channels_find_their_speakers(channels, device_channels, levels):
    sound = np.linspace(0.1, 0.6, 6)[:channels, None] * np.ones((1, 10_000))
    rig = playing(Samples(sound), ManualDevice(RATE, device_channels))
    heard = rig.pull(4800)
    assert heard.shape[0] == device_channels
    assert np.allclose(heard[:, FADE:], np.array(levels)[:, None], atol=1e-6)


def test_a_lost_device_pauses_where_it_was_and_play_tries_again():
    first, second = ManualDevice(), ManualDevice(44_100)
    rig = playing(Ramp(200_000), first, second)
    rig.pull(9600)
    first.reason = 'The sound output "manual" has stopped'
    rig.render()
    assert first.is_closed
    assert rig.device.name == "no sound"
    assert rig.transport.state is State.PAUSED
    assert rig.output.heard_frame == 9600
    assert rig.output.message == (
        'The sound output "manual" has stopped: choose another output, or play to try again.'
    )
    rig.do(rig.transport.play)
    assert rig.device is second
    assert rig.output.message is None
    assert rig.pull(4410).any()
    assert rig.output.heard_frame == pytest.approx(9600 + 4800, abs=1)
    rig.output.close()


def test_a_device_lost_while_stopped_stays_stopped():
    first = ManualDevice()
    rig = Rig(Ramp(200_000), first)
    rig.do(rig.transport.seek, 500)
    rig.pull(960)
    first.reason = "Gone"
    rig.render()
    assert rig.transport.state is State.STOPPED
    rig.output.close()


def test_play_after_a_loss_falls_back_on_the_systems_choice():
    gone = UserError('There is no sound output "manual"', "choose one of 0")
    first, second = ManualDevice(), ManualDevice()
    rig = playing(Ramp(200_000), first, second, gone, ManualDevice())
    rig.do(rig.transport.set_device, "manual")
    assert rig.device is second
    rig.pull(960)
    second.reason = "Gone"
    rig.render()
    rig.do(rig.transport.play)
    assert [asked[0] for asked in rig.outputs.asked] == [None, "manual", "manual", None]
    assert rig.output.message is None
    rig.pull(960)
    assert rig.output.heard_frame == 1920


def test_another_device_goes_on_at_the_same_place():
    rig = playing(Ramp(200_000), ManualDevice(), ManualDevice(96_000))
    rig.pull(9600)
    first = rig.device
    rig.do(rig.transport.set_device, 3)
    assert first.is_closed
    assert rig.outputs.asked[-1] == (3, 48_000, 2, 20.0)
    rig.pull(19_200)
    assert rig.output.heard_frame == pytest.approx(19_200, abs=1)
    assert rig.transport.state is State.PLAYING


def test_a_device_that_cannot_be_opened_leaves_the_old_one_alone():
    rig = playing(Ramp(200_000), ManualDevice(), UserError("It is taken", "wait"))
    rig.pull(9600)
    rig.do(rig.transport.set_device, 3)
    assert rig.output.message == "It is taken: wait."
    assert list(numbers(rig.pull(960))) == list(range(9600, 10_560))


def test_no_device_at_all_is_told_and_keeps_its_place():
    rig = Rig(Ramp(200_000), UserError("There is no sound", "buy a loudspeaker"))
    assert rig.output.message == "There is no sound: buy a loudspeaker."
    assert rig.device.name == "no sound"
    rig.do(rig.transport.seek, 5000)
    rig.render()
    assert rig.output.next_frame == 5000
    rig.output.close()


def test_a_length_that_grows_with_its_effects_is_played_to_its_end():
    source = Ramp(50_000)
    rig = playing(source)
    source.frames = 60_000
    heard = numbers(rig.pull_all())
    assert list(heard[:60_000]) == list(range(60_000))
    assert rig.output.heard_frame == 60_000


def test_an_empty_song_ends_at_once():
    rig = playing(Ramp(0))
    assert not rig.pull_all().any()
    assert rig.transport.state is State.STOPPED


def test_the_ring_holds_blocks_longer_than_what_is_rendered_ahead():
    rig = playing(Ramp(200_000), block_ms=400.0)
    rig.pull(96_000, 19_200)
    assert rig.counters.underruns == 0


def test_settings_before_the_first_play_are_kept():
    rig = Rig(Ramp(100_000))
    rig.do(rig.transport.set_loop, Loop(2000, 4000))
    rig.do(rig.transport.seek, 3500)
    rig.do(rig.transport.play)
    heard = numbers(rig.pull(1000))
    assert list(heard[FADE:]) == [*range(3500 + FADE, 4000), *range(2000, 2500)]
