from __future__ import annotations

import json
import shutil
import struct
import subprocess
import wave
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from stemdesk.daw import broadcast_wave, broadcast_wave_chunks
from stemdesk.daw.broadcast_wave import write_broadcast_waves
from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.errors import UserError
from tests.daw.songs import make_song

needs_ffprobe = pytest.mark.skipif(
    shutil.which("ffprobe") is None, reason="needs ffprobe, which is not here"
)
needs_sox = pytest.mark.skipif(shutil.which("soxi") is None, reason="needs sox, which is not here")


def chunks_of(path) -> list[tuple[bytes, bytes]]:
    """Name and content of every chunk, read as plainly as the format is."""
    data = path.read_bytes()
    assert data[:4] == b"RIFF"
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    place, found = 12, []
    while place < len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        found.append((data[place : place + 4], data[place + 8 : place + 8 + size]))
        place += 8 + size + size % 2
    assert place == len(data)
    return found


def written(song, tmp_path):
    write_broadcast_waves(song.session, tmp_path / "out")
    return {name: tmp_path / "out" / f"{name}.wav" for name in song.stems}


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_audio_is_copied_byte_for_byte(tmp_path, subtype, channels):
    song = make_song(tmp_path, file=("wav", subtype), channels=channels)
    files = written(song, tmp_path)
    for track in song.session.tracks:
        copy = dict(chunks_of(files[track.name]))
        source = dict(chunks_of(track.path))
        assert copy[b"data"] == source[b"data"]
        assert copy[b"fmt "] == source[b"fmt "]
        samples, rate = soundfile.read(files[track.name], always_2d=True)
        assert rate == 44_100
        assert np.array_equal(samples, song.stems[track.name])


@pytest.mark.parametrize(
    ("file", "subtype"), [(("flac", "PCM_24"), "PCM_24"), (("aiff", "PCM_16"), "PCM_16")]
)
def test_other_formats_are_decoded_exactly(tmp_path, file, subtype):
    song = make_song(tmp_path, file=file)
    files = written(song, tmp_path)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        path.name for path in files.values()
    )
    for name, path in files.items():
        assert soundfile.info(path).subtype == subtype
        assert np.array_equal(soundfile.read(path)[0], song.stems[name])


def test_wavinfo_reads_what_the_files_say(tmp_path):
    markers = (SessionMarker(0, "Solo"), SessionMarker(22_051, "Strophe ä"))
    song = make_song(
        tmp_path,
        origin_seconds=3600.5,
        markers=(SessionMarker(-1, "before"), *markers, SessionMarker(90_000, "after")),
        artist="Die <Anderen> & wir",
        tempo=(TempoChange(0.0, 121.5, 3, 4),),
    )
    path = written(song, tmp_path)["drums"]
    info = WavInfoReader(str(path), info_encoding="utf-8")
    assert info.bext.version == 2
    assert info.bext.description == "Hauser am See - drums"
    assert info.bext.originator == "StemDesk"
    assert len(info.bext.originator_ref) == 32
    assert info.bext.time_reference == round(3600.5 * 44_100)
    assert info.bext.coding_history == "A=PCM,F=44100,W=32,M=stereo,T=StemDesk\r\n"
    assert info.ixml.project == "Häuser am See"
    assert [(track.channel_index, track.name) for track in info.ixml.track_list] == [
        ("1", "drums.L"),
        ("2", "drums.R"),
    ]
    assert info.ixml.family_name == "Häuser am See"
    root = info.ixml.parsed
    assert root.findtext("NOTE") == "Die <Anderen> & wir; 121.5 bpm, 3/4"
    assert root.findtext("SPEED/FILE_SAMPLE_RATE") == "44100"
    assert root.findtext("SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO") == str(round(3600.5 * 44_100))
    assert root.findtext("FILE_SET/FILE_SET_INDEX") == "2"
    labels = {label.name: label.text for label in info.cues.labels}
    found = [(cue.position, labels[cue.name]) for cue in info.cues.cues]
    assert found == [(marker.frame, marker.name) for marker in markers]


