"""Everything a run needs to go on exactly where it stopped, as safetensors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import safetensors
import safetensors.torch

from stemdesk.files import atomic_path

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from torch import nn

CHECKPOINT_NAME = "checkpoint.safetensors"


class TrainingState:
    """Network, its running average and the optimiser, with the number of steps done.

    Args:
        network: trained in place, on the device where it lies.
        optimiser: AdamW over the network's parameters.
        ema_decay: share of the old average kept at each step.
    """

    def __init__(self, network: nn.Module, optimiser: torch.optim.AdamW, ema_decay: float) -> None:
        self.network, self.optimiser, self._decay = network, optimiser, ema_decay
        self.average = {name: value.detach().clone() for name, value in self._named()}
        self.step = 0

    def _named(self) -> list[tuple[str, torch.Tensor]]:
        return list(self.network.state_dict().items())

    def after_step(self) -> None:
        """Count a step and move the average; early on it follows faster, to forget the start."""
        self.step += 1
        decay = min(self._decay, (1 + self.step) / (10 + self.step))
        for name, value in self._named():
            if value.is_floating_point():
                self.average[name].lerp_(value.detach(), 1 - decay)
            else:
                self.average[name].copy_(value)

    def save(self, folder: Path) -> None:
        """Write the whole state, atomically."""
        tensors = {f"network.{name}": value for name, value in self._named()}
        tensors |= {f"average.{name}": value for name, value in self.average.items()}
        for name, parameter in self.network.named_parameters():
            for key, value in self.optimiser.state.get(parameter, {}).items():
                tensors[f"optimiser.{name}.{key}"] = value
        tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
        with atomic_path(folder / CHECKPOINT_NAME) as partial:
            safetensors.torch.save_file(
                tensors, partial, metadata={"state": json.dumps({"step": self.step})}
            )

    def load(self, folder: Path) -> bool:
        """Take over a saved state; False where there is none."""
        path = folder / CHECKPOINT_NAME
        if not path.exists():
            return False
        with safetensors.safe_open(path, framework="pt") as file:
            self.step = int(json.loads(file.metadata()["state"])["step"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        self.network.load_state_dict(_below(tensors, "network."))
        for name, value in _below(tensors, "average.").items():
            self.average[name].copy_(value)
        for name, parameter in self.network.named_parameters():
            kept = _below(tensors, f"optimiser.{name}.")
            if kept:
                # AdamW keeps its step counter on the CPU wherever the weights are.
                self.optimiser.state[parameter] = {
                    key: value if key == "step" else value.to(parameter.device)
                    for key, value in kept.items()
                }
        return True


def _below(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
