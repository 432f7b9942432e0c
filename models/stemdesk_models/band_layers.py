"""What mixes bands ``[batch, bands, steps, width]`` along steps and along bands.

Every layer is the branch of a residual connection: same shape in and out. A layer that hears
other steps (a :class:`StepLayer`) can also go on where it stopped, which is how a causal network
runs live.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import nn
from torch.nn import functional

Memory = tuple[torch.Tensor, ...]
"""What a layer remembers of the steps so far."""


class StepLayer(nn.Module, ABC):
    """A layer that hears other steps."""

    @abstractmethod
    def go_on(self, bands: torch.Tensor, memory: Memory | None) -> tuple[torch.Tensor, Memory]:
        """Take further steps of a causal stream; ``memory`` is None at its beginning."""


class DepthwiseMix(StepLayer):
    """Depthwise convolution over (bands, steps), SiLU, then a dense layer over the width.

    Args:
        width: features per band.
        kernel: reach over (bands, steps).
        dilation: over steps.
        causal: hear past steps only, otherwise as many to come as past.
    """

    def __init__(
        self, width: int, kernel: tuple[int, int], *, dilation: int = 1, causal: bool = False
    ) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.reach = (kernel[1] - 1) * dilation
        self.conv = nn.Conv2d(
            width,
            width,
            kernel,
            padding=(kernel[0] // 2, 0 if causal else self.reach // 2),
            dilation=(1, dilation),
            groups=width,
        )
        self.out = nn.Linear(width, width)
        self.causal = causal

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Mix a whole signal."""
        if self.causal:
            return self.go_on(bands, None)[0]
        return self._convolve(self.norm(bands))

    def go_on(self, bands: torch.Tensor, memory: Memory | None) -> tuple[torch.Tensor, Memory]:
        """The memory is the normalised input of the last steps that the kernel reaches."""
        batch, count, _, width = bands.shape
        past = bands.new_zeros(batch, count, self.reach, width) if memory is None else memory[0]
        heard = torch.cat((past, self.norm(bands)), dim=2)
        # A copy: a view would keep all of `heard` for as long as the memory.
        last = heard[:, :, heard.shape[2] - self.reach :].clone()
        return self._convolve(heard), (last,)

    def _convolve(self, normed: torch.Tensor) -> torch.Tensor:
        # A channels-last view: no copy.
        mixed = self.conv(normed.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        out: torch.Tensor = self.out(functional.silu(mixed))
        return out


class StepRecurrence(StepLayer):
    """LSTM along steps, the same for each band; in both directions unless causal.

    Args:
        width: features per band.
        cells: of the LSTM, of all directions together; 0: as many as features.
        causal: hear past steps only.
    """

    def __init__(self, width: int, cells: int = 0, *, causal: bool = False) -> None:
        super().__init__()
        cells = cells or width
        self.norm = nn.RMSNorm(width, eps=1e-6)
        hidden = cells if causal else cells // 2
        self.lstm = nn.LSTM(width, hidden, batch_first=True, bidirectional=not causal)
        self.out = nn.Linear(cells, width)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Mix a whole signal."""
        return self.go_on(bands, None)[0]

    def go_on(self, bands: torch.Tensor, memory: Memory | None) -> tuple[torch.Tensor, Memory]:
        """The memory is the state of the LSTM."""
        batch, count, steps, width = bands.shape
        rows = self.norm(bands).reshape(batch * count, steps, width)
        rows, memory = self.lstm(rows, memory)
        return self.out(rows).view(batch, count, steps, width), memory


class BandRecurrence(nn.Module):
    """LSTM along bands in both directions, each step on its own.

    Args:
        width: features per band.
        cells: of the LSTM, of both directions together; 0: as many as features.
    """

    def __init__(self, width: int, cells: int = 0) -> None:
        super().__init__()
        cells = cells or width
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.lstm = nn.LSTM(width, cells // 2, batch_first=True, bidirectional=True)
        self.out = nn.Linear(cells, width)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Same shape in and out."""
        batch, count, steps, width = bands.shape
        rows = self.norm(bands).transpose(1, 2).reshape(batch * steps, count, width)
        mixed: torch.Tensor = self.out(self.lstm(rows)[0]).view(batch, steps, count, width)
        return mixed.transpose(1, 2)


def _rotate(values: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions on ``[..., bands, dims]``: turn each (even, odd) pair by its angle."""
    even, odd = values[..., ::2], values[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class BandAttention(nn.Module):
    """Multi-head attention across bands with rotary positions (Su et al. 2021), step by step."""

    def __init__(self, width: int, heads: int, bands: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        dims = width // heads
        rate = 10000.0 ** (-torch.arange(0, dims, 2) / dims)
        angle = torch.arange(bands)[:, None] * rate
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Same shape in and out."""
        batch, count, steps, width = bands.shape
        rows = self.norm(bands).transpose(1, 2).reshape(batch * steps, count, width)
        qkv = self.qkv(rows).view(batch * steps, count, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        cos, sin = self.get_buffer("cos"), self.get_buffer("sin")
        seen = functional.scaled_dot_product_attention(
            _rotate(query, cos, sin).to(value.dtype), _rotate(key, cos, sin).to(value.dtype), value
        )
        rows = self.out(seen.transpose(1, 2).reshape(batch * steps, count, width))
        mixed: torch.Tensor = rows.view(batch, steps, count, width).transpose(1, 2)
        return mixed


class GatedFeedForward(nn.Module):
    """Gated feed-forward layer with SiLU (Shazeer 2020)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.into = nn.Linear(width, 2 * hidden, bias=False)
        self.out = nn.Linear(hidden, width, bias=False)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Same shape in and out."""
        value, gate = self.into(self.norm(bands)).chunk(2, dim=-1)
        out: torch.Tensor = self.out(functional.silu(gate) * value)
        return out
