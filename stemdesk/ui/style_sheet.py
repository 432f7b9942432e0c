"""What a palette cannot say: hair lines, flat controls, a focus ring on everything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.ui.theme import Theme

MARKS = Path(__file__).parent / "marks"
FIELD_PX = 18  # with padding and border 24: the least that can be hit
CHOICE_PX = 22  # the same with a border only


def style_sheet(of: Theme) -> str:
    """Qt's style sheet for a theme.

    What has the focus has a ring of 2 px instead of its outline of one, and as much less padding,
    so that nothing moves; what is on has another ground and a foot, so that both can be seen.
    Spin boxes are left to Qt's own style: a style sheet lays their text against the border.
    """
    return _buttons(of) + _fields(of) + _choices(of) + _tabs(of) + _bars(of)


def _buttons(of: Theme) -> str:
    outline, raised, accent, dim = _names(of)
    return f"""
    QPushButton, QToolButton {{
        background: {raised}; border: 1px solid {outline}; border-radius: 4px;
        padding: 2px 8px; min-height: {FIELD_PX}px;
    }}
    QToolButton[toolButtonStyle="0"] {{ padding: 2px 4px; }}
    QToolButton[popupMode="2"] {{ padding-right: 20px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {of.text.name()}; }}
    QPushButton:default {{ background: {of.lit.name()}; }}
    QPushButton:checked, QToolButton:checked {{
        background: {of.lit.name()}; border-bottom: 3px solid {accent}; padding-bottom: 0;
    }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {accent}; padding: 1px 7px; }}
    QToolButton[toolButtonStyle="0"]:focus {{ padding: 1px 3px; }}
    QToolButton[popupMode="2"]:focus {{ padding-right: 19px; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {dim}; border-color: {of.line.name()}; }}
    QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QToolButton::menu-indicator {{
        image: {_mark("down", of)}; width: 12px; height: 12px;
        subcontrol-origin: border; subcontrol-position: center right; right: 4px;
    }}
    """


def _fields(of: Theme) -> str:
    outline, raised, accent, dim = _names(of)
    ground, line = of.background.name(), of.line.name()
    return f"""
    QLineEdit, QPlainTextEdit {{
        background: {ground}; border: 1px solid {outline}; border-radius: 4px;
        padding: 2px 4px; min-height: {FIELD_PX}px;
    }}
    QLineEdit > QToolButton {{
        background: transparent; border: none; padding: 0; min-height: 0;
    }}
    QComboBox {{
        background: {raised}; border: 1px solid {outline}; border-radius: 4px;
        padding: 2px 4px 2px 8px; min-height: {FIELD_PX}px;
    }}
    QComboBox:hover {{ border-color: {of.text.name()}; }}
    QComboBox:disabled {{ color: {dim}; border-color: {line}; }}
    QLineEdit:disabled {{ border-color: {line}; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ image: {_mark("down", of)}; width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{ background: {raised}; }}
    QListView, QTreeView, QTableView {{ border: 1px solid {line}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {accent}; padding: 1px 3px; }}
    QComboBox:focus {{ border: 2px solid {accent}; padding: 1px 3px 1px 7px; }}
    QListView:focus, QTreeView:focus, QTableView:focus {{ border: 1px solid {accent}; }}
    """


def _choices(of: Theme) -> str:
    _, _, accent, dim = _names(of)
    return f"""
    QCheckBox, QRadioButton {{
        border: 1px solid transparent; border-radius: 4px; padding: 0 4px; spacing: 8px;
        min-height: {CHOICE_PX}px;
    }}
    QCheckBox:focus, QRadioButton:focus {{ border-color: {accent}; }}
    QCheckBox::indicator, QRadioButton::indicator, QTreeView::indicator {{
        width: 14px; height: 14px; border: 1px solid {dim};
        background: {of.background.name()}; border-radius: 3px;
    }}
    QRadioButton::indicator {{ border-radius: 7px; }}
    QCheckBox::indicator:checked, QRadioButton::indicator:checked,
    QTreeView::indicator:checked {{
        background: {accent}; border-color: {accent}; image: {_mark("tick", of)};
    }}
    QRadioButton::indicator:checked {{ image: {_mark("dot", of)}; }}
    QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {accent}; }}
    """


def _tabs(of: Theme) -> str:
    line, accent, dim = of.line.name(), of.accent.name(), of.dim.name()
    return f"""
    QTabWidget::pane {{
        background: {of.panel.name()}; border: none; border-top: 1px solid {line};
    }}
    QTabBar::tab {{
        background: transparent; color: {dim}; padding: 4px 12px; min-height: {FIELD_PX}px;
        border: 1px solid transparent; border-bottom: 2px solid transparent;
    }}
    QTabBar::tab:hover {{ color: {of.text.name()}; }}
    QTabBar::tab:selected {{ color: {of.text.name()}; border-bottom: 2px solid {accent}; }}
    QTabBar::tab:focus {{ border: 1px solid {accent}; border-bottom: 2px solid {accent}; }}
    """


def _bars(of: Theme) -> str:
    line, dim = of.line.name(), of.dim.name()
    return f"""
    QToolTip {{
        background: {of.raised.name()}; color: {of.text.name()};
        border: 1px solid {line}; padding: 4px;
    }}
    QMenu {{ background: {of.raised.name()}; border: 1px solid {line}; padding: 4px 0; }}
    QMenu::item:selected {{ background: {of.accent.name()}; color: {of.background.name()}; }}
    QStatusBar::item {{ border: none; }}
    QSplitter::handle {{ background: {line}; }}
    QSplitter::handle:hover {{ background: {dim}; }}
    QSplitter::handle:horizontal {{ width: 1px; }}
    QSplitter::handle:vertical {{ height: 1px; }}
    QScrollBar {{ background: {of.background.name()}; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {of.outline.name()}; border-radius: 3px; margin: 3px; }}
    QScrollBar::handle:hover {{ background: {dim}; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QHeaderView::section {{
        background: {of.panel.name()}; color: {dim}; border: none;
        border-bottom: 1px solid {line}; padding: 4px;
    }}
    """


def _names(of: Theme) -> tuple[str, str, str, str]:
    """Outline, raised, accent, dim."""
    return of.outline.name(), of.raised.name(), of.accent.name(), of.dim.name()


def _mark(name: str, of: Theme) -> str:
    """A small picture that Qt does not draw itself once a control is styled."""
    file = MARKS / f"{name}_{'dark' if of.is_dark else 'light'}.svg"
    return f'url("{file.as_posix()}")'
