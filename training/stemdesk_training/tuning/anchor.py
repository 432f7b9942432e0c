"""L2 towards the weights one began from, applied beside the optimiser.

L2-SP (Li, Grandvalet and Davoine 2018, "Explicit inductive bias for transfer learning with
convolutional networks") adds the squared distance from the base weights to the loss. Adam scales
gradients to one size and with them that term, which is why AdamW takes weight decay out of the
gradient (Loshchilov and Hutter 2019); the same is done here: after each step

    w <- w0 + (w - w0) * max(0, 1 - learning rate * l2_sp)

so its strength does not depend on the loss, and an endless one keeps the base exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import nn


def draw_back(network: nn.Module, optimiser: torch.optim.Optimizer, l2_sp: float) -> None:
    """Draw the network's free parameters back to where they are now, after every step.

    Args:
        network: with the base weights; its frozen parameters are left out.
        optimiser: over its parameters.
        l2_sp: strength; 0 does nothing.
    """
    if not l2_sp:
        return
    base = {
        parameter: parameter.detach().clone()
        for parameter in network.parameters()
        if parameter.requires_grad
    }

    def after_step(done: torch.optim.Optimizer, *_: Any) -> None:
        with torch.no_grad():
            for group in done.param_groups:
                share = min(1.0, group["lr"] * l2_sp)
                for parameter in group["params"]:
                    if parameter in base:
                        parameter.lerp_(base[parameter], share)

    optimiser.register_step_post_hook(after_step)
