"""The header of an automation row: which parameter it shows, and its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from stemdesk.mixing.addresses import addresses, find
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.timeline.header import STRIPE_PX
from stemdesk.ui.timeline.wording import parameter_title, value_text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from stemdesk.ui.timeline.scene import Scene

_INDENT_PX = 24


class CurveHeader(QWidget):
    """Beside the automation of a lane.

    Args:
        lane: which.
        scene: what to show.
        parent: the column of headers.
    """

    address_chosen = Signal(str, str)  # lane, address

    def __init__(self, lane: str, scene: Scene, parent: QWidget) -> None:
        super().__init__(parent)
        self._lane, self._scene = lane, scene
        self.setObjectName(f"timelineAutomation_{lane}")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self.fill_menu)
        self.choice = QToolButton(self)
        self.choice.setObjectName(f"timelineAutomationChoice_{lane}")
        self.choice.setAccessibleName(self.tr("Automated parameter"))
        self.choice.setToolTip(
            self.tr("Which parameter to automate. In the lane: click adds a point, drag draws.")
        )
        self.choice.setMenu(self.menu)
        self.choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.refresh()

    def refresh(self) -> None:
        """Show which parameter it is."""
        address = self._scene.unfolded.get(self._lane, "")
        if self._scene.track is not None and self._scene.parameter(address) is not None:
            self.choice.setText(parameter_title(find(self._scene.track.mix, address)))
        self.choice.adjustSize()
        self.choice.move(_INDENT_PX, max(0, (self.height() - self.choice.height()) // 2))
        self.update()

    def fill_menu(self) -> None:
        """Every parameter of the strip; those that have points are marked."""
        self.menu.clear()
        track = self._scene.track
        if track is None:
            return
        strip, group = self._scene.strip_name(self._lane), QActionGroup(self.menu)
        for address, target in addresses(track.mix):
            if target.strip == strip:
                points = len(track.mix.automation.get(address, ()))
                title = parameter_title(target)
                shown = self.tr("{0} ({1} points)").format(title, points) if points else title
                action = QAction(shown, group)
                action.setCheckable(True)
                action.setChecked(address == self._scene.unfolded.get(self._lane))
                action.triggered.connect(
                    lambda *_, chosen=address: self.address_chosen.emit(self._lane, chosen)
                )
                self.menu.addAction(action)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The stripe goes on, thinner; the range stands at the right."""
        colours, painter = theme(), QPainter(self)
        painter.fillRect(self.rect(), colours.panel)
        stripe = QRect(STRIPE_PX + 6, 0, 2, self.height() - 1)
        painter.fillRect(stripe, colours.lane(self._lane))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), colours.line)
        parameter = self._scene.parameter(self._scene.unfolded.get(self._lane, ""))
        if parameter is None:
            return
        painter.setFont(text_font(SMALL_PX))
        painter.setPen(colours.dim)
        box = self.rect().adjusted(0, 3, -8, -4)
        right, flag = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag
        painter.drawText(box, right | flag.AlignTop, value_text(parameter, parameter.maximum))
        painter.drawText(box, right | flag.AlignBottom, value_text(parameter, parameter.minimum))

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002, N802
        """Keep the choice in the middle."""
        self.refresh()
