"""What is evaluated: models, folders of finished stems, and oracles."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import soundfile

from stemdesk.errors import UserError
from stemdesk_training.datasets.multitrack import STEMS, Part, converted
from stemdesk_training.evaluation.oracles import ORACLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stemdesk_training.evaluation.truth import Truth

    Audio = NDArray[np.float64]


REST = ("accompaniment", "instrumental", "rest")  # what systems call all but the vocals


class System(Protocol):
    """Whatever gives estimates.

    Attributes:
        name: in tables.
    """

    name: str

    def estimate(self, truth: Truth) -> Audio:
        """``[stems, channels, frames]`` in the truth's order; silence for stems it does not know.

        Raises:
            UserError: it cannot.
        """
        ...


class Oracle:
    """Masks made from the truth."""

    def __init__(self, name: str) -> None:
        self.name = name

    def estimate(self, truth: Truth) -> Audio:
        """See :class:`System`."""
        return ORACLES[self.name](truth.references, truth.mixture)


class Model:
    """A model through the whole of ``stemdesk separate``: what a user would get.

    Args:
        model: id or folder.
        options: further words of that command.
    """

    def __init__(self, model: str, options: Sequence[str] = ()) -> None:
        self._model, self._options = model, list(options)
        self.name = " ".join([Path(model).name, *(word.lstrip("-") for word in options)])

    def estimate(self, truth: Truth) -> Audio:
        """See :class:`System`."""
        with tempfile.TemporaryDirectory(prefix="stemdesk-evaluate-") as folder:
            song = Path(folder) / "song.wav"
            soundfile.write(song, truth.mixture.T, truth.sample_rate, subtype="DOUBLE")
            command = [sys.executable, "-m", "stemdesk", "separate", str(song)]
            command += ["-o", folder, "--model", self._model, "--format", "wav", *self._options]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                told = done.stderr.strip().splitlines() or ["no reason given"]
                raise UserError(f"{self.name} cannot separate {truth.name} ({told[-1]})",
                    "try it with stemdesk separate")  # fmt: skip
            return _gathered(_audio_in(song.with_suffix("")), truth)


class Folder:
    """Stems that something else made: ``FOLDER/<song>/<stem>.*``.

    Args:
        name: in tables.
        folder: with a folder for each song.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self._folder = name, folder

    def estimate(self, truth: Truth) -> Audio:
        """See :class:`System`."""
        place = self._folder / truth.name
        files = _audio_in(place)
        if not set(files) & set(truth.stems):
            raise UserError(f"{place} holds no stems", f"put {', '.join(truth.stems)} there")
        return _gathered(files, truth)


def _audio_in(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.*"))}


def _gathered(files: dict[str, Path], truth: Truth) -> Audio:
    """The estimates; what is of no stem of the truth is a part of its last, as in the truth."""
    estimates = np.zeros_like(truth.references)
    for name, path in files.items():
        if name not in (*truth.stems, *STEMS, *REST):
            continue  # a mixture that lies beside them, or whatever else
        place = truth.stems.index(name) if name in truth.stems else len(truth.stems) - 1
        clip = converted(Part(path).read(), truth.sample_rate)
        frames = min(clip.frames, estimates.shape[-1])
        estimates[place, :, :frames] += clip.samples[:, :frames]
    return estimates
