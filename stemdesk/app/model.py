"""A model made ready: network loaded, device chosen, threads set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stemdesk.errors import UserError
from stemdesk.processes import require_working_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.mask_settings import Reconstruction
    from stemdesk.separation.separator import Separator


@dataclass(frozen=True)
class LoadedModel:
    """A model that is ready to separate any number of songs.

    Attributes:
        card: its card.
        separator: the stream engine.
        fingerprint: everything about it that decides the bytes of the estimates.
        notes: what the engine had to say since :meth:`take_notes` was called last.
        gate: share of the vocals' largest energy under which they are shut; None: never.
        is_adapted: it knows the one song that it was adapted to.
    """

    card: ModelCard
    separator: Separator
    fingerprint: dict[str, Any]
    notes: list[str]
    gate: float | None = None
    is_adapted: bool = False

    @property
    def reconstruction(self) -> Reconstruction:
        """Whether the stems are closed (``null``), or are its paper's (``paper``)."""
        return self.separator.engine.reconstruction

    @property
    def estimated_stems(self) -> int:
        """How many stems are estimated, see :attr:`MaskEngine.estimated_stems`."""
        return self.separator.engine.estimated_stems

    def take_notes(self) -> list[str]:
        """The notes so far; they are forgotten here."""
        taken = list(self.notes)
        self.notes.clear()
        return taken


def load_card(name: str | None = None) -> ModelCard:
    """The card of a model, by id or folder, without its network.

    Raises:
        UserError: no such model, or a card that cannot be read.
    """
    from stemdesk.separation import card
    from stemdesk.separation.catalogue import find_model

    return card.load_card(find_model(name))


def load_model(
    name: str | None = None,
    *,
    device: str = "auto",
    threads: int | None = None,
    post: Sequence[str] = (),
    reconstruction: Reconstruction = "null",
    alpha: float | None = None,
) -> LoadedModel:
    """Load a model by id or folder.

    Args:
        name: model id, path to a model folder, or None for the default.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        threads: processor threads; None for all physical cores, or what OMP_NUM_THREADS says.
        post: post-processing stages behind those of the card.
        reconstruction: ``null``: stems that sum to the song; ``paper``: what the model's paper
            makes of its answer, with nothing closed, so that the stems need not sum to anything.
        alpha: score above which a bin is a stem's, for binary masks that leave a stem out; None
            for the card's threshold.

    Raises:
        UserError: no such model, a damaged one, a device that cannot be used, no such
            reconstruction, or an alpha, a gate or claims that mean nothing to the model.
    """
    require_working_folder()
    # torch takes a second to import; only those who separate pay for it.
    from stemdesk.separation.catalogue import find_model
    from stemdesk.separation.checkpoint import load_network
    from stemdesk.separation.devices import choose_device, set_threads
    from stemdesk.separation.engine import MaskEngine
    from stemdesk.separation.fingerprint import model_fingerprint
    from stemdesk.separation.postprocess import build_chain
    from stemdesk.separation.separator import Separator
    from stemdesk.separation.thresholds import with_alpha

    check_reconstruction(reconstruction)
    folder = find_model(name)
    chosen = choose_device(device)
    used_threads = set_threads(threads)
    card, network = load_network(folder)
    if alpha is not None:
        card = with_alpha(card, network, alpha)
    stages = [*card.post, *post]
    notes: list[str] = []
    chain = build_chain(stages, card.stems)
    check_claims(card, post)
    engine = MaskEngine(card, network, chosen, chain, notes.append, reconstruction)
    fingerprint = model_fingerprint(card, chosen.type, used_threads, stages, reconstruction)
    return LoadedModel(card, Separator(engine), fingerprint, notes, _gate(card, stages))


def check_reconstruction(name: str) -> None:
    """Raise UserError unless there is a reconstruction of that name."""
    from stemdesk.separation.mask_settings import RECONSTRUCTIONS

    if name not in RECONSTRUCTIONS:
        raise UserError(
            f"There is no reconstruction {name!r}", f"choose one of {', '.join(RECONSTRUCTIONS)}"
        )


def check_claims(card: ModelCard, post: Sequence[str]) -> None:
    """Raise UserError if post-processing claims what a model's stems do not share."""
    claims = [text for text in post if text.partition("=")[0] in card.stems]
    if claims and card.masks == "binary":
        raise UserError(
            f"The model {card.id} gives each part of the sound to one stem whole, so that stems "
            "share nothing that one could claim",
            f"leave {', '.join(claims)} out, or choose another model",
        )


def _gate(card: ModelCard, stages: Sequence[str]) -> float | None:
    from stemdesk.separation.energy_gate import GATED_STEM
    from stemdesk.separation.postprocess import gate_share

    share = gate_share(stages)
    if share is not None and GATED_STEM not in card.network_stems:
        raise UserError(
            f"The model {card.id} has no {GATED_STEM} for the gate to shut", "leave gate out"
        )
    return share
