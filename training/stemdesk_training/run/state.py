"""Everything a run needs to go on exactly where it stopped, as safetensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import safetensors
import safetensors.torch

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json_as

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from torch import nn

CHECKPOINT_NAME = "checkpoint.safetensors"


class Progress(msgspec.Struct, kw_only=True):
    """Where a run stands, its tensors apart; what an older program did not keep has its default.

    There is no state of random numbers: what is drawn in a step is drawn by its batch's number.

    Attributes:
        step: steps done.
        skipped: batches passed over since they led nowhere.
        rollbacks: returns to a checkpoint; each halves the learning rate.
        trained_seconds: time spent on steps, of all starts.
        piece: items of a batch that go through the network at once.
        processes: how many train together.
        validated: step of the last validation.
        validation_items: held-out mixes that fit into the limit of time.
        validation_seconds: how long the last validation took.
        best_db: highest mean score so far.
        mark_db: the score that a gain is counted from.
        stale: validations without gain.
        scores: those of the model in the run's folder.
        baseline: those of the model that the run began from.
    """

    step: int = 0
    skipped: int = 0
    rollbacks: int = 0
    trained_seconds: float = 0.0
    piece: int | None = None
    processes: int = 1
    validated: int | None = None
    validation_items: int | None = None
    validation_seconds: float = 0.0
    best_db: float | None = None
    mark_db: float | None = None
    stale: int = 0
    scores: dict[str, float] = msgspec.field(default_factory=dict)
    baseline: dict[str, float] | None = None

    @property
    def batch(self) -> int:
        """Number of the batch that is due."""
        return self.step + self.skipped


class TrainingState:
    """Network, its running average and the optimiser, and how far they have come.

    Args:
        network: trained in place, on the device where it lies.
        optimiser: over the network's parameters.
        ema_decay: share of the old average kept at each step.
    """

    def __init__(
        self, network: nn.Module, optimiser: torch.optim.Optimizer, ema_decay: float
    ) -> None:
        self.network, self.optimiser, self._decay = network, optimiser, ema_decay
        self.average = {name: value.detach().clone() for name, value in self._named()}
        self.progress = Progress()

    @property
    def step(self) -> int:
        """Steps done."""
        return self.progress.step

    def _named(self) -> list[tuple[str, torch.Tensor]]:
        return list(self.network.state_dict().items())

    def after_step(self) -> None:
        """Count a step and move the average; early on it follows faster, to forget the start."""
        self.progress.step += 1
        decay = min(self._decay, (1 + self.step) / (10 + self.step))
        for name, value in self._named():
            if value.is_floating_point():
                self.average[name].lerp_(value.detach(), 1 - decay)
            else:
                self.average[name].copy_(value)

    def save(self, folder: Path) -> None:
        """Write the whole state, atomically.

        Raises:
            UserError: the disk takes no more.
        """
        tensors = {f"network.{name}": value for name, value in self._named()}
        tensors |= {f"average.{name}": value for name, value in self.average.items()}
        for name, parameter in self.network.named_parameters():
            for key, value in self.optimiser.state.get(parameter, {}).items():
                if value is not None:  # a momentum that is not in use
                    tensors[f"optimiser.{name}.{key}"] = value
        tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
        metadata = {"state": msgspec.json.encode(self.progress).decode()}
        path = folder / CHECKPOINT_NAME
        with atomic_path(path) as partial:
            try:
                safetensors.torch.save_file(tensors, partial, metadata=metadata)
            except OSError as error:
                raise write_refusal(path, error) from error
            except safetensors.SafetensorError as error:
                raise UserError(
                    f"{path} could not be written ({error})", "check the disk for free space"
                ) from error

    def load(self, folder: Path) -> bool:
        """Take over a saved state; False where there is none.

        Raises:
            UserError: the checkpoint is damaged, or of another network.
        """
        path = folder / CHECKPOINT_NAME
        if not path.exists():
            return False
        try:
            with safetensors.safe_open(path, framework="pt") as file:
                progress = read_json_as(file.metadata()["state"], Progress)
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            self._take(tensors)
        except (
            OSError,
            safetensors.SafetensorError,
            Unreadable,
            LookupError,
            RuntimeError,
        ) as error:
            raise UserError(
                f"The checkpoint {path} cannot be used ({error})", "choose another folder"
            ) from error
        self.progress = progress
        return True

    def _take(self, tensors: dict[str, torch.Tensor]) -> None:
        self.network.load_state_dict(_below(tensors, "network."))
        for name, value in _below(tensors, "average.").items():
            self.average[name].copy_(value)
        self.optimiser.state.clear()
        for name, parameter in self.network.named_parameters():
            kept = _below(tensors, f"optimiser.{name}.")
            if kept:
                # Adam keeps its step counter on the CPU wherever the weights are.
                self.optimiser.state[parameter] = {
                    key: value if key == "step" else value.to(parameter.device)
                    for key, value in kept.items()
                }


def _below(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
