"""The callback against a ring that the test fills itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.playback.outlet import Counters, Outlet
from stemdesk.playback.ring import Head, Passage, Ring
from stemdesk.playback.timeline import Timeline
from tests.playback.rig import Ramp, numbers, roughness, tone

RATE = 8000
FADE = 40


class Desk:
    """A producer that does as it is told."""

    def __init__(self, capacity_frames=1000, start_frame=0, resume_frames=100):
        self.passage = Passage(0, Timeline(start_frame))
        self.ring = Ring(capacity_frames, 2, Head(self.passage, 0, False, False))
        self.outlet = Outlet(self.ring, RATE, resume_frames)
        self.written = 0
        self.seconds = 0.0

    def write(self, block):
        self.ring.put(self.written, np.asarray(block, np.float32).T)
        self.written += np.shape(block)[1]

    def show(self, *, audible=True, ended=False):
        self.ring.head = Head(self.passage, self.written, ended, audible)

    def pull(self, frames):
        out = np.full((frames, 2), np.nan, np.float32)
        self.outlet(out, self.seconds)
        self.seconds += frames / RATE
        assert self.outlet.error is None
        assert np.abs(out).max(initial=0.0) <= 1.0
        return out.T


def ramp(frames, first=0):
    source = Ramp(1 << 18)
    source.seek(first)
    return source.read(frames)


@settings(max_examples=60, deadline=None)
@given(turns=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), max_size=60))
def test_frames_pass_in_order_over_every_wrap(turns):
    desk = Desk(capacity_frames=701)
    desk.show()
    source, heard = Ramp(1 << 18), []
    for written, pulled in turns:
        room = 700 - (desk.written - desk.outlet.place.frame)
        desk.write(source.read(min(written, room)))
        ready = desk.written - desk.outlet.place.frame
        desk.show()
        if pulled <= ready:  # never let it run dry
            heard.append(desk.pull(pulled))
    if heard:
        sound = np.concatenate(heard, axis=1)
        assert np.array_equal(sound, ramp(sound.shape[1]))
    assert desk.outlet.counters.underruns == 0


def test_nothing_sounds_before_it_is_asked_to():
    desk = Desk()
    assert not desk.pull(50).any()
    desk.write(ramp(200))
    desk.show(audible=False)
    assert not desk.pull(50).any()
    assert desk.outlet.place.frame == 0


def test_the_start_of_a_song_is_exact_and_any_other_fades_in():
    song, middle = Desk(), Desk(start_frame=4)
    for desk in (song, middle):
        desk.write(np.ones((2, 400)))
        desk.show()
    assert (song.pull(100) == 1.0).all()
    heard = middle.pull(100)[0]
    assert heard[0] < 0.01
    assert (np.diff(heard[:FADE]) > 0).all()
    assert (heard[FADE:] == 1.0).all()


@pytest.mark.parametrize("block", [7, 40, 100])
def test_an_underrun_is_counted_and_neither_clicks_nor_loses_frames(block):
    desk = Desk()
    sound = tone(150, 0.5, RATE)
    desk.write(sound[:, :330])
    desk.show()
    heard = [desk.pull(block) for _ in range(700 // block)]
    counters = desk.outlet.counters
    assert counters.underruns == 1
    assert counters.missing_frames == 700 // block * block - 330
    desk.write(sound[:, 330:380])
    desk.show()
    heard.append(desk.pull(block))  # too little yet
    assert desk.outlet.place.frame == 330
    desk.write(sound[:, 380:1000])
    desk.show()
    heard += [desk.pull(block) for _ in range(400 // block)]
    whole = np.concatenate(heard, axis=1)
    assert np.array_equal(whole[:, :330], sound[:, :330])
    assert not whole[:, 330 + FADE : 690].any()
    resumed = np.flatnonzero(whole[0, 700 // block * block :])[0] + 700 // block * block
    after = whole[:, resumed + FADE :]
    assert np.array_equal(after, sound[:, 330 + FADE :][:, : after.shape[1]])
    # The held frame bends the tone, by no more than its own slope; a cut would be ten times that.
    assert roughness(whole) < 1.1 * np.abs(np.diff(sound)).max()
    assert counters.underruns == 1


def test_an_end_is_no_underrun():
    desk = Desk()
    desk.write(0.8 * np.ones((2, 150)))
    desk.show(ended=True)
    heard = desk.pull(400)[0]
    assert (heard[:150] == np.float32(0.8)).all()
    assert (np.diff(heard[150 : 150 + FADE]) < 0).all()
    assert heard[150] > 0.79
    assert not heard[150 + FADE :].any()
    assert desk.outlet.counters == Counters()


def test_the_end_is_reached_when_it_has_been_heard():
    desk = Desk()
    desk.write(ramp(150))
    desk.show(ended=True)
    latency = 0.5
    desk.outlet(np.zeros((100, 2), np.float32), 10.0 + latency)
    desk.outlet(np.zeros((100, 2), np.float32), 10.0 + 100 / RATE + latency)
    end = 10.0 + 150 / RATE + latency
    assert not desk.outlet.has_played_all(end - 1e-4)
    assert desk.outlet.has_played_all(end + 1e-4)


def test_a_pause_fades_and_uses_nothing_up():
    desk = Desk(start_frame=1)
    sound = tone(150, 0.1, RATE)
    desk.write(sound)
    desk.show()
    before = desk.pull(213)
    desk.show(audible=False)
    pausing = desk.pull(100)
    assert not pausing[:, FADE:].any()
    assert roughness(np.concatenate([before[:, FADE:], pausing], axis=1)) < 2 * roughness(sound)
    assert desk.outlet.is_quiet
    assert desk.outlet.place.frame == 213
    desk.show()
    resumed = desk.pull(100)
    assert abs(resumed[0, 0]) < 0.01
    assert np.array_equal(resumed[:, FADE:], sound[:, 213 + FADE : 313])


@settings(max_examples=80, deadline=None)
@given(
    events=st.lists(
        st.tuples(st.sampled_from(["pause", "seek", "starve", "play"]), st.integers(1, 90)),
        max_size=40,
    )
)
def test_gains_never_sum_above_one_and_no_break_is_a_step(events):
    """Full-scale direct current: any gain above 1 is over full scale, any click is a step."""
    desk = Desk(capacity_frames=100_000, start_frame=1)
    heard = []
    is_audible, is_fed = True, True
    for event, frames in events:
        if event == "seek":
            axis = desk.passage.axis + 1
            desk.passage = Passage(desk.written, Timeline(7), axis)
        is_audible = event != "pause"
        is_fed = event != "starve"
        if is_fed:
            desk.write(np.ones((2, 200)))
        desk.show(audible=is_audible)
        heard.append(desk.pull(frames))
    if heard:
        sound = np.concatenate(heard, axis=1)
        steepest = np.pi / 2 / FADE * 1.05
        assert np.abs(np.diff(sound, axis=1)).max(initial=0.0) <= 2 * steepest
        assert (sound >= 0).all()


def test_a_seek_to_the_start_of_the_song_crosses_over_too():
    desk = Desk()
    desk.write(np.ones((2, 300)))
    desk.show()
    desk.pull(100)
    desk.passage = Passage(desk.written, Timeline(0), axis=1)
    desk.write(np.ones((2, 300)))
    desk.show()
    assert np.allclose(desk.pull(100), 1.0, atol=1e-6)  # pull() checks that it is never above


def test_a_seek_crosses_over_in_five_milliseconds():
    desk = Desk(start_frame=1)
    desk.write(0.6 * np.ones((2, 300)))
    desk.show()
    desk.pull(100)
    desk.passage = Passage(desk.written, Timeline(5000), axis=1)
    desk.write(-0.6 * np.ones((2, 300)))
    desk.show()
    heard = desk.pull(100)[0]
    assert (np.diff(heard[:FADE]) < 0).all()
    assert heard[0] > 0.59
    assert (heard[FADE:] == np.float32(-0.6)).all()
    assert desk.outlet.place.frame == 400


def test_the_same_playing_rendered_afresh_goes_on_where_it_was():
    desk = Desk()
    desk.write(ramp(300))
    desk.show()
    desk.pull(100)
    # Rendered afresh from where it stood then; meanwhile the old sound has gone on.
    desk.passage = Passage(desk.written, Timeline(100), axis=0, axis_first=100)
    desk.pull(70)
    desk.write(ramp(200, first=100))
    desk.show()
    assert list(numbers(desk.pull(60))) == list(range(170, 230))


def test_levels_are_noted_before_each_block():
    desk = Desk()
    desk.write(ramp(500))
    desk.show()
    for _ in range(4):
        desk.pull(100)
    assert desk.outlet.counters.least_ahead_frames == 200
    desk.outlet.counters = Counters()
    desk.write(ramp(50))
    desk.show()
    desk.pull(10)
    assert desk.outlet.counters.least_ahead_frames == 150


def test_an_error_in_the_callback_is_kept_and_silent():
    desk = Desk()
    desk.write(ramp(500))
    desk.show()
    out = np.ones((100, 3), np.float32)  # not the channels it was made for
    desk.outlet(out, 0.0)
    assert not out.any()
    assert isinstance(desk.outlet.error, ValueError)


def test_position_follows_the_loudspeaker():
    desk = Desk()
    desk.write(ramp(1000))
    desk.show()
    outlet = desk.outlet
    assert outlet.heard(5.0)[1] == 0
    outlet(np.zeros((100, 2), np.float32), 10.0)
    assert outlet.heard(9.0)[1] == 0  # not yet through the device
    assert outlet.heard(10.0 + 60 / RATE)[1] == pytest.approx(60)
    assert outlet.heard(11.0)[1] == 100  # no further than what was given out
    outlet(np.zeros((100, 2), np.float32), 10.0 + 100 / RATE)
    assert outlet.heard(10.0 + 60 / RATE)[1] == pytest.approx(60)
