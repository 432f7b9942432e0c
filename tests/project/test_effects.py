from __future__ import annotations

import pytest
from msgspec.structs import replace

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import check_mix, get, with_strip
from stemdesk.mixing.settings import PLUGIN, EffectSettings, Point
from stemdesk.project import edits

REVERB = EffectSettings(kind="reverb", values={"amount": 0.3})


def chain(track, strip="vocals"):
    return [effect.name for effect in track.mix.strip(strip).effects]


@pytest.fixture
def two(track):
    """Two reverbs and a compressor, the reverbs with automation."""
    for effect in (REVERB, REVERB, EffectSettings(kind="compressor")):
        track = edits.add_effect(track, "vocals", effect)
    track = edits.add_effect(track, "drums", REVERB)
    for place in ("vocals.reverb", "vocals.reverb2", "drums.reverb"):
        track = edits.set_points(track, f"{place}.amount", [Point(1.0, 0.5)])
        track = edits.set_points(track, f"{place}.bypass", [Point(2.0, 1.0)])
    return edits.set_points(track, "vocals.level_db", [Point(1.0, -3.0)])


def test_names_are_unique_in_their_strip(two):
    assert chain(two) == ["reverb", "reverb2", "compressor"]
    assert chain(two, "drums") == ["reverb"]
    third = edits.add_effect(two, "vocals", REVERB)
    assert chain(third)[-1] == "reverb3"
    assert get(third.mix, "vocals.reverb3.amount") == 0.3
    gap = edits.add_effect(edits.remove_effect(two, "vocals", "reverb"), "vocals", REVERB)
    assert chain(gap) == ["reverb2", "compressor", "reverb"]


def test_an_effect_comes_in_at_its_place(two):
    assert chain(edits.add_effect(two, "vocals", EffectSettings(kind="gate"), 1))[1] == "gate"
    assert chain(edits.add_effect(two, "master", EffectSettings(kind="limiter")), "master")


def test_automation_goes_with_its_effect(two):
    less = edits.remove_effect(two, "vocals", "reverb")
    assert chain(less) == ["reverb2", "compressor"]
    assert set(less.mix.automation) == set(two.mix.automation) - {
        "vocals.reverb.amount",
        "vocals.reverb.bypass",
    }
    check_mix(less.mix)


def test_automation_moves_with_a_new_name(two):
    named = edits.rename_effect(two, "vocals", "reverb", " Hall ")
    assert chain(named) == ["Hall", "reverb2", "compressor"]
    assert named.mix.automation["vocals.Hall.amount"] == (Point(1.0, 0.5),)
    assert "vocals.reverb.amount" not in named.mix.automation
    assert named.mix.automation["vocals.reverb2.amount"] == (Point(1.0, 0.5),)
    assert named.mix.automation["drums.reverb.amount"] == (Point(1.0, 0.5),)
    check_mix(named.mix)
    assert edits.rename_effect(named, "vocals", "Hall", "reverb") == two
    assert edits.rename_effect(two, "vocals", "reverb", "reverb") is two


def test_an_effect_whose_name_begins_a_parameter_takes_nothing_of_it(track):
    track = edits.add_effect(track, "vocals", EffectSettings(kind="gate", name="level"))
    track = edits.set_points(track, "vocals.level_db", [Point(1.0, -3.0)])
    assert list(edits.remove_effect(track, "vocals", "level").mix.automation) == ["vocals.level_db"]


@pytest.mark.parametrize("name", ["", "  ", "my.verb", "compressor"])
def test_a_name_that_cannot_be_is_refused(two, name):
    with pytest.raises(UserError, match=r"cannot be named|already"):
        edits.rename_effect(two, "vocals", "reverb", name)


@pytest.mark.parametrize(
    ("index", "then"), [(0, "cab"), (1, "acb"), (2, "abc"), (9, "abc"), (-1, "cab")]
)
def test_effects_change_places(track, index, then):
    for name in "abc":
        track = edits.add_effect(track, "vocals", EffectSettings(kind="gate", name=name))
    moved = edits.move_effect(track, "vocals", "c", index)
    assert chain(moved) == list(then)
    assert (moved is track) == (then == "abc")


def test_bypass(two):
    off = edits.bypass_effect(two, "vocals", "reverb2", bypass=True)
    assert [effect.bypass for effect in off.mix.strip("vocals").effects] == [False, True, False]
    assert edits.bypass_effect(off, "vocals", "reverb2", bypass=True) is off
    assert edits.bypass_effect(off, "vocals", "reverb2", bypass=False) == two


def test_what_a_plugin_saved(track, two):
    plugin = EffectSettings(kind=PLUGIN, name="Dirt", plugin="/plugins/dirt.vst3")
    track = edits.add_effect(track, "bass", plugin)
    saved = replace(track.mix.strips[2].effects[0], state="AAAA")
    mix = with_strip(track.mix, replace(track.mix.strips[2], effects=(saved,)))
    kept = edits.with_plugin_states(edits.set_value(track, "bass.level_db", -3.0), mix)
    (dirt,) = kept.mix.strips[2].effects
    assert (dirt.state, kept.mix.strips[2].level_db) == ("AAAA", -3.0)
    assert edits.with_plugin_states(kept, mix) is kept
    # Another plug-in under the same name, or a song without it, has nothing to take over.
    other = edits.remove_effect(track, "bass", "Dirt")
    assert edits.with_plugin_states(other, mix) is other
    other = edits.add_effect(other, "bass", replace(plugin, plugin="/plugins/mud.vst3"))
    assert edits.with_plugin_states(other, mix) is other
    assert edits.with_plugin_states(two, mix) is two


def test_automation_of_a_plugin_goes_whatever_it_knows(track, monkeypatch):
    plugin = EffectSettings(kind=PLUGIN, name="Dirt", plugin="/plugins/dirt.vst3")
    track = edits.add_effect(track, "bass", plugin)
    track = edits.set_points(track, "bass.Dirt.gone_since", [Point(0.0, 1.0)])
    monkeypatch.setattr("stemdesk.mixing.addresses._of_effect", lambda *_: None)
    cleared = edits.clear_automation(track, "bass.Dirt.gone_since")
    assert cleared.mix.automation == {}
    removed = edits.remove_effect(track, "bass", "Dirt")
    assert removed.mix.automation == {}


@pytest.mark.parametrize(
    ("strip", "effect", "what"),
    [
        ("kazoo", REVERB, "no strip kazoo"),
        ("vocals", EffectSettings(kind="wobble"), "no effect called 'wobble'"),
        ("vocals", EffectSettings(kind="reverb", values={"amount": 7.0}), r"reverb\.amount"),
        ("vocals", EffectSettings(kind="reverb", values={"wetness": 0.1}), "wetness"),
        ("master", EffectSettings(kind="rider"), "master"),
    ],
)
def test_an_effect_that_cannot_be_is_refused(track, strip, effect, what):
    with pytest.raises(UserError, match=what):
        edits.add_effect(track, strip, effect)


@pytest.mark.parametrize(
    "edit",
    [
        lambda track: edits.remove_effect(track, "vocals", "delay"),
        lambda track: edits.move_effect(track, "vocals", "delay", 0),
        lambda track: edits.bypass_effect(track, "vocals", "delay", bypass=True),
        lambda track: edits.rename_effect(track, "vocals", "delay", "echo"),
    ],
)
def test_an_effect_that_is_gone_is_refused(two, edit):
    with pytest.raises(UserError, match="vocals has no effect delay: choose from reverb"):
        edit(two)
