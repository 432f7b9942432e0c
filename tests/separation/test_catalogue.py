"""Where models are found."""

from __future__ import annotations

import argparse
import json

import pytest

from stemdesk.cli.about import run_models
from stemdesk.errors import UserError
from stemdesk.paths import models_dir
from stemdesk.separation import catalogue
from stemdesk.separation.card import CARD_NAME, card_text
from stemdesk.separation.catalogue import find_model, list_models, list_problems, model_folders
from tests.separation.toy_networks import make_card


def install(folder, **changes):
    folder.mkdir(parents=True)
    (folder / CARD_NAME).write_text(card_text(make_card(id=folder.name, **changes)))
    return folder


def test_the_users_own_models_are_found():
    mine = install(models_dir() / "my_own")
    assert model_folders()["my_own"] == mine
    assert find_model("my_own") == mine
    assert "my_own" in [card.id for card in list_models()]


def test_a_model_can_be_named_by_its_folder(tmp_path):
    assert find_model(str(install(tmp_path / "elsewhere"))) == tmp_path / "elsewhere"


def test_an_unknown_model_is_refused_with_those_there_are(tmp_path):
    install(models_dir() / "one")
    install(models_dir() / "two")
    (tmp_path / "empty").mkdir()
    for name in ("three", str(tmp_path / "empty"), str(tmp_path / "nowhere")):
        with pytest.raises(UserError, match=r"choose one of: .*one, two"):
            find_model(name)


def test_without_a_name_it_is_the_default():
    default = catalogue.DEFAULT_MODEL
    shipped = model_folders().get(default) or install(models_dir() / default)
    assert find_model(None) == shipped


def test_the_users_models_shadow_nothing(tmp_path, monkeypatch):
    shipped = install(tmp_path / "shipped" / "same")
    install(models_dir() / "same")
    assert catalogue._roots()[-1] == models_dir()
    monkeypatch.setattr(catalogue, "_roots", lambda: [tmp_path / "shipped", models_dir()])
    assert find_model("same") == shipped


def test_a_damaged_card_hides_no_other_model():
    folder = install(models_dir() / "broken")
    (folder / CARD_NAME).write_text("id = ")
    install(models_dir() / "whole")
    assert "whole" in [card.id for card in list_models()]
    assert "broken" not in [card.id for card in list_models()]
    (problem,) = list_problems()
    assert str(folder / CARD_NAME) in problem


def test_a_card_in_a_folder_of_another_name_is_a_problem():
    folder = install(models_dir() / "renamed")
    (folder / CARD_NAME).write_text(card_text(make_card(id="original")))
    assert "original" not in [card.id for card in list_models()]
    (problem,) = list_problems()
    assert "is that of 'original': rename the folder to original" in problem
    with pytest.raises(UserError, match="is that of 'original'"):
        find_model("renamed")
    assert find_model(str(folder)) == folder, "by its path it may have any name"


def test_the_list_says_what_it_leaves_out(capsys):
    install(models_dir() / "whole")
    assert list_problems() == []
    folder = install(models_dir() / "broken")
    (folder / CARD_NAME).write_text("id = ")
    run_models(argparse.Namespace(id=None, json=True))
    told = capsys.readouterr()
    assert "whole" in [card["id"] for card in json.loads(told.out)]
    assert told.err.count("\n") == 1
    assert "broken" in told.err


@pytest.mark.parametrize("name", ["x" * 300, "x" * 5000, "a\0b"])
def test_a_name_no_file_can_have_is_refused(name):
    with pytest.raises(UserError, match="There is no model") as caught:
        find_model(name)
    assert len(caught.value.problem) < 120
