"""What hands do to widgets."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Hands:
    @staticmethod
    def wheel(widget, notches, modifiers=NONE, sideways=False):
        place = QPointF(widget.rect().center())
        turned = round(120 * notches)
        angle = QPoint(turned, 0) if sideways else QPoint(0, turned)
        event = QWheelEvent(
            place,
            widget.mapToGlobal(place),
            QPoint(),
            angle,
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    @staticmethod
    def press(widget, place=None, modifiers=NONE):
        QTest.mousePress(widget, LEFT, modifiers, place or widget.rect().center())

    @staticmethod
    def move(widget, place, modifiers=NONE):
        local = QPointF(place)
        event = QMouseEvent(
            QEvent.Type.MouseMove, local, widget.mapToGlobal(local), LEFT, LEFT, modifiers
        )
        QApplication.sendEvent(widget, event)

    @staticmethod
    def release(widget, place=None, modifiers=NONE):
        QTest.mouseRelease(widget, LEFT, modifiers, place or widget.rect().center())

    @staticmethod
    def click(widget, place=None, modifiers=NONE):
        QTest.mouseClick(widget, LEFT, modifiers, place or widget.rect().center())

    @staticmethod
    def double_click(widget, place=None):
        place = place or widget.rect().center()
        QTest.mouseClick(widget, LEFT, NONE, place)
        QTest.mouseDClick(widget, LEFT, NONE, place)
        QTest.mouseRelease(widget, LEFT, NONE, place)

    @staticmethod
    def key(widget, key, modifiers=NONE):
        QTest.keyClick(widget, key, modifiers)

    @staticmethod
    def ask(widget):
        place = widget.rect().center()
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place), NONE
        )
        QApplication.sendEvent(widget, event)


class Log:
    """Signals in order."""

    def __init__(self):
        self.entries = []

    def watch(self, **signals):
        for name, signal in signals.items():
            signal.connect(lambda *values, name=name: self.entries.append((name, *values)))

    def take(self):
        entries, self.entries = self.entries, []
        return entries

    def named(self, name):
        return [entry[1:] for entry in self.take() if entry[0] == name]


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def log():
    return Log()
