from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import time

import mutagen
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemdesk.audio.channel_mask import write_mask
from stemdesk.audio.info import AudioInfo
from stemdesk.audio.reading import open_audio
from stemdesk.audio.writing import FORMATS, AudioWriter, OutputSpec, WouldClip, choose_output
from stemdesk.errors import UserError

RATE = 44_100
QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
INTEGER = [("wav", "PCM_16"), ("wav", "PCM_24"), ("wav", "PCM_32"), ("flac", "PCM_16")]
INTEGER += [("flac", "PCM_24")]
LOSSY = [("ogg", "VORBIS"), ("mp3", "MPEG_LAYER_III")]
FLOATING = [("wav", "FLOAT"), ("wav", "DOUBLE")]
TAGS = {
    "title": "Tïtle \U0001f3b8",
    "artist": "日本",
    "album": "B",
    "date": "2020",
    "genre": "Rock",
    "tracknumber": "3",
    "comment": "C",
    "copyright": "D",
}


def write(path, spec, samples, tags=None, block_frames=777):
    with AudioWriter(path, spec, samples.shape[1], tags or {}) as writer:
        for first in range(0, samples.shape[1], block_frames):
            writer.write(samples[:, first : first + block_frames])


def read(path):
    with open_audio(path) as reader:
        return reader.read(1 << 22)


def info_of(subtype="PCM_16", grid_bits=15, rate=RATE, channels=2, *, frames=10, lossy=False):
    from pathlib import Path

    return AudioInfo(Path("song.x"), "X", subtype, rate, channels, frames, grid_bits, lossy)


@pytest.mark.parametrize("format_name", ["wav", "flac"])
def test_every_16_bit_value_round_trips(tmp_path, format_name):
    samples = np.arange(-(2**15), 2**15)[None] / 2**15
    write(tmp_path / "x", OutputSpec(format_name, "PCM_16", RATE, 1), samples, block_frames=30_000)
    assert np.array_equal(read(tmp_path / "x"), samples)


@QUICK
@given(
    kind=st.sampled_from(INTEGER),
    channels=st.integers(1, 8),
    frames=st.integers(1, 2000),
    seed=st.integers(0, 99),
)
def test_integer_values_round_trip(tmp_path, kind, channels, frames, seed):
    spec = OutputSpec(*kind, 48_000, channels)
    bits = spec.grid_bits
    values = np.random.default_rng(seed).integers(-(2**bits), 2**bits, (channels, frames))
    values[0, 0], values[-1, -1] = -(2**bits), 2**bits - 1
    nudged = (values + np.where(values < 2**bits - 1, 0.3, -0.3)) / 2.0**bits
    write(tmp_path / "x", spec, nudged)
    assert np.array_equal(read(tmp_path / "x") * 2.0**bits, values)


@pytest.mark.parametrize("kind", INTEGER)
def test_one_step_past_the_range_would_clip(tmp_path, kind):
    spec = OutputSpec(*kind, RATE, 2)
    steps = 2.0**spec.grid_bits
    for bad in (1.0, -1.0 - 1.0 / steps):
        block = np.zeros((2, 50))
        block[1, 20] = bad
        with AudioWriter(tmp_path / "x", spec, 70, {}) as writer:
            writer.write(np.full((2, 20), -1.0))
            with pytest.raises(WouldClip) as caught:
                writer.write(block)
            writer.write(np.full((2, 50), 1.0 - 1.0 / steps))
        assert caught.value.frame == 40
        assert caught.value.peak == abs(bad)


@pytest.mark.parametrize("kind", FLOATING)
def test_floating_point_round_trips_past_full_scale(tmp_path, kind):
    samples = np.random.default_rng(0).standard_normal((2, 5000)) * 4
    write(tmp_path / "x", OutputSpec(*kind, RATE, 2), samples)
    exact = samples if kind[1] == "DOUBLE" else samples.astype(np.float32)
    assert np.array_equal(read(tmp_path / "x"), exact)


@pytest.mark.parametrize("kind", LOSSY)
@pytest.mark.parametrize("channels", [1, 2])
def test_lossy_formats_keep_the_length_and_sound_alike(tmp_path, kind, channels):
    times = np.arange(RATE) / RATE
    samples = np.tile(0.5 * np.sin(2 * np.pi * 440 * times), (channels, 1))
    write(tmp_path / "x", OutputSpec(*kind, RATE, channels), samples)
    got = read(tmp_path / "x")
    assert got.shape == samples.shape
    assert np.abs(got - samples)[:, 2000:-2000].max() < 0.01


@pytest.mark.parametrize("kind", INTEGER[:1] + INTEGER[3:4] + FLOATING + LOSSY)
def test_the_same_audio_makes_the_same_bytes(tmp_path, music, kind, monkeypatch):
    spec = OutputSpec(*kind, RATE, 2)
    write(tmp_path / "a", spec, music[:, :20_000], TAGS)
    time.sleep(1.1)  # libsndfile stamps whole seconds
    write(tmp_path / "b", spec, music[:, :20_000], TAGS)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert read(tmp_path / "a").shape == (2, 20_000)


