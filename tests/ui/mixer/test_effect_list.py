import pytest
from PySide6.QtCore import QPoint, Qt

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.settings import EffectSettings
from stemdesk.ui.mixer.effect_list import EffectList
from stemdesk.ui.mixer.effect_menu import EffectMenu
from stemdesk.ui.mixer.effect_words import effect_title, kind_deed
from stemdesk.ui.theme import ROW_PX

ALT = Qt.KeyboardModifier.AltModifier
CHAIN = (
    EffectSettings(kind="gate"),
    EffectSettings(kind="equaliser", bypass=True),
    EffectSettings(kind="reverb"),
    EffectSettings(kind="plugin", plugin="/plugins/Hall.vst3"),
)


@pytest.fixture
def rows(qtbot, log):
    rows = EffectList("Vocals")
    qtbot.addWidget(rows)
    rows.show_effects(CHAIN)
    rows.resize(160, rows.height())
    rows.show()
    qtbot.waitExposed(rows)
    log.watch(opened=rows.opened, bypassed=rows.bypassed, removed=rows.removed, moved=rows.moved)
    log.watch(window=rows.window_requested)
    return rows


def at(row, x=60, y=0.5):
    return QPoint(x, round((row + y) * ROW_PX))


def test_a_click_opens_the_dot_bypasses_the_cross_removes(rows, hands, log):
    hands.click(rows, at(2))
    hands.click(rows, rows.dot(0).center())
    hands.click(rows, rows.dot(1).center())
    hands.click(rows, rows.cross(2).center())
    assert log.take() == [
        ("opened", "reverb"),
        ("bypassed", "gate", True),
        ("bypassed", "equaliser", False),
        ("removed", "reverb"),
    ]


def test_targets_are_large_enough(rows):
    for target in (rows.dot(0), rows.cross(0)):
        assert min(target.width(), target.height()) >= 24


@pytest.mark.parametrize(
    ("start", "end", "name", "place"),
    [(0, 2, "gate", 2), (2, 0, "reverb", 0), (0, 30, "gate", 3), (3, -9, "plugin", 0)],
)
def test_a_row_is_dragged_to_another_place(rows, hands, log, start, end, name, place):
    hands.press(rows, at(start))
    hands.move(rows, at(end, y=0.8 if end > start else 0.2))
    hands.release(rows, at(end))
    assert log.take() == [("moved", name, place)]


def test_a_row_dropped_where_it_was_stays(rows, hands, log):
    for y in (0.1, 0.9):
        hands.press(rows, at(1))
        hands.move(rows, at(1, y=y))
        hands.release(rows, at(1, y=y))
    assert log.take() == []


def test_escape_calls_a_drag_off(rows, hands, log):
    hands.press(rows, at(0))
    hands.move(rows, at(2, y=0.8))
    hands.key(rows, Qt.Key.Key_Escape)
    hands.release(rows, at(2))
    assert log.take() == []


def test_keys_choose_move_bypass_open_and_remove(rows, hands, log):
    hands.key(rows, Qt.Key.Key_Down)
    hands.key(rows, Qt.Key.Key_Space)
    hands.key(rows, Qt.Key.Key_Return)
    hands.key(rows, Qt.Key.Key_Down, ALT)
    hands.key(rows, Qt.Key.Key_Up, ALT)
    hands.key(rows, Qt.Key.Key_Delete)
    entries = log.take()
    assert entries[:3] == [
        ("bypassed", "equaliser", False),
        ("opened", "equaliser"),
        ("moved", "equaliser", 2),
    ]
    assert entries[4][0] == "removed"


def test_the_focused_row_goes_with_the_effect_it_moved(rows, hands, log):
    hands.key(rows, Qt.Key.Key_Down, ALT)
    assert log.take() == [("moved", "gate", 1)]
    rows.show_effects((CHAIN[1], CHAIN[0], *CHAIN[2:]))
    hands.key(rows, Qt.Key.Key_Down, ALT)
    assert log.take() == [("moved", "gate", 2)]


def test_the_menu_of_a_row_offers_the_plugins_window(rows, log):
    menu = rows.menu(3)
    entries = {action.text(): action for action in menu.actions()}
    entries["Open the plug-in's own window"].trigger()
    entries["Remove"].trigger()
    assert not entries["Move down"].isEnabled()
    entries["Move up"].trigger()
    assert log.take() == [("window", "plugin"), ("removed", "plugin"), ("moved", "plugin", 2)]
    assert not any("window" in action.text() for action in rows.menu(0).actions())


def test_what_went_wrong_is_said_at_the_row(rows):
    before = rows.grab().toImage()
    rows.show_effects(CHAIN, {"plugin": "The plug-in Hall crashed: restart it."})
    assert "crashed" in rows.row_tip(3)
    assert rows.grab().toImage() != before


def test_bypass_is_seen_and_told(rows):
    before = rows.grab().toImage()
    rows.show_effects((EffectSettings(kind="gate", bypass=True), *CHAIN[1:]))
    assert rows.grab().toImage() != before
    assert "bypassed" in rows.accessibleDescription()


def test_titles_are_plain_words(qapp):
    assert effect_title(EffectSettings(kind="reverb")) == "Reverb"
    assert effect_title(EffectSettings(kind="reverb", name="reverb2")) == "Reverb 2"
    assert effect_title(EffectSettings(kind="reverb", name="throw")) == "throw"
    assert effect_title(CHAIN[3]) == "Hall"


def test_every_kind_has_words_for_what_it_does(qapp):
    assert all(kind_deed(kind) for kind in EFFECT_KINDS)


def test_the_menu_adds_what_may_sit_on_the_strip(qtbot, log):
    for strip, missing in (("vocals", set()), ("master", {"rider"})):
        menu = EffectMenu(strip)
        qtbot.addWidget(menu)
        log.watch(kind=menu.kind_chosen, plugin=menu.plugin_chosen)
        for action in menu.actions():
            if not action.isSeparator():
                action.trigger()
        entries = log.take()
        assert {entry[1] for entry in entries if entry[0] == "kind"} == set(EFFECT_KINDS) - missing
        assert entries[-1] == ("plugin",)
