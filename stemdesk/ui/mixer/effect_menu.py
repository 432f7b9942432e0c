"""The menu that adds an effect to a strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.settings import MASTER
from stemdesk.ui.mixer.effect_words import kind_deed, kind_title

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget


class EffectMenu(QMenu):
    """Every kind that may sit on a strip, with what it does, and the way to plug-ins.

    Args:
        strip: its name; some kinds do not go on the master.
        parent: the button it belongs to.
    """

    kind_chosen = Signal(str)
    plugin_chosen = Signal()

    def __init__(self, strip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("effectmenu")
        for kind in EFFECT_KINDS.values():
            if kind.on_master or strip != MASTER:
                deed = kind_deed(kind.name)
                words = f"{kind_title(kind.name)}: {deed}" if deed else kind_title(kind.name)
                self.addAction(words).setData(kind.name)
        self.addSeparator()
        self.addAction(self.tr("Plug-in (VST3, Audio Unit) ...")).setData("")
        self.triggered.connect(self._choose)

    def _choose(self, action: QAction) -> None:
        if action.data():
            self.kind_chosen.emit(action.data())
        else:
            self.plugin_chosen.emit()
