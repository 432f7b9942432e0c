"""Plug-ins in a mix: what they have to turn is asked of them, undone, kept, and no longer told."""

from __future__ import annotations

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import addresses, check_mix, find, get, with_value
from stemdesk.mixing.plugins import known
from stemdesk.mixing.rack import ask_plugins
from stemdesk.mixing.recipe import Recipe, load_recipe, save_recipe, with_plugin
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, Point, changed, neutral

RATE, SECONDS = 48_000, 0.25
CRASH = 0.1


class Noise:
    sample_rate, channels, frames = RATE, 2, int(RATE * SECONDS)
    samples = np.random.default_rng(0).uniform(-0.3, 0.3, (2, frames)).astype(np.float32)

    def read_at(self, frame, frames):
        found = self.samples[:, max(0, frame) : max(0, frame) + frames]
        return np.pad(found, ((0, 0), (0, frames - found.shape[1])))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """As in a program that has just begun."""
    monkeypatch.setattr(known, "_told", {})


@pytest.fixture
def mix(built):
    return with_plugin(neutral(("drums",)), "drums", built / "plain.vst3")


@pytest.fixture
def rendering():
    """Makes renderers of noise, and closes them."""
    made = []

    def render(mix):
        made.append(Renderer({"drums": Noise()}, mix))
        return made[-1]

    yield render
    for each in made:
        each.close()


def heard(renderer):
    renderer.seek(0)
    return renderer.read(Noise.frames)


def values(mix, **values):
    (strip,) = mix.strips
    (effect,) = strip.effects
    return changed(mix, strips=(changed(strip, effects=(changed(effect, values=values),)),))


def test_a_parameter_that_the_plug_in_lacks_is_refused_by_name(mix, rendering):
    with pytest.raises(UserError, match=r"^drums\.plain has no parameter gian_db: .*gain_db"):
        rendering(values(mix, gian_db=0.5))
    with pytest.raises(UserError, match=r"parameter xyz: known are .*gain_db, delay, report"):
        rendering(values(mix, xyz=0.5))


def test_automation_is_asked_of_the_plug_in_too(mix, rendering):
    course = (Point(0.0, 0.5),)
    with pytest.raises(UserError, match=r"drums\.plain\.gain .* perhaps drums\.plain\.gain_db"):
        rendering(changed(mix, automation={"drums.plain.gain": course}))
    with pytest.raises(UserError, match=r"drums\.plain\.gain_db at 0 s cannot be 3"):
        rendering(changed(mix, automation={"drums.plain.gain_db": (Point(0.0, 3.0),)}))


def test_a_change_that_is_refused_leaves_the_mix_and_no_process(mix, rendering):
    renderer = rendering(neutral(("drums",)))
    before = heard(renderer)
    with pytest.raises(UserError, match="no parameter level"):
        renderer.change(values(mix, level=0.1))
    assert renderer._rack._slots == {}
    assert np.allclose(heard(renderer), before, atol=1e-6)  # raw values are rounded
    renderer.change(mix)
    with pytest.raises(UserError, match="no parameter level"):
        renderer.change(values(mix, level=0.1))
    assert np.allclose(heard(renderer), before, atol=1e-6)


def test_out_of_range_is_refused_by_name_with_the_range(mix, rendering):
    out_of_range = values(mix, gain_db=-6.0)
    with pytest.raises(UserError, match=r"drums\.plain\.gain_db cannot be -6"):
        rendering(out_of_range)
    rendering(mix)
    for refused in (
        lambda: check_mix(out_of_range),
        lambda: with_value(mix, "drums.plain.gain_db", -6.0),
    ):
        with pytest.raises(UserError, match=r"from 0 \(-60 dB\) to 1 \(12 dB\)"):
            refused()


