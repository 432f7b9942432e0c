from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace

import mutagen.mp4
import numpy as np
import pytest

from stemdesk.audio.levels import from_db
from stemdesk.daw.ni_stem import write_ni_stem
from stemdesk.errors import UserError
from tests.daw.songs import STEMS, make_song

FULL_SCALE = 2.0**31

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None,
    reason="needs ffmpeg and ffprobe, which are not here",
)


def decoded(path):
    """What ffmpeg makes of the five tracks, `[frames, channels]` each."""
    outlets = [path.with_name(f"track {number}") for number in range(5)]
    command = ["ffmpeg", "-v", "error", "-y", "-i", path]
    for number, outlet in enumerate(outlets):
        command += ["-map", f"0:a:{number}", "-f", "s32le", outlet]
    assert subprocess.run(command, capture_output=True, check=True).stderr == b""
    return [np.fromfile(outlet, "<i4").reshape(-1, 2) / FULL_SCALE for outlet in outlets]


def probed(path):
    command = ["ffprobe", "-v", "warning", "-show_streams", "-show_format", "-of", "json", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def stem_atom(path):
    """The document of the `stem` atom, found by mutagen."""
    with path.open("rb") as file:
        atom = mutagen.mp4.Atoms(file)[b"moov.udta.stem"]
        whole, content = atom.read(file)
    assert whole
    return json.loads(content)


@needs_ffmpeg
@pytest.mark.parametrize("sample_rate", [44_100, 48_000])
def test_alac_holds_the_song_and_its_stems_as_they_are(tmp_path, sample_rate):
    song = make_song(tmp_path, sample_rate=sample_rate)
    path = tmp_path / "song.stem.mp4"
    assert write_ni_stem(song.session, path, "alac") == 0.0
    for heard, samples in zip(decoded(path), (song.mixture, *song.stems.values()), strict=True):
        assert np.array_equal(heard, samples)
    streams = probed(path)["streams"]
    assert [stream["codec_name"] for stream in streams] == ["alac"] * 5
    assert {stream["sample_rate"] for stream in streams} == {str(sample_rate)}


@needs_ffmpeg
@pytest.mark.parametrize("codec", ["aac", "alac"])
def test_the_atom_names_the_stems_and_switches_the_mastering_off(tmp_path, codec):
    song = make_song(tmp_path, names=("Gesang", "drums", "bass", "other"))
    path = tmp_path / "song.stem.mp4"
    write_ni_stem(song.session, path, codec)
    document = stem_atom(path)
    assert document["version"] == 1
    assert document["stems"] == [
        {"name": "Gesang", "color": "#56B4E9"},
        {"name": "drums", "color": "#009E73"},
        {"name": "bass", "color": "#D55E00"},
        {"name": "other", "color": "#CC79A7"},
    ]
    mastering = document["mastering_dsp"]
    assert [mastering[name]["enabled"] for name in ("compressor", "limiter")] == [False, False]


@needs_ffmpeg
def test_aac_is_in_time_and_five_tracks_long(tmp_path):
    song = make_song(tmp_path)
    path = tmp_path / "song.stem.mp4"
    write_ni_stem(song.session, path)
    for heard, samples in zip(decoded(path), (song.mixture, *song.stems.values()), strict=True):
        middle = slice(5000, 25_000)
        alike = [
            np.corrcoef(heard[middle, 0], samples[5000 - lag : 25_000 - lag, 0])[0, 1]
            for lag in (-1, 0, 1, 1024)
        ]
        assert int(np.argmax(alike)) == 1
        assert alike[1] > 0.8
    streams = probed(path)["streams"]
    assert [stream["codec_name"] for stream in streams] == ["aac"] * 5
    help_text = subprocess.run(["ffmpeg", "-h", "muxer=mp4"], capture_output=True).stdout
    spare = 0 if b"movie_timescale" in help_text else 48  # before ffmpeg 5.0: a millisecond
    assert all(abs(stream["duration_ts"] - 30_011) <= spare for stream in streams)


@needs_ffmpeg
def test_ordinary_players_play_the_song_only(tmp_path):
    song = make_song(tmp_path, artist="Wir", tags={"album": "Zweites", "tracknumber": "3"})
    path = tmp_path / "song.stem.mp4"
    write_ni_stem(song.session, path, "alac")
    found = probed(path)
    assert [stream["disposition"]["default"] for stream in found["streams"]] == [1, 0, 0, 0, 0]
    with path.open("rb") as file:
        atoms = mutagen.mp4.Atoms(file)
        headers = [track[[b"tkhd"]].read(file)[1] for track in atoms[b"moov"].findall(b"trak")]
    assert [header[3] & 1 for header in headers] == [1, 0, 0, 0, 0], "enabled"
    names = [stream["tags"]["handler_name"] for stream in found["streams"]]
    assert names == ["Häuser am See", *STEMS]
    tags = mutagen.mp4.MP4(path).tags
    assert (tags["©nam"], tags["©ART"]) == (["Häuser am See"], ["Wir"])
    assert (tags["©alb"], tags["trkn"]) == (["Zweites"], [(3, 0)])
    assert found["format"]["tags"]["major_brand"] == "M4A "
    assert "encoder" not in found["format"]["tags"], "the same bytes from every ffmpeg"


@needs_ffmpeg
def test_the_fourth_stem_takes_all_that_follow(tmp_path):
    song = make_song(tmp_path, names=("a", "b", "c", "d", "e", "f"), peak=0.1)
    path = tmp_path / "song.stem.mp4"
    write_ni_stem(song.session, path, "alac")
    assert [stem["name"] for stem in stem_atom(path)["stems"]] == ["a", "b", "c", "d + e + f"]
    rest = sum(song.stems[name] for name in "def")
    tracks = decoded(path)
    assert np.array_equal(tracks[4], rest)
    assert np.array_equal(tracks[0], song.mixture)


@needs_ffmpeg
def test_missing_stems_are_silent_and_mono_becomes_two_channels(tmp_path):
    song = make_song(tmp_path, names=("vocals", "rest"), channels=1, grid_bits=None)
    path = tmp_path / "song.stem.mp4"
    write_ni_stem(song.session, path, "alac")
    assert len(stem_atom(path)["stems"]) == 4
    mix, *stems = decoded(path)
    for stem in stems:
        assert np.array_equal(stem[:, 0], stem[:, 1])
    assert not stems[2].any()
    assert not stems[3].any()
    assert np.array_equal(sum(stems), mix)
    assert np.abs(sum(stems) - song.mixture).max() <= 2.0**-24


@needs_ffmpeg
def test_a_song_above_full_scale_is_lowered_with_its_stems(tmp_path):
    song = make_song(tmp_path, peak=0.5)
    path = tmp_path / "song.stem.mp4"
    gain_db = write_ni_stem(song.session, path, "alac")
    assert -6.1 < gain_db < -3.0, "four times 0.5 is at most 6 dB"
    tracks = decoded(path)
    assert np.array_equal(sum(tracks[1:]), tracks[0])
    assert np.abs(tracks[0] - song.mixture * from_db(gain_db)).max() <= 2.0**-24


@needs_ffmpeg
def test_names_that_utf_8_cannot_hold_are_mended(tmp_path):
    song = make_song(tmp_path, names=("\ud800\0",), title="\udfff", artist="a\ud800")
    path = tmp_path / "song.stem.mp4"
    write_ni_stem(song.session, path, "alac")
    assert mutagen.mp4.MP4(path).tags["©ART"] == ["a\ufffd"]


@needs_ffmpeg
def test_the_same_song_makes_the_same_bytes(tmp_path):
    song = make_song(tmp_path)
    for name in ("one", "two"):
        write_ni_stem(song.session, tmp_path / name, "aac")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sample_rate": 96_000}, r"44100 or 48000 Hz.*96000 Hz"),
        ({"channels": 6}, "stereo.*6 channels"),
        ({"tracks": ()}, "no tracks"),
    ],
)
def test_what_the_format_does_not_hold_is_refused(tmp_path, wrong, words):
    song = make_song(tmp_path)
    with pytest.raises(UserError, match=words):
        write_ni_stem(replace(song.session, **wrong), tmp_path / "song.stem.mp4")


def test_without_ffmpeg_there_is_a_remedy(tmp_path, monkeypatch):
    song = make_song(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="install ffmpeg"):
        write_ni_stem(song.session, tmp_path / "song.stem.mp4")


@pytest.mark.parametrize(
    ("said", "words"),
    [("muxer: No such thing.", "No such thing"), ("av: No space left on device", "disk is full")],
)
def test_a_failing_ffmpeg_leaves_nothing(tmp_path, monkeypatch, said, words):
    song = make_song(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "ffmpeg"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    with pytest.raises(UserError, match=words):
        write_ni_stem(song.session, tmp_path / "song.stem.mp4")
    assert not list(tmp_path.glob("*song.stem*"))
