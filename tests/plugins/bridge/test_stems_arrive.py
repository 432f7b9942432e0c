from __future__ import annotations

import numpy as np
import pytest

from stemdesk.app.bridge.slots import numbered_slot, slots_folder
from stemdesk.app.bridge.stem_file import write_stem_file
from tests.plugins.bridge.rig import (
    SLOT,
    Track,
    expected,
    noise_track,
    publish,
    wait_for,
)

LISTEN = [f"set {SLOT} 1", "play -100000 64 64"]


def tone(level, seconds=3, rate=48_000):
    stem = np.full((seconds * rate, 2), level, np.float32)
    return {"vocals": stem, "other": np.zeros_like(stem)}


def test_stems_are_found_while_the_host_runs_and_named(play, tmp_path):
    track = noise_track()
    waiting = publish(track, tmp_path).rename(tmp_path / "later")
    target = numbered_slot(slots_folder(), 1) / "stems-000000001.sdstems"
    script = [*LISTEN, wait_for("none"), f"move {waiting} {target}", "names 1 20000"]
    out, said = play(track, [*script, "set 1 -84", "play 0 96000 512", "tell"])
    assert np.array_equal(out[64:], expected(track, {"drums": 0.0}, 0, 96_000))
    assert "rescans 1" in said
    assert "vocals level = " in said
    assert "Stem 5 level = " in said


def test_new_stems_fade_in_for_old_ones_and_none_is_lost(play, tmp_path):
    rate = 48_000
    track = Track(tone(0.5), rate)
    folder = numbered_slot(slots_folder(), 1)
    publish(track, tmp_path)
    others = []
    for number in (2, 3, 4):
        stems = Track(tone(0.5 - number / 16), rate).write_stems(tmp_path / str(number))
        renamed = {f"take {number}": stems["vocals"], "other": stems["other"]}
        write_stem_file(tmp_path / f"{number}.sdstems", renamed, 0)
        others.append(tmp_path / f"{number}.sdstems")
    script = ["set 0 -84", *LISTEN, wait_for("ready"), "names 1 20000", "play 0 24000 256"]
    for place, path in enumerate(others):
        script.append(f"move {path} {folder / f'stems-00000000{place + 2}.sdstems'}")
        script += [f"names {place + 2} 20000", f"play {(place + 1) * 24_000} 24000 256"]
    out, _ = play(track, script)
    heard = out[64:, 0]
    assert np.abs(np.diff(heard)).max() <= 0.5 / (0.02 * rate) * 1.01
    assert heard[23_999] == 0.0
    for place, number in enumerate((2, 3, 4)):
        assert heard[(place + 2) * 24_000 - 1] == number / 16


def test_the_slot_belongs_to_the_session(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path, slot=7)
    state = tmp_path / "state"
    play(track, [f"set {SLOT} 7", "set 2 -84", "play -1000 64 64", f"save {state}"])
    # A bounce begins at once: its first block has the stems.
    out, _ = play(track, [f"load {state}", "play 0 96000 512"])
    assert np.array_equal(out, expected(track, {"bass": 0.0}, 0, 96_000))


def test_parameters_of_a_session_come_back_to_the_digit(play, tmp_path):
    state = tmp_path / "state"
    track = noise_track(seconds=1)
    script = ["set 0 -12.25", "set 7 6.5", f"set {SLOT} 31", "set 10 1", "play 0 64 64"]
    _, said = play(track, [*script, f"save {state}", "tell"])
    _, again = play(track, [f"load {state}", "play 0 64 64", "tell"])
    values = [line.split()[2] for line in said.splitlines() if line.startswith("parameter")]
    assert values[:4] == ["-12.25", "0", "0", "0"]
    assert [line.split()[2] for line in again.splitlines() if "parameter" in line] == values


def test_a_foreign_state_names_no_foreign_folder(play, tmp_path):
    track = noise_track(seconds=1)
    publish(track, tmp_path)
    state = tmp_path / "state"
    play(track, ["play 0 64 64", f"save {state}"])
    text = state.read_bytes()
    place = text.index(b"own\0") + 4
    for own in (b"../slot-01", b"", b"x" * 5000):
        state.write_bytes(text[:place] + own + text[place + 16 :])
        _, said = play(track, [f"load {state}", "play 0 64 64", "sleep 300", "tell"])
        assert "status 0" in said


@pytest.mark.parametrize(("host_rate", "status"), [(48_000, "ready"), (44_100, "rate")])
def test_another_sample_rate_is_shown_and_passes_every_bit(play, tmp_path, host_rate, status):
    track = noise_track()
    publish(track, tmp_path)
    script = ["set 0 -84", f"set {SLOT} 1", f"rate {host_rate}", "play -9999 64 64"]
    out, _ = play(track, [*script, wait_for(status), "play 0 48000 512"])
    gains = {"vocals": 0.0} if status == "ready" else {}
    assert np.array_equal(out[64:], expected(track, gains, 0, 48_000))


def test_stereo_stems_do_not_fit_a_mono_track(play_mono, tmp_path):
    publish(noise_track(), tmp_path)
    mono = noise_track(channels=1)
    script = ["set 0 -84", *LISTEN, wait_for("channels"), "play 0 48000 512"]
    out, _ = play_mono(mono, script)
    assert np.array_equal(out[64:], mono.mixture[:48_000])


def test_a_track_that_has_changed_is_stale_until_it_is_itself_again(play, tmp_path):
    track = noise_track(seconds=4)
    publish(track, tmp_path)
    for name in track.stems:
        track.stems[name][48_000:72_000] *= 0.5  # an edit
        track.stems[name][:48_000] += np.float32(0.0005)  # dither, rounding
    script = [*LISTEN, wait_for("ready"), "play 0 48000 512", wait_for("ready"), "set 0 -3"]
    script += ["play 48000 24000 512", wait_for("stale"), "play 72000 72000 512"]
    play(track, [*script, wait_for("ready")])


@pytest.mark.parametrize("frame", [20_000, 20_480])
def test_silence_where_sound_was_is_stale(play, tmp_path, frame):
    track = noise_track()
    publish(track, tmp_path)
    for stem in track.stems.values():
        stem[:] = 0
    play(track, [*LISTEN, wait_for("ready"), f"play {frame} 9000 100", wait_for("stale")])
