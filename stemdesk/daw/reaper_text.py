"""REAPER's project text: lines of words, and blocks between `<NAME` and `>`."""

from __future__ import annotations

import re

from stemdesk.daw.one_line import one_line

_BARE = re.compile(r"[^\s\"'`<>|#;]+")


def quoted(text: str) -> str:
    """One word; quoted with what does not occur in it.

    REAPER knows three quotes and no escape: a text that has all three loses the backticks.
    """
    line = one_line(text)
    if _BARE.fullmatch(line):
        return line
    for quote in "\"'`":
        if quote not in line:
            return f"{quote}{line}{quote}"
    return "`{}`".format(line.replace("`", "'"))


class Block:
    """One block.

    Args:
        words: its name and what follows on the same line.
    """

    def __init__(self, *words: object) -> None:
        self._lines = [f"<{_line(words)}"]

    def add(self, *words: object) -> None:
        """Append a line."""
        self._lines.append(f"  {_line(words)}")

    def append(self, block: Block) -> None:
        """Append a block in this one."""
        self._lines += [f"  {line}" for line in block.lines()]

    def lines(self) -> list[str]:
        """All of it."""
        return [*self._lines, ">"]


def _line(words: tuple[object, ...]) -> str:
    return " ".join(_word(word) for word in words)


def _word(word: object) -> str:
    if isinstance(word, float):
        return f"{word:.12g}"
    return word if isinstance(word, str) else str(word)
