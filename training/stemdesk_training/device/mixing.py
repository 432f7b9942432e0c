"""Random mixes made where they are trained on; the distribution is that of ``corpus.mixing``.

A GPU trains faster than processors mix: 16 cores make some 300 seconds of mixes a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import torch

from stemdesk_training.corpus.drawing import Drawing
from stemdesk_training.corpus.mixing import (
    ABSENT,
    BALANCE_DB,
    BAND_LIMIT_HZ,
    BAND_LIMITED,
    DROPPED,
    LAYERED,
    LEAD,
    LEAD_DB,
    LEVEL_DB,
    MUTED,
    ROOM,
    STRETCHED,
)
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.device.effects import (
    ducking_gain,
    filtered,
    limiter_gain,
    pass_response,
    room_response,
    spectrum_frames,
    tone_response,
)
from stemdesk_training.device.pool import DevicePool, Draws

if TYPE_CHECKING:
    from pathlib import Path

TONED, HALLED, DUCKED, LIMITED = 0.4, 0.15, 0.2, 0.4
HALL_FRAMES = RATE_HZ  # longest tail
LOUDEST_GAIN = 16.0  # a mix that is nearly silent stays so


def _gain(level_db: torch.Tensor) -> torch.Tensor:
    return (10 ** (level_db / 20))[:, None, None]


class DeviceMixes:
    """Iterates over batches ``start, start + 1, ...`` of stems that sum to their mixture.

    Args:
        pool: folder made by ``python -m stemdesk_training.corpus``.
        seconds: length of an item.
        seed: with a batch's index the key of everything drawn.
        size: items per batch.
        device: where pool and batches lie.
        drawing: how; None for the defaults. Excerpts are always varied.
    """

    def __init__(
        self,
        pool: Path,
        seconds: float,
        seed: int,
        size: int,
        device: torch.device,
        drawing: Drawing | None = None,
    ) -> None:
        self._pool = DevicePool(pool, "train", device)
        self._frames = round(seconds * RATE_HZ)
        self._bins = spectrum_frames(self._frames) // 2 + 1
        self._seed, self._size, self._device = seed, size, device
        drawing = drawing or Drawing()
        self._aligned, self._speed = drawing.aligned, drawing.speed
        louder_db = [drawing.gains_db.get(stem, 0.0) for stem in STEMS]
        self._gains = 10 ** (torch.tensor(louder_db, device=device) / 20)
        self._next = 0

    def starting_at(self, index: int) -> Self:
        """Go on from batch ``index``."""
        self._next = index
        return self

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> torch.Tensor:
        self._next += 1
        return self.batch(self._next - 1)

    def batch(self, index: int) -> torch.Tensor:
        """Stems of one batch: float32 ``[size, 4, 2, frames]``, order of ``STEMS``."""
        draws = Draws(self._seed * 1_000_003 + index, self._size, self._device)
        stems = self._from_segments(draws)
        if self._pool.has_songs:
            aligned = draws.chance(self._aligned)[:, None, None, None]
            stems = torch.where(aligned, self._from_songs(draws), stems)
        stems *= self._gains[:, None, None]
        stems *= self._entries(draws)
        self._master(stems, draws)
        return stems

    def _from_segments(self, draws: Draws) -> torch.Tensor:
        """Independent excerpts, which have nothing in common."""
        present = torch.stack([~draws.chance(ABSENT[stem]) for stem in STEMS], dim=1)
        # Never nothing at all.
        spare = (draws.uniform(0, 1) * len(STEMS)).long()[:, None]
        present |= torch.zeros_like(present).scatter(1, spare, value=True) & ~present.any(
            dim=1, keepdim=True
        )
        shared = self._shared_responses(draws, present[:, 2])
        stems = torch.stack([self._stem(stem, draws, shared[stem]) for stem in STEMS], dim=1)
        stems *= present[:, :, None, None]
        self._balance(stems, draws)
        return stems

    def _from_songs(self, draws: Draws) -> torch.Tensor:
        """One moment of a song each: one speed, but every stem with its own level and tone."""
        stems = self._pool.songs(draws, self._speeds(draws), self._frames)
        stems = torch.where(draws.chance(0.5)[:, None, None, None], stems.flip(2), stems)
        for place in range(len(STEMS)):
            level = _gain(draws.triangular(*BALANCE_DB)) * ~draws.chance(MUTED)[:, None, None]
            stems[:, place] = level * filtered(stems[:, place], self._tone(draws))
        return stems

    def _entries(self, draws: Draws) -> torch.Tensor:
        """0 and 1, ``[size, stems, 1, frames]``: some stems begin or end at once midway."""
        time = torch.arange(self._frames, device=self._device)
        rows = []
        for _ in STEMS:
            after = time >= draws.uniform(0, self._frames)[:, None]
            kept = torch.where(draws.chance(0.5)[:, None], after, ~after)
            rows.append(kept | ~draws.chance(DROPPED)[:, None])
        return torch.stack(rows, dim=1)[:, :, None]

    def _speeds(self, draws: Draws) -> torch.Tensor:
        return torch.where(draws.chance(STRETCHED), draws.uniform(*self._speed), 1.0)

    def _tone(self, draws: Draws) -> torch.Tensor:
        """At times a shelf or a bell."""
        kind = (draws.uniform(0, 1) * 3).long()
        frequency = 100 * 60 ** draws.uniform(0, 1) / RATE_HZ
        gain_db = (draws.normal() * 4).clamp(-10, 10) * draws.chance(TONED)
        return tone_response(self._bins, kind, frequency, gain_db)

    def _shared_responses(self, draws: Draws, bass: torch.Tensor) -> dict[str, torch.Tensor]:
        """What an item's stems have in common: the band limit; and the room left to a bass."""
        lowest_hz, highest_hz = BAND_LIMIT_HZ
        cutoff = lowest_hz * (highest_hz / lowest_hz) ** draws.uniform(0, 1) / RATE_HZ
        limited = draws.chance(BAND_LIMITED)[:, None, None]
        limit = torch.where(limited, pass_response(self._bins, cutoff, 24), 1.0)
        low_cut = pass_response(self._bins, draws.uniform(50, 120) / RATE_HZ, -4)
        cleared = torch.where((bass & draws.chance(ROOM))[:, None, None], low_cut, 1.0) * limit
        return {"vocals": limit, "drums": cleared, "bass": limit, "other": cleared}

    def _stem(self, stem: str, draws: Draws, response: torch.Tensor) -> torch.Tensor:
        clip = self._excerpt(stem, draws, response)
        if LAYERED[stem] > 0:
            second = _gain(draws.uniform(-12, 0)) * draws.chance(LAYERED[stem])[:, None, None]
            clip = clip + second * self._excerpt(stem, draws, response)
        return clip * _gain(draws.triangular(*LEVEL_DB[stem]))

    def _excerpt(self, stem: str, draws: Draws, response: torch.Tensor) -> torch.Tensor:
        """One excerpt with its own speed, tone, hall and image."""
        clip = self._pool.excerpts(stem, draws, self._speeds(draws), self._frames)
        hall = room_response(
            draws.normal(2, HALL_FRAMES),
            draws.uniform(0.2, 1.5) * RATE_HZ,
            draws.uniform(0.05, 0.5) * draws.chance(HALLED),
            spectrum_frames(self._frames),
        )
        return self._image(filtered(clip, response * self._tone(draws) * hall), draws)

    @staticmethod
    def _image(clip: torch.Tensor, draws: Draws) -> torch.Tensor:
        """Channel swap, narrowing, a small pan, polarity."""
        swap = draws.chance(0.5)[:, None, None]
        clip = torch.where(swap, clip.flip(1), clip)
        narrow = draws.uniform(0, 1) * draws.chance(0.5)
        width = torch.where(draws.chance(0.25), narrow, 1.0)[:, None, None]
        mid = clip.mean(dim=1, keepdim=True)
        clip = mid + width * (clip - mid)
        lean = (draws.normal() * 0.1).clamp(-0.4, 0.4)
        sign = torch.where(draws.chance(0.5), -1.0, 1.0)
        return clip * torch.stack(((1 - lean) * sign, (1 + lean) * sign), dim=1)[..., None]

    @staticmethod
    def _balance(stems: torch.Tensor, draws: Draws) -> None:
        """Some mixes are carried by one stem; some pump to the drums."""
        lead = (draws.uniform(0, 1) * len(STEMS)).long()
        lift = torch.where(draws.chance(LEAD), draws.uniform(*LEAD_DB), 0.0)
        stems[torch.arange(len(stems), device=stems.device), lead] *= _gain(lift)
        depth = draws.uniform(0.3, 0.95) * draws.chance(DUCKED)
        stems[:, 2:] *= ducking_gain(stems[:, 1], depth, draws.uniform(0.05, 0.25))[:, None]

    @staticmethod
    def _master(stems: torch.Tensor, draws: Draws) -> None:
        """Loudness of a master, at times through a limiter; one gain for all stems."""
        mixture = stems.sum(dim=1)
        rms = mixture.square().mean(dim=(1, 2)).add(1e-9).sqrt()
        wanted = _gain(draws.uniform(-26, -9))[:, 0, 0] / rms
        stems *= wanted.clamp_max(LOUDEST_GAIN)[:, None, None, None]
        ceiling = _gain(draws.uniform(-6, 0))[:, 0, 0]
        limited = draws.chance(LIMITED)[:, None, None]
        stems *= torch.where(limited, limiter_gain(stems.sum(dim=1), ceiling), 1.0)[:, None]
        peak = stems.sum(dim=1).abs().amax(dim=(1, 2)).clamp_min(1)
        stems /= peak[:, None, None, None]
