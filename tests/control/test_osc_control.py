"""OSC on a mix, through real sockets, with python-osc's own client on the other side."""

from __future__ import annotations

import math
import socket
import time

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient

from stemdesk.control.osc.clients import MOST_CLIENTS
from stemdesk.control.osc.control import OscControl
from stemdesk.control.osc.names import Names
from stemdesk.control.target import PLAY, POSITION, STOP
from stemdesk.errors import UserError
from stemdesk.mixing.parameters import LEVEL_DB, fader_travel
from tests.control.fake_target import FakeTarget

LEVEL = "vocals.level_db"


class Rig:
    """A mix, its OSC and some clients; time stands still but for :meth:`wait`."""

    def __init__(self, target=None, clients=()):
        self.target = target or FakeTarget()
        self.seconds = 100.0
        self.control = OscControl(self.target, ("127.0.0.1", 0), clients, lambda: self.seconds)

    def client(self):
        return Client(self)

    def wait(self, seconds):
        """As time goes by in the pump's own steps."""
        until = self.seconds + seconds
        while self.seconds < until:
            self.seconds = min(until, self.seconds + 0.04)
            self.control.pump()


class Client(SimpleUDPClient):
    def __init__(self, rig):
        super().__init__(*rig.control.place)
        self.rig = rig
        self._sock.bind(("127.0.0.1", 0))
        self._sock.settimeout(0.2)

    @property
    def port(self):
        return self._sock.getsockname()[1]

    def say(self, address, *values):
        self.send_message(address, list(values))
        self.pump()

    def raw(self, packet):
        self._sock.sendto(packet, self.rig.control.place)
        self.pump()

    def pump(self):
        time.sleep(0.002)  # for the kernel to hand it over
        self.rig.control.pump()

    def heard(self):
        """What has come since, as address -> last value or values."""
        self._sock.setblocking(False)
        told = {}
        while True:
            try:
                message = OscMessage(self._sock.recv(65_536))
            except BlockingIOError:
                return told
            values = list(message)
            told[message.address] = values[0] if len(values) == 1 else values


@pytest.fixture
def rig():
    rig = Rig()
    yield rig
    rig.control.close()


@pytest.fixture
def client(rig):
    with rig.client() as client:
        yield client


def test_faders_buttons_and_transport(rig, client):
    values = rig.target.values
    client.say("/vocals/level_db", -6.5)
    client.say("/drums/mute", 1)
    client.say("/bass/solo", True)
    client.say("/other/pan", -0.25)
    client.say("/vocals/reverb/amount", 40)
    client.say("/master/level_db", -1)
    client.say("/transport/play", 1.0)
    client.say("/transport/position", 61.5)
    assert values[LEVEL] == -6.5
    assert (values["drums.mute"], values["bass.solo"], values["other.pan"]) == (1, 1, -0.25)
    assert (values["vocals.reverb.amount"], values["master.level_db"]) == (40, -1)
    assert (values[PLAY], values[POSITION]) == (1, 61.5)
    client.say("/vocals/level_db", -math.inf)
    assert values[LEVEL] == -math.inf
    assert client.heard() == {}, "nobody asked"


def test_a_fader_may_send_its_travel(rig, client):
    client.say("/vocals/level_db/travel", 0.75)
    assert rig.target.values[LEVEL] == 0.0
    client.say("/vocals/level_db/travel", 0.5)
    assert rig.target.values[LEVEL] == pytest.approx(LEVEL_DB.from_travel(0.5))
    for wrong in (-0.1, 1.1, math.inf):
        client.say("/vocals/level_db/travel", wrong)
        assert "/error" in client.heard()
    assert rig.target.values[LEVEL] == pytest.approx(LEVEL_DB.from_travel(0.5))


