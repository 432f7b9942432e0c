"""One file of several channels from files of one channel each, as Ardour keeps them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stemdesk_plugins.request import Request

_BLOCK_FRAMES = 1 << 16
_INTEGER_SUBTYPES = frozenset({"PCM_16", "PCM_24"})


@contextmanager
def one_file(request: Request, folder: Path) -> Iterator[Path]:
    """The passage of a request as a temporary file with all its channels, sample for sample.

    Args:
        request: with several inputs of one channel, rate and length.
        folder: for the file, which is gone after the block.

    Raises:
        UserError: A file cannot be read, has more than one channel, or another rate than the first.
    """
    path = folder / "channels.wav"
    with ExitStack() as open_files:
        files = [open_files.enter_context(_opened(each)) for each in request.inputs]
        _check(files)
        rate_hz = files[0].samplerate
        first = round(request.start_seconds * rate_hz)
        left = min(file.frames for file in files) - first
        if request.duration_seconds is not None:
            left = min(left, round(request.duration_seconds * rate_hz))
        if left <= 0:
            raise UserError(
                f"{files[0].name} ends before the passage begins", "choose another passage"
            )
        try:
            subtypes = {file.subtype for file in files}
            subtype = subtypes.pop() if len(subtypes) == 1 else "FLOAT"
            subtype = subtype if subtype in _INTEGER_SUBTYPES else "FLOAT"
            with soundfile.SoundFile(
                path, "w", rate_hz, len(files), subtype, format="RF64"
            ) as whole:
                _copy(files, whole, first, left)
            yield path
        finally:
            path.unlink(missing_ok=True)


def _opened(path: Path) -> soundfile.SoundFile:
    try:
        return soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        raise UserError(
            f"{path} cannot be read ({error.error_string})", "check the file"
        ) from error


def _check(files: Sequence[soundfile.SoundFile]) -> None:
    for file in files:
        if file.channels != 1:
            raise UserError(
                f"{file.name} has {file.channels} channels where one was expected",
                "bounce the region to a new one and separate that",
            )
        if file.samplerate != files[0].samplerate:
            raise UserError(
                f"{file.name} has another sample rate than {files[0].name}",
                "bounce the region to a new one and separate that",
            )


def _copy(
    files: Sequence[soundfile.SoundFile], whole: soundfile.SoundFile, first: int, left: int
) -> None:
    for file in files:
        file.seek(first)
    while left > 0:
        frames = min(_BLOCK_FRAMES, left)
        # float32 carries 24 bits exactly; what is written is what was read.
        columns = [file.read(frames, dtype="float32") for file in files]
        whole.write(np.stack(columns, axis=1))
        left -= frames
