"""The master strip: a strip with loudness, the limiter's ceiling, and a bypass for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from stemdesk.mixing.settings import CEILING_DB, MASTER
from stemdesk.ui.mixer.bypass_dot import BypassDot
from stemdesk.ui.mixer.loudness import LoudnessPanel
from stemdesk.ui.mixer.number_field import NumberField
from stemdesk.ui.mixer.strip import StripView
from stemdesk.ui.theme import SMALL_PX, text_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from stemdesk.mixing.settings import MixSettings

MASTER_PX = 252
WIDE_MASTER_PX = 316
_SIDE_PX = 128


class MasterView(StripView):
    """See the module.

    Args:
        parent: the mixer.

    Attributes:
        loudness: the numbers.
        everything: bypasses the effects of all strips.
    """

    all_bypassed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(MASTER, parent)
        self.loudness = LoudnessPanel(self)
        self.everything = BypassDot(self.tr("All effects of the mix"), self.tr("All effects"), self)
        self.everything.setObjectName("bypass:all")
        self.everything.setAccessibleName(self.tr("Bypass all effects of the mix"))
        self.everything.setToolTip(self.tr("Bypass the effects of all strips, to compare"))
        self.everything.clicked.connect(lambda: self.all_bypassed.emit(self.everything.is_on))
        self.loudness.setFixedWidth(_SIDE_PX)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.everything)
        column.addWidget(self.loudness)
        self.stops.append(self.everything)
        column.addLayout(self._ceiling_row())
        column.addStretch(1)
        self.beside.addLayout(column)

    def fit_width(self, *, is_wide: bool) -> None:
        """Its own, whatever room there is."""
        self.setFixedWidth(WIDE_MASTER_PX if is_wide else MASTER_PX)

    def show_mix(self, mix: MixSettings) -> None:
        """Show what belongs to the whole mix."""
        effects = [effect for strip in (*mix.strips, mix.master) for effect in strip.effects]
        self.everything.setEnabled(bool(effects))
        self.everything.show_state(is_on=not mix.bypass)

    def _ceiling_row(self) -> QHBoxLayout:
        title = self._of(CEILING_DB.title)
        label = QLabel(self.tr("Ceiling"), self)
        label.setFont(text_font(SMALL_PX))
        number = NumberField(self.handles[CEILING_DB.name], title, self)
        number.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.stops.append(number)
        row = QHBoxLayout()
        row.addWidget(label, 1)
        row.addWidget(number)
        return row
