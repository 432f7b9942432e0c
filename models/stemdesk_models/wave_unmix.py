"""George, Li, Min and Seong: Open-Unmix in the time domain, a Wave-U-Net around its LSTM.

Wave-U-Net (Stoller, Ewert and Dixon 2018): eight levels that halve the rate, 24 more features at
each, kernels of 15 down and 5 up, skips; at the bottom the LSTM of Open-Unmix. The card's rate is
16 kHz. One network per stem; their spectra become masks (``masks = "spectrum"``), so the null law
holds as for every other system.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from stemdesk.separation.network import MaskNetwork
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings

CHANNELS = 2
LEVELS = 8
FEATURES = 24
DOWN_KERNEL, UP_KERNEL = 15, 5
SLOPE = 0.2


class WaveUnmix(MaskNetwork):
    """The waveform of one stem, and its spectrum.

    Args:
        n_fft: of the card's transform.
        hop: of the card's transform.
    """

    def __init__(self, n_fft: int = 1024, hop: int = 256) -> None:
        super().__init__()
        self.stft = StftSettings(n_fft, hop, n_fft)
        widths = [FEATURES * (level + 1) for level in range(LEVELS)]
        self.down = nn.ModuleList(
            nn.Conv1d(inputs, outputs, DOWN_KERNEL, padding=DOWN_KERNEL // 2)
            for inputs, outputs in zip([CHANNELS, *widths], widths, strict=False)
        )
        bottom = widths[-1]
        self.lstm = nn.LSTM(
            bottom, 256, num_layers=3, batch_first=True, bidirectional=True, dropout=0.4
        )
        self.back = nn.Linear(512, bottom)
        self.up = nn.ModuleList()
        inputs = bottom
        for width in reversed(widths):
            self.up.append(nn.Conv1d(inputs + width, width, UP_KERNEL, padding=UP_KERNEL // 2))
            inputs = width
        self.out = nn.Conv1d(inputs + CHANNELS, CHANNELS, 1)

    def waveform(self, mixture: torch.Tensor) -> torch.Tensor:
        """Mixture ``[batch, 2, frames]`` -> stem of that shape."""
        signal, skips = mixture, []
        for layer in self.down:
            signal = functional.leaky_relu(layer(signal), SLOPE)
            skips.append(signal)
            signal = signal[..., ::2]
        mixed: torch.Tensor = self.back(self.lstm(signal.transpose(1, 2))[0])
        signal = signal + mixed.transpose(1, 2)
        for layer, skip in zip(self.up, reversed(skips), strict=True):
            signal = functional.interpolate(
                signal, size=skip.shape[-1], mode="linear", align_corners=False
            )
            signal = functional.leaky_relu(layer(torch.cat((signal, skip), dim=1)), SLOPE)
        stem: torch.Tensor = self.out(torch.cat((signal, mixture), dim=1))
        return stem.tanh()

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; the stem's spectrum ``[batch, 1, 2, bins, steps]``."""
        steps = mixture.shape[-1]
        frames = (steps - 1) * self.stft.hop
        wave = self.waveform(istft(mixture, self.stft, max(frames, 1)))
        return stft(wave, self.stft)[..., :steps].unsqueeze(1)
