"""The gate: what is softer than the threshold is turned down, by a ratio, as far as its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.mixing.effects.dynamics import GainLaw, LinkedDynamics
from stemdesk.mixing.effects.effect import EffectKind
from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMETERS = (
    Parameter("threshold_db", "Threshold", "dB", -80.0, 0.0, -45.0),
    Parameter("ratio", "Ratio", ":1", 1.0, 20.0, 4.0, Taper.LOG),
    Parameter("attack_ms", "Attack", "ms", 0.1, 100.0, 1.0, Taper.LOG),
    Parameter("release_ms", "Release", "ms", 10.0, 1000.0, 100.0, Taper.LOG),
    Parameter("range_db", "Range", "dB", 0.0, 90.0, 60.0),
)


def make_gate(sample_rate: int, channels: int) -> LinkedDynamics:
    """A gate that opens with `attack_ms` and closes with `release_ms`."""
    return LinkedDynamics(PARAMETERS, _law, sample_rate, channels)


def _law(values: Mapping[str, float]) -> GainLaw:
    return GainLaw(
        values["threshold_db"],
        slope=1.0 - values["ratio"],
        upwards=False,
        least_db=-values["range_db"],
    )


GATE = EffectKind("gate", "Gate", PARAMETERS, make_gate)
