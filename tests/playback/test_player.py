"""The player with its own thread, and the threads of the silent clock."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.playback.output import Buffering
from stemdesk.playback.player import Player
from stemdesk.playback.portaudio import PortAudio
from stemdesk.playback.silent import SilentDevice
from stemdesk.playback.transport import State
from tests.playback.fake_sounddevice import FakeSounddevice, card
from tests.playback.rig import ManualDevice, ManualOutputs, Ramp, Samples, numbers, tone

SPEAKERS = card("Speakers")


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def until(condition):
    """Waits for what the render thread does, and fails if that never comes."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def rendered(player):
    """Whether the ring is full, or all is rendered."""
    renderer = player._output.line.renderer
    head = renderer._ring.head
    ahead = head.limit - renderer.outlet.place.frame
    return head.passage is renderer._passage and (head.is_ended or ahead >= 12_000)


def sounding(player):
    """Whether it has been told to play, and has what to play."""
    return rendered(player) and player._output.line.renderer._ring.head.is_audible


def manual_player(source, **options):
    device = ManualDevice(source.sample_rate, source.channels)
    return device, Player(source, outputs=ManualOutputs(device), **options)


def test_a_song_is_played_to_its_end_in_silence():
    with Player(Ramp(9000), "silent", buffering=Buffering(block_ms=5.0)) as player:
        assert player.message is None
        assert player.device_name == "no sound"
        player.play()
        assert player.settle(5)
        until(lambda: player.state is State.STOPPED)
        assert player.position_frames == 9000
        statistics = player.statistics()
    assert statistics.render_factor > 0


def test_commands_from_any_thread_are_carried_out_in_order():
    device, player = manual_player(Ramp(200_000))
    with player:
        player.seek(100_000)
        player.play()
        assert player.settle(5)
        assert player.state is State.PLAYING
        until(lambda: sounding(player))
        assert numbers(device.pull(960))[-1] == 100_959
        player.pause()
        assert player.settle(5)
        device.pull(960)
        assert player.position_frames == 100_960
        player.stop()
        assert player.settle(5)
        until(lambda: rendered(player))
        device.pull(960)
        assert player.position_frames == 0
        player.set_loop(1000, 3000)
        player.set_speed(1.5)
        assert player.settle(5)
        assert (player.loop.first_frame, player.loop.end_frame, player.speed) == (1000, 3000, 1.5)
        player.clear_loop()
        assert player.settle(5)
        assert player.loop is None


def test_a_song_is_exact_through_the_thread():
    noise = np.random.default_rng(0).uniform(-1, 1, (2, 60_000)).astype(np.float32)
    device, player = manual_player(Samples(noise))
    with player:
        player.play()
        until(lambda: sounding(player))
        heard = []
        while player.state is State.PLAYING:
            until(lambda: rendered(player) or player.state is not State.PLAYING)
            heard.append(device.pull(4800))
        assert np.array_equal(np.concatenate(heard, axis=1)[:, :60_000], noise)
        assert player.statistics().underruns == 0


def test_an_error_surfaces_and_is_no_error_of_the_thread():
    source = Ramp(200_000)
    device, player = manual_player(source)
    with player:
        player.play()
        until(lambda: sounding(player))
        source.read = None
        device.pull(9600)
        until(lambda: player.state is State.FAILED)
        assert isinstance(player.error, TypeError)
        del source.read
        player.play()
        assert player.settle(5)
        assert player.error is None


@pytest.mark.parametrize("ends", [(-1, 5000), (0, 200_001), (500, 700), (700, 500)])
def test_a_loop_that_cannot_be_is_refused(ends):
    _, player = manual_player(Ramp(200_000))
    with player:
        with pytest.raises(UserError, match=r"The loop .* s .*: "):
            player.set_loop(*ends)
        assert player.loop is None


@pytest.mark.parametrize("speed", [0.0, 0.49, 2.01, float("nan")])
def test_a_speed_that_cannot_be_is_refused(speed):
    _, player = manual_player(Ramp(200_000))
    with player, pytest.raises(UserError, match=r"choose a number from 0.5 to 2\."):
        player.set_speed(speed)


def test_a_device_pulled_out_while_playing_is_noticed_and_another_goes_on():
    headphones = card("Headphones")
    module = FakeSounddevice(headphones, SPEAKERS)
    with Player(Ramp(200_000), outputs=PortAudio(module)) as player:
        player.play()
        until(lambda: sounding(player))
        module.streams[0].pull(960)
        until(lambda: player.position_frames == 960)
        module.plugged.remove(headphones)
        module.streams[0].options["finished_callback"]()
        until(lambda: player.state is State.PAUSED)
        assert player.message.startswith('The sound output "Headphones" has stopped')
        player.set_device("Speakers")
        player.play()
        assert player.settle(5)
        assert player.device_name == "Speakers"
        assert player.message is None
        until(lambda: sounding(player))
        assert numbers(module.streams[1].pull(960).T)[-1] == 1919
    assert module.streams[1].calls == ["start", "stop", "close"]


class Recorder:
    """The silent clock, with ears."""

    def __init__(self):
        self.blocks = []

    def open(self, _choice, sample_rate, channels, block_ms):
        device = SilentDevice(sample_rate, channels, block_ms)
        start = device.start

        def start_recording(callback):
            def record(out, seconds):
                callback(out, seconds)
                self.blocks.append(out.T.copy())

            start(record)

        device.start = start_recording
        return device


def test_closing_while_it_plays_fades_out(monkeypatch):
    monkeypatch.setattr("stemdesk.playback.output.QUIET_WITHIN_SECONDS", 10.0)
    sound, recorder = tone(100, 3.0), Recorder()
    player = Player(Samples(sound), outputs=recorder, buffering=Buffering(block_ms=5.0))
    player.play()
    until(lambda: player.position_frames > 4800)
    player.close()
    heard = np.concatenate(recorder.blocks, axis=1)
    assert np.abs(heard).max() > 0.4
    assert np.abs(np.diff(heard)).max() < 1.2 * np.abs(np.diff(sound)).max()
    assert not heard[:, -200:].any()


def test_closing_twice_is_no_harm():
    _, player = manual_player(Ramp(100))
    player.close()
    player.close()


def test_statistics_tell_of_underruns_and_can_be_forgotten():
    device, player = manual_player(Ramp(200_000))
    with player:
        player.play()
        until(lambda: sounding(player))
        device.pull(48_000)  # a whole second at once: more than there is
        statistics = player.statistics()
        assert statistics.underruns == 1
        assert 0.7 < statistics.missing_seconds < 0.76
        assert statistics.least_ahead_ms >= 250
        player.forget_statistics()
        assert player.statistics().underruns == 0
        assert player.statistics().least_ahead_ms is None


def test_neither_sounddevice_nor_torch_is_imported_before_it_is_needed():
    program = (
        "import sys, stemdesk.playback.player; "
        "sys.exit(bool({'sounddevice', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
