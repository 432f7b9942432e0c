"""The recipe as a form: what a producer decides, each field one value of the TOML beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from stemdesk.app.training.toml_text import value_at
from stemdesk.ui.dialogs.choices import choose, chooser
from stemdesk.ui.panels.buttons import FoldButton
from stemdesk.ui.panels.labels import heading, paragraph
from stemdesk.ui.theme import GRID_PX, TARGET_PX
from stemdesk.ui.trainer.file_field import FileField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QAbstractSpinBox

MINUTES, FREEZE, REPLAY = "optimiser.minutes", "tuning.freeze", "tuning.replay"
RATE, PULL, GUARD = "optimiser.learning_rate", "tuning.l2_sp", "tuning.guard_db"
LISTEN, TITLE, BASE = "tuning.listen", "model.title", "tuning.base"
ANYWAY = "tuning.save_anyway"
LONGEST_MINUTES = 60 * 24 * 7


class RecipeForm(QWidget):
    """See the module.

    Signals:
        changed(path, value): a person has set a value of the recipe; None takes it out.
        base_chosen(id): another model is to be gone on from.

    Args:
        parent: the page.
    """

    changed = Signal(str, object)
    base_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipeform")
        self._is_showing = False
        self._base = chooser("base", self.tr("Base model"))
        self._base.activated.connect(lambda _: self.base_chosen.emit(self._base.currentData()))
        self._title = QLineEdit()
        _name(self._title, "modeltitle", self.tr("Name of the new model"))
        self._title.setMaxLength(80)
        self._title.editingFinished.connect(lambda: self._say(TITLE, self._title.text().strip()))
        self._minutes = QSpinBox()
        self._minutes.setRange(1, LONGEST_MINUTES)
        self._minutes.setSuffix(" " + self.tr("minutes"))
        _name(self._minutes, "minutes", self.tr("How long to train"))
        self._minutes.setToolTip(self.tr("Of training; the checks of the model come on top"))
        self._minutes.valueChanged.connect(lambda value: self._say(MINUTES, value))
        self._freeze = chooser("freeze", self.tr("How much may change"))
        for text, data in (
            (self.tr("Decide by how much music there is"), "auto"),
            (self.tr("Little: only the last layers"), "all_but_heads"),
            (self.tr("Half of the network"), "lower_half"),
            (self.tr("Everything"), "nothing"),
        ):
            self._freeze.addItem(text, data)
        self._freeze.activated.connect(lambda _: self._say(FREEZE, self._freeze.currentData()))
        self._replay = QSpinBox()
        self._replay.setRange(0, 90)
        self._replay.setSingleStep(5)
        self._replay.setSuffix(" %")
        _name(self._replay, "replay", self.tr("Replay of base material"))
        self._replay.setToolTip(
            self.tr("Share of what is trained on that is not your songs, so that nothing is "
                "forgotten"),
        )  # fmt: skip
        self._replay.valueChanged.connect(lambda value: self._say(REPLAY, value / 100))
        self._listen = FileField("listensong", self.tr("Song to listen to"), self.tr("none"))
        self._listen.chosen.connect(lambda path: self._say(LISTEN, path or None))
        self._rate = _number("learningrate", self.tr("Learning rate"), (1e-7, 1.0), 7)
        self._rate.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self._rate.valueChanged.connect(lambda value: self._say(RATE, value))
        self._pull = _number("pull", self.tr("Pull towards the base"), (0.0, 1000.0), 2)
        self._pull.setToolTip(self.tr("How strongly weights are drawn back to the base model's"))
        self._pull.valueChanged.connect(lambda value: self._say(PULL, value))
        self._guard = _number("guard", self.tr("Most that may be lost"), (0.0, 100.0), 2)
        self._guard.setSuffix(" dB")
        self._guard.setSingleStep(0.1)
        self._guard.setToolTip(
            self.tr("By how much the new model may be worse on the reference set and still be "
                "saved"),
        )  # fmt: skip
        self._guard.valueChanged.connect(lambda value: self._say(GUARD, value))
        self._anyway = QCheckBox(self.tr("Save it even so"))
        self._anyway.setObjectName("saveanyway")
        self._anyway.setToolTip(self.tr("Keep the new model however much is lost"))
        self._anyway.toggled.connect(lambda on: self._say(ANYWAY, on or None))
        self._fold = FoldButton("morerecipe", self.tr("More"))
        self._more = QWidget()
        self._more.hide()
        self._fold.toggled.connect(self._more.setVisible)
        self._lay_out()

    @property
    def base(self) -> str:
        """Id of the model to go on from; empty where none is chosen."""
        return str(self._base.currentData() or "")

    @property
    def title(self) -> str:
        """Of the model to make."""
        return self._title.text().strip()

    def show_models(self, models: Sequence[tuple[str, str, str, str]]) -> None:
        """What can be gone on from: (id, title, quality, size) each."""
        before = self._base.currentData()
        self._base.clear()
        for name, title, quality, _ in models:
            self._base.addItem(title, name)
            tip = Qt.ItemDataRole.ToolTipRole
            self._base.setItemData(self._base.count() - 1, quality or title, tip)
        if before:
            choose(self._base, before)

    def show_recipe(self, data: dict[str, Any]) -> None:
        """Show what the TOML says; what it does not say is as it usually is."""
        self._is_showing = True
        try:
            _choose(self._base, value_at(data, BASE))
            title = str(value_at(data, TITLE) or "")
            if title != self._title.text():
                self._title.setText(title)
            self._minutes.setValue(round(_float(value_at(data, MINUTES), 30)))
            _choose(self._freeze, value_at(data, FREEZE) or "auto", self.tr("As the recipe says"))
            self._replay.setValue(round(100 * _float(value_at(data, REPLAY), 0.25)))
            self._listen.set_path(str(value_at(data, LISTEN) or ""))
            self._rate.setValue(_float(value_at(data, RATE), 1e-3))
            self._pull.setValue(_float(value_at(data, PULL), 1.0))
            self._guard.setValue(_float(value_at(data, GUARD), 0.3))
            self._anyway.setChecked(value_at(data, ANYWAY) is True)
        finally:
            self._is_showing = False

    def _say(self, path: str, value: Any) -> None:
        if not self._is_showing and value != "":
            self.changed.emit(path, value)

    def _lay_out(self) -> None:
        form = _form()
        form.addRow(self.tr("Base model"), self._base)
        form.addRow(self.tr("Name"), self._title)
        form.addRow(self.tr("How long"), self._minutes)
        form.addRow(self.tr("How much may change"), self._freeze)
        form.addRow(self.tr("Replay"), self._replay)
        form.addRow(self.tr("Listen to"), self._listen)
        more = _form()
        more.addRow(self.tr("Learning rate"), self._rate)
        more.addRow(self.tr("Pull towards the base"), self._pull)
        more.addRow(self.tr("Most that may be lost"), self._guard)
        more.addRow("", self._anyway)
        self._more.setLayout(more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(heading("", self.tr("What is made")))
        column.addLayout(form)
        column.addWidget(
            paragraph(
                "listennote",
                self.tr(
                    "The song is rendered by the new and by the base model after each check, "
                    "so that both can be compared by ear."
                ),
                is_dim=True,
            )
        )
        column.addWidget(self._fold)
        column.addWidget(self._more)
        column.addStretch(1)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(4 * GRID_PX)
    form.setVerticalSpacing(2 * GRID_PX)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _name(field: QLineEdit | QAbstractSpinBox, name: str, told: str) -> None:
    field.setObjectName(name)
    field.setAccessibleName(told)
    field.setMinimumHeight(TARGET_PX)


def _number(name: str, told: str, room: tuple[float, float], digits: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(digits)
    box.setRange(*room)
    _name(box, name, told)
    return box


def _float(value: Any, usual: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else usual


def _choose(box: QComboBox, data: Any, otherwise: str = "{0}") -> None:
    if isinstance(data, str) and data:
        choose(box, data)
    elif data:
        if box.findData(None) < 0:
            box.addItem(otherwise, None)
        box.setCurrentIndex(box.findData(None))
