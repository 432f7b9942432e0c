from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QMainWindow

from stemdesk.ui.window_state import FRAME_PX, TITLE_PX, fit_screen


class Screen:
    def availableGeometry(self):  # noqa: N802
        return QRect(0, 30, 1366, 738)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ((1440, 900), (1366 - FRAME_PX, 738 - TITLE_PX)),
        ((1200, 900), (1200, 738 - TITLE_PX)),
        ((1000, 600), (1000, 600)),
    ],
)
def test_a_window_is_no_larger_than_its_screen(qtbot, monkeypatch, asked, shown):
    window = QMainWindow()
    qtbot.addWidget(window)
    monkeypatch.setattr(window, "screen", Screen)
    window.resize(*asked)
    window.move(20, 50)
    fit_screen(window)
    assert (window.width(), window.height()) == shown
    assert (window.x(), window.y()) == ((20, 50) if asked == shown else (0, 30))
