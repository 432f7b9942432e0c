"""Missing files, looked for in a folder that the user points at."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from stemdesk.project.copying import silent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.project.copying import Report
    from stemdesk.project.document import MediaRef


def search(
    folder: Path, wanted: Iterable[MediaRef], report: Report = silent
) -> dict[MediaRef, Path]:
    """Files of the same names, in a folder and all below it.

    Args:
        folder: where to look.
        wanted: what is missing.
        report: told where the search is, at fraction 0; what it raises ends the search.

    Returns:
        Reference -> the first file found under its name. Whether it is the right one,
        :meth:`MediaStore.relink` decides by its bytes.
    """
    # Windows paths have both kinds of slashes, so this takes the name off any path.
    by_name: dict[str, list[MediaRef]] = {}
    for ref in wanted:
        by_name.setdefault(PureWindowsPath(ref.path).name, []).append(ref)
    found: dict[MediaRef, Path] = {}
    for place, _, names in os.walk(folder):
        report(0.0, f"Looking in {Path(place).name}")
        for name in sorted(by_name.keys() & set(names)):
            for ref in by_name.pop(name):
                found[ref] = Path(place) / name
        if not by_name:
            break
    return found
