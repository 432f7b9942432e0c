"""Details of devices that a hand or an eye notices: senses of turning, pots, lamps, beats."""

from __future__ import annotations

import mido
import pytest

from stemdesk.control.hub import MidiControl
from stemdesk.control.mackie.protocol import ASSIGN_PAN, ASSIGN_SEND
from stemdesk.control.mackie.surface import MackieControl
from stemdesk.control.mackie.unit import Unit
from stemdesk.control.mapping.decoding import Move
from stemdesk.control.mapping.driving import Driver
from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Coding, Kind, Source
from stemdesk.control.midi.system import MidiSystem
from stemdesk.control.settings import ControlSettings, Sync, SyncKind
from stemdesk.control.sync.state import Lock
from tests.control.fake_midi import backend

RIGHT, LEFT = 5, 64 + 5  # five steps, as sign and magnitude


@pytest.mark.parametrize(("inverted", "sense"), [(False, 1), (True, -1)])
def test_an_inverted_encoder_turns_the_other_way(target, inverted, sense):
    knob = Source(kind=Kind.CC, number=16, coding=Coding.SIGN_MAGNITUDE)
    mapping = Mapping(
        source=knob, address="vocals.pan", mode=Mode.RELATIVE, step=0.01, inverted=inverted
    )
    driver = Driver(target, [mapping])
    driver.drive(Move("desk", 1, Kind.CC, 16, RIGHT, 127, 0.0))
    assert target.get("vocals.pan") == pytest.approx(sense * 0.1)
    for seconds in (0.1, 0.2):
        driver.drive(Move("desk", 1, Kind.CC, 16, LEFT, 127, seconds))
    assert target.get("vocals.pan") == pytest.approx(sense * -0.1)


@pytest.fixture
def sent():
    return []


@pytest.fixture
def desk(target, sent):
    """A Mackie Control whose pots turn an effect once Send is pressed."""
    assignments = {ASSIGN_PAN: "pan", ASSIGN_SEND: "reverb.amount"}
    desk = MackieControl(Unit(target, assignments=assignments), sent.append)
    desk.connect(0.0)
    sent.clear()
    return desk


def press(desk, note):
    for velocity in (127, 0):
        desk.receive(mido.Message("note_on", note=note, velocity=velocity), 0.0)


def test_a_pot_that_is_pressed_goes_to_its_parameters_own_default(desk, target):
    press(desk, ASSIGN_SEND)
    address = "drums.reverb.amount"
    for _ in range(5):
        desk.receive(mido.Message("control_change", control=17, value=RIGHT), 0.0)
    assert target.get(address) == pytest.approx(70.0)
    press(desk, 33)
    assert target.get(address) == 20.0
    assert target.get("vocals.reverb.amount") == 20.0
    desk.receive(mido.Message("control_change", control=17, value=1), 0.1)
    assert target.get(address) == pytest.approx(22.0)


METER_DB = {1: -60, 2: -50, 3: -40, 4: -30, 5: -20, 6: -14, 7: -10, 8: -8, 9: -6, 10: -4, 11: -2}


@pytest.mark.parametrize(("lamps", "least_db"), METER_DB.items())
def test_every_lamp_of_a_meter_lights_at_its_level(desk, target, sent, lamps, least_db):
    """The steps measured on a Mackie Control Universal Pro (TouchMCU)."""
    shown = []
    for seconds, peak_db in enumerate((least_db, least_db - 0.01, least_db), start=1):
        target.meters["drums"] = peak_db
        sent.clear()
        desk.refresh(float(seconds))
        meters = [message.value for message in sent if message.type == "aftertouch"]
        shown.append([value & 0xF for value in meters if value >> 4 == 1])
    below = [lamps - 1]
    assert shown == [[lamps], below, [lamps]]


def test_a_clock_is_followed_along_the_songs_own_beats(target, devices):
    now = 0.0
    settings = ControlSettings(sync=Sync(kind=SyncKind.CLOCK, port="Drum machine"))
    hub = MidiControl(
        target,
        MidiSystem(backend()),
        settings,
        clock=lambda: now,
        seconds_at_beat=lambda beat: 1.5 + 0.75 * beat,  # a song of 80 bpm, after a pause
    )
    devices.plug("Drum machine 20:0")
    hub.pump()
    assert hub.follower.state(now).position_seconds == pytest.approx(1.5)
    devices.play("Drum machine 20:0", mido.Message("start"))
    for pulse in range(97):  # four beats of 120 bpm
        now = pulse / 48
        devices.play("Drum machine 20:0", mido.Message("clock"))
        hub.pump()
    state = hub.follower.state(now)
    assert state.lock is Lock.LOCKED
    assert state.tempo_bpm == pytest.approx(120.0)
    assert state.position_seconds == pytest.approx(1.5 + 4 * 0.75)
    assert state.speed == pytest.approx(1.5)
    hub.close()
