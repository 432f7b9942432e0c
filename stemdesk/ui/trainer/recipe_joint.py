"""The page of the recipe, joined to what writes and checks recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.app.bench.model_list import model_choices
from stemdesk.app.training.bases import trainable
from stemdesk.app.training.drafting import Draft, with_field
from stemdesk.app.training.recipe_checker import RecipeChecker
from stemdesk.app.training.toml_text import TomlMistake, read, value_at
from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.jobs.job import JobState
from stemdesk.ui.trainer.part import Part

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.app.training.trainings import Trainings
    from stemdesk.jobs.entry import Entry
    from stemdesk.ui.trainer.window import TrainerWindow

GUARD, GUARD_DB = "tuning.guard_db", 0.3


class RecipeJoint(Part):
    """See the module."""

    def __init__(self, page: TrainerWindow, trainings: Trainings, bench: Workbench) -> None:
        super().__init__(page, trainings, bench)
        self._checker = RecipeChecker()
        self._entry: Entry | None = None
        self._drafted = ""
        self._is_wanted = False
        recipe = page.recipe
        recipe.base_chosen.connect(self.draft)
        recipe.field_changed.connect(self._change)
        recipe.settled.connect(self._ask)
        recipe.open_requested.connect(self.open)
        recipe.save_requested.connect(self.save)

    @property
    def has_mistake(self) -> bool:
        """Whether the recipe cannot be run."""
        return self._checker.mistake is not None

    @property
    def guard_db(self) -> float:
        """How far the reference set may fall, as the recipe says."""
        try:
            said = value_at(read(self.page.recipe.text), GUARD)
        except TomlMistake:
            return GUARD_DB
        return float(said) if isinstance(said, int | float) else GUARD_DB

    def show_models(self) -> None:
        """What can be gone on from."""
        self.page.recipe.form.show_models(trainable())

    def draft_unless_edited(self) -> None:
        """A recipe for the songs that are shown now, where nobody has changed the one there is."""
        if self.page.recipe.text in ("", self._drafted):
            self.draft(self.page.recipe.form.base)

    def draft(self, base: str) -> None:
        """A recipe to go on from a model."""
        known = [each[0] for each in trainable()]
        preferred = self.bench.preferences.model
        base = base or (preferred if preferred in known else _first_model())
        if not base:
            return
        if self._entry is not None:
            self.trainings.cancel(self._entry)
        self._is_wanted = True
        seconds = sum(song.seconds for song in self.page.songs.chosen)
        self._entry = self.trainings.draft(base, self._title(base), seconds)
        self.page.recipe.show_waiting(on=True)
        self.bench.jobs.pump()

    def pump(self) -> None:
        """Take what was written and what was found."""
        if self._checker.pump():
            self._show_mistake()
        entry, recipe = self._entry, self.page.recipe
        if entry is None:
            return
        if isinstance(entry.work, Draft) and entry.work.text is not None:
            self._take(entry.work.text)
        if not entry.state.has_ended:
            return
        self._entry = None
        recipe.show_waiting(on=False)
        if entry.state is JobState.DONE:
            self.page.problem_bar.withdraw(self)
        elif entry.state is JobState.FAILED:
            self.complain(entry.error)

    def open(self, path: Path) -> None:
        """Show a recipe from a file."""
        with self.refusals_shown():
            try:
                self.page.recipe.show_text(path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                raise UserError(
                    f"The recipe {path} cannot be read ({error})", "choose a TOML file"
                ) from error

    def save(self, path: Path) -> None:
        """Write the recipe into a file."""
        with self.refusals_shown():
            write_text_atomic(path, self.page.recipe.text)

    def close(self) -> None:
        """Nothing is checked any more."""
        self._checker.close()

    def _take(self, text: str) -> None:
        """A recipe that was written; whoever has begun to change the one there is keeps it."""
        recipe = self.page.recipe
        if text != self._drafted and (self._is_wanted or recipe.text in ("", self._drafted)):
            self._is_wanted = False
            self._drafted = text
            recipe.show_text(text)

    def _change(self, path: str, value: Any) -> None:
        recipe = self.page.recipe
        try:
            text = with_field(recipe.text, path, value)
        except TomlMistake:
            text = recipe.text  # while it is wrong the text has the word
        recipe.show_text(text)

    def _ask(self, text: str) -> None:
        if text:
            self._checker.ask(text)
            self._show_mistake()

    def _show_mistake(self) -> None:
        self.page.recipe.show_mistake(self._checker.mistake, is_sure=self._checker.is_sure)

    def _title(self, base: str) -> str:
        recipe, folder = self.page.recipe, self.page.songs.folder
        if recipe.text not in ("", self._drafted) and recipe.form.title:
            return recipe.form.title
        name = folder.name if folder is not None else self.tr("My songs")
        titles = {each[0]: each[1] for each in model_choices()}
        known = titles.get(base, base).partition(":")[0]
        return self.tr("{songs}, from {base}").format(songs=name, base=known)


def _first_model() -> str:
    return next((each[0] for each in trainable()), "")
