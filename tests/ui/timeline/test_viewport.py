import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from stemdesk.ui.timeline.viewport import CLOSEST, Viewport

HOUR = 3600 * 192_000
songs = st.integers(1, HOUR)
widths = st.floats(1, 8000)


@st.composite
def views(draw):
    view = Viewport(draw(songs), draw(widths))
    factor = view.widest / CLOSEST
    view = view.zoomed(factor ** draw(st.floats(0, 1)), 0)
    return view.starting_at(draw(st.floats(0, 1)) * view.song_frames)


def is_within(view):
    if view.first_frame < 0 or not CLOSEST <= view.frames_per_px <= view.widest:
        return False
    if view.song_frames <= view.width_px * CLOSEST:
        return view.first_frame == 0  # shorter than the view at the closest zoom
    return view.end_frame <= view.song_frames * (1 + 1e-12) + 1e-6


@settings(max_examples=300, deadline=None)
@given(views(), st.floats(0.01, 100), st.floats(0, 1))
@example(Viewport(HOUR, 1684), 1.25, 0.5)
def test_zooming_keeps_the_frame_under_the_pointer(view, factor, share):
    at = share * view.width_px
    frame = view.frame_at(at)
    closer = view.zoomed(factor, at)
    assert is_within(closer)
    at_an_end = closer.first_frame == 0 or closer.end_frame >= closer.song_frames * (1 - 1e-12)
    if not at_an_end:
        assert closer.x(frame) == pytest.approx(at, abs=1e-3)
    if factor >= 1:  # nothing comes into view that was not
        assert closer.x(frame) == pytest.approx(at, abs=1e-3)


@settings(max_examples=200, deadline=None)
@given(views(), st.floats(-1e5, 1e5), st.floats(0, 1), st.floats(0, 1))
def test_never_beyond_the_song(view, px, one, other):
    assert is_within(view)
    assert is_within(view.scrolled(px))
    assert is_within(view.starting_at(px * 1e3))
    assert is_within(view.resized(abs(px) + 1))
    first, end = sorted((one * view.song_frames, other * view.song_frames))
    assert is_within(view.fitted(first, end))


@settings(max_examples=200, deadline=None)
@given(views(), st.floats(0, 8000))
def test_pixels_and_frames_go_back_and_forth(view, x):
    assert view.x(view.frame_at(x)) == pytest.approx(x, abs=1e-3)
    assert 0 <= view.nearest_frame(x) <= view.song_frames


@settings(max_examples=200, deadline=None)
@given(views(), st.floats(0, 1), st.floats(0, 1))
def test_a_stretch_that_fits_is_wholly_seen(view, one, other):
    first, end = sorted((one * view.song_frames, other * view.song_frames))
    fitted = view.fitted(first, end)
    slack = 1e-3 * fitted.frames_per_px + 1e-6 + first * 1e-12
    assert fitted.first_frame <= first + slack
    assert fitted.end_frame >= end - slack
    assume(fitted.frames_per_px > CLOSEST)
    assert end - first == pytest.approx(fitted.seen_frames, rel=1e-9)


@settings(max_examples=200, deadline=None)
@given(views(), st.floats(0, 1))
def test_revealing_moves_no_more_than_needed(view, share):
    frame = share * view.song_frames
    shown = view.revealing(frame)
    assert -1e-3 <= shown.x(frame) <= shown.width_px + 1e-3
    if 0 <= view.x(frame) <= view.width_px:
        assert shown == view


def test_from_the_whole_hour_down_to_20_pixels_a_sample():
    view = Viewport(3600 * 44_100, 1684)
    assert view.is_whole
    assert view.end_frame == pytest.approx(3600 * 44_100)
    for _ in range(100):
        view = view.zoomed(1.25, 842)
    assert view.x(view.first_frame + 1) == pytest.approx(20.0)
    for _ in range(100):
        view = view.zoomed(1 / 1.25, 842)
    assert view.is_whole
    assert view.first_frame == 0


def test_a_view_of_the_whole_song_stays_one_when_the_window_changes():
    whole = Viewport(1_000_000, 500)
    assert whole.resized(900).is_whole
    part = whole.zoomed(4, 250)
    assert part.resized(900).frames_per_px == part.frames_per_px
