from __future__ import annotations

import random

import mido
import pytest

from stemdesk.control.sync.clock import ClockFollower
from stemdesk.control.sync.state import Lock

START, STOP = mido.Message("start"), mido.Message("stop")
CONTINUE, CLOCK = mido.Message("continue"), mido.Message("clock")


class Master:
    """A sequencer that sends its clock over a cable with jitter."""

    def __init__(self, bpm=120.0, jitter_seconds=0.0, **follower):
        self.bpm, self.jitter_seconds = bpm, jitter_seconds
        self.follower = ClockFollower(**follower)
        self.now = 50.0
        self.noise = random.Random(7)
        self.beat = 0.0
        self.errors = []

    def say(self, *messages):
        for message in messages:
            self.follower.feed(message, self.now)

    def pulses(self, count, expected=None):
        for _ in range(count):
            late_seconds = self.noise.uniform(0, self.jitter_seconds)
            self.follower.feed(CLOCK, self.now + late_seconds)
            if expected is not None:
                state = self.follower.state(self.now + self.jitter_seconds)
                self.errors.append(
                    state.position_seconds - expected(self.beat) - self.jitter_seconds
                )
            self.now += 60.0 / self.bpm / 24
            self.beat += 1 / 24

    @property
    def state(self):
        return self.follower.state(self.now)


@pytest.mark.parametrize("bpm", [30.0, 60.0, 120.0, 174.0, 300.0])
def test_tempo_is_exact_without_jitter(bpm):
    master = Master(bpm)
    master.pulses(48)
    assert master.state.tempo_bpm == pytest.approx(bpm, rel=1e-9)
    assert master.state.lock is Lock.STOPPED  # it only ticks


@pytest.mark.parametrize("bpm", [60.0, 120.0, 174.0])
def test_tempo_with_six_milliseconds_of_jitter(bpm):
    master = Master(bpm, jitter_seconds=0.006)
    master.pulses(48)
    worst = 0.0
    for _ in range(200):
        master.pulses(1)
        worst = max(worst, abs(master.state.tempo_bpm / bpm - 1))
    assert worst < 0.006


def test_no_tempo_is_told_before_half_a_beat():
    master = Master()
    master.pulses(12)
    assert master.state.tempo_bpm is None
    master.pulses(1)
    assert master.state.tempo_bpm == pytest.approx(120.0)


def test_a_change_of_tempo_is_followed_within_a_beat():
    master = Master(120.0, jitter_seconds=0.001)
    master.pulses(96)
    master.bpm = 132.0
    master.pulses(24)
    assert master.state.tempo_bpm == pytest.approx(132.0, rel=0.01)


def test_one_late_message_is_no_change_of_tempo():
    master = Master()
    master.pulses(47)
    master.follower.feed(CLOCK, master.now + 0.015)
    master.now += 60 / 120 / 24
    master.pulses(4)
    assert master.state.tempo_bpm == pytest.approx(120.0, rel=0.004)


def test_the_song_starts_with_the_pulse_after_start():
    master = Master(seconds_at_beat=lambda beat: beat * 0.5)
    master.pulses(24)
    master.say(START)
    assert master.state.lock is Lock.ACQUIRING
    assert not master.state.running
    master.pulses(1)
    begun = master.now - 60 / 120 / 24
    state = master.follower.state(begun)
    assert state.running
    assert state.position_seconds == pytest.approx(0.0, abs=1e-9)
    master.pulses(95)
    assert master.state.position_seconds == pytest.approx(master.now - begun)
    assert master.state.speed == pytest.approx(1.0)


def test_stop_and_continue_lose_no_pulse():
    master = Master(seconds_at_beat=lambda beat: beat)
    master.say(START)
    master.pulses(36)
    master.say(STOP)
    assert master.state.lock is Lock.STOPPED
    assert master.state.position_seconds == pytest.approx(1.5)
    master.pulses(100)
    assert master.state.position_seconds == pytest.approx(1.5)
    master.say(CONTINUE)
    master.pulses(12)
    assert master.state.position_seconds == pytest.approx(2.0, abs=1e-6)
    master.say(CONTINUE)  # while running it means nothing
    master.pulses(12)
    assert master.state.position_seconds == pytest.approx(2.5, abs=1e-6)
    master.say(START)
    master.pulses(1)
    assert master.state.position_seconds == pytest.approx(1 / 24, abs=1e-6)


