"""What is the user's stays the user's: songs, foreign files, the stems of other songs."""

from __future__ import annotations

import json
import os

import pytest
import soundfile

from tests.app.tiny import STEMS, music, save_song


@pytest.fixture
def vocals(tmp_path):
    """A song with the name of a stem, as an earlier separation leaves it."""
    return save_song(tmp_path / "vocals.wav", music(9000))


HERE = ["--name", "{stem}"]


@pytest.mark.parametrize("policy", ["ask", "skip", "yes"])
@pytest.mark.parametrize("alias", ["vocals.wav", "link.wav", "hard.wav", "sub/../vocals.wav"])
def test_a_stem_never_replaces_its_song(separate, vocals, tmp_path, policy, alias):
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.wav").symlink_to(vocals)
    os.link(vocals, tmp_path / "hard.wav")
    before = vocals.read_bytes()
    ran = separate(tmp_path / alias, "--output", tmp_path, *HERE, "--overwrite", policy)
    ran.refused("would replace the song", "--overwrite rename")
    assert vocals.read_bytes() == before


def test_a_stem_never_replaces_another_song_of_the_run(separate, vocals, song, tmp_path, out):
    before = vocals.read_bytes()
    for songs in ([song, vocals], [vocals, song]):
        ran = separate(*songs, "--output", tmp_path, *HERE, "--overwrite", "yes")
        assert ran.status == 1
        assert ran.err.count("would replace the song") == 2
        assert vocals.read_bytes() == before


def test_letter_case_makes_no_other_file(separate, tmp_path):
    path = save_song(tmp_path / "Vocals.WAV", music(9000))
    ran = separate(path, "--output", tmp_path, *HERE, "--overwrite", "yes")
    ran.refused("would replace the song")


def test_rename_finds_a_free_name(separate, vocals, tmp_path):
    before = vocals.read_bytes()
    ran = separate(vocals, "--output", tmp_path, *HERE, "--overwrite", "rename")
    assert (ran.status, ran.err) == (0, "")
    assert vocals.read_bytes() == before
    assert (tmp_path / "vocals (2).wav").exists()


def test_the_manifest_never_replaces_a_song_or_a_stem(separate, song, out):
    before = song.read_bytes()
    for policy in ("ask", "skip", "rename", "yes"):
        ran = separate(song, "--manifest", song, "--overwrite", policy)
        ran.refused("manifest would replace the song", "another file")
    assert song.read_bytes() == before
    for policy in ("ask", "yes"):
        ran = separate(song, "--manifest", out / "song" / "bass.wav", "--overwrite", policy)
        ran.refused("would replace a stem", "another file")
    assert not (out / "song" / "bass.wav").exists()


def test_the_manifest_replaces_only_manifests(separate, song, tmp_path):
    diary = tmp_path / "diary.txt"
    for text in ("Dear diary", "[1, 2]", '{"format": 1}'):
        diary.write_text(text)
        ran = separate(song, "--manifest", diary)
        ran.refused("diary.txt", "not a manifest of StemDesk", "--overwrite yes")
        assert diary.read_text() == text
    assert separate(song, "--manifest", diary, "--overwrite", "yes").status == 0
    assert separate(song, "--manifest", diary, "--overwrite", "skip").status == 0
    assert json.loads(diary.read_text())["songs"][0]["input"] == str(song)


def test_albums_keep_their_folders(separate, tmp_path, out, files_below):
    for album in ("One", "Two/CD 1", "Two/CD 2"):
        save_song(tmp_path / "in" / album / "01 Intro.flac", music(9000))
    save_song(tmp_path / "in" / "single.wav", music(9000))
    ran = separate(tmp_path / "in")
    assert (ran.status, ran.err) == (0, "")
    folders = {name.rpartition("/")[0] for name in files_below(out)}
    intros = {"One/01 Intro", "Two/CD 1/01 Intro", "Two/CD 2/01 Intro"}
    assert folders == {*intros, "single"}
    assert len(files_below(out)) == 4 * len(STEMS)


def test_a_name_template_comes_after_the_folder(separate, tmp_path, out, files_below):
    path = save_song(tmp_path / "in" / "One" / "a.flac", music(9000), artist="X")
    assert separate(tmp_path / "in", "--name", "{artist} {stem}", "--stems", "bass").status == 0
    assert files_below(out) == ["One/X bass.wav"]
    assert separate(path, "--name", "{artist} {stem}", "--stems", "bass").status == 0
    assert files_below(out) == ["One/X bass.wav", "X bass.wav"]


def test_a_file_that_comes_into_being_meanwhile_is_not_replaced(
    separate, song, vocals, out, monkeypatch
):
    from stemdesk.app import batch

    real = batch.carry_out

    def carry_out(plan, *rest):
        if plan.song.path == song:
            (out / "song").mkdir(parents=True)
            (out / "song" / "bass.wav").write_bytes(b"mine")
        return real(plan, *rest)

    monkeypatch.setattr(batch, "carry_out", carry_out)
    ran = separate(song, vocals)
    ran.refused("bass.wav", "come into being", "start again")
    assert (out / "song" / "bass.wav").read_bytes() == b"mine"
    assert "vocals.wav: the stems null" in ran.out


@pytest.mark.parametrize("policy", ["ask", "skip", "rename"])
def test_nor_is_one_that_comes_while_stems_are_written(separate, song, out, monkeypatch, policy):
    from stemdesk.app import render

    real, theirs = render.record_delivery, out / "song" / "bass.wav"

    def record_delivery(*given):
        theirs.write_bytes(b"another run's")
        real(*given)

    monkeypatch.setattr(render, "record_delivery", record_delivery)
    ran = separate(song, "--overwrite", policy)
    ran.refused("bass.wav has come into being since this run began", "start again")
    assert theirs.read_bytes() == b"another run's"
    assert not list(theirs.parent.glob(".*.partial"))
    assert separate(song, "--overwrite", "yes").status == 0
    assert soundfile.info(theirs).frames == 66_150
