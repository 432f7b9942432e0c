"""Who sings a line: a bank, a head and a manner that go together, and their breaths."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.voice.cast import Cast
from stemdesk_training.corpus.voice.line import Syllable
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.singer import Singer
from stemdesk_training.corpus.voice.tract import UNLIKE, Tract
from stemdesk_training.corpus.voice.world import Mono
from stemdesk_training.corpus.waveform import Rng, add_at, chance, fade, frames, pick

# MIDI pitches around which songs are sung, mean and deviation: about an octave apart, and an octave
# above where men and women speak (a tenor's G3, a mezzo's F sharp 4).
_MEN, _WOMEN = (55.0, 4.0), (66.0, 4.5)
# How many singers sing as evenly as synthesisers play.
_EVEN = 0.4


@dataclass(frozen=True, slots=True)
class Lead:
    """Draws the singers of a cast."""

    cast: Cast
    shelf: SampleShelf

    def singer(self, rng: Rng) -> tuple[Singer, float]:
        """A made-up singer and the MIDI pitch around which they sing."""
        bank = self.cast.bank(rng)
        home = 69 + 12 * np.log2(bank.median_hz / 440)
        manner = Manner.drawn(rng)
        if chance(rng, _EVEN) and manner.style != "whisper":
            manner = manner.evened(rng)
        wanted = float(rng.normal(*(_MEN if chance(rng, 0.45) else _WOMEN)))
        wanted += {"falsetto": 5.0, "belt": 2.0, "whisper": -2.0}.get(manner.style, 0.0)
        shift = float(np.clip(wanted - home, -15, 12))
        # With the pitch goes the head, but not strictly.
        head = float(np.clip(np.exp(0.013 * shift + rng.normal(0, 0.07)), 0.76, 1.3))
        tract = Tract.drawn(rng, head, float(rng.uniform(*UNLIKE)))
        near = abs(shift) < 5 and manner.style in {"plain", "pop", "classical", "tuned"}
        grains = near and not manner.blur_seconds and chance(rng, 0.4)
        return Singer(bank, tract, manner, grains), float(home + shift)

    def breathing(self, line: Mono, words: list[Syllable], rng: Rng) -> Mono:
        """Add breaths before phrases that follow a rest."""
        if not self.cast.breaths or chance(rng, 0.45):
            return line
        level = float(rng.uniform(0.03, 0.3)) * float(np.max(np.abs(line), initial=0.0))
        out = line.copy()
        for before, word in pairwise(words):
            if word.start - before.end < 0.3 or chance(rng, 0.3):
                continue
            breath = _trimmed(self.shelf.get(pick(rng, self.cast.breaths))[0])
            breath = fade(breath[: frames(min(0.6, word.start - before.end))], 0.02, 0.04)
            gain = level / float(np.max(np.abs(breath), initial=1e-3))
            add_at(out, breath, frames(word.start - 0.12) - len(breath), gain)
        return out


def _trimmed(audio: Mono, threshold: float = 0.03) -> Mono:
    """Cut silence at both ends, relative to the peak."""
    loud = np.flatnonzero(np.abs(audio) > threshold * np.max(np.abs(audio), initial=1e-6))
    if not loud.size:
        return audio
    return audio[max(0, loud[0] - 400) : loud[-1] + 400]
