from __future__ import annotations

import random

import pytest

from stemdesk.control.sync.chase import Action, Chase, ChasePolicy, Command
from stemdesk.control.sync.state import Lock, SyncState


class Player:
    """A player with a clock of its own, that takes a while to obey."""

    def __init__(self, drift=0.0, latency_seconds=0.0):
        self.drift, self.latency_seconds = drift, latency_seconds
        self.playing, self.position, self.speed = False, 0.0, 1.0
        self.waits = []
        self.told = []

    def obey(self, command, now):
        if command is not None:
            self.told.append(command.action)
            if command.action is Action.SPEED:
                self.speed = command.speed
            else:
                self.waits.append((now + self.latency_seconds, command))

    def run(self, seconds, now):
        while self.waits and self.waits[0][0] <= now + 1e-9:
            command = self.waits.pop(0)[1]
            self.position = command.position_seconds
            self.speed = command.speed
            if command.action is not Action.LOCATE:
                self.playing = command.action is Action.START
        if self.playing:
            self.position += seconds * self.speed * (1 + self.drift)


class Show:
    """A master that runs, a player that chases it, and how far they were apart."""

    def __init__(self, player, policy=None, noise_seconds=0.0):
        self.player, self.chase = player, Chase(policy)
        self.now, self.master_seconds, self.speed = 0.0, 10.0, 0.0
        self.lock = Lock.STOPPED
        self.noise, self.noise_seconds = random.Random(4), noise_seconds
        self.apart = []

    def run(self, seconds, speed=None, lock=None):
        self.speed = self.speed if speed is None else speed
        self.lock = self.lock if lock is None else lock
        for _ in range(round(seconds / 0.02)):
            noise = self.noise.uniform(-self.noise_seconds, self.noise_seconds)
            heard = SyncState(self.lock, self.master_seconds + noise, self.speed + noise)
            command = self.chase.decide(
                heard,
                playing=self.player.playing,
                player_seconds=self.player.position,
                seconds=self.now,
            )
            self.player.obey(command, self.now)
            self.player.run(0.02, self.now)
            self.now += 0.02
            self.master_seconds += 0.02 * self.speed
            self.apart.append(self.player.position - self.master_seconds)
        return self

    def take_told(self):
        told, self.player.told = self.player.told, []
        return told


def running(show, seconds=1.0):
    return show.run(seconds, speed=1.0, lock=Lock.LOCKED)


def test_start_run_and_stop():
    show = Show(Player())
    show.run(0.1)
    assert show.take_told() == [Action.LOCATE]
    running(show, 5.0)
    assert show.take_told() == [Action.START]
    assert show.apart[-1] == pytest.approx(0.0, abs=1e-6)
    show.run(0.2, speed=0.0, lock=Lock.STOPPED)
    assert show.take_told() == [Action.STOP]
    assert not show.player.playing
    assert show.player.position == pytest.approx(show.master_seconds)


def test_a_player_with_latency_starts_in_time():
    policy = ChasePolicy(latency_seconds=0.1)
    show = running(Show(Player(latency_seconds=0.1), policy), 3.0)
    assert abs(show.apart[-1]) < 0.022
    assert show.take_told().count(Action.LOCATE) <= 1


def test_drift_is_nudged_away_and_never_heard():
    show = Show(Player(drift=300e-6), noise_seconds=0.001)
    running(show, 120.0)
    told = show.take_told()
    assert Action.LOCATE not in told[2:]
    assert max(map(abs, show.apart[50:])) < 0.012
    assert abs(show.player.speed - 1.0) < 0.006


def test_small_errors_are_left_alone():
    player = Player()
    show = running(Show(player), 1.0)
    show.take_told()
    player.position += 0.007
    running(show, 3.0)
    assert show.take_told() == []


def test_a_nudge_takes_out_what_is_too_much_and_ends():
    player = Player()
    show = running(Show(player), 1.0)
    player.position += 0.03
    running(show, 12.0)
    assert abs(show.apart[-1]) < 0.002
    assert player.speed == pytest.approx(1.0, abs=2e-4)
    assert Action.LOCATE not in show.take_told()[2:]


