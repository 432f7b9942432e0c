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
    with_strips,
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
        ("loudness_lufs = 3\nformat = 1 1", r"is no TOML: .*\(at line 2, column 12\)"),
        ("\nloudness_lufs = 'loud'", "mistake at line 2, loudness_lufs: expected float"),
        ("\n\nloudnes_lufs = 3", "unknown field loudnes_lufs at line 3: perhaps loudness_lufs is"),
        ("zzz = 3", "unknown field zzz at line 1: leave it out"),
        (
            "[mix]\n[[mix.strips]]\nname = 'a'\nlevel_dbb = 1",
            r"unknown field level_dbb at line 4, mix\.strips\[0\]: perhaps level_db is meant",
        ),
        ("[mix]\nstrips = [{pan = 1}]", r"mix\.strips\[0\]: object missing required field name"),
        ("[mix]\nstrips = [{name = 'a', pan = 3}]", r"cannot be: a\.pan cannot be 3"),
        ("loudness_lufs = nan", "cannot be: The loudness cannot be nan"),
        (
            "[mix]\nstrips = []\n[mix.automation]\n'a.pann' = [[0.0, 1.0]]",
            r"cannot be: There is no parameter a\.pann in this mix: perhaps a\.pan is meant",
        ),
    ],
)
def test_a_recipe_that_cannot_be_used_is_refused(tmp_path, text, message):
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=message) as caught:
        load_recipe(path)
    assert str(caught.value).count(str(path)) == 1


def test_a_recipe_that_cannot_be_read_is_refused_by_name(tmp_path):
    (tmp_path / "image.toml").write_bytes(b"\x89PNG\xff")
    for name, message in [
        ("missing.toml", "does not exist: check the name"),
        (".", "is a folder"),
        ("image.toml", "is no text file"),
    ]:
        with pytest.raises(UserError, match=message) as caught:
            load_recipe(tmp_path / name)
        assert str(caught.value).count(str(tmp_path)) == 1


def test_a_recipe_may_automate_stems_that_it_does_not_list(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text("[mix]\nstrips = []\n[mix.automation]\n'a.pan' = [[0.0, 1.0]]")
    assert fitted(load_recipe(path).mix, ["a"]).automation["a.pan"] == (Point(0.0, 1.0),)


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


def test_a_stem_that_is_misspelt_is_suggested():
    with pytest.raises(UserError, match=r"works on the stem vocls, .*: perhaps Vocals is meant"):
        fitted(recipe_of({"vocls.level_db": -3}).mix, ["Vocals", "drums"])
    with pytest.raises(UserError, match=r"works on the stem foo, .*: separate it with a model"):
        fitted(recipe_of({"foo.level_db": -3}).mix, ["vocals", "drums"])


def test_stems_are_found_whatever_case_and_joints_their_names_have():
    course = {"lead-vox.pan": (Point(0.0, 1.0),), "kick.in.level_db": (Point(0.0, -3.0),)}
    mix = recipe_of({"lead-vox.reverb.amount": 0.2, "LEAD_VOX.level_db": -3}).mix
    mix = changed(with_strips(mix, ["kick.in"], ["kick.in"]), automation=course)
    fit = fitted(mix, ["Lead Vox", "Kick.in", "bass"])
    assert [strip.name for strip in fit.strips] == ["Lead Vox", "Kick.in", "bass"]
    assert get(fit, "Lead Vox.level_db") == -3
    assert get(fit, "Lead Vox.reverb.amount") == 0.2
    assert set(fit.automation) == {"Lead Vox.pan", "Kick.in.level_db"}


def test_the_very_name_goes_before_one_that_is_spelled_alike():
    fit = fitted(recipe_of({"lead_vox.level_db": -3}).mix, ["Lead Vox", "lead_vox"])
    assert (get(fit, "Lead Vox.level_db"), get(fit, "lead_vox.level_db")) == (0, -3)
    with pytest.raises(UserError, match="works on the stem LEAD-VOX"):
        fitted(recipe_of({"LEAD-VOX.level_db": -3}).mix, ["Lead Vox", "lead_vox"])


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("key", r"perhaps master\.pitch\.semitones is meant"),
        ("vocals", r"perhaps vocals\.level_db is meant"),
        ("vocals-reverb", r"perhaps vocals\.reverb\.amount is meant"),
        ("tempo", r"write it as STEM\.PARAMETER"),
        ("foo.par", r"perhaps foo\.pan is meant"),
        ("foo.xyzzy", r"known are foo\.level_db"),
    ],
)
def test_an_address_that_is_none_gets_a_hint_that_fits(address, remedy):
    with pytest.raises(UserError, match=remedy):
        recipe_of({address: -2})


def test_unknown_parameters_are_refused():
    with pytest.raises(UserError, match=r"no parameter vocals\.reverb\.size"):
        recipe_of({"vocals.reverb.size": 1})
    with pytest.raises(
        UserError, match=r"known are vocals\.reverb\.bypass, vocals\.reverb\.amount"
    ):
        recipe_of({"vocals.reverb.xyzzy": 1})
    with pytest.raises(UserError, match="choose a number from"):
        recipe_of({"vocals.reverb.amount": 9})


def test_a_plugin_gets_a_name_that_fits_an_address(tmp_path):
    mix = with_plugin(neutral(STEMS), "drums", tmp_path / "Punch Box.vst3")
    assert mix.strip("drums").effects[0].name == "punch_box"
    assert mix.strip("vocals") == StripSettings(name="vocals")
