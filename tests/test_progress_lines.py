"""Progress where there is no terminal."""

from __future__ import annotations

from stemdesk import progress_lines
from stemdesk.cli.displays import Lines
from stemdesk.progress_lines import ProgressLines


def test_a_line_for_every_tenth(capsys):
    lines = ProgressLines()
    for percent in range(101):
        lines.show(percent / 100, "song.wav", "0:10 left")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[0] == "  0 %  song.wav, 0:10 left"
    assert [line.split()[0] for line in told.err.splitlines()] == [
        *("0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100")
    ]
    assert "\r" not in told.err
    assert "\x1b" not in told.err


def test_nothing_is_said_before_anything_is_done(capsys):
    ProgressLines().show(0.0, "reading")
    assert capsys.readouterr().err == ""


def test_short_work_of_a_command_is_quiet_and_long_work_is_not(capsys, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(progress_lines.time, "monotonic", lambda: now[0])
    lines = Lines(lambda: {"input": "/music/so\x1b[2Jng.wav", "song": 2, "songs": 5})
    lines.show(0.2, "separating", 9.0)
    assert capsys.readouterr().err == ""
    now[0] += 3
    lines.show(0.4, "separating", 61.0)
    assert capsys.readouterr().err == " 40 %  2/5 so?[2Jng.wav, separating, 1:01 left\n"
