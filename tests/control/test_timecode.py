from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.control.sync.timecode import FrameRate, Timecode

RATES = list(FrameRate)
DROP = FrameRate.FPS_30_DROP


def test_the_four_rates():
    assert [rate.fps for rate in RATES] == [24, 25, Fraction(30000, 1001), 30]


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(RATES), st.integers(0, 3_000_000))
def test_labels_and_numbers_are_inverse(rate, number):
    number %= rate.day_frames
    assert rate.number(rate.label(number)) == number


def test_drop_frame_leaves_out_the_labels_that_it_must():
    def label(number):
        return DROP.label(number)

    assert label(1799) == Timecode(0, 0, 59, 29)
    assert label(1800) == Timecode(0, 1, 0, 2)
    assert label(17981) == Timecode(0, 9, 59, 29)
    assert label(17982) == Timecode(0, 10, 0, 0)  # not in every tenth minute
    assert label(107892) == Timecode(1, 0, 0, 0)


def test_every_drop_frame_label_of_eleven_minutes_comes_once_and_in_order():
    labels = [DROP.label(number) for number in range(20_000)]
    keys = [(c.hours, c.minutes, c.seconds, c.frames) for c in labels]
    assert keys == sorted(set(keys))
    assert not any(c.frames < 2 and c.seconds == 0 and c.minutes % 10 for c in labels)


def test_a_day_has_the_frames_that_smpte_says():
    assert DROP.day_frames == 2_589_408
    assert FrameRate.FPS_25.day_frames == 2_160_000
    assert DROP.label(DROP.day_frames) == Timecode(0, 0, 0, 0)
    assert DROP.label(-1) == Timecode(23, 59, 59, 29)


def test_drop_frame_labels_keep_up_with_the_clock():
    hour = DROP.number(Timecode(1, 0, 0, 0))
    assert DROP.seconds_of(hour) == pytest.approx(3600.0, abs=0.004)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(RATES), st.integers(0, 2_000_000))
def test_times_and_frames_are_inverse(rate, number):
    assert rate.frames_at(rate.seconds_of(number)) == number
    assert rate.frames_at(rate.seconds_of(number) + 0.02) == number


@pytest.mark.parametrize(
    "code",
    [
        Timecode(24, 0, 0, 0),
        Timecode(0, 60, 0, 0),
        Timecode(0, 0, 60, 0),
        Timecode(0, 0, 0, 30),
        Timecode(0, 1, 0, 0),
        Timecode(0, 11, 0, 1),
    ],
)
def test_labels_that_do_not_exist_are_refused(code):
    with pytest.raises(ValueError, match="no label"):
        DROP.number(code)
