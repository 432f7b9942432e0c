"""Weak vocals: what a mix has more than its instrumental (Pretet 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk.audio.levels import db, from_db
from stemdesk.audio.loudness import measure_loudness
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk_training.catalogue.settings import Levels

    Signal = NDArray[np.float32]

WINDOW_SECONDS = 2048 / 22_050  # the paper's, at any rate


def matching_gain(mix: Signal, instrumental: Signal, sample_rate: int, levels: Levels) -> float:
    """The factor that an aligned instrumental is to be multiplied with.

    Args:
        mix: `[channels, frames]`.
        instrumental: the same shape.
        sample_rate: Hz.
        levels: `loudness` makes both equally loud (BS.1770), as in the paper: too loud by what the
            vocals add. `fit` takes the gain that leaves least of the mix, which vocals, having
            nothing to do with the instrumental, hardly move; it may be negative.
    """
    if levels == "loudness":
        both = (measure_loudness(each, sample_rate).integrated_lufs for each in (mix, instrumental))
        wanted, given = both
        return from_db(wanted - given) if np.isfinite(wanted) and np.isfinite(given) else 0.0
    power = float(np.vdot(instrumental, instrumental))
    return float(np.vdot(instrumental, mix)) / power if power > 0 else 0.0


def weak_vocals(mix: Signal, instrumental: Signal, sample_rate: int) -> Signal:
    """Half-wave rectified difference of the magnitude spectrograms, with the mixture's phase.

    Args:
        mix: `[channels, frames]`.
        instrumental: the same shape, aligned and level.
        sample_rate: Hz.
    """
    settings = _transform(sample_rate)
    made = []
    for channel, other in zip(mix, instrumental, strict=True):
        spectrum = stft(torch.from_numpy(np.ascontiguousarray(channel)), settings)
        beneath = stft(torch.from_numpy(np.ascontiguousarray(other)), settings).abs()
        size_of = spectrum.abs()
        share = (size_of - beneath).clamp_min(0) / size_of.clamp_min(1e-12)
        made.append(istft(spectrum * share, settings, mix.shape[1]).numpy())
    return np.stack(made)


def misfit_db(mix: Signal, instrumental: Signal, sample_rate: int) -> float:
    """How far the mix is from its instrumental where that sounds, whatever is sung.

    The median over the instrumental's energy of the distance of the two magnitudes, against the
    instrumental's: a voice is loud in a few bins, another master or encoder differs in all. Energy
    counts by the root of its frequency, or the bass would speak for everything.

    Args:
        mix: `[channels, frames]`.
        instrumental: the same shape, aligned and level.
        sample_rate: Hz.
    """
    settings = _transform(sample_rate)
    whole, beneath = (
        stft(torch.from_numpy(np.ascontiguousarray(signal)), settings).abs().numpy()
        for signal in (mix, instrumental)
    )
    heard = beneath > 0
    distance = np.abs(whole[heard] - beneath[heard]) / beneath[heard]
    weight = (np.square(beneath) * np.sqrt(np.arange(settings.bins))[:, None])[heard]
    if not len(distance):
        return 0.0
    order = np.argsort(distance)
    middle = np.searchsorted(
        weight[order].cumsum(dtype=np.float64), weight.sum(dtype=np.float64) / 2
    )
    return max(-120.0, db(float(distance[order[middle]])))


def _transform(sample_rate: int) -> StftSettings:
    size = 1 << round(np.log2(WINDOW_SECONDS * sample_rate))
    return StftSettings(size, size // 4, size)
