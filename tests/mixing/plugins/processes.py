"""Whether processes that are not our children still run."""

from __future__ import annotations

import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def is_running(process_id):
    """Whether there is such a process that has not ended."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def ends(process_id, seconds=10.0):
    """Whether it ends so soon."""
    deadline = time.monotonic() + seconds
    while is_running(process_id):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
