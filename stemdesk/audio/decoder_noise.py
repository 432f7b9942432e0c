"""Keeps what C libraries print about damaged sound away from the user's terminal."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STDERR = 2
# libmpg123's ways to begin a line; it prints whatever its caller wants.
_NOISE = re.compile(
    rb"(?:\[[^\]\n]*libmpg123/[^\]\n]*\]|Note: (?:Illegal|Trying|Skipped|Hit|Found)"
    rb"|Warning: (?:Xing|Big change|Encountered|Real sample|Cannot|Frankenstein)"
    rb"|Illegal Audio-MPEG)[^\n]*(?:\n|$)\n?"
)
_one_at_a_time = threading.Lock()


@contextmanager
def without_decoder_noise() -> Iterator[None]:
    """While a decoder works, its own lines on stderr are dropped; all others come a little later.

    The whole process shares stderr: what another thread writes meanwhile is passed on.
    """
    with _one_at_a_time:
        try:
            real = os.dup(_STDERR)
        except OSError:  # stderr is closed.
            yield
            return
        with tempfile.TemporaryFile() as caught, os.fdopen(real, "wb", buffering=0) as stderr:
            os.dup2(caught.fileno(), _STDERR)
            try:
                yield
            finally:
                os.dup2(real, _STDERR)
                caught.seek(0)
                rest = _NOISE.sub(b"", caught.read())
                if rest:
                    with suppress(OSError):
                        stderr.write(rest)
