"""OSC on a song that plays: the mix, the transport and recorded rides follow it."""

from __future__ import annotations

import time

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient

from stemdesk.app.listening import Listening
from stemdesk.control.osc.control import OscControl
from stemdesk.mixing.recipe import fitted
from stemdesk.mixing.settings import MixSettings
from stemdesk.mixing.sources import FileStem
from stemdesk.playback.transport import State
from tests.app.tiny import RATE, music, save_song

PATIENCE_SECONDS = 30


@pytest.fixture
def listening(tmp_path):
    stems = {}
    for seed, name in enumerate(("vocals", "Lead Guitar")):
        path = save_song(tmp_path / f"{name}.wav", music(8 * RATE, seed=seed, level=0.2))
        stems[name] = FileStem(path)
    mix = fitted(MixSettings(strips=()), list(stems))
    with Listening(stems, mix, "silent") as listening:
        yield listening
    for stem in stems.values():
        stem.close()


@pytest.fixture
def control(listening):
    control = OscControl(listening, ("127.0.0.1", 0))
    yield control
    control.close()


@pytest.fixture
def client(control):
    with SimpleUDPClient(*control.place) as client:
        client._sock.bind(("127.0.0.1", 0))
        yield client


def pump_until(control, holds):
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it does not come to pass"
        control.pump()
        time.sleep(0.01)


def told(client, into):
    """Puts what has come into a dictionary."""
    client._sock.setblocking(False)
    while True:
        try:
            message = OscMessage(client._sock.recv(65_536))
        except BlockingIOError:
            return into
        into[message.address] = list(message)


def test_the_mix_and_the_transport_follow_and_tell(listening, control, client):
    heard = {}
    client.send_message("/subscribe", [])
    client.send_message("/vocals/level_db", -9.0)
    client.send_message("/Lead_Guitar/mute", 1)
    client.send_message("/transport/play", 1)
    pump_until(control, lambda: listening.player.state is State.PLAYING)
    assert listening.mix.strip("vocals").level_db == -9.0
    assert listening.get("Lead Guitar.mute") == 1
    pump_until(control, lambda: told(client, heard).get("/transport/position", [0])[0] > 0.2)
    pump_until(control, lambda: told(client, heard).get("/transport/play") == [1])
    assert heard["/transport/stop"] == [0]
    client.send_message("/transport/position", 5.0)
    pump_until(control, lambda: listening.position_seconds >= 5.0)
    client.send_message("/transport/play", 0)
    pump_until(control, lambda: listening.player.state is State.PAUSED)
    client.send_message("/transport/stop", 1)
    pump_until(control, lambda: listening.player.state is State.STOPPED)
    pump_until(control, lambda: told(client, heard).get("/transport/stop") == [1])
    assert listening.position_seconds == 0.0


def test_a_ride_is_recorded(listening, control, client):
    client.send_message("/transport/record", 1)
    client.send_message("/transport/play", 1)
    pump_until(control, lambda: listening.player.state is State.PLAYING)
    for level_db in (-3.0, -6.0, -9.0):
        client.send_message("/vocals/level_db", level_db)
        pump_until(control, lambda level_db=level_db: listening.get("vocals.level_db") == level_db)
    pump_until(control, lambda: "vocals.level_db" in listening.mix.automation)
    assert listening.mix.automation["vocals.level_db"][-1].value == -9.0
