from __future__ import annotations

import pytest

from stemdesk.app.live.order import Focus, goes_on, next_chunk
from stemdesk.app.live.spans import gaps, holds, merged

EDGES = (0, 10, 20, 30, 40, 50, 55)


def order_of(focus, done=()):
    """All chunks in the order in which they are wanted while the focus stays."""
    found, done = [], set(done)
    while (chunk := next_chunk(EDGES, done, focus)) is not None:
        found.append(chunk)
        done.add(chunk)
    return found


@pytest.mark.parametrize(
    ("focus", "wanted"),
    [
        (Focus(), [0, 1, 2, 3, 4, 5]),
        (Focus(9), [0, 1, 2, 3, 4, 5]),
        (Focus(10), [1, 2, 3, 4, 5, 0]),
        (Focus(35), [3, 4, 5, 0, 1, 2]),
        (Focus(54), [5, 0, 1, 2, 3, 4]),
        (Focus(999), [5, 0, 1, 2, 3, 4]),
        (Focus(-5), [0, 1, 2, 3, 4, 5]),
        (Focus(0, (20, 40)), [2, 3, 0, 1, 4, 5]),
        (Focus(35, (20, 40)), [3, 2, 4, 5, 0, 1]),
        (Focus(50, (12, 31)), [1, 2, 3, 5, 0, 4]),
        (Focus(15, (15, 16)), [1, 2, 3, 4, 5, 0]),
    ],
)
def test_what_is_heard_next_comes_first(focus, wanted):
    assert order_of(focus) == wanted


def test_what_is_there_is_passed_over():
    assert order_of(Focus(25), done={2, 3}) == [4, 5, 0, 1]
    assert order_of(Focus(25, (20, 40)), done={2, 3}) == [4, 5, 0, 1]
    assert order_of(Focus(), done=range(6)) == []


@pytest.mark.parametrize(
    ("following", "wanted", "done", "goes"),
    [
        (3, 3, (), True),
        (3, 4, (), True),  # what a jump to 4 would compute again is 3
        (3, 5, (), False),
        (3, 2, (), False),
        (3, 4, (3,), False),
        (6, None, range(6), False),
    ],
)
def test_a_run_is_broken_off_only_where_that_gains_time(following, wanted, done, goes):
    assert goes_on(following, wanted, done) is goes


def test_a_place_in_frames_of_another_rate():
    assert Focus(48_000, (24_000, 48_001)).at_rate(48_000, 44_100) == Focus(
        44_100, (22_050, 44_101)
    )


def test_spans_are_joined_and_what_is_missing_is_found():
    assert merged([(5, 9), (0, 2), (2, 3), (8, 12), (4, 4)]) == ((0, 3), (5, 12))
    there = ((0, 3), (5, 12))
    assert gaps([(0, 20)], there) == ((3, 5), (12, 20))
    assert gaps([(1, 2), (4, 8), (11, 13)], there) == ((4, 5), (12, 13))
    assert gaps([], there) == ()
    assert gaps([(2, 6)], ()) == ((2, 6),)
    assert holds(there, 5, 12)
    assert not holds(there, 2, 6)
