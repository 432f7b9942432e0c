"""What a remix is written to, how long it is, and what is said of it."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from stemdesk.mixing.recipe import load_recipe
from tests.app.tiny import RATE, music, read_exactly, save_song

FRAMES = 22_050


@pytest.fixture
def stems(tmp_path):
    folder = tmp_path / "My Song"
    for seed, name in enumerate(("vocals", "drums")):
        save_song(folder / f"{name}.wav", music(FRAMES, seed=seed, level=0.2), RATE)
    return folder


@pytest.fixture
def remix(stemdesk, stems, tmp_path):
    """Remix the stems; the event with what came of it."""

    def run(*options, target="mix.wav", status=0):
        ran = stemdesk("remix", stems, "-o", tmp_path / target, "--json", *options)
        assert ran.status == status, ran
        return ran.events[-1]

    return run


@pytest.fixture
def frames(tmp_path):
    return lambda: soundfile.info(tmp_path / "mix.wav").frames


@pytest.mark.parametrize(
    "options", [["--key", "-2"], ["--vocals-pitch", "3"], ["--vocals-eq", "120"], ["--drums", "-3"]]
)
def test_what_does_not_ring_on_leaves_the_song_as_long_as_it_was(remix, frames, options):
    remix(*options)
    assert frames() == FRAMES


def test_tails_are_kept_unless_they_are_not_wanted(remix, frames, tmp_path):
    remix("--vocals-reverb", "0.5")
    whole = read_exactly(tmp_path / "mix.wav")
    assert whole.shape[1] > FRAMES + RATE
    recipe = tmp_path / "r.toml"
    remix("--vocals-reverb", "0.5", "--no-tail", "--overwrite=yes", "--save-recipe", recipe)
    np.testing.assert_array_equal(read_exactly(tmp_path / "mix.wav"), whole[:, :FRAMES])
    assert load_recipe(recipe).tail is False
    remix("--recipe", recipe, "--overwrite=yes")
    assert frames() == FRAMES


def test_a_mono_song_that_is_panned_gets_stereo_and_says_so(stemdesk, tmp_path):
    for name in ("vocals", "drums"):
        save_song(tmp_path / "Mono" / f"{name}.wav", music(3000, channels=1, level=0.2), RATE)
    ran = stemdesk("remix", tmp_path / "Mono", "-o", tmp_path / "m.wav", "--vocals-pan", "1")
    assert (
        "note: The song is mono, and panning needs two channels, so the mix is stereo." in ran.out
    )
    assert soundfile.info(tmp_path / "m.wav").channels == 2
    ran = stemdesk("remix", tmp_path / "Mono", "-o", tmp_path / "n.wav", "--vocals", "-3")
    assert "note" not in ran.out
    assert soundfile.info(tmp_path / "n.wav").channels == 1


def test_stems_that_differ_are_told(remix, stems):
    assert remix()["notes"] == []
    save_song(stems / "bass.wav", music(FRAMES - 4410, channels=1, level=0.1), RATE)
    assert remix("--overwrite=yes")["notes"] == [
        "Not all stems are equally long; silence follows those that are shorter (bass 0.100 s).",
        "The mix has 2 channels, of which some stems fill fewer (bass 1).",
    ]


def test_automation_after_the_end_is_told(remix):
    course = "vocals.level_db=0@0,-6@0:00.4"
    assert remix("--automate", course)["notes"] == []
    (note,) = remix("--automate", f"{course},-9@2", "--overwrite=yes")["notes"]
    assert note == (
        "The automation of vocals.level_db goes on after the song's end at 0:00.5; "
        "points there are not heard."
    )


def test_limiting_is_told(remix):
    assert remix("--vocals", "0")["notes"] == []
    (note,) = remix("--vocals", "12", "--drums", "12", "--overwrite=yes")["notes"]
    assert note.startswith("Peaks were limited by up to ")


@pytest.mark.parametrize("policy", ["ask", "skip", "rename"])
def test_a_file_that_comes_into_being_meanwhile_is_not_replaced(
    stemdesk, stems, tmp_path, monkeypatch, policy
):
    from stemdesk.app.remixing import remix

    target, real = tmp_path / "mix.wav", remix.mix_down

    def mix_down(*given):
        target.write_bytes(b"another run's")
        return real(*given)

    monkeypatch.setattr(remix, "mix_down", mix_down)
    words = ("remix", stems, "-o", target, "--overwrite")
    stemdesk(*words, policy).refused("mix.wav has come into being since this run began")
    assert target.read_bytes() == b"another run's"
    assert not list(tmp_path.glob(".*.partial"))
    target.unlink()
    assert stemdesk(*words, "yes").status == 0
    assert soundfile.info(target).frames == FRAMES


def test_so_is_a_recipe(stemdesk, stems, tmp_path, monkeypatch):
    from stemdesk.app.remixing import remix

    recipe, real = tmp_path / "r.toml", remix.mix_down

    def mix_down(*given):
        recipe.write_text("mine")
        return real(*given)

    monkeypatch.setattr(remix, "mix_down", mix_down)
    words = ("remix", stems, "-o", tmp_path / "mix.wav", "--save-recipe", recipe)
    stemdesk(*words)
    assert recipe.read_text() == "mine"


def test_a_folder_of_remixes_in_any_format(stemdesk, stems, tmp_path):
    album = tmp_path / "album"
    album.mkdir()
    stems.rename(album / "One")
    for name in ("wav", "flac", "ogg", "mp3"):
        ran = stemdesk("remix", album, "-o", tmp_path / "out", "--format", name)
        assert ran.status == 0, ran
        info = soundfile.info(tmp_path / "out" / f"One (remix).{name}")
        assert info.format == name.upper()


def test_songs_that_are_named_alike_do_not_hinder_one_another(stemdesk, model, tmp_path):
    album, folder = tmp_path / "album", tmp_path / "stems"
    save_song(album / "s.wav", music(9000, seed=1))
    save_song(album / "s.flac", music(9000, seed=2))
    save_song(album / "t.wav", music(9000, seed=3))
    words = ("remix", album, "-o", tmp_path / "out", "--stems", folder, "--model", model)
    ran = stemdesk(*words, "--threads", 1)
    assert (ran.status, ran.err) == (0, "")
    names = ["s.flac (remix).wav", "s.wav (remix).wav", "t (remix).wav"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert sorted(path.name for path in folder.iterdir()) == ["s.flac", "s.wav", "t"]
    for name, song in zip(names, ("s.flac", "s.wav", "t.wav"), strict=True):
        np.testing.assert_array_equal(
            read_exactly(tmp_path / "out" / name), read_exactly(album / song)
        )


def test_the_same_is_true_of_separating_them(separate, tmp_path, out):
    save_song(tmp_path / "in" / "s.wav", music(9000, seed=1))
    save_song(tmp_path / "in" / "s.flac", music(9000, seed=2))
    ran = separate(tmp_path / "in")
    assert (ran.status, ran.err) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["s.flac", "s.wav"]


def test_nobody_is_told_to_replace_another_song_s_stems(stemdesk, song, model, tmp_path):
    words = ("--model", model, "--threads", 1, "--stems", tmp_path / "stems")
    assert stemdesk("remix", song, *words, "-o", tmp_path / "a.wav").status == 0
    other = save_song(song.with_suffix(".flac"), music(66_150, seed=9))
    told = stemdesk("remix", other, *words, "-o", tmp_path / "b.wav").refused("--stems", "move")
    assert "overwrite" not in told


@pytest.mark.parametrize(
    ("channels", "stated", "layout"),
    [
        (3, None, "3.0"),
        (4, None, "quad"),
        (5, None, "5.0"),
        (6, None, "5.1"),
        (6, 0x60F, "5.1(side)"),
        (7, None, "6.1"),
        (8, None, "7.1"),
    ],
)
@pytest.mark.parametrize("subtype", ["match", "float"])
def test_the_layout_of_surround_is_kept(stemdesk, tmp_path, channels, stated, layout, subtype):
    if shutil.which("ffprobe") is None:
        pytest.skip("needs the program ffprobe")
    from stemdesk.audio.channel_mask import write_mask

    sound = music(500, channels=channels, level=0.3)
    path = tmp_path / "Song" / "vocals.wav"
    save_song(path, sound, RATE)
    if stated is not None:
        with soundfile.SoundFile(path, "w", RATE, channels, "PCM_16", format="WAVEX") as file:
            file.write(np.round(sound.T * 2**15).astype(np.int16))
        write_mask(path, stated)
    mix = tmp_path / "mix.wav"
    assert stemdesk("remix", path.parent, "-o", mix, "--subtype", subtype).status == 0
    np.testing.assert_array_equal(read_exactly(mix), sound)
    asked = ["ffprobe", "-v", "error", "-show_entries", "stream=channel_layout", "-of", "csv=p=0"]
    told = subprocess.run([*asked, mix], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == layout
