from __future__ import annotations

import math

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.control.mackie import protocol
from stemdesk.control.mackie.bank import Bank
from stemdesk.control.mackie.protocol import ASSIGN_PAN, ASSIGN_SEND, EXTENDER
from stemdesk.control.mackie.surface import MackieControl
from stemdesk.control.mackie.text import cell, digits, value_text
from stemdesk.control.mackie.unit import Unit
from stemdesk.control.sync.timecode import FrameRate
from stemdesk.control.target import POSITION
from stemdesk.mixing.parameters import LEVEL_DB, MUTE, PAN, STRIP_PARAMETERS, Parameter
from tests.control.fake_target import CUTOFF, FakeTarget

STEMS = tuple(f"stem{number}" for number in range(1, 13))


class Rig:
    """A desk with eight strips of twelve."""

    def __init__(self, stems=STEMS, **unit):
        self.target = FakeTarget(stems)
        self.sent = []
        self.unit = Unit(self.target, **unit)
        self.desk = MackieControl(self.unit, self.sent.append)
        self.desk.connect(0.0)
        self.seconds = 0.0
        self.first = self.take()

    def take(self):
        sent, self.sent[:] = [message.hex() for message in self.sent], []
        return sent

    def press(self, *notes):
        for note in notes:
            self.receive(mido.Message("note_on", note=note, velocity=127))
            self.receive(mido.Message("note_on", note=note, velocity=0))

    def receive(self, message):
        self.desk.receive(message, self.seconds)

    def later(self, seconds=1.0):
        self.seconds += seconds
        self.desk.refresh(self.seconds)
        return self.take()


def cc(control, value):
    return mido.Message("control_change", control=control, value=value)


def fader(index, value):
    return mido.Message("pitchwheel", channel=index, pitch=value - 8192)


def touch(index, velocity):
    return mido.Message("note_on", note=104 + index, velocity=velocity)


def text_bytes(place, text):
    inner = " ".join(f"{byte:02X}" for byte in text.encode())
    return f"F0 00 00 66 14 12 {place:02X} {inner} F7"


def test_the_first_picture_byte_by_byte():
    sent = Rig().first
    assert sent[0] == "F0 00 00 66 14 00 F7"  # who is there?
    assert "F0 00 00 66 14 20 00 01 F7" in sent  # a lamp for the signal of strip 1
    assert "E0 74 5F" in sent  # fader 1 at 0 dB: 0.75 of 16368 is 2FF4
    assert "E8 74 5F" in sent  # the master's
    assert "90 10 00" in sent  # mute 1 is dark
    assert "90 2A 7F" in sent  # Pan is assigned
    assert "B0 30 56" in sent  # ring 1: from the centre, lamp 6, and the lamp below
    assert text_bytes(0, "stem1  ") in sent
    assert text_bytes(56, "C      ") in sent
    assert text_bytes(49, "stem8  ") in sent
    assert text_bytes(105, "C      ") in sent
    assert "D0 00" in sent  # meter 1 empty
    assert "D0 7F" in sent  # meter 8 without overload
    assert [m for m in sent if m[3:5] in ("49", "48", "47")] == ["B0 49 20", "B0 48 20", "B0 47 70"]
    assert len(sent) == len(set(sent))


def test_nothing_is_sent_twice():
    assert Rig().later() == []


def test_a_fader_moves_its_strip_and_is_told_where_it_was_left():
    rig = Rig()
    rig.receive(touch(2, 127))
    rig.receive(fader(2, 16368))
    assert rig.target.get("stem3.level_db") == 12.0
    rig.receive(fader(2, 8184))
    assert rig.target.travel("stem3.level_db") == pytest.approx(0.5)
    assert not [m for m in rig.later(10.0) if m.startswith("E2")]
    rig.receive(touch(2, 0))
    assert [m for m in rig.later(0.05) if m.startswith("E")] == ["E2 78 3F"]
    assert rig.target.touches("stem3.level_db") == ["touch", "release"]


