from __future__ import annotations

import os
import subprocess
import sys

import mido
import pytest

from stemdesk.control.midi.connections import Connections
from stemdesk.control.midi.names import partner, stable_names
from stemdesk.control.midi.system import RTMIDI, MidiSystem
from stemdesk.errors import UserError
from tests.control.fake_midi import backend

PLAY = mido.Message("note_on", note=94, velocity=127)


def test_alsa_numbers_are_no_part_of_a_name():
    listed = ["Midi Through:Midi Through Port-0 14:0", "nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0"]
    stable = stable_names(listed, "linux")
    assert list(stable) == ["Midi Through:Midi Through Port-0", "nanoKONTROL2:nanoKONTROL2 MIDI 1"]
    assert list(stable.values()) == listed


def test_windows_numbers_are_no_part_of_a_name():
    assert list(stable_names(["X-TOUCH 0", "MIDIIN2 (X-TOUCH) 1"], "win32")) == [
        "X-TOUCH",
        "MIDIIN2 (X-TOUCH)",
    ]
    assert list(stable_names(["IAC Bus 1"], "darwin")) == ["IAC Bus 1"]


def test_equal_devices_are_numbered_and_our_own_ports_left_out():
    listed = ["Pad 20:0", "Pad 24:0", "RtMidiIn Client:RtMidi input 129:0"]
    assert stable_names(listed, "linux") == {"Pad": "Pad 20:0", "Pad (2)": "Pad 24:0"}


@pytest.mark.parametrize(
    ("name", "others", "found"),
    [
        ("X-Touch", ["Pad", "X-Touch"], "X-Touch"),
        ("nanoKONTROL2 SLIDER/KNOB", ["Pad", "nanoKONTROL2 CTRL"], "nanoKONTROL2 CTRL"),
        ("Desk Port A", ["Desk Port B", "Desk Port C"], None),
        ("Desk", ["Pad"], None),
        ("Desk", [], None),
    ],
)
def test_the_way_back_to_a_device(name, others, found):
    assert partner(name, dict.fromkeys(others, "")) == found


class Plugged:
    """Connections to everything, and what they have heard."""

    def __init__(self, wanted=lambda _: True, **more):
        self.heard = []
        self.system = MidiSystem(backend())
        self.connections = Connections(
            self.system, wanted, lambda *heard: self.heard.append(heard), **more
        )


def test_a_device_is_heard_and_answered(devices):
    devices.plug("Desk 20:0")
    plugged = Plugged()
    assert plugged.connections.poll(0.0).opened == ("Desk",)
    devices.play("Desk 20:0", PLAY)
    assert plugged.heard == [("Desk", PLAY)]
    plugged.connections.send("Desk", PLAY)
    assert devices.sent == [("Desk 20:0", PLAY)]


def test_a_device_comes_goes_and_comes_back_under_another_number(devices):
    plugged = Plugged()
    assert plugged.connections.poll(0.0).opened == ()
    devices.plug("Desk 20:0")
    assert plugged.connections.poll(0.5).opened == ()  # not polled yet
    assert plugged.connections.poll(1.0).opened == ("Desk",)
    devices.unplug("Desk 20:0")
    assert plugged.connections.poll(2.0).lost == ("Desk",)
    assert plugged.connections.inputs == ()
    plugged.connections.send("Desk", PLAY)
    devices.plug("Desk 24:0")
    assert plugged.connections.poll(3.0).opened == ("Desk",)
    devices.play("Desk 24:0", PLAY)
    plugged.connections.send("Desk", PLAY)
    assert plugged.heard == [("Desk", PLAY)]
    assert devices.sent == [("Desk 24:0", PLAY)]


def test_a_device_replugged_between_two_polls_is_opened_anew(devices):
    devices.plug("Desk 20:0")
    plugged = Plugged()
    plugged.connections.poll(0.0)
    devices.unplug("Desk 20:0")
    devices.plug("Desk 24:0")
    changes = plugged.connections.poll(1.0)
    assert changes.lost == changes.opened == ("Desk",)
    assert list(devices.open_inputs) == list(devices.open_outputs) == ["Desk 24:0"]


def test_a_cable_pulled_while_sending_is_no_error(devices):
    devices.plug("Desk 20:0")
    plugged = Plugged()
    plugged.connections.poll(0.0)
    devices.unplug("Desk 20:0")
    plugged.connections.send("Desk", PLAY)
    plugged.connections.send("Desk", PLAY)
    assert devices.sent == []
    devices.plug("Desk 20:0")
    plugged.connections.poll(1.0)
    plugged.connections.send("Desk", PLAY)
    assert devices.sent == [("Desk 20:0", PLAY)]


