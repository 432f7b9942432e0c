"""The program: ``stemdesk`` and ``python -m stemdesk``."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from stemdesk.processes import (
    EXIT_INTERRUPTED,
    TRAINING_FLAG,
    open_missing_streams,
    stop_on_interrupt,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def _open_window(paths: Sequence[Path]) -> int:
    from stemdesk.ui.application import run_app  # Qt takes a tenth of a second to load

    return run_app(paths)


def main() -> None:
    """Run the command line and exit with its status."""
    stop_on_interrupt()
    _become_child_program(sys.argv[1:2])
    open_missing_streams()
    if sys.argv[1:2] == [TRAINING_FLAG]:
        _run_training_program(sys.argv[2], sys.argv[3:])
        return
    from stemdesk.logs import start_logging

    start_logging("stemdesk")
    from stemdesk.cli.main import run
    from stemdesk.jobs.job import is_any_unfinished

    status = run(sys.argv[1:], _open_window)
    if status == EXIT_INTERRUPTED or is_any_unfinished():
        # The user waits: taking torch apart in good order can take longer than the stop itself,
        # and torch aborts when it is taken apart under a job that still computes.
        sys.stdout.flush()
        os._exit(status)
    sys.exit(status)


def _run_training_program(module: str, arguments: list[str]) -> None:
    """A program of the trainer, as ``python -m`` would run it."""
    import runpy

    from stemdesk.logs import start_logging
    from stemdesk.memory_shortage import is_out_of_memory, no_memory

    start_logging(module)
    log = logging.getLogger(module)
    log.info("begins")
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)  # noqa: T201 - the program's message
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:
        log.exception("ended by %s", type(error).__name__)
        if not is_out_of_memory(error):
            raise
        print(no_memory(), file=sys.stderr)  # noqa: T201 - likewise
        sys.exit(1)


def _become_child_program(flag: list[str]) -> None:
    """A frozen StemDesk that was started once more is the process of a plug-in, or separates.

    Nothing may be printed before such a program has taken its pipes over.
    """
    from stemdesk.app.worker.program import WORKER_FLAG
    from stemdesk.mixing.plugins import HOST_FLAG

    if flag == [HOST_FLAG]:
        from stemdesk.mixing.plugins import host

        host.main()
    if flag == [WORKER_FLAG]:
        from stemdesk.app.worker import program

        program.main()


if __name__ == "__main__":
    main()
