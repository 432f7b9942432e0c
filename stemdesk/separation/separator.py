"""The separation of one song as a stream: mixture in, estimates of all stems but one out.

The closing stem is not estimated: it is what the closure finds between the mixture and the
others, so computing it here would only cost time and disk. Only the reconstruction of the papers,
which closes nothing, estimates them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import torch

from stemdesk.separation.chunks import Chunk, ChunkPlan, MaskBlender
from stemdesk.separation.stft import StreamingIstft, padded_frames, stft_padded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.mask_settings import Reconstruction
    from stemdesk.separation.transform import StftSettings

Samples = npt.NDArray[np.float32]
Check = Callable[[], None]
QUIET = 1e-9
STEPS_AT_ONCE = 64  # of the inverse transform, whose spectra are four times the size of masks


def unhindered() -> None:
    """A check that never stops the work."""


class MixtureSource(Protocol):
    """A mixture at the model's rate, read front to back."""

    @property
    def channels(self) -> int:
        """Number of channels."""
        ...

    @property
    def frames(self) -> int:
        """Exact length in frames."""
        ...

    def read(self, frames: int) -> Samples:
        """The next ``[channels, n]``, ``n <= frames``, ``n == 0`` at the end."""
        ...


@runtime_checkable
class SeekableSource(MixtureSource, Protocol):
    """A mixture that need not be read up to the place where one wants to be."""

    def seek(self, frame: int) -> None:
        """Make ``frame`` the next to be read."""
        ...


class ArraySource:
    """A mixture held in memory, ``[channels, frames]``."""

    def __init__(self, samples: Samples) -> None:
        self._samples, self._position = samples, 0

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self._samples.shape[0])

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self._samples.shape[1])

    def read(self, frames: int) -> Samples:
        """The next stretch."""
        start = self._position
        self._position = min(self.frames, start + frames)
        return self._samples[:, start : self._position]

    def seek(self, frame: int) -> None:
        """Make ``frame`` the next to be read."""
        self._position = frame


@dataclass(frozen=True)
class Estimate:
    """Finished estimates from one chunk.

    Attributes:
        chunk: index of the chunk, and ``chunks`` how many there are.
        samples: ``[stems, channels, frames]`` at the model's rate, following the last one's; the
            stems are all but the closing one, unless nothing closes.
        engine_state: how far the engine had given way, for a later start after this chunk.
    """

    chunk: int
    chunks: int
    samples: Samples
    engine_state: dict[str, Any]


