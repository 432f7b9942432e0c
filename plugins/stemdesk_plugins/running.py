"""Whether a program of the user's runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def is_running(name: str) -> bool:
    """Whether a program of that name runs for this user; False where the system cannot say.

    Args:
        name: of the program, without `.exe`, in lower case.
    """
    if sys.platform == "linux":
        return any(_is_mine(process, name) for process in Path("/proc").glob("[0-9]*"))
    if os.name == "nt":
        command = ["tasklist", "/FI", f"IMAGENAME eq {name}.exe", "/NH"]
        return f"{name}.exe" in _output(command).lower()
    return bool(_output(["pgrep", "-x", "-i", "-U", str(os.getuid()), name]).strip())


def _is_mine(process: Path, name: str) -> bool:
    try:
        return (
            process.stat().st_uid == os.getuid()
            and (process / "comm").read_text().strip().lower() == name
        )
    except OSError:
        return False  # it has ended meanwhile


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
