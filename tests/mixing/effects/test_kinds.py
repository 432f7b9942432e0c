"""The list of kinds, and how an unknown one is refused."""

import math

import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.effects.kinds import EFFECT_KINDS, effect_kind
from stemdesk.mixing.parameters import Taper

FIRST = {
    "pitch": "semitones",
    "gate": "threshold_db",
    "equaliser": "high_pass_hz",
    "compressor": "threshold_db",
    "rider": "distance_db",
    "delay": "amount",
    "reverb": "amount",
    "limiter": "ceiling_db",
}


def test_kinds_go_by_their_names_and_begin_with_the_short_form():
    assert {name: kind.parameters[0].name for name, kind in EFFECT_KINDS.items()} == FIRST
    assert all(effect_kind(name).name == name for name in EFFECT_KINDS)


@pytest.mark.parametrize("kind", EFFECT_KINDS.values(), ids=EFFECT_KINDS)
def test_parameters_are_well_formed(kind):
    assert len({each.name for each in kind.parameters}) == len(kind.parameters)
    for each in kind.parameters:
        assert each.minimum <= each.default <= each.maximum
        assert math.isfinite(each.minimum)
        assert each.minimum > 0 or each.taper is not Taper.LOG
        ending = each.name.rpartition("_")[2]
        units = {"db": "dB", "hz": "Hz", "ms": "ms", "seconds": "s", "semitones": "st"}
        assert ending not in units or each.unit == units[ending]


@pytest.mark.parametrize(
    ("name", "meant"), [("compresor", "compressor"), ("reverbs", "reverb"), ("xyzzy", None)]
)
def test_an_unknown_kind_is_refused(name, meant):
    with pytest.raises(UserError) as refusal:
        effect_kind(name)
    assert name in refusal.value.problem
    assert all(known in refusal.value.remedy for known in EFFECT_KINDS)
    assert ("did you mean" in refusal.value.remedy) == (meant is not None)
    if meant:
        assert f"did you mean {meant}?" in refusal.value.remedy
