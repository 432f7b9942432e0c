"""``stemdesk tune`` as a newcomer types it: real processes, a tiny model, two short songs."""

import json
import subprocess
import sys

import pytest

from stemdesk.separation.card import load_card
from stemdesk_training.tuning import reference as packs
from stemdesk_training.tuning.__main__ import _parser, main
from tests.app.tiny import save_tiny_model
from tests.training.studio import make_song, write_song
from tests.training.two_studios import write_reference, write_studio


@pytest.fixture
def library(tmp_path):
    for number in range(2):
        write_song(tmp_path / "Meine Stücke" / f"Lied {number}", make_song(number, seconds=6))
    return tmp_path / "Meine Stücke"


def tune(*arguments, status=0):
    command = [sys.executable, "-m", "stemdesk", "tune", *map(str, arguments), "--threads=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == status, done.stderr
    return done


@pytest.mark.slow
def test_a_newcomer_tunes_a_model_with_one_command(library, tmp_path, monkeypatch, capsys):
    """Takes 20 s: programs one after the other, each of which loads torch."""
    home = tmp_path / "home"
    monkeypatch.setenv("STEMDESK_HOME", str(home))
    base = save_tiny_model(tmp_path / "tiny")
    pool = write_studio(tmp_path / "pool", make_song, "base", count=3, held_out=1)
    reference = write_reference(pool, tmp_path)
    wanted = [library, "--model", base, "--steps", 2, "--name", "My Studio", "--guard-db", 99]
    wanted += ["--reference", reference, "--device", "cpu"]
    told = tune(*wanted).stdout
    assert "2 songs: 10 s to learn from, 2 s held out (the last fifth of each song" in told
    assert "2 steps, only what lies next to the masks is trained: about" in told
    for step in (1, 2):
        assert f"Step {step}: your songs" in told
    rows = [line for line in told.splitlines() if line.startswith("reference, ")]
    assert len(rows) == 5, "four stems and their mean"
    assert "your songs, mean" in told
    folder = home / "data" / "models" / "my_studio"
    assert str(folder) in told
    card = load_card(folder)
    assert card.title == "My Studio"
    assert card.training["tuning"]["held_out"] == "the end of each song"
    assert "Lied" not in (folder / "card.toml").read_text(encoding="utf-8")
    # Said again it goes on, which here means: it is done.
    assert main([*map(str, wanted), "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["event"] == "finished"
    assert events[-1]["model"] == str(folder)
    assert not any(event["event"] == "step" for event in events)
    assert main([*map(str, wanted), "--replay", "0"]) == 1
    refused = capsys.readouterr().err
    assert "has --replay 0.25, not 0.0" in refused
    assert refused.count("\n") == 1
    monkeypatch.setattr(packs, "SHIPPED", reference)
    assert main(["my_studio", "--blend", "0.5", "--name", "Half", "--json"]) == 0
    blended = json.loads(capsys.readouterr().out)
    assert load_card(home / "data" / "models" / "my_studio_50").title == "Half"
    assert blended["scores"]["reference"].keys() == blended["baseline"]["reference"].keys()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--blend", "2"], "0 and 1"),
        (["--minutes", "0"], "above 0"),
        (["--replay", "much"], "no"),
        (["--steps", "0"], "whole number"),
    ],
)
def test_impossible_values_are_refused_with_the_status_of_a_wrong_command(
    library, arguments, told, capsys
):
    with pytest.raises(SystemExit) as end:
        main([str(library), *arguments])
    assert end.value.code == 2
    assert told in capsys.readouterr().err


def test_what_cannot_be_tuned_or_blended_is_said_in_one_line(library, tmp_path, capsys):
    base = save_tiny_model(tmp_path / "tiny")
    silent = tmp_path / "nothing here"
    silent.mkdir()
    for arguments, told in (
        ([str(library), "--model", "no-such"], "no-such"),
        ([str(silent), "--model", str(base)], "nothing here"),
        ([str(base), "--blend", "0.5"], "was not tuned"),
        ([str(silent), "--blend", "0.5"], "There is no model"),
    ):
        assert main(arguments) == 1
        said = capsys.readouterr().err
        assert told in said
        assert said.count("\n") == 1


def test_the_options_of_the_command_are_those_of_the_program():
    """One names them for the shells, the other reads them."""
    import argparse

    from stemdesk.cli.main import build_parser

    (commands,) = (
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    assert set(commands.choices["tune"]._option_string_actions) == set(
        _parser()._option_string_actions
    )
