"""Where the files that go into hosts lie: in a checkout, or in an installed StemDesk."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from stemdesk.errors import UserError

_PACKAGE = Path(__file__).resolve().parent


def host_files(host: str) -> Path:
    """The folder of the files for one host.

    Raises:
        UserError: This StemDesk was packed without them.
    """
    for folder in (_PACKAGE / "host_files" / host, _PACKAGE.parent / host):
        if folder.is_dir():
            return folder
    raise UserError(
        f"This copy of StemDesk lacks its files for {host}", "install StemDesk again with pip"
    )


def bridge_build() -> Path | None:
    """Where StemDesk Bridge was built or packed; None where that was not done."""
    built = "build-windows" if os.name == "nt" else "build"
    for folder in (_PACKAGE / "host_files" / "bridge", _PACKAGE.parent / "bridge" / built):
        if folder.is_dir():
            return folder
    return None


def stemdesk_command() -> list[str]:
    """What starts the StemDesk that this is part of, whatever the PATH says."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # -P: a folder with a `stemdesk.py` in which a host happens to run must not be imported from.
    return [sys.executable, "-P", "-m", "stemdesk"]


def stemdesk_executable() -> Path:
    """The absolute path of the program `stemdesk`, to be written into scripts.

    Raises:
        UserError: There is none.
    """
    # An AppImage is mounted anew at each start; what stays is the file itself.
    if image := os.environ.get("APPIMAGE"):
        return Path(image)
    if getattr(sys, "frozen", False):
        return Path(sys.executable)
    name = "stemdesk.exe" if os.name == "nt" else "stemdesk"
    beside = Path(sysconfig.get_path("scripts")) / name
    if beside.is_file():
        return beside
    found = shutil.which("stemdesk")
    if found is None:
        raise UserError(
            "The program stemdesk was not found beside this Python, nor on the PATH",
            "install StemDesk with pip, and start the command as `stemdesk plugins install`",
        )
    return Path(found).absolute()
