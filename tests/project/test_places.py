from __future__ import annotations

import math

import pytest

from stemdesk.errors import UserError
from stemdesk.project import edits
from stemdesk.project.document import Marker, Span, Tempo


def places(track):
    return [(marker.frame, marker.name) for marker in track.markers]


def test_markers_are_in_order_of_time_and_get_free_names(track):
    for frame in (300, 100, 200):
        track = edits.add_marker(track, frame)
    assert places(track) == [(100, "Marker 2"), (200, "Marker 3"), (300, "Marker 1")]
    track = edits.remove_marker(track, Marker(frame=100, name="Marker 2"))
    track = edits.add_marker(track, 441_000, "End")
    track = edits.add_marker(track, 0)
    assert places(track)[0] == (0, "Marker 2")
    assert places(track)[-1] == (441_000, "End")


def test_a_marker_passes_another_without_eating_it(track):
    track = edits.add_marker(edits.add_marker(track, 100, "x"), 200, "x")
    track = edits.move_marker(track, Marker(frame=100, name="x"), 200)
    assert places(track) == [(200, "x"), (200, "x")]
    track = edits.move_marker(track, Marker(frame=200, name="x"), 300)
    assert places(track) == [(200, "x"), (300, "x")]


def test_a_marker_is_renamed(track):
    track = edits.add_marker(track, 100, "x")
    track = edits.rename_marker(track, track.markers[0], " Chorus ")
    assert places(track) == [(100, "Chorus")]
    with pytest.raises(UserError, match="name"):
        edits.rename_marker(track, track.markers[0], " ")


@pytest.mark.parametrize("frame", [-1, 441_001])
def test_a_place_out_of_the_song_is_refused(track, frame):
    track = edits.add_marker(track, 5, "x")
    with pytest.raises(UserError, match=f"Frame {frame} is not in Song"):
        edits.add_marker(track, frame)
    with pytest.raises(UserError, match=f"Frame {frame} is not in Song"):
        edits.move_marker(track, track.markers[0], frame)


@pytest.mark.parametrize(
    "edit",
    [
        edits.remove_marker,
        lambda track, marker: edits.move_marker(track, marker, 7),
        lambda track, marker: edits.rename_marker(track, marker, "y"),
    ],
)
def test_a_marker_that_is_gone_is_refused(track, edit):
    with pytest.raises(UserError, match="marker x is not at frame 5"):
        edit(track, Marker(frame=5, name="x"))


def test_the_loop(track):
    span = Span(first_frame=10, end_frame=20)
    looped = edits.set_loop(track, span)
    assert (looped.loop, looped.looping) == (span, False)
    looping = edits.set_looping(looped, looping=True)
    assert (looping.loop, looping.looping) == (span, True)
    moved = edits.set_loop(looping, Span(first_frame=10, end_frame=30))
    assert moved.looping
    assert edits.set_loop(moved, moved.loop) is moved
    assert edits.set_loop(moved, moved.loop, looping=False).looping is False
    off = edits.set_looping(moved, looping=False)
    assert (off.loop, off.looping) == (moved.loop, False)
    none = edits.set_loop(moved, None)
    assert (none.loop, none.looping) == (None, False)


def test_without_a_stretch_the_whole_song_repeats(track):
    looping = edits.set_looping(track, looping=True)
    assert looping.loop == Span(first_frame=0, end_frame=441_000)
    assert edits.set_looping(track, looping=False) is track


@pytest.mark.parametrize(("first", "end"), [(10, 10), (20, 10), (-1, 10), (10, 441_001)])
def test_a_stretch_that_cannot_be_is_refused(track, first, end):
    with pytest.raises(UserError, match=r"stretch|not in Song"):
        edits.set_loop(track, Span(first_frame=first, end_frame=end))


def test_a_tempo(track):
    tempo = Tempo(bpm=120.0, first_beat_seconds=0.25, beats_per_bar=7, beat_unit=8)
    timed = edits.set_tempo(track, tempo)
    assert timed.tempo == tempo
    assert edits.set_tempo(timed, tempo) is timed
    assert edits.set_tempo(timed, None) == track


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"bpm": 19.9}, "tempo cannot be 19.9 bpm"),
        ({"bpm": math.nan}, "tempo cannot be nan"),
        ({"bpm": math.inf}, "tempo cannot be inf"),
        ({"beats_per_bar": 0}, "metre cannot be 0/4"),
        ({"beat_unit": 3}, "metre cannot be 4/3"),
        ({"first_beat_seconds": 10.1}, r"first beat cannot be at 10\.1 s"),
        ({"first_beat_seconds": math.nan}, "first beat cannot be at nan"),
    ],
)
def test_a_tempo_that_cannot_be_is_refused(track, fields, what):
    with pytest.raises(UserError, match=what):
        edits.set_tempo(track, Tempo(**{"bpm": 120.0, **fields}))
