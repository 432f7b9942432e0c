"""Base material that ships with the program: what is replayed, and the fixed reference set."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import soxr

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import cache_dir
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.metrics import usdr
from stemdesk_training.mixes.model_mixes import stem_sums
from stemdesk_training.packing import LENGTHS_NAME, NOTES_NAME, SUFFIX, decode
from stemdesk_training.validation import separate_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Model, Recipe

    Samples = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

SHIPPED = Path(__file__).with_name("reference_pack")


class _Notes(msgspec.Struct, frozen=True):
    """What a pack says of itself, as far as it is needed here: song -> whom to credit."""

    credits: dict[str, str]


class ReferencePack:
    """A folder made by :mod:`stemdesk_training.tuning.pack`.

    Args:
        folder: None for the shipped one.

    Raises:
        UserError: it holds no reference pack.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or SHIPPED
        try:
            lengths = file_bytes(self._folder / LENGTHS_NAME)
            notes = read_json_as(file_bytes(self._folder / NOTES_NAME), _Notes)
            self._lengths = read_json_as(lengths, dict[str, int])
        except (OSError, Unreadable) as error:
            reason = getattr(error, "strerror", None) or error
            raise UserError(
                f"The folder {self._folder} is no reference pack ({reason})",
                "make one with python -m stemdesk_training.tuning.pack, or leave reference out",
            ) from error
        self.credits = list(dict.fromkeys(notes.credits.values()))

    @cached_property
    def key(self) -> str:
        """Eight digits that tell packs apart."""
        digest = hashlib.sha256()
        for name in sorted(self._lengths):
            digest.update((self._folder / name).read_bytes())
        return digest.hexdigest()[:8]

    def items(self) -> list[Samples]:
        """The reference set: stems ``[4, 2, frames]`` at 44.1 kHz, in the order of ``STEMS``."""
        first = f"_{STEMS[0]}{SUFFIX}"
        songs = [
            name.removesuffix(first)
            for name in sorted(self._lengths)
            if name.startswith("valid_song_") and name.endswith(first)
        ]
        return [
            np.stack([self._decoded(f"{song}_{stem}{SUFFIX}").T for stem in STEMS])
            for song in songs
        ]

    def _decoded(self, name: str) -> Samples:
        samples = decode(self._folder / name, self._lengths[name])
        return samples.astype(np.float32) / np.float32(32768)

    def replay_pool(self) -> Path:
        """A pool of the material to replay, decoded into the cache where it is not there yet."""
        place = cache_dir() / "replay" / self.key
        if place.is_dir():
            return place
        ensure_writable_folder(place.parent)
        with tempfile.TemporaryDirectory(dir=place.parent) as space:
            made = Path(space) / "pool"
            (made / "train").mkdir(parents=True)
            for name, frames in self._lengths.items():
                split, _, rest = name.removesuffix(SUFFIX).partition("_")
                if split == "train":
                    np.save(made / split / f"{rest}.npy", decode(self._folder / name, frames))
            shutil.copy(self._folder / NOTES_NAME, made / NOTES_NAME)
            try:
                made.rename(place)
            except OSError:
                if not place.is_dir():  # another run may have been quicker
                    raise
        return place


class ReferenceSet:
    """Scores of networks on the reference set.

    Args:
        recipe: of the model; says its stems, rate and masks.
        pack: where the mixes come from.
        post: post-processing stages with which the model is used.
    """

    def __init__(self, recipe: Recipe, pack: ReferencePack, post: Sequence[str]) -> None:
        self._recipe, self._post = recipe, post
        shaped = [in_form(recipe.model, stems) for stems in pack.items()]
        self._items = [item for items in shaped for item in items]

    def score(self, network: MaskNetwork) -> dict[str, float]:
        """USDR in dB per stem, the mean over the mixes, and the mean over stems."""
        found = []
        for targets in self._items:
            estimates = separate_item(network, self._recipe, targets.sum(axis=0), self._post)
            found.append(usdr(targets.astype(np.float64), estimates.astype(np.float64)))
        stems = dict(zip(self._recipe.model.stems, np.mean(found, axis=0).tolist(), strict=True))
        return {**stems, "mean": float(np.mean(list(stems.values())))}


def in_form(model: Model, stems: Samples) -> list[Samples]:
    """A mix ``[4, 2, frames]`` at 44.1 kHz with a model's stems, rate and channels.

    For a model of one channel there are two items, left and right.
    """
    shaped = np.tensordot(stem_sums(model.stems), stems, axes=1)
    if model.sample_rate != RATE_HZ:
        flat = shaped.reshape(-1, shaped.shape[-1]).T
        moved = soxr.resample(flat, RATE_HZ, model.sample_rate, "HQ").T
        shaped = moved.reshape(*shaped.shape[:2], -1)
    if model.channels == 1:
        return [np.ascontiguousarray(shaped[:, side : side + 1]) for side in range(2)]
    return [np.ascontiguousarray(shaped)]
