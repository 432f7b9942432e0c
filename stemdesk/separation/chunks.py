"""How a song is cut into overlapping chunks, and how their masks are blended.

Chunks are blended in the mask domain: a convex blend of masks that sum to one sums to one, so the
seams cannot break the null law, and one inverse STFT runs over the whole song.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Chunk:
    """One look of the network, in STFT steps.

    Attributes:
        index: 0 for the first.
        start: first step the network sees.
        blend: first step whose mask this chunk decides, alone or blended; ``start`` but for the
            last chunk, which reaches further back so that it sees a full chunk of context.
        ready: first step that it leaves to the next chunk (the end of the song for the last).
        end: one past the last step the network sees.
    """

    index: int
    start: int
    blend: int
    ready: int
    end: int


@dataclass(frozen=True)
class ChunkPlan:
    """All chunks of ``total`` steps, ``steps`` long with ``overlap_steps`` of cross-fade.

    The first one may be shorter, so that it is done sooner. The last one is as long as the others
    and so begins early, unless it ``reaches_back`` not: then every chunk begins where the one
    before ceases to decide.
    """

    total: int
    steps: int
    overlap_steps: int
    first_steps: int = 0  # as many as the others
    reaches_back: bool = True

    def __post_init__(self) -> None:
        possible = 0 <= self.overlap_steps <= self._first // 2 and self._first <= self.steps
        if self.total < 1 or not possible:
            raise ValueError(f"impossible chunk plan: {self}")

    @property
    def _first(self) -> int:
        return self.first_steps or self.steps

    @property
    def advance(self) -> int:
        """Steps from one chunk's start to the next one's, the first apart."""
        return self.steps - self.overlap_steps

    def __len__(self) -> int:
        return 1 + max(0, -(-(self.total - self._first) // self.advance))

    def __getitem__(self, index: int) -> Chunk:
        if not 0 <= index < len(self):
            raise IndexError(index)
        end = self._first + index * self.advance
        blend = max(0, end - self.steps) if index else 0
        if index == len(self) - 1:
            start = max(0, min(blend, self.total - self.steps)) if self.reaches_back else blend
            return Chunk(index, start, blend, self.total, self.total)
        return Chunk(index, blend, blend, end - self.overlap_steps, end)

    def __iter__(self) -> Iterator[Chunk]:
        return (self[index] for index in range(len(self)))


class MaskBlender:
    """Turns the masks of consecutive chunks into one unbroken sequence of masks."""

    def __init__(self, plan: ChunkPlan) -> None:
        self._plan = plan
        self._tail: torch.Tensor | None = None

    def push(self, chunk: Chunk, masks: torch.Tensor) -> torch.Tensor:
        """Blend in a chunk's masks ``[..., end - start]``; return steps ``blend .. ready``.

        The cross-fade is linear over the overlap, its ends excluded so that both chunks count.
        """
        own = masks[..., chunk.blend - chunk.start : chunk.ready - chunk.start]
        if self._tail is not None:
            length = min(self._plan.overlap_steps, own.shape[-1])
            rise = torch.arange(1, length + 1, device=masks.device) / (self._plan.overlap_steps + 1)
            own = own.clone()
            own[..., :length] = torch.lerp(
                self._tail[..., :length], own[..., :length], rise.to(own.dtype)
            )
        self._tail = masks[..., chunk.ready - chunk.start :].clone()
        return own
