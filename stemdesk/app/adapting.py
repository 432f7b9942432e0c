"""A model that knows the song it is about to separate: adapted to it, and kept until it is done."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.resampled import ModelRateMixture
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk.app.model import LoadedModel
    from stemdesk.app.options import Report
    from stemdesk.audio.reading import AudioReader
    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.engine import MaskEngine
    from stemdesk.separation.network import MaskNetwork
    from stemdesk.separation.separator import MixtureSource
    from stemdesk.separation.spool import Spool

    Samples = NDArray[np.float32]

HEARD_SECONDS = 120.0
"""As much of a song is learnt from, so that memory and time do not grow with it."""

PASSAGE_SECONDS = 10.0
SKIPPED_FRAMES = 1 << 18
STAGE = "adapting"
_SO = "so the model was used as it is."
_LISTENING_SHARE = 0.08
# Two minutes of a song, all of the adaptation beside separating a second of it, on two threads.
_ADAPTING_SECONDS, _SEPARATING_SHARE = 60.0, 0.06


def is_adaptable(card: ModelCard) -> bool:
    """Whether a model can be adapted to a song: it learns, gives shares, needs no peak."""
    return card.masks == "softmax" and card.parameters > 0 and not card.song_peak


def require_adaptable(card: ModelCard) -> None:
    """Raise UserError unless a model can be adapted to a song."""
    if not is_adaptable(card):
        raise UserError(
            f"The model {card.id} cannot be adapted to a song",
            "choose another model, or separate without adapting",
        )


def adapted_to(
    reader: AudioReader, spool: Spool, model: LoadedModel, report: Report
) -> tuple[LoadedModel, Report]:
    """A model adapted to a song, and the report for what is left to do with it.

    Args:
        reader: the song; it is left anywhere.
        spool: open; keeps the weights, so that a run which goes on does not learn them again.
        model: as loaded; it stays as it is.
        report: told the fraction of the whole; what it raises ends the work.

    Raises:
        UserError: the disk does not take the weights, or the model cannot be adapted.
    """
    seconds = _SEPARATING_SHARE * reader.info.seconds
    share = _ADAPTING_SECONDS / (_ADAPTING_SECONDS + seconds)
    known = _kept(spool.weights_path, model)
    if known is None:
        source = ModelRateMixture(reader, model.card.sample_rate)
        known = adapted_model(model, source, lambda done: report(share * done, STAGE))
        _keep(spool.weights_path, known)

    def left(fraction: float, stage: str) -> None:
        report(share + (1 - share) * fraction, stage)

    return known, left


def adapted_model(
    model: LoadedModel, source: MixtureSource, tell: Callable[[float], None]
) -> LoadedModel:
    """A model, adapted to a song.

    Args:
        model: as loaded.
        source: the song at the model's rate, at its beginning.
        tell: told the fraction done.

    Returns:
        The model as it is where there is too little to learn from, or too little memory; its notes
        say so.

    Raises:
        UserError: the model is none that could be adapted.
    """
    from stemdesk.separation.adaptation import adapted
    from stemdesk.separation.engine import is_memory

    engine = _engine(model)
    try:
        passages = _passages(model, source, lambda done: tell(_LISTENING_SHARE * done))
        learnt = adapted(
            engine.network,
            model.card,
            passages,
            engine.device,
            lambda done: tell(_LISTENING_SHARE + (1 - _LISTENING_SHARE) * done),
        )
    except (MemoryError, RuntimeError) as error:
        if not is_memory(error):
            raise
        model.notes.append(f"There was not enough memory to learn from the song, {_SO}")
        return model
    if learnt is None:
        model.notes.append(f"The song is too short, or too quiet, to learn from, {_SO}")
        return model
    return _with_network(model, learnt)


def _with_network(model: LoadedModel, network: MaskNetwork) -> LoadedModel:
    from stemdesk.separation.separator import Separator

    separator = Separator(_engine(model).with_network(network))
    return replace(model, separator=separator, is_adapted=True)


def _engine(model: LoadedModel) -> MaskEngine:
    """What runs the model's network.

    Raises:
        UserError: nothing does, or its stems are not meant to sum to the song.
    """
    from stemdesk.separation.engine import MaskEngine

    require_adaptable(model.card)
    engine = model.separator.engine
    if not isinstance(engine, MaskEngine) or engine.reconstruction != "null":
        raise UserError(
            "Only a model whose stems sum to the song can be adapted to it",
            "separate without adapting",
        )
    return engine


def _passages(
    model: LoadedModel, source: MixtureSource, tell: Callable[[float], None]
) -> list[Samples]:
    """Estimated stems of all of a song, or of as many seconds all over it, group by group."""
    from stemdesk.separation.channels import channel_groups
    from stemdesk.separation.separator import ArraySource

    card, separator = model.card, model.separator
    groups = channel_groups(source.channels, card.channels)
    found: list[Samples] = []
    stretches = _stretches(source.frames, card.sample_rate)
    position = 0
    for place, (start, end) in enumerate(stretches):
        for passed in range(position, start, SKIPPED_FRAMES):
            source.read(min(SKIPPED_FRAMES, start - passed))
        mixture = source.read(end - start)
        position = end
        pieces = []
        for piece in separator.estimate(ArraySource(mixture)):
            pieces.append(piece.samples)
            tell((place + (piece.chunk + 1) / piece.chunks) / len(stretches))
        estimates = np.concatenate(pieces, axis=-1)
        stems = np.concatenate([estimates, (mixture - estimates.sum(axis=0))[None]])
        for group in groups:
            heard = stems[:, [group[index % len(group)] for index in range(card.channels)]]
            if heard.any():
                found.append(heard)
    return found


def _stretches(frames: int, sample_rate: int) -> list[tuple[int, int]]:
    """First and end frame of what is heard: the whole song, or passages as far apart as can be."""
    if frames <= HEARD_SECONDS * sample_rate:
        return [(0, frames)]
    length, count = round(PASSAGE_SECONDS * sample_rate), round(HEARD_SECONDS / PASSAGE_SECONDS)
    starts = np.linspace(0, frames - length, count).round().astype(int)
    return [(int(start), int(start) + length) for start in starts]


def _kept(path: Path, model: LoadedModel) -> LoadedModel | None:
    """The model as an earlier run had it for the song; None where that is not known any more."""
    import safetensors
    import safetensors.torch

    try:
        data = path.read_bytes()
        if not data:
            return model
        network = copy.deepcopy(_engine(model).network)
        network.load_state_dict(safetensors.torch.load(data))
    except (OSError, safetensors.SafetensorError, RuntimeError):
        return None
    return _with_network(model, network)


def _keep(path: Path, model: LoadedModel) -> None:
    """Keep the weights of a model that was adapted, and of another one that it was not."""
    import safetensors.torch

    weights = _engine(model).network.state_dict() if model.is_adapted else {}
    packed = {name: value.cpu().contiguous() for name, value in weights.items()}
    try:
        with atomic_path(path) as partial:
            partial.write_bytes(safetensors.torch.save(packed) if packed else b"")
    except OSError as error:
        raise write_refusal(path, error) from error
