"""What is heard when renderings are switched while they play, through the player itself."""

import numpy as np
import pytest
import soundfile

from stemdesk.app.training.switching import Levelled, Switch, levelled
from stemdesk.audio.loudness import measure_loudness
from stemdesk.errors import UserError
from stemdesk.playback.player import Player
from stemdesk.playback.silent import SilentDevice

RATE = 44_100


def tone(hz, level, seconds=2.0):
    time_s = np.arange(round(seconds * RATE)) / RATE
    return level * np.sin(2 * np.pi * hz * time_s) * np.ones((2, 1))


@pytest.fixture
def files(tmp_path):
    made = {}
    for name, hz, level in (("base", 500.0, 0.1), ("tuned", 500.0, 0.4)):
        made[name] = tmp_path / f"{name} ü.wav"
        soundfile.write(made[name], tone(hz, level).T, RATE, subtype="FLOAT")
    return made


def test_both_are_as_loud_as_the_quieter_one(files):
    matched = levelled(files)
    assert matched["base"].gain == 1.0
    assert matched["tuned"].gain == pytest.approx(0.25, rel=1e-3)
    with Switch(matched) as switch:
        heard = {}
        for name in ("base", "tuned"):
            switch.hear(name)
            switch.seek(0)
            heard[name] = switch.read(RATE)[:, 2000:]
    loudness = [measure_loudness(sound, RATE).integrated_lufs for sound in heard.values()]
    assert loudness[0] == pytest.approx(loudness[1], abs=0.05)


def test_silence_is_not_matched_with(tmp_path, files):
    files["silent"] = tmp_path / "silent.wav"
    soundfile.write(files["silent"], np.zeros((RATE, 2)), RATE)
    matched = levelled(files)
    assert matched["silent"].gain == 1.0
    assert matched["tuned"].gain == pytest.approx(0.25, rel=1e-3)


def test_a_switch_is_a_fade_and_nothing_is_lost_of_the_song(files):
    plain = {name: Levelled(path, 1.0, 0.0) for name, path in files.items()}
    with Switch(plain) as switch:
        parts = [switch.read(1000)]
        switch.hear("tuned")
        parts += [switch.read(1000), switch.read(1000)]
        switch.renew(500)
        parts[-1] = parts[-1][:, :500]
        parts.append(switch.read(1000))
    got = np.concatenate(parts, axis=1)
    base, tuned = (tone(500.0, level)[:, : got.shape[1]] for level in (0.1, 0.4))
    assert np.abs(got[:, :1000] - base[:, :1000]).max() < 1e-6
    assert np.abs(got[:, 1441:] - tuned[:, 1441:]).max() < 1e-6
    # No step anywhere that the tone itself does not make.
    assert np.abs(np.diff(got)).max() < 1.05 * np.abs(np.diff(tuned)).max()


def test_loops_repeat_and_the_end_is_the_end(files):
    plain = {name: Levelled(path, 1.0, 0.0) for name, path in files.items()}
    with Switch(plain) as switch:
        switch.seek(switch.frames - 300)
        assert switch.read(1000).shape == (2, 300)
        assert switch.read(1000).shape == (2, 0)
        with pytest.raises(KeyError):
            switch.hear("another")


def test_different_rates_are_refused(tmp_path, files):
    soundfile.write(files["tuned"], tone(500, 0.1).T, 48_000)
    with pytest.raises(UserError, match="different sample rates"):
        Switch({name: Levelled(path, 1.0, 0.0) for name, path in files.items()})


class Recorder(SilentDevice):
    def __init__(self, rate, channels):
        super().__init__(rate, channels)
        self.heard = []

    def start(self, callback):
        def kept(out, at_seconds):
            callback(out, at_seconds)
            self.heard.append(out.copy())

        super().start(kept)


class Recorders:
    def open(self, _choice, sample_rate, channels, _block_ms):
        self.device = Recorder(sample_rate, channels)
        return self.device


def test_the_player_switches_at_once_and_without_a_gap(files):
    plain = {name: Levelled(path, 1.0, 0.0) for name, path in files.items()}
    outputs = Recorders()
    with Switch(plain) as switch, Player(switch, None, outputs) as player:
        player.set_loop(0, switch.frames, 441)
        player.play()
        heard = outputs.device.heard
        while len(heard) < 20 or not heard[-1].any():
            assert player.error is None
        before = len(heard)
        switch.hear("tuned")
        player.refresh()
        while np.abs(heard[-1]).max() < 0.35:
            assert player.error is None
            assert len(heard) < before + 100, "it is not heard"
        switched = len(heard)
        while len(heard) < switched + 5:
            assert player.error is None
    sound = np.concatenate(heard)
    sounding = np.flatnonzero(np.abs(sound[:, 0]) > 1e-4)
    inner = sound[sounding[0] : sounding[-1], 0]
    # A period of the tone has 88 frames: no silence longer than its zero crossing.
    quiet = np.diff(np.flatnonzero(np.abs(inner) > 0.03))
    assert quiet.max() < 30
    assert np.abs(np.diff(inner)).max() < 1.1 * 0.4 * 2 * np.pi * 500 / RATE
