"""The program: ``stemdesk`` and ``python -m stemdesk``."""

from __future__ import annotations

import os
import sys

from stemdesk.cli.main import EXIT_INTERRUPTED, run


def main() -> None:
    """Run the command line and exit with its status."""
    status = run(sys.argv[1:])
    if status == EXIT_INTERRUPTED:
        # The user waits: taking torch apart in good order can take longer than the stop itself.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
