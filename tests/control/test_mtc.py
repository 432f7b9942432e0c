from __future__ import annotations

import random

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.control.sync.mtc_follower import TimeCodeFollower
from stemdesk.control.sync.mtc_messages import full_frame, opened_full_frame, quarter_frame
from stemdesk.control.sync.mtc_sender import TimeCodeSender
from stemdesk.control.sync.state import Lock
from stemdesk.control.sync.timecode import FrameRate, Timecode

RATES = list(FrameRate)
DROP = FrameRate.FPS_30_DROP


def test_quarter_frames_byte_by_byte():
    number = DROP.number(Timecode(21, 37, 58, 29)) // 2 * 2
    label = DROP.label(number)
    assert label == Timecode(21, 37, 58, 28)
    sent = [quarter_frame(number * 4 + piece, DROP).hex() for piece in range(8)]
    assert sent == ["F1 0C", "F1 11", "F1 2A", "F1 33", "F1 45", "F1 52", "F1 65", "F1 75"]


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(RATES), st.integers(0, 2_000_000))
def test_full_frames_there_and_back(rate, number):
    assert opened_full_frame(full_frame(number, rate)) == (rate, number)


def test_full_frame_bytes():
    message = full_frame(FrameRate.FPS_25.number(Timecode(1, 2, 3, 4)), FrameRate.FPS_25)
    assert message.hex() == "F0 7F 7F 01 01 21 02 03 04 F7"
    other_device = mido.Message("sysex", data=(0x7F, 0x05, 1, 1, 0x21, 2, 3, 4))
    assert opened_full_frame(other_device) is not None
    for data in ((0x7F, 0x7F, 1, 2, 0, 0, 0, 0), (0x7F, 0x7F, 1, 1, 0, 0, 0), (0x7E,), ()):
        assert opened_full_frame(mido.Message("sysex", data=data)) is None


def _all(_index):
    return True


def _none(_index):
    return False


class Tape:
    """A machine that sends time code as its sender has it, over a cable with jitter."""

    def __init__(self, rate, start_seconds=0.0, offset_seconds=0.0, jitter_seconds=0.0, **follow):
        self.rate, self.position = rate, start_seconds
        self.now = 100.0
        self.follower = TimeCodeFollower(offset_seconds, **follow)
        self.noise, self.jitter_seconds = random.Random(5), jitter_seconds
        self.drop, self.sent, self.errors = _none, 0, []
        self.sender = TimeCodeSender(rate, self._hear, offset_seconds)
        self.sender.locate(start_seconds)

    def _hear(self, message):
        self.sent += 1
        if self.drop(self.sent):
            return
        late_seconds = self.noise.uniform(0, self.jitter_seconds)
        self.follower.feed(message, self.now + late_seconds)

    def run(self, seconds, speed=1.0):
        """Run quarter by quarter; collects the follower's errors between them."""
        end = self.now + seconds
        while True:
            wait_seconds = self.sender.wait_seconds(speed) + 1e-9
            if self.now + wait_seconds > end:
                break
            self.now += wait_seconds
            self.position += wait_seconds * speed
            self.sender.advance(self.position)
            half = 0.4 * wait_seconds
            state = self.follower.state(self.now + max(half, self.jitter_seconds))
            if state.running:
                expected = self.position + speed * max(half, self.jitter_seconds)
                self.errors.append(state.position_seconds - expected)
        self.position += (end - self.now) * speed
        self.now = end
        self.sender.advance(self.position)
        return self.follower.state(self.now + self.jitter_seconds)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("speed", [1.0, -1.0])
def test_every_rate_is_followed_both_ways(rate, speed):
    tape = Tape(rate, start_seconds=65.0)  # over a minute, where labels may drop
    state = tape.run(10.0, speed)
    assert state.lock is Lock.LOCKED
    assert state.position_seconds == pytest.approx(65.0 + 10.0 * speed, abs=1e-4)
    assert state.speed == pytest.approx(speed, abs=1e-4)
    assert tape.follower.rate is rate
    assert max(map(abs, tape.errors)) < 1e-4


@pytest.mark.parametrize("rate", RATES)
def test_it_locks_within_two_labels(rate):
    tape = Tape(rate, start_seconds=0.013)
    state = tape.run(3.9 / float(rate.fps))
    assert state.running
    assert state.position_seconds == pytest.approx(0.013 + 3.9 / float(rate.fps), abs=1e-3)


def test_jitter_of_the_cable_is_smoothed():
    tape = Tape(FrameRate.FPS_25, jitter_seconds=0.004)
    tape.run(5.0)
    settled = tape.errors[100:]
    # The mean delay of 2 ms cannot be known; what is left over is half the jitter.
    assert max(settled) - min(settled) < 0.0022
    assert tape.follower.state(tape.now).speed == pytest.approx(1.0, abs=0.005)


