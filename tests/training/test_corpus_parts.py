"""Parts of the corpus synthesis that need no recordings."""

import numpy as np
import pytest

from stemdesk_training.corpus import drum_synthesis, score
from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus import waveform as wave
from stemdesk_training.corpus.drum_mixing import sequence
from stemdesk_training.corpus.drum_patterns import CLASS_OF_NOTE, Hit, made_up, read_groove
from stemdesk_training.corpus.midi_files import read_notes, write_score
from stemdesk_training.corpus.production import bass_chain, drum_chain, other_chain
from stemdesk_training.corpus.samples import midi_of
from stemdesk_training.corpus.synthesisers import KINDS, Patch

RATE = wave.RATE_HZ


def pitch_of(mono, low_hz=60, high_hz=1000):
    """Pitch by autocorrelation, independent of the code under test."""
    spectrum = np.abs(np.fft.rfft(mono, 2 * len(mono))) ** 2
    lags = np.fft.irfft(spectrum)
    first, last = int(RATE / high_hz), int(RATE / low_hz)
    return RATE / (first + int(np.argmax(lags[first:last])))


class TestSequencer:
    def test_a_hit_lands_on_its_frame(self):
        click = np.zeros((2, 100), np.float32)
        click[:, 0] = 1
        kit = {"kick": [click]}
        hits = [Hit(0.25, "kick", 127), Hit(0.5, "kick", 60), Hit(0.7, "snare", 100)]
        out = sequence(hits, kit, 1.0, np.random.default_rng(0))
        assert out.shape == (2, RATE)
        assert np.flatnonzero(out[0]).tolist() == [11_025, 22_050]
        assert out[0, 11_025] > out[0, 22_050] > 0

    def test_a_hit_near_the_end_is_cut(self):
        kit = {"kick": [np.ones((2, 1000), np.float32)]}
        out = sequence([Hit(0.099, "kick", 127)], kit, 0.1, np.random.default_rng(0))
        assert np.count_nonzero(out[0]) == round(0.1 * RATE) - round(0.099 * RATE)

    def test_a_closed_hat_ends_an_open_one(self):
        kit = {"hat_open": [np.ones((2, RATE), np.float32)], "hat_closed": [np.zeros((2, 9))]}
        hits = [Hit(0.1, "hat_open", 127), Hit(0.3, "hat_closed", 90), Hit(0.6, "hat_open", 127)]
        out = sequence(hits, kit, 1.0, np.random.default_rng(0))
        assert out[0, round(0.25 * RATE)] > 0
        assert not out[0, round(0.315 * RATE) : round(0.595 * RATE)].any()
        assert out[0, round(0.9 * RATE)] > 0

    def test_patterns_are_sorted_and_within_the_time(self):
        for seed in range(20):
            hits = made_up(np.random.default_rng(seed), 0.5, 8.0)
            starts = [hit.start for hit in hits]
            assert starts == sorted(starts)
            assert starts[0] >= 0
            assert starts[-1] < 8.0
            assert all(1 <= hit.velocity <= 127 for hit in hits)
            assert {hit.drum for hit in hits} <= set(CLASS_OF_NOTE.values())


class TestMidiFiles:
    def test_a_score_comes_back(self, tmp_path):
        notes = [score.Note(0.0, 0.5, 60, 100), score.Note(0.5, 0.25, 60, 80)]
        write_score(tmp_path / "a.mid", [(0, 5, notes)])
        back = read_notes(tmp_path / "a.mid", 10)
        assert [(n.pitch, n.velocity) for n in back] == [(60, 100), (60, 80)]
        assert [n.start for n in back] == pytest.approx([0.0, 0.5], abs=0.002)
        assert [n.length for n in back] == pytest.approx([0.5, 0.25], abs=0.002)

    def test_drum_notes_become_hits(self, tmp_path):
        notes = [score.Note(0.1, 0.1, 36, 90), score.Note(0.4, 0.1, 22, 50)]
        write_score(tmp_path / "d.mid", [(9, 0, notes)])
        hits = read_groove(tmp_path / "d.mid")
        assert [(h.drum, h.velocity) for h in hits] == [("kick", 90), ("hat_closed", 50)]


