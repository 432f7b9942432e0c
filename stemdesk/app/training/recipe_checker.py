"""Asks the trainer, in a process beside the app, whether a recipe can be run."""

from __future__ import annotations

import json
from typing import NamedTuple

from stemdesk.app.training.child import Child
from stemdesk.app.training.errand import read_event
from stemdesk.app.training.toml_text import TomlMistake, line_of, read
from stemdesk.errors import UserError
from stemdesk.processes import training_command

CHECKER = "stemdesk_training.recipe_check"


class Mistake(NamedTuple):
    """What is wrong with a recipe.

    Attributes:
        told: a sentence, without a full stop.
        line: where, from 1; None where that cannot be said.
    """

    told: str
    line: int | None


class RecipeChecker:
    """Its methods return at once and belong to one thread; what it finds is there later.

    Attributes:
        mistake: of the text asked for last; None where it has none, as far as is known.
        is_sure: whether the trainer has answered for that text.
    """

    def __init__(self) -> None:
        self._child: Child | None = None
        self._asked, self._text = 0, ""
        self._answer: tuple[int, str, str] = (0, "", "")
        self.mistake: Mistake | None = None
        self.is_sure = False

    def ask(self, text: str) -> None:
        """Look at a recipe; whether it is TOML is known at once."""
        self._asked += 1
        self._text, self.is_sure, self.mistake = text, False, None
        try:
            read(text)
        except TomlMistake as mistake:
            self.mistake = Mistake(mistake.told, mistake.line)
            self.is_sure = True
            return
        try:
            self._start()
        except UserError as error:
            self.mistake = Mistake(str(error), None)
            return
        if self._child is not None:
            self._child.say(json.dumps({"id": self._asked, "text": text}))

    def pump(self) -> bool:
        """Take the answer; whether there was a new one."""
        asked, problem, path = self._answer
        if self.is_sure or asked != self._asked:
            return False
        self.is_sure = True
        if problem:
            # What is said of a whole table begins with the value that is wrong.
            first = ".".join(filter(None, (path, problem.partition(" ")[0])))
            self.mistake = Mistake(problem, line_of(self._text, first))
        return True

    def close(self) -> None:
        """Let the process go."""
        child, self._child = self._child, None
        if child is not None:
            child.hang_up()

    def _start(self) -> None:
        if self._child is None:
            self._child = Child(training_command(CHECKER), self._take, self._end)

    def _take(self, line: bytes) -> None:
        event = read_event(line)
        if event is not None and event["event"] == "checked":
            self._answer = (event["id"], event["problem"], event["path"])

    def _end(self, _: int) -> None:
        self._child = None