def test_a_fader_that_lost_against_automation_is_driven_back():
    rig = Rig()
    rig.receive(fader(0, 3000))
    rig.later(0.1)
    rig.target.values["stem1.level_db"] = 0.0
    assert [m for m in rig.later() if m.startswith("E")] == ["E0 74 5F"]


def test_fader_positions_survive_the_way_there_and_back():
    for raw in range(0, 16369, 16):
        message = fader(0, raw)
        assert protocol.fader(0, protocol.fader_travel(message)) == message
    assert protocol.fader_travel(fader(0, 16383)) == 1.0


def test_a_fader_without_sensor_is_left_alone_for_300_ms():
    rig = Rig()
    rig.receive(fader(8, 4000))
    assert rig.target.touches("master.level_db") == ["touch"]
    assert not [m for m in rig.later(0.29) if m.startswith("E")]
    assert [m for m in rig.later(0.02) if m.startswith("E")] == [fader(8, 4000).hex()]
    assert rig.target.touches("master.level_db") == ["touch", "release"]


def test_automation_moves_the_motors_forty_times_a_second():
    rig = Rig()
    count = 0
    for step in range(1, 101):
        rig.target.values["stem1.level_db"] = -step / 10
        count += len([m for m in rig.later(0.01) if m.startswith("E0")])
    assert 30 <= count <= 41


def test_pots_turn_by_sign_and_magnitude_and_a_press_resets():
    rig = Rig()
    rig.receive(cc(16, 0x03))
    assert rig.target.get("stem1.pan") == pytest.approx(0.12)
    rig.receive(cc(16, 0x41))
    assert rig.target.get("stem1.pan") == pytest.approx(0.08)
    rig.receive(cc(23, 0x7F))
    assert rig.target.get("stem8.pan") == -1.0
    sent = rig.later()
    assert "B0 37 11" in sent  # all the way left
    assert text_bytes(105, "L100   ") in sent
    rig.press(39)
    assert rig.target.get("stem8.pan") == 0.0
    assert "B0 37 56" in rig.later()


def test_pots_may_turn_something_else():
    rig = Rig(assignments={ASSIGN_PAN: "pan", ASSIGN_SEND: "reverb.amount"})
    rig.press(ASSIGN_SEND)
    sent = rig.later()
    assert "90 29 7F" in sent
    assert "90 2A 00" in sent
    assert "B0 30 63" in sent  # 20 of 100: from the left, lamp 3, at its default
    assert text_bytes(56, "20.0%  ") in sent
    rig.receive(cc(16, 0x01))
    assert rig.target.get("stem1.reverb.amount") == pytest.approx(22.0)


@pytest.mark.parametrize(("row", "name"), [(8, "solo"), (16, "mute")])
def test_buttons_of_strips_toggle_and_light(row, name):
    rig = Rig()
    rig.press(row + 4)
    assert rig.target.get(f"stem5.{name}") == 1.0
    sent = rig.later()
    assert f"90 {row + 4:02X} 7F" in sent
    assert ("90 73 7F" in sent) == (name == "solo")  # the rude one
    rig.press(row + 4)
    assert rig.target.get(f"stem5.{name}") == 0.0
    assert f"90 {row + 4:02X} 00" in rig.later()
    assert rig.target.touches(f"stem5.{name}") == ["touch", "release"] * 2


def test_buttons_for_what_the_mix_has_not_do_nothing():
    rig = Rig()
    rig.press(0, 24, 40, 60)  # record and select of strip 1, Track, F7
    assert rig.target.log == []
    rig.target.parameters["stem1.select"] = MUTE
    rig.target.values["stem1.select"] = 0.0
    rig.press(24)
    assert rig.target.get("stem1.select") == 1.0
    assert "90 18 7F" in rig.later()


def test_transport():
    rig = Rig()
    rig.press(94)
    assert rig.target.get("transport.play") == 1.0
    assert "90 5E 7F" in rig.later()
    rig.press(93)
    assert rig.target.get("transport.stop") == 1.0
    rig.press(95, 86)
    assert rig.target.get("transport.record") == rig.target.get("transport.loop") == 1.0
    rig.press(95)
    assert rig.target.get("transport.record") == 0.0
    rig.receive(mido.Message("note_on", note=91, velocity=127))
    assert rig.target.get("transport.rewind") == 1.0
    rig.receive(mido.Message("note_off", note=91))
    assert rig.target.get("transport.rewind") == 0.0


