"""What a plug-in does with known sounds, in the child: its latency and how long it rings on."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.plugins.instance import BLOCK_FRAMES
from stemdesk.mixing.plugins.latency import (
    IMPULSE,
    from_correlation,
    from_impulse,
    longest_frames,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.mixing.plugins.rack import Rack

    Samples = NDArray[np.float32]

UNKNOWN_TAIL_SECONDS = 10.0
_SILENCE_SECONDS = 0.1  # before the impulse: smoothed parameters come to rest
_BURST_SECONDS = 0.2
_BURST_LEVEL = 0.25
_TAIL_SILENT = _BURST_LEVEL * 10 ** (-90 / 20)
_QUIET_SECONDS = 1.0  # so long without sound, and nothing more is waited for
_LONGEST_TAIL_SECONDS = 20.0
_TAIL_PATIENCE_SECONDS = 0.5  # of computing; heavy plug-ins keep the song waiting no longer


def measured_latency(rack: Rack) -> int:
    """The plug-in's real latency in frames; leaves it without any sound in it.

    An impulse tells most precisely. Where it brings nothing out (a gate that overhears it),
    a burst of noise is tried, and where that fails too the report is taken.
    """
    reported = max(0, rack.reported_frames)
    longest = longest_frames(rack.rate_hz, reported)
    rack.fresh()
    silence = _run(rack, _silence(rack, _SILENCE_SECONDS))
    stimulus = np.zeros((rack.channels, _whole_blocks(longest + rack.rate_hz // 10)), np.float32)
    # Unequal sides, so that a plug-in which removes the middle still lets something through.
    stimulus[:, 0] = np.linspace(IMPULSE, IMPULSE / 2, rack.channels)
    floor = float(np.max(np.abs(silence[:, -BLOCK_FRAMES:])))
    found = from_impulse(_run(rack, stimulus), floor, reported, rack.rate_hz)
    if found is None:
        found = _by_noise(rack, longest, reported)
    rack.fresh()
    return reported if found is None else found


def _by_noise(rack: Rack, longest: int, reported: int) -> int | None:
    frames = int(_BURST_SECONDS * rack.rate_hz)
    sent = np.zeros((rack.channels, _whole_blocks(longest + 2 * frames)), np.float32)
    sent[:, :-longest] = _noise(rack, sent.shape[1] - longest)
    heard = _run(rack, sent)
    return from_correlation(sent[0], heard[0, longest:], longest, reported)


def measured_tail_seconds(rack: Rack) -> float:
    """How long it sounds on after a burst of noise has ended, to 90 dB below it.

    A plug-in that never falls silent has no tail of its own to wait for: 0.
    """
    rack.fresh()
    humming = float(np.max(np.abs(_run(rack, _silence(rack, _SILENCE_SECONDS))))) > _TAIL_SILENT
    if humming:
        return 0.0
    _run(rack, _noise(rack, _whole_blocks(int(_BURST_SECONDS * rack.rate_hz))))
    deadline = time.monotonic() + _TAIL_PATIENCE_SECONDS
    piece = _silence(rack, _QUIET_SECONDS / 10)
    piece_seconds = piece.shape[1] / rack.rate_hz
    passed = sounded = 0.0
    while passed - sounded < _QUIET_SECONDS and passed < _LONGEST_TAIL_SECONDS:
        if time.monotonic() > deadline:
            return max(passed, UNKNOWN_TAIL_SECONDS)
        passed += piece_seconds
        if float(np.max(np.abs(_run(rack, piece)))) > _TAIL_SILENT:
            sounded = passed
    return sounded


def _run(rack: Rack, samples: Samples) -> Samples:
    # Numbers that are none are the listener's affair; here they are silence.
    return np.nan_to_num(rack.run(samples), posinf=0.0, neginf=0.0)


def _whole_blocks(frames: int) -> int:
    return math.ceil(frames / BLOCK_FRAMES) * BLOCK_FRAMES


def _silence(rack: Rack, seconds: float) -> Samples:
    return np.zeros((rack.channels, _whole_blocks(int(seconds * rack.rate_hz))), np.float32)


def _noise(rack: Rack, frames: int) -> Samples:
    noise = np.random.default_rng(0).standard_normal((rack.channels, frames), np.float32)
    return noise * np.float32(_BURST_LEVEL)
