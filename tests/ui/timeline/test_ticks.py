from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.project.document import Tempo
from stemdesk.ui.timeline.metre import Metre
from stemdesk.ui.timeline.ticks import bar_ticks, clock, time_ticks
from stemdesk.ui.timeline.viewport import CLOSEST, Viewport

RATE = 48_000


@st.composite
def views(draw):
    view = Viewport(draw(st.integers(1000, 3 * 3600 * RATE)), draw(st.integers(200, 4000)))
    view = view.zoomed((view.widest / CLOSEST) ** draw(st.floats(0, 1)), 0)
    return view.starting_at(draw(st.floats(0, 1)) * view.song_frames)


def seconds_of(label):
    parts = [float(part) for part in label.split(":")]
    return sum(part * 60**power for power, part in enumerate(reversed(parts)))


@settings(max_examples=200, deadline=None)
@given(views())
def test_time_labels_have_room_and_tell_the_truth(view):
    ticks = list(time_ticks(view, RATE))
    labelled = [tick for tick in ticks if tick.label]
    assert len(ticks) < view.width_px
    for one, other in pairwise(labelled):
        assert view.x(other.frame) - view.x(one.frame) >= 87.9
        assert view.x(other.frame) - view.x(one.frame) <= 2.5 * 88.1
        assert one.label != other.label
    for tick in labelled:
        assert seconds_of(tick.label) == pytest.approx(tick.frame / RATE, abs=2e-6)
    if view.seen_frames < view.song_frames and view.width_px > 600:
        seen = [t for t in labelled if 0 <= view.x(t.frame) <= view.width_px]
        assert len(seen) >= 2


@settings(max_examples=200, deadline=None)
@given(
    views(),
    st.floats(40, 240),
    st.floats(0, 2),
    st.integers(2, 9),
    st.sampled_from([2, 4, 8]),
)
def test_bars_lie_on_beats_and_have_room(view, bpm, first, per_bar, unit):
    tempo = Tempo(bpm=bpm, first_beat_seconds=first, beats_per_bar=per_bar, beat_unit=unit)
    metre = Metre(tempo, RATE)
    ticks = list(bar_ticks(view, metre))
    for tick in ticks:
        beat = metre.beat_of(tick.frame)
        assert beat == pytest.approx(round(beat), abs=1e-6)
        assert tick.is_bar == (round(beat) % per_bar == 0)
        assert tick.frame >= 0
        bar = round(beat) // per_bar + 1
        assert not tick.label or tick.label.split(".")[0] == str(bar)
    for one, other in pairwise(tick for tick in ticks if tick.label):
        assert view.x(other.frame) - view.x(one.frame) >= 39.9


def test_an_eighth_is_half_a_quarter():
    six_eight = Metre(Tempo(bpm=120.0, beats_per_bar=6, beat_unit=8), RATE)
    assert six_eight.beat_frames == RATE / 4
    assert six_eight.label(7, with_beat=True) == "2.2"
    assert six_eight.label(-1, with_beat=True) == "0.6"


@given(st.integers(0, 10_000_000), st.floats(50, 200), st.floats(0, 1))
def test_beats_before_at_and_after(frame, bpm, first):
    metre = Metre(Tempo(bpm=bpm, first_beat_seconds=first), RATE)
    assert metre.last_beat(frame) < frame < metre.next_beat(frame)
    assert metre.next_beat(metre.last_beat(frame)) >= frame
    assert abs(metre.nearest_beat(frame) - frame) <= metre.beat_frames / 2 + 1


@pytest.mark.parametrize(
    ("seconds", "decimals", "text"),
    [
        (0, 0, "0:00"),
        (83.456, 3, "1:23.456"),
        (3599.9996, 3, "1:00:00.000"),
        (3723, 0, "1:02:03"),
        (59.96, 1, "1:00.0"),
    ],
)
def test_the_clock_rounds_before_it_carries(seconds, decimals, text):
    assert clock(seconds, decimals) == text
