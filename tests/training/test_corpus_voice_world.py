"""Taking voices apart and sounding them anew: level, timbre, pitch, formants, breath, the cache."""

import numpy as np
import pytest
import soundfile

from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.voice import store as store_module
from stemdesk_training.corpus.voice import synthesis, world
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.voice.synthesis import Source, render
from stemdesk_training.corpus.voice.track import Passage, Track, lay
from stemdesk_training.corpus.voice.tract import Tract
from tests.training.voices import (
    RATE,
    band_db,
    centroid_hz,
    cents,
    hiss,
    needs_pyworld,
    pitch_of,
    vowel,
)

pytestmark = needs_pyworld


@pytest.fixture(scope="module")
def recording():
    return world.analyse(vowel("a", 200, 1.0).astype(np.float32))


def sounded(recording, pitch_hz, tract=None, source=None, tilt_db=None, seed=0):
    track = Track.empty(recording.steps)
    lay(track, Passage(recording, 0, np.arange(recording.steps, dtype=float), 2))
    contour = np.full(recording.steps, float(pitch_hz))
    tilt = None if tilt_db is None else np.full(recording.steps, tilt_db, np.float32)
    rng = np.random.default_rng(seed)
    return render(track, contour, tract or Tract(), source or Source(), rng, tilt)


def test_the_analysis_knows_the_pitch(recording):
    assert recording.median_hz == pytest.approx(200, rel=0.005)
    assert np.mean(recording.pitch_hz > 0) > 0.9


def test_too_short_a_recording_is_refused():
    with pytest.raises(ValueError, match="50 ms"):
        world.analyse(np.zeros(1000, np.float32))


@pytest.mark.parametrize("pitch_hz", [110.0, 190.0, 330.0])
def test_the_wanted_pitch_sounds_in_the_recording_s_timbre(recording, pitch_hz):
    out = sounded(recording, pitch_hz)[8000:-8000]
    assert abs(cents(pitch_of(out), pitch_hz)) < 5
    original = recording.audio[8000:-8000]
    for low_hz, high_hz in ((500, 1600), (2200, 4200)):
        assert band_db(out, low_hz, high_hz) == pytest.approx(
            band_db(original, low_hz, high_hz), abs=5
        )


def test_the_level_is_that_of_pyworld_s_own_synthesis(recording):
    vocoder = world.pyworld()
    wide = recording.audio.astype(np.float64)
    pitch = recording.pitch_hz.astype(np.float64)
    times = np.arange(len(pitch)) * 0.005
    envelope = vocoder.cheaptrick(wide, pitch, times, RATE)
    noise = vocoder.d4c(wide, pitch, times, RATE)
    theirs = vocoder.synthesize(pitch, envelope, noise, RATE)[8000:-8000]
    ours = sounded(recording, 200)[8000:-8000]
    assert np.std(ours) == pytest.approx(np.std(theirs), rel=0.12)
    assert np.std(ours) == pytest.approx(np.std(recording.audio[8000:-8000]), rel=0.3)


@pytest.mark.parametrize("shift", [0.8, 1.25])
def test_formants_move_and_the_pitch_stays(recording, shift):
    plain = sounded(recording, 120)[8000:-8000]
    moved = sounded(recording, 120, Tract(formants=(shift,) * 3))[8000:-8000]
    assert abs(cents(pitch_of(moved), 120)) < 5
    assert centroid_hz(moved, 300, 2200) / centroid_hz(plain, 300, 2200) == pytest.approx(
        shift, rel=0.06
    )


def test_tilt_and_effort_brighten(recording):
    plain, bright = sounded(recording, 200), sounded(recording, 200, tilt_db=4.0)
    gained = band_db(bright, 3500, 4500) - band_db(plain, 3500, 4500)
    assert gained == pytest.approx(8.0, abs=1.0), "two octaves above 1 kHz"
    tinted = sounded(recording, 200, Tract(tilt_db_per_octave=-3.0))
    assert band_db(tinted, 3500, 4500) - band_db(plain, 3500, 4500) == pytest.approx(-6, abs=1.0)


def periodicity(mono, pitch_hz):
    lags = np.fft.irfft(np.abs(np.fft.rfft(mono, 2 * len(mono))) ** 2)
    lag = round(RATE / pitch_hz)
    return float(np.max(lags[lag - 3 : lag + 4]) / lags[0])


