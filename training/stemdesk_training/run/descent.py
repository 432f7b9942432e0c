"""The gradient of a batch, in as many pieces as the memory wants."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.losses.objective import Objective
    from stemdesk_training.run.distributed import Ranks


class _Loss(nn.Module):
    """Network and objective as one module, which is what several processes can share."""

    def __init__(self, network: MaskNetwork, objective: Objective) -> None:
        super().__init__()
        self.network, self._objective = network, objective

    def forward(self, stems: torch.Tensor) -> torch.Tensor:
        return self._objective(self.network, stems)


class Descent:
    """Gradients of the mean loss over a batch, of all processes together.

    Args:
        network: its parameters get the gradients.
        objective: the loss.
        seed: with a batch's number the key of everything drawn on the way (dropout).
        ranks: the processes that share a batch.
    """

    def __init__(self, network: MaskNetwork, objective: Objective, seed: int, ranks: Ranks) -> None:
        self.network, self._seed, self._ranks = network, seed, ranks
        self._loss = ranks.wrapped(_Loss(network, objective))

    @property
    def is_shared(self) -> bool:
        """Whether other processes wait for this one's gradients."""
        return self._ranks.size > 1

    def gradients(self, stems: torch.Tensor, piece: int, index: int, row: int) -> torch.Tensor:
        """Leave the gradients in the parameters and return this process's loss, a scalar.

        Args:
            stems: this process's items of the batch.
            piece: how many of them go through the network at once.
            index: number of the batch.
            row: number of the first item within the batch.

        Raises:
            RuntimeError: there is not enough memory.
        """
        self.network.train()
        self.network.zero_grad(set_to_none=True)
        total = torch.zeros((), device=stems.device)
        firsts = range(0, len(stems), piece)
        for first in firsts:
            torch.manual_seed(_key(self._seed, index, row + first))
            items = stems[first : first + piece]
            with self._quiet(is_last=first == firsts[-1]):
                loss = self._loss(items)
                if len(items) < len(stems):
                    loss = loss * (len(items) / len(stems))
                torch.autograd.backward(loss)
            total += loss.detach()
        return total

    def _quiet(self, *, is_last: bool) -> AbstractContextManager[None]:
        """Processes exchange their gradients once a step, not once a piece."""
        return nullcontext() if is_last else self._ranks.apart(self._loss)


def _key(seed: int, index: int, row: int) -> int:
    """A seed of 63 bits for what is drawn while a piece goes through the network."""
    return int(np.random.SeedSequence((seed, index, row)).generate_state(1, np.uint64)[0] >> 1)
