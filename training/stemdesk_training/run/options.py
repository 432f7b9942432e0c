"""How one start of a run is conducted; none of it changes what is learnt, beyond rounding."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from stemdesk_training.run.control import Control
from stemdesk_training.run.distributed import Ranks

if TYPE_CHECKING:
    from stemdesk_training.recipe import Memory


@dataclass(frozen=True)
class RunOptions:
    """What a program decides, not a recipe.

    Attributes:
        device: where to train.
        control: what the run is told while it runs.
        ranks: the processes that train together.
        memory: in place of the recipe's preset, measured anew.
        tensorboard: write curves for TensorBoard.
        install: copy the finished model to the user's own.
        name_songs: the model's card may tell what the songs are called.
        wall_seconds: the run ends after so long, everything included, pauses excepted; in place of
            the minutes of the recipe, which then only shape the learning rate.
        began: when the work of this start began, as of ``time.time``, perhaps in another process.
    """

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    control: Control = field(default_factory=Control)
    ranks: Ranks = field(default_factory=Ranks)
    memory: Memory | None = None
    tensorboard: bool = False
    install: bool = False
    name_songs: bool = False
    wall_seconds: float | None = None
    began: float = field(default_factory=time.time)