def test_more_than_40_ms_is_a_jump():
    player = Player()
    show = running(Show(player), 1.0)
    show.take_told()
    for error_seconds in (0.041, -0.041, 20.0):
        player.position += error_seconds
        running(show, 1.0)
        assert show.take_told() == [Action.LOCATE]
        assert abs(show.apart[-1]) < 1e-6


def test_a_player_that_cannot_nudge_jumps_now_and_then():
    show = Show(Player(drift=0.002), ChasePolicy(can_nudge=False))
    running(show, 60.0)
    told = show.take_told()
    assert Action.SPEED not in told
    assert 2 <= told.count(Action.LOCATE) <= 4
    assert max(map(abs, show.apart[5:])) < 0.0405


def test_a_master_3_percent_fast_is_followed_at_its_speed():
    show = Show(Player()).run(60.0, speed=1.03, lock=Lock.LOCKED)
    assert show.player.speed == pytest.approx(1.03, abs=1e-3)
    assert abs(show.apart[-1]) < 0.008
    show.take_told()
    show.run(30.0)
    assert Action.LOCATE not in show.take_told()


def test_a_drop_out_is_played_through_without_orders():
    show = running(Show(Player()), 2.0)
    show.take_told()
    show.player.position += 0.1  # what it hears of the master now is but a guess
    show.run(0.4, lock=Lock.FREEWHEEL)
    assert show.take_told() == []
    show.run(0.1, speed=0.0, lock=Lock.STOPPED)
    assert show.take_told() == [Action.STOP]


@pytest.mark.parametrize("speed", [-1.0, 8.0, 0.0, 0.9])
def test_shuttling_is_waited_for(speed):
    show = running(Show(Player()), 2.0)
    show.take_told()
    show.run(1.0, speed=speed)
    assert show.take_told() == [Action.STOP]
    running(show, 1.0)
    assert show.take_told() == [Action.START]


def test_a_slow_player_is_given_time_before_it_is_corrected():
    show = running(Show(Player(latency_seconds=0.25)), 3.0)
    assert len(show.take_told()) <= 12  # a start, and a jump each half second


def test_a_place_to_stand_is_taken_once():
    show = Show(Player())
    show.master_seconds = 70.0
    show.run(1.0)
    assert show.take_told() == [Action.LOCATE]
    assert show.player.position == 70.0


def test_before_the_song_the_player_waits_at_its_beginning():
    show = Show(Player())
    show.master_seconds = -2.0
    running(show, 1.9)
    assert show.take_told() == []
    running(show, 0.3)
    assert show.take_told() == [Action.START]
    assert abs(show.apart[-1]) < 1e-6


def test_while_it_is_not_known_where_the_master_is_nothing_changes():
    show = Show(Player())
    show.run(1.0, lock=Lock.ACQUIRING)
    assert show.take_told() == []
    running(show, 1.0)
    show.take_told()
    show.run(0.2, lock=Lock.ACQUIRING)
    assert show.take_told() == []


def test_a_player_found_running_is_not_started_again():
    player = Player()
    player.playing, player.position = True, 10.0
    show = running(Show(player), 1.0)
    assert show.take_told() == []


def test_orders_are_values():
    assert Command(Action.STOP, 1.0) == Command(Action.STOP, 1.0)


@pytest.mark.parametrize("latency_seconds", [0.06, 0.15, 0.25, 0.4])
def test_the_latency_of_a_player_that_does_not_tell_it_is_learnt(latency_seconds):
    chase = Chase()
    orders, offset, playing, silent_until = [], 0.0, False, 0.0
    seconds = 0.0
    while seconds < 12.0:
        master = SyncState(Lock.LOCKED, seconds, 1.0)
        heard = seconds - offset if seconds >= silent_until else 0.0
        command = chase.decide(master, playing=playing, player_seconds=heard, seconds=seconds)
        if command is not None:
            orders.append(command.action)
        if command is not None and command.action in (Action.START, Action.LOCATE):
            # Its sound is there only after a while.
            playing, silent_until = True, seconds + latency_seconds
            offset = seconds + latency_seconds - command.position_seconds
        seconds += 0.02
    assert orders.count(Action.LOCATE) <= 2
    assert abs(offset) < 0.01
