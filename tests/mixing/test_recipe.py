import math

import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import get
from stemdesk.mixing.recipe import (
    Recipe,
    fitted,
    load_recipe,
    recipe_of,
    save_recipe,
    with_choices,
    with_plugin,
)
from stemdesk.mixing.settings import Point, StripSettings, changed, neutral

STEMS = ("vocals", "drums", "bass", "other")


def test_a_recipe_comes_back_as_it_was(tmp_path):
    mix = with_choices(
        neutral(STEMS),
        {"vocals.level_db": -math.inf, "vocals.reverb.amount": 0.2, "master.ceiling_db": -1},
    )
    mix = with_plugin(mix, "drums", tmp_path / "Punch Box.vst3")
    mix = changed(mix, automation={"bass.pan": (Point(0.5, -1.0), Point(2.0, 1.0))})
    recipe = Recipe(mix=mix, loudness_lufs=-14.0)
    save_recipe(tmp_path / "quiet.toml", recipe)
    assert load_recipe(tmp_path / "quiet.toml") == recipe
    assert "format = 1" in (tmp_path / "quiet.toml").read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format = 2", "has the format 2, this StemDesk knows 1"),
        ("loudnes_lufs = 3\nformat = 1 1", "cannot be used"),
        ("loudness_lufs = 'loud'", "cannot be used .*loudness_lufs"),
    ],
)
def test_a_recipe_that_cannot_be_used_is_refused(tmp_path, text, message):
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        load_recipe(path)
    with pytest.raises(UserError, match="cannot be used"):
        load_recipe(tmp_path / "missing.toml")


def test_effects_that_are_named_come_into_being_in_their_usual_order():
    mix = recipe_of(
        {"vocals.reverb.amount": 0.2, "vocals.compressor.ratio": 4, "vocals.reverb.width": 0.5}
    ).mix
    effects = mix.strip("vocals").effects
    assert [effect.kind for effect in effects] == ["compressor", "reverb"]
    assert effects[1].values == {"amount": 0.2, "width": 0.5}
    master = recipe_of({"master.pitch.semitones": -2}).mix
    assert get(master, "master.pitch.semitones") == -2


def test_a_mix_fits_other_stems_unless_it_works_on_one_that_is_missing():
    recipe = recipe_of({"vocals.level_db": -3, "drums.level_db": 0})
    assert [strip.name for strip in fitted(recipe.mix, ["vocals", "rest"]).strips] == [
        "vocals",
        "rest",
    ]
    with pytest.raises(UserError, match=r"works on the stem vocals, but the song has drums, rest"):
        fitted(recipe.mix, ["drums", "rest"])


def test_unknown_parameters_are_refused():
    with pytest.raises(UserError, match=r"no parameter vocals\.reverb\.size"):
        recipe_of({"vocals.reverb.size": 1})
    with pytest.raises(UserError, match="choose a number from"):
        recipe_of({"vocals.reverb.amount": 9})


def test_a_plugin_gets_a_name_that_fits_an_address(tmp_path):
    mix = with_plugin(neutral(STEMS), "drums", tmp_path / "Punch Box.vst3")
    assert mix.strip("drums").effects[0].name == "punch_box"
    assert mix.strip("vocals") == StripSettings(name="vocals")
