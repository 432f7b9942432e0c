"""Slower or faster at the same pitch: WSOLA, in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.playback.fades import fade_in

if TYPE_CHECKING:
    from stemdesk.playback.source import Block

SLOWEST, FASTEST = 0.5, 2.0
HOP_MS = 25.0
TOLERANCE_MS = 12.5  # either way: together one period of 40 Hz


class Stretch:
    """Waveform-similarity overlap-add (Verhelst and Roelands, ICASSP 1993).

    The output is laid out in hops of 25 ms. In each, the natural continuation of what was laid
    down before fades out while a segment near the place where the input should be by then fades
    in: the one, within 12.5 ms, whose waveform is most like that continuation. Normalised
    cross-correlation, summed over the channels, measures the likeness; all channels move
    together, so that the stereo image stays. Deviations never add up.

    Args:
        sample_rate: Hz.
        channels: number of channels.
        speed: input frames per output frame, 0.5 to 2.
    """

    def __init__(self, sample_rate: int, channels: int, speed: float) -> None:
        self._speed = speed
        self._hop = max(2, round(sample_rate * HOP_MS / 1000))
        self._tolerance = round(sample_rate * TOLERANCE_MS / 1000)
        self._rise = fade_in(self._hop)
        self._input: Block = np.zeros((channels, 0), np.float32)
        self._input_first = 0
        self._pushed_frames = 0
        self._hops = 0
        self._continuation = 0

    def push(self, block: Block) -> Block:
        """Takes the next block `[channels, n]` and returns what is ready, `[channels, m]`."""
        self._pushed_frames += block.shape[1]
        return self._run(block)

    def finish(self) -> Block:
        """Returns the rest; all pushes and this give `round(pushed / speed)` frames together."""
        wanted = round(self._pushed_frames / self._speed)
        missing = max(0, wanted - self._hops * self._hop)
        # Silence enough for the hops that are still missing.
        silent = self._frames_needed(-(-missing // self._hop)) - self._input_end
        silence = np.zeros((self._input.shape[0], max(0, silent)), np.float32)
        return self._run(silence)[:, :missing]

    def _run(self, block: Block) -> Block:
        self._input = np.concatenate([self._input, block], axis=1)
        hops = [self._input[:, :0]]
        while self._frames_needed(1) <= self._input_end:
            hops.append(self._next_hop())
        return np.concatenate(hops, axis=1)

    @property
    def _input_end(self) -> int:
        return self._input_first + int(self._input.shape[1])

    def _search_range(self, hop: int) -> tuple[int, int]:
        """First and last frame at which the segment of a hop may begin.

        The middle of the segment's window, one hop behind its beginning, should lie on the line
        `input = speed * output`.
        """
        target = round((hop + 1) * self._hop * self._speed) - self._hop
        first = max(0, target - self._tolerance)
        return first, max(first, target + self._tolerance)

    def _frames_needed(self, hops: int) -> int:
        """Frames that must have been pushed before so many more hops can be laid down."""
        if hops < 1:
            return 0
        _, last = self._search_range(self._hops + hops - 1)
        # Every hop's continuation lies at most this far behind the segment before it.
        continuation = self._continuation
        if hops > 1:
            continuation = self._search_range(self._hops + hops - 2)[1] + self._hop
        return max(last, continuation) + self._hop

    def _next_hop(self) -> Block:
        leaving = self._at(self._continuation, self._hop)
        first, last = self._search_range(self._hops)
        if self._hops == 0:
            chosen = 0
        else:
            region = self._at(first, last - first + self._hop)
            chosen = first + most_alike(leaving, region)
        entering = self._at(chosen, self._hop)
        self._hops += 1
        self._continuation = chosen + self._hop
        self._forget(min(self._continuation, self._search_range(self._hops)[0]))
        return leaving * (1 - self._rise) + entering * self._rise

    def _at(self, frame: int, frames: int) -> Block:
        offset = frame - self._input_first
        return self._input[:, offset : offset + frames]

    def _forget(self, until: int) -> None:
        self._input = self._input[:, max(0, until - self._input_first) :]
        self._input_first = max(self._input_first, until)


def most_alike(template: Block, region: Block) -> int:
    """Where in `region [channels, m]` the piece most like `template [channels, n]` begins.

    The maximum of the normalised cross-correlation; the middle if nothing correlates (silence).
    """
    length = template.shape[1]
    lags = region.shape[1] - length + 1
    size = 1 << (region.shape[1] - 1).bit_length()
    spectrum = np.fft.rfft(region, size) * np.conj(np.fft.rfft(template, size))
    correlation = np.fft.irfft(spectrum.sum(axis=0), size)[:lags]
    energy = np.cumsum(np.pad(np.square(region, dtype=np.float64).sum(axis=0), (1, 0)))
    energies = energy[length:] - energy[:-length]
    # A floor of -100 dB below the loudest: cancelled sums of squares are not trusted.
    floor = 1e-10 * float(energies.max()) + 1e-30
    likeness = correlation / np.sqrt(np.maximum(energies, floor))
    best = int(np.argmax(likeness))
    return best if likeness[best] > 0.0 else lags // 2
