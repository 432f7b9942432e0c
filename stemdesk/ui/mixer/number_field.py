"""The number of a parameter: shown, dragged, and typed into after a double click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPen
from PySide6.QtWidgets import QLabel, QLineEdit

from stemdesk.ui.mixer.control import Control
from stemdesk.ui.mixer.value_text import NotAValue, range_text, read_value
from stemdesk.ui.theme import TARGET_PX, TEXT_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.ui.mixer.handle import Handle


class NumberField(Control):
    """A number that is a control like the others, and a line of text while one types.

    Enter takes what was typed, Escape drops it, leaving takes it if it is a value. What is none
    stays in the line, with a word why beneath it.

    Args:
        handle: the parameter; typing on another of its controls begins here.
        name: for people.
        parent: the panel.
    """

    def __init__(self, handle: Handle, name: str, parent: QWidget | None = None) -> None:
        super().__init__(handle, name, parent)
        self.setMinimumSize(60, TARGET_PX)
        self.setMaximumHeight(TARGET_PX)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # its fader or knob is where Tab stops
        self._line: QLineEdit | None = None
        self._why: QLabel | None = None
        handle.typing_requested.connect(self.begin_typing)

    @property
    def is_typing(self) -> bool:
        """Whether the line of text is open."""
        return self._line is not None

    @property
    def refusal(self) -> str:
        """Why what was typed is no value; empty if nothing was refused."""
        return self._why.text() if self._why else ""

    @property
    def mark_place(self) -> QPointF:
        """Nowhere: the fader or knob beside it has the marks."""
        return QPointF(-100.0, -100.0)

    def hint(self) -> str:
        """How to use it."""
        return self.tr("Double click, or Enter, to type: {0}").format(
            range_text(self.handle.parameter)
        )

    def begin_typing(self, first: str = "") -> None:
        """Open the line, with the number in it or the first character typed."""
        if self._line is None:
            self._line = QLineEdit(self)
            self._line.setObjectName(f"typing:{self.handle.address}")
            self._line.setAccessibleName(self._name)
            self._line.setFont(text_font(TEXT_PX))
            self._line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._line.setGeometry(self.rect())
            self._line.installEventFilter(self)
            self._line.textEdited.connect(self._forget_refusal)
        self._line.setText(first or self.handle.text)
        if not first:
            self._line.selectAll()
        self._line.show()
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def paint(self, painter: QPainter) -> None:
        """The number on a faint field."""
        colours = theme()
        field = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.outline, 1.0))
        painter.setBrush(colours.background)
        painter.drawRoundedRect(field, 3.0, 3.0)
        painter.setFont(text_font(TEXT_PX))
        painter.setPen(colours.text)
        painter.drawText(field, Qt.AlignmentFlag.AlignCenter, self.handle.text)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Type."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.begin_typing()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Enter, Escape and leaving end the typing."""
        if watched is not self._line:
            return super().eventFilter(watched, event)
        if isinstance(event, QFocusEvent) and event.lostFocus():
            if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own menu: paste, undo
                self._take(is_leaving=True)
        elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(is_leaving=False)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._end()
                return True
        elif event.type() is QEvent.Type.ShortcutOverride:
            event.accept()  # letters and Space are typed here, whatever they do elsewhere
        return super().eventFilter(watched, event)

    def _take(self, *, is_leaving: bool) -> None:
        if self._line is None:
            return
        typed = self._line.text()
        if typed == self.handle.text:  # not the rounded number in place of the exact one
            self._end()
            return
        try:
            value = read_value(self.handle.parameter, typed)
        except NotAValue as refusal:
            if is_leaving:
                self._end()
            else:
                self._refuse(str(refusal))
            return
        self._end()
        self.handle.set(value)
        self.handle.leave()

    def _refuse(self, why: str) -> None:
        window = self.window()
        self._forget_refusal()
        self._why = QLabel(why, window)
        self._why.setObjectName(f"refusal:{self.handle.address}")
        colours = theme()
        self._why.setStyleSheet(
            f"background: {colours.raised.name()}; color: {colours.text.name()};"
            f"border: 1px solid {colours.alarm.name()}; border-radius: 4px; padding: 4px;"
        )
        self._why.adjustSize()
        place = self.mapTo(window, QPoint(0, self.height() + 2))
        if place.y() + self._why.height() > window.height():
            place = self.mapTo(window, QPoint(0, -self._why.height() - 2))
        left = max(0, min(place.x(), window.width() - self._why.width()))
        self._why.move(left, place.y())
        self._why.show()
        self._why.raise_()
        if self._line is not None:
            self._line.setAccessibleDescription(why)
            self._line.setStyleSheet(f"border: 1px solid {colours.alarm.name()};")
            self._line.selectAll()

    def _forget_refusal(self) -> None:
        if self._why is not None:
            self._why.hide()
            self._why.deleteLater()
            self._why = None
        if self._line is not None:
            self._line.setStyleSheet("")

    def _end(self) -> None:
        line, had_focus = self._line, self._line is not None and self._line.hasFocus()
        self._forget_refusal()
        self._line = None
        if line is not None:
            line.hide()
            line.deleteLater()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
