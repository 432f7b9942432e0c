"""What a run leaves when it is stopped, so that the next one knows it again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.files import write_text_atomic
from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.app.options import SeparateOptions

RECORD_NAME = "delivery.json"


def work_folder(song: Path, options: SeparateOptions) -> Path:
    """The hidden folder beside the results for this song, or for this part of it."""
    place = f"{song.resolve()}|{options.start_seconds}|{options.duration_seconds}"
    digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return options.output / f".stemdesk-{digest}.partial"


def record_delivery(folder: Path, partials: Mapping[Path, Path]) -> None:
    """Note which files are about to get their final names, and how to know them again.

    Args:
        folder: the work folder; removed with all in it once the files are checked.
        partials: final path -> finished file under its temporary name.
    """
    files = {str(target.absolute()): _marks(partial) for target, partial in partials.items()}
    write_text_atomic(folder / RECORD_NAME, json.dumps(files))


def own_files(folder: Path) -> set[Path]:
    """Files that a stopped run delivered and nobody has touched since, as it named them."""
    try:
        known = read_json(file_bytes(folder / RECORD_NAME), names=True)
        return {Path(name) for name, marks in known.items() if _marks(Path(name)) == marks}
    except (OSError, ValueError, AttributeError):
        return set()


def _marks(path: Path) -> list[int]:
    """Size and time of the last change; a renamed file keeps both."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return []
    return [status.st_size, status.st_mtime_ns]
