"""A split of a pool in the memory of the device that trains, and random numbers there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk_training.corpus.mixing import no_files, song_names
from stemdesk_training.corpus.waveform import STEMS
from stemdesk_training.device.effects import at_speed

if TYPE_CHECKING:
    from pathlib import Path

SILENT_RMS = 0.003
CANDIDATES = 4  # draws, of which the first that sounds is taken
KEEP_SILENT = 0.1
SPARSE = 64  # every so many frames are looked at to tell whether an excerpt sounds


class Draws:
    """Random numbers for one batch, repeatable by key on the same kind of device."""

    def __init__(self, key: int, size: int, device: torch.device) -> None:
        self._generator = torch.Generator(device).manual_seed(key)
        self.size, self.device = size, device

    def uniform(self, low: float, high: float, *shape: int) -> torch.Tensor:
        """Evenly between ``low`` and ``high``, ``[size, *shape]``."""
        drawn = torch.rand(self.size, *shape, generator=self._generator, device=self.device)
        return low + (high - low) * drawn

    def normal(self, *shape: int) -> torch.Tensor:
        """Standard normal, ``[size, *shape]``."""
        return torch.randn(self.size, *shape, generator=self._generator, device=self.device)

    def chance(self, probability: float) -> torch.Tensor:
        """True with the given probability, ``[size]``."""
        return self.uniform(0, 1) < probability

    def triangular(self, left: float, mode: float, right: float) -> torch.Tensor:
        """From a triangular distribution, ``[size]``, by its inverse."""
        drawn = self.uniform(0, 1)
        turn = (mode - left) / (right - left)
        rising = left + (drawn * (right - left) * (mode - left)).sqrt()
        falling = right - ((1 - drawn) * (right - left) * (right - mode)).sqrt()
        return torch.where(drawn < turn, rising, falling)


class DevicePool:
    """All of ``pool/split`` as int16 on ``device``: segments stem by stem, and whole songs.

    Raises:
        UserError: a stem has no file.
    """

    def __init__(self, pool: Path, split: str, device: torch.device) -> None:
        self._songs = [
            _joined([pool / split / f"{name}{stem}.npy" for name in names], device)
            for stem in STEMS
            if (names := song_names(pool, split))
        ]
        self._samples = {}
        for place, stem in enumerate(STEMS):
            paths = sorted((pool / split).glob(f"{stem}_*.npy"))
            if not paths and not self._songs:
                raise no_files(pool, split, stem)
            self._samples[stem] = _joined(paths, device) if paths else self._songs[place]

    @property
    def has_songs(self) -> bool:
        """Whether there is music whose stems belong together."""
        return bool(self._songs)

    def songs(self, draws: Draws, speeds: torch.Tensor, frames: int) -> torch.Tensor:
        """One moment of a song for each item, all stems alike, ``[batch, stems, 2, frames]``."""
        room = max(1, self._songs[0].shape[1] - int(frames * float(speeds.max())) - 4)
        starts = (draws.uniform(0, 1).double() * room).long()
        return torch.stack(
            [at_speed(samples, starts, speeds, frames) for samples in self._songs], dim=1
        )

    def excerpts(self, stem: str, draws: Draws, speeds: torch.Tensor, frames: int) -> torch.Tensor:
        """One random excerpt for each item, ``[batch, 2, frames]``; silent ones are rare."""
        samples = self._samples[stem]
        room = max(1, samples.shape[1] - int(frames * float(speeds.max())) - 4)
        starts = (draws.uniform(0, 1, CANDIDATES).double() * room).long()
        sparse = torch.arange(0, frames, SPARSE, device=samples.device)
        heard = samples[:, (starts[..., None] + sparse).clamp_max(samples.shape[1] - 1)]
        rms = (heard.float() / 32768).square().mean(dim=(0, 3)).sqrt()
        sounds = rms > SILENT_RMS
        sounds[:, 0] |= draws.chance(KEEP_SILENT)
        first = sounds.int().argmax(dim=1, keepdim=True)
        return at_speed(samples, starts.gather(1, first)[:, 0], speeds, frames)


def _joined(paths: list[Path], device: torch.device) -> torch.Tensor:
    """Files ``[frames, 2]`` one after the other, ``[2, frames]``."""
    return torch.cat([torch.from_numpy(np.load(path)).to(device).T for path in paths], dim=1)
