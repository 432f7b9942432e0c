"""Colour, equaliser and low cut of clips: all that is drawn, in one transform there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk_training.device.effects import (
    COLOUR_PLACES,
    colour_response,
    pass_response,
    spectrum_frames,
    tone_response,
)

if TYPE_CHECKING:
    from stemdesk_training.augmentation.keys import Key
    from stemdesk_training.augmentation.settings import Augmentation, Eq, Range
    from stemdesk_training.device.pool import Draws

LOW_CUT_ORDER = 4  # 24 dB an octave


def filtered(
    clips: torch.Tensor, key: Key, settings: Augmentation, sample_rate: int
) -> torch.Tensor:
    """Clips ``[clips, channels, frames]`` with what is drawn for each of them.

    Args:
        clips: on any device; left as they are.
        key: of the batch.
        settings: how often what is done.
        sample_rate: Hz.
    """
    count, frames, device = len(clips), clips.shape[-1], clips.device
    length = spectrum_frames(frames)
    bins = length // 2 + 1
    colour, tone, cut = (key.draws(name, count) for name in ("colour", "eq", "low_cut"))
    coloured = colour.chance(settings.colour.probability)
    toned = tone.chance(settings.eq.probability)
    shortened = cut.chance(settings.low_cut.probability)
    places = (coloured | toned | shortened).nonzero()[:, 0].to(device)
    if not len(places):
        return clips
    spectra = torch.zeros(count, clips.shape[1], bins, dtype=torch.complex64, device=device)
    spectra[places] = torch.fft.rfft(clips[places], n=length)
    if coloured.any():
        gains_db = colour.uniform(*settings.colour.gain_db, COLOUR_PLACES)[coloured].to(device)
        plain = spectra[coloured]
        changed = plain * colour_response(bins, gains_db, sample_rate)
        spectra[coloured] = changed * (_magnitude(plain) / _magnitude(changed))
    if toned.any():
        tones = (value[toned].to(device) for value in _tones(tone, settings.eq, sample_rate))
        spectra[toned] *= tone_response(bins, *tones)
    if shortened.any():
        corners = _corners(cut, settings.low_cut.frequency_hz, sample_rate)[shortened].to(device)
        spectra[shortened] *= pass_response(bins, corners, -LOW_CUT_ORDER)
    heard = torch.fft.irfft(spectra[places], n=length)[..., :frames]
    return clips.index_copy(0, places, heard)


def _tones(draws: Draws, eq: Eq, sample_rate: int) -> tuple[torch.Tensor, ...]:
    """Kind, corner (as a share of the sample rate) and gain in dB of each clip's equaliser."""
    kind = (draws.uniform(0, 1) * 3).long()
    share = _corners(draws, eq.frequency_hz, sample_rate)
    return kind, share, draws.uniform(*eq.gain_db)


def _corners(draws: Draws, range_hz: Range, sample_rate: int) -> torch.Tensor:
    """Corners of filters, drawn evenly in octaves, as shares of the sample rate."""
    least_hz, most_hz = range_hz
    frequency = least_hz * (most_hz / least_hz) ** draws.uniform(0, 1)
    # A filter's corner lies below half the sample rate, whatever the range says.
    return (frequency / sample_rate).clamp_max(0.45)


def _magnitude(spectra: torch.Tensor) -> torch.Tensor:
    """Of each clip, all its channels together, ``[clips, 1, 1]``; never 0, so one may divide."""
    power = torch.view_as_real(spectra).square().sum(dim=(1, 2, 3))
    return power.sqrt().clamp_min(1e-9)[:, None, None]
