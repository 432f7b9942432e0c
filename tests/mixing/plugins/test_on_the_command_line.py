"""``stemdesk effects PLUGIN``: its parameters as it tells them, and its window for a recipe."""

from __future__ import annotations

import json

import pytest

from stemdesk.cli import main
from stemdesk.mixing.plugins.answers import News
from stemdesk.mixing.plugins.client import PluginClient
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.recipe import load_recipe
from tests.app.tiny import music, save_song


@pytest.fixture
def stemdesk(capsys):
    """Runs a command in this process; returns its status and what it said."""

    def run(*arguments):
        status = main.run([str(each) for each in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def gain_db_of(settings):
    """What the plug-in says of its gain, with these settings."""
    effect = PluginEffect.load(settings, 48_000, 2)
    try:
        return {each.name: each.value for each in effect.parameters}["gain_db"]
    finally:
        effect.close()


def test_parameters_are_listed_as_the_plug_in_tells_them(built, stemdesk):
    status, told, _ = stemdesk("effects", built / "plain.vst3")
    assert status == 0
    assert told.startswith("Troublemaker 1.2.3 by StemDesk, 0 frames late\n")
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in told.splitlines()}
    assert lines["gain_db"] == "0 to 1 (-60 dB to 12 dB), normally 0.8333 (0 dB)"
    assert lines["trouble"] == "0 to 1 in 11 steps (0 to 10), normally 0 (0)"
    _, told, _ = stemdesk("effects", f"{built / 'honest.vst3'}", "--json")
    listed = json.loads(told)
    assert (listed["name"], listed["latency_frames"]) == ("Troublemaker", 1000)
    delay = next(each for each in listed["parameters"] if each["name"] == "delay")
    assert delay["default"] == pytest.approx(1000 / 20_000)
    assert float(delay["default_text"]) == 1000
    assert (delay["minimum"], delay["maximum"]) == (0.0, 1.0)


def test_one_of_several_is_named(built, stemdesk):
    status, told, _ = stemdesk("effects", f"{built / 'shell.vst3'}#Troublemaker2")
    assert (status, told.split()[0]) == (0, "Troublemaker2")
    status, _, refusal = stemdesk("effects", built / "shell.vst3")
    assert status == 1
    assert "holds Troublemaker, Troublemaker2" in refusal


def test_a_plug_in_that_is_not_there_is_refused(tmp_path, stemdesk):
    status, _, refusal = stemdesk("effects", tmp_path / "gone.vst3")
    assert status == 1
    assert refusal.startswith("stemdesk: The plug-in gone is not on this computer")


@pytest.fixture
def window(monkeypatch):
    """A window in which somebody turns the gain a little further each time, and then closes it."""
    turns, looks = iter([0.5, 0.75]), iter([True, True, False] * 2)

    def open_window(client):
        client.set({"gain_db": next(turns)})

    monkeypatch.setattr(PluginClient, "open_window", open_window)
    monkeypatch.setattr(PluginClient, "poll", lambda _: News(window_is_open=next(looks)))


def test_what_is_set_in_the_window_is_kept_in_the_recipe(built, stemdesk, window, tmp_path):
    recipe = tmp_path / "mix.toml"
    recipe.write_text('loudness_lufs = -14.0\n[[mix.strips]]\nname = "vocals"\nlevel_db = -3.0\n')
    edit = ("effects", built / "plain.vst3", "--edit", recipe, "--on", "drums")
    assert stemdesk(*edit) == (0, f"{recipe}: drums.plain is kept as it was left\n", "")
    saved = load_recipe(recipe)
    assert saved.loudness_lufs == -14.0
    assert saved.mix.strip("vocals").level_db == -3.0
    (effect,) = saved.mix.strip("drums").effects
    assert gain_db_of(effect) == pytest.approx(0.5)
    assert stemdesk(*edit)[0] == 0  # once more: the same plug-in goes on from there
    (effect,) = load_recipe(recipe).mix.strip("drums").effects
    assert gain_db_of(effect) == pytest.approx(0.75)
    assert (effect.name, effect.values) == ("plain", {})


def test_values_of_the_recipe_are_where_the_window_begins(built, stemdesk, monkeypatch, tmp_path):
    recipe = tmp_path / "mix.toml"
    recipe.write_text(
        f'[[mix.strips]]\nname = "drums"\n[[mix.strips.effects]]\nkind = "plugin"\n'
        f'name = "punch"\nplugin = "{built / "plain.vst3"}"\nvalues = {{ gain_db = 0.125 }}\n'
    )
    monkeypatch.setattr(PluginClient, "open_window", lambda _: None)
    assert stemdesk("effects", built / "plain.vst3", "--edit", recipe, "--on", "drums")[0] == 0
    (effect,) = load_recipe(recipe).mix.strip("drums").effects
    assert gain_db_of(effect) == pytest.approx(0.125)
    # In the state, that is: beside it they would take back what was turned in the window.
    assert (effect.name, effect.values) == ("punch", {})


def test_a_window_that_cannot_be_shown_leaves_the_recipe_alone(
    built, stemdesk, monkeypatch, tmp_path
):
    recipe = tmp_path / "mix.toml"
    edit = ("effects", built / "plain.vst3", "--edit", recipe, "--on", "drums")
    monkeypatch.delenv("DISPLAY", raising=False)
    status, _, refusal = stemdesk(*edit)
    assert (status, "window of the plug-in Troublemaker cannot be shown" in refusal) == (1, True)
    monkeypatch.setattr(PluginClient, "open_window", lambda _: None)
    monkeypatch.setattr(PluginClient, "poll", lambda _: News(window_problem="no editor"))
    status, _, refusal = stemdesk(*edit)
    assert (status, "cannot be shown (no editor)" in refusal) == (1, True)
    assert not recipe.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--edit", "mix.toml"), "--edit needs a plug-in and --on"),
        (("a.vst3", "--edit", "mix.toml"), "--edit needs a plug-in and --on"),
        (("a.vst3", "--on", "drums"), "--edit needs a plug-in and --on"),
        (("a.vst3", "--edit", "mix.wav", "--on", "drums"), "A recipe cannot be called mix.wav"),
    ],
)
def test_what_cannot_be_edited_is_told(stemdesk, arguments, sentence):
    status, _, refusal = stemdesk("effects", *arguments)
    assert (status, sentence in refusal) == (2, True)


