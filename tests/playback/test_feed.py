from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.playback.feed import Feed
from stemdesk.playback.timeline import Loop, Timeline
from tests.playback.rig import Ramp, Samples, numbers


def read_frames(feed, sizes):
    return np.concatenate([feed.read(size) for size in sizes], axis=1)


@settings(max_examples=80, deadline=None)
@given(
    frames=st.integers(1, 400),
    start=st.integers(0, 400),
    ends=st.tuples(st.integers(0, 400), st.integers(0, 400)),
    sizes=st.lists(st.integers(1, 150), min_size=1, max_size=12),
)
def test_frames_come_as_the_timeline_says(frames, start, ends, sizes):
    start = min(start, frames)
    first, end = sorted(min(end, frames) for end in ends)
    loop = Loop(first, end) if first < end else None
    timeline = Timeline(start, loop)
    heard = numbers(read_frames(Feed(Ramp(frames), timeline), sizes))
    expected = []
    position = start
    while len(expected) < sum(sizes) and position < frames:
        expected.append(position)
        position += 1
        if loop is not None and position == loop.end_frame and start < loop.end_frame:
            position = loop.first_frame
    assert list(heard) == expected
    assert [timeline.source_frame(played) for played in range(len(heard))] == expected


def test_a_timeline_is_sought_and_a_renewal_says_what_was_not_heard():
    source, loop = Ramp(1000), Loop(20, 60)
    feed = Feed(source, Timeline(50, loop))
    feed.read(30)
    assert feed.frames == 30
    again = Feed(source, Timeline(55, loop), 25)
    assert source.asked == [("seek", 50, loop), ("renew", 25, loop)]
    assert list(numbers(again.read(30))) == [*range(55, 60), *range(20, 45)]


def test_frames_behind_the_end_are_not_counted():
    feed = Feed(Ramp(100), Timeline(30))
    feed.read(200)
    assert feed.frames == 70


def test_a_crossfade_of_the_loop_has_equal_gain():
    ones = Feed(Samples(np.ones((2, 1000))), Timeline(0, Loop(300, 700, crossfade_frames=100)))
    assert np.allclose(ones.read(3000), 1.0, atol=1e-6)


def test_a_crossfade_leads_to_the_beginning_of_the_loop():
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 1000))
    source = Samples(noise)
    heard = Feed(source, Timeline(550, Loop(300, 700, crossfade_frames=100))).read(900)
    assert np.array_equal(heard[:, :50], source.samples[:, 550:600])
    assert np.allclose(heard[:, 50], source.samples[:, 600], atol=1e-3)
    assert np.allclose(heard[:, 149], source.samples[:, 299], atol=1e-3)
    assert np.array_equal(heard[:, 150:450], source.samples[:, 300:600])
    assert np.array_equal(heard[:, 450:550], heard[:, 50:150])


def test_a_crossfade_is_no_longer_than_there_is_room_for():
    ramp = Ramp(1000)
    heard = numbers(Feed(ramp, Timeline(0, Loop(0, 100, crossfade_frames=50))).read(250))
    assert list(heard[:200]) == 2 * list(range(100))
    from_inside = Feed(Ramp(1000), Timeline(690, Loop(300, 700, crossfade_frames=100)))
    assert list(numbers(from_inside.read(20))[10:]) == list(range(300, 310))


def test_garbage_becomes_silence():
    samples = np.full((1, 100), 0.5, np.float32)
    samples[0, [3, 10, 20, 30]] = [np.nan, np.inf, -np.inf, 3e38]
    heard = Feed(Samples(samples), Timeline(0)).read(100)[0]
    assert set(np.flatnonzero(heard != 0.5)) == {3, 10, 20, 30}
    assert not heard[[3, 10, 20, 30]].any()


@pytest.mark.parametrize("shape", [(100,), (1, 100), (2, 101)])
def test_a_source_that_breaks_its_word_is_told(shape):
    source = Samples(np.zeros((2, 1000)))
    source.read = lambda _frames: np.zeros(shape, np.float32)
    with pytest.raises(ValueError, match=r"asked for \[2, 100\]"):
        Feed(source, Timeline(0)).read(100)


@pytest.mark.parametrize("ends", [(5, 5), (-1, 5), (7, 3)])
def test_no_loop_without_length(ends):
    with pytest.raises(ValueError, match="no such loop"):
        Loop(*ends)
