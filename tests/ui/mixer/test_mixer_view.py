import math
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from stemdesk.mixing.settings import (
    EffectSettings,
    MixSettings,
    Point,
    StripSettings,
    changed,
    neutral,
)
from stemdesk.ui.mixer.fault import EffectFault
from stemdesk.ui.mixer.mixer_view import MixerView
from stemdesk.ui.mixer.switch import Switch

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STEMS = ("vocals", "drums", "bass", "other")


@pytest.fixture
def view(qtbot, log):
    view = MixerView()
    qtbot.addWidget(view)
    view.resize(1000, 460)
    view.show(neutral(STEMS))
    view.show()
    qtbot.waitExposed(view)
    log.watch(
        changed=view.parameter_changed,
        touched=view.touched,
        added=view.effect_added,
        removed=view.effect_removed,
        moved=view.effect_moved,
        bypassed=view.effect_bypassed,
        selected=view.effect_selected,
        strip=view.strip_bypassed,
        everything=view.all_bypassed,
        menu=view.context_requested,
        plugin=view.plugin_chosen,
    )
    return view


def with_strip(mix, name, **fields):
    return changed(
        mix,
        strips=tuple(changed(each, **fields) if each.name == name else each for each in mix.strips),
    )


def switch(view, strip, name):
    return view.findChild(Switch, f"switch:{strip}.{name}")


def test_there_is_a_strip_for_each_stem_and_the_master(view):
    assert [strip.name for strip in view.strips] == [*STEMS, "master"]
    assert all(strip.isVisible() for strip in view.strips)
    assert "solo" not in view.master.handles


def test_values_are_shown_in_place(view):
    strips = view.strips
    mix = with_strip(neutral(STEMS), "bass", level_db=-7.5, pan=0.5, mute=True)
    mix = changed(mix, master=StripSettings(name="master", level_db=1.0), ceiling_db=-1.0)
    view.show(mix)
    assert view.strips == strips
    bass = view.strip_named("bass").handles
    assert (bass["level_db"].text, bass["pan"].text, bass["mute"].value) == (
        "\N{MINUS SIGN}7.5 dB",
        "R 50",
        1.0,
    )
    assert view.master.handles["level_db"].value == 1.0
    assert view.master.handles["ceiling_db"].value == -1.0


def test_showing_a_mix_says_nothing(view, log):
    view.show(with_strip(neutral(STEMS), "bass", level_db=-7.5, solo=True))
    assert log.take() == []


def test_strips_are_kept_by_name(view):
    drums, vocals = view.strip_named("drums"), view.strip_named("vocals")
    view.show(neutral(("drums", "guitar", "vocals")))
    assert [strip.name for strip in view.strips] == ["drums", "guitar", "vocals", "master"]
    assert view.strip_named("drums") is drums
    assert view.strip_named("vocals") is vocals
    QApplication.processEvents()
    places = [view.strip_named(name).x() for name in ("drums", "guitar", "vocals")]
    assert places == sorted(places)
    assert len(set(places)) == 3


def test_a_dragged_fader_keeps_the_mouse_while_mixes_arrive(view, hands, log):
    fader = view.strip_named("drums").fader
    start = fader.cap.center().toPoint()
    hands.press(fader, start)
    for y in (5, 10, 20):
        hands.move(fader, start + QPoint(0, y))
        address, value = log.named("changed")[-1]
        assert address == "drums.level_db"
        view.show(with_strip(neutral(STEMS), "drums", level_db=value))
        assert fader.handle.value == value
    view.show(with_strip(neutral(STEMS), "drums", level_db=6.0))
    assert fader.handle.value == value
    hands.release(fader, start + QPoint(0, 20))
    assert log.named("touched")[-1] == ("drums.level_db", False)
    assert fader.handle.value == 6.0


def test_a_strip_that_goes_lets_go(view, hands, log):
    hands.press(view.strip_named("bass").fader)
    view.show(neutral(("vocals", "drums")))
    assert log.named("touched") == [("bass.level_db", True), ("bass.level_db", False)]


def test_no_mix_says_what_to_do(view):
    view.show(None)
    assert not view.master.isVisible()
    view.show(neutral(STEMS))
    assert view.master.isVisible()


def test_solo_adds_up(view, hands, log):
    view.show(with_strip(neutral(STEMS), "bass", solo=True))
    hands.click(switch(view, "drums", "solo"))
    assert log.named("changed") == [("drums.solo", 1.0)]


