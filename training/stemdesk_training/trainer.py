"""The training loop: random mixes in, a model folder out."""

from __future__ import annotations

import json
import math
import platform
import time
from typing import TYPE_CHECKING, Any

import msgspec
import torch

from stemdesk.errors import UserError
from stemdesk.files import atomic_path
from stemdesk.separation.card import ModelCard
from stemdesk.separation.checkpoint import network_class, save_network
from stemdesk.separation.masks import masks_for
from stemdesk.separation.stft import stft
from stemdesk_training.loader import Loader
from stemdesk_training.losses import LOSSES, bin_weights
from stemdesk_training.state import TrainingState
from stemdesk_training.validation import Validation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Optimiser, Recipe

LOG_NAME = "log.jsonl"
RECIPE_NAME = "recipe.json"


def learning_rate(optimiser: Optimiser, step: int) -> float:
    """Linear warm-up, then half a cosine down to ``final`` x peak at the last step of a cycle."""
    begun = [first for first in (0, *optimiser.restart_steps) if first <= step]
    ends = [*optimiser.restart_steps, optimiser.steps]
    cycle = len(begun) - 1
    peak = optimiser.learning_rate * optimiser.restart**cycle
    step, steps = step - begun[-1], ends[cycle] - begun[-1]
    if step < optimiser.warm_up_steps:
        return peak * (step + 1) / optimiser.warm_up_steps
    done = (step - optimiser.warm_up_steps) / max(1, steps - optimiser.warm_up_steps)
    swing = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return peak * (optimiser.final + (1 - optimiser.final) * swing)


class Trainer:
    """One run in one folder; starting it again goes on from the last checkpoint.

    Args:
        recipe: what to do.
        pool: folder made by ``python -m stemdesk_training.corpus``.
        folder: the run's folder; holds checkpoint, log and, at the end, the model.
        emit: called with one JSON-able event per report.
        device: where to train; the CPU by default.

    Raises:
        UserError: the folder belongs to a different recipe, or the loss is no longer a number.
    """

    def __init__(
        self,
        recipe: Recipe,
        pool: Path,
        folder: Path,
        emit: Callable[[dict[str, Any]], None],
        device: torch.device | None = None,
    ) -> None:
        self._recipe, self._pool, self._folder, self._emit = recipe, pool, folder, emit
        folder.mkdir(parents=True, exist_ok=True)
        self._claim_folder()
        torch.manual_seed(recipe.seed)
        self._stopping = False
        self._device = device or torch.device("cpu")
        self._network = network_class(recipe.model.network)(**recipe.model.options)
        self._network.to(self._device)
        self._state = TrainingState(
            self._network,
            torch.optim.AdamW(
                self._network.parameters(),
                lr=recipe.optimiser.learning_rate,
                weight_decay=recipe.optimiser.weight_decay,
            ),
            recipe.optimiser.ema_decay,
        )
        self._state.load(folder)
        self._weights = bin_weights(recipe.model.stft.bins, recipe.model.sample_rate).to(
            self._device
        )

    def _claim_folder(self) -> None:
        text = json.dumps(msgspec.to_builtins(self._recipe), sort_keys=True, indent=1)
        path = self._folder / RECIPE_NAME
        if path.exists() and path.read_text() != text:
            raise UserError(
                f"The folder {self._folder} holds a run of another recipe", "choose another folder"
            )
        with atomic_path(path) as partial:
            partial.write_text(text)

    def stop(self) -> None:
        """Ask the run to end after its current step, with a checkpoint; safe from a signal."""
        self._stopping = True

    def run(self) -> Path | None:
        """Train to the last step; returns the folder of the finished model, None if stopped."""
        data = self._recipe.data
        validation = Validation(self._recipe, self._pool)
        mixes = (self._pool, "train", data.seconds, data.seed)
        with Loader(mixes, data.batch, self._state.step) as batches:
            while self._state.step < self._recipe.optimiser.steps:
                if self._stopping:
                    self._state.save(self._folder)
                    return None
                self._advance(batches, validation)
        return self._export(validation)

    def _advance(self, batches: Loader, validation: Validation) -> None:
        """One step, and what is due after it."""
        started = time.perf_counter()
        targets = next(batches)
        waited = time.perf_counter() - started
        loss = self._train_step(targets)
        seconds = time.perf_counter() - started
        step, last = self._state.step, self._recipe.optimiser.steps
        self._report({"step": step, "loss": loss, "seconds": seconds, "waited_seconds": waited})
        if step % self._recipe.checkpoint_steps == 0 or step == last:
            self._state.save(self._folder)
        if step % self._recipe.validate_steps == 0 or step == last:
            self._report({"step": step, "validation": self._validate(validation)})

    def _train_step(self, batch: np.ndarray[Any, np.dtype[np.float32]]) -> float:
        recipe, optimiser = self._recipe, self._state.optimiser
        targets = stft(torch.from_numpy(batch).to(self._device), recipe.model.stft)
        # The transform is linear: the mixture's spectrum is the sum of the stems' spectra.
        mixture = targets.sum(dim=1)
        self._network.train()
        masks = masks_for(recipe.model.mask_settings, self._network, mixture)
        loss = sum(
            (
                weight * LOSSES[name](masks, mixture, targets, self._weights)
                for name, weight in recipe.losses.items()
            ),
            start=torch.zeros((), device=self._device),
        )
        if not torch.isfinite(loss):
            raise UserError(
                f"The loss is no longer a number at step {self._state.step}",
                "lower learning_rate in the recipe and start a new run",
            )
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(recipe.optimiser, self._state.step)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), recipe.optimiser.clip_norm)
        optimiser.step()
        self._state.after_step()
        return float(loss.detach())

    def _averaged(self) -> MaskNetwork:
        network = network_class(self._recipe.model.network)(**self._recipe.model.options)
        network.load_state_dict(self._state.average)
        return network.to(self._device).eval()

    def _validate(self, validation: Validation) -> dict[str, float]:
        return {stem: round(db, 3) for stem, db in validation.score(self._averaged()).items()}

    def _report(self, event: dict[str, Any]) -> None:
        with (self._folder / LOG_NAME).open("a", encoding="utf-8") as log:
            log.write(json.dumps(event) + "\n")
        self._emit(event)

    def _export(self, validation: Validation) -> Path:
        model, data = self._recipe.model, self._recipe.data
        pool_notes = json.loads((self._pool / "pool.json").read_text(encoding="utf-8"))
        made = {
            "credits": list(pool_notes.get("credits", {}).values()),
            "training": {
                "note": self._recipe.note,
                "losses": dict(self._recipe.losses),
                "steps": self._state.step,
                "batch": data.batch,
                "item_seconds": data.seconds,
                "seed": self._recipe.seed,
                "pool_seed": pool_notes.get("seed", 0),
                "machine": f"{platform.machine()}, {self._device.type}",
                "torch": str(torch.__version__),
            },
            "scores": {"held-out synthetic mixes, uSDR": self._validate(validation)},
        }
        # A recipe's model is the beginning of a card: the same names, less what training adds.
        card = msgspec.convert({**msgspec.to_builtins(model), **made}, ModelCard)
        folder = self._folder / model.id
        save_network(folder, card, self._state.average)
        return folder
