"""Names cannot steer the terminal they are shown on."""

from __future__ import annotations

import json
import sys

import pytest

from stemdesk.cli.plain_text import one_line, plain_output, steerable
from tests.app.tiny import music, save_song
from tests.cli.terminal import Terminal

NASTY = "a\x1b[31m\x07\x9b2J\u202eb"


def steering(text):
    allowed = "\n\t"
    return [
        each
        for each in text
        if (ord(each) < 32 and each not in allowed) or each in "\x7f\x9b\u202e"
    ]


@pytest.mark.parametrize("code", [*range(9), *range(11, 32), *range(127, 160), 0x202E, 0x2028])
def test_no_control_character_is_printed(capsys, code):
    with plain_output():
        sys.stdout.write(f"a{chr(code)}b")
        sys.stderr.write(f"a{chr(code)}b")
        sys.stdout.writelines([chr(code)])
    told = capsys.readouterr()
    assert chr(code) not in told.out + told.err
    assert chr(code) not in one_line(f"a{chr(code)}b")


def test_lines_tabs_and_letters_of_all_languages_stay(capsys):
    with plain_output():
        sys.stdout.write("Zeile\n\tätna 音 \U0001f3b8")
    assert capsys.readouterr().out == "Zeile\n\tätna 音 \U0001f3b8"
    assert one_line("a\nb\tc") == "a\\x0ab\\x09c"


def test_the_streams_are_as_they_were_afterwards():
    before = sys.stdout, sys.stderr
    with plain_output():
        assert steerable(sys.stderr) is before[1]
        assert sys.stdout is not before[0]
    assert (sys.stdout, sys.stderr) == before


def test_without_a_console_nothing_is_wrapped(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    with plain_output():
        assert sys.stdout is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("separate", "{song}"),
        ("null", "{song}", "{song}"),
        ("loudness", "{song}"),
        ("remix", "{song}"),
        ("export", "{song}", "--to", "dawproject"),
        ("dawproject", "list", "{song}"),
        ("separate", "--model", "{song}", "{song}"),
        ("{song}",),
    ],
)
@pytest.mark.parametrize("is_there", [True, False])
def test_commands_show_names_without_their_control_characters(
    stemdesk, tmp_path, monkeypatch, arguments, is_there
):
    monkeypatch.chdir(tmp_path)
    song = tmp_path / f"{NASTY}.wav"
    if is_there:
        song.write_bytes(b"no audio")
    ran = stemdesk(*(argument.format(song=song) for argument in arguments))
    assert ran.status != 0
    assert steering(ran.out + ran.err) == []
    assert "\\x1b[31m" in ran.err


def test_a_line_end_in_a_name_makes_no_line_of_its_own(separate, tmp_path, out):
    song = save_song(tmp_path / f"x\nstemdesk: all is lost{NASTY}.wav", music(8000))
    ran = separate(song)
    assert ran.status == 0
    assert steering(ran.out) == []
    assert not any(line.startswith("stemdesk:") for line in ran.out.splitlines())
    ran = separate(song, "--overwrite", "yes", "--json")
    assert json.loads(ran.out.splitlines()[-1])["input"] == str(song)
    ran = separate(tmp_path / "no\nstemdesk: such file")
    assert len(ran.err.splitlines()) == 1


def test_on_a_terminal_only_our_own_bar_steers(start, model, tmp_path):
    song = save_song(tmp_path / f"{NASTY}.wav", music(60_000))
    terminal = Terminal(start, ["separate", "--model", model, "--output", tmp_path / "out", song])
    seen = terminal.read_until()
    assert "\x1b[31m" not in seen
    assert "\x07" not in seen
    assert "\\x1b[31m" in seen
