"""The contract between the separation core and every network: spectrogram in, raw masks out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterable


class MaskNetwork(nn.Module, ABC):
    """A network that looks at a mixture's STFT and proposes one mask per stem.

    The core owns everything around it: STFT, channel layout, chunking, mask normalisation,
    post-processing, reconstruction and closure. A network only states what it sees in the
    mixture; its model card states how its output is to be read (``masks``), which STFT it
    wants and how long a chunk may be.

    Args to ``forward``:
        mixture: complex STFT ``[batch, channels, bins, steps]``; ``bins = n_fft // 2 + 1`` and
            ``channels`` is what the card declares.

    ``forward`` returns:
        ``[batch, stems, channels, bins, steps]``, real or complex, before normalisation: logits,
        magnitude estimates or complex masks, as the card's ``masks`` says. It may return fewer
        bins than it was given (a network that works up to 16 kHz, say): what it leaves out goes
        to the closing stem. It may return all of the card's stems, or all but the closing one.
    """

    may_begin_without: ClassVar[frozenset[str]] = frozenset()
    """Options that training may add to a model made without them, or raise (:meth:`begin_as`)."""

    @abstractmethod
    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """Propose masks; see the class for shapes."""

    def begin_as(self, other: MaskNetwork) -> None:
        """Take over the weights of another network, so that this says what that says.

        Where this is to hear less than that, it says what is left of it, and training makes up
        for the rest.

        Args:
            other: of the same class, made without some of :attr:`may_begin_without`.

        Raises:
            ValueError: it has weights that find no place here.
        """
        self._take_over(other.state_dict())

    def _take_over(self, weights: dict[str, torch.Tensor]) -> None:
        try:
            odd = self.load_state_dict(weights, strict=False).unexpected_keys
        except RuntimeError as error:
            raise ValueError("weights of other sizes find no place in this network") from error
        if odd:
            raise ValueError(f"{', '.join(odd)} find no place in this network")


@runtime_checkable
class StreamingNetwork(Protocol):
    """A network that can take a mixture step by step.

    Attributes:
        causal: it hears no step to come; otherwise ``go_on`` refuses.
    """

    causal: bool

    def go_on(self, mixture: torch.Tensor, memory: Any) -> tuple[torch.Tensor, Any]:
        """What ``forward`` says of further steps ``[batch, channels, bins, steps]``.

        Args:
            mixture: the steps.
            memory: what the call before returned, tensors in lists and tuples; None at the
                beginning. It is not altered: a call may be repeated.
        """
        ...


class Joined(MaskNetwork):
    """Several networks, each whole in itself, that hear the same mixture.

    Args:
        networks: in the order of their weights' names, ``networks.0`` and so on.
    """

    def __init__(self, networks: Iterable[MaskNetwork]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)


class PerStem(Joined):
    """One network per stem behind the one contract (Open-Unmix, Spleeter and the like).

    In the card's order each returns exactly one stem. (A list: torch refuses a dictionary key such
    as ``keys``, a likely name of a stem.)
    """

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """Run each stem's network on the same mixture and stack their answers over stems."""
        return torch.cat([network(mixture) for network in self.networks], dim=1)
