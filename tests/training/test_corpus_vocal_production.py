"""What a studio does to voices, measured on signals made for it."""

import numpy as np
import pytest
from scipy import signal

from stemdesk_training.corpus import vocal_effects
from stemdesk_training.corpus import vocal_production as studio
from stemdesk_training.corpus.waveform import db, frames
from tests.training.voices import RATE, band_db, cents, hiss, pitch_of, vowel


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def voice(seconds=1.5, level=1.0):
    mono = (level * vowel("a", 220, seconds)).astype(np.float32)
    return np.stack([mono, mono])


def click(seconds=2.0, at=0.1):
    out = np.zeros((2, frames(seconds)), np.float32)
    out[:, frames(at)] = 0.5
    return out


@pytest.mark.parametrize("style", [*(name for name, _ in studio.STYLES), "backing"])
def test_chains_keep_length_and_stay_finite(style):
    for seed in range(2):
        out = studio.vocal_chain(np.random.default_rng(seed), voice(), style, 0.5)
        assert out.shape == voice().shape
        assert out.dtype == np.float32
        assert np.isfinite(out).all()
        assert np.abs(out).max() > 0.005
        assert abs(out.mean()) < 0.005


def test_a_chain_is_repeatable():
    first = studio.vocal_chain(np.random.default_rng(5), voice())
    second = studio.vocal_chain(np.random.default_rng(5), voice())
    assert np.array_equal(first, second)


def test_deessing_takes_sibilants_down_and_leaves_vowels(rng):
    mono = np.concatenate([vowel("a", 220, 1.0), 4 * hiss(0.15), vowel("a", 220, 1.0)])
    clip = np.stack([mono, mono]).astype(np.float32)
    out = studio.deess(rng, clip)
    sibilant = slice(frames(1.02), frames(1.13))
    assert np.std(out[:, sibilant]) < 0.6 * np.std(clip[:, sibilant])
    sung = slice(frames(0.2), frames(0.9))
    assert np.std(out[:, sung]) == pytest.approx(np.std(clip[:, sung]), rel=0.02)


def test_the_exciter_adds_only_above(rng):
    clip = voice()
    out = studio.exciter(rng, clip)
    assert band_db(out[0], 9000, 16_000) > band_db(clip[0], 9000, 16_000) + 3
    assert band_db(out[0], 200, 1500) == pytest.approx(band_db(clip[0], 200, 1500), abs=0.3)


def test_a_telephone_has_a_narrow_band(rng):
    for seed in range(6):
        out = studio.telephone(np.random.default_rng(seed), voice() + click(1.5))
        assert band_db(out[0], 12_000, 16_000) < band_db(out[0], 700, 1600) - 35


def test_microshift_widens_a_mono_voice_and_leaves_its_pitch(rng):
    out = studio.microshift(rng, voice())
    side = out[0] - out[1]
    assert np.std(side) > 0.1 * np.std(out[0] + out[1])
    assert abs(cents(pitch_of((out[0] + out[1])[10_000:-10_000]), 220)) < 10
    left = pitch_of((out[0] - voice()[0])[10_000:40_000])
    right = pitch_of((out[1] - voice()[1])[10_000:40_000])
    assert 6 < cents(left, 220) - cents(right, 220) < 30


def test_echoes_keep_time_with_the_beat():
    on_beat = 0
    for seed in range(12):
        out = studio.delays(np.random.default_rng(seed), click(), 0.6, 0.5)
        wet = np.abs(out[0])
        wet[frames(0.1) - 5 : frames(0.1) + 300] = 0
        first = (int(np.argmax(wet > 0.3 * wet.max())) - frames(0.1)) / RATE
        assert 0.05 < first < 1.3
        on_beat += min(abs(first - 0.6 * share) for share in (0.25, 0.5, 0.75, 1.0)) < 0.003
    assert on_beat >= 6


def test_a_room_falls_by_sixty_decibels_in_its_time(rng):
    answer = studio.impulse(rng, 1.0)
    assert np.sum(answer**2, axis=1) == pytest.approx(1.0, rel=0.3)
    early = np.std(answer[:, frames(0.1) : frames(0.2)])
    late = np.std(answer[:, frames(0.6) : frames(0.7)])
    assert 20 * np.log10(late / early) == pytest.approx(-30, abs=6)
    assert abs(np.corrcoef(answer)[0, 1]) < 0.5, "wide"


