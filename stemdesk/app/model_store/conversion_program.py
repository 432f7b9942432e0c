"""The program that converts weights: `python -m stemdesk.app.model_store.conversion_program`.

Files of others are read here alone, with limits of memory and time, and then the process ends. Its
last line is a JSON object: empty, or why the files are refused.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from stemdesk.errors import UserError

CONVERSION_FLAG = "--conversion-program"
"""First argument of a frozen application that is started once more, to be this program."""

STUCK_SECONDS = 120.0
_MEMORY_BYTES = 2 << 30
_PROCESSOR_SECONDS = 120


def conversion_command(folder: Path, sources: list[Path]) -> list[str]:
    """How to start this program.

    Args:
        folder: of the model, in which its card lies.
        sources: files with weights, in the order of the network's parts.
    """
    arguments = [str(folder), *map(str, sources)]
    if getattr(sys, "frozen", False):
        return [sys.executable, CONVERSION_FLAG, *arguments]
    # -P: a file numpy.py in the current folder must not become the child's numpy.
    return [sys.executable, "-P", "-m", "stemdesk.app.model_store.conversion_program", *arguments]


def main(arguments: list[str]) -> None:
    """Convert, and say how it went."""
    # Of the process of a plug-in, which is in the same place.
    from stemdesk.mixing.plugins.lifeline import die_with_mixer

    die_with_mixer(STUCK_SECONDS)
    from stemdesk.separation.foreign_weights import convert_spleeter

    _limit()
    answer: dict[str, str] = {}
    try:
        folder, *sources = map(Path, arguments)
        convert_spleeter(sources, folder)
    except UserError as error:
        answer = {"problem": error.problem, "remedy": error.remedy}
    print(json.dumps(answer), flush=True)  # noqa: T201 - to the program that started this one
    os._exit(0)  # taking torch apart in good order can take longer than all the rest


def _limit() -> None:
    """Bound memory and time, where the system can; torch has been loaded before."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, _mapped_bytes() + _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _PROCESSOR_SECONDS),
    ):
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, hard))


def _mapped_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux
        return 64 << 30
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main(sys.argv[1:])
