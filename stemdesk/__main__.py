"""The program: ``stemdesk`` and ``python -m stemdesk``."""

from __future__ import annotations

import os
import runpy
import sys
from typing import TYPE_CHECKING

from stemdesk.app.model_store.conversion_program import CONVERSION_FLAG
from stemdesk.app.training.child import TRAINING_FLAG
from stemdesk.app.worker.program import WORKER_FLAG
from stemdesk.mixing.plugins import HOST_FLAG

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def _open_window(paths: Sequence[Path]) -> int:
    from stemdesk.ui.application import run_app  # Qt takes a tenth of a second to load

    return run_app(paths)


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:2] == [HOST_FLAG]:
        # A frozen StemDesk that was started once more as the process of a plug-in. Nothing may be
        # printed before it has taken its pipes over, and nothing else need be imported.
        from stemdesk.mixing.plugins import host

        host.main()
    if sys.argv[1:2] == [WORKER_FLAG]:
        from stemdesk.app.worker import program  # likewise

        program.main()
    if sys.argv[1:2] == [CONVERSION_FLAG]:
        from stemdesk.app.model_store import conversion_program  # likewise

        conversion_program.main(sys.argv[2:])
    if sys.argv[1:2] == [TRAINING_FLAG]:
        # The same for a program of the trainer, named by its module.
        module = sys.argv[2]
        sys.argv = [module, *sys.argv[3:]]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return
    from stemdesk.cli.main import EXIT_INTERRUPTED, run
    from stemdesk.jobs.job import is_any_unfinished

    status = run(sys.argv[1:], _open_window)
    if status == EXIT_INTERRUPTED or is_any_unfinished():
        # The user waits: taking torch apart in good order can take longer than the stop itself,
        # and torch aborts when it is taken apart under a job that still computes.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