def test_jitter_does_not_spoil_the_first_speeds():
    tape = Tape(FrameRate.FPS_25, jitter_seconds=0.004)
    speeds = [tape.run(0.01).speed for _ in range(25)]
    assert {round(speed, 9) for speed in speeds if speed} == {1.0}


@pytest.mark.parametrize("speed", [0.95, 1.05, 0.999])
def test_varispeed_is_measured(speed):
    state = Tape(DROP).run(5.0, speed)
    assert state.speed == pytest.approx(speed, abs=1e-4)
    assert state.position_seconds == pytest.approx(5.0 * speed, abs=1e-3)


def test_a_change_of_speed_is_caught_up_with():
    tape = Tape(FrameRate.FPS_30)
    tape.run(3.0)
    state = tape.run(2.0, 1.04)
    assert state.speed == pytest.approx(1.04, abs=1e-3)
    assert state.position_seconds == pytest.approx(3.0 + 2.0 * 1.04, abs=1e-3)
    assert max(map(abs, tape.errors)) < 0.010


def test_turning_round_on_the_way():
    tape = Tape(FrameRate.FPS_24, start_seconds=20.0)
    for seconds, speed in ((1.234, 1.0), (2.345, -1.0), (0.777, 1.0), (0.003, -1.0), (1.0, 1.0)):
        state = tape.run(seconds, speed)
        assert state.position_seconds == pytest.approx(tape.position, abs=0.012)
    assert state.lock is Lock.LOCKED
    assert max(map(abs, tape.errors)) < 0.03


def test_silence_is_trusted_and_then_taken_for_a_stop():
    tape = Tape(FrameRate.FPS_25, start_seconds=10.0, freewheel_seconds=0.4)
    tape.run(2.0)
    state = tape.follower.state(tape.now + 0.04)
    assert state.lock is Lock.LOCKED
    state = tape.follower.state(tape.now + 0.3)
    assert state.lock is Lock.FREEWHEEL
    assert state.running
    assert state.position_seconds == pytest.approx(12.3, abs=1e-3)
    state = tape.follower.state(tape.now + 0.5)
    assert state.lock is Lock.STOPPED
    assert not state.running
    assert state.speed == 0.0
    assert state.position_seconds == pytest.approx(12.0, abs=0.011)


def test_a_full_frame_is_a_place_to_stand():
    tape = Tape(FrameRate.FPS_25, start_seconds=10.0)
    tape.run(2.0)
    tape.sender.locate(50.0)
    state = tape.follower.state(tape.now)
    assert (state.lock, state.position_seconds) == (Lock.STOPPED, 50.0)


def test_it_runs_on_from_where_it_was_put():
    tape = Tape(FrameRate.FPS_25, start_seconds=10.0)
    tape.run(2.0)
    tape.position = 50.0
    tape.sender.locate(50.0)
    assert tape.follower.state(tape.now).position_seconds == 50.0
    assert tape.run(1.0).position_seconds == pytest.approx(51.0, abs=1e-4)


def test_a_stop_and_a_start_elsewhere_without_a_full_frame():
    tape = Tape(FrameRate.FPS_25, start_seconds=10.0)
    tape.run(2.0)
    tape.drop = _all
    tape.position = 80.0
    tape.sender.locate(80.0)
    tape.now += 1.0
    tape.drop = _none
    tape.errors.clear()
    state = tape.run(1.0)
    assert state.position_seconds == pytest.approx(81.0, abs=1e-4)
    assert max(map(abs, tape.errors)) < 1e-4


def test_a_jump_without_any_word_is_seen_within_four_labels():
    tape = Tape(FrameRate.FPS_25)
    tape.run(2.0)
    tape.drop = _all
    tape.position += 30.0
    tape.sender.locate(tape.position)
    tape.drop = _none
    assert tape.run(8 / 25).position_seconds == pytest.approx(32.0 + 8 / 25, abs=1e-3)


def test_a_jump_that_breaks_the_count_is_seen_with_the_first_whole_label():
    tape = Tape(FrameRate.FPS_25)
    tape.run(2.0)
    tape.drop = _all
    tape.position += 30.03
    tape.sender.locate(tape.position)
    tape.drop = _none
    assert tape.run(0.17).position_seconds == pytest.approx(32.2, abs=1e-3)


@pytest.mark.parametrize("lost", [1, 2, 5, 6, 7, 10])
def test_lost_messages_do_not_shift_the_time(lost):
    tape = Tape(FrameRate.FPS_30, start_seconds=5.0)
    tape.run(2.0)
    first = tape.sent
    tape.drop = lambda index: first < index <= first + lost
    tape.errors.clear()
    state = tape.run(1.0)
    assert state.lock is Lock.LOCKED
    assert max(map(abs, tape.errors)) < 1e-3


