from __future__ import annotations

import stat
import time

import numpy as np
import pytest

from stemdesk.app.bridge.capture_file import read_capture
from stemdesk.app.bridge.slots import files_in, numbered_slot, slots, slots_folder
from tests.plugins.bridge.rig import CAPTURE, SLOT, at, noise_track, publish, wait_for

ARM = [f"set {CAPTURE} 1"]
STOP = ["live 0 64 64"]
LONG = [
    line for piece in range(10) for line in (f"play {piece * 9600} 9600 480", "sleep 100")
]  # time enough for the writer to look up


def captures(slot=None):
    folders = [numbered_slot(slots_folder(), slot)] if slot else slots(slots_folder())
    paths = [path for folder in folders for path in files_in(folder, ".sdcapture")]
    return [read_capture(path) for path in paths]


def samples(capture):
    return np.concatenate(list(capture.blocks()), axis=1).T


@pytest.mark.parametrize("frame", [0, 31_337])
def test_what_played_is_captured_with_its_place(play, frame):
    track = noise_track()
    script = [*ARM, f"play {frame} 100000 512", wait_for("capturing"), *STOP, wait_for("waiting")]
    out, _ = play(track, script)
    (capture,) = captures()
    assert np.array_equal(out[:100_000], at(track.mixture, frame, 100_000))
    assert (capture.origin_frame, capture.sample_rate, capture.channels) == (frame, 48_000, 2)
    assert np.array_equal(samples(capture), at(track.mixture, frame, 100_000))


def test_mono_is_captured_as_mono(play_mono):
    track = noise_track(channels=1)
    play_mono(track, [*ARM, "play 0 100000 512", *STOP, wait_for("waiting")])
    (capture,) = captures()
    assert np.array_equal(samples(capture), track.mixture[:100_000])


def test_a_slot_of_its_own_or_the_one_that_is_chosen(play):
    track = noise_track()
    play(track, [f"set {SLOT} 3", *ARM, "play 0 60000 512", *STOP, wait_for("waiting")])
    assert len(captures(slot=3)) == 1
    play(track, [*ARM, "play 0 60000 512", *STOP, wait_for("waiting")])
    play(track, [*ARM, "play 0 60000 512", *STOP, wait_for("waiting")])
    assert len(captures()) == 3  # two tracks do not share


def test_the_switch_ends_a_capture(play):
    track = noise_track()
    script = [*ARM, "play 0 60000 512", f"set {CAPTURE} 0", "play 60000 60000 512"]
    play(track, [*script, wait_for("waiting")])
    (capture,) = captures()
    assert capture.frames == 60_000


def test_a_seek_ends_a_capture_and_is_shown(play):
    track = noise_track()
    script = [*ARM, "play 0 60000 512", "play 100000 20000 512", wait_for("stopped")]
    play(track, [*script, "play 120000 20000 512", *STOP])
    (capture,) = captures()
    assert capture.frames == 60_000
    assert np.array_equal(samples(capture), track.mixture[:60_000])


def test_a_loop_is_captured_once(play):
    track = noise_track()
    play(track, [*ARM, *(["play 5000 60000 500"] * 3), wait_for("stopped"), *STOP])
    (capture,) = captures()
    assert (capture.origin_frame, capture.frames) == (5000, 60_000)


def test_a_slip_of_the_transport_is_no_capture(play):
    track = noise_track()
    script = [*ARM, "play 0 4000 512", *STOP, "sleep 500", wait_for("armed")]
    # On a busy machine the writer may be back before the second passage ends: so that ends too.
    script += ["play 90000 30000 512", "play 0 20000 512", *STOP, "sleep 500", wait_for("armed")]
    play(track, [*script, "play 10000 60000 512", *STOP, wait_for("waiting")])
    (capture,) = captures()
    assert (capture.origin_frame, capture.frames) == (10_000, 60_000)


def test_one_press_is_one_capture(play):
    track = noise_track()
    script = [*ARM, "play 0 60000 512", *STOP, wait_for("waiting"), "play 0 60000 512", *STOP]
    play(track, [*script, "sleep 200"])
    assert len(captures()) == 1
    again = [f"set {CAPTURE} 0", *STOP, f"set {CAPTURE} 1", "play 7 60000 512", *STOP]
    play(track, [*script, *again, "sleep 300"])
    assert sorted(capture.origin_frame for capture in captures()) == [0, 0, 7]


