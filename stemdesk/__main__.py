"""The program: ``stemdesk`` and ``python -m stemdesk``."""

from __future__ import annotations

import sys

from stemdesk.cli.main import run


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