def test_the_song_position_pointer_counts_sixteenths():
    master = Master(seconds_at_beat=lambda beat: beat)
    master.say(mido.Message("songpos", pos=34))
    assert master.state.position_seconds == pytest.approx(8.5)
    assert master.state.lock is Lock.STOPPED
    master.pulses(24)
    assert master.state.position_seconds == pytest.approx(8.5)
    master.say(CONTINUE)
    master.pulses(24)
    assert master.state.position_seconds == pytest.approx(9.5, abs=1e-6)


def test_the_song_position_pointer_of_a_running_song():
    master = Master(seconds_at_beat=lambda beat: beat)
    master.say(START)
    master.pulses(24)
    master.say(mido.Message("songpos", pos=400))
    master.pulses(24)
    assert master.state.position_seconds == pytest.approx(101.0, abs=1e-6)


def test_a_master_in_another_tempo_is_faster_than_the_song():
    master = Master(126.0, seconds_at_beat=lambda beat: beat * 0.5)
    master.say(START)
    master.pulses(240)
    assert master.state.speed == pytest.approx(1.05, rel=1e-3)
    assert master.state.position_seconds == pytest.approx(5.0, abs=1e-3)


def test_positions_with_jitter_stay_within_two_milliseconds():
    master = Master(jitter_seconds=0.005, seconds_at_beat=lambda beat: beat * 0.5)
    master.say(START)
    master.pulses(48)
    master.pulses(400, expected=lambda beat: beat * 0.5)
    middle = sum(master.errors) / len(master.errors)  # half the jitter is delay
    assert max(abs(error - middle) for error in master.errors) < 0.002


def test_without_a_map_the_song_runs_at_its_own_speed():
    master = Master(150.0)
    master.pulses(48)
    master.say(mido.Message("songpos", pos=40))
    assert master.state.position_seconds == pytest.approx(4.0)
    master.say(CONTINUE)
    begun = master.now
    master.pulses(48)
    assert master.state.position_seconds == pytest.approx(4.0 + master.now - begun)
    assert master.state.speed == 1.0
    master.bpm = 100.0
    master.pulses(48)
    assert master.state.position_seconds == pytest.approx(4.0 + master.now - begun)
    master.say(STOP)
    stood = master.state.position_seconds
    master.pulses(48)
    assert master.state.position_seconds == stood


def test_a_pulled_cable_is_trusted_for_a_second():
    master = Master(seconds_at_beat=lambda beat: beat * 0.5, freewheel_seconds=1.0)
    master.say(START)
    master.pulses(96)
    heard = master.now - 60 / 120 / 24
    state = master.follower.state(heard + 0.05)
    assert state.lock is Lock.LOCKED
    state = master.follower.state(heard + 0.9)
    assert state.lock is Lock.FREEWHEEL
    assert state.position_seconds == pytest.approx(95 / 48 + 0.9, abs=1e-3)
    state = master.follower.state(heard + 1.2)
    assert state.lock is Lock.STOPPED
    assert state.position_seconds == pytest.approx(95 / 48, abs=1e-3)


@pytest.mark.parametrize("beats", [None, lambda beat: beat * 0.5])
def test_a_cable_plugged_in_again_takes_up_where_it_was_heard_last(beats):
    master = Master(seconds_at_beat=beats)
    master.say(START)
    master.pulses(96)
    master.now += 10.0
    master.pulses(48)
    assert master.state.lock is Lock.LOCKED
    assert master.state.position_seconds == pytest.approx(3.0, abs=0.025)
    assert master.state.tempo_bpm == pytest.approx(120.0)


def test_a_slow_clock_is_not_silent():
    master = Master(20.0, seconds_at_beat=lambda beat: beat)
    master.say(START)
    master.pulses(20)
    assert master.follower.state(master.now + 0.2).lock is Lock.LOCKED
