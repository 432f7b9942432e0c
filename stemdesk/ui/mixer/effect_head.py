"""The head of an effect's panel: title, bypass, presets, a plug-in's window and its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stemdesk.mixing.settings import PLUGIN
from stemdesk.ui.mixer.effect_words import effect_title, kind_deed
from stemdesk.ui.mixer.presets import presets_of
from stemdesk.ui.mixer.switch import Switch
from stemdesk.ui.theme import GRID_PX, TARGET_PX, theme
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from stemdesk.mixing.settings import EffectSettings
    from stemdesk.ui.mixer.handle import Handle


class EffectHead(QWidget):
    """See the module.

    Args:
        parent: the editor.
    """

    removed = Signal()
    preset_chosen = Signal(dict)
    window_requested = Signal()
    restart_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        self._title.setObjectName("effecttitle")
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bypass: Switch | None = None
        self.is_plugin = False
        self.remove = QToolButton(self)
        self.remove.setText(self.tr("Remove"))
        self.remove.setToolTip(self.tr("Take the effect off the strip"))
        self.remove.setAccessibleName(self.tr("Remove the effect"))
        self.remove.clicked.connect(self.removed)
        self.presets = QComboBox(self)
        self.presets.setAccessibleName(self.tr("Presets"))
        self.presets.setToolTip(self.tr("Values to start from"))
        self.presets.activated.connect(self._choose)
        self.window_button = QPushButton(self.tr("Open the plug-in's own window"), self)
        self.window_button.clicked.connect(self.window_requested)
        self._fault = QLabel(self)
        self._fault.setObjectName("effectfault")
        self._fault.setWordWrap(True)
        self._loading = QLabel(self.tr("Loading: it is heard as soon as it is there"), self)
        self._loading.setObjectName("effectloading")
        self._loading.setWordWrap(True)
        self.restart = QPushButton(self.tr("Load it again"), self)
        self.restart.clicked.connect(self.restart_requested)
        self._top = QHBoxLayout()
        self._top.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(self._top)
        second = QHBoxLayout()
        second.addWidget(self.presets, 1)
        second.addStretch()
        second.addWidget(self.remove)
        column.addLayout(second)
        for part in (self._loading, self._fault, self.restart, self.window_button):
            column.addWidget(part)

    @property
    def bypass(self) -> Switch | None:
        """The bypass of the effect that is shown."""
        return self._bypass

    @property
    def fault(self) -> str:
        """What has gone wrong."""
        return self._fault.text()

    def show_effect(self, strip: str, effect: EffectSettings, bypass: Handle) -> None:
        """Show another effect, with the handle of its bypass."""
        title = effect_title(effect)
        self._title.setText(f"{stem_title(strip)}: {title}")
        self._title.setToolTip(f"{title}: {kind_deed(effect.kind)}".removesuffix(": "))
        if self._bypass is not None:
            self._top.removeWidget(self._bypass)
            self._bypass.hide()
            self._bypass.deleteLater()
        name = self.tr("{0}: bypass").format(title)
        self._bypass = Switch(bypass, name, self.tr("Bypass"), "mute", self)
        self._bypass.setFixedSize(72, TARGET_PX)
        self._top.insertWidget(1, self._bypass)
        self.presets.clear()
        self.presets.addItem(self.tr("Presets"))
        self.presets.addItem(self.tr("Defaults"), {})
        for words, values in presets_of(effect.kind).items():
            self.presets.addItem(words, values)
        self.presets.setVisible(bool(presets_of(effect.kind)))
        self.is_plugin = effect.kind == PLUGIN
        self.window_button.setVisible(self.is_plugin)
        self.show_fault("")
        self.show_loading(on=False)

    def show_loading(self, *, on: bool) -> None:
        """Say that the plug-in is still to come; after :meth:`show_fault`."""
        self._loading.setVisible(on)
        self.window_button.setEnabled(not (on or self.fault))

    def show_fault(self, sentence: str) -> None:
        """Say what has gone wrong; empty if nothing has."""
        self._fault.setText(f"\N{WARNING SIGN} {sentence}" if sentence else "")
        self._fault.setVisible(bool(sentence))
        self.restart.setVisible(bool(sentence) and self.is_plugin)
        self.window_button.setEnabled(not sentence)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _choose(self, row: int) -> None:
        values = self.presets.itemData(row, Qt.ItemDataRole.UserRole)
        self.presets.setCurrentIndex(0)
        if values is not None:
            self.preset_chosen.emit(values)

    def _colour(self) -> None:
        alarm = theme().alarm.name()
        style = f"border: 1px solid {alarm}; border-radius: 4px; padding: 4px;"
        if self._fault.styleSheet() != style:
            self._fault.setStyleSheet(style)
