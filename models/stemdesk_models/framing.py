"""Frames in context, for networks that look at some frames of one channel at a time."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from stemdesk.separation.network import MaskNetwork

if TYPE_CHECKING:
    from collections.abc import Callable

SLICE_WINDOWS = 128  # at a time: bounds the memory, and is where a processor is at its fastest


class WindowNetwork(MaskNetwork):
    """A network that scores windows of frames, and is trained on them.

    Attributes:
        frames: length of a window.
        scale: what magnitudes are multiplied by before :meth:`scores` sees them.
    """

    frames: int
    scale: float = 1.0

    @abstractmethod
    def scores(self, rows: torch.Tensor) -> torch.Tensor:
        """Windows ``[count, frames, bins]``, scaled -> logits, what training minimises on.

        Of the same shape, for the first stem; or ``[count, stems, bins]`` of the middle frame.
        """


def channel_magnitudes(mixture: torch.Tensor) -> torch.Tensor:
    """Complex ``[batch, channels, bins, steps]`` -> ``[batch x channels, steps, bins]``."""
    return mixture.abs().flatten(0, 1).transpose(1, 2)


def windows(magnitudes: torch.Tensor, frames: int, before: int, after: int) -> torch.Tensor:
    """All windows of a song's frames, zeros beyond its ends.

    Args:
        magnitudes: ``[items, steps, bins]``.
        frames: length of a window.
        before: frames of silence put before the song.
        after: and after it.

    Returns:
        A view ``[items, before + steps + after - frames + 1, frames, bins]``.
    """
    padded = functional.pad(magnitudes, (0, 0, before, after))
    return padded.unfold(1, frames, 1).transpose(2, 3)


def in_slices(network: Callable[[torch.Tensor], torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
    """Run a network on ``[items, count, ...]`` some windows at a time; ``[items, count, ...]``."""
    answers = [
        torch.cat([network(part) for part in torch.split(item, SLICE_WINDOWS)]) for item in rows
    ]
    return torch.stack(answers)


def by_channel(rows: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
    """``[batch x channels, ...]`` -> ``[batch, channels, ...]``, as the mixture has them."""
    return rows.reshape(*mixture.shape[:2], *rows.shape[1:])