@pytest.mark.parametrize("kind", INTEGER[:1] + INTEGER[3:4] + FLOATING[:1] + LOSSY)
def test_tags_come_back(tmp_path, music, kind):
    path = tmp_path / f"x.{kind[0]}"
    write(path, OutputSpec(*kind, RATE, 2), music, {**TAGS, "unknown": "x", "license": ""})
    with open_audio(path) as reader:
        assert reader.info.tags == TAGS
    if kind[0] != "wav":  # mutagen reads no LIST/INFO chunk
        easy = mutagen.File(path, easy=True)
        assert easy["title"] == [TAGS["title"]]
        assert easy["tracknumber"] == ["3"]
    if shutil.which("ffprobe") is None:
        pytest.skip("needs the program ffprobe for the other half")
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", path]
    shown = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tags = {**shown["format"].get("tags", {}), **shown["streams"][0].get("tags", {})}
    seen = {name.lower(): text for name, text in tags.items()}
    expected = {**TAGS, "track": "3"}
    del expected["tracknumber"]
    assert {name: seen.get(name) for name in expected} == expected


def test_wav_past_4_gib_becomes_rf64(tmp_path):
    spec = OutputSpec("wav", "PCM_24", 96_000, 2)
    for frames, magic in ((700_000_000, b"RIFF"), (720_000_000, b"RF64")):
        with (
            pytest.raises(ValueError, match="announced"),
            AudioWriter(tmp_path / "x.wav", spec, frames, {}) as writer,
        ):
            writer.write(np.full((2, 10), 0.5))
        assert (tmp_path / "x.wav").read_bytes()[:4] == magic
        assert np.array_equal(read(tmp_path / "x.wav"), np.full((2, 10), 0.5))


def header(path):
    """Format tag, bytes of the chunk `fmt `, and channel mask if it has one."""
    data = path.read_bytes()
    place = data.index(b"fmt ")
    size_bytes, tag = struct.unpack_from("<IH", data, place + 4)
    mask = struct.unpack_from("<I", data, place + 28)[0] if size_bytes == 40 else None
    return tag, size_bytes, mask


@pytest.mark.parametrize(
    ("subtype", "channels", "stated", "wanted"),
    [
        ("PCM_16", 1, None, (1, 16, None)),
        ("PCM_24", 2, 0x3, (1, 16, None)),
        ("FLOAT", 1, None, (0xFFFE, 40, 0x4)),
        ("FLOAT", 2, None, (0xFFFE, 40, 0x3)),
        ("DOUBLE", 2, None, (0xFFFE, 40, 0x3)),
        ("PCM_16", 3, None, (0xFFFE, 40, 0x7)),
        ("PCM_24", 6, None, (0xFFFE, 40, 0x3F)),
        ("PCM_24", 6, 0x60F, (0xFFFE, 40, 0x60F)),
        ("PCM_24", 6, 0x3, (0xFFFE, 40, 0x3F)),  # of another number of channels
        ("PCM_16", 4, 0, (0xFFFE, 40, 0)),  # Ambisonics
        ("FLOAT", 8, None, (0xFFFE, 40, 0x63F)),
    ],
)
def test_channels_know_their_loudspeakers(tmp_path, subtype, channels, stated, wanted):
    path = tmp_path / "x.wav"
    spec = OutputSpec("wav", subtype, 48_000, channels, stated)
    samples = np.random.default_rng(0).integers(-9, 9, (channels, 400)) / 2**15
    write(path, spec, samples, TAGS)
    assert header(path) == wanted
    assert np.array_equal(read(path), samples)
    with open_audio(path) as reader:
        assert reader.info.channel_mask == wanted[2]
        assert reader.info.tags == TAGS
        assert choose_output(reader.info, "wav", "match").channel_mask == wanted[2]


def test_so_do_those_of_a_long_file(tmp_path):
    spec = OutputSpec("wav", "PCM_24", 96_000, 6, 0x60F)
    with (
        pytest.raises(ValueError, match="announced"),
        AudioWriter(tmp_path / "x.wav", spec, 300_000_000, {}) as writer,
    ):
        writer.write(np.full((6, 10), 0.5))
    write_mask(tmp_path / "x.wav", 0x60F)
    with open_audio(tmp_path / "x.wav") as reader:
        assert (reader.info.format, reader.info.channel_mask) == ("RF64", 0x60F)
        assert np.array_equal(reader.read(10), np.full((6, 10), 0.5))


def test_programming_errors_surface(tmp_path):
    spec = OutputSpec("wav", "PCM_16", RATE, 2)
    with AudioWriter(tmp_path / "x", spec, 4, {}) as writer:
        for bad in (np.zeros((1, 4)), np.zeros((2, 5)), np.full((2, 4), np.nan)):
            with pytest.raises(ValueError, match=r"channels|frames|finite"):
                writer.write(bad)
        writer.write(np.zeros((2, 4)))


