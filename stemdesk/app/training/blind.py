"""A comparison by ear: which is which is drawn, every choice kept, and the odds told at the end."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from enum import Enum


class Question(Enum):
    """What is asked of the ears."""

    BETTER = "better"
    """Which of A and B sounds better?"""
    SAME = "same"
    """ABX: is X the same as A, or as B?"""
    OPEN = "open"
    """Nothing: it is said which is which."""


BASE, TUNED = "base", "tuned"


@dataclass(frozen=True)
class Trial:
    """One question.

    Attributes:
        a: which rendering is behind A, `base` or `tuned`; the other is behind B.
        x: which is behind X.
    """

    a: str
    x: str

    @property
    def b(self) -> str:
        """Which rendering is behind B."""
        return TUNED if self.a == BASE else BASE

    def behind(self, button: str) -> str:
        """Which rendering is behind a button: `A`, `B` or `X`."""
        return {"A": self.a, "B": self.b, "X": self.x}[button]


@dataclass(frozen=True)
class Outcome:
    """What came of all trials.

    Attributes:
        trials: how many were answered.
        tuned: how often the tuned model was preferred; in an ABX, how often X was told rightly.
        p_value: how likely chance alone does so, or better still: two-sided for a preference,
            which may go either way, one-sided for an ABX (exact binomial test).
    """

    trials: int
    tuned: int
    p_value: float


class BlindTest:
    """Trials one after the other.

    Args:
        question: better, or the same.
        trials: how many.
        draw: what draws; a fresh one by default.
    """

    def __init__(self, question: Question, trials: int, draw: random.Random | None = None) -> None:
        if trials < 1:
            raise ValueError("a test has one trial at least")
        self.question = question
        draw = draw or random.SystemRandom()
        # As often one as the other first, so that a liking for A is no liking for a model.
        firsts = [BASE, TUNED] * (-(-trials // 2))
        draw.shuffle(firsts)
        self.trials = tuple(Trial(first, draw.choice((BASE, TUNED))) for first in firsts[:trials])
        self.answers: list[str] = []

    @property
    def is_over(self) -> bool:
        """Whether all trials are answered."""
        return len(self.answers) == len(self.trials)

    @property
    def current(self) -> Trial:
        """The trial at hand; the last one once all are answered."""
        return self.trials[min(len(self.answers), len(self.trials) - 1)]

    def answer(self, button: str) -> None:
        """Say `A` or `B`: that one is better, or is X."""
        if self.is_over:
            raise ValueError("all trials are answered")
        self.answers.append(self.current.behind(button))

    def undo(self) -> None:
        """Take the last answer back, while nothing has been revealed."""
        if self.answers and not self.is_over:
            self.answers.pop()

    @property
    def outcome(self) -> Outcome:
        """Of the trials that are answered."""
        count = len(self.answers)
        if self.question is Question.SAME:
            told = zip(self.answers, self.trials, strict=False)
            right = sum(answer == trial.x for answer, trial in told)
            return Outcome(count, right, at_least(right, count))
        tuned = self.answers.count(TUNED)
        extreme = max(tuned, count - tuned)
        return Outcome(count, tuned, min(1.0, 2 * at_least(extreme, count)))


def at_least(successes: int, trials: int) -> float:
    """Probability of so many successes or more where each has one half."""
    ways = sum(math.comb(trials, k) for k in range(successes, trials + 1))
    return ways / float(2**trials)
