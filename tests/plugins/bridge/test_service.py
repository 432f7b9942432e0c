from __future__ import annotations

import os
import struct
import threading

import numpy as np
import pytest
import soundfile

from stemdesk.app.bridge.capture_file import read_capture, write_wav
from stemdesk.app.bridge.fingerprint import fingerprint
from stemdesk.app.bridge.service import BridgeService
from stemdesk.app.bridge.slots import (
    files_in,
    next_stems,
    numbered_slot,
    slots,
    slots_folder,
)
from stemdesk.app.bridge.stem_file import write_stem_file
from stemdesk.app.library import separate
from stemdesk.errors import Cancelled, UserError
from tests.plugins.bridge.rig import (
    CAPTURE,
    SLOT,
    Track,
    noise_track,
    wait_for,
)


def write_capture(folder, track, name="capture-1", origin_frame=77):
    """A capture as the plug-in writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    header = struct.pack(
        "<8sIIIIqq24x", b"SDCAPT01", 64, track.rate, track.channels, 1, origin_frame,
        len(track.mixture),
    )  # fmt: skip
    path = folder / f"{name}.sdcapture"
    path.write_bytes(header + track.mixture.astype("<f4").tobytes())
    return path


@pytest.fixture
def track():
    return noise_track(seconds=1.5)


@pytest.fixture
def slot():
    return numbered_slot(slots_folder(), 4)


class Separation:
    """Gives the stems it knows; or raises."""

    def __init__(self, track, error=None):
        self.track, self.error, self.songs = track, error, []

    def __call__(self, song, output, report):
        samples, rate = soundfile.read(song, dtype="float32", always_2d=True)
        self.songs.append((samples, rate))
        report(0.5, "separating")
        if self.error is not None:
            raise self.error
        return self.track.write_stems(output)


def test_a_capture_becomes_stems(slot, track):
    write_capture(slot, track)
    separation = Separation(track)
    service = BridgeService(separation, slots_folder())
    assert service.poll()
    assert not service.poll()
    ((samples, rate),) = separation.songs
    assert rate == track.rate
    assert np.array_equal(samples, track.mixture)
    assert [path.name for path in slot.iterdir()] == ["stems-000000001.sdstems"]
    service.close()


def test_later_stems_take_the_place_of_earlier_ones(slot, track):
    service = BridgeService(Separation(track), slots_folder())
    for number in (1, 2, 3):
        write_capture(slot, track)
        assert service.poll()
        assert [path.name for path in slot.iterdir()] == [f"stems-{number:09d}.sdstems"]
    service.close()


def test_only_the_newest_capture_of_a_slot_counts(slot, track):
    for age, name in enumerate(("capture-b", "capture-a", "capture-c")):
        path = write_capture(slot, track, name, origin_frame=age)
        os.utime(path, (1000 - age, 1000 - age))
    separation = Separation(track)
    service = BridgeService(separation, slots_folder())
    assert service.poll()
    assert not service.poll()
    assert len(separation.songs) == 1
    data = files_in(slot, ".sdstems")[0].read_bytes()
    assert struct.unpack_from("<q", data, 24) == (0,)
    service.close()


def test_every_slot_is_served(track):
    folders = [slots_folder() / name for name in ("slot-01", "own-0123456789abcdef")]
    for folder in folders:
        write_capture(folder, track)
    (slots_folder() / "unrelated").mkdir()
    service = BridgeService(Separation(track), slots_folder())
    assert service.poll()
    assert service.poll()
    assert not service.poll()
    assert all(files_in(folder, ".sdstems") for folder in folders)
    assert slots(slots_folder()) == sorted(folders)
    service.close()


def test_what_cannot_be_separated_is_shown_and_kept(slot, track):
    error = UserError("It is silent", "play louder")
    write_capture(slot, track)
    service = BridgeService(Separation(track, error), slots_folder())
    with pytest.raises(UserError, match="silent"):
        service.poll()
    assert [path.name for path in slot.iterdir()] == ["capture-1.failed"]
    assert not service.poll()
    service.close()
    write_capture(slot, track, "capture-2")
    service = BridgeService(Separation(track), slots_folder())
    assert service.poll()
    assert [path.name for path in slot.iterdir()] == ["stems-000000001.sdstems"]
    service.close()


def test_a_service_that_is_closed_leaves_the_work_to_the_next(slot, track):
    write_capture(slot, track)
    inside, may_report = threading.Event(), threading.Event()

    def slow(song, output, report):
        inside.set()
        may_report.wait(20)
        report(0.5, "separating")
        raise AssertionError("report() must have raised")

    service = BridgeService(slow, slots_folder())
    outcome = []

    def poll():
        try:
            service.poll()
        except Cancelled:
            outcome.append("cancelled")

    thread = threading.Thread(target=poll)
    thread.start()
    assert inside.wait(20)
    assert files_in(slot, ".separating")
    service.close()
    may_report.set()
    thread.join()
    assert outcome == ["cancelled"]
    assert [path.name for path in slot.iterdir()] == ["capture-1.sdcapture"]
    assert not service.poll()


def test_a_service_that_was_killed_leaves_the_work_to_the_next(slot, track):
    write_capture(slot, track).rename(slot / "capture-1.separating")
    (slot / ".work").mkdir()
    service = BridgeService(Separation(track), slots_folder())
    assert service.poll()
    assert [path.name for path in slot.iterdir()] == ["stems-000000001.sdstems"]
    service.close()


def test_one_service_at_a_time(slot, track):
    slots_folder().mkdir(parents=True)
    first = BridgeService(Separation(track), slots_folder())
    second = BridgeService(Separation(track), slots_folder())
    assert not first.poll()
    write_capture(slot, track)
    assert not second.poll()
    first.close()
    assert second.poll()
    second.close()


def test_no_folder_no_work(track):
    service = BridgeService(Separation(track), slots_folder())
    assert not service.poll()
    service.close()
    assert not slots_folder().exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:40],
        lambda data: data[:-4],
        lambda data: data + b"1234",
        lambda data: b"RIFF" + data[4:],
        lambda data: data[:16] + struct.pack("<I", 9) + data[20:],
        lambda data: data[:32] + struct.pack("<q", -1) + data[40:],
        lambda data: data[:12] + struct.pack("<I", 384_000) + data[16:],
    ],
)
def test_damaged_captures_are_refused(slot, track, spoil):
    path = write_capture(slot, track)
    path.write_bytes(spoil(path.read_bytes()))
    service = BridgeService(Separation(track), slots_folder())
    with pytest.raises(UserError, match="capture"):
        service.poll()
    service.close()


@pytest.mark.parametrize(("channels", "rate"), [(1, 8000), (2, 44_100), (2, 192_000)])
def test_a_capture_is_a_wav_of_the_same_floats(tmp_path, channels, rate):
    track = noise_track(seconds=0.5, channels=channels, rate=rate)
    track.stems["other"][:5] = np.float32(3.3e-7)  # floats that no integer holds
    capture = read_capture(write_capture(tmp_path / "slot-01", track))
    write_wav(capture, tmp_path / "Ä song.wav")
    samples, read_rate = soundfile.read(tmp_path / "Ä song.wav", dtype="float32", always_2d=True)
    assert read_rate == rate
    assert np.array_equal(samples, track.mixture)


def test_stems_that_do_not_belong_together_are_a_mistake(tmp_path, track):
    paths = track.write_stems(tmp_path)
    soundfile.write(tmp_path / "short.wav", track.mixture[:-1], track.rate, "FLOAT")
    with pytest.raises(ValueError, match="differ"):
        write_stem_file(tmp_path / "x.sdstems", {**paths, "x": tmp_path / "short.wav"}, 0)
    with pytest.raises(ValueError, match="no stems"):
        write_stem_file(tmp_path / "x.sdstems", {}, 0)
    assert not list(tmp_path.glob("*x.sdstems*"))


def test_more_than_the_bridge_has_levels_for_is_refused(tmp_path, track):
    path = next(iter(track.write_stems(tmp_path).values()))
    with pytest.raises(UserError, match="8 stems"):
        write_stem_file(tmp_path / "x.sdstems", dict.fromkeys("abcdefghi", path), 0)
    wide = noise_track(seconds=0.1, channels=6).write_stems(tmp_path / "wide")
    with pytest.raises(UserError, match="6 channels"):
        write_stem_file(tmp_path / "x.sdstems", wide, 0)


def test_stems_are_never_written_over(tmp_path, slot, track):
    slot.mkdir(parents=True)
    first = next_stems(slot)
    write_stem_file(first, track.write_stems(tmp_path / "s"), 0)
    with pytest.raises(UserError):
        write_stem_file(first, track.write_stems(tmp_path / "s"), 0)
    assert next_stems(slot).name == "stems-000000002.sdstems"


def test_the_fingerprint_is_linear_and_tells_signals_apart(track):
    whole = fingerprint(track.mixture.T)
    assert whole.shape == (2, len(track.mixture) // 4096)
    assert np.allclose(whole, sum(fingerprint(stem.T) for stem in track.stems.values()))
    energy = np.square(track.mixture.T[:, : whole.shape[1] * 4096]).sum() / whole.size
    assert 0.5 < np.square(whole).mean() / energy < 2.0


@pytest.mark.slow
def test_what_a_host_plays_is_separated_and_given_back(play, play_mono):
    """Capture in one run of the host, the real separation, and a run without the bass."""
    for player, channels in ((play, 2), (play_mono, 1)):
        track = tones(channels)
        player(
            track,
            [f"set {SLOT} 9", f"set {CAPTURE} 1", "play 5000 100000 512", "live 0 64 64",
             wait_for("waiting")],
        )  # fmt: skip
        stems = {}

        def separated(song, output, report, stems=stems):
            files = separate(song, output, report=report).files
            for name, file in files.items():
                stems[name] = soundfile.read(file, dtype="float32", always_2d=True)[0]
            return files

        service = BridgeService(separated, slots_folder())
        assert service.poll()
        service.close()
        bass = list(stems).index("bass")
        script = [f"set {SLOT} 9", f"set {bass} -84", "play -9999 64 64", wait_for("ready")]
        out, _ = player(track, [*script, "play 0 120000 333", wait_for("ready")])
        mixture = track.mixture[:120_000].astype(np.float64)
        mixture[5000:105_000] -= stems["bass"]
        assert np.abs(stems["bass"]).max() > 0.01
        assert np.array_equal(out[64:], mixture.astype(np.float32))


def tones(channels):
    """A bass line and a melody."""
    rate = 44_100
    times = np.arange(3 * rate)[:, None] / rate
    pulse = np.exp(-(times % 0.5) * 6)
    bass = 0.4 * np.sin(2 * np.pi * 55 * times) * pulse
    melody = 0.2 * np.sin(2 * np.pi * 880 * times) * (0.5 + 0.5 * np.sin(2 * np.pi * 5 * times))
    steps = {"bass": bass, "melody": melody}
    return Track(
        {
            name: np.repeat(np.rint(each * 32_768) / 32_768, channels, axis=1).astype(np.float32)
            for name, each in steps.items()
        },
        rate,
    )
