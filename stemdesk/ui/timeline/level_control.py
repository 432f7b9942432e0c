"""A small lying fader for a lane's level."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from stemdesk.mixing.parameters import LEVEL_DB, MAX_LEVEL_DB, SILENT_DB
from stemdesk.ui.own_keys import ClaimsKeys, is_plain
from stemdesk.ui.theme import TARGET_PX, theme
from stemdesk.ui.words import level_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

_HANDLE_PX = 8.0
_TENTHS = 10
_SILENT = round(SILENT_DB * _TENTHS) - 1
_FIRST_STEP_DB = -60.0  # from silence upwards
_PAGE_DB = 3.0


class LevelControl(ClaimsKeys, QAbstractSlider):
    """Shows what the document says; moving it asks. A slider to screen readers, in tenths of a dB.

    Args:
        lane: whose colour it has.
        parent: the lane's header.
    """

    level_moved = Signal(float)  # dB
    held = Signal(bool)

    def __init__(self, lane: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._lane, self._level_db = lane, 0.0
        self._grab: tuple[float, float] | None = None
        self._is_told = False
        self.valueChanged.connect(self._set_from_outside)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(_SILENT, round(MAX_LEVEL_DB * _TENTHS))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def level_db(self) -> float:
        """As shown."""
        return self._level_db

    def show_level(self, level_db: float) -> None:
        """Show a level."""
        if level_db != self._level_db:
            self._level_db = level_db
            silent = level_db == -math.inf
            self._is_told = True
            self.setValue(_SILENT if silent else round(level_db * _TENTHS))
            self._is_told = False
            self.setAccessibleDescription(level_text(level_db))
            self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room enough to hit a dB."""
        return QSize(72, TARGET_PX)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room enough to hit half a dB."""
        return QSize(96, TARGET_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The groove, a tick at 0 dB, the handle."""
        colours = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        x = self._x(LEVEL_DB.to_travel(self._level_db))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.outline)
        painter.drawRoundedRect(QRectF(2, middle - 2, self.width() - 4, 4), 2, 2)
        painter.setBrush(colours.lane(self._lane))
        painter.drawRoundedRect(QRectF(2, middle - 2, max(0.0, x - 2), 4), 2, 2)
        unity = round(self._x(LEVEL_DB.to_travel(0.0)))
        painter.fillRect(QRectF(unity - 0.5, middle - 9, 1, 18), colours.dim)
        painter.setPen(QPen(colours.accent if self.hasFocus() else colours.background, 1))
        painter.setBrush(colours.text)
        half = _HANDLE_PX / 2
        painter.drawRoundedRect(QRectF(x - half, middle - 8, _HANDLE_PX, 16), 2, 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the handle, bringing it here if it is elsewhere."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        travel = LEVEL_DB.to_travel(self._level_db)
        self.held.emit(True)
        if abs(event.position().x() - self._x(travel)) > _HANDLE_PX:
            travel = (event.position().x() - _HANDLE_PX / 2) / self._run()
            self._ask(LEVEL_DB.from_travel(travel))
        self._grab = (event.position().x(), travel)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the hand; with Ctrl a tenth as fast."""
        if self._grab is None:
            return
        x, travel = self._grab
        fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1.0
        travel = min(1.0, max(0.0, travel + (event.position().x() - x) / self._run() * fine))
        self._grab = (event.position().x(), travel)
        self._ask(LEVEL_DB.from_travel(travel))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._grab is not None:
            self._grab = None
            self.held.emit(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        """0 dB."""
        self._step_to(0.0)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """A dB a notch; with Shift 3, with Ctrl 0.1."""
        turn = event.angleDelta()
        notches = (turn.y() or turn.x()) / 120
        self._step_to(stepped(self._level_db, notches * step_db(event.modifiers())))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows a dB, Page 3 dB, Home silence, End the top, 0 unity."""
        deed = self._deed(event)
        if deed is None:
            event.ignore()
        else:
            deed()

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        step = step_db(event.modifiers())
        key = Qt.Key
        steps = {key.Key_Right: step, key.Key_Up: step, key.Key_Left: -step, key.Key_Down: -step}
        steps |= {key.Key_PageUp: _PAGE_DB, key.Key_PageDown: -_PAGE_DB}
        ends = {key.Key_Home: -math.inf, key.Key_End: MAX_LEVEL_DB, key.Key_0: 0.0}
        pressed = key(event.key())
        if pressed in steps and (is_plain(event) or abs(steps[pressed]) != _PAGE_DB):
            return partial(self._step_to, stepped(self._level_db, steps[pressed]))
        if pressed in ends and is_plain(event):
            return partial(self._step_to, ends[pressed])
        return None

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def _set_from_outside(self, tenths: int) -> None:
        if not self._is_told:  # a screen reader has set it
            self._step_to(-math.inf if tenths <= _SILENT else tenths / _TENTHS)

    def _step_to(self, level_db: float) -> None:
        if self._grab is not None:
            self._ask(level_db)
            return
        self.held.emit(True)
        self._ask(level_db)
        self.held.emit(False)

    def _ask(self, level_db: float) -> None:
        level_db = level_db if level_db == -math.inf else round(level_db, 1)
        if level_db != self._level_db:
            self.level_moved.emit(level_db)

    def _run(self) -> float:
        return max(1.0, self.width() - _HANDLE_PX)

    def _x(self, travel: float) -> float:
        return _HANDLE_PX / 2 + travel * self._run()


def step_db(modifiers: Qt.KeyboardModifier) -> float:
    """How far a notch or an arrow goes."""
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return 0.1
    return 3.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0


def stepped(level_db: float, step: float) -> float:
    """A level some dB away, from silence to the top of the fader."""
    if level_db == -math.inf:
        return _FIRST_STEP_DB if step > 0 else level_db
    wanted = min(MAX_LEVEL_DB, level_db + step)
    return wanted if wanted >= SILENT_DB else -math.inf
