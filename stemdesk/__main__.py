"""The program: ``stemdesk`` and ``python -m stemdesk``."""

from __future__ import annotations

import os
import sys

from stemdesk.mixing.plugins import HOST_FLAG


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:2] == [HOST_FLAG]:
        # A frozen StemDesk that was started once more as the process of a plug-in. Nothing may be
        # printed before it has taken its pipes over, and nothing else need be imported.
        from stemdesk.mixing.plugins import host

        host.main()
    from stemdesk.cli.main import EXIT_INTERRUPTED, run
    from stemdesk.jobs.job import is_any_unfinished

    status = run(sys.argv[1:])
    if status == EXIT_INTERRUPTED or is_any_unfinished():
        # The user waits: taking torch apart in good order can take longer than the stop itself,
        # and torch aborts when it is taken apart under a job that still computes.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
