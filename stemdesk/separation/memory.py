"""What a causal network remembers of a song between chunks, which overlap."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from stemdesk.separation.network import StreamingNetwork

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.separation.mask_settings import MaskSettings
    from stemdesk.separation.network import MaskNetwork

    GoOn = Callable[[torch.Tensor, Any], tuple[torch.Tensor, Any]]
    Answer = Callable[[torch.Tensor], torch.Tensor]
    MasksOf = Callable[[MaskSettings, Answer, torch.Tensor], torch.Tensor]


def can_go_on(network: MaskNetwork, settings: MaskSettings) -> bool:
    """Whether a song can be given to a network piece by piece: it and its masks look back only."""
    # Padding to a multiple would be heard as silence; the floor of estimated spectra is that of
    # all steps at hand, however many these are.
    whole = settings.multiple_of > 1 or settings.kind == "spectrum"
    return isinstance(network, StreamingNetwork) and network.causal and not whole


def masks_going_on(
    masks_of: MasksOf,
    settings: MaskSettings,
    network: StreamingNetwork,
    mixture: torch.Tensor,
    memory: Any,
) -> tuple[torch.Tensor, Any]:
    """Masks of further steps, and what the network then remembers.

    Args:
        masks_of: :func:`~stemdesk.separation.masks.masks_for` or its like.
        settings: how masks are made.
        network: goes on from ``memory``.
        mixture: ``[batch, channels, bins, steps]``.
        memory: None at the beginning.
    """

    def answer(steps: torch.Tensor) -> torch.Tensor:
        nonlocal memory
        raw, memory = network.go_on(steps, memory)
        return raw

    return masks_of(settings, answer, mixture), memory


class Recalled(NamedTuple):
    """Memories at a step of a song, by item."""

    step: int
    items: dict[int, Any]


class SongMemory:
    """Lets a network take chunk after chunk as if they were one song.

    Args:
        overlap_steps: at a chunk's end, which the next one begins with: the network's memory before
            them is kept, that behind them is not.
    """

    def __init__(self, overlap_steps: int) -> None:
        self._overlap = overlap_steps
        self.forget()

    def forget(self) -> None:
        """Another song begins."""
        self._kept = Recalled(0, {})

    def move(self, device: torch.device) -> None:
        """The network goes on over there."""
        items = {item: _moved(memory, device) for item, memory in self._kept.items.items()}
        self._kept = Recalled(self._kept.step, items)

    def run(
        self, go_on: GoOn, items: torch.Tensor, first_step: int, most_steps: int
    ) -> tuple[list[torch.Tensor], Recalled]:
        """The answers for a chunk, item by item, each ``[1, ..., steps]``, and what to keep.

        The memory itself changes with :meth:`keep` only, so that a chunk can be tried again.

        Args:
            go_on: steps ``[1, channels, bins, steps]`` and the memory (None: of nothing) to the
                answer and the memory after them.
            items: ``[batch, channels, bins, steps]``, the same batch for a whole song.
            first_step: of the song: 0, or where the kept memory ends.
            most_steps: to be given to the network at once.

        Raises:
            ValueError: chunks are out of order.
        """
        if first_step not in (0, self._kept.step):
            raise ValueError(f"a memory of {self._kept.step} steps does not lead to {first_step}")
        steps = items.shape[-1]
        advance = max(0, steps - self._overlap)
        cuts = sorted({*range(0, steps, most_steps), advance, steps})
        before = self._kept.items if first_step else {}
        after: dict[int, Any] = {}
        answers = []
        for place, item in enumerate(torch.split(items, 1)):
            memory, parts = before.get(place), []
            for begin, end in pairwise(cuts):
                answer, memory = go_on(item[..., begin:end], memory)
                parts.append(answer)
                if end == advance:
                    after[place] = memory
            answers.append(torch.cat(parts, dim=-1))
        return answers, Recalled(first_step + advance, after)

    def keep(self, recalled: Recalled) -> None:
        """The chunk is done."""
        self._kept = recalled


def _moved(memory: Any, device: torch.device) -> Any:
    if isinstance(memory, torch.Tensor):
        return memory.to(device)
    return type(memory)(_moved(part, device) for part in memory)
