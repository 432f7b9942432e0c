"""The scores of one song: one system's estimates against the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk_training.evaluation.bss_eval import bss_eval
from stemdesk_training.metrics import frame_sdr, usdr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Audio = NDArray[np.float64]

SILENT_PEAK = 1e-4
METRICS = ("SDR", "ISR", "SIR", "SAR")


class StemScore(msgspec.Struct, frozen=True):
    """One stem of one song; dB.

    Attributes:
        frames: of each second: SDR, and ISR, SIR, SAR where they were asked for; None where
            any stem of the song is silent.
        usdr: over the whole song.
        nsdr: SDR of the estimate less that of the mixture, over the whole song.
    """

    frames: dict[str, list[float | None]]
    usdr: float
    nsdr: float

    def median(self, metric: str = "SDR") -> float:
        """Over the seconds that count; NaN where none does."""
        known = [value for value in self.frames.get(metric, []) if value is not None]
        return float(np.median(known)) if known else float("nan")


class SongScore(msgspec.Struct, frozen=True):
    """One system on one song.

    Attributes:
        song: its name.
        system: its name.
        stems: stem -> scores; stems that the song does not have are left out.
    """

    song: str
    system: str
    stems: dict[str, StemScore]


def score_song(
    names: tuple[str, str],
    stems: Sequence[str],
    signals: tuple[Audio, Audio, Audio],
    sample_rate: int,
    *,
    full: bool,
) -> SongScore:
    """Score estimates.

    As museval has it, a second counts for all stems or for none: it does not where any stem is
    silent, in truth or estimate. Unlike there, a stem that is absent from the whole song is left
    out before that, and so takes no seconds from the others.

    Args:
        names: of the song and the system.
        stems: in the order of the signals.
        signals: references and estimates ``[stems, channels, frames]``, mixture
            ``[channels, frames]``.
        sample_rate: Hz; a frame of the scores is a second.
        full: ISR, SIR and SAR as well, which takes a hundred times as long.
    """
    references, estimates, mixture = signals
    present = [place for place, each in enumerate(references) if np.abs(each).max() > SILENT_PEAK]
    tables = {"SDR": list(frame_sdr(references[present], estimates[present], sample_rate))}
    if full and present:
        ratios = bss_eval(references[present], estimates[present], sample_rate, sample_rate)
        tables |= {"ISR": list(ratios.isr), "SIR": list(ratios.sir), "SAR": list(ratios.sar)}
    whole = usdr(references, estimates)
    base = usdr(references, np.broadcast_to(mixture, references.shape))
    return SongScore(
        *names,
        {
            stems[place]: StemScore(
                {metric: _known(values[row]) for metric, values in tables.items()},
                round(float(whole[place]), 4),
                round(float(whole[place] - base[place]), 4),
            )
            for row, place in enumerate(present)
        },
    )


def _known(values: Audio) -> list[float | None]:
    return [round(float(value), 4) if np.isfinite(value) else None for value in values]
