"""Libraries of every layout, as their makers lay them out, with real files in them."""

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from stemdesk.errors import UserError
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.datasets.multitrack import Part, read_sum
from stemdesk_training.datasets.naming import stem_of

RATE = 8000
STEMS = ("vocals", "drums", "bass", "other")


def tone(number, channels=2, frames=2000):
    wave = 0.1 * np.sin(np.arange(frames) * 0.01 * (number + 1))
    return np.repeat(wave[None], channels, axis=0)


def write(path, number=0, channels=2, rate=RATE, frames=2000):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(number, channels, frames).T, rate)
    return path


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Lead Vox", "vocals"), ("01_vocals", "vocals"), ("BGV 2", "vocals"),
        ("Chöre", None), ("Kick In", "drums"), ("BassDrum", "drums"), ("Bass Drum", "drums"),
        ("drum bass", "bass"), ("Sub", "bass"), ("Synth Bass", "bass"), ("Double Bass", "bass"),
        ("LeadGuitar", "other"), ("Lead Synth", "other"), ("GTR_L", "other"),
        ("Rooms", "drums"), ("Song - Drums", "drums"), ("Full Mix", "mixture"),
        ("untitled 3", None), ("", None),
        # An instrument's word goes before how it was played, recorded or mixed.
        ("Bass Guitar", "bass"), ("Bass Gtr", "bass"), ("01 Bass Guitar DI", "bass"),
        ("BassGuitar", "bass"), ("Bass Synth", "bass"), ("Synth Lead", "other"),
        ("Guitar Lead", "other"), ("Lead Vocal", "vocals"), ("Lead", "vocals"),
        ("Drum Loop", "drums"), ("Vocal FX", "vocals"), ("Snare Noise", "drums"),
        ("Guitar Room", "other"), ("Piano Room", "other"), ("Vocal Room", "vocals"),
        ("Guitar Room Mic", "other"), ("Room Mic", "drums"), ("Kick Sub", "drums"),
        ("Drum Mix", "drums"), ("Vocal Mix", "vocals"), ("Keys Stereo", "other"),
        ("Piano Full", "other"), ("Instrumental Mix", "other"), ("Bass Master", "bass"),
        ("Backing Guitar", "other"), ("Backing Vocals", "vocals"), ("Backing Track", "other"),
        ("Kick 808", "drums"), ("808", "bass"), ("Piano Upright", "other"),
        ("Acoustic Drums", "drums"), ("Bass Electric", "bass"), ("Master", "mixture"),
        ("Guitar Song - Full Mix", "mixture"), ("Bass Clarinet", "other"),
    ],
)  # fmt: skip
def test_names_of_tracks_tell_their_stem(name, stem):
    assert stem_of(name) == stem


def test_a_folder_a_song_of_any_names(tmp_path):
    for number, name in enumerate(["Lead Vox", "BGV", "Kick", "Snare", "Bass DI", "Gtr", "Click"]):
        write(tmp_path / "train" / "Ann - Song" / f"{name}.wav", number)
    write(tmp_path / "train" / "Ann - Song" / "Full Mix.flac")
    write(tmp_path / "test" / "Song 2" / "vocals.wav")
    write(tmp_path / "test" / "Song 2" / "instrumental.wav")
    write(tmp_path / "docs" / "vocals.wav")  # alone it is no song
    first, second = find_songs(tmp_path)[::-1]
    assert (first.name, first.split, first.artist) == ("train/Ann - Song", "train", "Ann")
    assert {name: len(parts) for name, parts in first.stems.items()} == {
        "vocals": 2, "drums": 2, "bass": 1, "other": 1,
    }  # fmt: skip
    assert [path.name for path in first.unused] == ["Click.wav"]
    assert first.mixture[0].path.name == "Full Mix.flac"
    assert (second.split, set(second.stems)) == ("test", {"vocals", "other"})
    summed = read_sum(first.stems["vocals"]).samples
    assert summed == pytest.approx(tone(0) + tone(1), abs=1e-4)


def test_a_map_says_what_names_do_not(tmp_path):
    song = tmp_path / "Song"
    for number, name in enumerate(["A1", "B2", "Vocals old", "Mix"]):
        write(song / f"{name}.wav", number)
    (tmp_path / "stems.toml").write_text('vocals = ["a*"]\nother = ["B2.wav"]\nignore = ["* old*"]')
    (found,) = find_songs(tmp_path)
    assert {name: parts[0].path.name for name, parts in found.stems.items()} == {
        "vocals": "A1.wav",
        "other": "B2.wav",
    }
    assert [path.name for path in found.unused] == ["Vocals old.wav"]
    (song / "stems.toml").write_text('bass = ["A1.wav"]')
    (found,) = find_songs(tmp_path)
    assert found.stems["bass"][0].path.name == "A1.wav"


