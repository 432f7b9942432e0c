"""Names and numbers as the timeline writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from stemdesk.mixing.parameters import Parameter, Taper
from stemdesk.ui.timeline.scene import MIXTURE, RESIDUAL, SUM
from stemdesk.ui.words import MINUS, effect_name, level_text, stem_title, within, word

if TYPE_CHECKING:
    from stemdesk.mixing.addresses import Target


def lane_title(lane: str) -> str:
    """A lane's name for people."""
    known = {
        MIXTURE: QCoreApplication.translate("Timeline", "Mixture"),
        SUM: QCoreApplication.translate("Timeline", "Sum"),
        RESIDUAL: QCoreApplication.translate("Timeline", "Residual"),
    }
    return known.get(lane) or stem_title(lane)


def value_text(parameter: Parameter, value: float) -> str:
    """A parameter's value with its unit, and a sign where the sign matters."""
    if parameter.taper is Taper.SWITCH:
        on = QCoreApplication.translate("Timeline", "on")
        off = QCoreApplication.translate("Timeline", "off")
        return on if value >= 0.5 else off
    if parameter.unit == "dB":
        return level_text(value)
    number = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    if parameter.minimum < 0 < value:
        number = f"+{number}"
    number = number.replace("-", MINUS)
    return f"{number} {parameter.unit}".rstrip()


def parameter_title(target: Target) -> str:
    """`Level`, or with the effect `Reverb: amount`."""
    if not target.effect:
        return word(target.parameter.title)
    return f"{effect_name(target.effect)}: {within(target.parameter.title)}"
