from __future__ import annotations

import threading

import mido
import pytest

from stemdesk.control.hub import MidiControl
from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Kind, Source
from stemdesk.control.midi.system import MidiSystem
from stemdesk.control.settings import ControlSettings, Desk, DeskKind, PotButton, Sync, SyncKind
from stemdesk.control.sync.mtc_messages import quarter_frame
from stemdesk.control.sync.state import Lock
from stemdesk.control.sync.timecode import FrameRate
from stemdesk.errors import UserError
from tests.control.fake_midi import backend
from tests.control.fake_target import FakeTarget

LEVEL = "vocals.level_db"
FADER = Mapping(source=Source(kind=Kind.PITCH_BEND, channel=1, port="Desk"), address=LEVEL)


def bend(value, channel=0):
    return mido.Message("pitchwheel", channel=channel, pitch=value - 8192)


def cc(control, value):
    return mido.Message("control_change", control=control, value=value)


class Rig:
    """A hub with a clock that a test turns."""

    def __init__(self, *mappings, target=None, **settings):
        self.target = target or FakeTarget()
        self.now = 0.0
        self.settings = ControlSettings(mappings=mappings, **settings)
        self.hub = MidiControl(
            self.target, MidiSystem(backend()), self.settings, clock=lambda: self.now
        )

    def pump(self, seconds=0.0):
        self.now += seconds
        self.hub.pump()


def test_from_a_device_to_the_mix_and_back(devices):
    devices.plug("Desk 20:0")
    rig = Rig(FADER)
    rig.pump()
    assert devices.take_sent("Desk 20:0") == [bend(round(0.75 * 16383))]
    devices.play("Desk 20:0", bend(16383))
    assert rig.target.log == []  # nothing happens on MIDI's thread
    rig.pump(0.01)
    assert rig.target.log == [(LEVEL, "touch"), (LEVEL, 12.0)]
    rig.pump(0.4)
    assert rig.target.touches(LEVEL) == ["touch", "release"]
    devices.take_sent()
    rig.target.values[LEVEL] = 0.0
    rig.pump(0.1)
    assert devices.take_sent() == [bend(round(0.75 * 16383))]


def test_the_target_is_called_on_the_pumping_thread_only(devices):
    devices.plug("Desk 20:0")
    rig = Rig(FADER)
    rig.pump()
    threads = set()
    rig.target.set = lambda *_: threads.add(threading.current_thread())
    player = threading.Thread(target=devices.play, args=("Desk 20:0", bend(5), bend(6)))
    player.start()
    player.join()
    rig.pump(0.01)
    assert threads == {threading.current_thread()}


def test_two_devices_keep_each_other_in_step(devices):
    devices.plug("Desk 20:0")
    devices.plug("Keys 24:0")
    knob = Mapping(source=Source(kind=Kind.CC, number=7, channel=1, port="Keys"), address=LEVEL)
    rig = Rig(FADER, knob)
    rig.pump()
    devices.take_sent()
    devices.play("Keys 24:0", cc(7, 127))
    rig.pump(0.1)
    assert devices.take_sent("Desk 20:0") == [bend(16383)]
    for _ in range(100):  # and nothing swings between them
        for message in devices.take_sent("Desk 20:0"):
            devices.play("Desk 20:0", message)
        rig.pump(0.02)
    assert [value for _, value in rig.target.log if not isinstance(value, str)] == [12.0]


def test_only_ports_in_use_are_opened_until_something_is_learnt(devices):
    devices.plug("Desk 20:0")
    devices.plug("Keys 24:0")
    rig = Rig(FADER)
    rig.pump()
    assert rig.hub.inputs == ("Desk",)
    rig.hub.learn("drums.level_db")
    assert rig.hub.inputs == ("Desk", "Keys")
    rig.hub.stop_learning()
    assert rig.hub.inputs == ("Desk",)


