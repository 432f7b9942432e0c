"""What it looks like when memory runs out, whichever library says so."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

# In lower case. torch has an error of its own for GPUs only; on processors, and from what it
# calls (oneDNN, oneMKL, cuDNN), it is a RuntimeError with one of these. oneDNN names no reason.
_WORDS = (
    "out of memory",
    "not enough memory",
    "insufficient memory",
    "allocate memory",
    "memory allocation",
    "failed to allocate",
    "unable to allocate",
    "allocation failed",
    "alloc_failed",
    "malloc failed",
    "malloc () failed",
    "malloc() failed",
    "malloc of ",
    "bad_alloc",
    "bad allocation",
    "defaultcpuallocator",
    "could not create a primitive",
    "could not create a memory object",
    "could not execute a primitive",
    "can't start new thread",
    "unable to mmap",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that an allocation failed, itself or by its cause."""
    seen: BaseException | None = error
    while seen is not None:
        if _says_so(seen):
            return True
        seen = seen.__cause__
    return False


def _says_so(error: BaseException) -> bool:
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, UserError):
        return False  # it has found its words
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno == errno.ENOMEM
    # soundfile, soxr, pedalboard and torch; not what a song's name or a typing fault may say.
    said = isinstance(error, (RuntimeError, OSError, SystemError)) or (
        type(error).__name__ in {"OutOfMemoryError", "LibsndfileError"}
    )
    text = str(error).lower()
    return said and any(words in text for words in _WORDS)


def no_memory(work: str = "do this") -> UserError:
    """The refusal where nothing smaller can be tried.

    Args:
        work: what was tried: "separate song.wav".
    """
    return UserError(
        f"There is not enough memory to {work}",
        "close other programs or choose a smaller model, then try again",
    )


@contextmanager
def refusing_shortage(work: str = "do this") -> Iterator[None]:
    """Turn any error that says so into :func:`no_memory`.

    Args:
        work: what is tried: "separate song.wav".

    Raises:
        UserError: there is not enough memory.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, UserError) or not is_out_of_memory(error):
            raise
        raise no_memory(work) from error
