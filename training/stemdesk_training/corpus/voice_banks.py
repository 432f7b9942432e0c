"""Singers: syllables cut from voice banks, analysed once, with held-out singers for validation."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus import oto, psola
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.waveform import RATE_HZ, Rng, pick

_IONA = "utsu_iona_beta/src/main/resources/assets/sounds/Iona_Beta"
# Folder under voices/ to drawing weight; each is one singer at one or several pitches.
SINGERS = {
    "train": {
        "alys_db_001_ja/A4": 1.0,
        "alys_db_001_ja/C4": 1.0,
        "alys_db_001_ja/E4": 1.0,
        "scottpoid_ja": 0.7,
        "scottpoid_ja/A3": 0.9,
        "scottpoid_ja/C4": 0.9,
        "scottpoid_ja/E3": 0.9,
        "scottpoid_ja/G3": 0.9,
        "dorodoro_ja_vcv": 2.0,
        _IONA: 1.5,
        "solfege_samples/samples/chengu/notes": 0.6,
        "solfege_samples/samples/jennifer/notes": 0.6,
    },
    "valid": {"utau_yuki": 1.0},
}
CHOIRS = {"train": ("berklee_olpc_voices",), "valid": ("utau_yuki",)}
_SHORTEST_SECONDS = 0.15
_MOST_ENTRIES = 350


@dataclass(frozen=True, slots=True)
class Syllable:
    """A cut, analysed syllable; times in seconds from its start."""

    voice: psola.Voiced
    consonant: float
    preutterance: float
    overlap: float

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return len(self.voice.audio) / RATE_HZ


def trimmed(audio: NDArray[np.float32], threshold: float = 0.03) -> NDArray[np.float32]:
    """Cut silence at both ends, relative to the peak."""
    loud = np.flatnonzero(np.abs(audio) > threshold * np.max(np.abs(audio), initial=1e-6))
    if not loud.size:
        return audio
    return audio[max(0, loud[0] - 400) : loud[-1] + 400]


def _levelled(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    rms = float(np.sqrt(np.mean(np.square(audio)) + 1e-12))
    return np.ascontiguousarray(audio * np.float32(0.1 / max(rms, 1e-4)))


class Singer:
    """One voice bank; draws syllables and keeps what it analysed."""

    def __init__(self, folder: Path, shelf: SampleShelf) -> None:
        """Read the bank's timings, or take whole files where it has none."""
        self._shelf = shelf
        timings = folder / "oto.ini"
        if timings.exists():
            self._entries = oto.read(timings)
        else:
            files = sorted(folder.glob("*.opus"))
            self._entries = [oto.Entry(f, f.stem, 0.0, 0.15, 0.0, 0.05, 0.03) for f in files]
        self._whole = not timings.exists()
        # A fixed selection bounds the memory and the analysis that a bank costs.
        order = np.random.default_rng(0).permutation(len(self._entries))
        self._choice = [int(index) for index in order[:_MOST_ENTRIES]]
        self._kept: dict[int, Syllable | None] = {}

    def draw(self, rng: Rng) -> Syllable:
        """A syllable that is long enough and has a pitch.

        What has been analysed before never sways the draw: a file of the pool must come out
        the same in whatever order files are made.
        """
        for _ in range(200):
            index = pick(rng, self._choice)
            if index not in self._kept:
                self._kept[index] = self._cut(self._entries[index])
            syllable = self._kept[index]
            if syllable is not None:
                return syllable
        msg = "no usable syllable in the voice bank"
        raise ValueError(msg)

    def _cut(self, entry: oto.Entry) -> Syllable | None:
        mono = self._shelf.get(entry.path)[0]
        if self._whole:
            audio = trimmed(mono)[: 4 * RATE_HZ]
        else:
            start, end = entry.span(len(mono) / RATE_HZ)
            audio = mono[int(start * RATE_HZ) : int(end * RATE_HZ)]
        seconds = len(audio) / RATE_HZ
        if seconds < max(_SHORTEST_SECONDS, entry.consonant + 0.05):
            return None
        voice = psola.analyse(_levelled(audio))
        if voice.median_hz <= 0 or np.mean(voice.voiced) < 0.4:
            return None
        return Syllable(voice, entry.consonant, entry.preutterance, entry.overlap)
