"""A model that knows the song it is about to separate: adapted to it, and kept until it is done."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.resampled import SeekableMixture
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal
from stemdesk.memory_shortage import is_out_of_memory

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
    from stemdesk.separation.separator import SeekableSource
    from stemdesk.separation.spool import Spool

    Samples = NDArray[np.float32]

HEARD_SECONDS = 120.0
"""As much of a stereo song is learnt from, so that memory and time do not grow with it."""

PASSAGE_SECONDS = 10.0
STAGE = "adapting"
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
    known = _kept(spool, model)
    if known is None:
        source = SeekableMixture(reader, model.card.sample_rate)
        known = adapted_model(model, source, lambda done: report(share * done, STAGE))
        _keep(spool.weights_path, known)

    def left(fraction: float, stage: str) -> None:
        report(share + (1 - share) * fraction, stage)

    if not known.is_adapted:
        model.notes.append("The model could not learn from the song, so it was used as it is.")
    return known, left


def adapted_model(
    model: LoadedModel, source: SeekableSource, tell: Callable[[float], None]
) -> LoadedModel:
    """A model, adapted to a song.

    Args:
        model: as loaded.
        source: the song at the model's rate.
        tell: told the fraction done.

    Returns:
        The model as it is where the song is too short or too quiet to learn from, or where there
        is not enough memory: see :attr:`LoadedModel.is_adapted`.

    Raises:
        UserError: the model is none that could be adapted.
    """
    from stemdesk.separation.adaptation import adapted

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
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        return model
    return model if learnt is None else _with_network(model, learnt)


def _with_network(model: LoadedModel, network: MaskNetwork) -> LoadedModel:
    from stemdesk.separation.separator import Separator

    weights = hashlib.sha256()
    for value in network.state_dict().values():
        weights.update(value.cpu().numpy().tobytes())
    return replace(
        model,
        separator=Separator(_engine(model).with_network(network)),
        fingerprint={**model.fingerprint, "weights": weights.hexdigest()},
        is_adapted=True,
    )


def require_loaded_adaptable(model: LoadedModel) -> None:
    """Raise UserError unless a model can be adapted as it was loaded."""
    _engine(model)


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
    model: LoadedModel, source: SeekableSource, tell: Callable[[float], None]
) -> list[Samples]:
    """Estimated stems of all of a song, or of as many seconds all over it, group by group."""
    from stemdesk.separation.channels import channel_groups, heard_channels
    from stemdesk.separation.separator import ArraySource, Separator

    card = model.card
    # What stages behind the network claim is claimed once, of what it has learnt.
    separator = Separator(_engine(model).without_post())
    groups = channel_groups(source.channels, card.channels)
    found: list[Samples] = []
    stretches = _stretches(source.frames, card.sample_rate, HEARD_SECONDS / len(groups))
    for place, (start, end) in enumerate(stretches):
        source.seek(start)
        mixture = source.read(end - start)
        stems = np.empty((len(card.stems), *mixture.shape), np.float32)
        filled = 0
        for piece in separator.estimate(ArraySource(mixture)):
            stems[:-1, :, filled : filled + piece.samples.shape[-1]] = piece.samples
            filled += piece.samples.shape[-1]
            tell((place + (piece.chunk + 1) / piece.chunks) / len(stretches))
        stems[-1] = mixture - stems[:-1].sum(axis=0)
        for channels in heard_channels(groups, card.channels):
            heard = stems[:, channels]
            if heard.any():
                found.append(heard)
    return found


def _stretches(frames: int, sample_rate: int, heard_seconds: float) -> list[tuple[int, int]]:
    """First and end frame of what is heard: the whole song, or passages as far apart as can be."""
    if frames <= heard_seconds * sample_rate:
        return [(0, frames)]
    length, count = round(PASSAGE_SECONDS * sample_rate), round(heard_seconds / PASSAGE_SECONDS)
    starts = np.linspace(0, frames - length, count).round().astype(int)
    return [(int(start), int(start) + length) for start in starts]


def _kept(spool: Spool, model: LoadedModel) -> LoadedModel | None:
    """The model as an earlier run had it for the song; None where that is not known any more."""
    import safetensors
    import safetensors.torch

    try:
        data = spool.weights_path.read_bytes()
        if not data:
            # It could not learn then; unless some of the song is separated so, it may now.
            return model if spool.done else None
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
