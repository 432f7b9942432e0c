"""``stemdesk live``: pipes from end to end, refusals, devices."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile as sf

from stemdesk.cli.live import Gaps
from stemdesk.playback.portaudio import PortAudio
from stemdesk.separation.checkpoint import save_network
from tests.playback.fake_sounddevice import FakeSounddevice, card
from tests.separation.live_models import live_model, music, streamed

CLAIM = ("--post", "vocals=12")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    card, network = live_model()
    folder = tmp_path_factory.mktemp("models") / card.id
    save_network(folder, card, network.state_dict())
    return folder


def piped(program, folder, came_in, *options):
    command = [*program, "live", "--pipe", "--model", str(folder), *options]
    return subprocess.run(command, input=came_in, capture_output=True, timeout=120, check=True)


def test_a_pipe_goes_through_unchanged_while_all_levels_are_at_rest(program, folder):
    mixture = (np.round(music() * 2**23) / 2**23).T.astype("<f4").tobytes()
    assert piped(program, folder, mixture + b"\0\0\0").stdout == mixture, "but for a broken frame"


def test_a_pipe_without_vocals_is_the_rest(program, folder):
    from stemdesk.separation.checkpoint import load_network
    from stemdesk.separation.live import LiveSeparator

    mixture = music()
    ran = piped(program, folder, mixture.T.astype("<f4").tobytes(), "--vocals", "off")
    stems = streamed(LiveSeparator(*load_network(folder)), mixture, [512])
    out = np.frombuffer(ran.stdout, "<f4").reshape(-1, 2).T
    assert np.abs(out - stems[1:].sum(axis=0)).max() < 1e-5
    assert np.abs(out - mixture).max() > 1e-3


def test_a_pipe_may_claim_more_for_the_vocals(program, folder):
    mixture = music().T.astype("<f4").tobytes()
    off = [piped(program, folder, mixture, "--vocals", "off", *more).stdout for more in ((), CLAIM)]
    plain, less = (np.square(np.frombuffer(each, "<f4")).sum() for each in off)
    assert less < 0.97 * plain


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "aiff"])
def test_a_file_in_the_pipe_is_no_raw_sound(program, folder, tmp_path, suffix):
    sf.write(tmp_path / f"song.{suffix}", music().T, 44100)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        piped(program, folder, (tmp_path / f"song.{suffix}").read_bytes())
    assert b"file came in, and --pipe takes raw sound: turn it into that" in refused.value.stderr
    assert not refused.value.stdout


def test_nothing_in_the_pipe_is_nothing_out_of_it(program, folder):
    assert piped(program, folder, b"").stdout == b""


def test_sound_comes_out_while_the_pipe_is_open(program, folder):
    command = [*program, "live", "--pipe", "--model", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        running.stdin.write(music(8000).T.astype("<f4").tobytes())  # what pipes hold unread
        running.stdin.flush()
        assert len(running.stdout.read(8 * 5000)) == 8 * 5000
        running.stdout.close()  # who listened has heard enough
        with contextlib.suppress(BrokenPipeError):
            running.stdin.write(music().T.astype("<f4").tobytes() * 4)
            running.stdin.close()
        assert running.wait(60) == 1


def test_a_level_below_zero_is_no_option(program, folder):
    mixture = music().T.astype("<f4").tobytes()
    off, silenced = (piped(program, folder, mixture, "--vocals", x).stdout for x in ("off", "-inf"))
    assert off == silenced


class Driver:
    """Turns the driver of a fake sound card while the command waits for keys."""

    def __init__(self, monkeypatch, script, name="Loopback"):
        self.module = FakeSounddevice(card(name, inputs=2), default=0)
        ports = PortAudio(self.module)
        monkeypatch.setattr("stemdesk.playback.portaudio.sound_cards", lambda: ports)
        monkeypatch.setattr("stemdesk.cli.live.single_keys", self.keys)
        self.script, self.are_read = list(script), True
        self.mixture, self.place, self.played = music(60_000), 0, []

    @contextlib.contextmanager
    def keys(self):
        yield self

    def pressed(self, _wait_seconds):
        options = self.module.streams[-1].options
        for _ in range(20):
            block = options["blocksize"]
            came_in = self.mixture[:, self.place : self.place + block].T
            self.place += block
            out = np.zeros((block, 2), np.float32)
            options["callback"](came_in, out, block, None, None)
            self.played.append(out)
            time.sleep(0.004)
        word = self.script.pop(0)
        if callable(word):
            word()
            return []
        return [word]


def test_live_sound_with_keys(stemdesk, folder, monkeypatch):
    driver = Driver(monkeypatch, ["x", "1", "9", "1", "q"])
    ran = stemdesk("live", "--model", folder, "--buffer-ms", 500)
    assert ran.status == 0, ran
    assert "Loopback to Loopback, " in ran.err
    assert "off: vocals\noff: nothing\n" in ran.err
    assert "loopback device" not in ran.err
    assert np.abs(np.concatenate(driver.played)).max() > 0.01
    assert driver.module.streams[-1].is_closed


@pytest.mark.parametrize(
    ("name", "explained"),
    [
        ("Built-in Microphone", True),
        ("HDA Intel PCH: ALC892 Analog", True),
        ("Monitor of Built-in Audio", False),
        ("Stereo Mix (Realtek)", False),
        ("BlackHole 2ch", False),
    ],
)
def test_without_a_loopback_the_feedback_is_explained(
    stemdesk, folder, monkeypatch, name, explained
):
    Driver(monkeypatch, ["q"], name)
    ran = stemdesk("live", "--model", folder, "--vocals", "off", "--buffer-ms", 500)
    assert ran.status == 0, ran
    assert ("headphones" in ran.err and "loopback device" in ran.err) == explained
    assert "stemdesk live --devices" in ran.err or not explained


def test_an_unplugged_device_ends_it(stemdesk, folder, monkeypatch):
    driver = Driver(monkeypatch, [])
    driver.script = [lambda: driver.module.streams[-1].options["finished_callback"](), "x"]
    ran = stemdesk("live", "--model", folder)
    assert ran.status == 1
    assert "The sound device is gone: connect it again and start anew." in ran.err


def test_gaps_are_told_now_and_then(capsys, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("stemdesk.cli.live.time", SimpleNamespace(monotonic=lambda: now[0]))
    gaps = Gaps()
    for count, later in ((0, 0), (1, 0), (2, 1), (7, 5)):
        now[0] += later
        gaps.tell(count)
    told = capsys.readouterr().err.splitlines()
    assert ["once" in line for line in told] == [True, False]
    assert "7 times" in told[1]


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        (("--pipe", "--input-device", "Loopback"), "A pipe has no sound devices"),
        (("--pipe", "--buffer-ms", "30"), "A pipe waits for no sound device"),
        (("--post", "vocals=4,bass=2"), "several stages: give --post vocals=4 --post bass=2"),
        (("--post", "vocals=4,5"), "'vocals=4,5' has a comma: decimals take a point"),
        (("--buffer-ms", "900"), "--buffer-ms 900 is not possible: use 0 to 500"),
    ],
)
def test_what_is_not_understood(stemdesk, folder, options, fragment):
    stemdesk("live", "--model", folder, *options).refused(fragment, status=2)


@pytest.mark.parametrize(
    ("stage", "fragment"),
    [
        ("wiener=1", "wiener=1 would have to hear the whole song"),
        ("trumpet=3", "There is no post-processing stage 'trumpet'"),
    ],
)
def test_a_stage_that_no_stream_can_have(stemdesk, folder, stage, fragment):
    ran = stemdesk("live", "--model", folder, "--post", stage)
    ran.refused(fragment, status=1)
    assert "gate=NUMBER" not in ran.err


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        (("--model", "bandmask_small"), "hears what is still to come: choose one for live use"),
        (("--vocals", "13"), "13 dB is too loud for the vocals: use at most 12 dB"),
        (("--model", "none-such"), "none-such"),
    ],
)
def test_what_cannot_be_is_refused(stemdesk, folder, options, fragment):
    stemdesk("live", "--pipe", "--model", folder, *options).refused(fragment)


def test_a_level_that_is_no_number_is_refused(stemdesk, folder):
    stemdesk("live", "--model", folder, "--vocals", "low").refused("'low' is no number", status=2)


@pytest.mark.skipif(sys.platform != "linux", reason="sound cards there may well be")
def test_without_sound_devices_it_says_so(stemdesk, folder):
    told = stemdesk("live", "--devices")
    if "none found" not in told.out:
        pytest.skip("this computer has sound devices")
    assert told.out.count("none found") == 2
    stemdesk("live", "--model", folder).refused("No sound input was found")
