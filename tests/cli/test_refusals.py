"""Everything that can be wrong with what the user gives: one line, the remedy, nothing left."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stemdesk.app import room
from tests.app.tiny import RATE, music, save_song


def left_behind(folder):
    """What is there after a failure, but for the folder that a later run goes on from."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".stemdesk-")
    ]


def not_a_number(path):
    samples = np.zeros((RATE * 2, 2), np.float32)
    samples[RATE + RATE // 2, 1] = np.nan
    soundfile.write(path, samples, RATE, "FLOAT")


def infinite(path):
    samples = np.zeros((RATE, 2), np.float32)
    samples[RATE // 4, 0] = -np.inf
    soundfile.write(path, samples, RATE, "FLOAT")


def cut(path, source):
    data = source.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])


def cut_wav(path):
    cut(path, save_song(path.with_name("whole.wav"), music(RATE)))


def cut_flac(path):
    cut(path, save_song(path.with_name("whole.flac"), music(RATE)))


def cut_mp3(path):
    whole = path.with_name("whole.mp3")
    cut(path, save_song(whole, music(RATE), subtype="MPEG_LAYER_III"))


def nine_channels(path):
    save_song(path, music(2000, channels=9))


def too_fast(path):
    save_song(path, music(2000), rate=384_000)


BAD = {
    "nan.wav": (not_a_number, ["not a number", "1.500 s", "export it again"]),
    "inf.wav": (infinite, ["not a number", "0.250 s", "export it again"]),
    "cut.wav": (cut_wav, ["breaks off at 0.6", "export or copy it again"]),
    "cut.flac": (cut_flac, ["breaks off at", "export or copy it again"]),
    "cut.mp3": (cut_mp3, ["breaks off at", "export or copy it again"]),
    "text.wav": (lambda path: path.write_text("not audio\n" * 99), ["text.wav"]),
    "empty.wav": (lambda path: path.write_bytes(b""), ["is empty", "export or copy it again"]),
    "absent.wav": (lambda _: None, ["does not exist", "check the name"]),
    "nine.wav": (nine_channels, ["9 channels", "split it"]),
    "fast.wav": (too_fast, ["384000 Hz", "convert it"]),
    "folder.wav": (Path.mkdir, ["holds no audio files", "name another folder"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_song_is_refused(separate, tmp_path, out, name):
    make, fragments = BAD[name]
    path = tmp_path / name
    make(path)
    separate(path).refused(str(path), *fragments)
    assert left_behind(out) == []
    if name in ("nan.wav", "inf.wav"):
        # Found before the work, so that there is nothing to go on from.
        assert list(out.glob(".stemdesk-*")) == []


@pytest.mark.parametrize("name", [name for name in BAD if name != "folder.wav"])
def test_the_others_of_a_batch_go_on(separate, tmp_path, song, out, name):
    path = tmp_path / name
    BAD[name][0](path)
    ran = separate(path, song)
    ran.refused(str(path))
    assert "song.wav: the stems null, 0 samples differ" in ran.out
    assert [part.parent.name for part in left_behind(out)] == ["song"] * 4


def test_the_content_counts_not_the_name(separate, tmp_path):
    flac = save_song(tmp_path / "s.flac", music(9000))
    flac.rename(tmp_path / "s.wav")
    ran = separate(tmp_path / "s.wav")
    assert (ran.status, ran.err) == (0, "")


def test_m4a_without_and_with_ffmpeg(separate, tmp_path, song, monkeypatch):
    fake = tmp_path / "fake.m4a"
    fake.write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0" + bytes(1000))
    with monkeypatch.context() as emptied:
        emptied.setenv("PATH", str(tmp_path))
        separate(fake).refused("fake.m4a", "ffmpeg", "install")
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs the program ffmpeg")
    separate(fake).refused("fake.m4a")
    m4a = tmp_path / "-s.m4a"
    command = ["ffmpeg", "-v", "error", "-i", str(song), "-c:a", "aac", str(m4a)]
    subprocess.run(command, check=True)
    monkeypatch.chdir(tmp_path)
    ran = separate("--", m4a.name)
    assert (ran.status, ran.err) == (0, "")
    assert "the stems null, 0 samples differ" in ran.out


@pytest.mark.parametrize(
    ("arguments", "fragments"),
    [
        (["--stems", "vocals,flute"], ["'flute'", "vocals, drums, bass, other, rest"]),
        (["--stems", "vocls"], ["no stem 'vocls'", "perhaps vocals is meant"]),
        (["--stems", "vocals,vocals"], ["named twice", "once"]),
        (["--stems", "drums,instrumental"], ["overlap", "rest"]),
        (["--stems", "rest"], ["whole song", "vocals, drums"]),
        (["--stems", "vocals,drums,bass,other,rest"], ["Nothing is left", "fewer"]),
        (["--stems", "vocals", "--karaoke"], ["exclude each other", "choose one"]),
        (["--name", "{file}"], ["one file", "{stem}"]),
        (["--name", "{year}/{stem}"], ["{year}", "{title}"]),
        (["--name", "{stem"], ["brace", "{title}"]),
        (["--name", "../{stem}"], ["leads out of the folder"]),
        (["--name", "/{stem}"], ["leads out of the folder"]),
        (["--name", ""], ["empty part"]),
        (["--start", "99"], ["before the start 99 s", "earlier start"]),
        (["--duration", "0"], ["not a length", "more than 0"]),
        (["--format", "flac", "--subtype", "float"], ["flac cannot hold float", "pcm24"]),
        (["--format", "mp3", "--subtype", "pcm16"], ["no pcm16 samples", "match"]),
        (["--post", "sharpen=x"], ["sharpen", "number from"]),
        (["--post", "blur=1"], ["blur", "sharpen=NUMBER"]),
        (["--device", "cuda"], ["cuda", "--device cpu"]),
        (["--model", "no/such"], ["There is no model", "no/such"]),
    ],
)
def test_bad_options(separate, song, out, arguments, fragments):
    if arguments == ["--device", "cuda"]:
        torch = pytest.importorskip("torch")
        if torch.cuda.is_available():
            pytest.skip("needs a machine without a CUDA device")
    typed_wrongly = arguments[0] in ("--stems", "--name")
    separate(song, *arguments).refused(*fragments, status=2 if typed_wrongly else 1)
    assert left_behind(out) == []


def test_an_option_no_song_could_take_is_refused_once(separate, song, tmp_path):
    other = save_song(tmp_path / "other.wav", music(9000))
    separate(song, other, "--stems", "flute").refused("flute", status=2)
    separate(song, other, "--name", "{x}").refused("{x}", status=2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["separate"],
        ["separate", "--start", "soon", "a.wav"],
        ["separate", "--start", "-3", "a.wav"],
        ["separate", "--start", "1:nan", "a.wav"],
        ["separate", "--threads", "0", "a.wav"],
        ["separate", "--format", "aiff", "a.wav"],
        ["separate", "--overwrite", "maybe", "a.wav"],
        ["sepa"],
        ["null", "a.wav"],
        ["completion", "dos"],
        ["train", "recipe.toml"],
    ],
)
def test_bad_command_lines(stemdesk, arguments):
    line = stemdesk(*arguments).refused("--help", status=2)
    assert "_seconds" not in line
    assert "_count" not in line


def test_a_file_where_the_folder_should_be(separate, song, tmp_path):
    (tmp_path / "file").write_text("x")
    separate(song, "--output", tmp_path / "file" / "below").refused("choose")
    separate(song, "--output", tmp_path / "file").refused("a file has that name", "choose")
    separate(song, "--manifest", tmp_path / "file" / "m.json").refused("choose")
    separate(song, "--manifest", tmp_path).refused("is a folder", "name a file")


def test_the_songs_folder_is_not_the_output(separate, song):
    separate(song.parent, "--output", song.parent).refused("among the songs", "--output")


def mounted(folder, *options):
    """Mounts a small disk there, or skips by name."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    if os.name != "posix" or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs root to mount a small disk")
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs a system that lets root mount a small disk")
    return folder


@pytest.fixture
def disk(tmp_path):
    """Mounts small disks and unmounts them at the end."""
    folder = tmp_path / "disk"
    yield lambda *options: mounted(folder, *options)
    subprocess.run(["umount", str(folder)], check=False, capture_output=True)


def test_a_disk_that_may_not_be_written_to(separate, song, disk):
    folder = disk("-o", "ro")
    separate(song, "--output", folder / "out").refused(
        "cannot be written to", "choose a folder you may write to"
    )


def test_a_disk_that_is_too_small_is_refused_before_the_work(separate, song, disk):
    folder = disk("-o", "size=1m")
    separate(song, "--output", folder).refused("MB needed", "free some space")
    assert left_behind(folder) == []


@pytest.mark.parametrize(("kilobytes", "kept"), [(200, False), (1500, True), (2000, True)])
def test_a_disk_that_fills_up(separate, song, disk, monkeypatch, kilobytes, kept):
    """200 kB hold no chunk, 1500 kB the first one, and 2000 kB all but the stems."""
    folder = disk("-o", f"size={kilobytes}k")
    monkeypatch.setattr(room, "require_space", lambda *_: None)
    line = separate(song, "--output", folder).refused("disk is full", "free some space")
    assert left_behind(folder) == []
    assert ("the same command goes on" in line) == kept
    subprocess.run(["mount", "-o", "remount,size=9m", str(folder)], check=True)
    again = separate(song, "--output", folder, "--json").events[-1]
    assert (again["resumed_seconds"] > 0) == kept
    assert [path.suffix for path in folder.rglob("*.partial") if path.is_file()] == []


def test_nothing_is_renamed_when_the_last_stem_fails(separate, song, out, monkeypatch):
    """All four files are whole before the first gets its name."""
    from stemdesk.app import render
    from stemdesk.errors import UserError

    class Failing(render.AudioWriter):
        def write(self, block):
            if "other" in self._path.name:
                raise UserError("The disk is gone", "bring it back")
            super().write(block)

    monkeypatch.setattr(render, "AudioWriter", Failing)
    separate(song).refused("The disk is gone: bring it back.")
    assert left_behind(out) == []


LONG = "n" * 300


def test_a_name_longer_than_a_file_system_takes(separate, song, stemdesk, out, tmp_path):
    ran = separate(f"{LONG}.wav", song)
    ran.refused("nnn", "name")
    assert "song.wav: the stems null" in ran.out
    separate(song, "--model", LONG).refused("There is no model")
    stemdesk("models", LONG).refused("There is no model")
    separate(song, "--output", tmp_path / LONG / "deep").refused("nnn", "name")
    separate(song, "--output", tmp_path.joinpath(*["d" * 200] * 30)).refused("ddd")
    separate(song, "--manifest", tmp_path / LONG).refused("nnn", "name")


def test_a_song_in_a_folder_that_may_not_be_entered(separate, song, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    real_stat = os.stat

    def stat(path, *rest, **settings):
        if str(path).startswith(str(closed)):
            raise PermissionError(13, "Permission denied", str(path))
        return real_stat(path, *rest, **settings)

    monkeypatch.setattr(os, "stat", stat)
    ran = separate(closed / "s.wav", song)
    ran.refused("closed", "permission")
    assert "song.wav: the stems null" in ran.out


def test_whatever_else_the_system_refuses_is_one_sentence(separate, song, monkeypatch):
    from stemdesk.cli import separate as command

    def broken(*_):
        raise OSError(5, "Input/output error", "/mnt/songs")

    monkeypatch.setattr(command, "find_songs", broken)
    separate(song).refused("/mnt/songs", "Input/output error", "check")
    ran = separate(song, "--json")
    ran.refused("Input/output error")
    assert ran.events == [{"event": "error", "error": ran.err.partition(": ")[2].strip()}]


def test_a_system_error_in_one_song_leaves_the_others(separate, song, tmp_path, monkeypatch):
    from stemdesk.app import separate as use_case

    real = use_case.scan_finite
    floats = save_song(tmp_path / "f.wav", music(9000), subtype="FLOAT")

    def broken(reader, *_):
        raise OSError(5, "Input/output error", str(reader.info.path))

    monkeypatch.setattr(use_case, "scan_finite", broken)
    assert real is not broken
    ran = separate(floats, song)
    ran.refused("f.wav", "Input/output error")
    assert "song.wav: the stems null" in ran.out


def test_fatal_errors_are_json_too(separate, song):
    ran = separate(song, "--json", "--stems", "flute")
    line = ran.refused("flute", status=2)
    assert ran.events[-1] == {"event": "error", "error": line.removeprefix("stemdesk: ")}


@pytest.mark.parametrize(("rate", "format_name"), [(66_151, "flac"), (66_150, "mp3")])
def test_a_rate_that_the_format_lacks_is_refused_before_work(
    separate, tmp_path, out, monkeypatch, rate, format_name
):
    from stemdesk.app import batch

    path = tmp_path / "odd.wav"
    save_song(path, music(4000), rate)
    monkeypatch.setattr(batch, "carry_out", None)
    ran = separate(path, "--format", format_name)
    ran.refused(f"{rate} Hz", "choose wav")
    assert not list(out.rglob("*.*"))
