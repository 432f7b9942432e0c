"""The optimisers a recipe can ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk_training.run.muon import Muon

if TYPE_CHECKING:
    from torch import nn

    from stemdesk_training.recipe import Optimiser


def make_optimiser(settings: Optimiser, network: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser over all parameters of a network."""
    parameters, rate = network.parameters(), settings.learning_rate
    decay, momentum = settings.weight_decay or 0.0, settings.momentum or 0.0
    match settings.algorithm:
        case "adamw":
            return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay)
        case "muon":
            return Muon(parameters, rate, momentum=momentum, weight_decay=decay)
        case "adam":
            return torch.optim.Adam(parameters, lr=rate, weight_decay=decay)
        case "sgd":
            return torch.optim.SGD(parameters, lr=rate, momentum=momentum, weight_decay=decay)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr=rate, momentum=momentum, weight_decay=decay)
