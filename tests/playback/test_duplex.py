"""Input and output together: one delay, kept through gaps; devices chosen and told."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.playback.portaudio import PortAudio
from tests.playback.fake_sounddevice import FakeSounddevice, card

MICROPHONE = card("Microphone", channels=0, inputs=1)
LOOPBACK = card("Loopback", inputs=2)
DELAY = 2048


class Rig:
    """A line whose driver is turned by hand, counting frames in and out."""

    def __init__(self, *cards, source=None):
        self.module = FakeSounddevice(*(cards or (MICROPHONE, LOOPBACK)), default=1)
        self.ports = PortAudio(self.module)
        self.line = self.ports.open_duplex(source, None, 44_100, DELAY)
        self.options = self.module.streams[-1].options
        self.block = self.options["blocksize"]
        self.frame = 0
        self.heard = []

    def turn(self):
        inputs, outputs = self.options["channels"]
        ramp = np.arange(self.frame + 1, self.frame + 1 + self.block, dtype=np.float32)
        self.frame += self.block
        came_in = np.repeat(ramp[:, None], inputs, axis=1)
        out = np.full((self.block, outputs), np.nan, np.float32)
        self.options["callback"](came_in, out, self.block, SimpleNamespace(), None)
        assert np.isfinite(out).all()
        self.heard.append(out)

    @property
    def played(self):
        return np.concatenate(self.heard)


@pytest.mark.parametrize("source", ["Microphone", "Loopback"])
def test_sound_is_heard_after_the_delay(source):
    rig = Rig(source=source)
    for _ in range(40):
        rig.turn()
        rig.line.give(rig.line.take())
    delay = rig.line.delay_frames
    assert delay == DELAY + round(0.03 * 44_100)
    assert (rig.played[:delay] == 0).all()
    expected = np.arange(1, len(rig.played) - delay + 1)
    assert (rig.played[delay:] == expected[:, None]).all()
    assert rig.line.gaps == 0
    assert rig.line.latency_seconds == pytest.approx(0.02 + 0.04 + delay / 44_100)


@pytest.mark.parametrize("gap", [range(50, 70), range(50, 300)], ids=["short", "with losses"])
def test_after_a_gap_the_delay_is_what_it_was(gap):
    """In a long one the oldest sound is lost before it is taken."""
    rig = Rig()
    for turn in range(gap.stop + 200):
        rig.turn()
        if turn not in gap:
            rig.line.give(rig.line.take())
    assert rig.line.gaps > 0
    assert rig.played[-1, 0] == len(rig.played) - rig.line.delay_frames


def test_around_a_gap_the_sound_fades():
    rig = Rig()
    rig.line.give(np.ones((2, rig.block // 2), np.float32))
    while not rig.line.gaps:
        rig.turn()
    rig.line.give(np.ones((2, 10 * rig.block), np.float32))
    for _ in range(5):
        rig.turn()
    steps = np.abs(np.diff(rig.played[rig.line.delay_frames :, 0]))
    assert rig.played[-1, 0] == 1
    assert steps.max() < 0.02


def test_what_goes_wrong_in_the_drivers_thread_is_kept():
    rig = Rig()
    rig.line._to_play.append(None)
    for _ in range(rig.line.delay_frames // rig.block):
        rig.turn()
    with pytest.raises(TypeError):
        rig.turn()
    assert isinstance(rig.line.failure, TypeError)


def test_a_device_that_does_not_start_is_given_back():
    class Stuck(FakeSounddevice):
        def Stream(self, **options):  # noqa: N802
            stream = super().Stream(**options)

            def refuse():
                raise self.PortAudioError("Device unavailable")

            stream.start = refuse
            return stream

    module = Stuck(MICROPHONE, LOOPBACK, default=1)
    with pytest.raises(UserError, match="cannot run together"):
        PortAudio(module).open_duplex(None, None, 44_100, DELAY)
    assert module.streams[-1].is_closed


def test_mono_loudspeakers_play_both_sides():
    rig = Rig(MICROPHONE, card("Cube", channels=1, inputs=1))
    both = np.stack([np.full(60_000, 0.5), np.full(60_000, 0.1)]).astype(np.float32)
    rig.line.give(both)
    for _ in range(20):
        rig.turn()
    assert rig.played[-1] == pytest.approx([0.3])


def test_an_input_that_is_not_there_is_told():
    ports = PortAudio(FakeSounddevice(MICROPHONE, LOOPBACK, default=1))
    with pytest.raises(UserError, match='no sound input "Line": choose one of 0 "Microphone"'):
        ports.open_duplex("Line", None, 44_100, DELAY)
    with pytest.raises(UserError, match="No sound input was found"):
        PortAudio(FakeSounddevice(card("Speakers"))).open_duplex(None, None, 44_100, DELAY)


def test_devices_that_cannot_run_together_are_told():
    module = FakeSounddevice(MICROPHONE, card("Slow", rates=(8000,), inputs=2), default=1)
    with pytest.raises(UserError, match=r"cannot run together at 44100 Hz \(Invalid sample rate"):
        PortAudio(module).open_duplex(None, None, 44_100, DELAY)


def test_inputs_are_listed_apart_from_outputs():
    ports = PortAudio(FakeSounddevice(MICROPHONE, LOOPBACK, card("Speakers"), default=2))
    assert [each.name for each in ports.devices("input")] == ["Microphone", "Loopback"]
    assert [each.name for each in ports.devices()] == ["Loopback", "Speakers"]


def test_a_line_that_is_closed_gives_the_devices_back():
    rig = Rig()
    assert not rig.line.has_ended
    rig.line.close()
    assert rig.module.streams[-1].is_closed
    rig.ports.devices()
    assert rig.module.restarts == 1, "the list is made anew once nothing is open"
