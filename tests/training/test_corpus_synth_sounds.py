"""Synthesisers and effects from scratch: pitch, spectrum, rhythm as measured."""

import numpy as np
import pytest

from stemdesk_training.corpus import guitars, movement, production, synth_basses, textures
from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.synth_basses import KINDS, SynthBass
from stemdesk_training.corpus.synthesisers import Patch
from stemdesk_training.corpus.waveform import RATE_HZ, hz, pan

BEAT = 0.5


def pitch_of(mono, low_hz=25, high_hz=600):
    """Pitch by autocorrelation with a parabola through the peak."""
    lags = np.fft.irfft(np.abs(np.fft.rfft(mono, 2 * len(mono))) ** 2)
    first = int(RATE_HZ / high_hz)
    peak = first + int(np.argmax(lags[first : int(RATE_HZ / low_hz)]))
    left, middle, right = lags[peak - 1 : peak + 2]
    return RATE_HZ / (peak + 0.5 * (left - right) / (left - 2 * middle + right))


def power_above(clip, edge_hz):
    """Share of the power above an edge."""
    power = np.abs(np.fft.rfft(clip.mean(axis=0))) ** 2
    return power[round(edge_hz * clip.shape[1] / RATE_HZ) :].sum() / power.sum()


@pytest.mark.parametrize("kind", KINDS)
def test_basses_play_the_written_pitch_and_end_with_the_note(kind):
    for pitch in (33, 40):
        bass = SynthBass(np.random.default_rng(3), kind)
        out = bass.play([Note(0.1, 0.9, pitch, 110)], 1.4, BEAT)
        assert not out[:, : round(0.099 * RATE_HZ)].any()
        heard = pitch_of(out[0, round(0.2 * RATE_HZ) : round(0.9 * RATE_HZ)])
        octaves = np.log2(heard / hz(pitch))
        assert abs(octaves - round(octaves)) < 0.02
        assert abs(round(octaves)) <= 1
        assert np.abs(out[:, round(1.2 * RATE_HZ) :]).max() < 0.02 * np.abs(out).max()


def test_some_basses_end_dead_and_some_let_go():
    after = []
    for seed in range(16):
        bass = SynthBass(np.random.default_rng(seed), "sub")
        out = bass.play([Note(0.1, 0.4, 45, 110)], 1.0, BEAT)
        after.append(len(np.trim_zeros(out[0], "b")) / RATE_HZ - 0.5)
    assert min(after) < 0.008
    assert 0.08 < max(after) < 0.16


def test_struck_basses_begin_hard_and_go_on_as_they_would_have(monkeypatch):
    onset = slice(round(0.1 * RATE_HZ), round(0.13 * RATE_HZ))
    rest = slice(round(0.4 * RATE_HZ), None)
    brighter = []
    for seed in range(8):
        made = []
        for share in (0.0, 1.0):
            monkeypatch.setattr(synth_basses, "STRUCK", share)
            bass = SynthBass(np.random.default_rng(seed), "sub")
            made.append(bass.play([Note(0.1, 0.9, 33, 110)], 1.4, BEAT))
        plain, struck = made
        brighter.append(power_above(struck[:, onset], 400) / power_above(plain[:, onset], 400))
        assert np.array_equal(struck[:, rest], plain[:, rest])
    assert min(brighter) > 1.5
    assert np.median(brighter) > 5


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_a_patch_is_the_same_with_an_attack_as_without(monkeypatch, kind):
    for seed in range(6):
        drawn = []
        for share in (0.0, 1.0):
            monkeypatch.setattr(synth_basses, "STRUCK", share)
            told = vars(SynthBass(np.random.default_rng(seed), kind))
            assert (told.pop("_attack") > 0) == bool(share)
            drawn.append({name: str(value) for name, value in told.items() if name != "_rng"})
        assert drawn[0] == drawn[1]


def level_db(clip, at_seconds):
    """Of 20 ms."""
    begin = round(at_seconds * RATE_HZ)
    return 20 * np.log10(np.sqrt(np.mean(clip[:, begin : begin + 882] ** 2)) + 1e-9)


