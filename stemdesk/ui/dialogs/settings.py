"""The settings: what computes and separates, where sound and files go, how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.dialogs.cache_row import CacheRow
from stemdesk.ui.dialogs.choices import choose, chooser, fill_audio, fill_devices
from stemdesk.ui.dialogs.folder_field import FolderField
from stemdesk.ui.dialogs.model_list import ModelList
from stemdesk.ui.panels.labels import heading, paragraph
from stemdesk.ui.theme import GRID_PX, TARGET_PX

if TYPE_CHECKING:
    from stemdesk.settings import Preferences
    from stemdesk.ui.dialogs.choices import Choices

MOST_THREADS = 1024


class SettingsDialog(QDialog):
    """See the module.

    Signals:
        changed(Preferences): OK or Apply was pressed, and something is different.

    Args:
        preferences: as they are.
        choices: what there is to choose from.
        parent: the window.
    """

    changed = Signal(object)

    def __init__(
        self, preferences: Preferences, choices: Choices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settings")
        self.setWindowTitle(self.tr("Settings"))
        self._before = preferences
        self._models = ModelList(choices.models, preferences.model)
        self._device = chooser("device", self.tr("Compute on"))
        fill_devices(self._device, choices.devices, preferences.device)
        self._threads = QSpinBox()
        self._on_open = QCheckBox(self.tr("Separate songs as soon as they are opened"))
        self._incomplete = QCheckBox(self.tr("Open damaged and cut songs as far as they go"))
        self._audio = chooser("audio", self.tr("Sound output"))
        fill_audio(self._audio, choices.audio_devices, preferences.audio_device)
        self._theme = chooser("theme", self.tr("Theme"))
        self._language = chooser("language", self.tr("Language"))
        self._fill_looks(choices)
        self._projects = FolderField(
            "projects", self.tr("Folder for projects"), self.tr("your music folder")
        )
        self._exports = FolderField(
            "exports", self.tr("Folder for exports"), self.tr("beside the song")
        )
        self._fill_rest()
        self._lay_out()

    @property
    def preferences(self) -> Preferences:
        """As the dialog shows them now."""
        return self._before.but(
            device=self._device.currentData(),
            threads=self._threads.value(),
            model=self._models.chosen,
            separate_on_open=self._on_open.isChecked(),
            accept_incomplete=self._incomplete.isChecked(),
            audio_device=self._audio.currentData(),
            theme=self._theme.currentData(),
            language=self._language.currentData(),
            projects=self._projects.folder,
            exports=self._exports.folder,
        )

    def accept(self) -> None:
        """OK."""
        self._apply()
        super().accept()

    def _apply(self) -> None:
        wanted = self.preferences
        if wanted != self._before:
            self._before = wanted
            self.changed.emit(wanted)

    def _fill_looks(self, choices: Choices) -> None:
        self._theme.addItem(self.tr("As the system has it"), "system")
        self._theme.addItem(self.tr("Dark"), "dark")
        self._theme.addItem(self.tr("Light"), "light")
        choose(self._theme, self._before.theme)
        self._language.addItem(self.tr("As the system has it"), "")
        for code, name in choices.languages:
            self._language.addItem(name, code)
        choose(self._language, self._before.language)

    def _fill_rest(self) -> None:
        before = self._before
        self._threads.setObjectName("threads")
        self._threads.setAccessibleName(self.tr("Processor threads"))
        self._threads.setRange(0, MOST_THREADS)
        self._threads.setSpecialValueText(self.tr("All physical cores"))
        self._threads.setToolTip(self.tr("Threads that separate on the processor; 0 for all cores"))
        self._threads.setMinimumHeight(TARGET_PX)
        self._threads.setValue(before.threads)
        self._on_open.setObjectName("separate_on_open")
        self._on_open.setChecked(before.separate_on_open)
        self._incomplete.setObjectName("accept_incomplete")
        self._incomplete.setChecked(before.accept_incomplete)
        self._projects.set_folder(before.projects)
        self._exports.set_folder(before.exports)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(4 * GRID_PX)
        form.setVerticalSpacing(2 * GRID_PX)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._section(form, self.tr("Separation"))
        form.addRow(self.tr("Model"), self._models)
        form.addRow(self.tr("Compute on"), self._device)
        form.addRow(self.tr("Processor threads"), self._threads)
        form.addRow("", self._on_open)
        form.addRow("", self._incomplete)
        self._section(form, self.tr("Sound"))
        form.addRow(self.tr("Output"), self._audio)
        self._section(form, self.tr("Looks"))
        form.addRow(self.tr("Theme"), self._theme)
        form.addRow(self.tr("Language"), self._language)
        note = paragraph("languagenote", self.tr("A new language is used from the next start on."),
            is_dim=True)  # fmt: skip
        note.setWordWrap(False)
        form.addRow("", note)
        self._section(form, self.tr("Folders that are offered"))
        form.addRow(self.tr("Projects"), self._projects)
        form.addRow(self.tr("Exports"), self._exports)
        self._section(form, self.tr("Disk space"))
        form.addRow(self.tr("Cache"), CacheRow())
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel | standard.Apply)
        buttons.setObjectName("buttons")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(standard.Apply).clicked.connect(self._apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 3 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(4 * GRID_PX)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(buttons)
        self.setMinimumWidth(640)

    def _section(self, form: QFormLayout, title: str) -> None:
        label = heading("", title)
        label.setContentsMargins(0, 2 * GRID_PX if form.rowCount() else 0, 0, 0)
        form.addRow(label)