@pytest.mark.parametrize(
    ("text", "what"),
    [("vocals = 3", "cannot be used"), ("voices = []", "cannot be used"), ("x", "cannot be used"),
     ('ignore = ["*"]', "none of its files")],
)  # fmt: skip
def test_a_map_that_cannot_be_is_refused_and_named(tmp_path, text, what):
    write(tmp_path / "Song" / "vocals.wav")
    write(tmp_path / "Song" / "drums.wav")
    (tmp_path / "Song" / "stems.toml").write_text(text)
    with pytest.raises(UserError, match=what) as refusal:
        find_songs(tmp_path)
    assert str(tmp_path / "Song") in str(refusal.value)


def test_musdb18_hq_is_a_folder_a_song(tmp_path):
    for split in ("train", "test"):
        for number, name in enumerate((*STEMS, "mixture")):
            write(tmp_path / split / "Al James - Schoolboy Facination" / f"{name}.wav", number)
    songs = find_songs(tmp_path)
    assert [song.split for song in songs] == ["test", "train"]
    assert all(set(song.stems) == set(STEMS) and song.mixture for song in songs)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_musdb18_has_five_streams_in_a_file(tmp_path):
    names = ("mixture", "drums", "bass", "other", "vocals")
    command = ["ffmpeg", "-v", "error"]
    for number, name in enumerate(names):
        command += [
            "-i",
            str(write(tmp_path / f"{name}.wav", 8 * number, rate=44_100, frames=44_100)),
        ]
    for number in range(5):
        command += ["-map", f"{number}:a"]
    song = tmp_path / "all" / "train" / "Ann - Song.stem.mp4"
    song.parent.mkdir(parents=True)
    subprocess.run([*command, "-c:a", "aac", str(song)], check=True)
    (found,) = find_songs(tmp_path / "all")
    assert (found.name, found.split, found.artist) == ("train/Ann - Song", "train", "Ann")
    for number, name in enumerate(names):
        parts = found.mixture if name == "mixture" else found.stems[name]
        spectrum = np.abs(np.fft.rfft(read_sum(parts).samples[0, :40_000]))
        expected = 0.01 * (8 * number + 1) / (2 * np.pi) * 40_000
        assert abs(int(spectrum.argmax()) - expected) < 3
    with pytest.raises(UserError, match="5 audio streams"):
        Part(song, stream=5).read()


def test_dsd100(tmp_path):
    title = "055 - Angels In Amplifiers - I'm Alright"
    for half in ("Dev", "Test"):
        for number, name in enumerate(STEMS):
            write(tmp_path / "Sources" / half / title / f"{name}.wav", number)
        write(tmp_path / "Mixtures" / half / title / "mixture.wav")
    dev, test = find_songs(tmp_path)
    assert (dev.split, test.split, dev.artist) == ("train", "test", "Angels In Amplifiers")
    assert set(dev.stems) == set(STEMS)
    assert dev.mixture[0].path.exists()


METADATA = """\
album: One
artist: Ann
has_bleed: 'no'
mix_filename: Ann_Song_MIX.wav
stem_dir: Ann_Song_STEMS
stems:
  S01: {component: melody, filename: Ann_Song_STEM_01.wav, instrument: male singer, raw: {}}
  S02: {component: '', filename: Ann_Song_STEM_02.wav, instrument: [drum set, shaker], raw: {}}
  S03: {component: bass, filename: Ann_Song_STEM_03.wav, instrument: electric bass, raw: {}}
  S04: {component: '', filename: Ann_Song_STEM_04.wav, instrument: [piano, vocalists], raw: {}}
  S05: {component: '', filename: Ann_Song_STEM_05.wav, instrument: [drum set, piano], raw: {}}
title: Song
"""


