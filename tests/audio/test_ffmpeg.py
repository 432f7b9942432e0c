from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stemdesk.audio import ffmpeg as decoding
from stemdesk.audio.reading import open_audio
from stemdesk.errors import Cancelled, UserError

RATE = 44_100


@pytest.fixture(autouse=True)
def _private_temp(tmp_path, monkeypatch):
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("x.m4a", "alac"), ("x.caf", "alac"), ("x.mka", "flac"), ("x.wv", "wavpack")],
)
@pytest.mark.parametrize("bits", [16, 24])
def test_lossless_codecs_are_exact(tmp_path, ffmpeg, name, codec, bits):
    values = np.random.default_rng(0).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (9000, 2))
    source = tmp_path / "s.wav"
    soundfile.write(source, (values << (32 - bits)).astype(np.int32), RATE, f"PCM_{bits}")
    depth = {16: "s16", 24: "s32"}[bits] + ("" if codec == "flac" else "p")
    ffmpeg("-i", source, "-c:a", codec, "-sample_fmt", depth, tmp_path / name)
    with open_audio(tmp_path / name) as reader:
        got = reader.read(20_000)
        assert not reader.info.lossy
        # ffmpeg's WavPack encoder stores 24-bit samples as 32-bit ones.
        wide = codec == "wavpack" and bits == 24
        assert reader.info.grid_bits == (31 if wide else bits - 1)
    assert np.array_equal(got.T * 2.0 ** (bits - 1), values)
    assert not list((tmp_path / "temp").iterdir())


@pytest.mark.parametrize("name", ["-x.m4a", "x.wma", "file:x.mp4", "%d|x.mkv", "x.avi"])
def test_lossy_containers_are_read_onto_the_grid(tmp_path, ffmpeg, song, monkeypatch, name):
    ffmpeg("-i", song, f"file:{tmp_path / name}")
    monkeypatch.chdir(tmp_path)
    with open_audio(Path(name), 0.5, 1.0) as reader:
        got = reader.read(1 << 20)
        assert reader.info.lossy
        assert (reader.info.grid_bits, reader.info.frames) == (23, RATE)
    assert got.shape == (2, RATE)
    assert np.array_equal(got * 2**23, np.rint(got * 2**23))
    assert not list((tmp_path / "temp").iterdir())


def test_video_gives_its_first_audio_stream_and_tags(tmp_path, ffmpeg, song):
    path = tmp_path / "v.mkv"
    ffmpeg(
        *(
            "-f",
            "lavfi",
            "-i",
            "color=s=32x32:d=2:r=5",
            "-i",
            song,
            "-f",
            "lavfi",
            "-i",
            "sine=d=2",
        ),
        *("-map", "0:v", "-map", "1:a", "-map", "2:a", "-c:a", "pcm_s16le", "-c:v", "mpeg4"),
        *("-metadata", "title=Film", "-metadata", "track=4", path),
    )
    with open_audio(path) as reader, open_audio(song) as original:
        assert np.array_equal(reader.read(1 << 20), original.read(1 << 20))
        assert (reader.info.subtype, reader.info.tags["title"]) == ("PCM_16", "Film")
        assert reader.info.tags["tracknumber"] == "4"


def test_video_without_audio(tmp_path, ffmpeg):
    ffmpeg("-f", "lavfi", "-i", "color=s=32x32:d=1:r=5", tmp_path / "v.mp4")
    with pytest.raises(UserError, match=r"v\.mp4 holds no audio"):
        open_audio(tmp_path / "v.mp4")


@pytest.mark.parametrize("options", [["-q:a", "4"], ["-b:a", "128k"]])
def test_mp3_without_a_length_header_is_read_to_its_end(tmp_path, ffmpeg, song, options):
    ffmpeg("-i", song, *options, "-write_xing", "0", tmp_path / "x.mp3")
    with open_audio(tmp_path / "x.mp3") as reader:
        assert reader.read(1 << 20).shape[1] == reader.info.frames
        assert 2.0 <= reader.info.seconds < 2.1


def test_flac_from_a_pipe_has_its_true_length(tmp_path, ffmpeg, song, music):
    whole = tmp_path / "x.flac"
    ffmpeg("-i", song, whole)
    data = bytearray(whole.read_bytes())
    data[21:26] = bytes([data[21] & 0xF0, 0, 0, 0, 0])  # STREAMINFO: total samples unknown
    whole.write_bytes(data)
    with open_audio(whole) as reader:
        assert np.array_equal(reader.read(1 << 20), music)


