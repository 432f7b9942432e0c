"""What is evaluated: models, folders of finished stems, and oracles."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import soundfile
import torch

from stemdesk.errors import UserError
from stemdesk.processes import environment, stemdesk_command
from stemdesk_training.datasets.multitrack import STEMS, Part, converted
from stemdesk_training.evaluation.grouping import REST, rest_of, stem_of
from stemdesk_training.evaluation.oracles import ideal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from stemdesk.separation.mask_settings import OracleName
    from stemdesk_training.evaluation.truth import Truth

    Audio = NDArray[np.float64]
    Given = dict[str, NDArray[np.float32]]


class System(Protocol):
    """Whatever gives estimates.

    Attributes:
        name: in tables.
    """

    name: str

    def estimate(self, truth: Truth) -> Audio:
        """``[stems, channels, frames]`` in the truth's order; silence for stems it does not know.

        What it gives beside these stems is a part of the truth's rest stem, if there is one.

        Raises:
            UserError: it cannot.
        """
        ...


class Separator(System, Protocol):
    """A system that has stems of its own, whatever those of the truth are."""

    def separate(self, truth: Truth) -> Given:
        """Its stems, each ``[channels, frames]`` as the mixture.

        Raises:
            UserError: it cannot.
        """
        ...


class Oracle:
    """Masks made from the truth."""

    def __init__(self, oracle: OracleName) -> None:
        self._oracle, self.name = oracle, str(oracle)

    def estimate(self, truth: Truth) -> Audio:
        """See :class:`System`."""
        return ideal(self._oracle, truth.references, truth.mixture)


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
        return _assigned(self.separate(truth), truth)

    def separate(self, truth: Truth) -> Given:
        """See :class:`Separator`."""
        return next(self.separate_all([truth]))

    def separate_all(self, truths: Sequence[Truth]) -> Iterator[Given]:
        """The stems of each, by one call of the command.

        Raises:
            UserError: it cannot separate one of them.
        """
        with tempfile.TemporaryDirectory(prefix="stemdesk-evaluate-") as folder:
            songs = [Path(folder) / f"song_{place}.wav" for place in range(len(truths))]
            for song, truth in zip(songs, truths, strict=True):
                soundfile.write(song, truth.mixture.T, truth.sample_rate, subtype="DOUBLE")
            command = [*stemdesk_command(), "separate", *map(str, songs)]
            command += ["-o", folder, "--model", self._model, "--format", "wav"]
            command += ["--threads", str(torch.get_num_threads()), *self._options]
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, env=environment()
            )
            if done.returncode != 0:
                told = done.stderr.strip().splitlines() or ["no reason given"]
                names = ", ".join(truth.name for truth in truths)
                raise UserError(f"{self.name} cannot separate {names} ({told[-1]})",
                    "try it with stemdesk separate")  # fmt: skip
            for song, truth in zip(songs, truths, strict=True):
                yield _read(_audio_in(song.with_suffix(""), "*.wav"), truth)


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
        return _assigned(self.separate(truth), truth)

    def separate(self, truth: Truth) -> Given:
        """See :class:`Separator`."""
        place = self._folder / truth.name
        known = (*truth.stems, *STEMS, *REST)  # a mixture may lie beside them, or whatever else
        files = {name: path for name, path in _audio_in(place).items() if name in known}
        given = _read(files, truth)
        if not given:
            raise UserError(f"{place} holds no stems", f"put {', '.join(truth.stems)} there")
        return given


def summed(given: Mapping[str, NDArray[np.float32]], groups: Iterable[Sequence[str]]) -> Audio:
    """Sums of some stems, ``[groups, channels, frames]``."""
    shape = next(iter(given.values())).shape
    silence = np.zeros(shape)
    return np.stack([sum((given[name] for name in names), start=silence) for names in groups])


def _audio_in(folder: Path, pattern: str = "*.*") -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob(pattern))}


def _read(files: dict[str, Path], truth: Truth) -> Given:
    """Stems at the rate and length of the truth; of several rests the narrowest."""
    given = {}
    rest = rest_of(files)
    for name, path in files.items():
        if name in REST and name != rest:
            continue
        clip = converted(Part(path).read(), truth.sample_rate)
        samples = np.zeros(truth.mixture.shape, np.float32)
        frames = min(clip.frames, truth.mixture.shape[-1])
        samples[:, :frames] = clip.samples[:, :frames]
        given[name] = samples
    return given


def _assigned(given: Given, truth: Truth) -> Audio:
    """Each stem to that of the truth which it is a part of."""
    homes = {name: stem_of(name, truth.stems) for name in given}
    return summed(given, [[n for n in given if homes[n] == stem] for stem in truth.stems])
