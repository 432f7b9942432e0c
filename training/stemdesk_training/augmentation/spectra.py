"""Time stretch and pitch shift on spectrograms, on mixture and targets alike (Pretet 2018).

The paper scales an axis of magnitude spectrograms. Here stems are complex and must go on summing
to their mixture, so every stem is interpolated after the mixture's phase has been taken out of it:
then the stems sum to the mixture's magnitude, before and, interpolation being linear, after. One
phase is put on all of them at the end, which runs on by the mixture's own frequencies.

What a stretch has too much is cut off at both ends alike, as in the paper; what it lacks is its own
end, mirrored. A shift upwards loses the highest bins, one downwards leaves them empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk_training.augmentation.phases import running_phase

if TYPE_CHECKING:
    from stemdesk.separation.transform import StftSettings
    from stemdesk_training.augmentation.keys import Key
    from stemdesk_training.augmentation.settings import Augmentation


def spectral(
    stems: torch.Tensor, key: Key, settings: Augmentation, transform: StftSettings
) -> torch.Tensor:
    """Spectra with the stretch and the shift that are drawn.

    Args:
        stems: complex64 ``[batch, stems, channels, bins, steps]`` on any device; left as they are.
        key: of the batch.
        settings: how often what is done.
        transform: that made them.

    Returns:
        The same shape.
    """
    size = len(stems)
    stretch, stretched = _drawn(key, "time_stretch", settings, size)
    pitch, shifted = _drawn(key, "pitch_shift", settings, size)
    places = (stretched | shifted).nonzero()[:, 0]
    if not len(places):
        return stems
    there = places.to(stems.device)
    factors = (stretch[places].to(stems.device), pitch[places].to(stems.device))
    moved = warped(stems[there], *factors, transform)
    return stems.index_copy(0, there, moved)


def _drawn(
    key: Key, kind: str, settings: Augmentation, size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Factors, 1 where nothing is to be done, and where something is; ``[batch]``."""
    setting = getattr(settings, kind)
    draws = key.draws(kind, size)
    chosen = draws.chance(setting.probability)
    return torch.where(chosen, draws.uniform(*setting.factor), 1.0), chosen


def warped(
    stems: torch.Tensor, stretch: torch.Tensor, pitch: torch.Tensor, transform: StftSettings
) -> torch.Tensor:
    """Spectra stretched in time, around their middle, and in frequency.

    Args:
        stems: ``[items, stems, channels, bins, steps]``.
        stretch: 1.15 lasts 15 % longer, ``[items]``.
        pitch: 2 is an octave up, ``[items]``.
        transform: that made the spectra.
    """
    bins, steps = stems.shape[-2:]
    middle = (steps - 1) / 2
    offsets = torch.arange(steps, device=stems.device) - middle
    times = _mirrored(middle + offsets / stretch[:, None], steps)
    rows = torch.arange(bins, device=stems.device) / pitch[:, None]
    mixture = stems.sum(dim=1)
    free = stems * _unit(mixture).conj()[:, None]
    moved = _between(free, times[:, None, None, None, :], dim=-1)
    moved = _between(moved, rows[:, None, None, :, None], dim=-2)
    moved = moved * (rows <= bins - 1)[:, None, None, :, None]
    phase = running_phase(mixture, times, rows.clamp_max(bins - 1), pitch, transform)
    return moved * torch.polar(torch.ones_like(phase), phase)[:, None]


def _mirrored(times: torch.Tensor, steps: int) -> torch.Tensor:
    """Positions beyond the first or last step, turned back there."""
    last = max(1, steps - 1)
    turned = times.remainder(2 * last)
    return torch.minimum(turned, 2 * last - turned)


def _unit(mixture: torch.Tensor) -> torch.Tensor:
    """The phase of a mixture as a factor; 1 where there is nothing."""
    size = mixture.abs()
    return torch.where(size > 0, mixture / size.clamp_min(1e-30), torch.ones_like(mixture))


def _between(values: torch.Tensor, positions: torch.Tensor, dim: int) -> torch.Tensor:
    """Linear interpolation along an axis; positions past its end stay there."""
    last = values.shape[dim] - 1
    lower = positions.floor().clamp(0, max(0, last - 1)).long()
    share = (positions - lower).clamp(0, 1)
    below = torch.take_along_dim(values, lower, dim)
    above = torch.take_along_dim(values, (lower + 1).clamp_max(last), dim)
    return below * (1 - share) + above * share
