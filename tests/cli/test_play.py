import time

import numpy as np
import pytest

from stemdesk.control.midi.system import MidiSystem
from stemdesk.mixing.recipe import load_recipe
from stemdesk.playback import player
from stemdesk.playback.choosing import choose
from stemdesk.playback.device import DeviceInfo
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
    ("options", "fragment", "status"),
    [
        (["--loop", "1-"], "--loop 1-", 2),
        (["--loop", "0-99"], "leaves the song", 1),
        (["--loop", "1-1"], "make it 10 ms long", 1),
        (["--speed", "9"], "cannot play at 9 times", 1),
        (["--guitar", "1"], "stem guitar", 1),
        (["--from", "1:00"], "--from 1:00.0 is not before the end of", 1),
        (["--from", "3"], "at 0:03.0", 1),
    ],
)
def test_what_cannot_be_is_refused(play, options, fragment, status):
    play(*options).refused(fragment, status=status)


def test_without_a_song_there_is_nothing_to_play(stemdesk):
    stemdesk("play").refused("nothing to play", status=2)


@pytest.fixture
def cards(monkeypatch):
    """The sound cards that this computer seems to have."""
    from stemdesk.playback import portaudio

    found = []

    class Cards:
        def devices(self):
            return found

        def open(self, choice, *_):
            choose(found, choice)

    monkeypatch.setattr(portaudio, "sound_cards", Cards)
    monkeypatch.setattr(player, "sound_cards", Cards, raising=False)
    return found


def test_a_sound_output_that_is_not_there_is_refused(stemdesk, stems, cards):
    words = ("play", stems, "--output-device", "nonesuch")
    stemdesk(*words).refused('no sound output "nonesuch", nor any other', "to play silently")
    cards.append(DeviceInfo(3, "Speakers", "ALSA", 2, 48_000, is_default=True))
    stemdesk(*words).refused('no sound output "nonesuch"', 'choose one of 3 "Speakers"')


def test_without_a_sound_card_it_is_said_that_nothing_is_heard(stemdesk, stems, cards):
    ran = stemdesk("play", stems, "--from", "2.9")
    assert ran.status == 0
    assert "stemdesk: No sound output was found" in ran.err
    assert "Until then the song plays silently." in ran.err


def test_automation_after_the_end_is_told(play):
    ran = play("--from", "2.9", "--automate", "vocals.pan=0@0,1@9")
    assert "vocals.pan goes on after the song's end at 0:03.0" in ran.err


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


def test_what_the_limiter_takes_away_is_shown(terminal, tmp_path):
    save_song(tmp_path / "s" / "vocals.wav", np.full((2, 3 * RATE), 0.9))
    words = ["--output-device", "silent", "--loop", "0-2"]
    screen = terminal("play", tmp_path / "s", *words, "--vocals", "6")
    screen.read_until("limiter -5.1 dB")
    screen.type("q")
    assert screen.child.wait(30) == 0
    screen = terminal("play", tmp_path / "s", *words)
    screen.read_until("0:00.5")
    screen.type("q")
    assert "limiter" not in screen.read_until()


def test_midi_is_set_up_and_shown(stemdesk):
    ran = stemdesk("midi", "desk", "X-Touch*")
    assert (ran.status, "X-Touch* is used as a desk" in ran.out) == (0, True)
    assert (MidiSystem().reason or "") in ran.err
    ran = stemdesk("midi", "follow", "time-code", "--port", "DAW*", "--offset", 3600)
    assert ran.status == 0
    assert "follows MIDI time-code from DAW*, the song beginning at 3600 s" in ran.out
    assert (MidiSystem().reason or "") in ran.err
    told = stemdesk("midi").out
    assert "desk    X-Touch* (mackie)" in told
    assert "follow  time_code from DAW*, song at 3600 s" in told
    assert "X-Touch* is used no longer" in stemdesk("midi", "desk", "X-Touch*", "--remove").out
    assert "follows nobody" in stemdesk("midi", "follow", "off").out
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
