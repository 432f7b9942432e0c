from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.errors import UserError
from stemdesk.project import edits
from stemdesk.project.document import MediaRef, Region, Span, StemSet

STEMS = ("vocals", "drums")
FRAMES = 12
FILE = MediaRef(path="a.wav", frames=FRAMES, sample_rate=44_100, channels=1)
SONG = edits.attach_stems(
    edits.new_track("Song", FILE), StemSet(model="m", stems=dict.fromkeys(STEMS, FILE))
)


def span(first, end):
    return Span(first_frame=first, end_frame=end)


def heard(track):
    """Gain and mute of every frame of every stem, from the regions."""
    frames = {(stem, frame): (0.0, False) for stem in STEMS for frame in range(FRAMES)}
    for region in track.regions:
        for frame in range(region.first_frame, region.end_frame):
            frames[region.stem, frame] = (region.gain_db, region.mute)
    return frames


steps = st.tuples(
    st.sampled_from(STEMS),
    st.integers(0, FRAMES - 1),
    st.integers(1, FRAMES),
    st.sampled_from([None, 0.0, -6.0, 3.0, -math.inf]),
    st.sampled_from([None, True, False]),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=8))
def test_any_edits_say_for_every_frame_what_was_asked_last(moves):
    track, wanted = SONG, heard(SONG)
    for stem, first, length, gain_db, mute, clear in moves:
        end = min(first + length, FRAMES)
        if clear:
            track = edits.clear_range(track, stem, span(first, end))
        else:
            track = edits.set_range(track, stem, span(first, end), gain_db=gain_db, mute=mute)
        for frame in range(first, end):
            old = wanted[stem, frame]
            new = (old[0] if gain_db is None else gain_db, old[1] if mute is None else mute)
            wanted[stem, frame] = (0.0, False) if clear else new
    assert heard(track) == wanted
    in_order = sorted(track.regions, key=lambda each: (STEMS.index(each.stem), each.first_frame))
    assert list(track.regions) == in_order
    assert all((each.gain_db, each.mute) != (0.0, False) for each in track.regions)
    assert all(each.first_frame < each.end_frame for each in track.regions)
    for first, second in pairwise(track.regions):
        if first.stem == second.stem:
            assert first.end_frame <= second.first_frame
            touching = first.end_frame == second.first_frame
            alike = (first.gain_db, first.mute) == (second.gain_db, second.mute)
            assert not (touching and alike)


def test_a_mute_keeps_the_gain_for_later():
    track = edits.set_range(SONG, "vocals", span(2, 10), gain_db=-6.0)
    muted = edits.set_range(track, "vocals", span(4, 6), mute=True)
    assert [(each.first_frame, each.gain_db, each.mute) for each in muted.regions] == [
        (2, -6.0, False),
        (4, -6.0, True),
        (6, -6.0, False),
    ]
    assert edits.set_range(muted, "vocals", span(4, 6), mute=False) == track


def test_a_region_is_moved_and_covers_what_it_lies_on():
    track = edits.set_range(SONG, "vocals", span(0, 4), mute=True)
    track = edits.set_range(track, "vocals", span(6, 10), gain_db=-6.0)
    moved = edits.move_region(track, track.regions[0], span(4, 8))
    assert moved.regions == (
        Region(stem="vocals", first_frame=4, end_frame=8, mute=True),
        Region(stem="vocals", first_frame=8, end_frame=10, gain_db=-6.0),
    )
    assert edits.move_region(track, track.regions[0], span(0, 4)) is track
    with pytest.raises(UserError, match="not there any more"):
        edits.move_region(moved, track.regions[0], span(0, 1))


def test_what_changes_nothing_is_the_same_value():
    assert edits.clear_range(SONG, "vocals", span(0, 5)) is SONG
    assert edits.set_range(SONG, "vocals", span(0, 5), gain_db=0.0) is SONG


@pytest.mark.parametrize(
    ("stem", "place", "gain_db", "what"),
    [
        ("kazoo", span(0, 1), 0.0, "no stem kazoo"),
        ("master", span(0, 1), 0.0, "no stem master"),
        ("vocals", span(1, 1), 0.0, "empty"),
        ("vocals", span(0, FRAMES + 1), 0.0, "not in Song"),
        ("vocals", span(0, 1), 12.1, "gain of a stretch of vocals cannot be 12.1 dB"),
        ("vocals", span(0, 1), math.nan, "cannot be nan"),
    ],
)
def test_what_cannot_be_is_refused(stem, place, gain_db, what):
    with pytest.raises(UserError, match=what):
        edits.set_range(SONG, stem, place, gain_db=gain_db)
