from __future__ import annotations

import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.settings import EffectSettings, Point, StripSettings
from stemdesk.project import edits
from stemdesk.project.document import Project, Span, changed


@pytest.fixture
def three(make_ref):
    project = Project()
    for name in "abc":
        project = edits.add_track(project, changed(edits.new_track(name, make_ref()), id=name))
    return project


def order(project):
    return "".join(track.name for track in project.tracks)


def test_a_new_song_is_neutral_and_shown(make_ref):
    track = edits.new_track(" Song ", make_ref())
    project = edits.add_track(Project(), track)
    assert project.current == track.id
    assert track.name == "Song"
    assert track.mix.strips == (StripSettings(name="mixture"),)
    assert edits.new_track("Song", make_ref()).id != track.id


def test_a_song_comes_in_at_its_place(three, make_ref):
    new = edits.new_track("x", make_ref())
    assert order(edits.add_track(three, new, 1)) == "axbc"
    assert order(edits.add_track(three, new)) == "abcx"
    with pytest.raises(UserError, match="The song a is in the project already"):
        edits.add_track(three, three.tracks[0])


@pytest.mark.parametrize(
    ("shown", "removed", "then"), [("b", "b", "c"), ("c", "c", "b"), ("a", "b", "a")]
)
def test_without_a_song_its_neighbour_is_shown(three, shown, removed, then):
    project = edits.remove_track(edits.choose_track(three, shown), removed)
    assert project.current == then
    assert removed not in order(project)


def test_without_the_last_song_none_is_shown(three):
    for name in "abc":
        three = edits.remove_track(three, name)
    assert three == Project()


@pytest.mark.parametrize(
    ("name", "to", "then"), [("a", 2, "bca"), ("c", 0, "cab"), ("b", 9, "acb")]
)
def test_songs_change_places(three, name, to, then):
    assert order(edits.move_track(three, name, to)) == then


def test_what_changes_nothing_is_the_same_value(three):
    assert edits.move_track(three, "b", 1) is three
    assert edits.rename_track(three, "b", "b") is three
    assert edits.choose_track(three, "c") is three
    assert edits.with_track(three, three.tracks[1]) is three


def test_a_name(three):
    assert order(edits.rename_track(three, "b", " beta ")) == "abetac"
    with pytest.raises(UserError, match="name"):
        edits.rename_track(three, "b", "  ")


@pytest.mark.parametrize(
    "edit",
    [
        lambda project: edits.remove_track(project, "x"),
        lambda project: edits.rename_track(project, "x", "y"),
        lambda project: edits.move_track(project, "x", 0),
        lambda project: edits.choose_track(project, "x"),
        lambda project: edits.with_track(project, changed(project.tracks[0], id="x")),
    ],
)
def test_a_song_that_is_gone_is_refused(three, edit):
    with pytest.raises(UserError, match="x is not in the project"):
        edit(three)


def test_stems_come_in_neutral_and_the_master_stays(mixture, make_stems):
    before = edits.set_value(mixture, "mixture.level_db", -3.0)
    before = edits.set_value(before, "master.level_db", -1.0)
    before = edits.set_points(before, "master.pan", [Point(1.0, 0.5)])
    before = edits.set_points(before, "mixture.pan", [Point(1.0, 0.5)])
    after = edits.attach_stems(before, make_stems("vocals", "other"))
    assert after.mix.strips == (StripSettings(name="vocals"), StripSettings(name="other"))
    assert after.mix.master.level_db == -1.0
    assert list(after.mix.automation) == ["master.pan"]
    assert after.separated == make_stems("vocals", "other")


def test_a_mix_for_the_same_stems_is_kept_in_the_new_order(track, make_stems):
    before = edits.set_value(track, "vocals.level_db", -3.0)
    before = edits.add_effect(before, "drums", EffectSettings(kind="reverb"))
    before = edits.set_points(before, "drums.reverb.amount", [Point(1.0, 0.5)])
    after = edits.attach_stems(before, make_stems("drums", "bass", "vocals", "other"))
    assert [strip.name for strip in after.mix.strips] == ["drums", "bass", "vocals", "other"]
    assert after.mix.strip("vocals") == before.mix.strip("vocals")
    assert after.mix.strip("drums") == before.mix.strip("drums")
    assert after.mix.automation == before.mix.automation


def test_regions_go_with_their_stems(track, make_stems):
    span = Span(first_frame=0, end_frame=10)
    before = edits.set_range(track, "vocals", span, mute=True)
    before = edits.set_range(before, "drums", span, mute=True)
    after = edits.attach_stems(before, make_stems("vocals", "other"))
    assert [region.stem for region in after.regions] == ["vocals"]


@pytest.mark.parametrize("wrong", [{"frames": 5}, {"sample_rate": 48_000}, {"channels": 1}])
def test_stems_that_do_not_fit_are_refused(mixture, make_stems, wrong):
    with pytest.raises(UserError, match=r"stem vocals .* does not fit Song"):
        edits.attach_stems(mixture, make_stems("vocals", **wrong))


def test_stems_no_strip_can_be_named_after_are_refused(mixture, make_stems):
    with pytest.raises(UserError, match="master"):
        edits.attach_stems(mixture, make_stems("vocals", "master"))
    with pytest.raises(UserError, match="no stems"):
        edits.attach_stems(mixture, make_stems())


def test_a_mix_for_other_strips_is_refused(track, mixture):
    louder = edits.set_value(track, "vocals.level_db", 3.0)
    assert edits.set_mix(track, louder.mix) == louder
    assert edits.set_mix(track, track.mix) is track
    with pytest.raises(UserError, match="mixture"):
        edits.set_mix(track, mixture.mix)


def test_values_are_checked_by_name(track):
    assert edits.set_value(track, "vocals.level_db", 0.0) is track
    assert edits.set_ceiling(track, -1.0).mix.ceiling_db == -1.0
    with pytest.raises(UserError, match=r"vocals\.level_db cannot be 13"):
        edits.set_value(track, "vocals.level_db", 13.0)
    soloed = edits.solo_only(track, "bass")
    assert [strip.name for strip in soloed.mix.strips if strip.solo] == ["bass"]
