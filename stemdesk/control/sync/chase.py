"""Chasing: what a player does to stay with a master."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from stemdesk.control.sync.state import Lock

if TYPE_CHECKING:
    from stemdesk.control.sync.state import SyncState


class Action(Enum):
    """What the player is told."""

    START = "start"  # play from the position
    STOP = "stop"  # and stand at the position
    LOCATE = "locate"  # go to the position, playing on if playing
    SPEED = "speed"  # play at this speed


@dataclass(frozen=True)
class Command:
    """One order to the player.

    Attributes:
        action: what to do.
        position_seconds: where in the song; meaningless for SPEED.
        speed: seconds of song per second; 1 is the song's own.
    """

    action: Action
    position_seconds: float = 0.0
    speed: float = 1.0


@dataclass(frozen=True)
class ChasePolicy:
    """How closely to chase.

    Attributes:
        relocate_seconds: a greater error is mended by a jump.
        nudge_seconds: a greater error is mended by speed, where the player can.
        calm_seconds: a nudge ends when the error is below this.
        correction_seconds: a nudge takes out the error in about this time.
        most_nudge: greatest change of speed by a nudge.
        most_speed: a master further from speed 1 is not followed; nor is one that runs backwards.
        settle_seconds: after a start or jump, time for the player to get going.
        latency_seconds: how long the player takes from an order until its sound is there, as far
            as it is known; what is left over is learnt from where it is after a start or jump.
        most_latency_seconds: no more is believed.
        can_nudge: whether the player can change its speed; otherwise errors up to
            `relocate_seconds` are left alone.
    """

    relocate_seconds: float = 0.040
    nudge_seconds: float = 0.008
    calm_seconds: float = 0.002
    correction_seconds: float = 2.0
    most_nudge: float = 0.005
    most_speed: float = 0.06
    settle_seconds: float = 0.3
    latency_seconds: float = 0.0
    most_latency_seconds: float = 1.0
    can_nudge: bool = True


_TREND_SECONDS = 3.0  # over which the master's speed is averaged: jitter must not be heard
_HEARD_SPEED = 1e-4  # 0.17 cent; smaller changes are not worth an order
_LONG_AGO = float("-inf")


class Chase:
    """Tells a player when to start, stop, jump or hurry.

    The player starts once the master runs and is locked. While both run, an error of more than
    40 ms is mended by a jump; a smaller one of more than 8 ms by a nudge of up to 0.5 % (9 cents)
    until it is below 2 ms; beside that, the player runs at the master's average speed. A master
    that falls silent is followed on trust until it counts as stopped. A master that runs backwards
    or further than 6 % from normal speed is waited for.

    Args:
        policy: how closely.
    """

    def __init__(self, policy: ChasePolicy | None = None) -> None:
        self._policy = policy or ChasePolicy()
        self._settled_seconds = _LONG_AGO
        self._latency_seconds = self._policy.latency_seconds
        self._has_gone = False  # and has not been looked at since
        self._trend = 1.0
        self._trend_seconds: float | None = None
        self._speed = 1.0
        self._is_nudging = False

    def decide(
        self, master: SyncState, *, playing: bool, player_seconds: float, seconds: float
    ) -> Command | None:
        """What to tell the player now; to be called ten to fifty times a second.

        Args:
            master: its state now.
            playing: whether the player runs.
            player_seconds: where its sound is in the song.
            seconds: the present time.

        Returns:
            An order to be carried out at once; None to let things be.
        """
        policy = self._policy
        error_seconds = player_seconds - master.position_seconds
        if master.lock is Lock.ACQUIRING or (master.lock is Lock.FREEWHEEL and playing):
            return None
        if not self._can_follow(master):
            return self._stand(master, error_seconds, playing=playing)
        if not playing:
            if seconds < self._settled_seconds or master.lock is Lock.FREEWHEEL:
                return None
            self._trend, self._trend_seconds = 1.0, seconds
            return self._go(Action.START, master, seconds)
        if seconds < self._settled_seconds:
            return None
        if self._has_gone:
            self._learn_latency(error_seconds)
        if abs(error_seconds) > policy.relocate_seconds:
            return self._go(Action.LOCATE, master, seconds)
        return self._nudge(master, error_seconds, seconds) if policy.can_nudge else None

    def _can_follow(self, master: SyncState) -> bool:
        return (
            master.running
            and abs(master.speed - 1.0) <= self._policy.most_speed
            and master.position_seconds >= 0.0
        )

    def _stand(self, master: SyncState, error_seconds: float, *, playing: bool) -> Command | None:
        self._settled_seconds, self._speed, self._is_nudging = _LONG_AGO, 1.0, False
        position = max(0.0, master.position_seconds)
        if playing:
            return Command(Action.STOP, position)
        # While it runs in a way that is not followed, its place is of no use yet.
        is_elsewhere = abs(error_seconds) > self._policy.relocate_seconds
        if master.lock is Lock.STOPPED and master.position_seconds >= 0.0 and is_elsewhere:
            return Command(Action.LOCATE, position)
        return None

    def _go(self, action: Action, master: SyncState, seconds: float) -> Command:
        latency_seconds = self._latency_seconds
        self._has_gone = True
        self._settled_seconds = seconds + latency_seconds + self._policy.settle_seconds
        self._is_nudging = False
        self._speed = self._trend
        position = master.position_seconds + latency_seconds * master.speed
        return Command(action, position, self._speed)

    def _learn_latency(self, error_seconds: float) -> None:
        """What a start or jump missed by is the part of the latency that was not known."""
        self._has_gone = False
        most = self._policy.most_latency_seconds
        self._latency_seconds = min(most, max(0.0, self._latency_seconds - error_seconds))

    def _nudge(self, master: SyncState, error_seconds: float, seconds: float) -> Command | None:
        policy = self._policy
        self._follow_trend(master.speed, seconds)
        limit = policy.calm_seconds if self._is_nudging else policy.nudge_seconds
        self._is_nudging = abs(error_seconds) > limit
        nudge = 0.0
        if self._is_nudging:
            wanted = -error_seconds / policy.correction_seconds
            nudge = min(policy.most_nudge, max(-policy.most_nudge, wanted))
        speed = self._trend + nudge
        if abs(speed - self._speed) < _HEARD_SPEED:
            return None
        self._speed = speed
        return Command(Action.SPEED, speed=speed)

    def _follow_trend(self, speed: float, seconds: float) -> None:
        before_seconds = seconds if self._trend_seconds is None else self._trend_seconds
        weight = 1.0 - math.exp((before_seconds - seconds) / _TREND_SECONDS)
        self._trend += weight * (speed - self._trend)
        self._trend_seconds = seconds
