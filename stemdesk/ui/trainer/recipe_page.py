"""The second page of the trainer: the recipe as a form and as TOML, each following the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from stemdesk.app.training.toml_text import TomlMistake, read
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.labels import heading, paragraph
from stemdesk.ui.panels.reasons import Reasons
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.trainer.recipe_form import RecipeForm
from stemdesk.ui.trainer.toml_editor import TomlEditor

if TYPE_CHECKING:
    from stemdesk.app.training.recipe_checker import Mistake

REST_MS = 300


class RecipePage(QWidget):
    """See the module.

    Signals:
        settled(text): the recipe is another, and nobody has typed for a moment.
        field_changed(path, value): the form sets a value of the recipe.
        base_chosen(id): another model is to be gone on from.
        open_requested(path): a recipe file is to be shown, `pathlib.Path`.
        save_requested(path): the recipe is to be written there.

    Args:
        parent: the window.
    """

    settled = Signal(str)
    field_changed = Signal(str, object)
    base_chosen = Signal(str)
    open_requested = Signal(object)
    save_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipepage")
        self.form, self.editor = RecipeForm(), TomlEditor()
        self._waiting = paragraph(
            "recipewaiting",
            self.tr("This machine is being measured, to know how much it learns in a minute…"),
            is_dim=True,
        )
        self._waiting.hide()
        self._mistake = Reasons("recipemistake", "warning")
        self._sure = paragraph("recipesure", is_dim=True)
        self._open = plain_button("openrecipe", self.tr("Open recipe…"), picture="open")
        self._save = plain_button("saverecipe", self.tr("Save recipe as…"), picture="export")
        self._open.clicked.connect(self._ask_open)
        self._save.clicked.connect(self._ask_save)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self.settled.emit(self.text))
        self.form.changed.connect(self.field_changed)
        self.form.base_chosen.connect(self.base_chosen)
        self.editor.edited.connect(self._take_text)
        self._lay_out()

    @property
    def text(self) -> str:
        """The recipe."""
        return self.editor.text

    def show_text(self, text: str) -> None:
        """Another recipe."""
        self.editor.set_text(text)
        self._take_text(text)

    def show_waiting(self, *, on: bool) -> None:
        """Whether a recipe is being made, or this machine measured for it."""
        self._waiting.setVisible(on)
        self._show_form()

    def show_mistake(self, mistake: Mistake | None, *, is_sure: bool) -> None:
        """What is wrong with the recipe.

        Args:
            mistake: None for nothing.
            is_sure: whether that is the trainer's last word on the text.
        """
        told: list[str] = []
        if mistake is not None:
            place = mistake.line
            told = [
                self.tr("Line {line}: {problem}.").format(line=place, problem=mistake.told)
                if place is not None
                else f"{mistake.told}."
            ]
        self.editor.mark(mistake.line if mistake else None)
        self._mistake.show_sentences(told)
        self.editor.setAccessibleDescription(told[0] if told else "")
        self._sure.setText(self.tr("The recipe can be run.") if is_sure and not told else "")

    def _take_text(self, _: str) -> None:
        self._show_form()
        self._rest.start()

    def _show_form(self) -> None:
        try:
            data = read(self.text)
        except TomlMistake as mistake:
            self.form.setEnabled(False)
            self.editor.mark(mistake.line)
            return
        self.form.setEnabled(bool(self.text))
        self.form.show_recipe(data)

    def _ask_open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open recipe"), "", self.tr("Training recipe (*.toml)")
        )
        if name:
            self.open_requested.emit(Path(name))

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save recipe"), "recipe.toml", self.tr("Training recipe (*.toml)")
        )
        if name:
            self.save_requested.emit(Path(name))

    def _lay_out(self) -> None:
        area = QScrollArea()
        inner = QWidget()
        around = QVBoxLayout(inner)
        around.setContentsMargins(0, 0, 4 * GRID_PX, 0)
        around.addWidget(self._waiting)
        around.addWidget(self.form)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(3 * GRID_PX, 0, 0, 0)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(heading("", self.tr("The same as TOML")))
        column.addWidget(self.editor, 1)
        column.addWidget(self._mistake)
        column.addWidget(self._sure)
        row = QHBoxLayout()
        row.addWidget(self._open)
        row.addWidget(self._save)
        row.addStretch(1)
        column.addLayout(row)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(area)
        halves.addWidget(right)
        halves.setSizes([520, 520])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        whole.addWidget(halves, 1)
