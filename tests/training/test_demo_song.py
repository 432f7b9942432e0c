"""The demo song: its notes make sense, it renders repeatably, and the shipped file is it."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC

pytest.importorskip("pyworld", reason="needs the extra `corpus`")
pytest.importorskip("pedalboard", reason="needs the extra `train`")

from stemdesk_training.corpus import oto
from stemdesk_training.corpus.voice.phonemes import parse
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.demo_song import parts, score, studio
from stemdesk_training.demo_song.render import TAGS, render, write
from stemdesk_training.demo_song.singing import spoken

SHIPPED = Path(__file__).resolve().parents[2] / "stemdesk" / "demo" / "first_light.flac"
SONG = parts.Window()


@pytest.mark.parametrize("row", ["PROGRESSION", "DRUMS", "BASS", "GUITAR", "KEYS"])
def test_every_bar_is_written(row):
    assert len(getattr(score, row)) == score.BARS


@pytest.mark.parametrize(
    ("patterns", "steps"),
    [
        ([row for drums in score.DRUM_PATTERNS.values() for row in drums.values()], 16),
        (score.BASS_PATTERNS.values(), 8),
        (score.GUITAR_PATTERNS.values(), 16),
        (score.KEYS_PATTERNS.values(), 16),
        ([score.ARPEGGIO_PATTERN], 16),
    ],
)
def test_patterns_fill_a_bar(patterns, steps):
    assert {len(pattern) for pattern in patterns} == {steps}


def test_sections_follow_each_other_and_fill_the_song():
    edges = list(score.SECTIONS.values())
    assert edges[0][0] == 0
    assert edges[-1][1] == score.BARS
    assert all(before[1] == after[0] for before, after in itertools.pairwise(edges))
    assert SONG.at(score.BARS, 0.0) < score.TOTAL_SECONDS


@pytest.mark.parametrize("line", score.LEAD + score.HARMONY + score.BELL)
def test_columns_agree_and_stay_in_the_key(line):
    notes = parts.columns(line)
    assert all(pitch % 12 in score.KEY_SCALE for _, pitch, _ in notes)
    assert sum(beats for *_, beats in notes) <= 8.0


def test_phrases_leave_room_for_a_breath_and_do_not_overlap():
    sung = parts.phrases(score.LEAD, SONG)
    for before, after in itertools.pairwise(sung):
        last = before[-1].note
        assert after[0].note.start - last.start - last.length >= 0.24


def test_the_harmony_sings_the_words_with_the_lead_and_below_it():
    chorus = [line for line in score.LEAD if line.bar >= score.SECTIONS["chorus"][0]]
    for lead, second in zip(chorus, score.HARMONY, strict=True):
        assert (lead.words.split(), lead.beats.split()) == (
            second.words.split(),
            second.beats.split(),
        )
        pairs = zip(parts.columns(lead), parts.columns(second), strict=True)
        assert all(2 < high[1] - low[1] < 9 for high, low in pairs)


def test_chords_are_in_the_key():
    tones = [pitch for name in score.CHORDS for pitch in parts.voicing(name)]
    assert {pitch % 12 for pitch in tones} <= score.KEY_SCALE
    assert {name for bar in range(score.BARS) for name in parts.chord_names(bar)} <= set(
        score.CHORDS
    )


def test_the_bass_plays_roots_fifths_and_octaves_inside_its_range():
    notes = parts.bass_notes(SONG)
    assert all(28 <= note.pitch <= 50 for note in notes)
    assert all(note.start < score.TOTAL_SECONDS for note in notes)


def test_the_bank_has_every_syllable(shared):
    entries = oto.read(shared / "audio/voices/utau_yuki/oto.ini")
    labels = [label for label in map(parse, (entry.alias for entry in entries)) if label]
    bank = {((label.consonant,) if label.consonant else (), (label.vowel,)) for label in labels}
    for line in score.LEAD + score.HARMONY:
        for word in line.words.split():
            assert (spoken(word).onset, spoken(word).nucleus) in bank


def test_what_is_no_syllable_is_not_sung():
    with pytest.raises(ValueError, match="tsk is no syllable"):
        spoken("tsk")


def test_limiter_keeps_the_ceiling():
    rng = np.random.default_rng(3)
    loud = rng.normal(0, 0.5, (2, 20_000)).astype(np.float32)
    limited = loud * studio.limiter_gain(loud, 0.7)
    assert np.max(np.abs(limited)) <= 0.7 + 1e-6


@pytest.mark.slow
def test_two_bars_render_the_same_twice_and_sum(shared, tmp_path):
    window = parts.Window(6, 2)
    first, second = render(shared / "audio", window), render(shared / "audio", window)
    assert list(first.stems) == list(STEMS)
    assert np.array_equal(first.mix, second.mix)
    total = np.zeros(first.mix.shape, dtype=np.int64)
    for name, samples in first.stems.items():
        assert np.array_equal(samples, second.stems[name])
        assert np.any(samples)
        total += samples
    assert np.array_equal(total, first.mix)
    assert np.max(np.abs(total)) == pytest.approx(32768 * 10 ** (-1 / 20), abs=2)
    path = write(first, tmp_path)
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], first.mix)
    assert len(list(tmp_path.iterdir())) == 5


def test_the_shipped_file_is_what_the_readme_says():
    info = soundfile.info(SHIPPED)
    assert (info.samplerate, info.channels, info.subtype) == (RATE_HZ, 2, "PCM_16")
    assert info.frames == round(score.TOTAL_SECONDS * RATE_HZ)
    assert SHIPPED.stat().st_size < 4_000_000
    tags = FLAC(SHIPPED)
    assert {key: tags[key][0] for key in TAGS} == TAGS
    assert f"{score.TOTAL_SECONDS} s" in (SHIPPED.parent / "README.md").read_text()


def test_the_shipped_file_is_clean():
    samples, _ = soundfile.read(SHIPPED)
    assert 20 * np.log10(np.max(np.abs(samples))) == pytest.approx(-1.0, abs=0.01)
    assert not np.any(samples[: RATE_HZ // 10])
    assert not np.any(samples[-RATE_HZ // 10 :])
    assert np.max(np.abs(samples.mean(axis=0))) < 2e-4
