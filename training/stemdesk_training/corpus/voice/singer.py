"""A singer: a voice bank, a vocal tract and a manner, singing notes or speaking syllables."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.voice import pitch
from stemdesk_training.corpus.voice.bank import VoiceBank
from stemdesk_training.corpus.voice.grains import render_grains
from stemdesk_training.corpus.voice.line import Syllable, passages
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.synthesis import render
from stemdesk_training.corpus.voice.track import Track, blur, lay
from stemdesk_training.corpus.voice.tract import Tract
from stemdesk_training.corpus.voice.world import HOP_SECONDS, Mono
from stemdesk_training.corpus.waveform import Rng, chance, frames

Contour = NDArray[np.float64]
_MOST_BREATH_DB = 20.0


@dataclass(frozen=True, slots=True)
class Singer:
    """Who sings and how.

    ``grains`` chooses the recordings' own waveform, moved pulse by pulse, over the vocoder: truer
    near the pitch of the recordings, but without a whisper, effort or roughness.
    """

    bank: VoiceBank
    tract: Tract
    manner: Manner
    grains: bool = False

    def sing(self, notes: list[Note], words: list[Syllable], seconds: float, rng: Rng) -> Mono:
        """Sing notes to syllables; mono ``[frames]``."""
        steps = _steps(seconds)
        if not notes or not words:
            return np.zeros(frames(seconds), dtype=np.float32)
        semitones = pitch.sung(notes, steps, self.manner, rng)
        return self._voice(words, semitones, seconds, rng)

    def speak(
        self, words: list[Syllable], middle: float, liveliness: float, seconds: float, rng: Rng
    ) -> Mono:
        """Say syllables at their times, the voice around ``middle`` (MIDI); mono ``[frames]``."""
        if not words:
            return np.zeros(frames(seconds), dtype=np.float32)
        beats = [Note(w.start, w.end - w.start, 0, 110 if chance(rng, 0.3) else 80) for w in words]
        semitones = pitch.spoken(beats, _steps(seconds), middle, liveliness, rng)
        return self._voice(words, semitones, seconds, rng)

    def _voice(self, words: list[Syllable], semitones: Contour, seconds: float, rng: Rng) -> Mono:
        steps = _steps(seconds)
        plan = passages(words, self.bank, self.manner, rng, self.tract.scale)
        length = frames(seconds)
        dynamics = _dynamics(words, steps, self.manner, rng)
        semitones = _creak(semitones, words, self.manner, rng)
        if self.grains:
            return render_grains(plan, pitch.to_hz(semitones), dynamics, self.tract.scale)[:length]
        track = Track.empty(steps)
        for passage in plan:
            lay(track, passage)
        if self.manner.blur_seconds > 0:
            blur(track, self.manner.blur_seconds)
        track.natural *= np.float32(self.manner.articulation)
        track.gain *= dynamics
        contour = pitch.to_hz(semitones + self.manner.own_bend * track.bend)
        loud_db = 20 * np.log10(np.maximum(dynamics, 0.1))
        # Louder singing is brighter: the glottis closes faster.
        tilt_db = (self.manner.effort_db + 0.12 * loud_db).astype(np.float32)
        tract = replace(
            self.tract, breath_db=min(_MOST_BREATH_DB, self.tract.breath_db + self.manner.breath_db)
        )
        return render(track, contour, tract, self.manner.source, rng, tilt_db)[:length]


def _steps(seconds: float) -> int:
    return int(np.ceil(seconds / HOP_SECONDS)) + 1


def _dynamics(words: list[Syllable], steps: int, manner: Manner, rng: Rng) -> Mono:
    """Gain per step: soft or hard onsets, swells within long notes, slow drift."""
    gain = np.ones(steps)
    for word in words:
        first = max(0, round(word.start / HOP_SECONDS))
        last = min(steps, round(word.end / HOP_SECONDS))
        if last - first > 40:
            arc = np.sin(np.linspace(0, np.pi, last - first)) if chance(rng, 0.6) else (
                np.linspace(0, 1, last - first) ** 2 * rng.choice([-1.0, 1.0])
            )  # fmt: skip
            gain[first:last] *= 1 + manner.swell * arc
        if not word.joined:
            attack = max(1, round(manner.attack_seconds / HOP_SECONDS))
            rise = np.linspace(0.25, 1, attack)[: max(0, steps - first)]
            gain[first : first + attack] *= rise
    gain *= np.exp(0.12 * pitch.slow_noise(rng, steps, 0.5))
    return np.asarray(ndimage.gaussian_filter1d(gain, 2.0), dtype=np.float32)


def _creak(semitones: Contour, words: list[Syllable], manner: Manner, rng: Rng) -> Contour:
    """Some phrases end in vocal fry: the pitch falls to some fifty pulses a second."""
    out = semitones.copy()
    for word, after in zip(words, [*words[1:], None], strict=True):
        if after is not None and after.joined:
            continue
        if chance(rng, manner.fry):
            last = round(word.end / HOP_SECONDS)
            first = max(0, last - round(rng.uniform(0.06, 0.16) / HOP_SECONDS))
            out[first : last + 8] = 32.0 + rng.normal(0, 1.5, len(out[first : last + 8]))
    return out