def test_a_loss_that_leaves_the_pieces_in_order_is_made_good_by_three_labels():
    tape = Tape(FrameRate.FPS_30, start_seconds=5.0)
    tape.run(2.0)
    first = tape.sent
    tape.drop = lambda index: first < index <= first + 8
    tape.run(8.2 / 30)
    tape.errors.clear()
    tape.run(1.0)
    assert max(map(abs, tape.errors)) < 1e-3


def test_a_stalled_receiver_that_gets_everything_at_once_is_not_confused():
    tape = Tape(FrameRate.FPS_25, start_seconds=5.0)
    tape.run(2.0)
    following = 500 + tape.sent - 1  # one was a full frame
    for quarter in range(following, following + 19):
        tape.follower.feed(quarter_frame(quarter, tape.rate), tape.now + 0.19)
    state = tape.follower.state(tape.now + 0.2)
    assert state.lock is Lock.LOCKED
    assert state.position_seconds == pytest.approx(7.2, abs=1e-3)


def test_a_spliced_label_is_not_believed():
    """Some generators fill the pieces from a running counter, and mix two labels."""
    rate = FrameRate.FPS_25
    follower = TimeCodeFollower()
    quarter_seconds = 0.01
    for quarter in range(57 * 100, 63 * 100):
        live = quarter // 4  # the frame that runs now, not the one at piece 0
        code = rate.label(live)
        hours = code.hours | rate.value << 5
        fields = (code.frames, code.seconds, code.minutes, hours)
        piece = (quarter + 4) % 8  # labels begin at odd frames: one of them spans the minute
        value = fields[piece // 2] >> (4 * (piece % 2)) & 15
        message = mido.Message("quarter_frame", frame_type=piece, frame_value=value)
        follower.feed(message, quarter * quarter_seconds)
        state = follower.state(quarter * quarter_seconds)
        if state.running:
            assert state.position_seconds == pytest.approx(quarter * quarter_seconds, abs=0.05)


def test_labels_that_do_not_exist_do_not_lock():
    follower = TimeCodeFollower()
    for index in range(64):
        message = mido.Message("quarter_frame", frame_type=index % 8, frame_value=15)
        follower.feed(message, index * 0.01)
    assert follower.state(0.64).lock is Lock.ACQUIRING


def test_the_song_begins_at_an_offset():
    tape = Tape(DROP, start_seconds=4.0, offset_seconds=3600.0)
    state = tape.run(1.0)
    assert state.position_seconds == pytest.approx(5.0, abs=1e-4)


def test_midnight_comes_with_the_first_frame_again():
    rate = FrameRate.FPS_24
    tape = Tape(rate, start_seconds=86_399.0)
    assert tape.run(1.1).position_seconds == pytest.approx(0.1, abs=1e-3)


def test_nothing_heard_is_a_stop_at_the_beginning():
    state = TimeCodeFollower(10.0).state(5.0)
    assert (state.lock, state.position_seconds, state.speed) == (Lock.STOPPED, 0.0, 0.0)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(0, 7), st.integers(0, 15)).map(
                lambda each: mido.Message("quarter_frame", frame_type=each[0], frame_value=each[1])
            ),
            st.lists(st.integers(0, 127), max_size=9).map(
                lambda data: mido.Message("sysex", data=data)
            ),
        ),
        max_size=60,
    ),
    st.floats(0, 0.1),
)
def test_any_messages_are_survived(messages, spacing_seconds):
    follower = TimeCodeFollower()
    for index, message in enumerate(messages):
        follower.feed(message, index * spacing_seconds)
        follower.state(index * spacing_seconds)


def test_the_sender_counts_every_quarter_once():
    sent = []
    sender = TimeCodeSender(FrameRate.FPS_25, sent.append)
    sender.locate(0.0)
    assert sent.pop().type == "sysex"
    noise = random.Random(2)
    position = 0.0
    while position < 2.0:
        position += noise.uniform(0, 0.05)
        sender.advance(position)
    pieces = [message.frame_type for message in sent]
    assert pieces == [index % 8 for index in range(len(pieces))]
    assert len(pieces) == int(position * 100) + 1


def test_the_sender_jumps_by_a_full_frame():
    sent = []
    sender = TimeCodeSender(FrameRate.FPS_25, sent.append, offset_seconds=1.0)
    sender.advance(3.0)
    sender.advance(9.04)
    assert [message.hex() for message in sent] == [
        "F0 7F 7F 01 01 20 00 04 00 F7",
        "F0 7F 7F 01 01 20 00 0A 01 F7",
    ]
    assert sender.wait_seconds(0.0) == float("inf")