class Engine(Protocol):
    """What makes masks: a network on a device, or somebody who knows the truth.

    Attributes:
        card: the stems, the STFT, the chunks.
        reconstruction: whether masks sum to one.
        device: where it computes.
        remembers: its masks depend on all of the song before, which it wants in order.
    """

    card: ModelCard
    reconstruction: Reconstruction
    device: torch.device

    @property
    def remembers(self) -> bool:
        """See above; the same for all songs."""
        ...

    @property
    def estimated_stems(self) -> int:
        """How many stems are estimated: all but the closing one, or all where nothing closes."""
        ...

    def state(self) -> dict[str, Any]:
        """What decides the bits of the masks to come, JSON-able."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """Begin a song afresh (``state`` empty), or go on as :meth:`state` said."""
        ...

    def masks(self, spectrum: torch.Tensor, first_step: int = 0) -> torch.Tensor:
        """Masks ``[stems, channels, bins, steps]`` for ``spectrum`` ``[channels, bins, steps]``.

        Args:
            spectrum: of the mixture.
            first_step: of the song, where it begins.
        """
        ...


class Separator:
    """Chunk plan -> masks -> one continuous inverse STFT, for the model in ``engine``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._settings = engine.card.stft

    def plan(self, frames: int) -> ChunkPlan:
        """The chunks of a song of ``frames`` frames at the model's rate."""
        chunk, steps = self.engine.card.chunk, self._settings.steps(frames)
        back = not self.engine.remembers
        return ChunkPlan(
            steps, chunk.steps, chunk.overlap_steps, chunk.first_steps, reaches_back=back
        )

    def edges(self, frames: int) -> list[int]:
        """Where each chunk's estimates begin, and the end of the song, at the model's rate.

        The estimates of chunk ``i`` are the frames ``edges[i]`` to ``edges[i + 1]``: what no later
        chunk can change, which is half a window less than the steps that it decides.
        """
        half = self._settings.n_fft // 2
        firsts = [max(0, chunk.blend * self._settings.hop - half) for chunk in self.plan(frames)]
        return [*firsts, frames]

    def estimate(
        self,
        source: MixtureSource,
        first_chunk: int = 0,
        scale: float = 1.0,
        engine_state: dict[str, Any] | None = None,
        check: Check = unhindered,
    ) -> Iterator[Estimate]:
        """Estimates from chunk ``first_chunk`` on.

        A later start gives, bit for bit, what a run from the beginning gives: one chunk before it
        is computed again, and everything that reaches into ``first_chunk`` (the cross-fade and
        the overlap of the inverse STFT) lies within that chunk. An engine that remembers computes
        all chunks before it again.

        Args:
            source: at its beginning, or anywhere if it can be sought.
            first_chunk: index of the first chunk to deliver.
            scale: the spectrogram is multiplied by it for the network only (see ``song_peak``).
            engine_state: that of the estimate before ``first_chunk``; what memory asked of
                another song is forgotten.
            check: called between pieces of work; what it raises ends the song.
        """
        plan = self.plan(source.frames)
        settings = self._settings
        window = SlidingWindow(source, check)
        blender, inverse = MaskBlender(plan), StreamingIstft(settings)
        self.engine.restore(engine_state or {})
        begin = 0 if self.engine.remembers else max(0, first_chunk - 1)
        for index in range(begin, len(plan)):
            check()
            chunk = plan[index]
            spectrum = stft_padded(torch.from_numpy(window.around(chunk, settings)), settings)
            masks = self.engine.masks(spectrum * scale, chunk.start)
            masks = masks[: self.engine.estimated_stems]
            masks = blender.push(chunk, masks)
            own = spectrum[..., chunk.blend - chunk.start : chunk.ready - chunk.start]
            last = index == len(plan) - 1
            samples = _inverted(inverse, masks, own, last=last)
            if index >= first_chunk:
                cut = self._cut(samples, chunk, source.frames, last)
                yield Estimate(index, len(plan), cut, self.engine.state())

    def _cut(self, samples: torch.Tensor, chunk: Chunk, frames: int, last: bool) -> Samples:  # noqa: FBT001
        """Drop what the last chunk's inverse STFT gives beyond the end of the song."""
        if last:
            start = max(0, chunk.blend * self._settings.hop - self._settings.n_fft // 2)
            samples = samples[..., : frames - start]
        return np.ascontiguousarray(samples.numpy())

    def song_scale(self, source: MixtureSource, check: Check = unhindered) -> float:
        """What ``song_peak`` models want: 1 / the largest STFT magnitude of the whole song."""
        settings, peak = self._settings, 0.0
        window = SlidingWindow(source, check)
        for chunk in self.plan(source.frames):
            check()
            spectrum = stft_padded(torch.from_numpy(window.around(chunk, settings)), settings)
            peak = max(peak, float(spectrum.abs().max()))
        return 1 / max(peak, QUIET)


def _inverted(
    inverse: StreamingIstft, masks: torch.Tensor, mixture: torch.Tensor, *, last: bool
) -> torch.Tensor:
    """Frames ``[stems, channels, frames]`` of masked steps, few of which are spectra at a time."""
    parts = list(
        zip(*(torch.split(x, STEPS_AT_ONCE, dim=-1) for x in (masks, mixture)), strict=True)
    )
    frames = [
        inverse.push(mask * part, last=last and place == len(parts) - 1)
        for place, (mask, part) in enumerate(parts)
    ]
    return torch.cat(frames, dim=-1)


class SlidingWindow:
    """Gives each chunk the frames its STFT reads, holding no more of the song than that."""

    def __init__(self, source: MixtureSource, check: Check = unhindered) -> None:
        self._source, self._check = source, check
        self._held = np.zeros((source.channels, 0), np.float32)
        self._start = 0

    def around(self, chunk: Chunk, settings: StftSettings) -> Samples:
        """Frames for steps ``start .. end`` with half a window on either side, zeros outside."""
        first = chunk.start * settings.hop - settings.n_fft // 2
        end = first + padded_frames(settings, chunk.end - chunk.start)
        self._hold(max(0, first), min(end, self._source.frames))
        before = max(0, -first)
        after = end - first - before - self._held.shape[1]
        return np.pad(self._held, ((0, 0), (before, after)))

    def _hold(self, first: int, end: int) -> None:
        keep = self._held[:, max(0, first - self._start) :]
        position = self._start + self._held.shape[1]
        if position < first and isinstance(self._source, SeekableSource):
            self._source.seek(first)
            position = first
        while position < first:
            self._check()
            skipped = self._source.read(min(first - position, 1 << 18)).shape[1]
            if not skipped:
                break
            position += skipped
        pieces, position = [keep], max(position, first)
        while position < end:
            block = self._source.read(end - position)
            if not block.shape[1]:
                # A resampler may fall short of the promised length by a frame: silence.
                block = np.zeros((self._held.shape[0], end - position), np.float32)
            pieces.append(block)
            position += block.shape[1]
        self._held, self._start = np.concatenate(pieces, axis=1), first
