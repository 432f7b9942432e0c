"""The pitch effect: pitch, level, place in time, stereo image, purity."""

import numpy as np
import pytest
from scipy import signal

from tests.mixing.effects.signals import (
    RATE,
    db,
    make,
    noise,
    rms_db,
    run,
    sine,
    values_of,
)


def settled(out, rate=RATE):
    return out[:, -round(0.4 * rate) :]


def frequency_hz(wave, rate=RATE):
    """Of the highest spectral peak, by a parabola through its logarithms."""
    spectrum = np.abs(np.fft.rfft(wave * signal.windows.blackmanharris(len(wave)), 8 * len(wave)))
    peak = int(spectrum.argmax())
    below, at, above = np.log(spectrum[peak - 1 : peak + 2])
    return (peak + 0.5 * (below - above) / (below - 2 * at + above)) * rate / (8 * len(wave))


def cents(hz, reference_hz):
    return 1200 * np.log2(hz / reference_hz)


@pytest.mark.parametrize("semitones", [-12.0, -5.0, -0.5, 1.0, 3.0, 12.0])
@pytest.mark.parametrize("hz", [82.4, 440.0, 3000.0])
def test_a_tone_has_the_new_pitch_at_its_old_level(hz, semitones):
    sound = sine(hz, 0.8)
    out = settled(run(make("pitch", semitones=semitones), sound))
    assert abs(cents(frequency_hz(out[0]), hz * 2 ** (semitones / 12))) < 1.0
    assert rms_db(out) == pytest.approx(rms_db(sound), abs=0.3)


@pytest.mark.parametrize("rate", [8000, 16_000, 96_000, 192_000])
def test_at_every_rate(rate):
    out = settled(run(make("pitch", rate, semitones=4.0), sine(440.0, 0.8, rate=rate)), rate)
    assert abs(cents(frequency_hz(out[1], rate), 440.0 * 2 ** (4 / 12))) < 1.0
    assert rms_db(out) == pytest.approx(-15.0, abs=0.3)


@pytest.mark.parametrize("semitones", [-3.0, 1.0, 7.0])
def test_nothing_sounds_beside_a_tone(semitones):
    out = settled(run(make("pitch", semitones=semitones), sine(440.0, 0.8)))[0]
    spectrum = np.abs(np.fft.rfft(out * signal.windows.blackmanharris(len(out))))
    tone = int(spectrum.argmax())
    beside = np.r_[spectrum[: tone - 12], spectrum[tone + 13 :]]
    assert db(beside.max() / spectrum[tone]) < -65.0


def test_a_chord_keeps_its_intervals():
    notes_hz = [196.0, 246.9, 293.7, 392.0]
    sound = sum(sine(hz, 1.0, -20.0) for hz in notes_hz)
    out = settled(run(make("pitch", semitones=2.0), sound))[0]
    for hz in notes_hz:
        wanted_hz = hz * 2 ** (2 / 12)
        band = [wanted_hz / 1.03, wanted_hz * 1.03]
        sections = signal.butter(4, band, "band", fs=RATE, output="sos")
        note = signal.sosfiltfilt(sections, out)[2000:-2000]
        assert abs(cents(frequency_hz(note), wanted_hz)) < 3.0
        assert rms_db(note) == pytest.approx(-23.0, abs=1.0)


@pytest.mark.parametrize("semitones", [-3.0, 2.0])
def test_noise_keeps_its_level(semitones):
    out = settled(run(make("pitch", semitones=semitones), noise(1.0)))
    assert rms_db(out) == pytest.approx(-20.0, abs=1.5)


@pytest.mark.parametrize("rate", [8000, RATE, 96_000])
@pytest.mark.parametrize("semitones", [-4.0, 0.0, 3.0])
def test_sound_stays_in_its_place_in_time(semitones, rate):
    """A swell is as late as the effect says, whatever the shift."""
    effect = make("pitch", rate, semitones=semitones)
    sound = sine(440.0, 1.0, rate=rate)
    seconds = np.arange(sound.shape[1]) / rate
    sound *= np.exp(-((seconds - 0.4) ** 2) / (2 * 0.05**2)).astype(np.float32)
    power = np.square(run(effect, sound)[0], dtype=np.float64)
    centre_seconds = (power * seconds).sum() / power.sum()
    assert centre_seconds - 0.4 == pytest.approx(effect.latency_frames / rate, abs=0.003)
    assert 0.05 < effect.latency_frames / rate < 0.13


def test_attacks_stay_sharp():
    decay = np.exp(-np.arange(RATE) / RATE / 0.03)
    sound = noise(1.0, -10.0, channels=1)
    sound[:, :13_000] = 0.0
    sound[0, 13_000:] *= decay[: RATE - 13_000]
    effect = make("pitch", channels=1, semitones=3.0)
    out = run(effect, sound)[0]
    start = 13_000 + effect.latency_frames
    energy = np.square(out, dtype=np.float64)
    early = energy[: start - RATE // 200].sum() / energy.sum()
    assert 10 * np.log10(early) < -25.0


def test_the_stereo_image_stays():
    sound = sum(sine(hz, 0.8, -20.0) for hz in (220.0, 331.0, 470.0))
    sound[1] *= -0.3
    out = settled(run(make("pitch", semitones=5.0), sound))
    assert np.allclose(out[1], -0.3 * out[0], atol=1e-4)


def test_back_at_0_it_only_delays_again():
    sound = noise(0.8)
    effect = make("pitch", semitones=3.0)
    late = effect.latency_frames
    out = run(effect, sound, at={20: values_of("pitch", semitones=0.0)})
    assert not np.allclose(out[:, 8000:10_000], sound[:, 8000 - late : 10_000 - late], atol=0.01)
    start = 21 * 512
    assert np.array_equal(out[:, start:], sound[:, start - late : -late])
    assert effect.tail_seconds == 0.0


def test_coming_from_0_the_shift_is_complete_at_once():
    """It has the sound before the change: no gap, only the beat of two tones that overlap."""
    effect = make("pitch")
    late = effect.latency_frames
    out = run(effect, sine(440.0, 0.8), at={30: values_of("pitch", semitones=2.0)})
    levels_db = [rms_db(out[:, k : k + 512]) for k in range(2 * late, out.shape[1] - 512, 512)]
    assert all(-19.5 < level_db < -14.0 for level_db in levels_db)
    assert abs(cents(frequency_hz(settled(out)[0]), 440.0 * 2 ** (2 / 12))) < 1.0


def test_it_makes_no_song_longer():
    effect = make("pitch", semitones=5.0)
    run(effect, sine(440.0, 0.3))
    assert effect.tail_seconds == 0.0
