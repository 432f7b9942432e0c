import itertools
import math
import time

import mido
import numpy as np
import pytest

from stemdesk.app.addressing import AnyMix
from stemdesk.app.listening import Listening
from stemdesk.app.surfaces import Surfaces
from stemdesk.app.time_code_out import TimeCodeOut
from stemdesk.audio.clip import AudioClip
from stemdesk.control.mapping.mappings import Mapping
from stemdesk.control.mapping.sources import Kind, Source
from stemdesk.control.midi.system import MidiSystem
from stemdesk.control.settings import ControlSettings
from stemdesk.control.sync.chase import Action, Command
from stemdesk.control.sync.mtc_follower import TimeCodeFollower
from stemdesk.control.sync.timecode import FrameRate
from stemdesk.control.target import LOOP, PLAY, POSITION, RECORD, STOP
from stemdesk.errors import UserError
from stemdesk.mixing.settings import Point, changed, neutral
from stemdesk.mixing.sources import ClipStem
from stemdesk.playback.silent import SilentDevice
from stemdesk.playback.transport import State
from tests.control.fake_midi import DEVICES

RATE = 44_100
SECONDS = 20


@pytest.fixture
def song():
    """Two stems of steady level, playing to nobody."""
    stems = {
        name: ClipStem(AudioClip(np.full((2, SECONDS * RATE), level, np.float32), RATE))
        for name, level in (("vocals", 0.25), ("rest", 0.125))
    }
    with Listening(stems, neutral(("vocals", "rest")), "silent") as listening:
        yield listening


def settle(listening):
    assert listening.player.settle(5.0)


