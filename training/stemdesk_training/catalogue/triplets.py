"""One pair taken apart: mix, weak vocals and accompaniment, aligned and level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk.audio.levels import db
from stemdesk_training.catalogue.aligning import Alignment, find_alignment, moved
from stemdesk_training.catalogue.difference import matching_gain, misfit_db, weak_vocals
from stemdesk_training.catalogue.excerpts import SUNG_DB, choose_excerpts
from stemdesk_training.datasets.multitrack import Part, converted

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk_training.catalogue.settings import Settings

    Signal = NDArray[np.float32]

MIXTURE, VOCALS, ACCOMPANIMENT = "mixture", "vocals", "accompaniment"
LEAST_AGREEING = 0.25  # of the windows; less is a loop that both happen to have
LEAST_AGREEING_WHOLE = 0.9


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found in a pair.

    Attributes:
        sample_rate: Hz, the mix's own.
        offset_seconds: of the instrumental; positive where its music comes later.
        drift_ppm: by how much faster its clock ran.
        sureness: of the alignment.
        agreeing_share: of the song, in which the instrumental is that of the mix.
        gain_db: that the instrumental was given.
        misfit_db: see :func:`misfit_db`.
        vocals_db: level of the weak vocals against the mix's.
        residue_db: about how loud the instrumental still is in the vocals, against them: the misfit
            against their level. On known pairs mostly within 6 dB of what BSS Eval measures, down
            to the -20 dB that the method leaves at best; up to 10 dB too good on coded ones.
    """

    sample_rate: int
    offset_seconds: float
    drift_ppm: float
    sureness: float
    agreeing_share: float
    gain_db: float = 0.0
    misfit_db: float = 0.0
    vocals_db: float = 0.0
    residue_db: float = 0.0

    def rounded(self) -> Measured:
        """As it is worth writing down."""
        digits = {"offset_seconds": 6, "sureness": 0}
        values = msgspec.structs.asdict(self)
        told = {name: round(value, digits.get(name, 2)) for name, value in values.items()}
        return Measured(**told)


@dataclass(frozen=True)
class Triplets:
    """A pair's outcome.

    Attributes:
        measured: whatever came of it.
        refusal: why nothing is taken from it; empty if something is.
        excerpts: first frame in the mix -> name of a file -> `[channels, frames]`.
    """

    measured: Measured
    refusal: str
    excerpts: dict[int, dict[str, Signal]]


def make_triplets(mix_path: Path, instrumental_path: Path, settings: Settings) -> Triplets:
    """Take a pair apart.

    Raises:
        UserError: a file cannot be read; it is named.
    """
    whole = Part(mix_path).read()
    rate, mix = whole.sample_rate, whole.samples
    instrumental = converted(Part(instrumental_path).read(), rate).samples
    # A mono recording beside a stereo one sounds from the middle.
    channels = max(len(mix), len(instrumental))
    mix, instrumental = (_as_wide(each, channels) for each in (mix, instrumental))
    alignment = find_alignment(mix.mean(axis=0), instrumental.mean(axis=0), rate)
    measured = Measured(
        sample_rate=rate,
        offset_seconds=alignment.offset_frames / rate,
        drift_ppm=alignment.drift * 1e6,
        sureness=alignment.sureness,
        agreeing_share=alignment.agreeing_share,
    )
    if not alignment.is_found:
        return Triplets(measured, "the instrumental is not under the mix", {})
    least = LEAST_AGREEING if settings.excerpts else LEAST_AGREEING_WHOLE
    if alignment.agreeing_share < least:
        return Triplets(measured, "the instrumental is another one in too many places", {})
    beneath = moved(instrumental, alignment, mix.shape[1])
    return _taken_apart((mix, beneath), alignment, measured, settings)


def _taken_apart(
    pair: tuple[Signal, Signal], alignment: Alignment, measured: Measured, settings: Settings
) -> Triplets:
    mix, beneath = pair
    rate = measured.sample_rate
    agreeing = alignment.agreeing_frames(mix.shape[1], rate)
    gain = matching_gain(mix[:, agreeing], beneath[:, agreeing], rate, settings.levels)
    beneath = beneath * np.float32(gain)
    vocals = weak_vocals(mix, beneath, rate)
    misfit = misfit_db(mix[:, agreeing], beneath[:, agreeing], rate)
    level = max(-120.0, db(_rms(vocals[:, agreeing]) / _rms(mix[:, agreeing])))
    measured = msgspec.structs.replace(
        measured,
        gain_db=max(-120.0, db(abs(gain))),
        misfit_db=misfit,
        vocals_db=level,
        residue_db=misfit - level,
    )
    rest = mix - vocals if settings.accompaniment == "rest" else beneath
    signals = {MIXTURE: mix, VOCALS: vocals, ACCOMPANIMENT: rest}
    if settings.excerpts:
        places = choose_excerpts(vocals, mix, rate, alignment, settings)
        why = "there is no stretch long enough that is sung and has the same instrumental"
    else:
        places = [_shared(beneath)] if measured.vocals_db > SUNG_DB else []
        why = "nothing is sung"
    cut = {
        first: {name: signal[:, first:end] for name, signal in signals.items()}
        for first, end in places
    }
    return Triplets(measured, "" if cut else why, cut)


def _as_wide(signal: Signal, channels: int) -> Signal:
    if len(signal) == channels:
        return signal
    return np.repeat(signal.mean(axis=0, keepdims=True), channels, axis=0)


def _shared(beneath: Signal) -> tuple[int, int]:
    """From the first frame in which the instrumental sounds to the end of the last."""
    sounding = np.flatnonzero(beneath.any(axis=0))
    return int(sounding[0]), int(sounding[-1]) + 1


def _rms(signal: Signal) -> float:
    return float(np.sqrt(np.mean(np.square(signal, dtype=np.float64))))
