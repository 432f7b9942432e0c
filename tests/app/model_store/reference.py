"""Spleeter's network as its configuration and its authors' code describe it, in plain functions.

A U-Net of six convolutions of 5 x 5 with a stride of 2, "same" padding as TensorFlow has it (1
before, 2 behind), batch normalisation with an epsilon of 1e-3, leaky ReLUs of 0.2; six transposed
ones with ReLUs; a last convolution of 4 x 4 with a dilation of 2 and a sigmoid, times the input.
"""

from __future__ import annotations

import torch
from torch.nn import functional

EPSILON = 1e-3
BINS = 1024
BLOCK = 512


def magnitudes(arrays, mixture):
    """One stem's magnitudes ``[batch, 2, steps, 1024]`` of those of the mixture."""
    weights = {name: torch.from_numpy(array) for name, array in arrays.items()}

    def norm(name, signal):
        kinds = ("running_mean", "running_var", "weight", "bias")
        return functional.batch_norm(signal, *(weights[f"{name}.{k}"] for k in kinds), eps=EPSILON)

    signal, skips = mixture, []
    for place in range(1, 7):
        name = f"down{place}_conv.1"
        padded = functional.pad(signal, (1, 2, 1, 2))
        convolved = functional.conv2d(
            padded, weights[f"{name}.weight"], weights[f"{name}.bias"], stride=2
        )
        skips.append(convolved)
        if place < 6:
            signal = functional.leaky_relu(norm(f"down{place}_act.0", convolved), 0.2)
    signal = skips.pop()
    for place in range(1, 7):
        raised = functional.conv_transpose2d(
            signal, weights[f"up{place}.0.weight"], weights[f"up{place}.0.bias"], stride=2
        )[:, :, 1:-2, 1:-2]
        signal = norm(f"up{place}.3", raised.relu())
        if skips:
            signal = torch.cat((skips.pop(), signal), dim=1)
    mask = functional.conv2d(
        signal, weights["up7.0.weight"], weights["up7.0.bias"], padding=3, dilation=2
    )
    return mask.sigmoid() * mixture


def shares(both, mixture):
    """The vocals' share ``[batch, 2, bins, 512]`` of a complex block ``[batch, 2, bins, 512]``."""
    read = mixture.abs()[:, :, :BINS].transpose(2, 3)
    vocals, rest = (magnitudes(arrays, read).square() for arrays in both)
    share = ((vocals + 1e-10 / 2) / (vocals + rest + 1e-10)).transpose(2, 3)
    above = share.mean(dim=2, keepdim=True).expand(-1, -1, mixture.shape[2] - BINS, -1)
    return torch.cat((share, above), dim=2)