@pytest.mark.parametrize(
    ("address", "values", "fragment"),
    [
        ("/vocals/level_db", [12.5], "vocals.level_db cannot be 12.5 dB"),
        ("/vocals/level_db", [math.inf], "cannot be inf"),
        ("/vocals/pan", [-1.5], "vocals.pan cannot be -1.5"),
        ("/vocals/mute", [2], "vocals.mute cannot be 2"),
        ("/vocals/mute", [-1], "vocals.mute cannot be -1"),
        ("/vocals/level_db", [1, 2], "takes one number"),
        ("/transport/position", [1e9], "cannot be"),
        ("/transport/position", [-1], "cannot be"),
        ("/guitar/level_db", [0], "nothing at /guitar/level_db"),
        ("/vocals/colour", [0], "nothing at /vocals/colour"),
        ("/vocals", [0], "nothing at"),
        ("/", [0], "nothing at"),
        ("/subscribe", [0], "is no port"),
        ("/subscribe", [9.5], "is no port"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(rig, client, address, values, fragment):
    before = dict(rig.target.values)
    client.say(address, *values)
    place, sentence = client.heard()["/error"]
    assert place == address
    assert fragment in sentence
    assert rig.target.values == before
    assert rig.target.log == []


def test_malformed_packets_do_no_harm_and_are_not_answered(rig, client):
    for packet in (
        b"",
        b"\0",
        b"/vocals",
        b"#bundle\0",
        b"\xff" * 9000,
        b"/vocals/mute\0\0\0\0,i\0\0",
    ):
        client.raw(packet)
    assert client.heard() == {}
    assert rig.target.log == []
    client.say("/vocals/mute", 1)
    assert rig.target.values["vocals.mute"] == 1


def test_errors_are_not_answered_with_errors(rig, client):
    client.say("/error", "x", "y")
    client.say("/error", 1)
    assert client.heard() == {}


def test_patterns_stand_for_strips(rig, client):
    client.say("/{vocals,bass}/mute", 1)
    mutes = [rig.target.values[f"{stem}.mute"] for stem in rig.target.stems]
    assert mutes == [1, 0, 1, 0]
    client.say("/*/mute", 0)
    client.say("/[!v]*/solo", 1)
    assert [rig.target.values[f"{stem}.mute"] for stem in rig.target.stems] == [0] * 4
    assert [rig.target.values[f"{stem}.solo"] for stem in rig.target.stems] == [0, 1, 1, 1]
    client.say("/*/level_db", -3)
    assert rig.target.values["master.level_db"] == -3


def test_a_question_is_answered(rig, client):
    rig.target.values[LEVEL] = -6.0
    client.say("/vocals/level_db")
    told = client.heard()
    assert told["/vocals/level_db"] == -6.0
    assert told["/vocals/level_db/travel"] == pytest.approx(fader_travel(-6.0), abs=1e-6)
    client.say("/strips")
    assert client.heard() == {"/strips": ["vocals", "drums", "bass", "other", "master"]}


def test_subscribers_are_told_everything_and_then_what_changes(rig, client):
    client.say("/subscribe")
    told = client.heard()
    for stem in rig.target.stems:
        assert {f"/{stem}/level_db", f"/{stem}/mute", f"/{stem}/solo"} <= told.keys()
    assert {"/transport/play", "/transport/stop", "/transport/position"} <= told.keys()
    assert told["/vocals/mute"] == 0
    assert isinstance(told["/vocals/mute"], int)
    rig.wait(0.2)
    assert client.heard() == {}, "nothing has changed"
    rig.target.values["drums.level_db"] = -12.0
    rig.target.values[PLAY], rig.target.values[STOP] = 1.0, 0.0
    rig.target.values["vocals.solo"] = 1.0
    rig.wait(0.1)
    assert client.heard() == {
        "/drums/level_db": -12.0,
        "/drums/level_db/travel": pytest.approx(fader_travel(-12.0), abs=1e-6),
        "/transport/play": 1,
        "/vocals/solo": 1,
    }
    client.say("/unsubscribe")
    rig.target.values["drums.level_db"] = 0.0
    rig.wait(0.2)
    assert client.heard() == {}


def test_the_position_is_told_ten_times_a_second(rig, client):
    client.say("/subscribe")
    client.heard()
    told = 0
    for _ in range(100):
        rig.target.values[POSITION] += 0.01
        rig.seconds += 0.01
        rig.control.pump()
        told += "/transport/position" in client.heard()
    assert 8 <= told <= 11


def test_a_client_may_listen_elsewhere(rig, client):
    with rig.client() as screen:
        client.say("/subscribe", screen.port)
        assert client.heard() == {}
        assert "/vocals/level_db" in screen.heard()


def test_a_client_may_be_named_from_the_start():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as screen:
        screen.bind(("127.0.0.1", 0))
        screen.settimeout(5)
        rig = Rig(clients=(screen.getsockname(),))
        rig.control.pump()
        assert OscMessage(screen.recv(1000)).address == "/vocals/level_db"
        rig.control.close()


def test_a_fader_is_not_torn_from_the_hand_and_others_see_it_move(rig, client):
    with rig.client() as other:
        client.say("/subscribe")
        other.say("/subscribe")
        client.heard(), other.heard()
        rig.wait(0.04)
        client.say("/vocals/level_db", -20.0)
        rig.wait(0.04)
        assert other.heard()["/vocals/level_db"] == -20.0
        rig.target.values[LEVEL] = 0.0  # as automation or another hand may
        rig.wait(0.04)
        assert "/vocals/level_db" not in client.heard()
        assert other.heard()["/vocals/level_db"] == 0.0
        rig.wait(0.5)
        assert client.heard()["/vocals/level_db"] == 0.0, "it was told that before it moved"


def test_a_hand_comes_and_goes_so_that_rides_can_be_recorded(rig, client):
    client.say("/vocals/level_db", -3)
    client.say("/vocals/level_db", -4)
    assert rig.target.touches(LEVEL) == ["touch"]
    rig.wait(0.5)
    assert rig.target.touches(LEVEL) == ["touch", "release"]
    client.say("/vocals/level_db", -5)
    rig.control.close()
    assert rig.target.touches(LEVEL) == ["touch", "release"] * 2


def test_a_client_is_told_of_what_it_has_set(rig, client):
    client.say("/subscribe")
    client.say("/vocals/reverb/amount", 10)
    rig.wait(0.5)
    client.heard()
    rig.target.values["vocals.reverb.amount"] = 30.0
    rig.wait(0.1)
    assert client.heard() == {"/vocals/reverb/amount": 30.0}


def test_many_clients_and_many_messages(rig, client):
    for port in range(20_000, 20_000 + 3 * MOST_CLIENTS):
        client.send_message("/subscribe", port)
    for index in range(3000):
        client.send_message("/vocals/pan", math.sin(index))
    client.pump()
    assert len(rig.control._clients.all) <= MOST_CLIENTS
    assert len(rig.target.log) <= 129, "in one round"
    rig.wait(4)
    client.say("/vocals/pan", 0.5)
    assert rig.target.values["vocals.pan"] == 0.5


def test_names_that_osc_does_not_take():
    names = Names(["Lead Vox", "Lead_Vox", "Chöre/alle", "transport", "a.b", "", "master"])
    assert names.strips == (
        *("Lead_Vox", "Lead_Vox_2", "Ch_re_alle", "transport_2", "a.b", "_", "master"),
    )
    assert names.addresses("/Lead_Vox/level_db") == (["Lead Vox.level_db"], False)
    assert names.addresses("/a.b/reverb/amount/travel") == (["a.b.reverb.amount"], True)
    assert names.addresses("/transport/play") == (["transport.play"], False)
    assert names.osc_address("Chöre/alle.level_db") == "/Ch_re_alle/level_db"
    assert names.osc_address("transport.play") == "/transport/play"


def test_the_strips_may_change_under_it(rig, client):
    rig.target.stems = ("Lead Vox", "drums")
    rig.target.parameters["Lead Vox.level_db"] = LEVEL_DB
    rig.target.values["Lead Vox.level_db"] = 0.0
    client.say("/Lead_Vox/level_db", -7)
    assert rig.target.values["Lead Vox.level_db"] == -7


def test_a_port_that_is_taken_is_a_sentence(rig):
    with pytest.raises(UserError, match="OSC cannot be received at 127"):
        OscControl(rig.target, rig.control.place)
    with pytest.raises(UserError, match="address of this computer"):
        OscControl(rig.target, ("192.0.2.1", 9000))
    with pytest.raises(UserError, match="cannot be received"):
        OscControl(rig.target, ("no such host.invalid", 9000))
