"""Every source that cannot be read is refused in one sentence with the file and a remedy."""

from __future__ import annotations

import os
from contextlib import suppress

import numpy as np
import pytest
import soundfile

from stemdesk.audio.reading import open_audio, scan_finite
from stemdesk.errors import UserError

RATE = 44_100


def refusal(path, *part):
    def read_all():
        with open_audio(path, *part) as reader:
            while reader.read(4096).shape[1]:
                pass

    with pytest.raises(UserError) as caught:
        read_all()
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    assert caught.value.remedy
    return text


def written(path, data):
    path.write_bytes(data)
    return path


def test_missing(tmp_path):
    assert "none.wav does not exist" in refusal(tmp_path / "none.wav")
    file = written(tmp_path / "file", b"x")
    assert "does not exist" in refusal(file / "below.wav")


def test_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_empty(tmp_path):
    assert "x.wav is empty" in refusal(written(tmp_path / "x.wav", b""))


def test_name_too_long(tmp_path):
    assert "cannot be opened" in refusal(tmp_path / ("x" * 300 + ".wav"))


def test_zero_byte_in_name(tmp_path):
    assert "zero byte" in refusal(tmp_path / "a\0b.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe(tmp_path):
    os.mkfifo(tmp_path / "p.wav")
    assert "a device or a pipe" in refusal(tmp_path / "p.wav")


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_not_permitted(tmp_path, song):
    song.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65_534)
    try:
        assert "song.wav may not be read" in refusal(song)
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.txt", b"hello world\n" * 99),
        ("noise.wav", bytes(range(77, 176))),
        ("x.vox", b"text" * 99),
    ],
)
def test_not_audio(tmp_path, ffmpeg, name, data):
    text = refusal(written(tmp_path / name, data))
    assert name in text
    assert "no audio" in text or "not audio" in text


def test_without_ffmpeg(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    text = refusal(written(tmp_path / "clip.m4a", b"ftypM4A" * 50))
    assert "clip.m4a" in text
    assert "install ffmpeg" in text


def test_no_frames(tmp_path):
    soundfile.write(tmp_path / "x.wav", np.zeros((0, 2)), RATE)
    assert "0 frames" in refusal(tmp_path / "x.wav")


def test_too_many_channels(tmp_path):
    soundfile.write(tmp_path / "x.wav", np.zeros((9, 9)), RATE)
    assert "9 channels" in refusal(tmp_path / "x.wav")


@pytest.mark.parametrize("rate", [7_999, 192_001])
def test_sample_rate(tmp_path, rate):
    soundfile.write(tmp_path / "x.wav", np.zeros((9, 2)), rate)
    assert f"{rate} Hz" in refusal(tmp_path / "x.wav")


def test_start_beyond_the_end(song):
    text = refusal(song, 2.0)
    assert "ends at 2.000 s" in text
    assert "earlier start" in text


@pytest.mark.parametrize("part", [(-1.0,), (float("nan"),), (0.0, 0.0), (0.0, -3.0)])
def test_impossible_part(song, part):
    assert "is not a" in refusal(song, *part)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_not_finite(tmp_path, value, subtype):
    samples = np.zeros((RATE, 1))
    samples[RATE // 2] = value
    soundfile.write(tmp_path / "x.wav", samples, RATE, subtype)
    assert "x.wav has a sample that is not a number at 0.500 s" in refusal(tmp_path / "x.wav")


@pytest.mark.parametrize(
    "container",
    [
        "WAV/PCM_16",
        "WAV/FLOAT",
        "WAVEX/PCM_24",
        "RF64/PCM_16",
        "W64/PCM_16",
        "AIFF/PCM_24",
        "AU/PCM_16",
        "FLAC/PCM_16",
        "OGG/VORBIS",
        "OGG/OPUS",
        "MP3/MPEG_LAYER_III",
        "WAV/IMA_ADPCM",
    ],
)
def test_cut_short(tmp_path, music, container):
    kind, subtype = container.split("/")
    soundfile.write(tmp_path / "x", np.tile(music.T, (3, 1)), 48_000, subtype, format=kind)
    data = (tmp_path / "x").read_bytes()
    with open_audio(written(tmp_path / "whole", data)) as reader:
        assert reader.read(1 << 20).shape[1] == reader.info.frames
    text = refusal(written(tmp_path / "cut", data[: len(data) // 2]))
    assert "cut breaks off at " in text
    second = float(text.split("breaks off at ")[1].split(" s")[0])
    assert 1.5 < second < 3.2


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_where_a_flac_file_breaks_off_is_found_before_it_is_read(tmp_path, music, share):
    soundfile.write(tmp_path / "x", np.tile(music.T, (3, 1)), RATE, "PCM_16", format="FLAC")
    data = (tmp_path / "x").read_bytes()
    cut = written(tmp_path / "cut", data[: round(share * len(data))])
    # The truth: decoded frame by frame up to the error.
    there = 0
    with soundfile.SoundFile(cut) as sound, suppress(soundfile.LibsndfileError):
        while read := len(sound.read(16)):
            there += read
    with pytest.raises(UserError, match="breaks off at") as caught:
        open_audio(cut)
    second = float(str(caught.value).split("breaks off at ")[1].split(" s")[0])
    assert second == pytest.approx(there / RATE, abs=0.1)


def test_cut_header(tmp_path, song, ffmpeg):
    assert "cut.wav" in refusal(written(tmp_path / "cut.wav", song.read_bytes()[:30]))


@pytest.mark.parametrize(("sample", "subtype"), [(3e38, "FLOAT"), (-1e300, "DOUBLE")])
def test_a_level_that_no_spectrum_holds_is_refused(tmp_path, sample, subtype):
    samples = np.full((RATE, 2), 0.25)
    samples[RATE // 2, 1] = sample
    soundfile.write(tmp_path / "x.wav", samples, RATE, subtype)
    with open_audio(tmp_path / "x.wav") as reader, pytest.raises(UserError, match=r"at 0\.500 s"):
        scan_finite(reader)


def test_a_level_of_1e30_is_read_as_it_is(tmp_path):
    samples = np.full((9, 2), 1e30)
    soundfile.write(tmp_path / "x.wav", samples, RATE, "DOUBLE")
    with open_audio(tmp_path / "x.wav") as reader:
        assert np.array_equal(reader.read(9), samples.T)
