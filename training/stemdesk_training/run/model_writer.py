"""The model that a run makes, as a folder that separation can use at any time."""

from __future__ import annotations

import platform
import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import torch

from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk.separation.checkpoint import save_network
from stemdesk_training.augmentation.settings import augmentation_of
from stemdesk_training.corpus.drawing import SPEED
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from stemdesk.separation.card import ModelCard
    from stemdesk_training.recipe import Recipe

NEW_SUFFIX, OLD_SUFFIX = ".new", ".old"
SECONDS_AN_HOUR = 3600


class ModelWriter:
    """Writes weights with their card into a run's folder, the old ones staying until all is there.

    Args:
        folder: the run's; the model's own is named after its id.
        recipe: what the card says of the making.
        pool: whose credits and amount it tells.
        parent: card of the model that the run began from.
        name_songs: tell what the songs are called.
    """

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        pool: Path,
        parent: ModelCard | None,
        *,
        name_songs: bool = False,
    ) -> None:
        self.folder = folder / recipe.model.id
        self._new = folder / f".{recipe.model.id}{NEW_SUFFIX}"
        self._old = folder / f".{recipe.model.id}{OLD_SUFFIX}"
        self._recipe, self._pool, self._parent = recipe, pool, parent
        self._name_songs = name_songs
        self._mend()

    def _mend(self) -> None:
        """Finish what a killed program began: there is one whole model, under its own name."""
        if self._old.exists() and not self.folder.exists():
            self._old.rename(self.folder)
        for left in (self._new, self._old):
            if left.exists():
                shutil.rmtree(left)

    def write(
        self,
        weights: Mapping[str, torch.Tensor],
        scores: dict[str, float],
        made: Mapping[str, Any],
        completed: Callable[[ModelCard], ModelCard] | None = None,
    ) -> None:
        """Replace the model.

        Weights and card belong together: they are made aside, and the folders change places.

        Args:
            weights: by name.
            scores: stem -> dB, on held-out mixes.
            made: what else the card is to say under ``training``.
            completed: what becomes of the card where a model is tuned.

        Raises:
            UserError: the disk takes no more.
        """
        notes = read_json(file_bytes(self._pool / "pool.json"), names=True)
        parent_credits = [] if self._parent is None else self._parent.credits
        credited = [*parent_credits, *notes.get("credits", {}).values()]
        source = "mixes of the library" if "library" in notes else "synthetic mixes"
        card = self._recipe.model.card(
            credits=list(dict.fromkeys(credited)),
            training={**self._training(notes), **made},
            scores={f"held-out {source}, uSDR": scores},
        )
        save_network(self._new, card if completed is None else completed(card), dict(weights))
        if self.folder.exists():
            self.folder.rename(self._old)
        self._new.rename(self.folder)
        if self._old.exists():
            shutil.rmtree(self._old)

    def _training(self, notes: Mapping[str, Any]) -> dict[str, Any]:
        recipe, data = self._recipe, self._recipe.data
        training = {
            "note": recipe.note,
            "losses": dict(recipe.losses),
            "batch": data.batch * recipe.optimiser.accumulate,
            "item_seconds": data.seconds,
            "seed": recipe.seed,
            "pool_seed": notes.get("seed", 0),
            "pool_corpus": notes.get("corpus", 0),
            "precision": recipe.precision,
            "optimiser": recipe.optimiser.algorithm,
            "data": self._data(notes),
            "torch": str(torch.__version__),
        }
        if data.gains_db:
            training["gains_db"] = dict(data.gains_db)
        if data.speed != SPEED:
            training["speed"] = list(data.speed)
        done = msgspec.to_builtins(augmentation_of(data.augmentation))
        if done := {kind: how for kind, how in done.items() if how["probability"]}:
            training["augmentation"] = done
        if self._parent is not None:
            before = self._parent.training.get("parents", [])
            training["parents"] = [*before, self._parent.id]
            training["parent_sha256"] = self._parent.sha256
        return training

    def _data(self, notes: Mapping[str, Any]) -> dict[str, Any]:
        """How much there was to learn from; what the songs are called is the user's to tell."""
        files = sorted((self._pool / "train").glob("*.npy"))
        frames = sum(len(np.load(file, mmap_mode="r")) for file in files)
        songs = [file for file in files if file.match(f"song_*_{STEMS[-1]}.npy")]
        summary: dict[str, Any] = {
            "stem_hours": round(frames / RATE_HZ / SECONDS_AN_HOUR, 2),
            "songs": len(songs),
            "segments": len(files) - len(songs) * len(STEMS),
        }
        if self._name_songs:
            entries = notes.get("songs", {}).values()
            summary["song_names"] = sorted({each["name"] for each in entries if "name" in each})
        return summary


def machine_notes(device: torch.device, processes: int) -> dict[str, Any]:
    """What a card says of where a model was trained."""
    told = f"{platform.machine()}, {device.type}"
    return {"machine": told if processes == 1 else f"{told} x {processes}"}
