"""Speech and real singing as lead vocals: chopped, re-timed, re-pitched, whispered, shouted."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus import psola
from stemdesk_training.corpus.excitation import whisper
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Song
from stemdesk_training.corpus.waveform import RATE_HZ, Rng, chance, frames, pick, weighted

Mono = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a phrase is said: drawn once per segment."""

    style: str
    speed: float
    semitones: float
    formant: float
    intonation: float

    @classmethod
    def drawn(cls, rng: Rng, *, sung: bool) -> "Delivery":
        """Sung sources stay closer to themselves than speech does."""
        if sung:
            style = weighted(rng, [("plain", 0.3), ("natural", 0.5), ("tuned", 0.2)])
            speed, shift = rng.uniform(0.85, 1.25), rng.normal(0, 3)
        else:
            styles = [("plain", 0.12), ("natural", 0.28), ("rap", 0.26), ("tuned", 0.2)]
            style = weighted(rng, [*styles, ("whisper", 0.06), ("shout", 0.08)])
            speed, shift = rng.uniform(0.9, 1.35), rng.normal(0, 3)
        shift += {"shout": 5.0, "rap": 1.0}.get(style, 0.0)
        formant = float(np.clip(np.exp(rng.normal(0.01 * shift, 0.1)), 0.75, 1.35))
        spread = rng.uniform(0.2, 1.6) if style in {"rap", "natural"} else 1.0
        return cls(style, float(speed), float(shift), formant, float(spread))


def phrases(audio: Mono, gap_seconds: float = 0.12) -> list[tuple[int, int]]:
    """Spans in frames between pauses."""
    block = frames(0.01)
    count = len(audio) // block
    if count < 10:
        return []
    level = np.sqrt(np.mean(np.square(audio[: count * block].reshape(count, block)), axis=1))
    loud = level > 0.06 * np.percentile(level, 95)
    closed = ndimage.binary_closing(np.pad(loud, 30), iterations=int(gap_seconds / 0.02))[30:-30]
    labels, found = ndimage.label(closed)
    spans = []
    for index in range(1, found + 1):
        places = np.flatnonzero(labels == index)
        begin, end = max(0, places[0] - 2) * block, (places[-1] + 6) * block
        if end - begin > frames(0.15):
            spans.append((begin, min(end, len(audio))))
    return spans


def _target_pitch(
    voice: psola.Voiced, place: psola.Contour, delivery: Delivery, song: Song, rng: Rng
) -> psola.Contour:
    """Shift, flatten or exaggerate the intonation, or snap it to the song's scale."""
    median = voice.median_hz
    contour = np.where(voice.pitch_hz > 0, voice.pitch_hz, median)
    index = np.clip((place / psola.HOP_SECONDS).astype(np.int64), 0, len(contour) - 1)
    semitones = 12 * np.log2(np.maximum(contour[index], 20) / median)
    if delivery.style == "tuned":
        step = int(rng.choice([12, 24, 36]))
        centre = 69 + 12 * np.log2(median / 440) + delivery.semitones
        held = np.repeat(semitones[::step], step)[: len(semitones)] * 1.5 + centre
        allowed = np.array([o + s + song.key for o in range(0, 120, 12) for s in song.scale])
        snapped = allowed[np.argmin(np.abs(held[:, None] - allowed[None, :]), axis=1)]
        return np.asarray(440 * 2 ** ((snapped - 69.0) / 12), dtype=np.float64)
    moved = semitones * delivery.intonation + delivery.semitones
    return np.asarray(np.clip(median * 2 ** (moved / 12), 60, 1400), dtype=np.float64)


def deliver(audio: Mono, delivery: Delivery, song: Song, rng: Rng) -> Mono:
    """One phrase in a manner; unpitched material stays as it is."""
    if delivery.style == "plain":
        return audio
    voice = psola.analyse(audio)
    if voice.median_hz <= 0:
        return audio
    steps = int(len(audio) / RATE_HZ / delivery.speed / psola.HOP_SECONDS)
    place = (np.arange(steps) * psola.HOP_SECONDS * delivery.speed).astype(np.float64)
    pitch = _target_pitch(voice, place, delivery, song, rng)
    said = psola.resynthesise(voice, place, pitch, delivery.formant)
    if delivery.style == "whisper":
        return whisper(said, rng)
    if delivery.style == "shout":
        top = float(np.max(np.abs(said), initial=1e-6))
        return np.asarray(np.tanh(said * (rng.uniform(3, 9) / top)), dtype=np.float32)
    return said


class Speakers:
    """Recordings of one kind, by folder, read phrase by phrase."""

    def __init__(self, shelf: SampleShelf, groups: list[list[Path]]) -> None:
        """``groups`` holds the files of each speaker."""
        self._shelf = shelf
        self._groups = [group for group in groups if group]

    def say(self, seconds: float, song: Song, delivery: Delivery, rng: Rng) -> Mono:
        """Fill a segment with phrases of one speaker, pausing, at times on the beat."""
        out = np.zeros(frames(seconds), dtype=np.float32)
        group = pick(rng, self._groups)
        on_beat = delivery.style in {"rap", "tuned"} and chance(rng, 0.8)
        now = float(rng.uniform(0, 0.6))
        while now < seconds - 0.3:
            audio = self._shelf.get(pick(rng, group))[0]
            begin = int(rng.integers(0, max(1, len(audio) - frames(20))))
            audio = audio[begin : begin + frames(20)]
            audio = audio * np.float32(0.1 / (np.sqrt(np.mean(audio**2)) + 1e-4))
            for first, last in phrases(audio):
                clip = deliver(audio[first:last], delivery, song, rng)
                if on_beat:
                    grid = song.beat_seconds / 2
                    now = float(np.ceil(now / grid) * grid)
                now = self._place(out, clip, now, song, rng)
                if now >= seconds - 0.2:
                    break
        return out

    @staticmethod
    def _place(out: Mono, clip: Mono, now: float, song: Song, rng: Rng) -> float:
        start = frames(now)
        ramp = np.clip(np.arange(len(clip)) / 200, 0, 1)
        smooth = (clip * ramp * ramp[::-1]).astype(np.float32)
        stop = min(len(out), start + len(clip))
        out[start:stop] += smooth[: max(0, stop - start)]
        if chance(rng, 0.08):
            # A stutter: the phrase's beginning again, twice.
            piece = smooth[: frames(song.beat_seconds / 4)]
            for repeat in (1, 2):
                at = stop + (repeat - 1) * len(piece)
                end = min(len(out), at + len(piece))
                out[at:end] += piece[: max(0, end - at)]
            stop += 2 * len(piece)
        pause = rng.uniform(0.02, 0.3) if chance(rng, 0.8) else rng.uniform(0.3, 2.0)
        return stop / RATE_HZ + float(pause)
