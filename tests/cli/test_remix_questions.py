"""May a remix be replaced? Asked for all songs before the first is worked on."""

from __future__ import annotations

import sys

import pytest

from tests.app.tiny import RATE, music, read_exactly, save_song


@pytest.fixture
def album(tmp_path):
    """Three songs as folders of stems; the remixes of the first and the last are there."""
    folder, out = tmp_path / "album", tmp_path / "out"
    out.mkdir()
    for seed, name in enumerate("abc"):
        for stem in ("vocals", "drums"):
            save_song(folder / name / f"{stem}.wav", music(9000, seed=seed, level=0.2), RATE)
    for name in "ac":
        (out / f"{name} (remix).wav").write_text("mine")
    return folder


def is_mine(out, name):
    return (out / f"{name} (remix).wav").read_bytes() == b"mine"


def test_all_songs_are_asked_about_before_the_first_is_mixed(terminal, album, out):
    run = terminal("remix", album, "-o", out)
    run.read_until("[y]es, [N]o, [a]ll, [s]kip all")
    run.type("n\n")
    run.read_until("c (remix).wav exists. Replace it?")
    # `b` is there before its turn only if someone worked between two questions.
    assert not (out / "b (remix).wav").exists()
    assert "mixing" not in run.seen
    run.type("y\n")
    seen = run.read_until()
    assert run.child.wait() == 0
    assert seen.count("Replace it?") == 2
    assert "a: there already, left as it is" in seen
    assert [is_mine(out, name) for name in "abc"] == [True, False, False]


def test_where_nobody_can_be_asked_the_songs_that_are_free_are_mixed(stemdesk, album, out):
    ran = stemdesk("remix", album, "-o", out)
    assert ran.status == 1
    lines = ran.err.splitlines()
    assert len(lines) == 2
    assert all("exists already: use --overwrite" in line for line in lines)
    assert [is_mine(out, name) for name in "abc"] == [True, False, True]


def test_as_json_refusals_are_events(stemdesk, album, out):
    ran = stemdesk("remix", album, "-o", out, "--json")
    ends = [event for event in ran.events if event["event"] != "progress"]
    assert [event["event"] for event in ends] == ["error", "remixed", "error"]
    assert "exists already" in ends[0]["error"]


@pytest.mark.parametrize(
    ("policy", "replaced", "fresh"),
    [("skip", "b", 0), ("yes", "abc", 0), ("rename", "b", 2)],
)
def test_a_policy_answers_for_all(stemdesk, album, out, policy, replaced, fresh):
    assert stemdesk("remix", album, "-o", out, "--overwrite", policy).status == 0
    assert [is_mine(out, name) for name in "abc"] == [name not in replaced for name in "abc"]
    assert len(list(out.glob("* (2).wav"))) == fresh


def test_what_cannot_be_mixed_is_not_asked_about(stemdesk, album, out, monkeypatch):
    for stem in ("vocals", "drums"):
        (album / "a" / f"{stem}.wav").rename(album / "a" / f"{stem}2.wav")
    (album / "a" / "vocals2.wav").rename(album / "a" / "rest.wav")
    asked = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdin, "readline", lambda: asked.append(1) or "y\n", raising=False)
    ran = stemdesk("remix", album, "-o", out, "--vocals", "-3")
    assert ran.status == 1
    assert "works on the stem vocals" in ran.err
    assert len(asked) == 1
    assert [is_mine(out, name) for name in "abc"] == [True, False, False]


def test_no_song_of_the_run_is_replaced_by_another_s_remix(stemdesk, tmp_path):
    """`x` becomes `x (remix).wav`, which is the other song."""
    song = save_song(tmp_path / "in" / "x.wav", music(9000), RATE)
    other = save_song(tmp_path / "in" / "x (remix).wav", music(9000, seed=2), RATE)
    before = read_exactly(other)
    ran = stemdesk(
        "remix", song, other, "-o", other.parent, "--overwrite", "yes", "--set", "a.pan=0"
    )
    assert f"{other} is what a remix is made from" in ran.err
    assert (read_exactly(other) == before).all()


def test_separate_too_goes_on_with_the_songs_that_are_free(separate, tmp_path, out):
    songs = [save_song(tmp_path / f"{name}.wav", music(9000)) for name in "ab"]
    (out / "a").mkdir(parents=True)
    (out / "a" / "bass.wav").write_text("mine")
    ran = separate("--stems", "bass", *songs)
    ran.refused("a/bass.wav exists already", "--overwrite skip, rename or yes")
    assert (out / "a" / "bass.wav").read_text() == "mine"
    assert (out / "b" / "bass.wav").stat().st_size > 1000
