"""What a causal network remembers of a song between chunks, which overlap."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    GoOn = Callable[[torch.Tensor, Any], tuple[torch.Tensor, Any]]


class SongMemory:
    """Lets a network take chunk after chunk as if they were one song.

    Args:
        advance: steps from one chunk's beginning to the next one's: the network's memory at that
            point is kept, that of the overlap behind it is not.
    """

    def __init__(self, advance: int) -> None:
        self._advance = advance
        self.forget()

    def forget(self) -> None:
        """Another song begins."""
        self._kept: dict[int, Any] = {}
        self._next_step = 0

    def move(self, device: torch.device) -> None:
        """The network goes on over there."""
        self._kept = {item: _moved(memory, device) for item, memory in self._kept.items()}

    def run(
        self, go_on: GoOn, items: torch.Tensor, first_step: int, most_steps: int
    ) -> list[torch.Tensor]:
        """The answers for a chunk, item by item, each ``[1, ..., steps]``.

        Args:
            go_on: steps ``[1, channels, bins, steps]`` and the memory (None: of nothing) to the
                answer and the memory after them.
            items: ``[batch, channels, bins, steps]``, the same batch for a whole song.
            first_step: of the song; if it is not where the kept memory ends, the network begins
                without one.
            most_steps: to be given to the network at once.
        """
        steps = items.shape[-1]
        cuts = sorted({*range(0, steps, most_steps), min(steps, self._advance), steps})
        before = self._kept if first_step == self._next_step else {}
        after: dict[int, Any] = {}
        answers = []
        for place, item in enumerate(torch.split(items, 1)):
            memory, parts = before.get(place), []
            for begin, end in pairwise(cuts):
                answer, memory = go_on(item[..., begin:end], memory)
                parts.append(answer)
                if end == self._advance:
                    after[place] = memory
            answers.append(torch.cat(parts, dim=-1))
        # Only now: a run that fails is repeated from the same memory.
        self._kept, self._next_step = after, first_step + self._advance
        return answers


def _moved(memory: Any, device: torch.device) -> Any:
    if isinstance(memory, torch.Tensor):
        return memory.to(device)
    return type(memory)(_moved(part, device) for part in memory)
