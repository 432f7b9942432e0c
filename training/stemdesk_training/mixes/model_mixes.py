"""Mixes as a model is to hear them: its stems, its rate, its channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr
import torch

from stemdesk.errors import UserError
from stemdesk_training.augmentation.augmenter import Augmenter
from stemdesk_training.augmentation.settings import augmentation_of
from stemdesk_training.corpus.mixing import RandomMixes
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk_training.recipe import Data, Model

    Samples = NDArray[np.float32]

# Stands for all that no other stem of a model is named after.
REST = ("accompaniment", "instrumental", "other", "rest")
QUIET_PEAK = 1e-6
STEREO = 2


def stem_sums(stems: Sequence[str]) -> NDArray[np.float32]:
    """Which of the pool's stems make up each of a model's, ``[model's, 4]`` of zeros and ones.

    Raises:
        UserError: a stem is none of the pool's and not the rest, or something is in no stem.
    """
    sums = np.zeros((len(stems), len(STEMS)), np.float32)
    named = {stem for stem in stems if stem in STEMS}
    for row, stem in enumerate(stems):
        if stem in STEMS:
            sums[row, STEMS.index(stem)] = 1
        elif stem not in REST:
            raise UserError(
                f"There is nothing to learn the stem {stem!r} from",
                f"use {', '.join(STEMS)} or {REST[0]}",
            )
    rests = [row for row, stem in enumerate(stems) if stem in REST]
    for column, stem in enumerate(STEMS):
        if stem not in named:
            if not rests:
                raise UserError(f"No stem of the model holds the {stem}", f"add {REST[0]}")
            sums[rests[0], column] = 1
    return sums


class ModelMixes:
    """Batches of a recipe, repeatable by index.

    Args:
        model: what it is called, hears and gives.
        data: how the mixes are made.
        pool: folder of a pool.
        split: ``train`` or ``valid``.
        seconds: length of an item.
        seed: with an index the key of a batch.

    Raises:
        UserError: the model's stems cannot be made of the pool's.
        FileNotFoundError: a stem has no file.
    """

    def __init__(
        self, model: Model, data: Data, pool: Path, split: str, seconds: float, seed: int
    ) -> None:
        self._sums = stem_sums(model.stems)
        self._model, self._balance = model, data.balance
        self._frames = round(seconds * model.sample_rate)
        settings = augmentation_of(data.augmentation if split == "train" else "none")
        # A stretch that shortens an excerpt finds its ends in what lies beside it.
        seconds *= settings.stretch_room
        self._mixes = RandomMixes(pool, split, seconds, seed, data.drawing(split))
        self._augmenter = Augmenter(settings, seed, model.stft, model.sample_rate)

    def batch(self, index: int, size: int, rows: slice = slice(None)) -> Samples:
        """Stems of the items ``rows`` of a batch of ``size``.

        Returns:
            float32 ``[rows, model's stems, channels, frames]`` at the model's rate. A network that
            hears one channel gets the left of one item and the right of the next. The mixture is
            the plain sum over stems.
        """
        return np.stack([self._item(index, row, size) for row in range(size)[rows]])

    def _item(self, index: int, row: int, size: int) -> Samples:
        stems = self._mixes.item(index, row)
        if self._balance == "peak":
            stems = _at_full_scale(stems)
        shaped = np.tensordot(self._sums, stems, axes=1)
        if self._model.channels == 1:
            side = row % STEREO
            shaped = shaped[:, side : side + 1]
        if self._model.sample_rate != RATE_HZ:
            shaped = _resampled(shaped, self._model.sample_rate)
        changed = self._augmenter.waveforms(torch.from_numpy(shaped)[None], index * size + row)
        first = max(0, (changed.shape[-1] - self._frames) // 2)  # stretched around the middle
        shaped = changed[0, ..., first : first + self._frames].numpy()
        # Where the rates do not divide, a frame may be missing.
        shaped = np.pad(shaped, ((0, 0), (0, 0), (0, self._frames - shaped.shape[-1])))
        if self._balance == "peak":
            shaped = _peaks_equal(shaped)
        return np.ascontiguousarray(shaped, dtype=np.float32)


def _resampled(stems: Samples, sample_rate: int) -> Samples:
    flat = stems.reshape(-1, stems.shape[-1]).T
    moved = soxr.resample(flat, RATE_HZ, sample_rate, "HQ").T
    return np.ascontiguousarray(moved).reshape(*stems.shape[:2], -1)


def _at_full_scale(stems: Samples) -> Samples:
    """Each stem with a peak of 1, unless it is silent."""
    peaks = np.abs(stems).max(axis=(1, 2), keepdims=True)
    return np.where(peaks > QUIET_PEAK, stems / np.maximum(peaks, QUIET_PEAK), np.float32(0))


def _peaks_equal(stems: Samples) -> Samples:
    """Each stem to full scale, then all by what their sum needs (Simpson et al. 2015)."""
    even = _at_full_scale(stems)
    return np.asarray(even / max(QUIET_PEAK, float(np.abs(even.sum(axis=0)).max())), np.float32)
