"""Scroll bars that take little room in small places."""

# `shadow` is the theme's outline: a style sheet asks the palette anew when the theme changes.
THIN_BARS = """
QScrollBar { background: transparent; }
QScrollBar:vertical { width: 6px; }
QScrollBar:horizontal { height: 8px; }
QScrollBar::handle { background: palette(shadow); border-radius: 3px; min-width: 24px; }
QScrollBar::handle { min-height: 16px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
