"""The compressor: what is louder than the threshold is turned down, by a ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.mixing.effects.dynamics import GainLaw, LinkedDynamics
from stemdesk.mixing.effects.effect import EffectKind
from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMETERS = (
    Parameter("threshold_db", "Threshold", "dB", -60.0, 0.0, -20.0),
    Parameter("ratio", "Ratio", ":1", 1.0, 20.0, 3.0, Taper.LOG),
    Parameter("attack_ms", "Attack", "ms", 0.1, 100.0, 5.0, Taper.LOG),
    Parameter("release_ms", "Release", "ms", 10.0, 1000.0, 100.0, Taper.LOG),
    Parameter("makeup_db", "Make-up", "dB", 0.0, 24.0, 0.0),
)


def make_compressor(sample_rate: int, channels: int) -> LinkedDynamics:
    """A compressor with a soft knee; the threshold is that of peaks."""
    return LinkedDynamics(PARAMETERS, _law, sample_rate, channels)


def _law(values: Mapping[str, float]) -> GainLaw:
    return GainLaw(
        values["threshold_db"],
        slope=1.0 / values["ratio"] - 1.0,
        upwards=True,
        makeup_db=values["makeup_db"],
    )


COMPRESSOR = EffectKind("compressor", "Compressor", PARAMETERS, make_compressor)
