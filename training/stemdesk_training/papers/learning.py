"""Every learner's run, one after the other; what is finished is not done again."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import atomic_path
from stemdesk.parsing.json_text import read_json
from stemdesk.separation.card import CARD_NAME, card_text, load_card
from stemdesk.separation.checkpoint import WEIGHTS_NAME
from stemdesk_training.papers.rows import Learner, recipe_of
from stemdesk_training.run.folder import LOG_NAME, kept_recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from stemdesk_training.papers.rows import Row

    Tell = Callable[[str], None]


class Runs:
    """The folder of all runs at one budget.

    Args:
        folder: theirs; each has a folder of its own in it.
        pool: what they learn from.
        recipes: folder of the papers' recipes.
        minutes: of training for each, on one thread of a processor.
    """

    def __init__(self, folder: Path, pool: Path, recipes: Path, minutes: float) -> None:
        self.folder, self.minutes = folder, minutes
        self._pool, self._recipes = pool, recipes

    def learn(self, learner: Learner, tell: Tell) -> None:
        """Train; goes on where it was interrupted.

        Raises:
            UserError: the run failed.
        """
        init = self.model(learner.after) if learner.after else None
        recipe = recipe_of(learner, self._recipes, self.minutes, init)
        if self.is_finished(learner.name):
            if kept_recipe(self.folder / learner.name) == recipe:
                return
            raise UserError(
                f"The run {learner.name} in {self.folder} is of another recipe or budget",
                "name another folder, or delete that run",
            )
        path = self.folder / f"{learner.name}.toml"
        self.folder.mkdir(parents=True, exist_ok=True)
        # TOML knows no null: what is not set is left out.
        with atomic_path(path) as partial:
            partial.write_bytes(msgspec.toml.encode(_without_nulls(msgspec.to_builtins(recipe))))
        tell(f"{learner.name}: {recipe.optimiser.minutes:g} minutes")
        words = [str(path), "--pool", str(self._pool), "--run", str(self.folder / learner.name)]
        _run(["stemdesk_training", *words, "--threads", "1", "--device", "cpu"], learner.name)
        if not self.is_finished(learner.name):
            raise UserError(f"The run {learner.name} was stopped", "start the command again")

    def is_finished(self, name: str) -> bool:
        """Whether a run came to its end."""
        return any(event.get("event") == "finished" for event in self.events(name))

    def model(self, name: str) -> Path:
        """The folder of a finished learner's model."""
        return self.folder / name / name

    def events(self, name: str) -> list[dict[str, Any]]:
        """What a run reported."""
        try:
            lines = (self.folder / name / LOG_NAME).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        return [read_json(line, names=True, infinite=True) for line in lines if line.endswith("}")]

    def steps(self, name: str) -> int:
        """How many a run took."""
        return max((event.get("step", 0) for event in self.events(name)), default=0)

    def parameters(self, name: str) -> int:
        """Trained parameters of a run's network."""
        return next(
            (event["parameters"] for event in self.events(name) if "parameters" in event), 0
        )

    def heard(self, row: Row) -> str:
        """The model to separate with: a shipped one's id, or a folder, with the row's options."""
        folder = self.model(row.model)
        if not folder.exists():
            return row.model
        if not row.options:
            return str(folder)
        changed = self.folder / row.model / row.name.replace(", ", "_").replace(" ", "_")
        card = load_card(folder)
        changed.mkdir(exist_ok=True)
        with atomic_path(changed / WEIGHTS_NAME) as partial:
            partial.write_bytes((folder / WEIGHTS_NAME).read_bytes())
        card = msgspec.structs.replace(
            card, id=changed.name, options={**card.options, **row.options}
        )
        with atomic_path(changed / CARD_NAME) as partial:
            partial.write_text(card_text(card), encoding="utf-8")
        return str(changed)


def _run(words: list[str], name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise UserError(f"The run {name} failed ({told[-1]})", "mend that and start again")


def _without_nulls(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _without_nulls(value) for key, value in tree.items() if value is not None}
    return tree
