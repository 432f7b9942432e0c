"""The training loop: random mixes in, a model folder out."""

from __future__ import annotations

import json
import math
import platform
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import torch

from stemdesk.errors import UserError
from stemdesk.files import atomic_path
from stemdesk.separation.card import ModelCard
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network, network_class, save_network
from stemdesk_training.device_mixing import DeviceMixes
from stemdesk_training.loader import Loader
from stemdesk_training.objective import Objective
from stemdesk_training.recipe import Recipe
from stemdesk_training.state import TrainingState
from stemdesk_training.validation import Validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Model, Optimiser

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


def initial_network(recipe: Recipe) -> tuple[MaskNetwork, list[str]]:
    """The network to train: fresh, or that of the model that ``init`` names, with its credits.

    Raises:
        UserError: there is no such model, or it is of another network or other options.
    """
    model = recipe.model
    torch.manual_seed(recipe.seed)
    if recipe.init is None:
        return network_class(model.network)(**model.options), []
    card, network = load_network(find_model(recipe.init))
    for name in ("network", "options", "n_fft", "hop", "masks"):
        if getattr(card, name) != getattr(model, name):
            raise UserError(
                f"The model {recipe.init} was made with another {name} than the recipe's",
                f"write {name} = {getattr(card, name)!r} into the recipe, or leave init out",
            )
    return network, card.credits


class Trainer:
    """One run in one folder; starting it again goes on from the last checkpoint.

    Args:
        recipe: what to do.
        pool: folder made by ``python -m stemdesk_training.corpus``; a run may go on with another.
        folder: the run's folder; holds checkpoint, log and the model as of the last validation.
        emit: called with one JSON-able event per report.
        device: where to train; the CPU by default.

    Raises:
        UserError: the folder belongs to a different recipe, the model to begin from is of another
            kind, or the loss is no longer a number.
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
        self._stopping = False
        self._device = device or torch.device("cpu")
        network, self._credits = initial_network(recipe)
        self._network = network.to(self._device)
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
        self._objective = Objective(recipe, self._device)

    def _claim_folder(self) -> None:
        path = self._folder / RECIPE_NAME
        # Compared as recipes, not as text: a field added since has its default in both.
        if path.exists() and msgspec.json.decode(path.read_bytes(), type=Recipe) != self._recipe:
            raise UserError(
                f"The folder {self._folder} holds a run of another recipe", "choose another folder"
            )
        with atomic_path(path) as partial:
            partial.write_bytes(msgspec.json.format(msgspec.json.encode(self._recipe)))

    def stop(self) -> None:
        """Ask the run to end after its current step, with a checkpoint; safe from a signal."""
        self._stopping = True

    def run(self) -> Path | None:
        """Train to the last step; returns the folder of the finished model, None if stopped."""
        validation = Validation(self._recipe, self._pool)
        with self._batches() as batches:
            while self._state.step < self._recipe.optimiser.steps:
                if self._stopping:
                    self._state.save(self._folder)
                    return None
                self._advance(batches, validation)
        return self._folder / self._recipe.model.id

    @contextmanager
    def _batches(self) -> Iterator[Iterator[torch.Tensor]]:
        """Batches from the step that is due, on the device."""
        data, start = self._recipe.data, self._state.step
        if data.mixing == "device":
            mixes = DeviceMixes(self._pool, data.seconds, data.seed, data.batch, self._device)
            yield mixes.starting_at(start)
            return
        with Loader((self._pool, "train", data.seconds, data.seed), data.batch, start) as loader:
            yield (torch.from_numpy(batch).to(self._device) for batch in loader)

    def _advance(self, batches: Iterator[torch.Tensor], validation: Validation) -> None:
        """One step, and what is due after it."""
        started = time.perf_counter()
        stems = next(batches)
        waited = time.perf_counter() - started
        loss = self._train_step(stems)
        seconds = time.perf_counter() - started
        step, last = self._state.step, self._recipe.optimiser.steps
        self._report({"step": step, "loss": loss, "seconds": seconds, "waited_seconds": waited})
        if step % self._recipe.checkpoint_steps == 0 or step == last:
            self._state.save(self._folder)
        if step % self._recipe.validate_steps == 0 or step == last:
            network = self._averaged()
            scores = {stem: round(db, 3) for stem, db in validation.score(network).items()}
            self._export(scores)
            self._report({"step": step, "validation": scores})

    def _train_step(self, stems: torch.Tensor) -> float:
        recipe, optimiser = self._recipe, self._state.optimiser
        self._network.train()
        loss = self._objective(self._network, stems)
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

    def _report(self, event: dict[str, Any]) -> None:
        with (self._folder / LOG_NAME).open("a", encoding="utf-8") as log:
            log.write(json.dumps(event) + "\n")
        self._emit(event)

    def _export(self, scores: dict[str, float]) -> None:
        """The model as it is now: of a long run there is always one to use."""
        model: Model = self._recipe.model
        data = self._recipe.data
        pool_notes = json.loads((self._pool / "pool.json").read_text(encoding="utf-8"))
        training = {
            "note": self._recipe.note,
            "losses": dict(self._recipe.losses),
            "steps": self._state.step,
            "batch": data.batch,
            "item_seconds": data.seconds,
            "seed": self._recipe.seed,
            "pool_seed": pool_notes.get("seed", 0),
            "precision": self._recipe.precision,
            "machine": f"{platform.machine()}, {self._device.type}",
            "torch": str(torch.__version__),
        }
        if self._recipe.init is not None:
            training["init"] = self._recipe.init
        credited = [*self._credits, *pool_notes.get("credits", {}).values()]
        made = {
            "credits": list(dict.fromkeys(credited)),
            "training": training,
            "scores": {"held-out synthetic mixes, uSDR": scores},
        }
        # A recipe's model is the beginning of a card: the same names, less what training adds.
        card = msgspec.convert({**msgspec.to_builtins(model), **made}, ModelCard)
        save_network(self._folder / model.id, card, self._state.average)
