"""A tone of its own on every channel, through our reader and writer and through ffmpeg."""

from __future__ import annotations

import shutil
import subprocess

import mutagen
import numpy as np
import pytest
import soundfile

from stemdesk.audio.reading import open_audio
from stemdesk.audio.writing import AudioWriter, OutputSpec

RATE = 48_000
FRAMES = 24_000
TONES_HZ = (200, 400, 800, 60, 1600, 3200, 120, 2400)
LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
# The encoders for MP4 know fewer layouts.
AAC = {**LAYOUTS, 4: "4.0"}
ALAC = {**AAC, 7: "6.1(back)", 8: "7.1(wide)"}
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is missing")


def tones(channels):
    seconds = np.arange(FRAMES) / RATE
    return np.stack([0.3 * np.sin(2 * np.pi * hz * seconds) for hz in TONES_HZ[:channels]])


def heard(samples):
    """Which tone sounds on each channel of `[channels, frames]`."""
    middle = samples[:, FRAMES // 4 : FRAMES // 4 * 3]
    hz = np.argmax(np.abs(np.fft.rfft(middle)), axis=1) * RATE / middle.shape[1]
    return [int(np.argmin(np.abs(np.asarray(TONES_HZ) - tone))) for tone in hz]


def ffmpeg(*arguments):
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True)


def read(path):
    with open_audio(path) as reader:
        return reader.read(1 << 20), reader.info


@needs_ffmpeg
@pytest.mark.parametrize("channels", LAYOUTS)
@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("x.ogg", ["-c:a", "libvorbis"]),
        ("x.opus", ["-c:a", "libopus", "-mapping_family", "1"]),
        ("x.flac", ["-c:a", "flac"]),
        ("oggflac.oga", ["-c:a", "flac"]),
        ("x.wav", ["-c:a", "pcm_s16le"]),
        ("x.w64", ["-c:a", "pcm_s16le"]),
        ("x.aiff", ["-c:a", "pcm_s16be"]),
        ("x.caf", ["-c:a", "pcm_s16le"]),
        ("vorbis.mka", ["-c:a", "libvorbis"]),
        ("x.m4a", ["-c:a", "aac"]),
        ("alac.m4a", ["-c:a", "alac"]),
    ],
)
def test_what_ffmpeg_wrote_is_read_in_the_order_of_wave(tmp_path, channels, name, codec):
    source = tmp_path / "source.wav"
    soundfile.write(source, tones(channels).T, RATE, "PCM_16", format="WAV")
    layout = {"alac": ALAC, "aac": AAC}.get(codec[1], LAYOUTS)[channels]
    places = "|".join(map(str, range(channels)))
    named = ["-af", f"channelmap=map={places}:channel_layout={layout}"]
    if codec[1] == "libopus":
        named += ["-b:a", f"{64 * channels}k"]
    try:
        ffmpeg("-i", source, *named, *codec, tmp_path / name)
    except subprocess.CalledProcessError:
        pytest.skip("this ffmpeg cannot encode so many channels")
    again = tmp_path / "again.wav"
    ffmpeg("-i", tmp_path / name, "-c:a", "pcm_s16le", again)
    samples, info = read(tmp_path / name)
    assert info.channels == channels
    assert heard(samples) == heard(read(again)[0]) == list(range(channels))


@needs_ffmpeg
@pytest.mark.parametrize("channels", LAYOUTS)
@pytest.mark.parametrize(
    ("format_name", "subtype"), [("ogg", "VORBIS"), ("flac", "PCM_16"), ("wav", "PCM_16")]
)
def test_what_is_written_is_in_order_for_ffmpeg_and_for_us(
    tmp_path, channels, format_name, subtype
):
    path = tmp_path / f"x.{format_name}"
    spec = OutputSpec(format_name, subtype, RATE, channels)
    with AudioWriter(path, spec, FRAMES, {}) as writer:
        writer.write(tones(channels))
    ffmpeg("-i", path, "-c:a", "pcm_s16le", tmp_path / "again.wav")
    assert heard(read(tmp_path / "again.wav")[0]) == list(range(channels))
    assert heard(read(path)[0]) == list(range(channels))


@needs_ffmpeg
def test_opus_without_loudspeakers_keeps_its_order(tmp_path):
    soundfile.write(tmp_path / "x.wav", tones(6).T, RATE, "PCM_16", format="WAVEX")
    opus = ["-c:a", "libopus", "-mapping_family", "255", tmp_path / "x.opus"]
    ffmpeg("-i", tmp_path / "x.wav", *opus)
    assert heard(read(tmp_path / "x.opus")[0]) == list(range(6))


def test_a_jump_back_in_a_vorbis_file_keeps_the_order(tmp_path):
    path = tmp_path / "x.ogg"
    with AudioWriter(path, OutputSpec("ogg", "VORBIS", RATE, 6), FRAMES, {}) as writer:
        writer.write(tones(6))
    with open_audio(path) as reader:
        whole = reader.read(FRAMES)
        reader.seek(1000)
        assert np.array_equal(reader.read(5000), whole[:, 1000:6000])


@needs_ffmpeg
@pytest.mark.parametrize(
    ("channels", "mask", "layout"),
    [(3, 0xB, "2.1"), (6, 0x60F, "5.1(side)"), (8, 0xFF, "7.1(wide)"), (6, 0x3F, "5.1")],
)
def test_flac_states_an_unusual_layout(tmp_path, channels, mask, layout):
    path = tmp_path / "x.flac"
    tags = {"title": "T"}
    with AudioWriter(path, OutputSpec("flac", "PCM_16", RATE, channels, mask), FRAMES, tags) as out:
        out.write(tones(channels))
    samples, info = read(path)
    assert heard(samples) == list(range(channels))
    assert info.channel_mask == (None if layout == "5.1" else mask)
    assert info.tags == tags
    command = ["ffprobe", "-v", "error", "-show_entries", "stream=channel_layout", "-of", "csv=p=0"]
    probe = subprocess.run([*command, path], capture_output=True, text=True, check=True)
    assert probe.stdout.strip().startswith(layout[:3])


@pytest.mark.parametrize("text", ["", "zz", "-0x5", "0x1FFFFFFFFF"])
def test_a_mask_that_is_none_is_ignored(tmp_path, text):
    path = tmp_path / "x.flac"
    soundfile.write(path, tones(3).T, RATE)
    file = mutagen.File(path)
    file["WAVEFORMATEXTENSIBLE_CHANNEL_MASK"] = text
    file.save()
    assert read(path)[1].channel_mask is None