def test_learning_binds_and_reports_and_is_undone(devices):
    devices.plug("Desk 20:0")
    rig = Rig()
    rig.pump()
    rig.hub.learn(LEVEL)
    assert rig.hub.learning == "Move the control, or press the button"
    for value in range(30, 50):
        devices.play("Desk 20:0", cc(80, value))
        rig.pump(0.02)
    assert rig.hub.learning is None
    learned = rig.hub.take_learned()
    assert rig.hub.take_learned() is None
    assert learned.conflicts == ()
    assert learned.mapping.mode is Mode.PICK_UP
    assert rig.hub.mappings == rig.hub.settings.mappings == (learned.mapping,)
    rig.hub.learn("drums.level_db")
    for value in range(70, 50, -1):
        devices.play("Desk 20:0", cc(80, value))
        rig.pump(0.02)
    assert rig.hub.take_learned().conflicts == (learned.mapping,)
    assert len(rig.hub.mappings) == 2
    rig.hub.unlearn(learned.mapping)
    rig.hub.unlearn_address("drums.level_db")
    assert rig.hub.settings.mappings == ()


def test_while_learning_nothing_is_driven(devices):
    devices.plug("Desk 20:0")
    rig = Rig(FADER)
    rig.pump()
    rig.hub.learn("drums.level_db")
    devices.play("Desk 20:0", bend(100), bend(200))
    rig.pump(0.01)
    assert rig.target.log == []
    devices.play("Desk 20:0", bend(4000))
    rig.pump(0.01)
    assert [each.address for each in rig.hub.mappings] == [LEVEL, "drums.level_db"]
    devices.play("Desk 20:0", bend(0))
    rig.pump(0.01)
    assert rig.target.travel(LEVEL) == rig.target.travel("drums.level_db") == 0.0


def test_learning_the_same_control_again_replaces_it(devices):
    devices.plug("Desk 20:0")
    rig = Rig(FADER)
    rig.pump()
    rig.hub.learn(LEVEL)
    devices.play("Desk 20:0", mido.Message("note_on", note=104, velocity=9))
    devices.play("Desk 20:0", bend(100), bend(4000))
    rig.pump(0.01)
    (mapping,) = rig.hub.mappings
    assert mapping.touch.number == 104


def test_what_cannot_be_learnt_is_refused(devices):
    with pytest.raises(UserError, match=r"no parameter guitar\.pan"):
        Rig().hub.learn("guitar.pan")
    devices.failure = OSError("no sequencer")
    with pytest.raises(UserError, match="without MIDI"):
        Rig().hub.learn(LEVEL)


def test_without_midi_everything_else_goes_on(devices):
    devices.failure = OSError("no sequencer")
    rig = Rig(FADER, desks=(Desk(port="*"),), sync=Sync(kind=SyncKind.CLOCK))
    rig.pump()
    rig.pump(2.0)
    (problem,) = rig.hub.problems
    assert "no sequencer" in problem
    assert rig.hub.follower.state(2.0).lock is Lock.STOPPED
    rig.hub.close()


def test_a_device_plugged_in_again_is_shown_everything(devices):
    devices.plug("Desk 20:0")
    rig = Rig(FADER)
    rig.pump()
    devices.play("Desk 20:0", bend(9000))
    rig.pump(0.01)
    devices.unplug("Desk 20:0")
    rig.pump(1.1)
    assert rig.target.touches(LEVEL) == ["touch", "release"]
    devices.take_sent()
    devices.plug("Desk 28:0")
    rig.pump(1.1)
    assert devices.take_sent("Desk 28:0") == [bend(9000)]


