"""Label tracks of Audacity: text files of seconds, seconds and a text, between tabs.

Format as Audacity's manual describes it ("Importing and Exporting Labels"). A line that begins
with a backslash holds the frequencies of a spectral selection and belongs to the label before it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.daw.one_line import one_line
from stemdesk.errors import UserError
from stemdesk.files import shown_name, write_text_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.daw.session import Session

_MAX_BYTES = 1 << 24
_REMEDY = "export the labels again from Audacity"


@dataclass(frozen=True)
class Label:
    """A named place or stretch of time.

    Attributes:
        start_seconds: where it begins.
        end_seconds: where it ends; the same for a place.
        text: its name, perhaps empty.
    """

    start_seconds: float
    end_seconds: float
    text: str


def write_labels(session: Session, path: Path) -> None:
    """Writes a session's markers as labels, to the microsecond.

    Args:
        session: markers and origin.
        path: the text file to appear, or to be replaced.

    Raises:
        UserError: there are no markers, or the disk refuses.
    """
    if not session.markers:
        raise UserError(f"{session.title} has no markers", "set some, or leave the labels out")
    lines = []
    for marker in session.markers:
        seconds = session.origin_seconds + marker.frame / session.sample_rate
        text = one_line(marker.name)
        lines.append(f"{seconds:.6f}\t{seconds:.6f}\t{text}\n")
    write_text_atomic(path, "".join(lines))


def read_labels(path: Path) -> tuple[Label, ...]:
    """Reads the labels of a file, in its order.

    Args:
        path: a text file in UTF-8, or in Latin-1 as old versions wrote it.

    Raises:
        UserError: the file cannot be read or is no label track.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror or error})", "check the name and the folder"
        ) from error
    if len(content) > _MAX_BYTES or b"\0" in content:
        raise UserError(f"{path} is no label track", _REMEDY)
    lines = re.split(r"\r\n|\r|\n", _text(content))
    return tuple(
        _label(line, number, path)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("\\")
    )


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _label(line: str, number: int, path: Path) -> Label:
    start, _, rest = line.partition("\t")
    end, _, text = rest.partition("\t")
    try:
        # Old versions wrote the decimal comma of the user's language.
        times = [float(word.replace(",", ".")) for word in (start, end)]
    except ValueError:
        times = [math.nan]
    if not all(map(math.isfinite, times)):
        raise UserError(f"Line {number} of {shown_name(path)} is no label: {line[:40]!r}", _REMEDY)
    return Label(times[0], max(times), text)
