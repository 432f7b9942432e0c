"""A recipe to begin with, made by the trainer; and what a form changes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.app.training.errand import Errand
from stemdesk.app.training.toml_text import read, value_at, with_value
from stemdesk.errors import UserError
from stemdesk.processes import training_command

if TYPE_CHECKING:
    from stemdesk.app.training.errand import Event

DRAFTER = "stemdesk_training.recipe_draft"
MINUTES, STEPS, TITLE = "optimiser.minutes", "optimiser.steps", "model.title"
MINUTES_DEFAULT = 30


class Draft(Errand):
    """Has the trainer write a recipe; the result is its text.

    Args:
        base: id of the model to go on from.
        title: of the model to make.
        music_seconds: how much there is to learn from.
        minutes: to train.
        device: `auto`, `cpu`, `cuda` or `mps`.
        threads: processor threads; 0 for all.

    Attributes:
        text: the recipe as far as it is known: at first with a guess of this machine's pace.
    """

    def __init__(
        self,
        base: str,
        title: str,
        music_seconds: float,
        minutes: float = MINUTES_DEFAULT,
        device: str = "auto",
        threads: int = 0,
    ) -> None:
        words = [f"--model={base}", f"--id={model_id(title)}", f"--title={title}"]
        words += [f"--seconds={music_seconds}", f"--minutes={minutes}", f"--device={device}"]
        if threads:
            words.append(f"--threads={threads}")
        super().__init__(training_command(DRAFTER, *words), "The measuring of this machine")
        self.base = base
        self.text: str | None = None

    def take(self, event: Event) -> None:
        """`recipe`, or `refused`."""
        if event["event"] == "recipe":
            self.text = str(event["text"])
        elif event["event"] == "refused":
            self._fail(UserError(event["problem"], event["remedy"]))

    def outcome(self) -> str:
        """The recipe.

        Raises:
            UserError: it ended without one.
        """
        if self.text is None:
            raise UserError(f"{self.title} ended without a recipe", "try again")
        return self.text


def with_field(text: str, path: str, value: Any) -> str:
    """A recipe in which a form has changed a value, and what hangs on it.

    More minutes are more steps, and checks of the model as much further apart; another title is
    another id.

    Raises:
        TomlMistake: the text is no TOML, or the value stands in the middle of a line.
    """
    data = read(text)
    changed = with_value(text, path, value)
    if path == MINUTES:
        before = value_at(data, MINUTES)
        for name in (STEPS, "validate_steps"):
            count = value_at(data, name)
            if before and isinstance(count, int):
                changed = with_value(changed, name, max(1, round(count * value / before)))
    elif path == TITLE:
        changed = with_value(changed, "model.id", model_id(value))
    return changed


def model_id(title: str) -> str:
    """The id of a model of that title, as a folder's name."""
    words = "".join(c if c.isalnum() else " " for c in title.lower()).split()
    return "_".join(words)[:64] or "tuned"
