from __future__ import annotations

import shutil
import struct
import subprocess

import numpy as np
import pytest

from stemdesk.app.bridge.slots import numbered_slot, slots_folder
from tests.plugins.bridge.rig import SLOT, expected, noise_track, publish, wait_for

LISTEN = ["set 0 -84", f"set {SLOT} 1", "play -100000 64 64"]
PAGE = 4096


def patched(data, place, form, *values):
    return data[:place] + struct.pack(form, *values) + data[place + struct.calcsize(form) :]


LIES = {
    "empty": lambda data: data[:0],
    "a byte": lambda data: data[:1],
    "header only": lambda data: data[:PAGE],
    "no last page": lambda data: data[:-1],
    "more than it says": lambda data: data + b"\0",
    "magic": lambda data: b"RIFF" + data[4:],
    "header size": lambda data: patched(data, 8, "<I", 64),
    "rate 0": lambda data: patched(data, 12, "<I", 0),
    "no channels": lambda data: patched(data, 16, "<I", 0),
    "many channels": lambda data: patched(data, 16, "<I", 0xFFFFFFFF),
    "no stems": lambda data: patched(data, 20, "<I", 0),
    "nine stems": lambda data: patched(data, 20, "<I", 9),
    "far origin": lambda data: patched(data, 24, "<q", -(1 << 63)),
    "no frames": lambda data: patched(data, 32, "<q", 0),
    "frames below zero": lambda data: patched(data, 32, "<q", -1),
    "frames without end": lambda data: patched(data, 32, "<q", (1 << 63) - 1),
    "a frame more": lambda data: patched(data, 32, "<q", 48_000 + 1024),
    "planes that wrap": lambda data: patched(data, 40, "<Q", (1 << 64) - PAGE),
    "other size": lambda data: patched(data, 48, "<Q", 1 << 62),
    "fingerprint": lambda data: patched(data, 56, "<I", 1),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_lies_is_refused(play, tmp_path, lie):
    track = noise_track(seconds=1)
    path = publish(track, tmp_path)
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(LIES[lie](data))
    assert path.read_bytes() != data
    out, _ = play(track, [*LISTEN, wait_for("damaged"), "play 0 48000 512"])
    assert np.array_equal(out[64:], track.mixture)


def test_a_damaged_file_does_not_take_good_stems_away(play, tmp_path):
    track = noise_track(seconds=1)
    path = publish(track, tmp_path)
    junk = tmp_path / "junk"
    junk.write_bytes(b"SDSTEMS1" + bytes(5000))
    script = [*LISTEN, wait_for("ready"), f"move {junk} {path.with_stem('stems-000000002')}"]
    out, _ = play(track, [*script, wait_for("damaged"), "play 0 48000 512"])
    assert np.array_equal(out[64:], expected(track, {"vocals": 0.0}, 0, 48_000))


def test_a_file_that_is_shortened_does_not_end_the_host(play, tmp_path):
    track = noise_track(seconds=1)
    path = publish(track, tmp_path)
    script = [*LISTEN, wait_for("ready"), "play 0 24000 512", f"cut {path} 5000"]
    out, _ = play(track, [*script, wait_for("damaged"), "play 24000 24000 512"])
    assert np.array_equal(out[64 + 24_000 :], track.mixture[24_000:])


def test_samples_that_are_no_numbers_count_as_silence(play, tmp_path):
    track = noise_track(seconds=1)
    path = publish(track, tmp_path)
    data = bytearray(path.read_bytes())
    planes = np.frombuffer(data, "<f4", offset=2 * PAGE)  # vocals, left, first
    assert np.array_equal(planes[:48_000], track.stems["vocals"][:, 0])
    planes[1000:1008] = np.float32([np.nan, -np.nan, np.inf, -np.inf, 1e30, -1e30, 257, -257])
    path.unlink()
    path.write_bytes(data)
    out, _ = play(track, [*LISTEN, wait_for("ready"), "play 0 48000 512"])
    wanted = expected(track, {"vocals": 0.0}, 0, 48_000)
    wanted[1000:1008, 0] = track.mixture[1000:1008, 0]
    assert np.array_equal(out[64:], wanted)


@pytest.mark.parametrize("name", [b"\xff\xfe", b"a\nb", b"\xed\xa0\x80", b"\xc0\x80", b"x" * 64])
def test_a_name_that_is_no_text_is_not_shown(play, tmp_path, name):
    track = noise_track(seconds=1)
    path = publish(track, tmp_path)
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:64] + name.ljust(64, b"\0") + data[128:])
    _, said = play(track, [*LISTEN, "names 1 20000", "tell"])
    assert "Stem 1 level = " in said
    assert "drums level = " in said


def test_names_of_other_scripts_are_shown(play, tmp_path):
    track = noise_track(seconds=1)
    track.stems["Gesäng 歌"] = track.stems.pop("vocals")
    publish(track, tmp_path)
    _, said = play(track, [*LISTEN, "names 1 20000", "tell"])
    assert "Gesäng 歌 level = " in said


def test_mutants_under_sanitizers(tmp_path, hammer):
    """Three hundred files with random damage, opened and read from end to end."""
    track = noise_track(seconds=0.3)
    data = publish(track, tmp_path).read_bytes()
    folder = tmp_path / "mutants"
    folder.mkdir()
    random = np.random.default_rng(5)
    for number in range(300):
        mutant = bytearray(data)
        for _ in range(int(random.integers(1, 6))):
            mutant[int(random.integers(0, 128))] = int(random.integers(0, 256))
        if random.random() < 0.3:
            mutant = mutant[: int(random.integers(0, len(mutant)))]
        (folder / f"{number}.sdstems").write_bytes(mutant)
    (folder / "good.sdstems").write_bytes(data)
    ran = subprocess.run(
        [hammer("address,undefined"), "files", folder], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    good = int(ran.stdout)
    assert 1 <= good < 300
    shutil.rmtree(numbered_slot(slots_folder(), 1))