def test_a_ringing_808_falls_while_held_and_faster_once_let_go():
    for seed in range(20):
        ringing = synth_basses.Ringing.drawn(np.random.default_rng(seed))
        envelope = np.tile(ringing.envelope(RATE_HZ * 2, 0.6), (2, 1))
        assert envelope.max() <= 1
        assert envelope[0, 0] == 0, "it swells from nothing"
        held = (level_db(envelope, 0.1) - level_db(envelope, 0.5)) / 0.4
        assert held == pytest.approx(8.686 / ringing.fall_seconds, rel=0.05)
        gone = (level_db(envelope, 0.62) - level_db(envelope, 0.67)) / 0.05
        assert gone == pytest.approx(held + 8.686 / ringing.release_seconds, rel=0.05)
        assert envelope[0, -1] < 1e-4


def test_808s_ring_and_the_next_note_ends_the_last(monkeypatch):
    monkeypatch.setattr(synth_basses, "RINGING", 1.0)
    monkeypatch.setattr(synth_basses, "STRUCK", 0.0)
    for seed in range(6):
        bass = SynthBass(np.random.default_rng(seed), "808")
        alone = bass.play([Note(0.1, 0.3, 31, 110)], 1.4, BEAT)
        assert -60 < level_db(alone, 0.42) - level_db(alone, 0.3) < -0.5, "it has rung on"
        after = bass.play([Note(0.1, 0.3, 31, 110), Note(0.41, 0.3, 55, 110)], 1.4, BEAT)
        rest = slice(round(0.43 * RATE_HZ), round(0.7 * RATE_HZ))
        only = bass.play([Note(0.41, 0.3, 55, 110)], 1.4, BEAT)
        assert bass._glide or np.allclose(after[:, rest], only[:, rest], atol=1e-6)
        assert np.abs(np.diff(after[0])).max() < 0.03, "no click where it is cut"
    assert SynthBass(np.random.default_rng(0), "sub")._ringing is None


@pytest.mark.parametrize("pitch_hz", [55.0, 147.3, 440.0, 1318.5])
def test_strings_and_tables_are_in_tune(pitch_hz):
    rng = np.random.default_rng(0)
    string = osc.plucked(rng, pitch_hz, RATE_HZ, 0.7)
    assert pitch_of(string[2000:22_000], 0.7 * pitch_hz, 1.5 * pitch_hz) == pytest.approx(
        pitch_hz, rel=0.004
    )
    place = np.linspace(0, 1, RATE_HZ, dtype=np.float32)
    table = osc.wavetable(pitch_hz, osc.cycles(rng, 3), place, 0.0)
    assert pitch_of(table[2000:22_000], 0.7 * pitch_hz, 1.5 * pitch_hz) == pytest.approx(
        pitch_hz, rel=0.002
    )


