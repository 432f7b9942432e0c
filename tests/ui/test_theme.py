"""What the colours and the focus ring must be able to do, in both themes."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from stemdesk.mixing.parameters import INVERT, LEVEL_DB, MUTE, PAN
from stemdesk.stem_colours import FURTHER, FURTHER_ON_LIGHT, ON_DARK
from stemdesk.ui.icons import icon
from stemdesk.ui.mixer.fader import Fader
from stemdesk.ui.mixer.handle import Handle
from stemdesk.ui.mixer.knob import Knob
from stemdesk.ui.mixer.lamp import ClipLamp
from stemdesk.ui.mixer.switch import Switch
from stemdesk.ui.theme import DARK, LIGHT, apply_theme, theme
from stemdesk.ui.timeline.ruler import Ruler
from stemdesk.ui.timeline.scene import Scene
from stemdesk.ui.timeline.wishes import Wishes
from tests.ui.contrast import contrast, of

TEXT, CONTROL = 4.5, 3.0
LANES = (*ON_DARK, "mixture", "residual", *map(chr, range(97, 97 + len(FURTHER))))


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def colours(request):
    return request.param


@pytest.fixture
def in_force(qapp, colours):
    apply_theme(qapp, "dark" if colours.is_dark else "light")


def between(one, other):
    return float(contrast(of(one), of(other)))


def test_contrast_is_the_guidelines():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21.0)
    grey = (0x76 / 255,) * 3  # the lightest grey for text on white
    assert TEXT < contrast(grey, (1, 1, 1)) < 4.6


def test_text_can_be_read(colours):
    for ground in (colours.background, colours.panel, colours.raised, colours.lit):
        assert between(colours.text, ground) >= TEXT
    for ground in (colours.background, colours.panel):
        assert between(colours.dim, ground) >= TEXT


def test_controls_and_what_is_chosen_stand_out(colours):
    for ground in (colours.background, colours.panel, colours.raised):
        for role in ("outline", "accent", "dim", "alarm", "good"):
            assert between(getattr(colours, role), ground) >= CONTROL, role
    assert between(colours.accent, colours.lit) >= CONTROL
    assert between(colours.background, colours.accent) >= TEXT  # what is written on a selection


def test_every_lane_stands_out_from_its_ground(colours):
    shown = {colours.lane(name).name().upper() for name in LANES}
    assert shown >= set(FURTHER if colours.is_dark else FURTHER_ON_LIGHT)
    for name in LANES:
        for ground in (colours.background, colours.panel):
            assert between(colours.lane(name), ground) >= CONTROL, name


def test_a_lane_keeps_its_hue():
    for name in LANES:
        hue = DARK.lane(name).hsvHueF() - LIGHT.lane(name).hsvHueF()
        assert abs(hue) < 0.03 or name == "mixture", name


def test_hair_lines_are_quieter_than_controls(colours):
    for ground in (colours.background, colours.panel):
        assert between(colours.line, ground) < between(colours.outline, ground) / 1.5


def pixels(widget):
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(picture.constBits(), np.uint8)
    rows = rows.reshape(picture.height(), picture.bytesPerLine() // 4, 4)
    return rows[:, : picture.width(), 2::-1] / 255


@pytest.fixture
def shown(qtbot, in_force):
    """Shows a widget beside one that has the focus at first."""
    page = QWidget()
    page.other = QLineEdit()
    QHBoxLayout(page).addWidget(page.other)
    qtbot.addWidget(page)

    def shown(widget):
        page.layout().addWidget(widget)
        page.show()
        page.activateWindow()
        page.other.setFocus()
        qtbot.waitUntil(page.other.hasFocus)
        return widget

    return shown


def ringed(qtbot, widget, least=CONTROL):
    """Which part of a widget's top, bottom, left and right changes so much with the focus."""
    before = pixels(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    change = contrast(before, pixels(widget))
    sides = (change[:4].max(0), change[-4:].max(0), change[:, :4].max(1), change[:, -4:].max(1))
    return [float((side >= least).mean()) for side in sides]


def tool_button(*, on=False, picture=False):
    button = QToolButton()
    button.setCheckable(True)
    button.setChecked(on)
    button.setText("A | B")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if picture:
        button.setIcon(icon("loop"))
    return button


def push_button(*, default=False):
    button = QPushButton("OK")
    button.setDefault(default)
    return button


def control(kind, parameter, value, *more):
    handle = Handle(f"vocals.{parameter.name}", parameter)
    handle.show_value(value)
    return kind(handle, "Vocals", *more)


MADE = {
    "button": push_button,
    "default button": lambda: push_button(default=True),
    "tool button": tool_button,
    "tool button that is on": lambda: tool_button(on=True),
    "icon": lambda: tool_button(picture=True),
    "icon that is on": lambda: tool_button(on=True, picture=True),
    "line": QLineEdit,
    "combo box": QComboBox,
    "check box": lambda: QCheckBox("Separate"),
    "switch": lambda: control(Switch, MUTE, 0.0, "M", "mute"),
    "lit switch": lambda: control(Switch, MUTE, 1.0, "M", "mute"),
    "switch in the ring's colour": lambda: control(Switch, INVERT, 1.0, "Ø", "accent"),
    "fader": lambda: control(Fader, LEVEL_DB, 0.0),
    "knob": lambda: control(Knob, PAN, 0.0),
    "clip lamp": lambda: ClipLamp("Vocals"),
    "ruler": lambda: Ruler(Scene(), Wishes(), None),
}


@pytest.mark.parametrize("kind", MADE)
def test_what_has_the_focus_shows_a_ring_on_all_sides(shown, qtbot, kind):
    widget = shown(MADE[kind]())
    # Amber lies between ring and gap, which have 3:1 to one another (accent and background).
    assert min(ringed(qtbot, widget, 2.0 if kind == "lit switch" else CONTROL)) > 0.5


def test_so_do_spin_boxes_of_qts_own_style(shown, qtbot):
    assert min(ringed(qtbot, shown(QDoubleSpinBox()), 1.3)) > 0.5


def test_a_spin_boxs_outline_stands_out(shown, colours):
    edge = pixels(shown(QDoubleSpinBox()))[4:-4, 0]
    assert contrast(edge, np.broadcast_to(of(colours.panel), edge.shape)).min() >= CONTROL


def test_what_is_on_can_be_told_from_what_is_not_without_colour(shown):
    off, on = pixels(shown(tool_button()))[-3], pixels(shown(tool_button(on=True)))[-3]
    assert contrast(off, on)[8:-8].min() >= 1.5  # the foot


@pytest.fixture
def desktop(qapp, monkeypatch):
    """The desktop's colour scheme, as Qt tells of it."""
    hints = QApplication.styleHints()

    class Desktop:
        scheme = Qt.ColorScheme.Dark

        def change(self, scheme):
            self.scheme = scheme
            hints.colorSchemeChanged.emit(scheme)

    desktop = Desktop()
    monkeypatch.setattr(type(hints), "colorScheme", lambda _: desktop.scheme)
    yield desktop
    apply_theme(qapp, "dark")


def test_the_theme_follows_the_desktop_while_it_runs(qapp, desktop, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    apply_theme(qapp, "system")
    assert theme() is DARK
    for scheme, wanted in ((Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        desktop.change(scheme)
        assert theme() is wanted
        assert wanted.outline.name() in qapp.styleSheet()
        assert contrast(pixels(widget)[5, 5], of(wanted.panel)) == pytest.approx(1.0)


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_a_theme_that_was_chosen_stays(qapp, desktop, choice):
    apply_theme(qapp, "system")
    apply_theme(qapp, choice)
    chosen = theme()
    for scheme in (Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
        desktop.change(scheme)
        assert theme() is chosen
    apply_theme(qapp, "system")
    assert theme() is DARK


@pytest.mark.usefixtures("in_force")
def test_the_chosen_entry_of_a_menu_stands_out_and_can_be_read(qtbot, colours):
    menu = QMenu()
    qtbot.addWidget(menu)
    first, second = menu.addAction("Separate"), menu.addAction("Separate with options...")
    menu.popup(menu.pos())
    menu.setActiveAction(second)
    picture = menu.grab().toImage()
    for action, ground, ink in (
        (first, colours.raised, colours.text),
        (second, colours.accent, colours.background),
    ):
        place = menu.actionGeometry(action)
        row = range(place.left() + 2, place.right() - 2)
        seen = [picture.pixelColor(x, place.center().y()) for x in row]
        names = [each.name() for each in seen]
        assert max(set(names), key=names.count) == ground.name()
        strongest = max(abs(each.lightness() - ground.lightness()) for each in seen)
        assert strongest > 0.6 * abs(ink.lightness() - ground.lightness())
