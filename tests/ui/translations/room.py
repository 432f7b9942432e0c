"""Whether a window is German throughout, and has room for what it says."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QMenu,
    QTabBar,
    QToolButton,
    QWidget,
)

from stemdesk.ui.panels.labels import Line
from tests.ui.translations.known import ENGLISH


def texts_of(widget):
    """What a widget shows or tells."""
    shown = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    if isinstance(widget, QLabel | QAbstractButton):
        shown.append(widget.text())
    elif isinstance(widget, Line):
        shown.append(widget.text)
    elif isinstance(widget, QTabBar):
        shown += [widget.tabText(index) for index in range(widget.count())]
    elif isinstance(widget, QComboBox):
        shown += [widget.itemText(index) for index in range(widget.count())]
    elif isinstance(widget, QMenu):
        shown += [widget.title(), *(action.text() for action in widget.actions())]
    shown += [action.text() for action in widget.actions()]
    shown += [action.toolTip() for action in widget.actions()]
    return [part.strip() for text in shown for part in (text, *re.split(r"\n|[:(·] ?", text))]


def family(window):
    return [window, *window.findChildren(QWidget)]


def room_wanted(widget):
    """Width in px that a widget's text needs to be read whole; 0 where it may be cut or wrapped."""
    if isinstance(widget, QAbstractButton) and widget.text():
        icon = widget.iconSize().width() + 4 if not widget.icon().isNull() else 0
        if isinstance(widget, QToolButton) and not shows_text(widget):
            return 0
        return widget.fontMetrics().horizontalAdvance(widget.text().replace("&", "")) + icon
    if isinstance(widget, QLabel) and not widget.wordWrap():
        return widget.fontMetrics().horizontalAdvance(widget.text())
    return 0


def shows_text(button):
    is_icon = button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    return not is_icon or button.icon().isNull()


def assert_german_and_whole(window):
    for widget in family(window):
        english = [text for text in texts_of(widget) if text in ENGLISH]
        assert english == [], widget
        if widget.isVisible():
            assert room_wanted(widget) <= widget.width(), (widget, texts_of(widget))
            if isinstance(widget, QTabBar):
                for index in range(widget.count()):
                    width = widget.fontMetrics().horizontalAdvance(widget.tabText(index))
                    assert width <= widget.tabRect(index).width(), widget.tabText(index)
    assert_accelerators_differ([w for w in family(window) if isinstance(w, QAbstractButton)])


def assert_accelerators_differ(named):
    letters = [
        found[1].casefold()
        for each in named
        if (found := re.search(r"&(\w)", each.text().replace("&&", "")))
    ]
    assert len(letters) == len(set(letters)), letters