def test_a_session_that_was_saved_armed_keeps_its_stems(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    state = tmp_path / "state"
    play(track, [f"set {SLOT} 1", *ARM, "live 0 64 64", f"save {state}"])
    play(track, [f"load {state}", "play 0 60000 512", *STOP, "sleep 200"])
    assert captures() == []


def test_a_host_that_ends_loses_nothing(play):
    track = noise_track()
    play(track, [*ARM, "play 0 100000 512"])
    (capture,) = captures()
    assert np.array_equal(samples(capture), track.mixture[:100_000])


def test_a_bounce_a_hundred_times_as_fast_is_captured_whole(play):
    track = noise_track(seconds=4)
    pieces = 30
    frames = pieces * 100_000  # 62 s: three times the ring
    blocks = [f"play {piece * 100_000} 100000 512" for piece in range(pieces)]
    script = [line for block in blocks for line in (block, "sleep 50")]
    play(track, [*ARM, *script, *STOP, wait_for("waiting")])
    (capture,) = captures()
    assert np.array_equal(samples(capture), at(track.mixture, 0, frames))


def test_a_slow_disk_overflows_and_what_came_before_is_kept(play):
    track = noise_track(seconds=4)
    script = [*ARM, "play 0 60000 512", "sleep 300", "play 60000 3000000 4096"]
    out, _ = play(track, [*script, wait_for("overflow")], SLOW_DISK_MS="2500")
    (capture,) = captures()
    assert 60_000 <= capture.frames < 3_060_000
    assert np.array_equal(samples(capture), at(track.mixture, 0, capture.frames))
    assert np.array_equal(out, at(track.mixture, 0, 3_060_000))  # the track plays on


def test_a_folder_that_cannot_be_written_is_shown(play):
    slots_folder().parent.mkdir(parents=True)
    slots_folder().write_text("a file has the folder's name")
    track = noise_track()
    play(track, [*ARM, *LONG, wait_for("disk")])


def test_a_slot_that_may_not_be_written_is_shown(play):
    full = numbered_slot(slots_folder(), 1)
    full.mkdir(parents=True)
    full.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if _can_write(full):
        pytest.skip("this user may write everywhere")
    play(noise_track(), [f"set {SLOT} 1", *ARM, *LONG, wait_for("disk")])


def _can_write(folder):
    try:
        (folder / "probe").touch()
    except OSError:
        return False
    (folder / "probe").unlink()
    return True


def test_two_tracks_cannot_capture_into_one_slot(play):
    track = noise_track()
    script = [f"set {SLOT} 5", *ARM]
    first, _ = play.start(track, [*script, *LONG, "sleep 3000", *STOP, wait_for("waiting")])
    try:
        slot = numbered_slot(slots_folder(), 5)
        while not (slot.is_dir() and any(path.suffix == ".partial" for path in slot.iterdir())):
            assert first.poll() is None
            time.sleep(0.01)
        play(track, [*script, *LONG, wait_for("busy")])
    finally:
        first.communicate(timeout=60)
    assert first.returncode == 0
    assert len(captures(slot=5)) == 1


def test_what_a_crashed_host_left_is_cleared_away(play):
    slot = numbered_slot(slots_folder(), 2)
    slot.mkdir(parents=True)
    (slot / ".capture-0123456789abcdef.partial").write_bytes(b"half")
    play(noise_track(), [f"set {SLOT} 2", *ARM, "play 0 60000 512", *STOP, wait_for("waiting")])
    assert [path.name for path in slot.iterdir() if path.suffix == ".partial"] == []


def test_samples_that_are_no_numbers_are_captured_as_silence(play):
    track = noise_track()
    track.stems["other"][5000:5004] = np.float32([[np.nan], [np.inf], [-np.inf], [np.nan]])
    play(track, [*ARM, "play 0 60000 512", *STOP, wait_for("waiting")])
    (capture,) = captures()
    wanted = track.mixture[:60_000].copy()
    wanted[5000:5004] = 0
    assert np.array_equal(samples(capture), wanted)