@pytest.mark.parametrize("frames", [50, 300_000])
@pytest.mark.parametrize("kind", [*INTEGER[:1], ("wav", "FLOAT"), ("flac", "PCM_24"), *LOSSY])
def test_full_disk(music, kind, tmp_path, frames):
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("needs /dev/full")
    (tmp_path / "out").symlink_to("/dev/full")
    with pytest.raises(UserError, match=r"disk is full: out could not be written: free"):
        write(tmp_path / "out", OutputSpec(*kind, RATE, 2), np.tile(music, 4)[:, :frames])


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 64 KiB, for root only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs root to mount a small tmpfs")
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kind", [("wav", "PCM_16"), ("flac", "PCM_24"), *LOSSY])
def test_disk_that_fills_up(tiny_disk, music, kind):
    with pytest.raises(UserError, match="disk is full"):
        write(tiny_disk / "x", OutputSpec(*kind, RATE, 2), music)


def test_target_that_may_not_be_written(tmp_path, music):
    spec = OutputSpec("wav", "PCM_16", RATE, 2)
    with pytest.raises(UserError, match="could not be written"):
        write(tmp_path / "none" / "x.wav", spec, music)
    with pytest.raises(UserError, match="could not be written"):
        write(tmp_path, spec, music)


@pytest.mark.parametrize(
    ("source", "format_name", "subtype", "expected"),
    [
        (info_of("PCM_U8", 7), "wav", "match", "PCM_16"),
        (info_of("PCM_16", 15), "wav", "match", "PCM_16"),
        (info_of("PCM_24", 23), "wav", "match", "PCM_24"),
        (info_of("VORBIS", 23, lossy=True), "wav", "match", "PCM_24"),
        (info_of("PCM_32", 31), "wav", "match", "PCM_32"),
        (info_of("FLOAT", None), "wav", "match", "FLOAT"),
        (info_of("DOUBLE", None), "wav", "match", "DOUBLE"),
        (info_of("PCM_32", 31), "flac", "match", "PCM_24"),
        (info_of("FLOAT", None), "flac", "match", "PCM_24"),
        (info_of("PCM_16", 15), "flac", "match", "PCM_16"),
        (info_of("PCM_24", 23), "flac", "pcm16", "PCM_16"),
        (info_of("PCM_16", 15), "wav", "float", "FLOAT"),
        (info_of("PCM_16", 15), "ogg", "match", "VORBIS"),
        (info_of("FLOAT", None), "mp3", "match", "MPEG_LAYER_III"),
    ],
)
def test_choice_of_output(source, format_name, subtype, expected):
    assert choose_output(source, format_name, subtype).subtype == expected


@pytest.mark.parametrize(
    ("source", "format_name", "subtype", "message"),
    [
        (info_of(), "flac", "float", "cannot hold float"),
        (info_of(), "ogg", "pcm16", "compressed"),
        (info_of(), "mp3", "pcm24", "compressed"),
        (info_of(channels=3), "mp3", "match", "at most 2 channels"),
        (info_of(rate=96_000), "mp3", "match", "96000 Hz.*choose wav or flac"),
        (info_of(rate=96_001), "mp3", "match", "96001 Hz.*choose wav\\."),
        (info_of(rate=66_151), "flac", "match", "66151 Hz.*choose wav\\."),
        (info_of(rate=65_536), "flac", "pcm16", "65536 Hz.*choose wav\\."),
        (info_of(frames=1 << 36), "flac", "match", "hours of song.x: choose wav\\."),
        (info_of(), "aiff", "match", "choose one of wav, flac, ogg, mp3"),
        (info_of(), "wav", "pcm12", "choose one of match, pcm16, pcm24, float"),
    ],
)
def test_outputs_that_cannot_be(source, format_name, subtype, message):
    with pytest.raises(UserError, match=message):
        choose_output(source, format_name, subtype)


RATES = (8000, 8001, 11_025, 22_050, 32_000, 44_099, 44_100, 48_000, 65_535, 65_536, 66_150)
RATES += (66_151, 88_200, 96_000, 96_001, 176_400, 191_999, 192_000)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2, 3, 8])
def test_what_is_not_refused_beforehand_can_be_written(tmp_path, format_name, rate, channels):
    source = info_of(rate=rate, channels=channels)
    if not FORMATS[format_name].holds(source):
        with pytest.raises(UserError, match=r"choose wav( or flac)?\.$"):
            choose_output(source, format_name, "match")
        return
    spec = choose_output(source, format_name, "match")
    path = tmp_path / f"x{spec.extension}"
    write(path, spec, np.full((channels, 3000), 0.25), TAGS)
    info = soundfile.info(path)
    assert (info.frames, info.samplerate, info.channels) == (3000, rate, channels)


def test_the_formats_that_everybody_uses_are_not_refused():
    for rate in (44_100, 48_000):
        assert all(known.holds(info_of(rate=rate)) for known in FORMATS.values())
    assert all(FORMATS["wav"].holds(info_of(rate=rate, channels=8)) for rate in RATES)
