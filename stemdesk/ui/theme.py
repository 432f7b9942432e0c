"""Colours, type and spacing, dark and light: asked by every widget that paints itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from stemdesk.stem_colours import stem_colour
from stemdesk.ui.style_sheet import style_sheet

Choice = Literal["system", "dark", "light"]

GRID_PX = 4
ROW_PX = 28
TARGET_PX = 24  # the least a finger or a shaky hand can hit
TEXT_PX = 13
SMALL_PX = 11

_RESIDUAL = "#D55E00"
_FUSION_DARKENS = 1.4
_FOLLOWS = "follows_the_desktop"


@dataclass(frozen=True)
class Theme:
    """One set of colours.

    Attributes:
        is_dark: light on dark.
        background: behind lanes and strips.
        panel: of docks and bars.
        raised: of buttons and fields.
        line: hair lines and ticks, which part and measure but are no controls.
        outline: of buttons and fields, grooves, scroll bars' handles; 3:1 on all three grounds.
        lit: of buttons that are on, and of the one that Enter presses.
        text: at least 4.5:1 on all three grounds.
        dim: for what is said in passing; 4.5:1 on background and panel.
        accent: focus, selection, playhead.
        mixture: the mixture's lane; all lanes' colours are 3:1 on background and panel.
        mute: a lit mute button; ``solo``, ``alarm`` (record, clip), ``good`` likewise.
    """

    is_dark: bool
    background: QColor
    panel: QColor
    raised: QColor
    line: QColor
    outline: QColor
    lit: QColor
    text: QColor
    dim: QColor
    accent: QColor
    mixture: QColor
    mute: QColor
    solo: QColor
    alarm: QColor
    good: QColor

    def lane(self, stem: str) -> QColor:
        """A stem's colour; unknown names get one of their own, always the same."""
        if stem in ("mixture", "master", "sum"):
            return self.mixture
        if stem == "residual":
            return QColor(_RESIDUAL)
        return QColor(stem_colour(stem, on_light=not self.is_dark))


DARK = Theme(
    is_dark=True,
    background=QColor("#16181C"),
    panel=QColor("#1E2127"),
    raised=QColor("#272B33"),
    line=QColor("#363B45"),
    outline=QColor("#6E7582"),
    lit=QColor("#334D60"),
    text=QColor("#E6E8EC"),
    dim=QColor("#9AA1AD"),
    accent=QColor("#56B4E9"),
    mixture=QColor("#A9B0BC"),
    mute=QColor("#E0A030"),
    solo=QColor("#F0E442"),
    alarm=QColor("#DD3333"),
    good=QColor("#2FBF8F"),
)
LIGHT = Theme(
    is_dark=False,
    background=QColor("#F4F5F7"),
    panel=QColor("#FFFFFF"),
    raised=QColor("#E9EBEF"),
    line=QColor("#D5D9E0"),
    outline=QColor("#7F8692"),
    lit=QColor("#AFCDE0"),
    text=QColor("#1B1E24"),
    dim=QColor("#5C6470"),
    accent=QColor("#0072B2"),
    mixture=QColor("#6B7280"),
    mute=QColor("#E0A030"),
    solo=QColor("#F0E442"),
    alarm=QColor("#DD3333"),
    good=QColor("#00795A"),
)

_in_force = [DARK]
_chosen: list[Choice] = ["dark"]


def theme() -> Theme:
    """The theme in force; widgets ask anew in each paint, and are repainted when it changes."""
    return _in_force[0]


def apply_theme(app: QApplication, choice: Choice) -> None:
    """Put a theme in force everywhere; `system` follows the desktop, also when that changes."""
    hints = app.styleHints()
    if not app.property(_FOLLOWS):
        app.setProperty(_FOLLOWS, True)
        hints.colorSchemeChanged.connect(_follow)
    _chosen[0] = choice
    scheme = hints.colorScheme()
    is_light = choice == "light" or (choice == "system" and scheme is Qt.ColorScheme.Light)
    _put_in_force(app, LIGHT if is_light else DARK)


def _follow(scheme: Qt.ColorScheme) -> None:
    """The desktop has another scheme now; dark where it has none."""
    app = QApplication.instance()
    if _chosen[0] != "system" or not isinstance(app, QApplication):
        return
    wanted = LIGHT if scheme is Qt.ColorScheme.Light else DARK
    if wanted is not theme():
        _put_in_force(app, wanted)


def _put_in_force(app: QApplication, wanted: Theme) -> None:
    _in_force[0] = wanted
    app.setStyle("Fusion")
    app.setFont(text_font())
    app.setPalette(_palette(wanted))
    app.setPalette(_spin_box_palette(wanted), "QAbstractSpinBox")  # type: ignore[arg-type]
    app.setStyleSheet(style_sheet(wanted))


def text_font(size_px: int = TEXT_PX) -> QFont:
    """The system's own font; figures keep one width, so that numbers do not dance."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(size_px)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _palette(of: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for each, colour in {
        role.Window: of.panel,
        role.WindowText: of.text,
        role.Base: of.background,
        role.AlternateBase: of.panel,
        role.Text: of.text,
        role.Button: of.raised,
        role.ButtonText: of.text,
        role.BrightText: of.alarm,
        role.ToolTipBase: of.raised,
        role.ToolTipText: of.text,
        role.PlaceholderText: of.dim,
        role.Highlight: of.accent,
        role.HighlightedText: of.background,
        role.Link: of.accent,
        role.Mid: of.line,
        role.Dark: of.line,
        role.Shadow: of.outline,
        role.Light: of.raised,
    }.items():
        palette.setColor(each, colour)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, of.dim)
    return palette


def _spin_box_palette(of: Theme) -> QPalette:
    """Fusion draws their outline in the window's colour, darkened."""
    palette = _palette(of)
    outline = of.outline
    value = min(1.0, outline.valueF() * _FUSION_DARKENS)
    before = QColor.fromHsvF(outline.hsvHueF(), outline.hsvSaturationF(), value)
    palette.setColor(QPalette.ColorRole.Window, before)
    return palette
