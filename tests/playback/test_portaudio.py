from __future__ import annotations

import importlib
import sys

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.playback.output import Output
from stemdesk.playback.portaudio import PortAudio
from stemdesk.playback.transport import State, Transport
from tests.playback.fake_sounddevice import FakeSounddevice, card
from tests.playback.rig import Ramp, numbers

SPEAKERS, HEADPHONES = card("Built-in Speakers"), card("USB Headphones", rates=(48_000,))


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def test_outputs_are_listed_and_inputs_are_not():
    module = FakeSounddevice(card("Microphone", channels=0), HEADPHONES, SPEAKERS, default=2)
    listed = PortAudio(module).devices()
    assert [(each.index, each.name, each.is_default) for each in listed] == [
        (1, "USB Headphones", False),
        (2, "Built-in Speakers", True),
    ]
    assert (listed[0].host, listed[0].channels, listed[0].sample_rate) == ("ALSA", 2, 48_000)


@pytest.mark.parametrize(
    ("choice", "name"),
    [
        (None, "Built-in Speakers"),
        (1, "USB Headphones"),
        ("1", "USB Headphones"),
        ("usb head", "USB Headphones"),
        ("Speakers", "Speakers"),
        ("usb headphones, alsa", "USB Headphones"),
        ("Twice, JACK", "Twice"),
        ("twice", "Twice"),
    ],
)
def test_a_device_is_chosen_by_number_or_name(choice, name):
    module = FakeSounddevice(
        SPEAKERS, HEADPHONES, card("Speakers"), card("Twice"), card("Twice", host=1)
    )
    opened = PortAudio(module).open(choice, 48_000, 2, 20.0)
    assert opened.name == name
    if name == "Twice":
        assert module.streams[-1].card["host"] == (1 if "JACK" in choice else 0)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (
            "Bluetooth",
            'There is no sound output "Bluetooth": choose one of 0 "Built-in Speakers", '
            '1 "USB Headphones".',
        ),
        (
            "e",
            'Several sound outputs fit "e": choose one of 0 "Built-in Speakers", '
            '1 "USB Headphones".',
        ),
        (
            7,
            'There is no sound output "7": choose one of 0 "Built-in Speakers", '
            '1 "USB Headphones".',
        ),
    ],
)
def test_a_choice_that_fits_none_or_several_is_refused(choice, sentence):
    with pytest.raises(UserError) as refusal:
        PortAudio(FakeSounddevice(SPEAKERS, HEADPHONES)).open(choice, 48_000, 2, 20.0)
    assert str(refusal.value) == sentence


def test_no_sound_card_at_all_is_told():
    outputs = PortAudio(FakeSounddevice())
    assert outputs.devices() == []
    with pytest.raises(UserError, match=r"No sound output was found: connect"):
        outputs.open(None, 48_000, 2, 20.0)


@pytest.mark.parametrize(
    ("wanted", "rates", "got"),
    [
        (44_100, (48_000, 44_100), 44_100),
        (96_000, (48_000, 44_100), 48_000),
        (44_100, (192_000,), 192_000),
    ],
)
def test_a_rate_that_is_refused_gives_way_to_the_devices_own(wanted, rates, got):
    module = FakeSounddevice(card("Strict", rates=rates))
    opened = PortAudio(module).open(None, wanted, 2, 10.0)
    assert opened.sample_rate == got
    assert module.streams[-1].options["samplerate"] == got
    assert module.streams[-1].options["blocksize"] == got // 100


@pytest.mark.parametrize(
    ("channels", "devices_channels", "got"),
    [(1, 2, 2), (1, 1, 1), (2, 8, 2), (6, 8, 6), (6, 4, 2), (2, 1, 1)],
)
def test_channels_that_it_has_not_got_are_not_asked_for(channels, devices_channels, got):
    module = FakeSounddevice(card("Some", channels=devices_channels))
    assert PortAudio(module).open(None, 48_000, channels, 20.0).channels == got


def test_a_device_that_refuses_everything_is_told():
    module = FakeSounddevice(card("Odd", rates=(11_025,)))
    module.plugged = []
    with pytest.raises(UserError) as refusal:
        PortAudio(module).open(None, 48_000, 2, 20.0)
    assert str(refusal.value) == (
        'The sound output "Odd" cannot be opened (Invalid sample rate: 48000): close other '
        "programs that use it, or choose another output."
    )


def test_a_sound_system_that_does_not_answer_is_told():
    module = FakeSounddevice(SPEAKERS)
    module.fails_to_answer = True
    with pytest.raises(UserError, match=r"does not answer \(Unanticipated host error\): close"):
        PortAudio(module).devices()


