"""What does not fit into the memory at once goes through the network in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from stemdesk.errors import UserError
from stemdesk.memory_shortage import is_out_of_memory
from stemdesk_models.ensemble import Ensemble
from stemdesk_training.run import events

if TYPE_CHECKING:
    from stemdesk_training.run.descent import Descent
    from stemdesk_training.run.state import Progress

_DROPOUTS = nn.modules.dropout._DropoutNd  # noqa: SLF001 - torch has no other name for them
_BATCH_NORMS = nn.modules.batchnorm._NormBase  # noqa: SLF001 - nor for these


def loss_in_pieces(
    descent: Descent, stems: torch.Tensor, progress: Progress, row: int, report: events.Emit
) -> torch.Tensor:
    """Gradients and loss of a batch; halves ``progress.piece`` until they fit into the memory.

    Args:
        descent: where the gradients come from.
        stems: this process's items.
        progress: with the number of the batch that is due, and the pieces' size.
        row: number of the first item within the batch.
        report: told of smaller pieces.

    Raises:
        UserError: not even one item fits.
    """
    while True:
        piece = min(progress.piece or len(stems), len(stems))
        try:
            return descent.gradients(stems, piece, progress.batch, row)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            # Processes that share a batch would wait for this one for ever.
            if piece == 1 or descent.is_shared:
                raise no_memory_left(piece) from error
        # Out here nothing holds on to the tensors of the attempt any more.
        if stems.device.type == "cuda":
            torch.cuda.empty_cache()
        progress.piece = (piece + 1) // 2
        text = f"Out of memory: a batch is cut into pieces of {progress.piece} items from here on"
        report(events.Note(text=text + caution(descent.network)))


def no_memory_left(items: int) -> UserError:
    """The refusal where not even the smallest piece fits."""
    return UserError(
        f"There is not enough memory to train on {items} item{'s' * (items > 1)} at a time",
        "shorten data.seconds in the recipe, start with --memory low, or take a smaller network",
    )


def caution(network: nn.Module) -> str:
    """What to add to the news of pieces where they make a difference beyond rounding."""
    for module in network.modules():
        if isinstance(module, _BATCH_NORMS):
            return ", and the network's batch normalisation sees only those at a time"
        is_recurrent = isinstance(module, nn.RNNBase) and module.dropout > 0
        if is_recurrent or (isinstance(module, _DROPOUTS) and module.p > 0):
            return ", for which dropout draws anew"
        if isinstance(module, Ensemble) and module.draws_speeds:
            return ", for which speeds are drawn anew"
    return ""
