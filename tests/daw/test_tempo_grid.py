from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stemdesk.daw.session import Session, SessionTrack, TempoChange
from stemdesk.daw.tempo_grid import FASTEST_BPM, tempo_grid


def session(*tempo, origin=0.0, first=0.0):
    track = SessionTrack("a", Path("a.wav"), "#000000")
    return Session(
        "t", 48_000, 100, 2, (track,), origin, tempo=tempo, first_beat_seconds=first
    )  # fmt: skip


def heard(changes, beat, first):
    """When a beat of the song is heard, by walking through its map."""
    seconds = first
    for change, following in itertools.zip_longest(changes, changes[1:]):
        end = following.beat if following else float("inf")
        if beat <= end:
            return seconds + (beat - change.beat) * 60 / change.bpm
        seconds += (end - change.beat) * 60 / change.bpm
    raise AssertionError


def test_a_song_that_begins_on_a_bar_has_its_own_map():
    grid = tempo_grid(session(TempoChange(0, 120), TempoChange(8, 90, 3, 4)))
    assert [(p.beat, p.seconds, p.bpm, p.beats_per_bar) for p in grid.points] == [
        (0, 0, 120, 4),
        (8, 4, 90, 3),
    ]


def test_without_a_tempo_it_is_what_daws_begin_with():
    grid = tempo_grid(session(origin=3.0, first=0.2))
    assert [(p.beat, p.seconds, p.bpm) for p in grid.points] == [(0, 0, 120)]


def test_an_upbeat_is_a_bar_that_ends_in_time():
    upbeat, song = tempo_grid(session(TempoChange(0, 120), first=0.2)).points
    assert (upbeat.beats_per_bar, upbeat.beat_unit, upbeat.bpm) == (1, 8, pytest.approx(150))
    assert (song.beat, song.seconds) == (0.5, pytest.approx(0.2))


def test_whole_bars_of_the_song_fill_the_time_before_it():
    first, second = tempo_grid(session(TempoChange(0, 120), origin=10.0, first=0.35)).points
    assert second.seconds == pytest.approx(0.35)
    assert (10.35 - second.seconds) / 2 == pytest.approx(5)
    assert first.bar_beats == second.beat


@example(bpm=30.0, other_bpm=35.0, metre=(4, 4), origin=0.0, first=-9.0, beats=8)
@given(
    bpm=st.floats(30, 300),
    other_bpm=st.floats(30, 300),
    metre=st.sampled_from([(4, 4), (3, 4), (7, 8), (6, 8), (5, 16), (2, 2)]),
    origin=st.floats(0, 100),
    first=st.floats(-20, 20),
    beats=st.integers(1, 40),
)
def test_every_beat_lies_where_it_is_heard(bpm, other_bpm, metre, origin, first, beats):
    changes = (TempoChange(0, bpm, *metre), TempoChange(beats, other_bpm))
    grid = tempo_grid(session(*changes, origin=origin, first=first))
    assert (grid.points[0].beat, grid.points[0].seconds) == (0, 0)
    assert all(1 <= point.bpm <= FASTEST_BPM for point in grid.points)
    # A beat before the timeline has no place; the first bar after it may be an upbeat's.
    begins = grid.points[1].seconds if len(grid.points) > 1 else 0.0
    counted = [
        grid.beat_at(at)
        for beat in range(beats + 8)
        if (at := heard(changes, beat, origin + first)) >= begins - 1e-9
    ]
    steps = [later - earlier for earlier, later in itertools.pairwise(counted)]
    assert steps == pytest.approx([1.0] * len(steps), abs=1e-5)


@given(st.floats(0, 60), st.floats(0, 10), st.floats(30, 300))
def test_seconds_and_beats_are_each_others_inverse(seconds, first, bpm):
    grid = tempo_grid(session(TempoChange(0, bpm), TempoChange(5, 100), first=first))
    assert grid.seconds_at(grid.beat_at(seconds)) == pytest.approx(seconds, abs=1e-9)
    points = grid.points
    for before, after in itertools.pairwise(points):
        assert before.seconds < after.seconds
        assert before.beat < after.beat
        assert grid.seconds_at(after.beat) == pytest.approx(after.seconds)


def test_a_tiny_upbeat_only_makes_the_first_beat_longer():
    grid = tempo_grid(session(TempoChange(0, 120), first=0.005))
    assert [grid.seconds_at(beat) for beat in range(4)] == pytest.approx([0, 0.505, 1.005, 1.505])
