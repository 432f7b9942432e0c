"""The bar, the question and the results on a real terminal."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from stemdesk.cli.question import Question
from tests.app.tiny import music, save_song

if sys.platform == "win32":
    pytest.skip("needs POSIX terminals", allow_module_level=True)


@pytest.fixture
def arguments(model, out):
    return ["separate", "--model", model, "--threads", 1, "--device", "cpu", "-o", out]


def test_the_bar_names_song_stage_and_share(terminal, arguments, tmp_path):
    first = save_song(tmp_path / "first.wav", music(44_100 * 20))
    second = save_song(tmp_path / "second.wav", music(44_100 * 20))
    run = terminal(*arguments, first, second)
    run.read_until("loading")
    run.read_until("1/2 first.wav")
    run.read_until("separating")
    run.read_until("first.wav: the stems null, 0 samples differ")
    run.read_until("2/2 second.wav")
    seen = run.read_until()
    assert run.child.wait() == 0
    assert "%" in seen
    # The bar is cleared before a result is printed, so that no line begins with its remains.
    assert "second.wav: the stems null, 0 samples differ" in seen


def test_the_question_and_the_answers(terminal, arguments, song, out):
    bass = out / "song" / "bass.wav"
    bass.parent.mkdir(parents=True)
    bass.write_bytes(b"old")
    run = terminal(*arguments, "--stems", "bass", song)
    run.read_until("exists. Replace it? [y/N] ")
    time.sleep(0.5)
    run.type("n\n")
    seen = run.read_until()
    assert "left as they are" in seen
    assert "━" not in seen.partition("[y/N]")[2]  # no bar over the question
    assert run.child.wait() == 0
    assert bass.read_bytes() == b"old"

    run = terminal(*arguments, "--stems", "bass", song)
    run.read_until("[y/N]")
    run.type("\x04")  # Ctrl-D: no answer is no
    assert "Traceback" not in run.read_until()
    assert run.child.wait() == 0
    assert bass.read_bytes() == b"old"

    run = terminal(*arguments, "--stems", "bass", song)
    run.read_until("[y/N]")
    run.child.send_signal(signal.SIGINT)
    assert "Traceback" not in run.read_until()
    assert run.child.wait() == 130

    run = terminal(*arguments, "--stems", "bass", song)
    run.read_until("[y/N]")
    run.type("y\n")
    run.read_until()
    assert run.child.wait() == 0
    assert bass.stat().st_size > 1000


def test_results_go_where_stdout_goes_although_the_bar_is_on_the_terminal(
    terminal, arguments, song, out, tmp_path
):
    with (tmp_path / "list.txt").open("w") as listed:
        run = terminal(*arguments, song, stdout=listed)
        seen = run.read_until()
    assert run.child.wait() == 0
    assert "vocals.wav" not in seen
    assert str(out / "song" / "vocals.wav") in (tmp_path / "list.txt").read_text().splitlines()


def test_a_reader_that_goes_away(start, arguments, song):
    reading, writing = os.pipe()
    child = start(*arguments, song, stdout=writing)
    os.close(writing)
    os.close(reading)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 1
    assert err == ""


def test_a_reader_that_goes_away_in_the_middle(start, arguments, tmp_path):
    song = save_song(tmp_path / "long.wav", music(44_100 * 40))
    child = start(*arguments, song, "--json")
    assert '"progress"' in child.stdout.readline()
    assert any('"separating"' in line for line in iter(child.stdout.readline, ""))
    child.stdout.close()
    child.stdout = None
    _, err = child.communicate(timeout=60)
    assert child.returncode == 1
    assert err == ""


def test_all_songs_are_asked_about_before_the_first_is_separated(
    terminal, arguments, tmp_path, out
):
    songs = [save_song(tmp_path / f"{name}.wav", music(44_100)) for name in "abc"]
    for name in "ac":
        save_song(out / name / "bass.wav", music(10))
    run = terminal(*arguments, "--stems", "bass", *songs)
    run.read_until(f"{out / 'a' / 'bass.wav'} exists. Replace it? [y]es, [N]o, [a]ll, [s]kip all")
    run.type("n\n")
    run.read_until(f"{out / 'c' / 'bass.wav'} exists. Replace it?")
    assert "separating" not in run.seen
    assert "b.wav: " not in run.seen
    run.type("a\n")
    seen = run.read_until()
    assert run.child.wait() == 0
    assert seen.count("Replace it?") == 2
    assert "a.wav: the stems exist already" in seen
    assert (out / "c" / "bass.wav").stat().st_size > 1000
    assert (out / "a" / "bass.wav").stat().st_size < 1000


class Terse:
    """Stands for the progress that the question interrupts."""

    def __init__(self, answers):
        self.answers = answers

    def in_front(self, _action):
        return self.answers.pop(0)


@pytest.mark.parametrize(
    ("songs", "answers", "replaced"),
    [
        (3, ["y", "n", "yes"], [True, False, True]),
        (3, ["n", "a"], [False, True, True]),
        (3, ["y", "s"], [True, False, False]),
        (3, ["", "x", "all"], [False, False, True]),
        (1, ["a"], [False]),
    ],
)
def test_answers_hold_as_long_as_they_say(monkeypatch, tmp_path, songs, answers, replaced):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    question = Question(songs)
    question.progress = Terse(answers)
    assert [question(tmp_path) for _ in range(songs)] == replaced