def test_a_mackie_desk_with_an_extender(devices):
    stems = tuple(f"s{number}" for number in range(16))
    rig = Rig(
        target=FakeTarget(stems),
        desks=(Desk(port="X-Touch"), Desk(port="XT", kind=DeskKind.MACKIE_EXTENDER)),
    )
    devices.plug("XT 24:0")
    devices.plug("X-Touch 20:0")
    rig.pump()
    first = [message.hex() for message in devices.take_sent("X-Touch 20:0")]
    assert first[0] == "F0 00 00 66 14 00 F7"
    devices.play("XT 24:0", bend(0, channel=2))
    rig.pump(0.05)
    assert rig.target.travel("s10.level_db") == 0.0
    devices.play("X-Touch 20:0", mido.Message("note_on", note=16, velocity=127))
    rig.pump(0.05)
    assert rig.target.get("s0.mute") == 1.0
    lamp = mido.Message("note_on", note=16, velocity=127)
    assert lamp in devices.take_sent("X-Touch 20:0")
    devices.unplug("X-Touch 20:0")
    rig.pump(1.1)
    devices.plug("X-Touch 32:0")
    rig.pump(1.1)
    assert lamp in devices.take_sent("X-Touch 32:0")
    rig.hub.close()
    assert not devices.open_inputs


def test_a_desk_as_it_is_set_up(devices):
    devices.plug("Desk 20:0")
    pots = {PotButton.SEND: "reverb.amount", PotButton.PAN: "pan"}
    rig = Rig(desks=(Desk(port="Desk", pots=pots, time_code=FrameRate.FPS_25),))
    rig.target.values["transport.position"] = 1.48
    rig.pump()
    sent = [message.hex() for message in devices.take_sent()]
    assert {"90 29 7F", "90 2A 00", "90 71 7F", "B0 41 31", "B0 40 32"} <= set(sent)
    devices.play("Desk 20:0", cc(16, 1))
    rig.pump(0.05)
    assert rig.target.get("vocals.reverb.amount") == pytest.approx(22.0)


def test_a_desks_messages_do_not_reach_mappings(devices):
    devices.plug("Desk 20:0")
    anywhere = Mapping(source=Source(kind=Kind.PITCH_BEND), address="master.level_db")
    rig = Rig(anywhere, desks=(Desk(port="Desk"),))
    rig.pump()
    devices.play("Desk 20:0", bend(0, channel=1))
    rig.pump(0.01)
    assert rig.target.travel("drums.level_db") == 0.0
    assert rig.target.get("master.level_db") == 0.0


def test_time_code_is_heard_with_the_time_of_its_arrival(devices):
    devices.plug("Tape 20:0")
    devices.plug("Keys 24:0")
    rig = Rig(sync=Sync(kind=SyncKind.TIME_CODE, port="Tape", offset_seconds=3600.0))
    rig.pump()
    assert rig.hub.inputs == ("Tape",)
    rate = FrameRate.FPS_25
    for quarter in range(40):
        rig.now = 5.0 + quarter * 0.01
        devices.play("Tape 20:0", quarter_frame(3610 * 100 + quarter, rate))
    rig.now = 5.5  # the owner was busy
    rig.pump()
    state = rig.hub.follower.state(5.4)
    assert state.lock is Lock.LOCKED
    assert state.position_seconds == pytest.approx(10.4)


def test_an_owner_that_stalls_loses_the_oldest_and_nothing_else(devices):
    devices.plug("Desk 20:0")
    rig = Rig(FADER)
    rig.pump()
    for value in range(12_000):
        devices.open_inputs["Desk 20:0"](bend(value))
    rig.pump(0.1)
    assert rig.target.travel(LEVEL) == pytest.approx(11_999 / 16383)
    assert len([1 for _, what in rig.target.log if not isinstance(what, str)]) == 10_000


def test_a_pair_whose_lower_half_does_not_come_still_moves(devices):
    devices.plug("Desk 20:0")
    pair = Mapping(source=Source(kind=Kind.CC14, number=7), address="vocals.pan")
    rig = Rig(pair)
    rig.pump()
    devices.play("Desk 20:0", cc(7, 64), cc(39, 1))
    rig.pump(0.01)
    devices.play("Desk 20:0", cc(7, 127))
    rig.pump(0.001)
    rig.pump(0.02)
    assert rig.target.get("vocals.pan") == pytest.approx(127 * 128 / 16383 * 2 - 1)


def test_the_real_system_of_this_computer(target):
    hub = MidiControl(target, MidiSystem(), ControlSettings())
    for _ in range(3):
        hub.pump()
    assert all(problem.endswith(".") for problem in hub.problems)
    hub.close()