@pytest.mark.parametrize("modifiers", [CTRL, Qt.KeyboardModifier.AltModifier])
def test_ctrl_solos_alone_and_again_none(view, hands, log, modifiers):
    mix = with_strip(with_strip(neutral(STEMS), "bass", solo=True), "vocals", solo=True)
    view.show(mix)
    hands.click(switch(view, "drums", "solo"), modifiers=modifiers)
    assert sorted(log.named("changed")) == [
        ("bass.solo", 0.0),
        ("drums.solo", 1.0),
        ("vocals.solo", 0.0),
    ]
    view.show(with_strip(neutral(STEMS), "drums", solo=True))
    hands.click(switch(view, "drums", "solo"), modifiers=modifiers)
    assert log.named("changed") == [("drums.solo", 0.0)]


def test_ctrl_shift_turns_all_alike(view, hands, log):
    view.show(with_strip(neutral(STEMS), "bass", mute=True))
    hands.click(switch(view, "drums", "mute"), modifiers=CTRL | SHIFT)
    entries = log.take()
    changes = [entry[1:] for entry in entries if entry[0] == "changed"]
    assert changes == [("vocals.mute", 1.0), ("drums.mute", 1.0), ("other.mute", 1.0)]
    assert "bass.mute" not in {entry[1] for entry in entries}


def test_ctrl_on_mute_is_a_click(view, hands, log):
    hands.click(switch(view, "drums", "mute"), modifiers=CTRL)
    assert log.named("changed") == [("drums.mute", 1.0)]
    hands.click(switch(view, "master", "mute"), modifiers=CTRL)
    assert log.named("changed") == [("master.mute", 1.0)]


def test_effects_are_added_opened_bypassed_and_removed(view, hands, log):
    view.show(with_strip(neutral(STEMS), "drums", effects=(EffectSettings(kind="gate"),)))
    rows = view.strip_named("drums").effects.list
    hands.click(rows, QPoint(40, 14))
    hands.click(rows, rows.dot(0).center())
    hands.key(rows, Qt.Key.Key_Delete)
    view.strip_named("bass").effects.menu.actions()[0].trigger()
    view.strip_named("bass").effects.menu.actions()[-1].trigger()
    assert log.take() == [
        ("selected", "drums", "gate"),
        ("bypassed", "drums", "gate", True),
        ("removed", "drums", "gate"),
        ("added", "bass", "pitch"),
        ("plugin", "bass"),
    ]
    assert rows.selected == "gate"
    view.select_effect("", "")
    assert rows.selected == ""


def test_a_strips_and_all_effects_are_bypassed_and_put_back(view, hands, log):
    gate = EffectSettings(kind="gate")
    view.show(with_strip(neutral(STEMS), "drums", effects=(gate, EffectSettings(kind="reverb"))))
    dot = view.strip_named("drums").effects.dot
    assert not view.strip_named("bass").effects.dot.isEnabled()
    hands.click(dot)
    hands.click(view.master.everything)
    chain = (changed(gate, bypass=True), EffectSettings(kind="reverb", bypass=True))
    view.show(with_strip(neutral(STEMS), "drums", effects=chain))
    assert dot.is_on  # each effect has a switch of its own
    assert view.master.everything.is_on
    off = with_strip(neutral(STEMS), "drums", effects=(gate,), bypass=True)
    view.show(changed(off, bypass=True))
    assert not dot.is_on
    assert not view.master.everything.is_on
    hands.click(dot)
    hands.click(view.master.everything)
    assert log.take() == [
        ("strip", "drums", True),
        ("everything", True),
        ("strip", "drums", False),
        ("everything", False),
    ]


def levels(peak, power=0.01):
    return SimpleNamespace(peak=[peak, peak / 2], power=[power, power / 4])


def test_meters_follow_their_strip_and_fall_without_levels(view):
    view.advance({"drums": levels(0.5), "master": levels(0.25)}, 1 / 30)
    drums, bass = view.strip_named("drums").meter, view.strip_named("bass").meter
    assert [round(each.bar_db, 1) for each in drums.channels] == [-6.0, -12.0]
    assert bass.is_still
    assert not view.is_still
    view.advance(seconds=1.0)
    assert drums.channels[0].bar_db == pytest.approx(-26.0, abs=0.1)
    for _ in range(6):
        view.advance(seconds=1.0)
    assert view.is_still