class TestSynthesis:
    @pytest.mark.parametrize("make", [osc.saw, osc.square, osc.sine])
    def test_oscillators_hold_their_pitch_and_have_no_offset(self, make):
        tone = make(441.0, RATE // 2)
        assert pitch_of(tone) == pytest.approx(441, rel=0.01)
        assert abs(tone.mean()) < 0.01
        assert np.abs(tone).max() < 1.1

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_patch_sounds_and_stays_finite(self, kind):
        patch = Patch(np.random.default_rng(4), kind)
        out = patch.play([score.Note(0.05, 0.3, 60), score.Note(0.4, 0.2, 67)], 0.8)
        assert np.isfinite(out).all()
        assert np.abs(out).max() > 1e-3
        assert not out[:, : round(0.04 * RATE)].any()

    def test_every_synthetic_drum_sounds(self):
        kit = drum_synthesis.machine(np.random.default_rng(2))
        for clips in kit.values():
            for clip in clips:
                assert clip.shape[0] == 2
                assert np.isfinite(clip).all()
                assert np.abs(clip).max() > 0.02

    @pytest.mark.parametrize("seed", range(6))
    def test_chains_keep_length_and_stay_finite(self, seed):
        rng = np.random.default_rng(seed)
        clip = 0.1 * rng.standard_normal((2, RATE // 2)).astype(np.float32)
        made = [
            drum_chain(rng, clip),
            bass_chain(rng, clip),
            other_chain(rng, clip),
        ]
        for out in made:
            assert out.shape == clip.shape
            assert np.isfinite(out).all()

    def test_basses_keep_what_lies_under_the_lowest_note_and_half_of_the_drums_lose_it(self):
        """So that rumble tells neither from the other."""
        noise = osc.lowpass(np.random.default_rng(3).standard_normal(4 * RATE), 70.0)
        clip = np.stack([noise, noise]).astype(np.float32) * np.float32(0.13 / noise.std())

        def rumble_db(clip):
            power = np.abs(np.fft.rfft(clip.sum(axis=0))) ** 2
            return 10 * np.log10(power[4 * 18 : 4 * 26].sum() / power[4 * 46 : 4 * 54].sum())

        def lost(chain):
            made = [chain(np.random.default_rng(seed), clip) for seed in range(24)]
            return rumble_db(clip) - np.array([rumble_db(out) for out in made])

        assert np.median(lost(bass_chain)) < 2
        assert np.percentile(lost(drum_chain), 15) < 3
        assert np.median(lost(drum_chain)) > 5


class TestScore:
    @pytest.mark.parametrize("seed", range(8))
    def test_parts_stay_in_the_key(self, seed):
        rng = np.random.default_rng(seed)
        song = score.draw_song(rng, 12.0)
        notes = score.melody(rng, song, 60) + score.chord_part(rng, song, 50)
        notes += score.arpeggio(rng, song, 55) + score.bass_line(rng, song)
        allowed = {(song.key + step) % 12 for step in song.scale}
        assert {note.pitch % 12 for note in notes} <= allowed
        assert all(note.length > 0 and note.start >= 0 for note in notes)

    def test_note_names(self):
        assert [midi_of(n) for n in ("c4", "gb4", "A3", "C#4", "bb1")] == [60, 66, 57, 61, 34]
        with pytest.raises(ValueError, match="not a note"):
            midi_of("rr1")


class TestWaveform:
    def test_level_is_reached_without_clipping(self):
        rng = np.random.default_rng(0)
        noise = rng.standard_normal((2, RATE)).astype(np.float32)
        assert wave.active_rms(wave.level_to(noise, -20)) == pytest.approx(0.1, rel=0.01)
        assert np.abs(wave.level_to(noise, 0)).max() == pytest.approx(0.89, rel=1e-3)
        assert not wave.level_to(np.zeros((2, 100), np.float32), -20).any()

    def test_speed_changes_length(self):
        clip = np.zeros((2, 10_000), np.float32)
        assert abs(wave.change_speed(clip, 2.0).shape[1] - 5000) <= 1

    def test_weights_are_respected(self):
        rng = np.random.default_rng(0)
        drawn = [wave.weighted(rng, [("a", 3.0), ("b", 1.0)]) for _ in range(400)]
        assert 260 < drawn.count("a") < 340
