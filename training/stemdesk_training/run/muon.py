"""Muon: matrices move by the nearest orthogonal matrix to their momentum, all else as under AdamW.

After Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024), with the
size of steps of Liu et al., "Muon is scalable for LLM training" (arXiv 2502.16982): a learning
rate means as much as under AdamW. torch's own takes plain matrices alone, while the weights of
bands are stacks of them, and those of convolutions have more axes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.adamw import adamw

if TYPE_CHECKING:
    from collections.abc import Iterable

# An odd polynomial that drives singular values towards one when applied again (Jordan et al.).
_LINEAR, _CUBIC, _QUINTIC = 3.4445, -4.7750, 2.0315
_ITERATIONS = 5
# The root mean square of AdamW's steps, as a share of the learning rate (Liu et al.).
_STEP_RMS = 0.2
# What is narrower has no directions to speak of: biases, levels, gains.
_NARROWEST = 16


def orthogonalised(matrices: torch.Tensor) -> torch.Tensor:
    """``[..., rows, columns]``, singular values brought near one (0.7 to 1.2) by Newton-Schulz."""
    wide = matrices.shape[-2] <= matrices.shape[-1]
    x = matrices if wide else matrices.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(_ITERATIONS):
        square = x @ x.mT
        x = _LINEAR * x + (_CUBIC * square + _QUINTIC * square @ square) @ x
    result: torch.Tensor = x if wide else x.mT
    return result


class Muon(torch.optim.Optimizer):
    """Over any parameters: matrices, stacks of them and kernels get Muon's steps, the rest AdamW's.

    Args:
        parameters: of a network.
        lr: learning rate.
        momentum: share of the old mean of gradients kept at each step, for matrices.
        weight_decay: decoupled, for all.
    """

    def __init__(
        self,
        parameters: Iterable[torch.nn.Parameter],
        lr: float,
        *,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        usual = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        kinds: dict[bool, list[torch.nn.Parameter]] = {True: [], False: []}
        for parameter in parameters:
            kinds[_is_matrix(parameter)].append(parameter)
        groups = [{"params": some, "matrices": kind} for kind, some in kinds.items() if some]
        super().__init__(groups, usual)

    @torch.no_grad()
    def step(self, _closure: Any = None) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient; a closure is not asked."""
        for group in self.param_groups:
            moved = [parameter for parameter in group["params"] if parameter.grad is not None]
            if group["matrices"]:
                for parameter in moved:
                    self._turn(parameter, group)
            else:
                self._as_adamw(moved, group)

    def _turn(self, parameter: torch.Tensor, group: dict[str, Any]) -> None:
        """One step of a matrix, with Nesterov's momentum."""
        gradient, state = parameter.grad, self.state[parameter]
        assert gradient is not None
        if not state:
            state["momentum"] = torch.zeros_like(parameter)
        state["momentum"].lerp_(gradient, 1 - group["momentum"])
        ahead = gradient.lerp(state["momentum"], group["momentum"])
        shape = _as_matrices(parameter)
        move = orthogonalised(ahead.reshape(shape)).reshape(parameter.shape)
        parameter.mul_(1 - group["lr"] * group["weight_decay"])
        parameter.sub_(move, alpha=group["lr"] * _STEP_RMS * math.sqrt(max(shape[-2:])))

    def _as_adamw(self, parameters: list[torch.Tensor], group: dict[str, Any]) -> None:
        for parameter in parameters:
            state = self.state[parameter]
            if not state:
                state["step"] = torch.zeros(())
                state["exp_avg"] = torch.zeros_like(parameter)
                state["exp_avg_sq"] = torch.zeros_like(parameter)
        states = [self.state[parameter] for parameter in parameters]
        adamw(
            parameters,
            [parameter.grad for parameter in parameters if parameter.grad is not None],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [],
            [state["step"] for state in states],
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=group["lr"],
            weight_decay=group["weight_decay"],
            eps=1e-8,
            maximize=False,
        )


def _as_matrices(parameter: torch.Tensor) -> tuple[int, ...]:
    """A kernel ``[out, in, ...]`` has one row for each output; what has three axes is a stack."""
    shape = tuple(parameter.shape)
    return (shape[0], math.prod(shape[1:])) if len(shape) > 3 else shape


def _is_matrix(parameter: torch.Tensor) -> bool:
    return parameter.ndim > 1 and min(_as_matrices(parameter)[-2:]) >= _NARROWEST
