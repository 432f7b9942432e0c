"""Forms and the parts written along them: bars, keys, rests, repeats, tunes as seeds."""

from itertools import pairwise

import mido
import numpy as np
import pytest

from stemdesk_training.corpus import parts, score
from stemdesk_training.corpus.bass import on_kicks
from stemdesk_training.corpus.form import Form, Section, draw_excerpt, draw_form
from stemdesk_training.corpus.midi_files import read_beats
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.tunes import Tunes
from stemdesk_training.corpus.waveform import STEMS

MINOR = (0, 2, 3, 5, 7, 8, 10)
SONG = score.Song(0.5, 9, MINOR, (0, 5, 3, 4), 4)


def tune(path, key, numerator, notes):
    """A two-track tune as in the Nottingham set: ``notes`` are (beats, pitch) one after another."""
    file = mido.MidiFile(type=1, ticks_per_beat=480)
    track = mido.MidiTrack()
    file.tracks += [track, mido.MidiTrack()]
    track.append(mido.MetaMessage("key_signature", key=key))
    track.append(mido.MetaMessage("time_signature", numerator=numerator, denominator=4))
    for beats, pitch in notes:
        track.append(mido.Message("note_on", note=pitch, velocity=90, time=0))
        track.append(mido.Message("note_off", note=pitch, velocity=0, time=round(480 * beats)))
    file.save(path)


@pytest.mark.parametrize("seed", range(12))
def test_a_form_is_whole_bars_in_one_key_and_tempo(seed):
    form = draw_form(np.random.default_rng(seed), 60.0)
    assert len(form.sections) >= 4
    now = 0.0
    for section in form.sections:
        assert section.start == pytest.approx(now)
        assert section.seconds == pytest.approx(section.song.bars * 4 * form.beat_seconds)
        assert section.song.key == form.sections[0].song.key
        assert section.song.bars in {1, 2, 4, 8}
        now = section.end
    assert form.seconds == pytest.approx(now)
    assert 25 < form.seconds < 130
    by_name = {}
    for section in form.sections:
        by_name.setdefault(section.name, set()).add(section.song.chords)
    assert all(len(chords) == 1 for chords in by_name.values())


def test_every_stem_is_absent_from_some_songs_and_rests_in_others():
    forms = [draw_form(np.random.default_rng([7, seed]), 60.0) for seed in range(150)]
    electronic = np.mean([form.electronic for form in forms])
    assert 0.4 < electronic < 0.6
    for stem in STEMS:
        playing = [len(list(form.playing(stem))) / len(form.sections) for form in forms]
        assert any(share == 0 for share in playing) or stem == "other"
        assert any(0 < share < 1 for share in playing)
        assert np.mean(playing) > 0.5
    assert all(any(list(form.playing(stem)) for stem in STEMS) for form in forms)


def test_an_excerpt_fills_its_time():
    for seed in range(20):
        form = draw_excerpt(np.random.default_rng(seed), 11.0)
        assert form.seconds == 11.0
        assert form.sections[-1].end >= 11.0
        assert not any(section.rests for section in form.sections)


