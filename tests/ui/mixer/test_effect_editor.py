import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.plugins import known
from stemdesk.mixing.plugins.parameter import PluginParameter
from stemdesk.mixing.settings import EffectSettings, MixSettings, Point, StripSettings, changed
from stemdesk.ui.mixer.effect_editor import EffectEditor
from stemdesk.ui.mixer.fault import EffectFault
from stemdesk.ui.mixer.parameter_row import ParameterRow
from stemdesk.ui.mixer.slider import Slider
from stemdesk.ui.mixer.switch import Switch

PLUGIN = EffectSettings(kind="plugin", plugin="/plugins/Hall.vst3")


def mix_of(*effects, **fields):
    return MixSettings(strips=(StripSettings(name="vocals", effects=effects),), **fields)


@pytest.fixture
def editor(qtbot, log):
    editor = EffectEditor()
    qtbot.addWidget(editor)
    editor.resize(320, 500)
    editor.show()
    qtbot.waitExposed(editor)
    log.watch(
        changed=editor.parameter_changed,
        touched=editor.touched,
        menu=editor.context_requested,
        preset=editor.preset_chosen,
        removed=editor.effect_removed,
        window=editor.plugin_window_requested,
        restart=editor.plugin_restart_requested,
    )
    return editor


def rows(editor):
    return [row for row in editor.findChildren(ParameterRow) if row.isVisible()]


@pytest.mark.parametrize("kind", EFFECT_KINDS)
def test_every_parameter_of_a_kind_has_a_row(editor, kind):
    editor.show_mix(mix_of(EffectSettings(kind=kind)))
    editor.open("vocals", kind)
    names = [row.handle.parameter for row in rows(editor)]
    assert names == list(EFFECT_KINDS[kind].parameters)
    assert editor.plot.isVisible() == (kind in {"equaliser", "compressor", "gate", "limiter"})


def test_a_slider_changes_its_address_and_the_picture(editor, hands, log):
    editor.show_mix(mix_of(EffectSettings(kind="compressor", name="comp2")))
    editor.open("vocals", "comp2")
    before = editor.plot.grab().toImage()
    hands.wheel(rows(editor)[0].findChild(Slider), -1)
    assert log.take() == [
        ("touched", "vocals.comp2.threshold_db", True),
        ("changed", "vocals.comp2.threshold_db", -21.0),
    ]
    assert editor.plot.grab().toImage() != before


def test_values_arrive_in_place(editor):
    gate = EffectSettings(kind="gate")
    editor.show_mix(mix_of(gate))
    editor.open("vocals", "gate")
    shown = rows(editor)
    editor.show_mix(mix_of(changed(gate, values={"ratio": 8.0}, bypass=True)))
    assert rows(editor) == shown
    assert editor.handles["ratio"].text == "8.0:1"
    assert editor.head.bypass.is_on


def test_bypass_is_a_parameter_like_the_others(editor, hands, log):
    editor.show_mix(mix_of(EffectSettings(kind="gate")))
    editor.open("vocals", "gate")
    hands.click(editor.head.bypass)
    hands.ask(editor.head.bypass)
    entries = log.take()
    assert ("changed", "vocals.gate.bypass", 1.0) in entries
    assert entries[-1][:2] == ("menu", "vocals.gate.bypass")


def test_a_switch_parameter_is_a_switch(editor, hands, log):
    editor.show_mix(mix_of(EffectSettings(kind="delay")))
    editor.open("vocals", "delay")
    hands.click(rows(editor)[-1].findChild(Switch))
    assert ("changed", "vocals.delay.ping_pong", 1.0) in log.take()


def test_double_click_on_the_name_sets_the_default(editor, hands):
    editor.show_mix(mix_of(EffectSettings(kind="delay", values={"amount": 0.7})))
    editor.open("vocals", "delay")
    hands.double_click(rows(editor)[0].findChild(QLabel))
    assert editor.handles["amount"].value == 0.25


