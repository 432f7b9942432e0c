"""Simpson, Roma and Plumbley 2015: the NMF that their "Deep Karaoke" network is held against.

Mono, 44.1 kHz, Hann 2048, hop 512. Windows of 20 frames of 1025 magnitudes are sums of patterns
from two dictionaries, the voice's and the rest's, each learnt from its own source
(``stemdesk_training.nmf_dictionaries``). What a mixture's window has of each pattern is found by
multiplicative updates for the Kullback-Leibler divergence (Lee and Seung 2001), the dictionaries
fixed. The score of a bin is the voice's share of what its windows are sums of, and the voice's
mask is 1 where it lies above alpha (the card's ``threshold``).
"""

from __future__ import annotations

import torch
from torch import nn

from stemdesk.separation.network import MaskNetwork
from stemdesk_models.framing import SLICE_WINDOWS, by_channel, channel_magnitudes, windows
from stemdesk_models.simpson2015 import BINS, FRAMES

FULL_BASES = 1500  # of each source, in the paper
SEED = 2015
# Against a division by zero, far below what any pattern adds to a bin that one hears.
SILENCE = 1e-12


class KaraokeNmf(MaskNetwork):
    """Scores of one stem, the voice, per channel.

    Args:
        bases: patterns of each source; :data:`FULL_BASES` in the paper.
        iterations: updates of what a window has of each pattern.
        stride: frames from one window to the next, a divisor of 20; 1 in the paper. A bin's score
            is the mean over the ``20 / stride`` windows that hold it.
    """

    def __init__(self, bases: int = 200, iterations: int = 20, stride: int = 5) -> None:
        super().__init__()
        if FRAMES % stride or min(bases, iterations, stride) < 1:
            raise ValueError("stride must divide 20, and bases and iterations be at least 1")
        self.iterations, self.stride = iterations, stride
        fresh = torch.rand(2, bases, FRAMES * BINS)
        self.vocals = nn.Parameter(fresh[0], requires_grad=False)
        self.accompaniment = nn.Parameter(fresh[1], requires_grad=False)

    def scores(self, rows: torch.Tensor) -> torch.Tensor:
        """Windows ``[count, 20, 1025]`` -> the voice's shares, 0 to 1, of the same shape."""
        dictionary = torch.cat((self.vocals, self.accompaniment))
        bases = len(self.vocals)
        # The same start for every window, so that a window's answer does not depend on its place.
        seed = torch.Generator().manual_seed(SEED)
        start = torch.rand(len(dictionary), generator=seed).to(rows.device)
        flat = rows.flatten(1)
        amounts = start.expand(len(rows), -1)
        for _ in range(self.iterations):
            amounts = amounts_improved(flat, amounts, dictionary)
        voice = amounts[:, :bases] @ self.vocals
        total = voice + amounts[:, bases:] @ self.accompaniment
        return (voice / total.clamp_min(SILENCE)).view_as(rows)

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; scores from 0 to 1 ``[batch, 1, channels, 1025, steps]``."""
        magnitudes = channel_magnitudes(mixture)
        items, steps, _ = magnitudes.shape
        before = FRAMES - self.stride
        after = before + -steps % self.stride
        total = magnitudes.new_zeros(items, before + steps + after, BINS)
        for item, rows in enumerate(windows(magnitudes, FRAMES, before, after)):
            rows = rows[:: self.stride]
            for first in range(0, len(rows), SLICE_WINDOWS):
                some = self.scores(rows[first : first + SLICE_WINDOWS])
                begin, length = first * self.stride, len(some) * self.stride
                for place in range(FRAMES):
                    there = slice(begin + place, begin + place + length, self.stride)
                    total[item, there] += some[:, place]
        mean = total[:, before : before + steps] * (self.stride / FRAMES)
        return by_channel(mean.transpose(1, 2), mixture).unsqueeze(1)


def amounts_improved(
    rows: torch.Tensor, amounts: torch.Tensor, dictionary: torch.Tensor
) -> torch.Tensor:
    """One multiplicative update of ``amounts [count, bases]``.

    Args:
        rows: what ``amounts @ dictionary`` is to be, ``[count, size]``, not negative.
        amounts: how much of each pattern.
        dictionary: patterns ``[bases, size]``.
    """
    ratio = rows / (amounts @ dictionary).clamp_min(SILENCE)
    return amounts * (ratio @ dictionary.T) / dictionary.sum(dim=1).clamp_min(SILENCE)