def test_what_was_loaded_is_listed_as_it_really_stands(mix, rendering):
    assert get(mix, "drums.plain.gain_db") == 0.0  # nobody can know
    assert "drums.plain.gain_db" not in dict(addresses(mix))
    rendering(mix)
    listed = dict(addresses(mix))
    names = ("gain_db", "delay", "report", "trouble")
    assert {f"drums.plain.{name}" for name in names} < set(listed)
    assert get(mix, "drums.plain.gain_db") == pytest.approx(60 / 72)
    assert find(mix, "drums.plain.gain_db").parameter.title == "Gain"
    assert get(values(mix, gain_db=0.1), "drums.plain.gain_db") == 0.1
    with pytest.raises(UserError, match=r"perhaps drums\.plain\.delay is meant"):
        with_value(mix, "drums.plain.dleay", 0.5)


def test_plug_ins_can_be_asked_before_there_is_a_song(mix, tmp_path):
    with pytest.raises(UserError, match="no parameter gian_db"):
        ask_plugins(values(mix, gian_db=0.5))
    assert get(mix, "drums.plain.gain_db") == pytest.approx(60 / 72)
    ask_plugins(values(mix, gain_db=0.5))
    with pytest.raises(UserError, match="The plug-in gone is not on this computer"):
        ask_plugins(with_plugin(mix, "drums", tmp_path / "gone.vst3"))


def test_only_so_much_is_remembered():
    for number in range(1000):
        known.note(EffectSettings(kind="plugin", plugin=str(number)), ())
    assert len(known._told) < 300
    assert known.parameters_of(EffectSettings(kind="plugin", plugin="999")) == ()
    assert known.parameters_of(EffectSettings(kind="plugin", plugin="0")) is None


def test_undoing_brings_the_sound_back(mix, rendering):
    renderer = rendering(mix)
    before = heard(renderer)
    renderer.change(values(mix, gain_db=0.25, delay=0.1))
    assert not np.allclose(heard(renderer), before, atol=0.01)
    renderer.change(mix)
    assert np.allclose(heard(renderer), before, atol=1e-6)  # raw values are rounded
    course = (Point(0.0, 0.2), Point(1.0, 0.3))
    renderer.change(changed(mix, automation={"drums.plain.gain_db": course}))
    assert not np.allclose(heard(renderer), before, atol=0.01)
    renderer.change(mix)
    assert np.allclose(heard(renderer), before, atol=1e-6)  # raw values are rounded


def test_a_fault_is_told_until_the_effect_is_taken_off(built, mix, rendering):
    renderer = rendering(mix)
    renderer.change(values(mix, trouble=CRASH))
    heard(renderer)
    (fault,) = renderer.faults()
    assert "crashed" in fault
    renderer.change(neutral(("drums",)))
    assert renderer.faults() == []
    renderer.change(values(mix, trouble=CRASH))  # undone: it is the broken one again
    assert renderer.faults() == [fault]
    other = with_plugin(neutral(("drums",)), "drums", built / "honest.vst3")
    with pytest.raises(UserError, match="no parameter level"):
        renderer.change(values(other, level=1.0))
    assert renderer.faults() == [fault]


def test_a_missing_plug_in_is_no_reason_to_refuse_its_values(tmp_path, rendering):
    mix = with_plugin(neutral(("drums",)), "drums", tmp_path / "gone.vst3")
    renderer = rendering(values(mix, anything=0.5))
    assert "is not on this computer" in renderer.faults()[0]


def test_a_recipe_carries_all_that_the_plug_in_saves(mix, rendering, tmp_path):
    renderer = rendering(values(mix, delay=0.1))
    (slot,) = renderer._rack._slots.values()
    slot.effect._client.set({"gain_db": 0.5})  # as if it had been turned in its window
    sound = heard(renderer)
    kept = renderer._rack.with_states(renderer.settings)
    assert kept.strips[0].effects[0].state
    assert kept.strips[0].effects[0].values == {"delay": 0.1}
    save_recipe(tmp_path / "kept.toml", Recipe(mix=kept))
    again = load_recipe(tmp_path / "kept.toml").mix
    assert again == kept
    assert np.array_equal(heard(rendering(again)), sound)
    assert not np.allclose(sound, Noise.samples, atol=0.01)


def test_what_is_no_plug_in_is_kept_as_it_is(rendering):
    mix = neutral(("drums",))
    assert rendering(mix)._rack.with_states(mix) is mix
