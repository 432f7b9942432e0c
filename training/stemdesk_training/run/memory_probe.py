"""How many items may go through a network at once, found by trying one and two.

On a processor the C library keeps blocks of a few megabytes that it will want again: there a step
of many items takes up to 40 % less than is foreseen, never much more. While all freed memory is
kept it takes up to a fifth more, for which the share of ``auto`` leaves room.
"""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, NamedTuple

import torch

from stemdesk.memory_shortage import is_out_of_memory
from stemdesk_training.run.descent import Descent
from stemdesk_training.run.distributed import Ranks
from stemdesk_training.run.memory import free_bytes, highest_bytes
from stemdesk_training.run.pieces import caution, no_memory_left

if TYPE_CHECKING:
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.losses.objective import Objective
    from stemdesk_training.recipe import Memory, Recipe

# Of the memory that is free before the run.
SHARES: dict[Memory, float] = {"low": 0.25, "auto": 0.75, "high": 0.95}
# What optimisers keep for each weight, at most; so does the average.
COPIES = 3
QUIET = 0.1
GIB = 2**30


class Need(NamedTuple):
    """Bytes a step takes: ``fixed``, and ``item`` for each item at once."""

    fixed: int
    item: int

    def most_items(self, room: float) -> int:
        """Items that fit into so many bytes, never less than one."""
        return max(1, int((room - self.fixed) // max(1, self.item)))


def measure(
    recipe: Recipe, network: MaskNetwork, objective: Objective, device: torch.device
) -> Need | None:
    """Run a copy of the network forwards and backwards on one item and on two.

    Returns:
        What a step takes, the optimiser's state included; None where it cannot be told.

    Raises:
        UserError: not even one item fits.
    """
    tried = copy.deepcopy(network)
    descent = Descent(tried, objective, recipe.seed, Ranks())
    model, heights = recipe.model, []
    frames = round(recipe.data.seconds * model.sample_rate)
    # Of nothing, and then: the first time libraries take what they keep for good.
    for items in (0, 1, 1, 2):
        stems = QUIET * torch.randn(items, len(model.stems), model.channels, frames, device=device)

        def step(stems: torch.Tensor = stems) -> None:
            if len(stems):
                descent.gradients(stems, len(stems), 0, 0)

        try:
            height = highest_bytes(step, device)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if items == 1:
                raise no_memory_left(1) from error
            height = sys.maxsize
        if height is None:
            return None
        heights.append(height)
    before, _, one, two = heights
    weights = sum(value.numel() * value.element_size() for value in network.parameters())
    item = max(0, two - one)
    return Need(max(0, one - before - item) + COPIES * weights, item)


def even_pieces(items: int, most: int) -> int:
    """Size of pieces of at most ``most`` items that differ as little as can be."""
    pieces = -(-items // most)
    return -(-items // pieces)


class Choice(NamedTuple):
    """Items that go through the network at once, and the sentence that says why."""

    piece: int
    note: str


def chosen_piece(
    recipe: Recipe,
    preset: Memory,
    network: MaskNetwork,
    objective: Objective,
    device: torch.device,
) -> Choice:
    """Measure, and choose the largest piece of a batch for which there is room.

    A step that accumulates batches takes them one by one in any case.

    Args:
        recipe: batch and length of items.
        preset: how much of the free memory may be taken.
        network: it stays as it is.
        objective: the loss.
        device: whose memory.

    Raises:
        UserError: not even one item fits.
    """
    items = recipe.data.batch
    if items == 1:
        return Choice(1, "")
    free = free_bytes(device)
    choice = piece_for(measure(recipe, network, objective, device), free, items, preset)
    if choice.piece == items:
        return choice
    return Choice(choice.piece, choice.note + caution(network))


def piece_for(need: Need | None, free: int | None, items: int, preset: Memory) -> Choice:
    """What so much free memory allows for.

    Args:
        need: what was measured.
        free: bytes that could be had.
        items: of a batch, in this process.
        preset: how much of what is free may be taken.
    """
    if need is None or free is None:
        return Choice(items, "How much memory a batch takes could not be measured: it goes uncut")
    piece = even_pieces(items, need.most_items(free * SHARES[preset]))
    takes = (need.fixed + piece * need.item) / GIB
    told = f"takes about {takes:.2g} GiB of memory, of {free / GIB:.2g} GiB that are free"
    if piece == items:
        return Choice(piece, f"A batch of {items} items {told}")
    return Choice(piece, f"A batch is cut into pieces of {piece} of its {items} items, each {told}")