def test_what_is_plugged_in_later_is_found_unless_something_plays():
    module = FakeSounddevice(SPEAKERS)
    outputs = PortAudio(module)
    opened = outputs.open(None, 48_000, 2, 20.0)
    module.plugged.append(HEADPHONES)
    assert len(outputs.devices()) == 1  # looking anew would end what plays
    opened.close()
    assert len(outputs.devices()) == 2
    assert module.restarts == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError("PortAudio library not found"),
            "There is no sound, because PortAudio is missing: install the package portaudio "
            "(Debian, Ubuntu: sudo apt install libportaudio2), then play again.",
        ),
        (
            ModuleNotFoundError("No module named 'sounddevice'"),
            "There is no sound, because sounddevice is missing: install the Python package "
            "sounddevice.",
        ),
        (
            RuntimeError("Error initializing PortAudio"),
            "There is no sound, because PortAudio does not start (Error initializing PortAudio): "
            "see to it that the computer's sound works, then play again.",
        ),
    ],
)
def test_without_portaudio_the_song_plays_in_silence_and_says_why(monkeypatch, error, sentence):
    def no_module(name):
        assert name == "sounddevice"
        raise error

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(importlib, "import_module", no_module)
    output = Output(Ramp(100), PortAudio())
    assert output.message == sentence
    assert output.line.device.name == "no sound"
    output.close()


def test_a_stream_is_fed_and_closed_in_good_order():
    module = FakeSounddevice(SPEAKERS)
    clock = Clock()
    opened = PortAudio(module, clock).open(None, 48_000, 2, 20.0)
    heard_at = []

    def callback(out, seconds):
        out[:] = 0.25
        heard_at.append(seconds)

    opened.start(callback)
    stream = module.streams[0]
    assert (stream.pull(960) == 0.25).all()
    clock.seconds = 3.0
    stream.pull(960, latency=0.07)
    stream.pull(960, latency=1e6, underflow=True)
    assert heard_at == pytest.approx([0.04, 3.07, 3.04])
    assert opened.late_blocks == 1
    opened.close()
    assert stream.calls == ["start", "stop", "close"]


def test_a_device_that_calls_no_more_is_lost_and_one_that_is_slow_to_begin_is_not():
    clock = Clock()
    module = FakeSounddevice(SPEAKERS)
    opened = PortAudio(module, clock).open(None, 48_000, 2, 20.0)
    opened.start(lambda out, _seconds: out.fill(0))
    clock.seconds = 4.0
    assert opened.lost() is None
    module.streams[0].pull(960)
    clock.seconds = 4.9
    assert opened.lost() is None
    clock.seconds = 5.1
    assert opened.lost() == 'The sound output "Built-in Speakers" has stopped'


def make_transport(module):
    clock = Clock()
    output = Output(Ramp(200_000), PortAudio(module, clock))
    transport = Transport(output)
    transport.guarded(transport.play)
    render(transport)
    return output, transport, clock


def render(transport):
    while transport.guarded(transport.step) == 0.0:
        pass


def test_pulling_the_plug_pauses_and_plugging_in_again_goes_on():
    module = FakeSounddevice(HEADPHONES, SPEAKERS)
    output, transport, clock = make_transport(module)
    assert list(numbers(module.streams[0].pull(960).T)) == list(range(960))
    clock.seconds = 0.5  # all of it has been heard
    module.plugged.remove(HEADPHONES)
    module.streams[0].options["finished_callback"]()
    render(transport)
    assert transport.state is State.PAUSED
    assert output.message == (
        'The sound output "USB Headphones" has stopped: choose another output, or play to try '
        "again."
    )
    assert module.streams[0].is_closed
    module.plugged.insert(0, HEADPHONES)
    transport.guarded(transport.play)
    render(transport)
    assert output.line.device.name == "USB Headphones"
    heard = numbers(module.streams[1].pull(960).T)
    assert heard[-1] == 960 + 959
    output.close()


def test_a_device_that_does_not_start_counts_as_lost():
    module = FakeSounddevice(SPEAKERS)
    opened = PortAudio(module).open(None, 48_000, 2, 20.0)
    module.plugged.clear()
    opened.start(lambda out, _seconds: out.fill(0))
    assert opened.lost() is not None
    opened.close()
    assert "close" in module.streams[0].calls


def test_a_surround_song_folds_down_on_the_way_to_the_card():
    module = FakeSounddevice(SPEAKERS)
    output = Output(Ramp(50_000, channels=6), PortAudio(module))
    transport = Transport(output)
    transport.guarded(transport.play)
    render(transport)
    heard = module.streams[0].pull(960)
    assert heard.shape == (960, 2)
    assert np.abs(heard).max() > 0
    output.close()
