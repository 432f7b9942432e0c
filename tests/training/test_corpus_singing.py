"""Melodies as sung: measured pitch, glides, vibrato, hard correction; the tunes themselves."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

from stemdesk_training.corpus import psola
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note, Song, draw_song
from stemdesk_training.corpus.voice import pitch
from stemdesk_training.corpus.voice.bank import VoiceBank
from stemdesk_training.corpus.voice.cast import BANKS
from stemdesk_training.corpus.voice.languages import Spoken, Words
from stemdesk_training.corpus.voice.line import Syllable, syllables
from stemdesk_training.corpus.voice.manner import STYLES, Manner
from stemdesk_training.corpus.voice.melodies import Range, flow, in_thirds, tune
from stemdesk_training.corpus.voice.singer import Singer
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.voice.track import Track, blur
from stemdesk_training.corpus.voice.tract import Tract
from stemdesk_training.corpus.waveform import hz
from tests.training.voices import RATE, cents, needs_pyworld, pitch_of, vowel

IONA = next(name for name in BANKS["train"] if "Iona" in name)
SONG = Song(0.5, 2, (0, 2, 4, 5, 7, 9, 11), (0, 4, 5, 3), 8)


@pytest.fixture(scope="module")
def analyses(tmp_path_factory):
    return tmp_path_factory.mktemp("analyses")


def pitches(mono, start, length):
    """Pitch of 60 ms windows, in Hz."""
    begin, end = round(start * RATE), round((start + length) * RATE)
    return np.array([pitch_of(mono[at : at + 2646]) for at in range(begin, end - 2646, 882)])


def highpassed(mono):
    return signal.sosfilt(signal.butter(4, 6000, "highpass", fs=RATE, output="sos"), mono)


def timbre_movement(mono):
    """How far the spectrum moves in 12 ms, in dB, over what sounds."""
    _, _, spectra = signal.stft(mono, RATE, nperseg=2048, noverlap=2048 - 512)
    bands = np.log(np.add.reduceat(np.abs(spectra[8:256]) ** 2, range(0, 248, 16)) + 1e-9)
    loud = np.sum(np.abs(spectra), axis=0)
    sounding = loud > 0.1 * np.max(loud)
    return np.mean(np.abs(np.diff(bands, axis=1))[:, sounding[1:] & sounding[:-1]])


@needs_pyworld
class TestSinger:
    @pytest.fixture
    def bank(self, shared, analyses):
        return VoiceBank(shared / "audio/voices" / IONA, RecordingStore(SampleShelf(), analyses))

    @pytest.mark.parametrize("grains", [False, True])
    @pytest.mark.parametrize("style", ["tuned", "plain", "classical"])
    def test_sustained_notes_are_in_tune(self, bank, style, grains):
        rng = np.random.default_rng(4)
        home = round(69 + 12 * np.log2(bank.median_hz / 440))
        notes = [Note(0.4 + i, 1.0, home + step, 100) for i, step in enumerate((0, -5, 3))]
        words = syllables(notes, Words(rng, bank.consonants), rng, melisma=0.0)
        manner = Manner.drawn(np.random.default_rng(8), style)
        out = Singer(bank, Tract(), manner, grains).sing(notes, words, 3.5, rng)
        for note in notes:
            measured = np.mean(pitches(out, note.start + 0.25, 0.55))
            assert abs(cents(measured, hz(note.pitch))) < 30

    def test_the_gender_changes_and_the_tune_does_not(self, bank):
        words_rng = np.random.default_rng(2)
        notes = [Note(0.4, 1.2, 60, 100)]
        words = syllables(notes, Words(words_rng, bank.consonants), words_rng)
        manner = Manner.drawn(np.random.default_rng(0), "tuned")
        sung = [
            Singer(bank, Tract(formants=(f,) * 3), manner).sing(
                notes, words, 2.0, np.random.default_rng(1)
            )
            for f in (0.8, 1.25)
        ]
        for out in sung:
            assert abs(cents(np.median(pitches(out, 0.7, 0.5)), hz(60))) < 10
        assert np.corrcoef(sung[0], sung[1])[0, 1] < 0.9

    def test_who_sings_evenly_moves_less_in_pitch_and_timbre(self, bank):
        manner = Manner.drawn(np.random.default_rng(3), "pop")
        even = manner.evened(np.random.default_rng(5))
        assert even.blur_seconds > 0.02
        notes = [Note(0.3 + 0.5 * i, 0.5, 60, 100) for i in range(4)]
        words = syllables(notes, Words(np.random.default_rng(2), bank.consonants),
                          np.random.default_rng(2), melisma=0.0)  # fmt: skip
        moved = {}
        for who in (manner, even):
            out = Singer(bank, Tract(), who).sing(notes, words, 2.6, np.random.default_rng(1))
            moved[who] = timbre_movement(out), np.std(pitches(out, 0.4, 1.8))
        assert moved[even][0] < 0.6 * moved[manner][0]
        assert moved[even][1] < 0.6 * moved[manner][1]
        for note in notes:
            measured = np.median(pitches(out, note.start + 0.15, 0.3))
            assert abs(cents(measured, hz(60))) < 20

    def test_no_one_who_sings_evenly_is_rough_and_correction_keeps_its_steps(self):
        for seed in range(20):
            rng = np.random.default_rng(seed)
            even = Manner.drawn(rng, "belt").evened(rng)
            assert even.source.growl == even.source.subharmonic == 0
            tuned = Manner.drawn(rng, "tuned")
            assert tuned.evened(rng).glide_seconds == tuned.glide_seconds

    def test_consonants_do_not_smear_into_blurred_vowels(self):
        track = Track.empty(100)
        track.gain[10:90] = 1.0
        track.voicing[10:90] = 1.0
        track.envelope[10:50], track.envelope[50:90] = -2.0, -4.0
        track.aperiodicity_db[10:90] = -25.0
        consonant = slice(47, 53)
        track.voicing[consonant], track.envelope[consonant] = 0.0, 3.0
        track.aperiodicity_db[consonant] = 0.0
        blur(track, 0.06)
        vowels = track.voicing > 0
        assert track.aperiodicity_db[vowels].max() < -24
        assert -4.01 < track.envelope[vowels].min() < track.envelope[vowels].max() < -1.99
        assert np.abs(np.diff(track.envelope[vowels][:, 0])).max() < 1, "yet they are blurred"
        assert (track.envelope[consonant] == 3.0).all()

    def test_an_inarticulate_singer_has_no_consonants_of_noise(self, bank):
        manner = replace(Manner.drawn(np.random.default_rng(3), "tuned"), articulation=1.0)
        notes = [Note(0.4, 0.8, 60, 100)]
        words = [Syllable(Spoken(("s",), ("a",)), 0.4, 1.2, 1.0, joined=False)]
        hisses = [
            np.sum(np.square(highpassed(Singer(bank, Tract(), replace(manner, articulation=gain))
                                        .sing(notes, words, 1.6, np.random.default_rng(1)))))
            for gain in (1.0, 0.0)
        ]  # fmt: skip
        assert hisses[1] < 0.3 * hisses[0]

    def test_no_notes_are_silence(self, bank):
        manner = Manner.drawn(np.random.default_rng(0))
        silent = Singer(bank, Tract(), manner).sing([], [], 0.3, np.random.default_rng(0))
        assert silent.shape == (round(0.3 * RATE),)
        assert not silent.any()

    def test_a_note_beyond_the_end_is_cut(self, bank):
        rng = np.random.default_rng(0)
        notes = [Note(0.2, 0.5, 62), Note(0.9, 0.36, 64), Note(1.4, 1.0, 60), Note(5.0, 1.0, 60)]
        words = syllables(notes, Words(rng, bank.consonants), rng)
        for grains in (False, True):
            manner = Manner.drawn(np.random.default_rng(0), "pop")
            out = Singer(bank, Tract(), manner, grains).sing(notes, words, 1.2, rng)
            assert out.shape == (round(1.2 * RATE),)
            assert np.isfinite(out).all()


class TestContour:
    def contour(self, style, notes, steps=600, seed=1):
        rng = np.random.default_rng(seed)
        return pitch.sung(notes, steps, Manner.drawn(rng, style), rng)

    def test_correction_leaves_only_the_notes(self):
        line = self.contour("tuned", [Note(0.5, 1.0, 60), Note(1.5, 1.0, 67)])
        far = np.minimum(np.abs(line - 60), np.abs(line - 67)) > 0.05
        assert far.sum() <= 8, "a change of pitch takes at most 40 ms"

    def test_a_change_of_pitch_glides(self):
        line = self.contour("classical", [Note(0.5, 1.0, 60), Note(1.5, 1.0, 67)], seed=3)
        between = (line[250:350] > 61.5) & (line[250:350] < 65.5)
        assert between.sum() >= 4

    def test_vibrato_has_its_rate_and_sets_in_late(self):
        rng = np.random.default_rng(0)
        manner = Manner.drawn(rng, "classical")
        lines = [
            pitch.sung([Note(0.2, 3.0, 60)], 700, manner, np.random.default_rng(s))
            for s in range(12)
        ]
        spectra = np.mean([np.abs(np.fft.rfft(line[200:600] - 60)) ** 2 for line in lines], axis=0)
        rates = np.fft.rfftfreq(400, 0.005)
        peak = rates[4:][np.argmax(spectra[4:])]
        assert peak == pytest.approx(manner.vibrato_hz, rel=0.15)

    @pytest.mark.parametrize("style", [name for name, _ in STYLES])
    def test_every_style_stays_near_its_notes(self, style):
        for seed in range(6):
            line = self.contour(style, [Note(0.2, 0.8, 60), Note(1.0, 0.8, 67)], 400, seed)
            assert 54 < line.min() < line.max() < 71
            assert abs(np.median(line[80:190]) - 60) < 0.6

    def test_speech_falls_within_a_phrase(self):
        beats = [Note(0.2 * i, 0.2, 0, 80) for i in range(12)]
        lines = [pitch.spoken(beats, 480, 50.0, 3.0, np.random.default_rng(s)) for s in range(30)]
        mean = np.mean(lines, axis=0)
        assert mean[20:80].mean() > mean[400:470].mean() + 1.5

    def test_quantising_knows_the_scale(self):
        snapped = pitch.quantised(np.array([60.4, 61.6, 66.4, 59.6]), 0, SONG.scale)
        assert snapped.tolist() == [60, 62, 67, 60] or snapped.tolist() == [60, 62, 65, 60]


class TestTunes:
    @pytest.mark.parametrize("seed", range(8))
    def test_a_tune_keeps_key_range_and_order(self, seed):
        rng = np.random.default_rng(seed)
        song = draw_song(rng, 16.0)
        notes = tune(rng, song, Range(60.0, 8.0))
        allowed = {(song.key + step) % 12 for step in song.scale}
        assert {n.pitch % 12 for n in notes} <= allowed
        assert all(46 <= n.pitch <= 74 for n in notes)
        starts = [n.start for n in notes]
        assert starts == sorted(starts)
        assert all(n.length > 0 for n in notes)
        ends = [n.start + n.length for n in notes]
        assert all(end <= after + 1e-6 for end, after in zip(ends, starts[1:], strict=False))

    def test_a_rap_is_sayable_and_on_the_beat(self):
        for seed in range(10):
            rng = np.random.default_rng(seed)
            song = draw_song(rng, 12.0)
            starts = np.array([n.start for n in flow(rng, song)])
            assert (np.diff(starts) > 0.1).all()
            ticks = starts / song.beat_seconds * 12
            assert np.allclose(ticks, np.round(ticks), atol=1e-6)

    def test_thirds_stay_in_the_scale(self):
        notes = [Note(0, 1, 62 + s) for s in (0, 2, 4, 5, 7, 9, 11)]
        third = in_thirds(notes, SONG, 2)
        assert [b.pitch - a.pitch for a, b in zip(notes, third, strict=True)] == [
            4,
            3,
            3,
            4,
            4,
            3,
            3,
        ]
        octave = in_thirds(notes, SONG, -7)
        assert {b.pitch - a.pitch for a, b in zip(notes, octave, strict=True)} == {-12}


class TestGrains:
    @pytest.mark.parametrize("target_hz", [150.0, 220.0, 330.0])
    def test_moved_pulses_sing_the_wanted_pitch(self, target_hz):
        sound = vowel("o", 210, 0.7).astype(np.float32)
        voice = psola.mark(sound, np.full(140, 210.0))
        out = psola.resynthesise(voice, np.linspace(0.1, 0.5, 120), np.full(120, target_hz))
        assert len(out) == round(120 * 0.005 * RATE)
        assert abs(cents(pitch_of(out[5000:-5000]), target_hz)) < 30

    def test_unpitched_and_empty_material_passes(self):
        noise = 0.1 * np.random.default_rng(0).standard_normal(RATE // 4).astype(np.float32)
        voice = psola.mark(noise, np.zeros(50))
        out = psola.resynthesise(voice, np.linspace(0, 0.2, 60), np.full(60, 200.0))
        assert np.isfinite(out).all()
        assert out.any()
        assert len(psola.resynthesise(voice, np.zeros(0), np.zeros(0))) == 0

    @pytest.mark.parametrize("formant", [0.991, 0.999, 1.0, 1.009, 0.9, 1.1])
    def test_grains_at_the_very_end_of_a_recording_are_whole(self, formant):
        sound = np.ones(9000, np.float32)
        for left in range(425, 460):
            assert len(psola._grain(sound, len(sound) - left, 440, formant)) == 880
            assert len(psola._grain(sound, left, 440, formant)) == 880
