"""Hearing without knowing: which of two sounds is better, or whether they can be told apart.

Two kinds of trial. *Preference*: A and B are the base and the tuned model in random order; the
listener names the better one. *ABX*: X is one of A and B; the listener names which (Clark 1982,
"High-resolution subjective testing using a double-blind comparator"). How likely an outcome is by
chance alone is the two-sided exact binomial test against one half; answers that name neither are
left out of it, as in a sign test.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["preference", "abx"]
Side = Literal["base", "tuned"]
Answer = Literal["A", "B", "="]
ANSWERS = ("A", "B", "=")


class Excerpt(msgspec.Struct, frozen=True):
    """What is heard in a trial.

    Attributes:
        stem: which one.
        first_frame: where it begins in the rendering.
        frames: how long it is.
    """

    stem: str
    first_frame: int
    frames: int


class Trial(msgspec.Struct, frozen=True):
    """One question. Who shows it must not show ``a`` and ``x`` before it is answered.

    Attributes:
        number: from 1.
        excerpt: what is heard.
        a: which model A is; B is the other one.
        x: which model X is; None in a preference trial.
    """

    number: int
    excerpt: Excerpt
    a: Side
    x: Side | None = None

    @property
    def b(self) -> Side:
        """Which model B is."""
        return "base" if self.a == "tuned" else "tuned"

    def named(self, answer: Answer) -> Side | None:
        """Which model an answer names."""
        return {"A": self.a, "B": self.b, "=": None}[answer]


class Result(msgspec.Struct, frozen=True):
    """What the answers say.

    Attributes:
        kind: of the trials.
        trials: how many were answered.
        ties: answers that name neither.
        successes: how often the tuned model was preferred, or X told rightly.
        p: probability of an outcome at least as uneven by chance alone; 1 without any that counts.
    """

    kind: Kind
    trials: int
    ties: int
    successes: int
    p: float

    @property
    def counted(self) -> int:
        """Trials that are no ties."""
        return self.trials - self.ties

    def sentence(self) -> str:
        """The result in words."""
        chance = f"p = {self.p:.3g}, two-sided binomial test"
        ties = f", {self.ties} ties left out" if self.ties else ""
        of = f"{self.successes} of {self.counted} times ({chance}{ties})"
        verdict = "that is more than chance" if self.p < SIGNIFICANT else "that may be chance"
        if self.kind == "abx":
            return f"X was told rightly {of}: {verdict}."
        return f"The tuned model was preferred {of}: {verdict}."


SIGNIFICANT = 0.05


def make_trials(excerpts: Sequence[Excerpt], count: int, kind: Kind, seed: int) -> list[Trial]:
    """Questions in random order, repeatable by seed.

    Every excerpt comes before any comes twice, and A is each model equally often, so that a liking
    for the first one heard cannot decide.

    Raises:
        UserError: there is nothing to hear.
    """
    if not excerpts:
        raise UserError("There is nothing to compare", "render a song with --listen first")
    rng = np.random.default_rng(seed)
    order: list[int] = []
    while len(order) < count:
        order.extend(rng.permutation(len(excerpts)).tolist())
    firsts = rng.permutation([place % 2 for place in range(count)])
    unknown = rng.integers(0, 2, count)
    sides: tuple[Side, Side] = ("base", "tuned")
    return [
        Trial(
            number,
            excerpts[place],
            sides[int(first)],
            sides[int(hidden)] if kind == "abx" else None,
        )
        for number, (place, first, hidden) in enumerate(
            zip(order[:count], firsts, unknown, strict=True), 1
        )
    ]


def evaluate(trials: Sequence[Trial], answers: Sequence[Answer]) -> Result:
    """What the answers say.

    Raises:
        UserError: there are not as many answers as trials, or one is none of A, B and =.
    """
    if len(answers) != len(trials):
        raise UserError(
            f"There are {len(trials)} trials and {len(answers)} answers",
            "give one answer for each: A, B, or = for neither",
        )
    for answer in answers:
        if answer not in ANSWERS:
            raise UserError(f"The answer {answer!r} is none", "answer A, B, or = for neither")
    named = [trial.named(answer) for trial, answer in zip(trials, answers, strict=True)]
    wanted = [trial.x or "tuned" for trial in trials]
    ties = named.count(None)
    successes = sum(one == other for one, other in zip(named, wanted, strict=True))
    kind: Kind = "abx" if trials and trials[0].x is not None else "preference"
    p = binomial_p(successes, len(trials) - ties)
    return Result(kind, len(trials), ties, successes, p)


def binomial_p(successes: int, trials: int) -> float:
    """Two-sided exact test of a fair coin: probability of an outcome at least as far from half."""
    nearer_end = min(successes, trials - successes)
    tail = sum(comb(trials, count) for count in range(nearer_end + 1))
    return min(1.0, tail / 2.0 ** (trials - 1))