def test_the_ladder_follows_its_curve():
    hiss = osc.stereo_noise(np.random.default_rng(0), RATE_HZ)
    curve = np.where(np.arange(RATE_HZ) < RATE_HZ // 2, 300.0, 9000.0).astype(np.float32)
    out = osc.ladder(hiss, curve, 0.2, 1.0)
    assert out.shape == hiss.shape
    closed, opened = out[:, 5000:20_000], out[:, 30_000:]
    assert power_above(closed, 3000) < 0.01
    assert power_above(opened, 3000) > 0.3


def test_brass_opens_after_its_attack():
    patch = Patch(np.random.default_rng(8), "brass")
    out = patch.play([Note(0.0, 0.8, 55, 110)], 1.0)
    assert power_above(out[:, 5000:12_000], 1500) > power_above(out[:, 200:1500], 1500)


def test_the_side_chain_dips_at_kicks_and_recovers():
    clip = np.ones((2, 2 * RATE_HZ), np.float32)
    out = production.duck_after(np.random.default_rng(1), clip, [0.5, 1.2])
    at = [round(t * RATE_HZ) for t in (0.4, 0.503, 1.1, 1.203, 1.9)]
    before, dip, between, again, after = out[0, at]
    assert before == between == after == 1
    assert dip < 0.75
    assert again < 0.75
    assert np.array_equal(production.duck_after(np.random.default_rng(1), clip, []), clip)


def test_the_gate_leaves_hard_silence_on_the_grid():
    out = movement.gated(np.random.default_rng(2), np.ones((2, 2 * RATE_HZ), np.float32), BEAT)
    step = round(BEAT / 4 * RATE_HZ)
    centres = out[0, step // 2 :: step]
    assert set(np.unique(centres)) == {0.0, 1.0}
    silent = int(np.argmin(centres))
    assert not out[:, silent * step : (silent + 1) * step].any()


def test_a_talking_synthesiser_has_formants_that_move():
    buzz = pan(osc.saw(110.0, 2 * RATE_HZ))
    bins = np.arange(2049) * RATE_HZ / 4096
    band = (bins > 200) & (bins < 3200)

    def spectra(clip):
        blocks = clip.mean(axis=0)[: clip.shape[1] // 4096 * 4096].reshape(-1, 4096)
        return np.abs(np.fft.rfft(blocks * np.hanning(4096)))[:, band] ** 2

    def centroid(power):
        return (power * bins[band]).sum(axis=1) / power.sum(axis=1)

    assert np.ptp(centroid(spectra(buzz))) < 20
    moved = []
    for seed in range(8):
        out = movement.talking(np.random.default_rng(seed), buzz, BEAT)
        assert np.isfinite(out).all()
        moved.append(np.ptp(centroid(spectra(out))))
    assert np.median(moved) > 100


def test_an_amplifier_distorts_and_its_loudspeaker_ends_near_six_kilohertz():
    tone = pan(0.3 * osc.sine(220.0, RATE_HZ))
    harmonics = []
    for seed in range(8):
        out = guitars.amplified(np.random.default_rng(seed), tone)
        assert out.shape == tone.shape
        assert np.isfinite(out).all()
        assert power_above(out, 10_000) < 1e-3
        harmonics.append(power_above(out, 500))
    assert min(harmonics) < 0.05 < 0.1 < max(harmonics)


def test_grains_keep_to_the_given_intervals_and_fill_the_time():
    source = pan(osc.sine(440.0, RATE_HZ))
    out = textures.grains(np.random.default_rng(0), source, 4.0, [0, 12])
    assert out.shape == (2, 4 * RATE_HZ)
    power = np.abs(np.fft.rfft(out.mean(axis=0))) ** 2
    hertz = np.arange(len(power)) / 4.0
    near = (np.abs(hertz - 440) < 60) | (np.abs(hertz - 880) < 60)
    assert power[near].sum() > 0.9 * power.sum()
    blocks = np.abs(out).max(axis=0)[: 4 * RATE_HZ].reshape(8, -1).max(axis=1)
    assert np.all(blocks > 0)


def test_most_808s_ring_and_those_are_not_driven_hard():
    drawn = [SynthBass(np.random.default_rng(seed), "808") for seed in range(300)]
    ringing = [bass for bass in drawn if bass._ringing]
    assert len(ringing) / len(drawn) == pytest.approx(0.7, abs=0.08)
    assert max(bass._drive for bass in ringing) <= 2 < max(bass._drive for bass in drawn)


def test_808s_are_nearly_half_of_all_drawn_basses():
    kinds = [SynthBass(np.random.default_rng(seed)).kind for seed in range(400)]
    assert kinds.count("808") / len(kinds) == pytest.approx(0.44, abs=0.07)


class TestAmbience:
    @pytest.mark.parametrize("split", ["train", "valid"])
    def test_holds_no_singers(self, shared, split):
        files = textures.Ambience(shared / "audio" / "instruments", split, SampleShelf())._files
        assert files
        assert not [path.name for path in files if "choir" in path.name]


def test_a_spread_bass_differs_left_and_right_down_to_its_lowest_octave():
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    tone = pan(np.sin(2 * np.pi * 45 * time_s).astype(np.float32))
    apart_db = []
    for seed in range(30):
        out = production.spread(np.random.default_rng(seed), tone)[:, RATE_HZ:]
        level_db = 20 * np.log10(out.std() / tone[:, RATE_HZ:].std())
        assert abs(level_db) < 4, "it is no effect that one hears"
        apart_db.append(20 * np.log10((out[0] - out[1]).std() / (out[0] + out[1]).std()))
    assert -60 < min(apart_db) < max(apart_db) < -8
    assert -35 < np.median(apart_db) < -20
