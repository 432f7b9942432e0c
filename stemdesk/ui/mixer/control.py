"""What every control does alike: drag, wheel, keys, double click, focus ring, marks, tooltip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from stemdesk.ui.mixer.handle import FINE, PAGE, step_factor
from stemdesk.ui.mixer.value_text import value_text
from stemdesk.ui.own_keys import OwnKeys, is_plain
from stemdesk.ui.ring import paint_ring
from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import (
        QColor,
        QContextMenuEvent,
        QFocusEvent,
        QHideEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QWheelEvent,
    )

    from stemdesk.ui.mixer.handle import Handle

_NOTCH = 120
_KEYS: dict[int, float] = {
    Qt.Key.Key_Up: 1.0,
    Qt.Key.Key_Right: 1.0,
    Qt.Key.Key_Down: -1.0,
    Qt.Key.Key_Left: -1.0,
    Qt.Key.Key_PageUp: PAGE,
    Qt.Key.Key_PageDown: -PAGE,
}
_MARK_PX = 7.0


class Control(OwnKeys, QWidget):
    """A control painted by its subclass.

    Dragging moves it from where it is, up or right for more, so a click alone moves nothing; Ctrl
    makes it ten times finer. Wheel and arrows go by steps (Shift 3, Ctrl 0.1), Page by 6, Home and
    End to the ends; double click, Shift+click or Delete set the default; Enter or a figure types.

    Args:
        handle: the parameter.
        name: for people: `Vocals: Level`.
        parent: the panel it sits in.
    """

    is_dragged_sideways = False

    def __init__(self, handle: Handle, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handle = handle
        self._name = name
        self._anchor: tuple[float, float, bool] | None = None
        self.setObjectName(f"{type(self).__name__.lower()}:{handle.address}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        handle.shown.connect(self.refresh)
        self.refresh()

    def paint(self, painter: QPainter) -> None:
        """Paint the control; the background is there, ring and marks follow."""
        raise NotImplementedError

    @property
    def drag_px(self) -> float:
        """How far a hand moves for the whole travel."""
        return 160.0

    @property
    def mark_place(self) -> QPointF:
        """Where the marks begin: their top right corner."""
        return QPointF(self.width() - 1.0, 1.0)

    @property
    def mark_colour(self) -> QColor:
        """What the marks are painted in."""
        return theme().accent

    def hint(self) -> str:
        """How to use it, for the tooltip."""
        parameter = self.handle.parameter
        return self.tr("Drag or wheel (Shift: 3 steps, Ctrl: a tenth). Double click: {0}").format(
            value_text(parameter, parameter.default)
        )

    def refresh(self) -> None:
        """Show value and marks as they are now."""
        self.setAccessibleDescription(self.handle.text)
        lines = [f"{self._name}: {self.handle.text}", self.hint()]
        if self.handle.is_automated:
            lines.append(self.tr("◆ moved by automation"))
        if self.handle.is_mapped:
            lines.append(self.tr("◎ moved by a MIDI control"))
        self.setToolTip("\n".join(lines))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room enough for a hand."""
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """Paint control, marks and focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)
        paint_marks(painter, self.mark_place, self.handle, self.mark_colour)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.handle.grip()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.handle.reset()
        self._set_anchor(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move with the hand."""
        if self._anchor is None:
            event.ignore()
            return
        place, travel, is_fine = self._anchor
        if is_fine != _is_fine(event):
            self._set_anchor(event)
            return
        moved = (self._along(event) - place) / self.drag_px * (FINE if is_fine else 1.0)
        if moved:
            self.handle.set_travel(travel + moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._anchor = None
        self.handle.let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Set the default."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.handle.grip()
            self.handle.reset()
            self._set_anchor(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Go by steps."""
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / _NOTCH  # some systems turn Alt+wheel sideways
        if notches:
            self.handle.nudge(notches * step_factor(event.modifiers()))
        event.accept()

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Go by steps, to the ends or the default, or begin to type; other keys go on."""
        key, handle = event.key(), self.handle
        if key in _KEYS and (is_plain(event) or abs(_KEYS[key]) != PAGE):
            return partial(handle.nudge, _KEYS[key] * step_factor(event.modifiers()))
        if not is_plain(event):
            return None
        plain: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Home: partial(handle.set, handle.parameter.minimum),
            Qt.Key.Key_End: partial(handle.set, handle.parameter.maximum),
            Qt.Key.Key_Delete: handle.reset,
            Qt.Key.Key_Backspace: handle.reset,
            Qt.Key.Key_Return: partial(handle.typing_requested.emit, ""),
            Qt.Key.Key_Enter: partial(handle.typing_requested.emit, ""),
            Qt.Key.Key_F2: partial(handle.typing_requested.emit, ""),
        }
        if key in plain:
            return plain[key]
        if event.text() and event.text() in "0123456789+-.":
            return partial(handle.typing_requested.emit, event.text())
        return None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the parameter's menu."""
        self.handle.context_requested.emit(self.handle.address, event.globalPos())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The wheel's gesture is over."""
        self.handle.leave()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The keys' gesture is over."""
        self.handle.leave()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """What cannot be seen is not held."""
        self._anchor = None
        self.handle.let_go()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def _set_anchor(self, event: QMouseEvent) -> None:
        self._anchor = (self._along(event), self.handle.travel, _is_fine(event))

    def _along(self, event: QMouseEvent) -> float:
        place = event.globalPosition()
        return place.x() if self.is_dragged_sideways else -place.y()


def paint_marks(painter: QPainter, corner: QPointF, handle: Handle, colour: QColor) -> None:
    """A diamond where automation moves the parameter, a ring with a dot where MIDI does."""
    right, top = corner.x(), corner.y()
    half = _MARK_PX / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if handle.is_automated:
        middle = QPointF(right - half, top + half)
        across, down = QPointF(half, 0.0), QPointF(0.0, half)
        painter.drawPolygon([middle - across, middle - down, middle + across, middle + down])
        right -= _MARK_PX + 2.0
    if handle.is_mapped:
        middle = QPointF(right - half, top + half)
        painter.drawEllipse(middle, 1.4, 1.4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.0))
        painter.drawEllipse(middle, half - 0.5, half - 0.5)


def _is_fine(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