@pytest.fixture
def song(tmp_path):
    return save_song(tmp_path / "song.wav", music(6000))


def test_a_parameter_that_a_plug_in_lacks_is_refused_before_the_song_is_separated(
    built, stemdesk, song, tmp_path, monkeypatch
):
    # A fresh process knows nothing of the plug-in; one that does refuses even sooner.
    monkeypatch.setattr("stemdesk.mixing.plugins.known._told", {})
    folder = tmp_path / "stems"
    status, _, refusal = stemdesk(
        *("remix", song, "--stems", folder, "-o", tmp_path / "mix.wav"),
        *("--plugin", f"drums={built / 'plain.vst3'}", "--set", "drums.plain.gain_dbb=0.5"),
    )
    assert (status, "gain_db" in refusal) == (1, True)
    assert not folder.exists()


def test_a_saved_recipe_has_what_the_plug_in_holds(built, stemdesk, song, tmp_path):
    stems = tmp_path / "Song"
    stems.mkdir()
    song.rename(stems / "drums.wav")
    recipe = tmp_path / "r.toml"
    words = ("--plugin", f"drums={built / 'plain.vst3'}", "--set", "drums.plain.gain_db=0.5")
    assert (
        stemdesk("remix", stems, "-o", tmp_path / "a.wav", *words, "--save-recipe", recipe)[0] == 0
    )
    (effect,) = load_recipe(recipe).mix.strip("drums").effects
    assert effect.state
    assert gain_db_of(effect) == pytest.approx(0.5)
    assert stemdesk("remix", stems, "-o", tmp_path / "b.wav", "--recipe", recipe)[0] == 0
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
