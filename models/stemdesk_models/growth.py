"""A larger network that begins with a smaller one's weights and says what that says.

What is new lies behind weights of zero: layers whose answer is added to what they heard, and cells
of an LSTM to which nobody listens yet (after Chen, Goodfellow and Shlens 2016, "Net2Net").

A causal network may also begin with the weights of one that hears steps to come. It cannot say the
same, but knows bands and bins: its recurrences keep the direction that goes forward, its
convolutions hear the present in the place of the future.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from stemdesk_models.band_layers import BandRecurrence, DepthwiseMix, StepRecurrence

if TYPE_CHECKING:
    from collections.abc import Sequence

GATES = 4  # an LSTM's weights lie in four blocks, one for each gate


def grow_layers(layers: Sequence[nn.Module], smaller: Sequence[nn.Module]) -> None:
    """Let the first of ``layers`` say what ``smaller`` say, and the others nothing.

    Each is the branch of a residual connection and ends in ``out``, a linear layer. Recurrences may
    have more cells than those before.

    Raises:
        ValueError: they are of other kinds or sizes, or fewer.
    """
    if len(layers) < len(smaller):
        raise ValueError("a network of fewer layers cannot say what one of more says")
    for place, layer in enumerate(layers):
        if place >= len(smaller):
            out = layer.get_submodule("out")
            for parameter in out.parameters():
                nn.init.zeros_(parameter)
        elif type(layer) is not type(smaller[place]):
            raise ValueError("a network of other blocks cannot say what this one says")
        else:
            _grow(layer, smaller[place])


def _grow(layer: nn.Module, smaller: nn.Module) -> None:
    weights = smaller.state_dict()
    try:
        if isinstance(layer, (StepRecurrence, BandRecurrence)):
            if "lstm.weight_hh_l0_reverse" in weights and not layer.lstm.bidirectional:
                weights = _forward_only(weights)
            directions = 1 + layer.lstm.bidirectional
            weights["out.weight"] = _unheard(layer.out.weight, weights["out.weight"], directions)
            for name, fresh in layer.lstm.named_parameters(prefix="lstm"):
                weights[name] = _deaf(fresh, weights[name], hears_cells="weight_hh" in name)
        elif isinstance(layer, DepthwiseMix) and layer.causal and not smaller.causal:
            weights["conv.weight"] = causal_taps(weights["conv.weight"], dim=-1)
        layer.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError("a layer of other sizes cannot say what this one says") from error


def causal_taps(kernel: torch.Tensor, dim: int) -> torch.Tensor:
    """Taps centred on a step, in a row along ``dim``, for a kernel that ends with its step.

    Each keeps its step; those of steps to come hear the present.
    """
    rows = kernel.movedim(dim, 0)
    past = len(rows) // 2
    taps = torch.zeros_like(rows)
    taps[len(rows) - past - 1 :] = rows[: past + 1]
    taps[-1] += rows[past + 1 :].sum(0)
    return taps.movedim(0, dim)


def _forward_only(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A recurrence of both directions without the one that comes back."""
    kept = {name: w for name, w in weights.items() if not name.endswith("_reverse")}
    forward = weights["out.weight"].chunk(2, dim=1)[0]
    return {**kept, "out.weight": forward}


def _unheard(fresh: torch.Tensor, known: torch.Tensor, directions: int) -> torch.Tensor:
    """The weights of all cells ``[width, cells]``: each direction's new ones come last, at zero."""
    width, cells = known.shape
    grown = torch.zeros_like(fresh).view(width, directions, -1)
    grown[..., : cells // directions] = known.view(width, directions, -1)
    return grown.view(width, -1)


def _deaf(fresh: torch.Tensor, known: torch.Tensor, *, hears_cells: bool) -> torch.Tensor:
    """An LSTM's parameter: new cells as drawn; those from before do not hear them."""
    grown = fresh.detach().clone()
    gates, old = grown.view(GATES, -1, *fresh.shape[1:]), known.view(GATES, -1, *known.shape[1:])
    cells = old.shape[1]
    if hears_cells:
        gates[:, :cells] = 0
        gates[:, :cells, :cells] = old
    else:
        gates[:, :cells] = old
    return grown