def test_a_whisper_has_no_pitch(recording):
    voiced = sounded(recording, 200)[8000:-8000]
    whispered = sounded(recording, 200, source=Source(whisper=True))[8000:-8000]
    assert periodicity(voiced, 200) > 0.9
    assert periodicity(whispered, 200) < 0.4
    assert np.std(whispered) == pytest.approx(np.std(voiced), rel=0.5)


def test_breath_and_roughness_unsettle_the_voice(recording):
    voiced = periodicity(sounded(recording, 200)[8000:-8000], 200)
    breathy = periodicity(sounded(recording, 200, Tract(breath_db=30.0))[8000:-8000], 200)
    rough = sounded(recording, 200, source=Source(subharmonic=1.0))[8000:-8000]
    assert breathy < voiced - 0.02
    assert periodicity(rough, 100) > periodicity(rough, 200) + 0.05, "an octave below"


def test_consonants_sound_as_recorded():
    sound = np.concatenate([np.zeros(4410), hiss(0.15), vowel("a", 200, 0.5)]).astype(np.float32)
    recording = world.analyse(sound)
    out = sounded(recording, 200)
    part = slice(5500, 9500)
    likeness = np.corrcoef(out[part], recording.audio[part])[0, 1]
    assert likeness > 0.98


def test_pulses_keep_time():
    times = synthesis.pulse_times(np.full(400, 100.0))
    assert np.diff(times) == pytest.approx(2.0, abs=0.02), "10 ms are two steps"


def test_a_seed_gives_one_sound(recording):
    first, second = sounded(recording, 200, seed=3), sounded(recording, 200, seed=3)
    assert np.array_equal(first, second)
    assert not np.array_equal(first, sounded(recording, 200, seed=4))


class TestStore:
    @pytest.fixture
    def path(self, tmp_path):
        soundfile.write(tmp_path / "う た.wav", vowel("o", 220, 1.2), RATE, subtype="FLOAT")
        return tmp_path / "う た.wav"

    def test_a_cached_analysis_is_the_fresh_one(self, path, tmp_path, monkeypatch):
        fresh = RecordingStore(SampleShelf(), tmp_path / "cache").get(path, 0.2, 0.9)

        def refuse(*_):
            raise AssertionError

        monkeypatch.setattr(store_module.world, "analyse", refuse)
        cached = RecordingStore(SampleShelf(), tmp_path / "cache").get(path, 0.2, 0.9)
        assert np.array_equal(fresh.audio, cached.audio)
        assert np.array_equal(fresh.pitch_hz, cached.pitch_hz)
        assert np.array_equal(fresh.envelope, cached.envelope)
        assert np.array_equal(fresh.aperiodicity_db, cached.aperiodicity_db)
        assert fresh.audio.dtype == cached.audio.dtype == np.float32

    def test_a_span_is_recognised_up_to_its_edges(self, path, tmp_path):
        recording = RecordingStore(SampleShelf(), tmp_path).get(path, 0.3, 0.8)
        assert recording.steps == pytest.approx(100, abs=1)
        assert (recording.pitch_hz > 0).all()

    def test_another_file_of_the_same_name_is_not_taken_for_it(self, path, tmp_path):
        before = RecordingStore(SampleShelf(), tmp_path / "cache").get(path, 0.2, 0.9)
        soundfile.write(path, vowel("o", 300, 1.1), RATE, subtype="FLOAT")
        after = RecordingStore(SampleShelf(), tmp_path / "cache").get(path, 0.2, 0.9)
        assert before.median_hz == pytest.approx(220, rel=0.01)
        assert after.median_hz == pytest.approx(300, rel=0.01)

    def test_the_memory_is_bounded(self, path, tmp_path):
        store = RecordingStore(SampleShelf(), tmp_path / "cache", limit_mib=0.2)
        for start in (0.0, 0.1, 0.2, 0.3):
            store.get(path, start, start + 0.6)
        assert len(store._kept) < 4
        assert store._bytes < 0.4 * 2**20

    def test_nothing_is_left_to_analyse(self, path, tmp_path):
        with pytest.raises(ValueError, match="50 ms"):
            RecordingStore(SampleShelf(), tmp_path / "cache").get(path, 1.18, 1.9)
