"""The vocal tract of a made-up singer: how the spectral envelope of a recording is bent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus.voice.world import AP_BANDS, BINS, mel
from stemdesk_training.corpus.waveform import RATE_HZ, Rng

SIZE = 1024
# Spread of the tracts of made-up singers (see ``Tract.drawn``): few voices are recorded, so many
# sing with formants further from theirs than two singers' are.
UNLIKE = (0.6, 2.0)
_BINS = SIZE // 2 + 1
_FREQUENCY_HZ = np.arange(_BINS) * (RATE_HZ / SIZE)
_AP_HZ = np.concatenate([[0.0], 3000.0 * np.arange(1, AP_BANDS + 1), [RATE_HZ / 2]])
_LOWEST_DB = -60.0
_NEPER_PER_DB = np.log(10) / 20

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tract:
    """Bends and tints envelopes; drawn once per singer.

    ``formants`` multiplies the frequencies of the envelope below 1, near 2 and above 3.5 kHz
    (above 1: a smaller head). ``bumps`` are broad resonances ``(Hz, dB, octaves)``. ``breath_db``
    raises the noise in the voice, ``dispersion_seconds`` delays high against low frequencies.
    """

    formants: tuple[float, float, float] = (1.0, 1.0, 1.0)
    tilt_db_per_octave: float = 0.0
    bumps: tuple[tuple[float, float, float], ...] = ()
    breath_db: float = 0.0
    dispersion_seconds: float = 0.0

    @classmethod
    def drawn(cls, rng: Rng, shift: float, spread: float = 1.0) -> "Tract":
        """A new head whose formants are moved by about ``shift`` (1: as recorded).

        ``spread`` is how far formants and tilt lie from that, 1: as two like singers' do.
        """
        each = shift * np.exp(rng.normal(0, 0.035 * spread, 3))
        bumps = [
            (float(np.exp(rng.uniform(np.log(low), np.log(high)))), float(rng.normal(0, db)), width)
            for low, high, db, width in (
                (250, 900, 2.0, 0.7),
                (900, 2200, 2.5, 0.5),
                (2500, 3800, 3.0, 0.35),
                (4500, 9000, 3.0, 0.6),
            )
        ]
        return cls(
            formants=(float(each[0]), float(each[1]), float(each[2])),
            tilt_db_per_octave=float(rng.normal(0, 1.0 * spread)),
            bumps=tuple(bumps),
            breath_db=float(rng.choice([0.0, rng.uniform(-6, 6), rng.uniform(4, 16)])),
            dispersion_seconds=float(rng.uniform(0, 0.0012)),
        )

    @property
    def scale(self) -> float:
        """One number for the formants: what consonants are resampled by."""
        return self.formants[1]

    def source_hz(self) -> NDArray[np.float64]:
        """For each output frequency (``SIZE`` point transform) where the envelope is read."""
        octave = np.log2(np.maximum(_FREQUENCY_HZ, 20.0))
        knots = np.log2(np.array([1000.0, 2000.0, 3500.0]))
        factor = np.exp(np.interp(octave, knots, np.log(self.formants)))
        return np.asarray(np.minimum(_FREQUENCY_HZ / factor, RATE_HZ / 2))

    def reading(self) -> Matrix:
        """Interpolation from the mel grid, ``[BINS, SIZE // 2 + 1]``."""
        top = float(mel(np.array([RATE_HZ / 2]))[0])
        place = mel(self.source_hz()) / top * (BINS - 1)
        distance = np.abs(np.arange(BINS)[:, None] - place[None, :])
        return np.maximum(0.0, 1.0 - distance).astype(np.float32)

    def tint(self) -> Matrix:
        """What is added to the logarithmic amplitude, ``[SIZE // 2 + 1]``."""
        octave = np.log2(np.clip(_FREQUENCY_HZ, 300.0, 12_000.0) / 1000.0)
        gain_db = self.tilt_db_per_octave * octave
        at = np.log2(np.maximum(_FREQUENCY_HZ, 20.0))
        for centre_hz, bump_db, octaves in self.bumps:
            gain_db = gain_db + bump_db * np.exp(-(((at - np.log2(centre_hz)) / octaves) ** 2))
        # Nothing of a voice lies under its pitch.
        gain_db = gain_db - 40.0 * np.clip(1.0 - _FREQUENCY_HZ / 60.0, 0.0, 1.0)
        return np.asarray(gain_db * _NEPER_PER_DB, dtype=np.float32)

    def delay_phase(self) -> Matrix:
        """Phase in radians of the dispersion: up to ``dispersion_seconds`` late at the top."""
        late = self.dispersion_seconds * np.clip((_FREQUENCY_HZ - 500.0) / 6000.0, 0.0, 1.0)
        step = 2 * np.pi * RATE_HZ / SIZE
        return np.asarray(np.cumsum(late) * step, dtype=np.float32)


def aperiodicity_reading() -> Matrix:
    """Interpolation of band aperiodicity in dB, ``[AP_BANDS + 2, SIZE // 2 + 1]``.

    The first row stands for 0 Hz (``-60`` dB), the last for half the sample rate (0 dB), as in
    WORLD's coding of it.
    """
    rows = [np.interp(_FREQUENCY_HZ, _AP_HZ, row) for row in np.eye(AP_BANDS + 2)]
    return np.asarray(rows, dtype=np.float32)


def noise_share_db(bands_db: Matrix, breath_db: float) -> Matrix:
    """Band aperiodicity ``[n, AP_BANDS]`` with its end points and more (or less) breath."""
    count = len(bands_db)
    low = np.full((count, 1), _LOWEST_DB + 2 * max(0.0, breath_db), dtype=np.float32)
    high = np.zeros((count, 1), dtype=np.float32)
    breathy = np.minimum(bands_db + np.float32(breath_db), 0.0)
    return np.concatenate([low, breathy, high], axis=1).astype(np.float32)
