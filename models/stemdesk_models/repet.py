"""REPET: the voice is what does not repeat (Rafii and Pardo 2012 and 2013). Nothing is learnt.

Both forms model the accompaniment of every step by a median over steps that ought to sound alike;
what the mixture has beyond the model is the voice's. ``periodic`` is the original: the steps lie
one repeating period apart, which the beat spectrum tells. ``similar`` is REPET-SIM: they are the
most alike by the cosine of their spectra, wherever they lie, so the music need not keep a period.

Cards: 44.1 kHz, Hann 2048, hop 1024, both channels together (each with a model of its own, the
period and the likeness from both), ``masks = "ratio"``, two stems of which the network names the
first. Chunks of half a minute hold enough repetitions.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch.nn import functional

from stemdesk.separation.network import MaskNetwork

Variant = Literal["periodic", "similar"]

# The authors' published program: a period lasts 1 to 10 s and comes three times at least; at most
# 100 similar steps, a second or more apart; nothing under 100 Hz is the voice's.
PERIOD_SECONDS = (1.0, 10.0)
FEWEST_PERIODS = 3
MOST_SIMILAR = 100
APART_SECONDS = 1.0
LOWEST_VOICE_HZ = 100.0
SLICE_STEPS = 64  # for which similar steps are gathered at a time: bounds the memory
SILENCE = 1e-12


class Repet(MaskNetwork):
    """Ratio masks of one stem, the voice.

    Args:
        variant: ``similar`` or ``periodic``.
        sample_rate: of the card, Hz.
        hop: of the card's transform.
    """

    def __init__(
        self, variant: Variant = "similar", sample_rate: int = 44_100, hop: int = 1024
    ) -> None:
        super().__init__()
        if variant not in ("similar", "periodic"):
            raise ValueError(f"variant must be similar or periodic, not {variant!r}")
        self.variant = variant
        self.sample_rate = sample_rate
        self.steps_per_second = sample_rate / hop

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; masks from 0 to 1 ``[batch, 1, channels, bins, steps]``."""
        return torch.stack([self._voice(item.abs()) for item in mixture])[:, None]

    def _voice(self, magnitudes: torch.Tensor) -> torch.Tensor:
        """Masks of ``[channels, bins, steps]``."""
        if self.variant == "periodic":
            model = periodic_model(magnitudes, self._period(magnitudes))
        else:
            model = similar_model(magnitudes, round(APART_SECONDS * self.steps_per_second))
        heard = magnitudes > SILENCE
        masks = torch.where(heard, 1 - model.clamp_max(magnitudes) / magnitudes, 0.0)
        n_fft = 2 * (magnitudes.shape[1] - 1)
        masks[:, : math.ceil(LOWEST_VOICE_HZ * n_fft / self.sample_rate)] = 0
        return masks

    def _period(self, magnitudes: torch.Tensor) -> int:
        """The repeating period in steps; the whole length where it is too short to hold three."""
        steps = magnitudes.shape[-1]
        shortest, longest = (round(each * self.steps_per_second) for each in PERIOD_SECONDS)
        longest = min(longest, steps // FEWEST_PERIODS)
        if longest <= shortest:
            return steps
        beats = beat_spectrum(magnitudes.square().mean(dim=0))
        return shortest + int(beats[shortest : longest + 1].argmax())


def beat_spectrum(power: torch.Tensor) -> torch.Tensor:
    """How much ``[bins, steps]`` is like itself some steps later, ``[steps]``, mean over bins."""
    steps = power.shape[-1]
    spectrum = torch.fft.rfft(power, n=2 * steps)
    likeness = torch.fft.irfft(spectrum.abs().square(), n=2 * steps)[..., :steps]
    overlap = torch.arange(steps, 0, -1, device=power.device)
    return torch.div(likeness.mean(dim=0), overlap)


def periodic_model(magnitudes: torch.Tensor, period: int) -> torch.Tensor:
    """Median over the repetitions of ``[..., steps]``, as often as they come."""
    steps = magnitudes.shape[-1]
    whole, rest = divmod(steps, period)
    lasting = magnitudes[..., : whole * period]
    lasting = lasting.reshape(*magnitudes.shape[:-1], whole, period)
    # The beginning of a period may come once more than its end.
    last = magnitudes[..., None, whole * period :]
    begin = torch.cat((lasting[..., :rest], last), dim=-2)
    segment = torch.cat((_median(begin, dim=-2), _median(lasting[..., rest:], dim=-2)), dim=-1)
    return segment.repeat(*(1,) * (magnitudes.ndim - 1), whole + 1)[..., :steps]


def similar_model(magnitudes: torch.Tensor, apart_steps: int) -> torch.Tensor:
    """Median over the steps most like each one, of ``[channels, bins, steps]``."""
    places, counts = similar_steps(magnitudes.mean(dim=0), apart_steps)
    model = torch.empty_like(magnitudes)
    for begin in range(0, magnitudes.shape[-1], SLICE_STEPS):
        some = slice(begin, begin + SLICE_STEPS)
        count = counts[some]
        most = int(count.max())
        alike = magnitudes[:, :, places[some, :most]]
        beyond = torch.arange(most, device=count.device) >= count[:, None]
        ordered = alike.masked_fill(beyond, math.inf).sort(dim=-1).values
        middles = [
            ordered.gather(-1, middle[None, None, :, None].expand(*ordered.shape[:3], 1))
            for middle in ((count - 1) // 2, count // 2)
        ]
        model[..., some] = (middles[0] + middles[1])[..., 0] / 2
    return model


def similar_steps(magnitudes: torch.Tensor, apart_steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """For each step of ``[bins, steps]`` those most alike, itself first.

    A step counts where none within ``apart_steps`` of it is more alike.

    Returns:
        Places ``[steps, most]``, and how many of each row count.
    """
    spectra = magnitudes / magnitudes.norm(dim=0).clamp_min(SILENCE)
    likeness = spectra.T @ spectra
    likeness.fill_diagonal_(2.0)
    reach = 2 * apart_steps + 1
    highest = functional.max_pool1d(likeness[None], reach, stride=1, padding=apart_steps)[0]
    likeness = torch.where((likeness == highest) & (likeness > 0), likeness, -1.0)
    values, places = likeness.topk(min(MOST_SIMILAR, likeness.shape[0]), dim=1)
    return places, (values > 0).sum(dim=1)


def _median(values: torch.Tensor, dim: int) -> torch.Tensor:
    """The mean of the two middle ones of an even number, unlike torch's."""
    count = values.shape[dim]
    ordered = values.sort(dim=dim).values
    return (ordered.select(dim, (count - 1) // 2) + ordered.select(dim, count // 2)) / 2
