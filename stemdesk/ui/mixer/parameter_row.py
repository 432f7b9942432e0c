"""One parameter of an effect: its name, a slider or switch, its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from stemdesk.mixing.parameters import Taper
from stemdesk.ui.mixer.number_field import NumberField
from stemdesk.ui.mixer.slider import Slider
from stemdesk.ui.mixer.switch import Switch
from stemdesk.ui.theme import GRID_PX, ROW_PX, text_font
from stemdesk.ui.words import word

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent

    from stemdesk.ui.mixer.handle import Handle

_NAME_PX, _NUMBER_PX = 104, 76


class ParameterRow(QWidget):
    """See the module.

    Args:
        handle: the parameter.
        owner: whose it is, for people.
        parent: the editor.
    """

    def __init__(self, handle: Handle, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handle = handle
        self.setFixedHeight(ROW_PX)
        title = word(handle.parameter.title)
        name = f"{owner}: {title}"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(_Name(handle, title, self))
        if handle.parameter.taper is Taper.SWITCH:
            self._switch = Switch(handle, name, "", "accent", self)
            self._switch.setFixedWidth(_NUMBER_PX)
            row.addStretch(1)
            row.addWidget(self._switch)
            handle.shown.connect(self._letter)
            self._letter()
        else:
            row.addWidget(Slider(handle, name, self), 1)
            number = NumberField(handle, name, self)
            number.setFixedWidth(_NUMBER_PX)
            row.addWidget(number)

    def _letter(self) -> None:
        self._switch.show_letter(self.handle.text)


class _Name(QLabel):
    """The name answers to a double click and the menu like the slider beside it."""

    def __init__(self, handle: Handle, title: str, parent: QWidget) -> None:
        metrics = QFontMetrics(text_font())
        super().__init__(metrics.elidedText(title, Qt.TextElideMode.ElideRight, _NAME_PX), parent)
        self._handle = handle
        self.setFixedWidth(_NAME_PX)
        self.setToolTip(title)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Set the default."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._handle.reset()
            self._handle.leave()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the parameter's menu."""
        self._handle.context_requested.emit(self._handle.address, event.globalPos())
        event.accept()