@pytest.mark.parametrize("is_apart", [False, True])
def test_medleydb_says_what_every_stem_is(tmp_path, is_apart):
    audio = tmp_path / "Audio" / "Ann_Song"
    place = tmp_path / "Metadata" if is_apart else audio
    for number in range(1, 6):
        write(audio / "Ann_Song_STEMS" / f"Ann_Song_STEM_0{number}.wav", number)
    write(audio / "Ann_Song_MIX.wav")
    place.mkdir(exist_ok=True)
    (place / "Ann_Song_METADATA.yaml").write_text(METADATA)
    (song,) = find_songs(tmp_path)
    told = {name: [part.path.stem[-2:] for part in parts] for name, parts in song.stems.items()}
    assert told == {"vocals": ["01", "04"], "drums": ["02"], "bass": ["03"], "other": ["05"]}
    assert song.artist == "Ann"
    assert all(path.exists() for path in song.files)


def test_medleydb_metadata_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "X_METADATA.yaml").write_text("stems: [")
    with pytest.raises(UserError, match="X_METADATA"):
        find_songs(tmp_path)


def test_medleydb_metadata_of_another_hand_is_read(tmp_path):
    odd = METADATA.replace("'no'", "no").replace("artist: Ann", "artist: 311")
    odd = odd.replace("S05:", "05:").replace("[drum set, shaker], raw: {}", "[{odd: yes}], raw: no")
    odd = odd.replace("electric bass", "") + "excerpt: 2014-01-01\nversion: 1.2\nproducer: [No]\n"
    (tmp_path / "Ann_Song_METADATA.yaml").write_text(odd)
    (song,) = find_songs(tmp_path)
    told = {name: [part.path.stem[-2:] for part in parts] for name, parts in song.stems.items()}
    assert told == {"vocals": ["01", "04"], "other": ["05", "02", "03"]}
    assert song.artist == "311"


def test_ikala_has_the_voice_on_the_right(tmp_path):
    path = tmp_path / "Wavfile" / "10161_chorus.wav"
    path.parent.mkdir()
    soundfile.write(path, np.stack([tone(1)[0], tone(5)[0]], axis=1), RATE)
    (song,) = find_songs(tmp_path)
    assert read_sum(song.stems["vocals"]).samples == pytest.approx(tone(5)[:1], abs=1e-4)
    assert read_sum(song.stems["other"]).samples == pytest.approx(tone(1)[:1], abs=1e-4)
    assert (song.artist, song.mixture) == ("10161", ())
    with pytest.raises(UserError, match="2 channels"):
        Part(path, channel=2).read()


def test_pairs_of_mix_and_instrumental(tmp_path):
    for name in ("Song", "Song (Instrumental)", "Blue Sky", "Blue Sky - karaoke version", "Alone"):
        write(tmp_path / f"{name}.wav")
    songs = find_songs(tmp_path)
    assert [song.name for song in songs] == ["Blue Sky", "Song"]
    assert songs[1].stems["other"][0].path.name == "Song (Instrumental).wav"


def test_a_part_that_cannot_be_read_is_never_silence(tmp_path):
    (tmp_path / "vocals.wav").write_bytes(b"x")
    with pytest.raises(UserError, match=r"vocals\.wav"):
        read_sum((Part(write(tmp_path / "a.wav")), Part(tmp_path / "vocals.wav")))
    with pytest.raises(UserError, match=r"gone\.wav"):
        read_sum((Part(tmp_path / "gone.wav"),))


def test_parts_of_other_lengths_rates_and_widths_are_summed(tmp_path):
    long = write(tmp_path / "long.wav", 1, channels=1, frames=3000)
    short = write(tmp_path / "short.wav", 2, frames=4000, rate=2 * RATE)
    total = read_sum((Part(long), Part(short)))
    assert (total.sample_rate, total.samples.shape) == (RATE, (2, 3000))
    assert total.samples[0, 2100:] == pytest.approx(tone(1, frames=3000)[0, 2100:], abs=1e-3)


def test_stereo_among_surround_sits_in_front(tmp_path):
    wide, narrow = write(tmp_path / "6.wav", 1, channels=6), write(tmp_path / "2.wav", 2)
    total = read_sum((Part(wide), Part(narrow))).samples
    assert total[:2] == pytest.approx(tone(1) + tone(2), abs=1e-4)
    assert total[2:] == pytest.approx(tone(1, channels=4), abs=1e-4)


def test_what_is_no_library_is_refused(tmp_path):
    with pytest.raises(UserError, match="not a folder"):
        find_songs(tmp_path / "gone")
    with pytest.raises(UserError, match="No multitracks"):
        find_songs(tmp_path)
    with pytest.raises(UserError, match="layout"):
        find_songs(tmp_path, "tape")
