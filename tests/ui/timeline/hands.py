"""Real mouse, wheel and key events, with whatever is held."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

NOTHING = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def mouse(widget, kind, x, y, held=NOTHING, button=Qt.MouseButton.LeftButton):
    at = QPointF(x, y)
    up = kind == QEvent.Type.MouseButtonRelease
    down = Qt.MouseButton.NoButton if up else button
    pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    event = QMouseEvent(kind, at, widget.mapToGlobal(at), pressed, down, held)
    QApplication.sendEvent(widget, event)


def press(widget, x, y, held=NOTHING):
    mouse(widget, QEvent.Type.MouseButtonPress, x, y, held)


def move(widget, x, y, held=NOTHING):
    mouse(widget, QEvent.Type.MouseMove, x, y, held)


def release(widget, x, y, held=NOTHING):
    mouse(widget, QEvent.Type.MouseButtonRelease, x, y, held)


def click(widget, x, y, held=NOTHING):
    press(widget, x, y, held)
    release(widget, x, y, held)


def double_click(widget, x, y):
    click(widget, x, y)
    mouse(widget, QEvent.Type.MouseButtonDblClick, x, y)
    release(widget, x, y)


def drag(widget, start, *path, held=NOTHING):
    press(widget, *start, held)
    for place in path:
        move(widget, *place, held)
    release(widget, *path[-1], held)


def wheel(widget, x, y, notches, held=NOTHING):
    """Handed on to the parents while nobody takes it, as Qt does with a real one."""
    at = QPointF(x, y)
    while widget is not None:
        event = QWheelEvent(
            at,
            widget.mapToGlobal(at),
            QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
        if event.isAccepted():
            return
        at, widget = widget.mapToParent(at), widget.parentWidget()


class Heard:
    """What a signal has said, call by call."""

    def __init__(self, signal):
        self.calls = []
        signal.connect(lambda *said: self.calls.append(said))

    @property
    def last(self):
        return self.calls[-1]


def row_y(view, lane, share=0.5, *, automation=False):
    """A height in the canvas: a share of a lane's, or of its automation's."""
    rows = [r for r in view.scene.rows if r.lane == lane and bool(r.address) == automation]
    return rows[0].top_px + share * rows[0].height_px - view.scene.scroll_px


class Paints(QObject):
    """What is painted of a widget: the bounds of each rectangle."""

    def __init__(self, widget):
        super().__init__(widget)
        self.rects = []
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.rects += [(r.x(), r.width()) for r in event.region()]
        return False
