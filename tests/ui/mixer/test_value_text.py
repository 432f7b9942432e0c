import math

import pytest

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.parameters import LEVEL_DB, PAN, SOLO
from stemdesk.ui.mixer.handle import stepped
from stemdesk.ui.mixer.value_text import NotAValue, range_text, read_value, rounded, value_text


def parameter(kind, name):
    return EFFECT_KINDS[kind].parameter(name)


@pytest.mark.parametrize(
    ("of", "value", "text"),
    [
        (LEVEL_DB, -3.0, "\N{MINUS SIGN}3.0 dB"),
        (LEVEL_DB, 3.25, "+3.2 dB"),
        (LEVEL_DB, -0.01, "0.0 dB"),
        (LEVEL_DB, -math.inf, "\N{MINUS SIGN}∞ dB"),
        (PAN, 0.0, "C"),
        (PAN, -0.3, "L 30"),
        (PAN, 1.0, "R 100"),
        (SOLO, 1.0, "on"),
        (parameter("gate", "range_db"), 60.0, "60.0 dB"),
        (parameter("compressor", "ratio"), 3.0, "3.0:1"),
        (parameter("compressor", "attack_ms"), 0.1, "0.10 ms"),
        (parameter("compressor", "release_ms"), 1000.0, "1000 ms"),
        (parameter("equaliser", "high_pass_hz"), 82.4, "82.4 Hz"),
        (parameter("equaliser", "peak_hz"), 999.7, "1.00 kHz"),
        (parameter("equaliser", "low_pass_hz"), 20000.0, "20.0 kHz"),
        (parameter("pitch", "semitones"), 2.0, "+2.00 st"),
        (parameter("reverb", "decay_seconds"), 1.8, "1.80 s"),
    ],
)
def test_values_carry_unit_and_sign(qapp, of, value, text):
    assert value_text(of, value) == text


@pytest.mark.parametrize(
    ("of", "typed", "value"),
    [
        (LEVEL_DB, "-3", -3.0),
        (LEVEL_DB, " -3,5 DB", -3.5),
        (LEVEL_DB, "\N{MINUS SIGN}6 dB", -6.0),
        (LEVEL_DB, "-inf", -math.inf),
        (LEVEL_DB, "-INF dB", -math.inf),
        (LEVEL_DB, "off", -math.inf),
        (PAN, "L 30", -0.3),
        (PAN, "30r", 0.3),
        (PAN, "-30", -0.3),
        (PAN, "0.5", 0.5),
        (PAN, "c", 0.0),
        (parameter("equaliser", "peak_hz"), "1.5k", 1500.0),
        (parameter("equaliser", "peak_hz"), "1.5 kHz", 1500.0),
        (parameter("delay", "time_ms"), "0.5 s", 500.0),
        (parameter("reverb", "decay_seconds"), "900 ms", 0.9),
        (parameter("reverb", "amount"), "20 %", 0.2),
        (parameter("compressor", "ratio"), "4:1", 4.0),
        (parameter("pitch", "semitones"), "50 ct", 0.5),
    ],
)
def test_typed_values_are_read_with_and_without_units(qapp, of, typed, value):
    assert read_value(of, typed) == pytest.approx(value)


@pytest.mark.parametrize(
    ("of", "typed", "why"),
    [
        (LEVEL_DB, "13", "\N{MINUS SIGN}∞ dB to +12.0 dB"),
        (LEVEL_DB, "loud", "number"),
        (LEVEL_DB, "nan", "number"),
        (LEVEL_DB, "3 Hz", "dB"),
        (PAN, "L 130", "L 100 to R 100"),
        (PAN, "left", "L 100 to R 100"),
        (parameter("reverb", "amount"), "2", "0.00 to 1.00"),
        (parameter("reverb", "amount"), "0.2 dB", "without a unit"),
        (parameter("pitch", "semitones"), "-inf", "number"),
    ],
)
def test_what_is_no_value_is_refused_with_a_word_why(qapp, of, typed, why):
    with pytest.raises(NotAValue, match=why.replace("+", r"\+")):
        read_value(of, typed)


def test_every_value_shown_can_be_typed_back(qapp):
    every = [each for kind in EFFECT_KINDS.values() for each in kind.parameters]
    for of in (*every, LEVEL_DB, PAN):
        if of.taper.value == "switch":
            continue
        for travel in (0.0, 0.1, 0.37, 0.5, 0.9, 1.0):
            value = rounded(of, of.from_travel(travel))
            assert read_value(of, value_text(of, value)) == pytest.approx(value), of.name
        assert range_text(of)


def test_what_a_hand_sets_is_exactly_what_is_shown(qapp):
    assert rounded(LEVEL_DB, -3.2749) == -3.3
    assert rounded(parameter("equaliser", "peak_hz"), 1523.7) == 1520.0
    assert rounded(LEVEL_DB, -math.inf) == -math.inf


def test_ten_tenths_back_and_forth_come_home_exactly():
    level_db = 0.0
    for step in [-0.1] * 10 + [0.1] * 10:
        level_db = stepped(LEVEL_DB, level_db, step)
    assert level_db == 0.0


def test_steps_cross_into_silence_and_back():
    assert stepped(LEVEL_DB, -90.0, -1.0) == -math.inf
    assert stepped(LEVEL_DB, -math.inf, -1.0) == -math.inf
    assert stepped(LEVEL_DB, -math.inf, 1.0) == -90.0
    assert stepped(LEVEL_DB, 11.8, 1.0) == 12.0
