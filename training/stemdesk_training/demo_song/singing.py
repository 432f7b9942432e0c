"""The singer: takes of the score's phrases, and the breaths between them."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.voice.bank import VoiceBank
from stemdesk_training.corpus.voice.languages import Spoken
from stemdesk_training.corpus.voice.line import Syllable
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.phonemes import parse
from stemdesk_training.corpus.voice.singer import Singer as Voice
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.voice.synthesis import Source
from stemdesk_training.corpus.voice.tract import Tract
from stemdesk_training.corpus.waveform import RATE_HZ, add_at, db, frames
from stemdesk_training.demo_song.parts import Sung

# Open and lively, with a little breath: a pop singer who means it.
_MANNER = Manner(
    style="pop",
    glide_seconds=0.06,
    vibrato_depth=0.6,
    vibrato_hz=5.6,
    vibrato_delay=0.3,
    drift=0.1,
    wander=0.05,
    scoop=1.5,
    own_bend=0.6,
    lateness=0.0,
    effort_db=2.0,
    breath_db=2.0,
    swell=0.4,
    fry=0.0,
    attack_seconds=0.02,
    source=Source(),
)
# A phrase is sung from so long before its first note, where its consonants lie.
_LEAD_SECONDS, _TAIL_SECONDS = 0.5, 0.6
# The bank's breaths, and where in each the breath ends, in seconds.
_BREATHS = (("brlo1", 0.82), ("brmi1", 0.86), ("brsh3", 0.55))
_BREATH_DB = -22.0  # under the phrase
_BEFORE_VOICE_SECONDS = 0.09


@dataclass(frozen=True, slots=True)
class Take:
    """How one take is sung.

    ``late_seconds`` moves the take, ``loose_seconds`` is how far single syllables stray,
    ``vibrato_depth`` in semitones; formants are multiplied by ``formant`` (above 1: a smaller
    head).
    """

    seed: int
    late_seconds: float = 0.0
    loose_seconds: float = 0.004
    vibrato_depth: float = _MANNER.vibrato_depth
    formant: float = 1.0
    breaths: bool = False


def spoken(word: str) -> Spoken:
    """A syllable of the score as the singer says it.

    Raises:
        ValueError: no consonant and vowel.
    """
    label = parse(word)
    if label is None:
        raise ValueError(f"{word} is no syllable")
    return Spoken((label.consonant,) if label.consonant else (), (label.vowel,))


class Singer:
    """Sings phrases with one bank; every take is repeatable by its seed."""

    def __init__(self, folder: Path, shelf: SampleShelf) -> None:
        """Open the bank."""
        self._folder = folder
        self._shelf = shelf
        self._bank = VoiceBank(folder, RecordingStore(shelf))

    def sing(self, phrases: list[list[Sung]], seconds: float, take: Take) -> NDArray[np.float32]:
        """All phrases of a take; mono ``[frames]``."""
        manner = replace(_MANNER, lateness=take.loose_seconds, vibrato_depth=take.vibrato_depth)
        voice = Voice(self._bank, Tract((take.formant,) * 3), manner)
        out = np.zeros(frames(seconds), dtype=np.float32)
        for index, phrase in enumerate(phrases):
            begin = phrase[0].note.start + take.late_seconds - _LEAD_SECONDS
            wave = _sung(voice, phrase, take.seed)
            # What lies before the song's beginning is silent.
            early = max(0, round(-begin * RATE_HZ))
            add_at(out, wave[early:], max(0, round(begin * RATE_HZ)))
            if take.breaths:
                level = float(np.sqrt(np.mean(np.square(wave)) + 1e-12))
                self._breathe(out, begin + _LEAD_SECONDS, level, index)
        return out

    def _breathe(self, out: NDArray[np.float32], start: float, level: float, index: int) -> None:
        """A breath that ends where the phrase begins, faded in where there is little room."""
        name, end = _BREATHS[index % len(_BREATHS)]
        voice_at = start - _BEFORE_VOICE_SECONDS
        breath = self._shelf.get(self._folder / f"{name}.opus")[0][: frames(end)]
        room = min(len(breath), frames(0.42), max(0, round((voice_at - 0.02) * RATE_HZ)))
        if room < frames(0.1):
            return
        breath = breath[-room:]
        ramp = np.clip(np.arange(room) / (0.35 * room), 0, 1) ** 2
        tail = np.clip((room - np.arange(room)) / frames(0.03), 0, 1)
        gain = level * db(_BREATH_DB) / float(np.sqrt(np.mean(np.square(breath)) + 1e-12))
        add_at(out, breath * ramp * tail * gain, round(voice_at * RATE_HZ) - room)


def _sung(voice: Voice, phrase: list[Sung], seed: int) -> NDArray[np.float32]:
    """One phrase, beginning ``_LEAD_SECONDS`` before its first note."""
    # Seeded by the phrase, not its number: an excerpt sings as the whole does.
    rng = np.random.default_rng([seed, phrase[0].note.pitch, len(phrase)])
    zero = phrase[0].note.start - _LEAD_SECONDS
    notes = [replace(sung.note, start=sung.note.start - zero) for sung in phrase]
    words = [
        Syllable(spoken(sung.word), note.start, _end(note), note.velocity / 100, joined=index > 0)
        for index, (sung, note) in enumerate(zip(phrase, notes, strict=True))
    ]
    return voice.sing(notes, words, _end(notes[-1]) + _TAIL_SECONDS, rng)


def _end(note: Note) -> float:
    return note.start + note.length
