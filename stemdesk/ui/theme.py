"""Colours, type and spacing, dark and light: asked by every widget that paints itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from stemdesk.stem_colours import ON_DARK, ON_LIGHT, stem_colour
from stemdesk.ui.style_sheet import style_sheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

Choice = Literal["system", "dark", "light"]

GRID_PX = 4
ROW_PX = 28
TARGET_PX = 24  # the least a finger or a shaky hand can hit
TEXT_PX = 13
SMALL_PX = 11

_RESIDUAL = "#D55E00"


@dataclass(frozen=True)
class Theme:
    """One set of colours.

    Attributes:
        is_dark: light on dark.
        background: behind lanes and strips.
        panel: of docks and bars.
        raised: of buttons and fields.
        line: hair lines and ticks.
        text: at least 4.5:1 on all three grounds.
        dim: for what is said in passing; 4.5:1 on background and panel.
        accent: focus, selection, playhead.
        mixture: the mixture's lane.
        mute: a lit mute button; ``solo``, ``alarm`` (record, clip), ``good`` likewise.
    """

    is_dark: bool
    background: QColor
    panel: QColor
    raised: QColor
    line: QColor
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
        return QColor(stem_colour(stem, ON_DARK if self.is_dark else ON_LIGHT))


DARK = Theme(
    is_dark=True,
    background=QColor("#16181C"),
    panel=QColor("#1E2127"),
    raised=QColor("#272B33"),
    line=QColor("#363B45"),
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


def theme() -> Theme:
    """The theme in force; widgets ask anew in each paint, and are repainted when it changes."""
    return _in_force[0]


def apply_theme(app: QApplication, choice: Choice) -> None:
    """Put a theme in force everywhere; `system` follows the desktop."""
    if choice == "system":
        is_light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        choice = "light" if is_light else "dark"
    _in_force[0] = LIGHT if choice == "light" else DARK
    app.setStyle("Fusion")
    app.setFont(text_font())
    app.setPalette(_palette(theme()))
    app.setStyleSheet(style_sheet(theme()))


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
        role.Light: of.raised,
    }.items():
        palette.setColor(each, colour)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, of.dim)
    return palette
