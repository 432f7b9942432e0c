"""A drawn law: how an effect answers to frequency or level, ready to be plotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.effects.dynamics import FLOOR_DB, GainLaw
from stemdesk.ui.mixer.equaliser_response import response_db
from stemdesk.ui.words import real_minus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Line = NDArray[np.float64]

_LOWEST_HZ, _HIGHEST_HZ = 20.0, 20_000.0
_HZ_TICKS = ((100.0, "100"), (1000.0, "1k"), (10_000.0, "10k"))
_MOST_DB = 24.0
_LEAST_DBFS, _TOP_DBFS = -80.0, 6.0
_LEVEL_TICKS = (-60.0, -40.0, -20.0, 0.0)
_POINTS = 161


@dataclass(frozen=True)
class Curve:
    """A line in a square of 0..1, bottom left to top right.

    Attributes:
        x: of its points.
        y: of its points; beyond 0..1 where the line leaves the picture.
        rest: `y` of an effect that does nothing, at the same places.
        x_ticks: places and words.
        y_ticks: places and words.
        words: what the axes are.
    """

    x: Line
    y: Line
    rest: Line
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    words: str


def curve_of(kind: str, values: Mapping[str, float], sample_rate: int) -> Curve | None:
    """The law of an effect; None for kinds that have none to draw.

    Args:
        kind: its name.
        values: of all its parameters.
        sample_rate: Hz; filters bend near half of it.
    """
    if kind == "equaliser":
        return _response(values, sample_rate)
    if kind in _GAIN_LAWS:
        return _levels(_GAIN_LAWS[kind](values))
    return None


def _response(values: Mapping[str, float], sample_rate: int) -> Curve:
    x = np.linspace(0.0, 1.0, _POINTS)
    frequencies_hz = _LOWEST_HZ * (_HIGHEST_HZ / _LOWEST_HZ) ** x
    gains_db = response_db(values, frequencies_hz, sample_rate)
    octaves = np.log(_HIGHEST_HZ / _LOWEST_HZ)
    return Curve(
        x,
        0.5 + gains_db / (2 * _MOST_DB),
        np.full_like(x, 0.5),
        tuple((float(np.log(hz / _LOWEST_HZ) / octaves), words) for hz, words in _HZ_TICKS),
        tuple(
            (0.5 + db / (2 * _MOST_DB), real_minus(f"{db:+.0f}") if db else "0")
            for db in (-12, 0, 12)
        ),
        "dB, Hz",
    )


def _levels(gain_db: Callable[[Line], Line]) -> Curve:
    span_db = _TOP_DBFS - _LEAST_DBFS
    x = np.linspace(0.0, 1.0, _POINTS)
    levels_db = _LEAST_DBFS + x * span_db
    ticks = tuple(
        ((level - _LEAST_DBFS) / span_db, real_minus(f"{level:.0f}")) for level in _LEVEL_TICKS
    )
    return Curve(x, x + gain_db(levels_db) / span_db, x, ticks, ticks, "dBFS")


def _compressor(values: Mapping[str, float]) -> Callable[[Line], Line]:
    slope = 1.0 / values["ratio"] - 1.0
    return _of_law(
        GainLaw(values["threshold_db"], slope, upwards=True, makeup_db=values["makeup_db"])
    )


def _gate(values: Mapping[str, float]) -> Callable[[Line], Line]:
    slope = 1.0 - values["ratio"]
    return _of_law(
        GainLaw(values["threshold_db"], slope, upwards=False, least_db=-values["range_db"])
    )


def _limiter(values: Mapping[str, float]) -> Callable[[Line], Line]:
    return lambda levels_db: np.minimum(0.0, values["ceiling_db"] - levels_db)


def _of_law(law: GainLaw) -> Callable[[Line], Line]:
    gains = law.compile()

    def gain_db(levels_db: Line) -> Line:
        over_floor = (10.0 ** ((levels_db - FLOOR_DB) / 20.0)).astype(np.float32)
        return 20.0 * np.log10(np.maximum(gains(over_floor).astype(np.float64), 1e-9))

    return gain_db


_GAIN_LAWS = {"compressor": _compressor, "gate": _gate, "limiter": _limiter}