def test_sections_of_one_name_repeat_and_resting_ones_stay_empty():
    def section(name, start, *rests):
        return Section(name, start, SONG, frozenset(rests))

    form = Form(
        (
            section("verse", 0.0),
            section("chorus", 8.0, "bass"),
            section("verse", 16.0),
            section("chorus", 24.0),
        ),
        32.0,
        electronic=True,
    )
    rng = np.random.default_rng(1)
    notes = parts.along(form, "bass", lambda song, _: score.bass_line(rng, song))
    of = {start: [n for n in notes if start <= n.start < start + 8] for start in (0, 8, 16, 24)}
    assert not of[8]
    assert [n.start + 16 for n in of[0]] == [n.start for n in of[16]]
    assert [n.pitch for n in of[0]] == [n.pitch for n in of[16]]
    assert [n.pitch for n in of[0]] != [n.pitch for n in of[24]]
    only = parts.along(form, "other", lambda song, _: score.bass_line(rng, song), {"chorus"})
    assert {int(n.start // 8) for n in only} == {1, 3}


def test_a_line_on_kicks_keeps_its_pitches_and_rests():
    form = Form(
        (
            Section("verse", 0.0, SONG),
            Section("break", 8.0, SONG, frozenset({"bass"})),
            Section("chorus", 16.0, SONG),
            Section("verse", 24.0, SONG),
        ),
        32.0,
        electronic=True,
    )
    line = [Note(0.0, 1.0, 33), Note(2.0, 1.0, 40), Note(16.5, 2.0, 28)]
    strokes = [0.5, 1.97, 7.0, 9.0]
    beaten = on_kicks(form, line, strokes)
    assert [(n.start, n.pitch) for n in beaten] == [(0.5, 33), (1.97, 40), (7.0, 40), (16.5, 28)]
    # Staccato strokes end early; a section without strokes keeps its line.
    short = on_kicks(form, line, strokes, longest_seconds=0.2)
    assert [n.length for n in short] == [0.2, 0.2, 0.2, 2.0]
    assert beaten[1].length > 3 * short[1].length
    assert [n.length for n in beaten] == pytest.approx([1.47, 3.0, 1.0, 2.0])
    assert on_kicks(form, line, [9.0]) == line
    # A stroke that comes early belongs to the section that it opens, and to no other.
    later = [*line, Note(24.0, 1.0, 30)]
    assert [(n.start, n.pitch) for n in on_kicks(form, later, [23.98])][2:] == [
        (16.5, 28),
        (23.98, 30),
    ]


@pytest.mark.parametrize("role", ["chords", "melody", "arp", "riff", "drone"])
def test_parts_stay_in_the_key_and_in_their_bars(role, tmp_path):
    for seed in range(4):
        writer = parts.Writer(np.random.default_rng(seed), Tunes(tmp_path, "train"), 60)
        notes = writer.write(role, SONG)
        assert {(note.pitch - 9) % 12 for note in notes} <= set(MINOR)
        assert all(0 <= note.start < 8.0 and note.length > 0 for note in notes)


def test_power_chords_are_root_fifth_octave():
    notes = parts.power_chords(np.random.default_rng(2), SONG, 40)
    first = sorted(note.pitch for note in notes[:3])
    assert np.diff(first).tolist() == [7, 5]


class TestTunes:
    def test_a_tune_is_read_in_beats_of_its_metre(self, tmp_path):
        tune(tmp_path / "a.mid", "D", 4, [(1, 62), (0.5, 64), (0.5, 66), (2, 69)])
        notes, tonic = read_beats(tmp_path / "a.mid")
        assert [note.start for note in notes] == [0, 1, 1.5, 2]
        assert tonic % 12 == 2
        tune(tmp_path / "b.mid", "Em", 6, [(0.5, 64)] * 6)
        notes, tonic = read_beats(tmp_path / "b.mid")
        assert [note.start for note in notes] == pytest.approx([0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3])
        assert tonic % 12 == 7, "counted from the relative major"
        tune(tmp_path / "c.mid", "C", 3, [(1, 60)])
        assert read_beats(tmp_path / "c.mid")[0] == []

    def test_its_rhythm_and_contour_come_over_into_the_song(self, tmp_path):
        folder = tmp_path / "midi" / "nottingham" / "MIDI"
        folder.mkdir(parents=True)
        scale = [62, 64, 66, 67, 69, 71, 73, 74]
        for index in range(3):
            tune(folder / f"t{index}.mid", "D", 4, [(0.5, pitch) for pitch in scale * 8])
        tunes = Tunes(tmp_path, "train")
        notes = tunes.melody(np.random.default_rng(3), SONG, 60)
        assert {(note.pitch - 9) % 12 for note in notes} <= set(MINOR)
        onsets = [note.start / 0.5 for note in notes]
        assert onsets == pytest.approx([round(2 * onset) / 2 for onset in onsets])
        assert 24 <= len(notes) <= 32
        for bar in range(SONG.bars):
            first = min((note for note in notes if note.start >= 2 * bar), key=lambda n: n.start)
            if first.start == pytest.approx(2 * bar):
                assert first.pitch % 12 in {pitch % 12 for pitch in SONG.chord(bar, 60)}
        rising = np.diff([note.pitch for note in notes]) > 0
        assert rising.mean() > 0.6

    def test_the_splits_share_no_tune(self, tmp_path):
        folder = tmp_path / "midi" / "nottingham" / "MIDI"
        folder.mkdir(parents=True)
        for index in range(25):
            (folder / f"t{index:02d}.mid").touch()
        train, valid = (set(Tunes(tmp_path, split).files) for split in ("train", "valid"))
        assert len(train) == 22
        assert len(valid) == 3
        assert not train & valid


def test_staccato_basses_are_short_wherever_their_strokes_lie():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        notes = score.staccato_bass(rng, SONG, 31)
        bars = {int(n.start // SONG.bar_seconds + 1e-9) for n in notes}
        assert len(bars) == SONG.bars
        assert max(n.length for n in notes) <= 0.28
        assert all(a.start + a.length <= b.start + 1e-9 for a, b in pairwise(notes))


def test_some_deep_basses_are_short_and_stay_on_one_pitch():
    lines = [score.staccato_bass(np.random.default_rng(s), SONG, 31) for s in range(40)]
    still = [len({n.pitch % 12 for n in line}) == 1 for line in lines]
    assert 10 < sum(still) < 36


def test_short_basses_are_often_of_several_lengths_in_a_pattern_that_comes_back():
    uneven = 0
    for seed in range(40):
        line = score.staccato_bass(np.random.default_rng(seed), SONG, 31)
        two_bars = 2 * SONG.bar_seconds
        first, third = (
            [round(n.length, 6) for n in line if begin <= n.start + 1e-9 < begin + two_bars / 2]
            for begin in (0.0, two_bars)
        )
        assert first == third
        # What the next note cuts off says nothing.
        free = [a.length for a, b in pairwise(line) if a.start + a.length < b.start - 1e-6]
        uneven += bool(free) and max(free) > 1.3 * min(free)
    assert 10 < uneven < 30


def test_notes_that_lie_too_low_are_raised_by_octaves():
    low = [Note(0.0, 1.0, pitch, 90) for pitch in (1, 12, 24, 25, 26, 40)]
    assert [n.pitch for n in score.lifted(low, 25)] == [25, 36, 36, 25, 26, 40]
    assert score.lifted(low, 25)[0].length == 1.0
