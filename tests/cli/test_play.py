import time

import pytest

from stemdesk.control.midi.system import MidiSystem
from stemdesk.mixing.recipe import load_recipe
from tests.app.tiny import RATE, music, save_song


@pytest.fixture
def stems(tmp_path):
    folder = tmp_path / "My Song"
    for seed, name in enumerate(("vocals", "drums")):
        save_song(folder / f"{name}.wav", music(3 * RATE, seed=seed, level=0.2))
    return folder


@pytest.fixture
def play(stemdesk, stems):
    return lambda *options: stemdesk("play", stems, "--output-device", "silent", *options)


def test_a_song_plays_to_its_end_in_its_own_time(play):
    begun = time.monotonic()
    assert play("--from", "2.5").status == 0
    assert time.monotonic() - begun > 0.4


def test_speed_and_mix_are_heard(play, tmp_path):
    recipe = tmp_path / "mine.toml"
    options = ("--from", "2.8", "--speed", "0.5", "--vocals", "-6", "--save-recipe", recipe)
    assert play(*options).status == 0
    assert load_recipe(recipe).mix.strip("vocals").level_db == -6
    play("--save-recipe", recipe).refused("mine.toml exists already")


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        (["--loop", "1-"], "--loop 1-"),
        (["--loop", "0-99"], "leaves the song"),
        (["--loop", "1-1"], "make it 10 ms long"),
        (["--speed", "9"], "cannot play at 9 times"),
        (["--guitar", "1"], "stem guitar"),
    ],
)
def test_what_cannot_be_is_refused(play, options, fragment):
    play(*options).refused(fragment)


def test_without_a_song_there_is_nothing_to_play(stemdesk):
    stemdesk("play").refused("nothing to play")


def test_keys_on_a_terminal(terminal, stems, tmp_path):
    recipe = tmp_path / "mine.toml"
    options = ["--output-device", "silent", "--loop", "0-1", "--save-recipe", recipe]
    screen = terminal("play", stems, *options)
    screen.read_until("playing")
    screen.type(" ")
    screen.read_until("paused")
    screen.type("1")
    screen.read_until("solo vocals")
    screen.type("\x1b[A")
    screen.read_until("1.05x")
    screen.type("q")
    assert screen.child.wait(30) == 0
    assert load_recipe(recipe).mix.strip("vocals").solo


def test_midi_is_set_up_and_shown(stemdesk):
    assert stemdesk("midi", "desk", "X-Touch*").status == 0
    assert stemdesk("midi", "follow", "time-code", "--port", "DAW*", "--offset", 3600).status == 0
    told = stemdesk("midi").out
    assert "desk    X-Touch* (mackie)" in told
    assert "follow  time_code from DAW*, song at 3600 s" in told
    assert stemdesk("midi", "desk", "X-Touch*", "--remove").status == 0
    assert stemdesk("midi", "follow", "off").status == 0
    told = stemdesk("midi").out
    assert "desk" not in told
    assert "follow" not in told
    stemdesk("midi", "desk", "Other", "--remove").refused("No desk Other")
    stemdesk("midi", "forget", "vocals.pan").refused("No control is bound to vocals.pan")


def test_without_midi_learning_says_why(stemdesk):
    if not MidiSystem().reason:
        pytest.skip("this computer has MIDI")
    stemdesk("midi", "learn", "vocals.pan").refused("learnt without MIDI")
    assert MidiSystem().reason in stemdesk("midi").out


def test_a_master_is_not_waited_for_where_there_is_no_midi(stemdesk, play):
    if not MidiSystem().reason:
        pytest.skip("this computer has MIDI")
    assert stemdesk("midi", "follow", "time-code").status == 0
    ran = play("--from", "2.8")
    assert ran.status == 0
    assert MidiSystem().reason in ran.err