def test_cut_short(tmp_path, ffmpeg, song):
    ffmpeg("-i", song, "-c:a", "flac", tmp_path / "x.mka")
    data = (tmp_path / "x.mka").read_bytes()
    (tmp_path / "cut.mka").write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match=r"cut\.mka breaks off at [01]\.\d+ s, before"):
        open_audio(tmp_path / "cut.mka")
    assert not list((tmp_path / "temp").iterdir())


def test_wav_written_to_a_pipe_is_whole(tmp_path, song, music):
    data = bytearray(song.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    song.write_bytes(data)
    with open_audio(song) as reader:
        assert np.array_equal(reader.read(1 << 20), music)


def test_the_decoded_copy_goes_where_the_caller_wants_it(tmp_path, ffmpeg, song, music):
    ffmpeg("-i", song, "-c:a", "alac", tmp_path / "x.m4a")
    (tmp_path / "there").mkdir()
    with open_audio(tmp_path / "x.m4a", folder=tmp_path / "there") as reader:
        assert list((tmp_path / "there").rglob("decoded.wav"))
        assert not list((tmp_path / "temp").iterdir())
        assert np.array_equal(reader.read(1 << 20), music)
    assert not list((tmp_path / "there").iterdir())


@pytest.mark.parametrize("name", ["x.m4a", "x.mka", "x.wma"])
@pytest.mark.parametrize("chosen", [True, False])
def test_room_is_asked_for_before_the_work(tmp_path, ffmpeg, song, monkeypatch, name, chosen):
    ffmpeg("-i", song, tmp_path / name)
    asked = []

    def refuse(folder, needed_bytes):
        asked.append((folder, needed_bytes))
        raise UserError("no room", "choose another folder")

    monkeypatch.setattr(decoding, "require_space", refuse)
    folder = tmp_path if chosen else None
    remedy = "choose another folder" if chosen else "set TMPDIR"
    with pytest.raises(UserError, match=f"no room: .*{remedy}"):
        open_audio(tmp_path / name, folder=folder)
    ((place, needed_bytes),) = asked
    assert place == (folder or tmp_path / "temp")
    assert 2 * RATE * 8 <= needed_bytes < 2.2 * RATE * 8 + (1 << 17)


def test_a_check_ends_ffmpeg(tmp_path, ffmpeg, song, monkeypatch):
    """Ten hours of a second's song, which no test would wait for."""
    ffmpeg("-i", song, "-c:a", "alac", tmp_path / "x.m4a")
    children, real = [], subprocess.Popen

    def slow(command, **options):
        if "-i" in command:
            command = [command[0], "-nostdin", "-re", *command[2:-1], command[-1]]
            command[3:3] = ["-stream_loop", "-1"]
        children.append(real(command, **options))
        return children[-1]

    monkeypatch.setattr(decoding.subprocess, "Popen", slow)
    started = time.monotonic()

    def check():
        if len(children) == 2 and time.monotonic() - started > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        open_audio(tmp_path / "x.m4a", check=check)
    assert time.monotonic() - started < 10
    assert [child.poll() is not None for child in children] == [True, True]
    assert not list((tmp_path / "temp").iterdir())


@pytest.mark.parametrize("name", ["x.mp3", "x.flac"])
def test_what_states_no_length_needs_no_ffmpeg(tmp_path, ffmpeg, song, monkeypatch, name):
    path = tmp_path / name
    ffmpeg("-i", song, *(["-write_xing", "0"] if name == "x.mp3" else []), path)
    if name == "x.flac":
        data = bytearray(path.read_bytes())
        data[21:26] = bytes([data[21] & 0xF0, 0, 0, 0, 0])
        path.write_bytes(data)
    monkeypatch.setattr(decoding.shutil, "which", lambda _: None)
    with open_audio(path) as reader:
        assert reader.read(1 << 20).shape[1] == reader.info.frames
        assert 2.0 <= reader.info.seconds < 2.1


def test_what_only_ffmpeg_reads_is_told_so(tmp_path, monkeypatch):
    (tmp_path / "x.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(99))
    monkeypatch.setattr(decoding.shutil, "which", lambda _: None)
    with pytest.raises(UserError, match="in no format that can be read without ffmpeg: install"):
        open_audio(tmp_path / "x.m4a")
