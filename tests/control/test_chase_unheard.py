"""What a chase does to the pitch: nothing that ears would find."""

from __future__ import annotations

import math

import pytest

from stemdesk.control.sync.chase import Action
from stemdesk.control.sync.state import Lock
from tests.control.test_chase import Player, Show

NUDGE_CENTS = 9.0  # 0.5 %
UNHEARD_CENTS = 1.0


class TunedPlayer(Player):
    """A player whose pitch is written down."""

    def __init__(self, **player):
        super().__init__(**player)
        self.cents = []

    def run(self, seconds, now):
        super().run(seconds, now)
        self.cents.append(1200 * math.log2(self.speed))


def running(seconds=1.0, noise_seconds=0.0):
    show = Show(TunedPlayer(), noise_seconds=noise_seconds)
    show.run(seconds, speed=1.0, lock=Lock.LOCKED)
    show.take_told()
    return show


@pytest.mark.parametrize("error_seconds", [0.038, -0.038])
def test_an_error_is_mended_without_a_pitch_that_is_heard(error_seconds):
    show = running()
    show.player.position += error_seconds
    show.run(12.0)
    assert Action.LOCATE not in show.take_told()
    assert abs(show.apart[-1]) < 0.005
    assert max(map(abs, show.player.cents)) <= NUDGE_CENTS


def test_a_master_that_trembles_does_not_make_the_song_tremble():
    show = running(20.0, noise_seconds=0.004)
    assert max(map(abs, show.player.cents[100:])) < UNHEARD_CENTS


def test_a_master_that_goes_2_percent_faster_is_followed_without_a_jump():
    show = running(2.0)
    show.run(20.0, speed=1.02)
    assert Action.LOCATE not in show.take_told()
    assert max(map(abs, show.apart)) < 0.035
    assert show.player.speed == pytest.approx(1.02, abs=2e-3)
