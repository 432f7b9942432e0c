"""Many voices: doubles, harmonies, choirs, crowds."""

from dataclasses import dataclass, replace

import numpy as np

from stemdesk_training.corpus.score import Note, Song
from stemdesk_training.corpus.voice.bank import VoiceBank
from stemdesk_training.corpus.voice.languages import Spoken, Words
from stemdesk_training.corpus.voice.line import Syllable, syllables
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.melodies import in_thirds
from stemdesk_training.corpus.voice.singer import Singer
from stemdesk_training.corpus.voice.tract import Tract
from stemdesk_training.corpus.waveform import Audio, Rng, add_at, chance, frames, pan, pick, silence

# Scale steps at which harmonies run beside a lead, and how often.
_HARMONIES = (2, 2, 2, -3, -5, 4, 7, -7)


@dataclass(frozen=True, slots=True)
class Part:
    """What a singer of a group sings."""

    notes: list[Note]
    words: list[Syllable]


def moved(words: list[Syllable], seconds: float, rng: Rng) -> list[Syllable]:
    """The same words a little earlier or later, and now and then softer."""
    return [
        replace(
            word,
            start=word.start + float(rng.normal(0, seconds)),
            loudness=word.loudness * float(np.exp(rng.normal(0, 0.12))),
        )
        for word in words
    ]


def on_vowel(words: list[Syllable], vowel: str) -> list[Syllable]:
    """The same notes without words: all on one vowel, or hummed."""
    return [replace(word, spoken=Spoken((), (vowel,))) for word in words]


def detuned(singer: Singer, rng: Rng) -> Singer:
    """Another take of a singer: as like as two takes are."""
    manner = replace(
        singer.manner,
        vibrato_hz=singer.manner.vibrato_hz * float(rng.uniform(0.92, 1.08)),
        drift=singer.manner.drift + 0.05 * float(rng.random()),
    )
    return replace(singer, manner=manner)


def doubles(part: Part, singer: Singer, seconds: float, rng: Rng) -> Audio:
    """Two or more takes of the lead, to the sides."""
    count = int(rng.choice([2, 2, 2, 4]))
    width = float(rng.uniform(0.5, 1.0))
    out = silence(seconds)
    for place in np.linspace(-width, width, count):
        words = moved(part.words, 0.012, rng)
        take = detuned(singer, rng).sing(part.notes, words, seconds, rng)
        out += pan(take, float(place))
    return out


def harmonies(part: Part, singer: Singer, song: Song, seconds: float, rng: Rng) -> Audio:
    """One to three parts in thirds, fifths or octaves beside the lead."""
    out = silence(seconds)
    for steps in rng.choice(_HARMONIES, int(rng.integers(1, 4)), replace=False).tolist():
        notes = in_thirds(part.notes, song, int(steps))
        tract = Tract.drawn(rng, singer.tract.scale * float(np.exp(rng.normal(0, 0.03))))
        # Far from the recordings' pitch, moved pulses sound cut up.
        other = replace(singer, tract=tract, grains=singer.grains and abs(steps) < 4)
        place = float(rng.uniform(-1, 1))
        for sign in (1.0, -1.0) if chance(rng, 0.5) else (1.0,):
            words = moved(part.words, 0.015, rng)
            out += pan(other.sing(notes, words, seconds, rng), sign * place)
    return out


def chords(song: Song, seconds: float, low: int, voice: int) -> list[Note]:
    """One voice of the song's chords, held bar by bar."""
    notes = []
    for bar in range(song.bars):
        start = bar * song.bar_seconds
        if start > seconds - 0.4:
            break
        pitch = song.chord(bar, low + 12 * (voice // 3))[voice % 3]
        notes.append(Note(start, song.bar_seconds * 0.98, pitch, 90))
    return notes


def choir(bank: VoiceBank, song: Song, seconds: float, rng: Rng) -> Audio:
    """Four to ten voices on held chords or in unison, spread over the width."""
    count = int(rng.integers(4, 11))
    middle = round(69 + 12 * np.log2(bank.median_hz / 440))
    low = middle - int(rng.integers(5, 15))
    style = pick(rng, ("classical", "plain", "plain", "breathy"))
    words = Words(rng, bank.consonants)
    vowel = pick(rng, ("a", "o", "u", "n")) if chance(rng, 0.55) else None
    parts = [chords(song, seconds, low, voice) for voice in range(int(rng.integers(1, 5)))]
    said = syllables(parts[0], words, rng, 0.0)
    if vowel is not None:
        said = on_vowel(said, vowel)
    out = silence(seconds)
    width = float(rng.uniform(0.4, 1.0))
    for number in range(count):
        notes = parts[number % len(parts)]
        # Voices far from the recordings' pitch are other people.
        away = notes[0].pitch - middle if notes else 0
        tract = Tract.drawn(rng, float(np.clip(np.exp(0.012 * away), 0.78, 1.2)), 1.6)
        singer = Singer(bank, tract, Manner.drawn(rng, style))
        take = singer.sing(notes, moved(said, 0.03, rng), seconds, rng)
        out += pan(take, float(rng.uniform(-width, width)))
    return out


def crowd(banks: list[VoiceBank], song: Song, seconds: float, rng: Rng) -> Audio:
    """Shouts on the beat by ten or more, each in a voice and at a pitch of its own."""
    out = silence(seconds)
    beats = _shouts(song, seconds, rng)
    if not beats:
        return out
    words = Words(rng, banks[0].consonants)
    said = syllables(beats, words, rng, 0.0)
    for _ in range(int(rng.integers(8, 16))):
        bank = pick(rng, banks)
        head = float(np.exp(rng.normal(-0.03, 0.1)))
        singer = Singer(bank, Tract.drawn(rng, head, 1.5), Manner.drawn(rng, "belt"))
        middle = 69 + 12 * np.log2(bank.median_hz / 440) + float(rng.normal(-2, 3))
        take = singer.speak(moved(said, 0.03, rng), middle, 4.0, seconds, rng)
        late = frames(float(rng.uniform(0, 0.03)))
        add_at(out, pan(take, float(rng.uniform(-1, 1))), late)
    return out


def _shouts(song: Song, seconds: float, rng: Rng) -> list[Note]:
    pattern = pick(rng, ((0.0,), (0.0, 2.0), (3.0,), (0.0, 1.0, 2.0, 3.0), (1.0, 1.5, 3.0, 3.5)))
    held = song.beat_seconds * float(rng.uniform(0.35, 0.9))
    starts = [bar * song.bar_seconds + at * song.beat_seconds
              for bar in range(song.bars) for at in pattern]  # fmt: skip
    return [Note(start, held, 0, 110) for start in starts if start < seconds - 0.5]