def test_ports_that_nobody_wants_stay_closed(devices):
    devices.plug("Desk 20:0")
    devices.plug("Keys 24:0")
    wanted = {"Desk"}
    plugged = Plugged(wanted=lambda name: name in wanted)
    plugged.connections.poll(0.0)
    assert list(devices.open_inputs) == list(devices.open_outputs) == ["Desk 20:0"]
    wanted.clear()
    plugged.connections.poll(1.0)
    assert not devices.open_inputs
    assert not devices.open_outputs


def test_a_port_that_another_program_has_is_named_and_tried_again(devices):
    devices.plug("Desk 20:0")
    devices.busy.add("Desk 20:0")
    plugged = Plugged()
    plugged.connections.poll(0.0)
    assert (
        "Desk 20:0 cannot be opened (the device is in use)" in plugged.connections.problems["Desk"]
    )
    devices.busy.clear()
    assert plugged.connections.poll(1.0).opened == ("Desk",)
    assert plugged.connections.problems == {}


def test_the_way_back_may_be_chosen(devices):
    devices.plug("Desk 20:0", output="Motors 20:1")
    plugged = Plugged(outputs={"Desk": "Motors"})
    plugged.connections.poll(0.0)
    plugged.connections.send("Desk", PLAY)
    assert devices.sent == [("Motors 20:1", PLAY)]
    plugged.connections.poll(1.0)
    assert list(devices.open_outputs) == ["Motors 20:1"]


def test_closing_closes_everything(devices):
    devices.plug("Desk 20:0")
    plugged = Plugged()
    plugged.connections.poll(0.0)
    plugged.connections.close()
    assert not devices.open_inputs
    assert not devices.open_outputs


def test_an_unknown_port_is_refused_with_its_name(devices):
    system = MidiSystem(backend())
    for opening in (lambda: system.open_input("Desk", print), lambda: system.open_output("Desk")):
        with pytest.raises(UserError, match="The MIDI port Desk cannot be opened"):
            opening()


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (
            OSError("error creating ALSA sequencer client object."),
            "sequencer client object): start",
        ),
        (ModuleNotFoundError("No module named 'rtmidi'", name="rtmidi"), "pip install"),
        (ImportError("libjack.so.0: cannot open shared object file"), "libjack"),
    ],
)
def test_without_midi_the_reason_is_one_sentence_and_asked_for_once(devices, failure, said):
    devices.failure = failure
    devices.inputs = ["Desk"]
    system = MidiSystem(backend())
    assert said in system.reason
    assert system.reason.endswith(".")
    assert "\n" not in system.reason
    listings = devices.listings
    assert system.inputs() == system.outputs() == {}
    assert devices.listings == listings
    devices.failure = None
    assert system.retry()
    assert system.reason == ""
    assert system.inputs() == {"Desk": "Desk"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA is of Linux")
def test_without_a_sequencer_alsa_is_not_even_asked(tmp_path):
    asked = mido.Backend(RTMIDI, use_environ=False)
    system = MidiSystem(asked, sequencer=tmp_path / "seq")
    assert "modprobe snd-seq" in system.reason
    assert not asked.loaded
    (tmp_path / "seq").touch(mode=0)
    if not os.access(tmp_path / "seq", os.R_OK):
        assert not system.retry()
        assert "group `audio`" in system.reason


def test_this_computer_has_midi_or_a_reason_and_a_quiet_terminal():
    code = (
        "from stemdesk.control.midi.system import MidiSystem\n"
        "system = MidiSystem()\n"
        "for _ in range(3): system.inputs(), system.outputs()\n"
        "MidiSystem().inputs()\n"
        "print(system.reason)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr.count("ALSA lib") <= 1
    assert done.stdout.strip() == "" or done.stdout.strip().endswith(".")


def test_a_real_virtual_port():
    system = MidiSystem()
    if system.reason:
        pytest.skip(f"needs a MIDI system: {system.reason}")
    if sys.platform == "win32":
        pytest.skip("Windows has no virtual ports")
    with mido.open_output("StemDesk test", virtual=True) as port:
        name = next(full for full in system.inputs().values() if "StemDesk test" in full)
        heard = []
        with system.open_input(name, heard.append):
            port.send(PLAY)
            for _ in range(200):
                if heard:
                    break
                mido.ports.sleep()
        assert heard == [PLAY]