def test_the_wheel_moves_the_song_within_its_ends():
    rig = Rig()
    rig.receive(cc(60, 4))
    assert rig.target.get(POSITION) == 2.0
    rig.press(101)
    rig.receive(cc(60, 0x42))
    assert rig.target.get(POSITION) == pytest.approx(1.96)
    rig.press(101)
    rig.receive(cc(60, 0x7F))
    assert rig.target.get(POSITION) == 0.0
    rig.target.values[POSITION] = 299.9
    rig.receive(cc(60, 1))
    assert rig.target.get(POSITION) == 300.0


def test_banks():
    rig = Rig()
    rig.press(47)
    assert rig.unit.bank.first == 4  # twelve strips: the last eight
    sent = rig.later()
    assert text_bytes(0, "stem5  ") in sent
    rig.receive(fader(0, 0))
    assert rig.target.get("stem5.level_db") == -math.inf
    rig.press(48)
    assert rig.unit.bank.first == 3
    rig.press(46, 46)
    assert rig.unit.bank.first == 0
    rig.press(49)
    assert rig.unit.bank.first == 1


def test_a_bank_takes_the_hand_off_the_strips_it_leaves():
    rig = Rig()
    rig.receive(touch(0, 127))
    rig.press(47)
    rig.later()
    assert rig.target.touches("stem1.level_db") == ["touch", "release"]


def test_fewer_strips_than_faders():
    rig = Rig(stems=("vocals", "drums"))
    assert "E2 00 00" in rig.first
    assert text_bytes(14, " " * 7) in rig.first
    rig.receive(fader(2, 8000))
    rig.receive(cc(18, 1))
    rig.press(18, 34)
    assert rig.target.log == []


def test_a_song_with_fewer_strips_moves_the_window():
    rig = Rig()
    rig.press(47)
    rig.target.stems = STEMS[:9]
    rig.later()
    assert rig.unit.bank.first == 1


def test_an_extender_shows_the_next_eight_and_has_no_master():
    rig = Rig(number=EXTENDER, bank=Bank(16), place=8)
    assert rig.first[0] == "F0 00 00 66 15 00 F7"
    assert text_bytes(0, "stem9  ").replace("66 14", "66 15") in rig.first
    assert not [m for m in rig.first if m.startswith(("E8", "B0 4"))]
    rig.receive(fader(8, 0))
    assert rig.target.log == []


def test_meters_rise_repeat_and_overload():
    rig = Rig()
    rig.target.meters["stem2"] = -9.0
    assert [m for m in rig.later() if m.startswith("D0")] == ["D0 17"]
    assert [m for m in rig.later(0.2) if m.startswith("D0")] == ["D0 17"]  # against its decay
    rig.target.meters["stem2"] = 0.1
    assert [m for m in rig.later() if m.startswith("D0")] == ["D0 1C", "D0 1E"]
    rig.target.meters["stem2"] = -math.inf
    assert [m for m in rig.later() if m.startswith("D0")] == ["D0 10"]
    assert [m for m in rig.later(2.0) if m.startswith("D0")] == ["D0 1F"]
    assert rig.later() == []


@pytest.mark.parametrize(
    ("peak_db", "level"),
    [(-math.inf, 0), (-60.1, 0), (-60, 1), (-20, 5), (-14, 6), (-2, 11), (-0.1, 11), (0, 12)],
)
def test_meter_steps(peak_db, level):
    assert protocol.meter_level(peak_db) == level


