"""Runs a network on stretches of spectrogram, and gives way when memory runs out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from stemdesk.errors import UserError
from stemdesk.memory_shortage import is_out_of_memory
from stemdesk.separation.channels import channel_groups, gather, scatter
from stemdesk.separation.chunks import ChunkPlan, MaskBlender
from stemdesk.separation.masks import masks_for
from stemdesk.separation.memory import Recalled, SongMemory, can_go_on, masks_going_on
from stemdesk.separation.network import StreamingNetwork
from stemdesk.separation.paper_masks import paper_masks
from stemdesk.separation.postprocess import keeping_levels

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.mask_settings import Reconstruction
    from stemdesk.separation.network import MaskNetwork
    from stemdesk.separation.postprocess import MaskStage

SHORTEST_CHUNK_STEPS = 32


class MaskEngine:
    """A network on a device: mixture spectrograms in, final masks out.

    Args:
        card: how to feed the network and read its answer.
        network: in evaluation mode.
        device: where it runs first.
        post: post-processing stages.
        notify: told in one sentence whenever the engine gives way to lack of memory.
        reconstruction: whether masks sum to one, or are as the model's paper has them.
    """

    def __init__(
        self,
        card: ModelCard,
        network: MaskNetwork,
        device: torch.device,
        post: list[MaskStage],
        notify: Callable[[str], None],
        reconstruction: Reconstruction = "null",
    ) -> None:
        self.card, self.reconstruction = card, reconstruction
        self._first_device = device
        self._network = network
        self._post = [keeping_levels(s) for s in post] if reconstruction == "paper" else post
        self._masks_of = paper_masks if reconstruction == "paper" else masks_for
        self._notify = notify
        self._memory = SongMemory(card.chunk.overlap_steps)
        self._start_over()

    def _start_over(self) -> None:
        self.device = self._first_device
        # A causal network takes item by item.
        self.batch = 1 if self.device.type == "cpu" or self.remembers else 4
        self._chunk_steps = self.card.chunk.steps
        self._network = self._network.to(self.device)
        self._memory.forget()

    @property
    def network(self) -> MaskNetwork:
        """The network, on whatever device it is."""
        return self._network

    def with_network(self, network: MaskNetwork) -> MaskEngine:
        """An engine that is like this one but for its network."""
        return self._like_this(network, self._post)

    def without_post(self) -> MaskEngine:
        """An engine that is like this one, but gives masks as the network has them."""
        return self._like_this(self._network, [])

    def _like_this(self, network: MaskNetwork, post: list[MaskStage]) -> MaskEngine:
        other = MaskEngine(
            self.card, network, self._first_device, [], self._notify, self.reconstruction
        )
        other._post = post  # made ready for the reconstruction already
        return other

    @property
    def remembers(self) -> bool:
        """Whether the network is causal: then a song is to it as a stream would be."""
        return can_go_on(self._network, self.card.mask_settings)

    @property
    def estimated_stems(self) -> int:
        """How many stems are estimated: all but the closing one, or all where nothing closes."""
        return len(self.card.stems) - (self.reconstruction == "null")

    def state(self) -> dict[str, Any]:
        """How far it has given way in this song, JSON-able: it decides the bits of the masks."""
        return {
            "device": self.device.type,
            "batch": self.batch,
            "chunk_steps": self._chunk_steps,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Begin a song afresh (``state`` empty), or go on with one as :meth:`state` left it."""
        self._start_over()
        if not state or state == self.state():
            return
        if state["device"] != self.device.type:
            self._move_to_cpu()
        self.batch, self._chunk_steps = state["batch"], state["chunk_steps"]
        self._notify(
            f"Memory was short before the interruption: going on with the {self.device.type}, "
            f"a batch of {self.batch} and chunks of {self._chunk_steps} steps."
        )

    def _move_to_cpu(self) -> None:
        self.device, self.batch = torch.device("cpu"), 1
        self._chunk_steps = self.card.chunk.steps
        self._network = self._network.to(self.device)
        self._memory.move(self.device)

    def masks(self, spectrum: torch.Tensor, first_step: int = 0) -> torch.Tensor:
        """Masks ``[stems, channels, bins, steps]`` for ``spectrum`` ``[channels, bins, steps]``.

        A network sees nothing else, wherever in the song it begins; a causal one remembers what
        came before ``first_step``, which must be where the last chunk left it.

        Raises:
            UserError: even the shortest chunk does not fit into the processor's memory.
        """
        groups = channel_groups(spectrum.shape[0], self.card.channels)
        while True:
            try:
                items = gather(spectrum.to(self.device), groups, self.card.channels)
                raw, recalled = self._answers(items, first_step)
                masks = scatter(raw[0] if len(raw) == 1 else torch.cat(raw), groups)
                for stage in self._post:
                    masks = stage(masks, spectrum.to(masks.device))
                masks = masks.to(spectrum.device)
                break
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                if self.device.type == "cuda":
                    torch.cuda.empty_cache()
                self._give_way(error, len(groups))
        if recalled is not None:
            self._memory.keep(recalled)
        return masks

    def _answers(
        self, items: torch.Tensor, first_step: int
    ) -> tuple[list[torch.Tensor], Recalled | None]:
        """Masks of all items, batch by batch, and what is remembered after them."""
        if self.remembers:
            return self._memory.run(self._going_on, items, first_step, self._chunk_steps)
        return [self._in_chunks(part) for part in torch.split(items, self.batch)], None

    def _in_chunks(self, items: torch.Tensor) -> torch.Tensor:
        """Masks of a batch, in shorter chunks where memory asked for it."""
        steps = items.shape[-1]
        if steps <= self._chunk_steps:
            return self._run(items)
        overlap = min(self.card.chunk.overlap_steps, self._chunk_steps // 4)
        plan = ChunkPlan(steps, self._chunk_steps, overlap)
        blender = MaskBlender(plan)
        blended = [
            blender.push(chunk, self._run(items[..., chunk.start : chunk.end])) for chunk in plan
        ]
        return torch.cat(blended, dim=-1)

    def _run(self, items: torch.Tensor) -> torch.Tensor:
        """``[batch, channels, bins, steps]`` -> ``[batch, stems, channels, bins, steps]``."""
        with torch.inference_mode():
            return self._masks_of(self.card.mask_settings, self._network, items)

    def _going_on(self, items: torch.Tensor, memory: Any) -> tuple[torch.Tensor, Any]:
        """The same of further steps of a song, and what the network then remembers."""
        network, settings = self._network, self.card.mask_settings
        assert isinstance(network, StreamingNetwork)
        with torch.inference_mode():
            return masks_going_on(self._masks_of, settings, network, items, memory)

    def _give_way(self, error: BaseException, items: int) -> None:
        """Halve the batch, then the chunk, then move to the CPU; each is said."""
        if min(self.batch, items) > 1:
            self.batch = min(self.batch, items) // 2
            self._notify(f"The {self.device.type} is out of memory: batch halved to {self.batch}.")
        elif self._chunk_steps // 2 >= max(SHORTEST_CHUNK_STEPS, self.card.chunk.multiple_of):
            self._chunk_steps //= 2
            self._notify(
                f"The {self.device.type} is out of memory: chunk halved to "
                f"{self._chunk_steps} steps."
            )
        elif self.device.type != "cpu":
            self._notify(f"The {self.device.type} is out of memory: going on with the CPU.")
            self._move_to_cpu()
        else:
            raise UserError(
                "There is not enough memory for this model",
                "close other programs or choose a smaller model",
            ) from error
