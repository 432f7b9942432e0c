"""A song's own stems, as a model estimates them, put together anew: mixtures of which all is known.

A moment of the vocals, another of the drums, and so on, each at a level, polarity and with channels
of its own, make a mixture that the song could hold, and whose stems are what was put in. The
estimates are wrong in places, but elsewhere than the mixture needs them to be right, so that a
network learns more from such mixtures than the one that made the estimates knew (Tzinis et al.
2022, "RemixIT: Continual self-training of speech enhancement models via bootstrapped remixing").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

LEVEL_SPREAD_DB = 4.0
SHYNESS = 6.0
"""Natural logarithm of how much seldomer others are taken where vocals are loudest than without."""
FAINT_SHARE = 0.02
_QUIET = 1e-9


class Remixes:
    """Draws remixes; the same for the same seed.

    Args:
        passages: of the song, each ``[stems, channels, frames]``, its stems summing to it; frames
            may differ.
        vocals: place of the stem that is sung, of which loud moments are taken, and of the others
            moments in which it is quiet: what was missed of a voice is there among the others.
            None: all moments are taken alike.
        frames: length of a remix; no passage is shorter.
        grid_frames: distance of the moments that can be taken.
        seed: of the draws.

    Raises:
        ValueError: a passage is too short.
    """

    def __init__(
        self,
        passages: Sequence[Samples],
        vocals: int | None,
        frames: int,
        grid_frames: int,
        seed: int,
    ) -> None:
        if not passages or min(passage.shape[-1] for passage in passages) < frames:
            raise ValueError(f"a passage is shorter than the {frames} frames of a remix")
        self._passages, self._frames = passages, frames
        self._draw = np.random.default_rng(seed)
        self._moments = [
            (place, start)
            for place, passage in enumerate(passages)
            for start in _starts(passage.shape[-1] - frames, grid_frames)
        ]
        power = np.stack([_power(passages[at], start, frames) for at, start in self._moments], 1)
        # A stem that is hardly there is mostly leakage of the others. In remixes it would be taken
        # for something to look out for, so they do without, and moments as they are keep what of
        # it is none.
        self._is_faint = power.sum(axis=1) <= FAINT_SHARE * power.sum()
        self._chances = _chances(power, vocals, self._is_faint)
        self._drawn = 0

    def draw(self) -> Samples:
        """Stems ``[stems, channels, frames]`` of one remix."""
        self._drawn += 1
        if self._is_faint.any() and self._drawn % 2:
            take = self._take(np.full(len(self._moments), 1 / len(self._moments)))
            return np.stack([take(place) for place in range(len(self._chances))])
        stems = [self._take(chances)(place) for place, chances in enumerate(self._chances)]
        return np.where(self._is_faint[:, None, None], np.float32(0), np.stack(stems))

    def _take(self, chances: NDArray[np.float64]) -> Callable[[int], Samples]:
        """A moment, and how a stem sounds in it."""
        draw = self._draw
        passage, start = self._moments[draw.choice(len(self._moments), p=chances)]
        moment = self._passages[passage][..., start : start + self._frames]
        gain = 10 ** (draw.normal(0, LEVEL_SPREAD_DB) / 20) * draw.choice((-1.0, 1.0))
        order = draw.choice((-1, 1))
        return lambda place: moment[place, ::order] * np.float32(gain)


def _starts(last: int, grid_frames: int) -> list[int]:
    """Where moments begin, so that every frame is in one."""
    return sorted({*range(0, last, grid_frames), last})


def _power(passage: Samples, start: int, frames: int) -> Samples:
    """Of every stem, ``[stems]``."""
    moment = passage[..., start : start + frames]
    found: Samples = np.square(moment, dtype=np.float32).mean(axis=(1, 2))
    return found


def _chances(
    power: Samples, vocals: int | None, is_faint: NDArray[np.bool_]
) -> list[NDArray[np.float64]]:
    """How likely each moment is taken, for every stem."""
    stems, moments = power.shape
    weights = np.ones((stems, moments))
    if vocals is not None and not is_faint[vocals]:
        shares = power[vocals] / (power.sum(axis=0) + _QUIET)
        weights[:] = np.exp(-SHYNESS * shares / shares.max())
        weights[vocals] = power[vocals] / power[vocals].max()
    return [each / each.sum() for each in weights]
