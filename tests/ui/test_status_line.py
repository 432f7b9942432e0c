"""The line at the foot of the window."""

import numpy as np
import pytest
import soundfile

from stemdesk.errors import UserError
from stemdesk.playback import player
from stemdesk.playback.silent import SilentDevice

RATE = 44_100


class Cards:
    """An output that has a rate of its own, whatever the song's; or none."""

    def __init__(self):
        self.is_there = True

    def open(self, _choice, _sample_rate, channels, block_ms):
        if not self.is_there:
            raise UserError("There is no output", "plug one in")
        device = SilentDevice(96_000, channels, block_ms)
        device.name = "Interface"
        return device


@pytest.fixture
def cards(monkeypatch):
    cards = Cards()
    monkeypatch.setattr(player, "sound_cards", lambda: cards)
    return cards


@pytest.fixture
def parts(make_window, qtbot, tmp_path):
    """The parts of the status line, once a song is there."""
    window = make_window(audio_device="", separate_on_open=False)

    def parts():
        path = tmp_path / "Song.wav"
        soundfile.write(path, np.zeros((RATE, 2)), RATE, subtype="PCM_16")
        window.filing.open([path])
        qtbot.waitUntil(lambda: "kHz" in window.status.text(), timeout=20_000)
        return [each.strip() for each in window.status.text().split("·")]

    return parts


def test_it_tells_what_the_device_runs_at_and_its_buffer(cards, parts):
    assert parts()[:3] == ["Interface", "96 kHz", "buffer 20 ms"]


def test_without_a_device_it_tells_why_and_the_rate_of_the_clock(cards, parts):
    cards.is_there = False
    told = parts()
    assert "There is no output" in told[0]
    assert told[1:3] == ["44.1 kHz", "buffer 20 ms"]