def wait_until(condition, seconds=5.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_parameters_of_mix_and_transport(song):
    assert song.parameter("vocals.level_db").maximum == 12
    assert song.parameter(PLAY) is not None
    assert song.parameter(POSITION).maximum == SECONDS
    assert song.parameter("guitar.level_db") is None
    assert song.strips() == ("vocals", "rest")
    song.set("vocals.level_db", -6.0)
    assert song.get("vocals.level_db") == -6.0
    assert song.mix.strip("vocals").level_db == -6.0
    with pytest.raises(UserError, match="cannot be 99"):
        song.set("vocals.level_db", 99)
    assert song.get("vocals.level_db") == -6.0


def test_transport(song):
    song.set(PLAY, 1.0)
    wait_until(lambda: song.position_seconds > 0.05)
    assert song.get(PLAY) == 1.0
    song.set(PLAY, 0.0)
    settle(song)
    assert song.player.state is State.PAUSED
    song.set(POSITION, 12.5)
    wait_until(lambda: song.get(POSITION) == pytest.approx(12.5))
    song.seek(99)
    wait_until(lambda: song.position_seconds == pytest.approx(SECONDS))
    song.set(STOP, 1.0)
    settle(song)
    assert song.get(STOP) == 1.0
    song.set_loop(1.0, 2.0)
    settle(song)
    assert song.get(LOOP) == 1.0
    song.set(LOOP, 0.0)
    settle(song)
    assert song.get(LOOP) == 0.0
    song.set(LOOP, 1.0)
    settle(song)
    assert (song.player.loop.first_frame, song.player.loop.end_frame) == (RATE, 2 * RATE)


def test_meters_show_what_is_heard(song):
    assert song.meter_db("vocals") == -math.inf
    song.set("vocals.level_db", -6.0)
    song.set(PLAY, 1.0)
    wait_until(lambda: song.position_seconds > 0.05)
    expected = 20 * math.log10(0.25) - 6.0
    wait_until(lambda: song.meter_db("vocals") == pytest.approx(expected, abs=0.01))
    assert song.meter_db("rest") == pytest.approx(20 * math.log10(0.125), abs=0.01)


def test_a_hand_holds_automation_off_and_gives_it_back(song):
    course = (Point(0.0, -20.0), Point(float(SECONDS), -20.0))
    song.change(changed(song.mix, automation={"vocals.level_db": course}))
    assert song.get("vocals.level_db") == -20.0
    song.touch("vocals.level_db", down=True)
    song.set("vocals.level_db", -3.0)
    assert song.get("vocals.level_db") == -3.0
    assert song.mix.automation["vocals.level_db"] == course
    song.touch("vocals.level_db", down=False)
    assert song.get("vocals.level_db") == -20.0


def test_a_recorded_ride_becomes_automation(song):
    song.set(RECORD, 1.0)
    song.set(PLAY, 1.0)
    wait_until(lambda: song.position_seconds > 0.05)
    song.touch("vocals.level_db", down=True)
    begun = song.position_seconds
    for level_db in (-5.0, -10.0, -15.0, -20.0):
        song.set("vocals.level_db", level_db)
        wait_until(lambda at=song.position_seconds: song.position_seconds > at + 0.03)
    song.touch("vocals.level_db", down=False)
    points = song.mix.automation["vocals.level_db"]
    assert points[0].value == 0.0
    assert points[0].seconds == pytest.approx(begun, abs=0.05)
    assert points[-1].value == -20.0
    assert all(a.seconds <= b.seconds for a, b in itertools.pairwise(points))


def test_without_recording_nothing_is_kept(song):
    song.set(PLAY, 1.0)
    wait_until(lambda: song.position_seconds > 0.02)
    song.touch("vocals.level_db", down=True)
    song.set("vocals.level_db", -5.0)
    song.touch("vocals.level_db", down=False)
    assert song.mix.automation == {}
    assert song.get("vocals.level_db") == -5.0


def test_a_master_s_commands_are_followed(song):
    song.follow(Command(Action.START, 3.0))
    wait_until(lambda: song.position_seconds > 3.01)
    song.follow(Command(Action.SPEED, speed=1.004))
    settle(song)
    assert song.player.speed == pytest.approx(1.004)
    song.follow(Command(Action.STOP, 7.0))
    settle(song)
    assert song.player.state is not State.PLAYING
    wait_until(lambda: song.position_seconds == pytest.approx(7.0))


def test_a_fader_of_a_device_moves_the_mix(song):
    DEVICES.clear()
    DEVICES.plug("Faders")
    fader = Source(port="Faders", channel=1, kind=Kind.CC, number=7)
    settings = ControlSettings(mappings=(Mapping(source=fader, address="vocals.level_db"),))
    surfaces = Surfaces(song, MidiSystem(mido.Backend("tests.control.fake_midi")), settings)
    try:
        surfaces.pump()
        assert surfaces.problems == ()
        DEVICES.play("Faders", mido.Message("control_change", control=7, value=0))
        surfaces.pump()
        assert song.get("vocals.level_db") == -math.inf
        DEVICES.play("Faders", mido.Message("control_change", control=7, value=127))
        surfaces.pump()
        assert song.get("vocals.level_db") == 12.0
    finally:
        surfaces.close()


def test_controls_can_be_learnt_for_any_stem_before_there_is_a_song():
    anything = AnyMix()
    assert anything.parameter("guitar.level_db").name == "level_db"
    assert anything.parameter("guitar.reverb.amount").name == "amount"
    assert anything.parameter(PLAY) is not None
    assert anything.parameter("guitar.reverb.size") is None
    assert anything.parameter("guitar") is None
    anything.set("guitar.pan", 0.5)
    assert anything.get("guitar.pan") == 0.5
    assert anything.get("guitar.reverb.width") == anything.parameter("guitar.reverb.width").default


def test_time_code_says_where_the_song_is(song):
    DEVICES.clear()
    DEVICES.plug("DAW")
    system = MidiSystem(mido.Backend("tests.control.fake_midi"))
    with pytest.raises(UserError, match=r"no MIDI output Tape.*DAW"):
        TimeCodeOut(song, system, "Tape", FrameRate.FPS_25)
    follower = TimeCodeFollower()
    sender = TimeCodeOut(song, system, "DAW", FrameRate.FPS_25)
    try:
        song.set(POSITION, 5.0)
        song.set(PLAY, 1.0)
        messages = []

        def quarters():
            messages.extend(DEVICES.take_sent("DAW"))
            return [message for message in messages if message.type == "quarter_frame"]

        wait_until(lambda: len(quarters()) >= 60)
        ahead_seconds = 5.0 + len(quarters()) / 100 - song.position_seconds
    finally:
        sender.close()
    assert ahead_seconds < 0.08, "it does not run ahead of the song"
    sent = quarters()
    for number, message in enumerate(sent):
        follower.feed(message, number * 0.01)
    state = follower.state((len(sent) - 1) * 0.01)
    assert state.running
    assert state.position_seconds == pytest.approx(5.0 + len(sent) / 100, abs=0.08)


def test_a_ride_after_a_seek_is_where_the_song_was_sent(song):
    course = tuple(Point(float(at), -1.0) for at in range(SECONDS))
    song.change(changed(song.mix, automation={"vocals.level_db": course}))
    song.set(RECORD, 1.0)
    song.set(PLAY, 1.0)
    wait_until(lambda: song.position_seconds > 0.05)
    song.seek(15.0)
    song.touch("vocals.level_db", down=True)
    song.set("vocals.level_db", -9.0)
    wait_until(lambda: song.position_seconds > 15.1)
    song.touch("vocals.level_db", down=False)
    kept = [point for point in song.mix.automation["vocals.level_db"] if point.seconds < 14.5]
    assert kept == [point for point in course if point.seconds < 14.5]


def test_a_hand_that_holds_already_is_recorded_too(song):
    song.set(PLAY, 1.0)
    wait_until(lambda: song.position_seconds > 0.05)
    song.touch("vocals.level_db", down=True)
    song.set(RECORD, 1.0)
    song.set("vocals.level_db", -9.0)
    song.set(RECORD, 0.0)
    assert song.mix.automation["vocals.level_db"][-1].value == -9.0


def test_mono_stems_can_be_panned_while_they_play():
    stems = {"a": ClipStem(AudioClip(np.full((1, RATE), 0.25, np.float32), RATE))}
    with Listening(stems, neutral(("a",)), "silent") as listening:
        listening.set("a.pan", 1.0)
        listening.set(PLAY, 1.0)
        wait_until(lambda: listening.position_seconds > 0.05)
        levels = listening._tap.at(listening.player.position_frames).strips["a"]
        assert levels.peak == pytest.approx([0.0, 0.25 * 2**0.5], abs=1e-4)


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

    @property
    def frames(self):
        return sum(block.shape[1] for block in self.blocks)

    @property
    def sound(self):
        return np.concatenate(self.blocks, axis=1)


def sine(hz, level=0.25):
    wave = level * np.sin(2 * np.pi * hz * np.arange(SECONDS * RATE) / RATE)
    return np.tile(wave, (2, 1)).astype(np.float32)


def outside_db(sound, hz, width_hz):
    """Energy further than `width_hz` from a tone, re the tone's."""
    power = np.abs(np.fft.rfft(sound * np.blackman(len(sound)))) ** 2
    away = np.abs(np.fft.rfftfreq(len(sound), 1 / RATE) - hz) > width_hz
    return 10 * math.log10(power[away].sum() / power[~away].sum())


@pytest.mark.parametrize(
    ("address", "value", "level"),
    [("a.level_db", -12.0, 10 ** (-12 / 20)), ("a.pan", 1.0, 0.0), ("a.mute", 1.0, 0.0)],
)
def test_a_control_that_jumps_while_it_plays_does_not_click(address, value, level):
    stems = {"a": ClipStem(AudioClip(sine(997), RATE))}
    recorder = Recorder()
    with Listening(stems, neutral(("a",)), outputs=recorder) as listening:
        listening.set(PLAY, 1.0)
        wait_until(lambda: listening.position_seconds > 0.3)
        listening.set(address, value)
        asked = recorder.frames
        wait_until(lambda: recorder.frames > asked + 0.6 * RATE)
    begun = np.flatnonzero(recorder.sound[0])[0] + RATE // 20
    heard = recorder.sound[0, begun : asked + round(0.5 * RATE)]
    assert np.abs(heard[-2000:]).max() == pytest.approx(0.25 * level, abs=1e-3)
    assert np.abs(heard[:2000]).max() == pytest.approx(0.25, abs=1e-3)
    assert outside_db(heard, 997, 700) < -60
    stepped = sine(997)[0, : len(heard)]
    stepped[len(heard) // 2 + 11 :] *= 0.25
    assert outside_db(stepped, 997, 700) > -55  # the measure sees a step


def test_a_loop_does_not_click_where_it_begins_again(song):
    song.set_loop(1.0, 2.0)
    assert song.player.settle(2)
    assert song.player.loop.seam_frames == pytest.approx(0.005 * song.sample_rate, abs=1)
