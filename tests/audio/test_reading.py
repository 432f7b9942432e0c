from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemdesk.audio.reading import open_audio, scan_finite
from stemdesk.errors import UserError

RATE = 44_100
BITS = {"PCM_U8": 7, "PCM_S8": 7, "PCM_16": 15, "PCM_24": 23, "PCM_32": 31}
QUICK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_all(path, *part, block_frames=1000):
    with open_audio(path, *part) as reader:
        blocks = []
        while (block := reader.read(block_frames)).shape[1]:
            blocks.append(block)
        return np.concatenate(blocks, axis=1), reader.info


def integers(bits, channels, frames, seed=0):
    values = np.random.default_rng(seed).integers(-(2**bits), 2**bits, (channels, frames))
    values[0, 0], values[-1, -1] = -(2**bits), 2**bits - 1
    return values


@QUICK
@given(
    container=st.sampled_from(
        [
            "WAV/PCM_U8",
            "WAV/PCM_16",
            "WAV/PCM_24",
            "WAV/PCM_32",
            "WAVEX/PCM_24",
            "RF64/PCM_16",
            "W64/PCM_24",
            "FLAC/PCM_S8",
            "FLAC/PCM_16",
            "FLAC/PCM_24",
            "AIFF/PCM_16",
            "AIFF/PCM_24",
            "CAF/PCM_32",
            "CAF/ALAC_16",
            "AU/PCM_16",
        ]
    ),
    channels=st.integers(1, 8),
    frames=st.integers(2, 3000),
    rate=st.sampled_from([8000, 44100, 96000, 192000]),
    block_frames=st.integers(1, 4000),
)
def test_integer_files_read_exactly(tmp_path, container, channels, frames, rate, block_frames):
    kind, subtype = container.split("/")
    bits = BITS[subtype.replace("ALAC", "PCM")]
    values = integers(bits, channels, frames)
    path = tmp_path / "x.bin"
    soundfile.write(path, (values << (31 - bits)).astype(np.int32).T, rate, subtype, format=kind)
    got, info = read_all(path, block_frames=block_frames)
    assert np.array_equal(got * 2.0**bits, values)
    assert (info.frames, info.channels, info.sample_rate) == (frames, channels, rate)
    assert (info.grid_bits, info.lossy) == (bits, False)


@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_float_files_read_exactly_and_have_no_grid(tmp_path, subtype):
    samples = np.random.default_rng(0).standard_normal((2, 500)) * 3
    if subtype == "FLOAT":
        samples = samples.astype(np.float32).astype(np.float64)
    soundfile.write(tmp_path / "x.wav", samples.T, RATE, subtype)
    got, info = read_all(tmp_path / "x.wav")
    assert np.array_equal(got, samples)
    assert (info.format, info.subtype, info.grid_bits) == ("WAV", subtype, None)


@pytest.mark.parametrize(
    "container",
    ["OGG/VORBIS", "OGG/OPUS", "MP3/MPEG_LAYER_III", "WAV/IMA_ADPCM", "WAV/ULAW", "WAV/MS_ADPCM"],
)
def test_lossy_files_lie_on_the_grid_whatever_the_order_of_reading(tmp_path, music, container):
    kind, subtype = container.split("/")
    path = tmp_path / "x"
    soundfile.write(path, music.T, 48_000, subtype, format=kind)
    got, info = read_all(path)
    assert (info.grid_bits, info.lossy, info.frames) == (23, True, got.shape[1])
    assert np.array_equal(got * 2**23, np.rint(got * 2**23))
    with open_audio(path) as reader:
        for frame in (60_001, 0, 33_333):
            reader.seek(frame)
            assert np.array_equal(reader.read(5000), got[:, frame : frame + 5000])


@QUICK
@given(
    start=st.integers(0, 1999),
    length=st.one_of(st.none(), st.integers(1, 4000)),
)
def test_start_and_duration_cut_to_the_frame(tmp_path, start, length):
    samples = np.arange(2000) / 2**15
    path = tmp_path / "x.wav"
    soundfile.write(path, samples, 8000, "PCM_16")
    seconds = None if length is None else length / 8000
    got, info = read_all(path, start / 8000, seconds)
    expected = samples[start : None if length is None else start + length]
    assert np.array_equal(got[0], expected)
    assert info.frames == len(expected)


@pytest.mark.parametrize("name", ["x.raw", "x.vox", "x.wav", "x.mp3", "x", "x.txt", "x.sd2"])
def test_content_decides_not_the_name(tmp_path, music, name):
    soundfile.write(tmp_path / name, music.T, RATE, "PCM_16", format="FLAC")
    got, info = read_all(tmp_path / name, block_frames=1 << 20)
    assert info.format == "FLAC"
    assert np.array_equal(got, music)


@pytest.mark.parametrize(
    "name",
    ["cafe\u0301 \U0001f3b8.wav", "-y.wav", "x" * 240 + ".wav", "a b'c\"|&.wav", "日本語.wav"],
)
def test_unusual_names_read(tmp_path, monkeypatch, music, song, name):
    (tmp_path / name).write_bytes(song.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert np.array_equal(read_all(Path(name), block_frames=1 << 20)[0], music)


def test_tags_are_read(tmp_path):
    with soundfile.SoundFile(tmp_path / "x.wav", "w", RATE, 1, "PCM_16") as sound:
        sound.title, sound.artist, sound.tracknumber = "Tïtle", "Me", "3"
        sound.write(np.zeros(10))
    with open_audio(tmp_path / "x.wav") as reader:
        assert reader.info.tags == {"title": "Tïtle", "artist": "Me", "tracknumber": "3"}


def test_scan_finds_the_second_and_a_clean_scan_rewinds(tmp_path):
    samples = np.zeros((3 * RATE, 2), np.float32)
    soundfile.write(tmp_path / "clean.wav", samples, RATE, "FLOAT")
    with open_audio(tmp_path / "clean.wav") as reader:
        fractions = []
        scan_finite(reader, lambda fraction, _stage: fractions.append(fraction))
        assert fractions[-1] == 1.0
        assert reader.read(1 << 20).shape == (2, 3 * RATE)
    samples[round(2.345 * RATE), 1] = np.nan
    soundfile.write(tmp_path / "bad.wav", samples, RATE, "FLOAT")
    with open_audio(tmp_path / "bad.wav", 1.0) as reader, pytest.raises(UserError) as caught:
        scan_finite(reader)
    assert "bad.wav" in str(caught.value)
    assert "at 2.345 s" in str(caught.value)


def test_handles_are_closed_also_when_refused(tmp_path, song):
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        pytest.skip("needs /proc/self/fd")
    before = len(list(handles.iterdir()))
    open_audio(song).close()
    with pytest.raises(UserError, match="earlier start"):
        open_audio(song, 99.0)
    assert len(list(handles.iterdir())) == before
