"""``stemdesk play --osc`` as a real process, driven through a real socket."""

from __future__ import annotations

import signal
import socket
import sys
import time

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient

from stemdesk.mixing.recipe import load_recipe
from tests.app.tiny import RATE, music, save_song

PATIENCE_SECONDS = 60


@pytest.fixture
def stems(tmp_path):
    for seed, name in enumerate(("vocals", "drums")):
        save_song(tmp_path / "Song" / f"{name}.wav", music(20 * RATE, seed=seed, level=0.2))
    return tmp_path / "Song"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_song_is_driven_and_what_was_done_is_kept(start, stems, tmp_path):
    port, recipe = free_port(), tmp_path / "ridden.toml"
    child = start(
        *("play", stems, "--output-device", "silent", "--wait"),
        *("--osc", port, "--save-recipe", recipe),
    )
    with SimpleUDPClient("127.0.0.1", port) as client:
        heard = {}

        def hear_until(holds):
            end = time.monotonic() + PATIENCE_SECONDS
            while not holds():
                assert time.monotonic() < end, heard
                assert child.poll() is None, child.communicate()
                client.send_message("/subscribe", [])
                if packet := client.receive(0.1):
                    message = OscMessage(packet)
                    heard[message.address] = list(message)

        hear_until(lambda: "/transport/position" in heard)
        client.send_message("/vocals/level_db", -12.5)
        client.send_message("/drums/level_db", 99)
        client.send_message("/transport/play", 1)
        hear_until(lambda: heard["/transport/position"][0] > 0.3)
        hear_until(lambda: heard["/vocals/level_db"] == [-12.5])
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=PATIENCE_SECONDS)
    assert f"OSC is received at 127.0.0.1:{port}." in err
    assert load_recipe(recipe).mix.strip("vocals").level_db == -12.5
    assert load_recipe(recipe).mix.strip("drums").level_db == 0.0


@pytest.mark.parametrize(
    ("options", "fragment", "status"),
    [
        (["--osc", "0"], "is not a port", 2),
        (["--osc", "localhost"], "is not a port", 2),
        (["--osc", "70000"], "is not a port", 2),
        (["--osc-to", "9000"], "without --osc", 2),
        (["--osc", "192.0.2.1:9000"], "OSC cannot be received at 192.0.2.1:9000", 1),
    ],
)
def test_what_cannot_be_is_refused(stemdesk, stems, options, fragment, status):
    stemdesk("play", stems, "--output-device", "silent", *options).refused(fragment, status=status)
