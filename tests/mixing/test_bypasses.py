import numpy as np
import pytest

from stemdesk.audio.clip import AudioClip
from stemdesk.mixing.bypasses import in_force
from stemdesk.mixing.recipe import Recipe, load_recipe, save_recipe
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, Point, changed, neutral
from stemdesk.mixing.sources import ClipStem

RATE = 44_100
STEMS = ("vocals", "drums")


def stems():
    rng = np.random.default_rng(3)
    return {
        name: ClipStem(AudioClip(rng.normal(0, 0.1, (2, RATE)).astype(np.float32), RATE))
        for name in STEMS
    }


def with_effects(**of_mix):
    loud = EffectSettings(kind="equaliser", values={"high_shelf_db": 12.0, "low_shelf_db": 12.0})
    off = changed(loud, name="off", bypass=True)
    vocals, drums = neutral(STEMS).strips
    strips = (changed(vocals, effects=(loud, off)), changed(drums, effects=(loud,)))
    return changed(neutral(STEMS), strips=strips, **of_mix)


def heard(mix, **after):
    renderer = Renderer(stems(), mix)
    try:
        if after:
            renderer.change(changed(mix, **after))
            renderer.seek(0)
        return renderer.read(RATE)
    finally:
        renderer.close()


def test_a_bypassed_mix_sounds_as_without_effects():
    plain, coloured = heard(neutral(STEMS)), heard(with_effects())
    assert np.abs(plain - coloured).max() > 0.1
    assert (heard(with_effects(bypass=True)) == plain).all()
    assert (heard(with_effects(), bypass=True) == plain).all()
    assert (heard(with_effects(bypass=True), bypass=False) == coloured).all()


def test_a_bypassed_strip_leaves_the_others_alone():
    mix = with_effects()
    vocals, drums = mix.strips
    off = changed(mix, strips=(changed(vocals, bypass=True), drums))
    without = changed(mix, strips=(changed(vocals, effects=()), drums))
    assert heard(off) == pytest.approx(heard(without), abs=1e-6)


def test_the_effects_own_switches_stay_as_they_were():
    mix = with_effects(bypass=True)
    assert [effect.bypass for effect in mix.strips[0].effects] == [False, True]
    assert all(effect.bypass for strip in in_force(mix).strips for effect in strip.effects)
    assert in_force(changed(mix, bypass=False)) == with_effects()
    same = with_effects()
    assert in_force(same) is same


def test_automation_of_what_is_shut_gives_way():
    on = (Point(0.0, 0.0), Point(1.0, 0.0))
    levels = (Point(0.0, -3.0),)
    courses = {"vocals.equaliser.bypass": on, "drums.level_db": levels}
    mix = with_effects(bypass=True, automation=courses)
    assert list(in_force(mix).automation) == ["drums.level_db"]
    assert (heard(mix) == heard(changed(mix, automation={"drums.level_db": levels}))).all()


def test_recipes_keep_it_and_old_ones_have_none(tmp_path):
    path = tmp_path / "off.toml"
    save_recipe(path, Recipe(mix=with_effects(bypass=True)))
    assert load_recipe(path).mix == with_effects(bypass=True)
    save_recipe(path, Recipe(mix=with_effects()))
    assert "\nbypass" not in path.read_text().split("[[")[0]
    assert not load_recipe(path).mix.bypass
