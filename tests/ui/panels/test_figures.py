import math

import pytest

from stemdesk.ui.panels import figures


def test_counts_are_grouped_in_threes_by_spaces_that_do_not_break():
    assert figures.grouped(10_584_000) == "10\u202f584\u202f000"
    assert figures.grouped(999) == "999"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0:00"), (62.9, "1:02"), (3599, "59:59"), (3661, "1:01:01")]
)
def test_clock(seconds, told):
    assert figures.clock(seconds) == told


def test_milliseconds_are_rounded_and_carry_into_the_seconds():
    assert figures.clock_ms(62.3456) == "1:02.346"
    assert figures.clock_ms(59.9999) == "1:00.000"


def test_time_left_is_rounded_up():
    assert figures.time_left(11.2) == "0:12 left"
    assert figures.time_left(0.1) == "0:01 left"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90.0), ("1:30", 90.0), ("1:00:00,5", 3600.5), (" 0:00:00.25 ", 0.25)],
)
def test_a_clock_can_be_typed(text, seconds):
    assert figures.read_clock(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "x", "1:60", "1::2", "-3", "1:2:3:4", "nan", "inf:1", "inf"])
def test_what_is_no_clock_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - float's own text will do
        figures.read_clock(text)


def test_levels_have_a_unit_a_real_minus_and_a_word_for_silence():
    assert figures.level(-96.26) == "\N{MINUS SIGN}96.3 dBFS"
    assert figures.level(-0.01) == "0.0 dBFS"
    assert figures.level(3.0, "dB") == "+3.0 dB"
    assert figures.level(None) == "silence"
    assert figures.level(-math.inf) == "silence"


def test_sentences_begin_with_a_capital_but_file_names_stay():
    assert figures.sentence("copy the file again") == "Copy the file again."
    assert figures.sentence("vocals.wav is late") == "vocals.wav is late."
    assert figures.sentence("Done!") == "Done!"
    assert figures.sentence(" ") == ""
