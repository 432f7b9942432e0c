"""Single keys from a terminal, read without waiting."""

from __future__ import annotations

import os
import select
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARROWS = {"\x1b[D": "left", "\x1b[C": "right", "\x1b[A": "up", "\x1b[B": "down"}


class Keys:
    """Keys as they are pressed; none where the input is no terminal."""

    def __init__(self, *, terminal: bool) -> None:
        self._terminal = terminal

    @property
    def are_read(self) -> bool:
        """Whether there is a terminal to press them in."""
        return self._terminal

    def pressed(self, wait_seconds: float) -> list[str]:
        """What was pressed meanwhile: characters, `left`, `right`, `up`, `down`."""
        if not self._terminal:
            time.sleep(wait_seconds)
            return []
        ready, _, _ = select.select([sys.stdin], [], [], wait_seconds)
        if not ready:
            return []
        text = os.read(sys.stdin.fileno(), 64).decode(errors="replace")
        if not text:
            self._terminal = False
        return _keys(text)


@contextmanager
def single_keys() -> Iterator[Keys]:
    """Keys without Return, until the context ends; Ctrl-C works as ever."""
    if not sys.stdin.isatty() or os.name != "posix":
        yield Keys(terminal=False)
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield Keys(terminal=True)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _keys(text: str) -> list[str]:
    keys = []
    while text:
        arrow = next((sequence for sequence in _ARROWS if text.startswith(sequence)), None)
        keys.append(_ARROWS[arrow] if arrow else text[0])
        text = text[len(arrow) if arrow else 1 :]
    return keys
