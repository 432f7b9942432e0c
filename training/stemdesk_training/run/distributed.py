"""Several processes, on one machine or more, that train one network.

They are started by ``torchrun`` and share every batch; gradients are averaged by torch's
DistributedDataParallel (gloo on processors, NCCL on GPUs). The first one alone writes, validates
and reports; whatever decides how the run goes on is agreed upon.
"""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Self

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from torch import nn

# The others wait for the first one as long as it validates or is paused.
PATIENCE = timedelta(days=365)


class Ranks:
    """This process among those that train together; by default it is alone.

    Args:
        place: number of this process.
        size: how many there are.
    """

    def __init__(self, place: int = 0, size: int = 1) -> None:
        self.place, self.size = place, size

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes and reports."""
        return self.place == 0

    @classmethod
    @contextmanager
    def joined(cls, device: torch.device) -> Iterator[tuple[Self, torch.device]]:
        """This process in the group that ``torchrun`` started, and the device that is its own."""
        if "WORLD_SIZE" not in os.environ:
            yield cls(), device
            return
        backend = "gloo"
        if device.type == "cuda":
            device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
            torch.cuda.set_device(device)
            backend = "cpu:gloo,cuda:nccl"
        distributed.init_process_group(backend, timeout=PATIENCE)
        try:
            yield cls(distributed.get_rank(), distributed.get_world_size()), device
        finally:
            distributed.destroy_process_group()

    def wrapped(self, module: nn.Module) -> nn.Module:
        """The module, made to average its gradients over the processes."""
        if self.size == 1:
            return module
        # Some losses run a part of a network only; where one does not, torch says it was in vain.
        warnings.filterwarnings("ignore", message="find_unused_parameters=True")
        return DistributedDataParallel(module, find_unused_parameters=True)

    def apart(self, module: nn.Module) -> AbstractContextManager[None]:
        """While gradients of one process add up, before they are averaged."""
        if isinstance(module, DistributedDataParallel):
            return module.no_sync()
        return nullcontext()

    def mean(self, values: list[float]) -> list[float]:
        """Each value's mean over the processes."""
        if self.size == 1:
            return values
        summed = torch.tensor(values, dtype=torch.float64)
        distributed.all_reduce(summed)
        return [float(value) for value in summed / self.size]

    def most(self, value: int) -> int:
        """The highest value that any process has."""
        if self.size == 1:
            return value
        highest = torch.tensor(value)
        distributed.all_reduce(highest, distributed.ReduceOp.MAX)
        return int(highest)

    def of_first(self, text: bytes) -> bytes:
        """What the first process says, in all of them."""
        if self.size == 1:
            return text
        told = [text]
        distributed.broadcast_object_list(told, device=torch.device("cpu"))
        return told[0]
