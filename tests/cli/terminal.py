"""A program on a terminal of its own."""

from __future__ import annotations

import os
import select
import sys
import time

import pytest

if sys.platform != "win32":
    import pty


class Terminal:
    """A child on a terminal of its own."""

    def __init__(self, start, arguments, **settings):
        if sys.platform == "win32":
            pytest.skip("needs POSIX terminals")
        self._ours, theirs = pty.openpty()
        ends = {"stdin": theirs, "stderr": theirs, "stdout": theirs}
        # A session of its own, so that Ctrl-C of the terminal is not ours.
        self.child = start(*arguments, **{**ends, **settings}, start_new_session=True)
        os.close(theirs)
        self.seen = ""

    def read_until(self, text="", seconds=60):
        """Everything until ``text`` has come, or to the end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (text and text in self.seen):
            if not select.select([self._ours], [], [], 0.2)[0]:
                continue
            try:
                self.seen += os.read(self._ours, 65536).decode(errors="replace")
            except OSError:
                break
        assert text in self.seen, self.seen
        return self.seen

    def type(self, text):
        os.write(self._ours, text.encode())
