"""Parts of the corpus synthesis that need no recordings."""

from importlib.util import find_spec

import numpy as np
import pytest

from stemdesk_training.corpus import drum_synthesis, psola, score
from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus import waveform as wave
from stemdesk_training.corpus.bass import SynthBass
from stemdesk_training.corpus.drum_patterns import CLASS_OF_NOTE, Hit, made_up, read_groove
from stemdesk_training.corpus.drums import sequence
from stemdesk_training.corpus.excitation import whisper
from stemdesk_training.corpus.midi_files import read_notes, write_score
from stemdesk_training.corpus.production import bass_chain, drum_chain, other_chain, vocal_chain
from stemdesk_training.corpus.samples import midi_of
from stemdesk_training.corpus.singing import Manner, pitch_contour, sing
from stemdesk_training.corpus.synthesisers import KINDS, Patch
from stemdesk_training.corpus.voice_banks import Syllable

RATE = wave.RATE_HZ
needs_pyworld = pytest.mark.skipif(
    find_spec("pyworld") is None, reason="needs pyworld, from the extra `corpus`"
)


def pitch_of(mono, low_hz=60, high_hz=1000):
    """Pitch by autocorrelation, independent of the code under test."""
    spectrum = np.abs(np.fft.rfft(mono, 2 * len(mono))) ** 2
    lags = np.fft.irfft(spectrum)
    first, last = int(RATE / high_hz), int(RATE / low_hz)
    return RATE / (first + int(np.argmax(lags[first:last])))


def buzz(pitch_hz, seconds):
    """Pulses through a resonance: a crude vowel."""
    pulses = np.zeros(round(seconds * RATE), np.float32)
    pulses[:: round(RATE / pitch_hz)] = 1
    return osc.lowpass(pulses, 1500.0) + 0.5 * osc.bandpass(pulses, 600, 900)


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


@needs_pyworld
class TestVoice:
    @pytest.mark.parametrize("target_hz", [150.0, 220.0, 330.0])
    def test_psola_sings_the_wanted_pitch(self, target_hz):
        voice = psola.analyse(buzz(210, 0.6))
        assert voice.median_hz == pytest.approx(210, rel=0.02)
        place = np.linspace(0.1, 0.45, 120)
        out = psola.resynthesise(voice, place, np.full(120, target_hz))
        assert len(out) == round(120 * 0.005 * RATE)
        assert pitch_of(out[5000:-5000]) == pytest.approx(target_hz, rel=0.02)

    def test_unpitched_and_empty_material_passes(self):
        noise = 0.1 * np.random.default_rng(0).standard_normal(RATE // 4).astype(np.float32)
        out = psola.resynthesise(psola.analyse(noise), np.linspace(0, 0.2, 60), np.full(60, 200.0))
        assert np.isfinite(out).all()
        empty = psola.resynthesise(psola.analyse(noise), np.zeros(0), np.zeros(0))
        assert len(empty) == 0

    def test_a_whisper_has_no_pitch(self):
        rng = np.random.default_rng(1)
        spoken = buzz(200, 1.0)
        noise = whisper(spoken, rng)
        lags = np.fft.irfft(np.abs(np.fft.rfft(noise, 2 * len(noise))) ** 2)
        assert lags[RATE // 200] < 0.4 * lags[0]

    def test_notes_are_sung_at_their_pitch_and_time(self):
        rng = np.random.default_rng(3)
        syllable = Syllable(psola.analyse(buzz(200, 0.8)), 0.1, 0.05, 0.03)
        manner = Manner(0.01, 0.0, 5.0, 0.0, 0.0, 1.0, 1.0)
        notes = [score.Note(0.5, 0.6, 57, 100), score.Note(1.4, 0.5, 64, 100)]
        out = sing(notes, [syllable, syllable], 2.2, manner, rng)
        assert not out[: round(0.4 * RATE)].any()
        assert pitch_of(out[round(0.65 * RATE) : round(1.0 * RATE)]) == pytest.approx(220, rel=0.02)
        last = out[round(1.55 * RATE) : round(1.8 * RATE)]
        assert pitch_of(last) == pytest.approx(329.6, rel=0.02)

    def test_no_notes_are_silence(self):
        manner = Manner.drawn(np.random.default_rng(0))
        assert not sing([], [], 0.3, manner, np.random.default_rng(0)).any()

    def test_the_contour_stays_near_its_notes(self):
        for seed in range(10):
            rng = np.random.default_rng(seed)
            notes = [score.Note(0.2, 0.8, 60), score.Note(1.0, 0.8, 67)]
            contour = pitch_contour(notes, 2.0, Manner.drawn(rng), rng)
            assert contour.min() > wave.hz(55)
            assert contour.max() < wave.hz(71)


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

    def test_basses_play_low(self):
        for seed in range(8):
            notes = [score.Note(0.0, 0.5, 33), score.Note(0.5, 0.4, 36)]
            out = SynthBass(np.random.default_rng(seed)).play(notes, 1.0)
            assert np.isfinite(out).all()
            spectrum = np.abs(np.fft.rfft(out[0])) ** 2
            assert spectrum[20:400].sum() > 0.5 * spectrum.sum()

    @pytest.mark.parametrize("seed", range(6))
    def test_chains_keep_length_and_stay_finite(self, seed):
        rng = np.random.default_rng(seed)
        clip = 0.1 * rng.standard_normal((2, RATE // 2)).astype(np.float32)
        made = [
            vocal_chain(rng, clip),
            drum_chain(rng, clip),
            bass_chain(rng, clip, 0.5),
            other_chain(rng, clip, 0.5),
        ]
        for out in made:
            assert out.shape == clip.shape
            assert np.isfinite(out).all()


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