def test_a_preset_is_one_choice(editor, log):
    editor.show_mix(mix_of(EffectSettings(kind="reverb")))
    editor.open("vocals", "reverb")
    box = editor.head.presets
    box.activated.emit(box.findText("Hall"))
    box.activated.emit(box.findText("Defaults"))
    box.activated.emit(0)
    (first, second) = log.take()
    assert first[:3] == ("preset", "vocals", "reverb")
    assert first[3]["decay_seconds"] == 3.5
    assert second == ("preset", "vocals", "reverb", {})


def test_an_effect_that_is_gone_closes_its_panel(editor):
    editor.show_mix(mix_of(EffectSettings(kind="gate")))
    editor.open("vocals", "gate")
    assert rows(editor)
    editor.show_mix(mix_of(EffectSettings(kind="reverb")))
    assert not rows(editor)
    editor.show_mix(mix_of(EffectSettings(kind="gate")))
    assert rows(editor)
    editor.show_mix(None)
    assert not rows(editor)


def test_another_effect_lets_go_of_the_first(editor, hands, log):
    editor.show_mix(mix_of(EffectSettings(kind="gate"), EffectSettings(kind="reverb")))
    editor.open("vocals", "gate")
    hands.press(rows(editor)[0].findChild(Slider))
    editor.open("vocals", "reverb")
    assert log.named("touched")[-1] == ("vocals.gate.threshold_db", False)


def test_automation_moves_and_marks(editor):
    mix = mix_of(
        EffectSettings(kind="reverb"), automation={"vocals.reverb.amount": (Point(0.0, 0.9),)}
    )
    editor.show_mix(mix)
    editor.open("vocals", "reverb")
    editor.show_mapped({"vocals.reverb.width"})
    editor.show_in_force({"vocals.reverb.amount": 0.9})
    assert editor.handles["amount"].value == 0.9
    assert editor.handles["amount"].is_automated
    assert editor.handles["width"].is_mapped


def parameter(number):
    return PluginParameter(
        name=f"knob{number}",
        title=f"Knob {number}",
        unit="",
        default=0.5,
        value=0.5,
        text="half",
        lowest="none",
        highest="all",
        steps=0,
        is_switch=False,
        is_automatable=True,
    )


def test_a_plugin_has_a_window_and_what_it_told(editor, hands, log):
    editor.show_mix(mix_of(PLUGIN))
    editor.open("vocals", "plugin")
    assert rows(editor) == []
    known.note(PLUGIN, tuple(parameter(number) for number in range(80)))
    editor.show_mix(mix_of(changed(PLUGIN, values={"knob1": 0.75})))
    assert len(rows(editor)) == 64
    assert editor.handles["knob1"].value == 0.75
    hands.click(editor.head.window_button)
    hands.click(editor.head.remove)
    assert log.take() == [("window", "vocals", "plugin"), ("removed", "vocals", "plugin")]


def test_a_fault_is_said_with_the_way_out(editor, hands, log):
    fault = EffectFault("The plug-in Hall crashed: restart it.", "vocals", "plugin")
    editor.show_mix(mix_of(PLUGIN), [fault])
    editor.open("vocals", "plugin")
    assert "crashed" in editor.head.fault
    assert not editor.head.window_button.isEnabled()
    hands.click(editor.head.restart)
    assert log.take() == [("restart", "vocals", "plugin")]
    editor.show_mix(mix_of(PLUGIN))
    assert editor.head.fault == ""
    assert not editor.head.restart.isVisible()


def test_keys_reach_every_row(editor, hands):
    editor.show_mix(mix_of(EffectSettings(kind="equaliser")))
    editor.open("vocals", "equaliser")
    for row in rows(editor):
        hands.key(row.findChild(Slider), Qt.Key.Key_End)
        assert row.handle.value == row.handle.parameter.maximum