def test_clip_lamps_are_cleared_one_by_one_or_together(view, hands):
    view.advance({name: levels(1.5) for name in ("drums", "bass", "master")}, 1 / 30)
    lamps = {name: view.strip_named(name).lamp for name in (*STEMS, "master")}
    assert [name for name, lamp in lamps.items() if lamp.is_lit] == ["drums", "bass", "master"]
    hands.click(lamps["drums"])
    assert [name for name, lamp in lamps.items() if lamp.is_lit] == ["bass", "master"]
    hands.click(lamps["bass"], modifiers=CTRL)
    assert not any(lamp.is_lit for lamp in lamps.values())


def test_loudness_has_signs_and_dashes_for_what_is_not_known(view):
    view.set_loudness(-14.23, None, -math.inf, 2.31)
    rows = {name: (figures, unit) for name, figures, unit in view.master.loudness.rows}
    assert rows["Short"] == ("\N{MINUS SIGN}14.2", "LUFS")
    assert rows["Integr."] == ("\N{EN DASH}", "LUFS")
    assert rows["True peak"] == ("\N{MINUS SIGN}\N{INFINITY}", "dBTP")
    assert rows["Limiter"] == ("\N{MINUS SIGN}2.3", "dB")


def test_automation_is_marked_and_moves_what_no_hand_holds(view, hands):
    mix = changed(neutral(STEMS), automation={"drums.level_db": (Point(0.0, -6.0),)})
    view.show(mix)
    view.show_mapped({"bass.pan"})
    level = view.strip_named("drums").handles["level_db"]
    assert level.is_automated
    assert view.strip_named("bass").handles["pan"].is_mapped
    view.show_in_force({"drums.level_db": -6.0, "bass.level_db": -9.0})
    assert level.value == -6.0
    assert view.strip_named("bass").handles["level_db"].value == 0.0  # not automated: the mix's own
    view.show(mix)
    assert level.value == -6.0
    hands.press(view.strip_named("drums").fader)
    view.show_in_force({"drums.level_db": -20.0})
    assert level.value == -6.0
    hands.release(view.strip_named("drums").fader)
    view.show_in_force({})
    assert level.value == 0.0


def test_faults_are_said_where_they_belong(view):
    mix = with_strip(neutral(STEMS), "drums", effects=(EffectSettings(kind="gate"),))
    view.show(mix, [EffectFault("It broke.", "drums", "gate"), "Something else broke."])
    assert "It broke." in view.strip_named("drums").effects.list.row_tip(0)
    label = view.findChild(object, "faults")
    assert (label.text()[2:], label.isVisible()) == ("Something else broke.", True)
    view.show(mix)
    assert not label.isVisible()
    assert "broke" not in view.strip_named("drums").effects.list.row_tip(0)


def test_tab_goes_from_strip_to_strip_and_ends_at_the_master(view):
    view.activateWindow()
    order = [stop for strip in view.strips for stop in strip.stops]
    seen, stop = [order[0]], order[0].nextInFocusChain()
    while stop is not order[0]:
        if stop in order:
            seen.append(stop)
        stop = stop.nextInFocusChain()
    assert seen == order


def test_eight_narrow_strips_of_six_effects_fit_without_overlap(view, qtbot):
    effects = tuple(
        EffectSettings(kind=kind)
        for kind in ("pitch", "gate", "equaliser", "compressor", "delay", "reverb")
    )
    strips = tuple(StripSettings(name=f"stem{n}", effects=effects) for n in range(8))
    view.show(MixSettings(strips=strips))
    view.resize(400, 360)
    qtbot.wait(10)
    for strip in view.strips[:-1]:
        assert strip.width() >= 84
        parts = [strip.effects, strip.fader, strip.lamp, strip.meter]
        for part in parts:
            assert strip.rect().contains(part.geometry()), part
        assert not strip.fader.geometry().intersects(strip.effects.geometry())
        assert not strip.fader.geometry().intersects(strip.meter.geometry())
    assert view.master.isVisible()


def test_a_new_mix_is_shown_without_making_widgets_anew(view):
    mix = neutral(tuple(f"stem{n}" for n in range(8)))
    view.show(mix)
    children = set(view.findChildren(object))
    for step in range(30):
        view.show(with_strip(mix, "stem3", level_db=-step / 10))
    assert set(view.findChildren(object)) == children