def test_a_room_keeps_the_dry_sound(rng):
    out = studio.room(rng, click(), 0.3)
    assert out[0, frames(0.1)] == pytest.approx(0.5, abs=0.15)
    assert np.abs(out[:, : frames(0.1) - 2]).max() < 1e-6


def test_reverse_reverb_comes_first(rng):
    out = vocal_effects.reverse_reverb(rng, click(2.0, at=1.5))
    before = np.sum(out[:, : frames(1.49)] ** 2)
    after = np.sum(out[:, frames(1.51) :] ** 2)
    assert before > 20 * after
    assert int(np.argmax(np.abs(out[0]))) == frames(1.5), "the sound itself stays where it is"


def test_a_stutter_repeats_what_sounds_there():
    rng = np.random.default_rng(0)
    noise = 0.1 * rng.standard_normal((2, frames(4.0))).astype(np.float32)
    out = vocal_effects.stutter(np.random.default_rng(3), noise, 0.5)
    beats = [slice(frames(0.5) * b, frames(0.5) * (b + 1)) for b in range(7)]
    changed = [beat for beat in beats if not np.array_equal(out[:, beat], noise[:, beat])]
    assert 0 < len(changed) < 7
    beat = out[0, changed[0]]
    found = [
        np.corrcoef(beat[: -frames(0.5 / n)], beat[frames(0.5 / n) :])[0, 1] for n in (2, 3, 4, 8)
    ]
    assert max(found) > 0.9


def test_a_gate_opens_and_shuts_on_the_grid(rng):
    steady = np.full((2, frames(4.0)), 0.5, np.float32)
    out = vocal_effects.gate(rng, steady, 0.5)
    assert out.max() == pytest.approx(0.5, abs=0.02)
    assert out.min() < 0.15
    opens = np.flatnonzero(np.diff((out[0] > 0.3).astype(int)) == 1) / RATE
    assert len(opens) > 3
    ticks = [
        min(abs(o * n / 0.5 - round(o * n / 0.5)) * 0.5 / n for n in (2, 3, 4, 8)) for o in opens
    ]
    assert max(ticks) < 0.006


def test_backwards_and_tape_stop_change_the_order(rng):
    clip = voice(2.0) * np.linspace(0.1, 1, frames(2.0), dtype=np.float32)
    for seed in range(5):
        out = vocal_effects.backwards(np.random.default_rng(seed), clip, 0.25)
        assert np.std(out) == pytest.approx(np.std(clip), rel=0.05)
        assert not np.array_equal(out, clip)
    stopped = vocal_effects.tape_stop(rng, clip, 0.25)
    assert np.array_equal(stopped[:, : frames(0.9)], clip[:, : frames(0.9)])
    assert np.abs(stopped[:, -100:]).max() < 0.02


def test_of_a_thin_voice_the_air_is_left():
    for seed in range(5):
        out = vocal_effects.thin(np.random.default_rng(seed), voice() + click(1.5))
        assert band_db(out[0], 100, 250) < band_db(voice()[0], 100, 250) - 25
        assert band_db(out[0], 8000, 12_000) == pytest.approx(
            band_db((voice() + click(1.5))[0], 8000, 12_000), abs=2
        )


def test_voices_lose_their_lows_on_the_desk_some_more_than_others():
    """Else a network knows a voice by its rumble, and misses those that have none."""
    lows_db = []
    for seed in range(24):
        out = studio.vocal_chain(np.random.default_rng(seed), click(), "dry")
        middle = out.mean(axis=0)
        lows_db.append(band_db(middle, 60, 100) - band_db(middle, 500, 1500))
    assert np.percentile(lows_db, 75) - np.percentile(lows_db, 25) > 8
    assert np.mean(np.array(lows_db) < -18) > 0.2


@pytest.mark.parametrize("seed", range(10))
def test_every_special_effect_keeps_the_length(seed):
    out = vocal_effects.special(np.random.default_rng(seed), voice(2.0), 0.5)
    assert out.shape == (2, frames(2.0))
    assert np.isfinite(out).all()
    assert np.abs(out).max() < 2.0


def test_silence_stays_silent(rng):
    nothing = np.zeros((2, RATE), np.float32)
    assert np.abs(studio.vocal_chain(rng, nothing)).max() < db(-80)
    assert not studio.deess(rng, nothing).any()


def test_widening_is_not_a_comb_on_one_channel(rng):
    out = studio.chorus(rng, voice())
    assert np.std(out[0]) == pytest.approx(np.std(out[1]), rel=0.3)
    assert signal.correlate(out[0], out[1]).max() > 0
