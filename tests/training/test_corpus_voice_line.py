"""Joining syllables: consonants before the beat, vowels on it, no gaps, no clicks."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import signal

from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.voice.bank import VoiceBank
from stemdesk_training.corpus.voice.languages import Spoken, Words
from stemdesk_training.corpus.voice.line import Syllable, passages, syllables
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.singer import Singer
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.voice.tract import Tract
from tests.training.voices import RATE, band_db, make_bank, needs_pyworld

pytestmark = needs_pyworld
SA, A, SI = Spoken(("s",), ("a",)), Spoken((), ("a",)), Spoken(("s",), ("i",))


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    folder = make_bank(tmp_path_factory.mktemp("bank"))
    return VoiceBank(folder, RecordingStore(SampleShelf(), folder / "cache"))


def singer(bank, grains=False):
    return Singer(bank, Tract(), Manner.drawn(np.random.default_rng(0), "tuned"), grains)


def sung(bank, words, seconds=2.0, grains=False):
    notes = [Note(w.start, w.end - w.start, 57, 100) for w in words]
    return singer(bank, grains).sing(notes, words, seconds, np.random.default_rng(1))


def level(mono, sos):
    """RMS of a band every 5 ms."""
    band = signal.sosfiltfilt(sos, mono)
    count = len(band) // 220
    return np.sqrt(np.mean(band[: count * 220].reshape(count, 220) ** 2, axis=1))


LOW = signal.butter(4, 1500, "lowpass", fs=RATE, output="sos")
HIGH = signal.butter(4, 5000, "highpass", fs=RATE, output="sos")


@pytest.mark.parametrize("grains", [False, True])
@pytest.mark.parametrize("beat", [0.4, 0.75])
def test_the_vowel_begins_on_the_beat_and_the_consonant_before_it(bank, beat, grains):
    out = sung(bank, [Syllable(SA, beat, beat + 0.6, 1.0, joined=False)], grains=grains)
    voice, noise = level(out, LOW), level(out, HIGH)
    onset = int(np.argmax(voice > 0.4 * voice.max())) * 220 / RATE
    assert onset == pytest.approx(beat, abs=0.04)
    hiss = np.flatnonzero(noise > 0.5 * noise.max()) * 220 / RATE
    assert beat - 0.16 < hiss.min() < beat - 0.05
    assert hiss.max() < beat + 0.03
    assert not out[: round((beat - 0.2) * RATE)].any()


def test_the_vowel_is_held_to_its_end_and_no_longer(bank):
    out = sung(bank, [Syllable(A, 0.3, 1.5, 1.0, joined=False)])
    voice = level(out, LOW)
    sounding = np.flatnonzero(voice > 0.1 * voice.max()) * 220 / RATE
    assert sounding.max() == pytest.approx(1.5, abs=0.06)
    assert voice[100:290].min() > 0.2 * voice.max(), "0.7 s of recording, 1.2 s of song"


def test_joined_vowels_leave_no_gap(bank):
    words = [Syllable(Spoken((), (v,)), 0.3 + 0.4 * i, 0.7 + 0.4 * i, 1.0, joined=i > 0)
             for i, v in enumerate("aiu")]  # fmt: skip
    voice = level(sung(bank, words), LOW)
    between = voice[round(0.4 * RATE / 220) : round(1.4 * RATE / 220)]
    assert between.min() > 0.4 * np.median(between)
    assert between.max() < 1.8 * np.median(between)


def test_a_diphthong_moves_from_vowel_to_vowel(bank):
    out = sung(bank, [Syllable(Spoken((), ("u", "i")), 0.3, 1.3, 1.0, joined=False)])
    early, late = (
        out[round(0.4 * RATE) : round(0.6 * RATE)],
        out[round(1.1 * RATE) : round(1.25 * RATE)],
    )
    second = (1900, 2700)  # the second formant of i
    assert band_db(late, *second) - band_db(early, *second) > 12


def test_closed_syllables_and_clusters_hiss_where_they_should(bank):
    cluster = Spoken(("s", "s"), ("a",), ("s",))
    noise = level(sung(bank, [Syllable(cluster, 0.6, 1.4, 1.0, joined=False)]), HIGH)
    hiss = np.flatnonzero(noise > 0.5 * noise.max()) * 220 / RATE
    single = level(sung(bank, [Syllable(SA, 0.6, 1.4, 1.0, joined=False)]), HIGH)
    alone = np.flatnonzero(single > 0.5 * single.max()) * 220 / RATE
    assert hiss.min() < alone.min() + 0.01
    assert 1.2 < hiss.max() < 1.45, "the last consonant closes the note"
    assert alone.max() < 0.65


@pytest.mark.parametrize("grains", [False, True])
def test_nothing_clicks(bank, grains):
    words = [Syllable(SA if i % 2 else SI, 0.3 + 0.3 * i, 0.6 + 0.3 * i, 1.0, joined=i > 0)
             for i in range(5)]  # fmt: skip
    out = sung(bank, words, grains=grains)
    edge = np.abs(signal.sosfiltfilt(signal.butter(6, 14_000, "high", fs=RATE, output="sos"), out))
    peaks = edge[: len(edge) // 64 * 64].reshape(-1, 64).max(axis=1)
    around = np.maximum.reduce([np.roll(peaks, k) for k in (-5, -4, -3, 3, 4, 5)])
    assert not ((peaks > 0.02) & (peaks > 8 * around)).any()


def test_short_notes_keep_their_vowels(bank):
    words = [Syllable(SA, 0.3 + 0.12 * i, 0.42 + 0.12 * i, 1.0, joined=i > 0) for i in range(8)]
    plan = passages(words, bank, Manner.drawn(np.random.default_rng(0), "tuned"),
                    np.random.default_rng(0))  # fmt: skip
    starts = [p.start for p in plan]
    assert starts == sorted(starts)
    assert all(len(p.place) >= 10 for p in plan)


def test_a_melisma_goes_on_with_its_vowel(bank):
    notes = [Note(0.4 * i, 0.4, 60 + i) for i in range(30)]
    words = Words(np.random.default_rng(0), bank.consonants)
    said = syllables(notes, words, np.random.default_rng(0), melisma=0.5)
    assert 8 < len(said) < 24
    assert said[0].start == 0
    assert said[-1].end == pytest.approx(12.0)
    assert all(a.end == pytest.approx(b.start) for a, b in pairwise(said))


def test_rests_part_phrases(bank):
    notes = [Note(0.0, 0.3, 60), Note(0.3, 0.3, 62), Note(1.2, 0.3, 64)]
    words = Words(np.random.default_rng(0), bank.consonants)
    said = syllables(notes, words, np.random.default_rng(0), melisma=0.0)
    assert [w.joined for w in said] == [False, True, False]


def test_a_bank_that_lacks_a_sound_sings_the_vowel_all_the_same(bank):
    unit = bank.find("a", "kw", "i", np.random.default_rng(0))
    assert unit.label.vowel == "i"
    assert bank.consonants == {"", "s"}
    assert bank.median_hz == pytest.approx(220, rel=0.01)


def test_a_folder_without_syllables_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no syllables"):
        VoiceBank(tmp_path, RecordingStore(SampleShelf(), tmp_path))