@needs_ffprobe
def test_ffprobe_reads_the_time_reference(tmp_path):
    song = make_song(tmp_path, origin_seconds=100_000.0)  # more than 32 bits of samples
    path = written(song, tmp_path)["bass"]
    command = ["ffprobe", "-v", "warning", "-show_format", "-show_streams", "-of", "json", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["format"]["tags"]["time_reference"] == str(100_000 * 44_100)
    assert found["streams"][0]["duration_ts"] == 30_011


@needs_sox
def test_sox_reads_the_length(tmp_path):
    song = make_song(tmp_path, file=("wav", "PCM_24"), markers=(SessionMarker(5, "five"),))
    done = subprocess.run(
        ["soxi", "-s", written(song, tmp_path)["bass"]], capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("30011", "")


@pytest.mark.parametrize("bits", [16, 24])
def test_python_reads_the_samples(tmp_path, bits):
    song = make_song(tmp_path, file=("wav", f"PCM_{bits}"), channels=1)
    with wave.open(str(written(song, tmp_path)["other"])) as reader:
        assert (reader.getsampwidth(), reader.getframerate()) == (bits // 8, 44_100)
        data = reader.readframes(reader.getnframes())
    assert data == dict(chunks_of(song.session.tracks[-1].path))[b"data"]


def test_bext_stands_before_the_audio_and_an_odd_end_is_padded(tmp_path):
    song = make_song(tmp_path, file=("wav", "PCM_24"), channels=1, frames=101)
    song = replace(song, session=replace(song.session, markers=(SessionMarker(100, "end"),)))
    names = [name for name, _ in chunks_of(written(song, tmp_path)["vocals"])]
    assert names == [b"bext", b"iXML", b"fmt ", b"data", b"cue ", b"LIST"]


def test_what_a_file_said_before_is_replaced(tmp_path):
    song = make_song(tmp_path, markers=(SessionMarker(1, "old"),), origin_seconds=1.0)
    files = written(song, tmp_path)
    tracks = tuple(replace(track, path=files[track.name]) for track in song.session.tracks)
    again = replace(
        song.session, tracks=tracks, markers=(SessionMarker(2, "new"),), origin_seconds=2.0
    )
    write_broadcast_waves(again, tmp_path / "again")
    path = tmp_path / "again" / "vocals.wav"
    names = [name for name, _ in chunks_of(path)]
    assert len(names) == len(set(names))
    info = WavInfoReader(str(path), info_encoding="utf-8")
    assert info.bext.time_reference == 88_200
    assert [label.text for label in info.cues.labels] == ["new"]
    assert np.array_equal(soundfile.read(path)[0], song.stems["vocals"])


def test_the_songs_own_words_stay(tmp_path):
    song = make_song(tmp_path, names=("one",))
    with soundfile.SoundFile(song.session.tracks[0].path, "w", 44_100, 2, "PCM_24") as file:
        file.artist = "Somebody"
        file.write(song.stems["one"])
    with soundfile.SoundFile(written(song, tmp_path)["one"]) as file:
        assert file.artist == "Somebody"
        assert np.array_equal(file.read(), song.stems["one"])


def test_a_file_past_four_gigabytes_becomes_rf64(tmp_path, monkeypatch):
    monkeypatch.setattr(broadcast_wave_chunks, "MAX_RIFF_BYTES", 1000)
    song = make_song(tmp_path, origin_seconds=1.0, file=("wav", "PCM_24"))
    path = written(song, tmp_path)["vocals"]
    assert soundfile.info(path).format == "RF64"
    sizes = struct.unpack("<QQQ", path.read_bytes()[20:44])
    assert sizes == (path.stat().st_size - 8, 30_011 * 6, 30_011)
    assert np.array_equal(soundfile.read(path)[0], song.stems["vocals"])
    assert WavInfoReader(str(path)).bext.time_reference == 44_100
    if shutil.which("ffprobe"):
        command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", path]
        done = subprocess.run(command, capture_output=True, check=True)
        assert json.loads(done.stdout)["streams"][0]["duration_ts"] == 30_011


def test_an_rf64_file_is_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(broadcast_wave, "_decode", None)
    song = make_song(tmp_path, names=("one",))
    path = song.session.tracks[0].path
    soundfile.write(path, song.stems["one"], 44_100, subtype="FLOAT", format="RF64")
    copy = written(song, tmp_path)["one"]
    assert [name for name, _ in chunks_of(copy)][:3] == [b"bext", b"iXML", b"fmt "]
    assert np.array_equal(soundfile.read(copy)[0], song.stems["one"])


def test_a_file_that_states_no_length_is_decoded(tmp_path):
    """As programs leave it that write a WAV into a pipe."""
    song = make_song(tmp_path, names=("one",), file=("wav", "PCM_24"))
    path = song.session.tracks[0].path
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[4:8] = data[at : at + 4] = b"\xff" * 4
    path.write_bytes(data)
    copy = dict(chunks_of(written(song, tmp_path)["one"]))
    assert copy[b"data"] == bytes(data[at + 4 :])


def test_names_that_are_alike_or_no_names_make_files(tmp_path):
    song = make_song(tmp_path, names=("a/b", "A_b", "日本", "\ud800\0"), title="\udfff")
    write_broadcast_waves(song.session, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"a_b.wav", "A_b (2).wav", "日本.wav", "_.wav"}


def test_nothing_of_the_users_is_replaced(tmp_path):
    song = make_song(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        write_broadcast_waves(song.session, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"origin_seconds": -1.0}, "1 s before the timeline"),
        ({"tracks": ()}, "no tracks"),
        ({"frames": 5}, "30011 frames"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(tmp_path, wrong, words):
    song = make_song(tmp_path)
    before = set(tmp_path.iterdir())
    with pytest.raises(UserError, match=words):
        write_broadcast_waves(replace(song.session, **wrong), tmp_path / "out")
    assert set(tmp_path.iterdir()) == before