def test_the_display_of_time():
    assert digits(3723.4567, None) == "  10203456"
    assert digits(-1.0, None) == "  00000000"
    assert digits(3723.48, FrameRate.FPS_25) == "  10203 12"
    assert digits(60.06, FrameRate.FPS_30_DROP) == "  00100  2"
    rig = Rig()
    rig.target.values[POSITION] = 83.5
    changed = rig.later()
    # 01.23.500 stands at digits 5 to 0; a dot is 40 hex.
    expected = ["B0 45 71", "B0 44 32", "B0 43 73", "B0 42 35"]
    assert [m for m in changed if m.startswith("B0 4")] == expected


def test_digits_are_ascii_of_six_bits():
    assert protocol.digit(0, "A").hex() == "B0 40 01"
    assert protocol.digit(9, "7", dot=True).hex() == "B0 49 77"
    assert protocol.digit(9, " ").hex() == "B0 49 20"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20))
def test_every_name_becomes_seven_ascii_characters(name):
    text = cell(name)
    assert len(text) == 7
    assert text.isascii()
    assert text.isprintable()
    assert text[-1] == " "


def test_names_keep_what_tells_them_apart():
    assert cell("vocals") == "vocals "
    assert cell("backing vocals") == "bckng  "
    assert cell("Flügel") == "Flugel "
    assert cell("鼓") == "?      "


@pytest.mark.parametrize(
    ("parameter", "value", "text"),
    [
        (LEVEL_DB, -math.inf, "-inf"),
        (LEVEL_DB, -6.02, "-6.0dB"),
        (LEVEL_DB, -0.001, "0.00dB"),
        (PAN, 0.0, "C"),
        (PAN, -0.5, "L50"),
        (PAN, 1.0, "R100"),
        (STRIP_PARAMETERS["mute"], 1.0, "on"),
        (CUTOFF, 1234.0, "1.2kHz"),
        (CUTOFF, 440.0, "440Hz"),
        (Parameter("ratio", "Ratio", ":1", 1, 20, 2), 2.5, "2.5:1"),
    ],
)
def test_values_as_people_write_them(parameter, value, text):
    assert value_text(parameter, value) == text


def test_a_unit_that_asks_is_answered_and_shown_everything():
    rig = Rig()
    serial, challenge = (1, 2, 3, 4, 5, 6, 7), (0x12, 0x34, 0x56, 0x78)
    rig.receive(protocol.exclusive(0x14, protocol.CONNECTION_QUERY, (*serial, *challenge)))
    sent = rig.take()
    # 12 + (34 ^ 0A) - 78 = -28; 5 ^ 8A = 8F; (78 - 158) ^ 36 = -EA; 34 - 56 + (F0 ^ 780) = 74E
    assert sent[0] == "F0 00 00 66 14 02 01 02 03 04 05 06 07 58 0F 16 4E F7"
    assert set(rig.first[1:]) <= set(sent)
    rig.receive(protocol.exclusive(0x14, protocol.CONNECTION_CONFIRMED, serial))
    assert set(rig.first[1:]) <= set(rig.take())
    assert rig.desk.problem == ""


def test_a_unit_that_refuses_is_a_problem():
    rig = Rig()
    rig.receive(protocol.exclusive(0x14, protocol.CONNECTION_REFUSED, (1,) * 7))
    assert "refused" in rig.desk.problem


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 127), max_size=20))
def test_any_exclusive_message_is_survived(data):
    rig = Rig(stems=("vocals",))
    rig.receive(mido.Message("sysex", data=data))
    rig.receive(mido.Message("sysex", data=(0, 0, 0x66, 0x14, *data)))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 127), min_size=4, max_size=4))
def test_responses_are_data_bytes(challenge):
    assert all(0 <= byte < 128 for byte in protocol.response(challenge))


def test_at_the_end_the_desk_is_dark():
    rig = Rig()
    rig.target.values["stem1.mute"] = 1.0
    rig.receive(touch(0, 127))
    rig.later()
    rig.desk.release(rig.seconds)
    sent = rig.take()
    assert text_bytes(0, " " * 112) in sent
    assert "90 10 00" in sent
    assert "B0 30 00" in sent
    assert "B0 40 20" in sent
    assert rig.target.touches("stem1.level_db") == ["touch", "release"]
