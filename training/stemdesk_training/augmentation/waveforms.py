"""Augmentations of waveforms: levels, channels, tone, rooms, and a limiter on the bus.

The mixture is the plain sum of the stems afterwards, as it was before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk_training.augmentation.filters import filtered
from stemdesk_training.device import effects

if TYPE_CHECKING:
    from stemdesk_training.augmentation.keys import Key
    from stemdesk_training.augmentation.settings import (
        Augmentation,
        Drive,
        Reverb,
        Width,
    )
    from stemdesk_training.device.pool import Draws

LONGEST_ROOM_SECONDS = 1.0


def apply(
    stems: torch.Tensor, key: Key, settings: Augmentation, sample_rate: int = 44_100
) -> torch.Tensor:
    """Stems with what is drawn done to them.

    Time stretch and pitch shift are not among it: they act on spectra.

    Args:
        stems: float32 ``[batch, stems, channels, frames]`` on any device; left as they are.
        key: of the batch.
        settings: how often what is done.
        sample_rate: Hz.

    Returns:
        The same shape.
    """
    stems = _swapped(stems, settings.channel_swap.probability, key)
    stems = _each_stem(stems, settings, key, sample_rate)
    stems = _folded(stems, settings.mono.probability, key)
    loudness = key.draws("loudness", len(stems))
    heard = loudness.chance(settings.loudness.probability)
    factor = torch.where(heard, loudness.uniform(*settings.loudness.factor), 1.0)
    stems = stems * factor.to(stems.device)[:, None, None, None]
    return _limited(stems, settings, key)


def _swapped(stems: torch.Tensor, probability: float, key: Key) -> torch.Tensor:
    """The order of the channels turned round, in all stems of an item alike."""
    swap = key.draws("channel_swap", len(stems)).chance(probability).to(stems.device)
    return torch.where(swap[:, None, None, None], stems.flip(2), stems)


def _folded(stems: torch.Tensor, probability: float, key: Key) -> torch.Tensor:
    """The mean of the channels in both, in all stems of an item alike."""
    mono = key.draws("mono", len(stems)).chance(probability).to(stems.device)
    if not mono.any():
        return stems
    folded = stems.mean(dim=2, keepdim=True).expand_as(stems)
    return torch.where(mono[:, None, None, None], folded, stems)


def _each_stem(
    stems: torch.Tensor, settings: Augmentation, key: Key, sample_rate: int
) -> torch.Tensor:
    """Drive, filters, width, room, gain and polarity, drawn for every stem by itself."""
    clips = stems.flatten(0, 1)
    count = len(clips)
    draws = key.draws("drive", count)
    clips = _driven(clips, draws.chance(settings.drive.probability), settings.drive, draws)
    clips = filtered(clips, key, settings, sample_rate)
    draws = key.draws("width", count)
    clips = _widened(clips, draws.chance(settings.width.probability), settings.width, draws)
    draws = key.draws("reverb", count)
    chosen = draws.chance(settings.reverb.probability)
    noise = key.draws("room", int(chosen.sum()))  # is most of the work: for chosen clips only
    clips = _in_rooms(clips, chosen, settings.reverb, (draws, noise), sample_rate)
    draws = key.draws("gain", count)
    chosen = draws.chance(settings.gain.probability)
    gain = torch.where(chosen, 10 ** (draws.uniform(*settings.gain.gain_db) / 20), 1.0)
    turned = key.draws("polarity", count).chance(settings.polarity.probability)
    factor = torch.where(turned, -gain, gain).to(stems.device)
    return (clips * factor[:, None, None]).reshape(stems.shape)


def _driven(clips: torch.Tensor, chosen: torch.Tensor, drive: Drive, draws: Draws) -> torch.Tensor:
    if not chosen.any():
        return clips
    gain = (10 ** (draws.uniform(*drive.gain_db) / 20))[chosen].to(clips.device)
    places = chosen.nonzero()[:, 0].to(clips.device)
    return clips.index_copy(0, places, effects.driven(clips[places], gain))


def _widened(clips: torch.Tensor, chosen: torch.Tensor, width: Width, draws: Draws) -> torch.Tensor:
    if not chosen.any():
        return clips
    gain = torch.where(chosen, 10 ** (draws.uniform(*width.gain_db) / 20), 1.0)
    middle = clips.mean(dim=1, keepdim=True)
    return middle + (clips - middle) * gain.to(clips.device)[:, None, None]


def _in_rooms(
    clips: torch.Tensor,
    chosen: torch.Tensor,
    reverb: Reverb,
    both: tuple[Draws, Draws],
    sample_rate: int,
) -> torch.Tensor:
    if not chosen.any():
        return clips
    draws, room = both
    decay = (draws.uniform(*reverb.decay_seconds) * sample_rate)[chosen]
    wet = draws.uniform(*reverb.wet)[chosen]
    noise = room.normal(clips.shape[1], round(LONGEST_ROOM_SECONDS * sample_rate))
    noise, decay, wet = (value.to(clips.device) for value in (noise, decay, wet))
    response = effects.room_response(noise, decay, wet, effects.spectrum_frames(clips.shape[-1]))
    places = chosen.nonzero()[:, 0].to(clips.device)
    return clips.index_copy(0, places, effects.filtered(clips[places], response))


def _limited(stems: torch.Tensor, settings: Augmentation, key: Key) -> torch.Tensor:
    """The bus through a limiter: one gain for all stems of an item."""
    draws = key.draws("limiter", len(stems))
    chosen = draws.chance(settings.limiter.probability)
    if not chosen.any():
        return stems
    ceiling = 10 ** (draws.uniform(*settings.limiter.ceiling_db) / 20)
    gain = effects.limiter_gain(stems.sum(dim=1), ceiling.to(stems.device))
    held = torch.where(chosen.to(stems.device)[:, None, None], gain, 1.0)
    return stems * held[:, None]
