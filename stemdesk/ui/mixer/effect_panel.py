"""The effects of a strip: a head that bypasses all and adds, and the list, scrolled if long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from stemdesk.ui.mixer.bypass_dot import BypassDot
from stemdesk.ui.mixer.effect_list import EffectList
from stemdesk.ui.mixer.effect_menu import EffectMenu
from stemdesk.ui.mixer.thin_bars import THIN_BARS
from stemdesk.ui.theme import ROW_PX, TARGET_PX

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from stemdesk.mixing.settings import StripSettings

_ADD_STYLE = "QToolButton { padding: 0; } QToolButton::menu-indicator { image: none; }"


class EffectPanel(QWidget):
    """See the module.

    Args:
        strip: its name.
        title: for people.
        parent: the strip.

    Attributes:
        list: the rows.
        dot: bypasses all of them.
        add: opens the menu.
    """

    added = Signal(str)  # kind
    all_bypassed = Signal(bool)
    plugin_chosen = Signal()

    def __init__(self, strip: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dot = BypassDot(self.tr("Effects"), self.tr("FX"), self)
        self.dot.setObjectName(f"bypass:{strip}")
        self.dot.setAccessibleName(self.tr("{0}: bypass all effects").format(title))
        self.dot.setToolTip(self.tr("{0}: bypass all effects of this strip").format(title))
        self.dot.clicked.connect(lambda: self.all_bypassed.emit(self.dot.is_on))
        self.add = QToolButton(self)
        self.add.setObjectName(f"add:{strip}")
        self.add.setText("+")
        self.add.setFixedSize(TARGET_PX, TARGET_PX)
        self.add.setStyleSheet(_ADD_STYLE)
        self.add.setAccessibleName(self.tr("{0}: add an effect").format(title))
        self.add.setToolTip(self.tr("{0}: add an effect").format(title))
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = EffectMenu(strip, self.add)
        self.menu.kind_chosen.connect(self.added)
        self.menu.plugin_chosen.connect(self.plugin_chosen)
        self.add.setMenu(self.menu)
        self.list = EffectList(title, self)
        self._area = _Area(self.list, self)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.dot, 1)
        head.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._area, 1)

    def show_strip(
        self,
        strip: StripSettings,
        faults: Mapping[str, str],
        loading: Collection[str] = (),
        *,
        is_bypassed: bool = False,
    ) -> None:
        """Show a strip's chain; `faults` by effect.

        Args:
            strip: with its chain.
            faults: by effect.
            loading: effects that are still to come.
            is_bypassed: all effects of the mix are.
        """
        is_shut = strip.bypass or is_bypassed
        rows = self.list.sizeHint()
        self.list.show_effects(strip.effects, faults, loading, is_shut=is_shut)
        self.dot.setEnabled(bool(strip.effects))
        self.dot.show_state(is_on=not strip.bypass)
        if self.list.sizeHint() != rows:  # or every move of a fader lays the window out anew
            self._area.updateGeometry()

    def select(self, effect: str) -> None:
        """Mark the effect whose editor is open, and bring it into sight."""
        place = self.list.select(effect)
        if place is not None:
            self._area.ensureVisible(0, place, 0, ROW_PX)


class _Area(QScrollArea):
    """Scrolls the rows where there is no room; wants room for all, needs it for one."""

    def __init__(self, rows: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setWidget(rows)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(ROW_PX)
        self.setStyleSheet(THIN_BARS)
        self.viewport().setAutoFillBackground(False)
        rows.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All rows."""
        return QSize(76, max(ROW_PX, self._rows.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One row."""
        return QSize(60, ROW_PX)
