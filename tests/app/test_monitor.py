import numpy as np
import pytest

from stemdesk.app.bench.monitor import Monitor
from stemdesk.audio.clip import AudioClip
from stemdesk.mixing.sources import ClipStem

RATE = 44100


class Mix:
    """Samples as a source that plays."""

    sample_rate = RATE

    def __init__(self, samples):
        self.samples, self.frame = samples, 0
        self.channels, self.frames = samples.shape

    def seek(self, frame, loop=None):  # noqa: ARG002 - no loops here
        self.frame = frame

    def renew(self, unheard_frames, loop=None):  # noqa: ARG002
        self.frame -= unheard_frames

    def read(self, frames):
        block = self.samples[:, self.frame : self.frame + frames]
        self.frame += block.shape[1]
        return block


def noise(level, seconds=6, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(0, level, (2, seconds * RATE)).astype(np.float32)


def monitor(mix, original, peak=1.0):
    return Monitor(Mix(mix), ClipStem(AudioClip(original, RATE)), peak)


def play(source, seconds, block=882):
    return np.concatenate([source.read(block) for _ in range(round(seconds * RATE / block))], 1)


def rms_db(samples):
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples))))


def test_the_mix_passes_bit_for_bit():
    mix = noise(0.1)
    assert (play(monitor(mix, noise(0.2, seed=1)), 3) == mix[:, : 3 * RATE]).all()


@pytest.mark.parametrize("level", [0.02, 0.05, 0.2])
def test_the_original_is_as_loud_as_the_mix(level):
    original = noise(0.05, seed=1)
    source = monitor(noise(level), original, peak=0.1)
    play(source, 3)
    source.show_original(on=True)
    heard = play(source, 2)[:, RATE:]
    assert rms_db(heard) == pytest.approx(20 * np.log10(level), abs=0.3)
    ratio = heard / original[:, 4 * RATE : 5 * RATE]
    assert ratio == pytest.approx(ratio.mean(), rel=1e-2)  # it follows, slowly
    assert source.match_db == pytest.approx(20 * np.log10(level / 0.05), abs=0.3)


def test_matching_never_lifts_the_original_above_full_scale():
    original = noise(0.02, 5, seed=1)
    original[:, 3 * RATE] = 0.9
    source = monitor(noise(0.2, 5), original, 0.9)
    play(source, 2)
    source.show_original(on=True)
    heard = play(source, 2)
    assert 0.95 < np.abs(heard[:, RATE // 2 :]).max() <= 1.0


def test_the_change_is_faded_and_goes_back_to_the_very_samples():
    tone = 0.5 * np.sin(2 * np.pi * 997 * np.arange(8 * RATE) / RATE)
    mix = np.stack([tone, tone]).astype(np.float32)
    source = monitor(mix, -mix)
    parts = [play(source, 1)]
    source.show_original(on=True)
    parts.append(play(source, 1))
    source.show_original(on=False)
    parts.append(play(source, 1))
    heard = np.concatenate(parts, axis=1)
    assert heard[:, RATE + 1000 : 2 * RATE - 1000] == pytest.approx(
        -mix[:, RATE + 1000 : 2 * RATE - 1000], rel=1e-4
    )
    assert (heard[:, 2 * RATE + 1000 : 3 * RATE] == mix[:, 2 * RATE + 1000 : 3 * RATE]).all()
    bend = np.abs(np.diff(heard[0], n=2)).max()
    assert bend < 1.2 * np.abs(np.diff(tone, n=2)).max()


def test_a_mono_original_sounds_on_both_sides():
    mono = noise(0.1, seed=1)[:1]
    source = monitor(noise(0.1), mono)
    source.show_original(on=True)
    heard = play(source, 1)[:, 1000:]
    assert (heard[0] == heard[1]).all()
    assert heard.any()


def test_meters_belong_to_the_moment_and_count_nothing_twice():
    loud, soft = noise(0.2, 5), noise(0.02, 5, seed=1)
    source = monitor(np.concatenate([loud, soft], 1), noise(0.1))
    play(source, 4.9)
    before = source.at(4 * RATE)
    source.renew(round(0.4 * RATE))  # as when the mix changed: the same again
    play(source, 0.4)
    assert source.at(round(4.89 * RATE)).integrated_lufs == pytest.approx(
        before.integrated_lufs, abs=0.05
    )
    play(source, 4)
    late = source.at(round(8.8 * RATE))
    assert late.short_term_lufs == pytest.approx(before.short_term_lufs - 20, abs=0.3)
    assert late.true_peak_dbtp > -6
    source.reset_meters()
    play(source, 0.5)
    assert source.at(round(9.3 * RATE)).true_peak_dbtp < -15


def test_silence_is_matched_to_nothing():
    source = monitor(np.zeros((2, 3 * RATE), np.float32), noise(0.1, 3))
    play(source, 1)
    assert source.match_db == 0.0


def test_the_phase_of_the_master_is_told():
    left = noise(0.1, 2)[:1]
    for right, expected in ((left, 1.0), (-left, -1.0), (noise(0.1, 2, seed=4)[:1], 0.0)):
        source = monitor(np.concatenate([left, right]), noise(0.1, 2))
        play(source, 1)
        assert source.at(RATE // 2).correlation == pytest.approx(expected, abs=0.05)


def test_the_ceiling_is_the_mixs_while_the_mix_is_heard():
    mix = Mix(noise(0.1, 1))
    mix.ceiling_db = -3.0
    source = Monitor(mix, ClipStem(AudioClip(noise(0.1, 1), RATE)))
    assert source.ceiling_db == -3.0
    source.show_original(on=True)
    assert source.ceiling_db == 0.0
    assert Monitor(Mix(noise(0.1, 1)), ClipStem(AudioClip(noise(0.1, 1), RATE))).ceiling_db == 0.0


def test_six_seconds_after_the_mix_was_lowered_the_original_is_as_low():
    samples = noise(0.1, 20, seed=2)
    mixed = samples.copy()
    mixed[:, 6 * RATE :] *= np.float32(10 ** (-12 / 20))
    source = monitor(mixed, samples)
    play(source, 12)
    assert source.match_db == pytest.approx(-12.0, abs=0.1)
    assert source.is_matched


def test_a_change_by_hand_is_matched_at_once():
    samples = noise(0.1, 8, seed=2)
    mix = Mix(samples.copy())
    source = Monitor(mix, ClipStem(AudioClip(samples, RATE)))
    play(source, 4)
    mix.samples *= np.float32(0.25)
    source.renew(2000)
    play(source, 0.1)
    assert source.match_db == pytest.approx(-12.04, abs=0.1)


def test_the_original_glides_after_the_mix_while_it_is_heard():
    tone = 0.3 * np.sin(2 * np.pi * 997 * np.arange(20 * RATE) / RATE)
    samples = np.stack([tone, tone]).astype(np.float32)
    mix = Mix(samples.copy())
    source = Monitor(mix, ClipStem(AudioClip(samples, RATE)))
    play(source, 1)
    source.show_original(on=True)
    before = play(source, 1)
    mix.samples *= np.float32(0.25)
    source.renew(round(0.3 * RATE))  # as a player does, which has rendered ahead
    parts = [before[:, : -round(0.3 * RATE)], play(source, 1)]
    source.renew(round(0.3 * RATE))  # once more, in the middle of its way
    parts = [parts[0], parts[1][:, : -round(0.3 * RATE)], play(source, 6)]
    heard = np.concatenate(parts, axis=1)
    assert rms_db(heard[:, -RATE:]) - rms_db(before) == pytest.approx(-12.04, abs=0.2)
    steady = heard[0, RATE // 10 :]
    bend = np.abs(np.diff(steady, n=2)).max()
    assert bend < 1.02 * np.abs(np.diff(tone, n=2)).max()


def test_a_pause_of_the_mix_leaves_the_original_as_loud_as_it_was():
    samples = noise(0.1, 12, seed=2)
    mixed = 0.5 * samples
    mixed[:, 4 * RATE :] = 0
    source = monitor(mixed, samples)
    play(source, 3)
    source.show_original(on=True)
    heard = play(source, 8)
    assert rms_db(heard[:, -RATE:]) == pytest.approx(rms_db(heard[:, :RATE]), abs=0.2)


def test_it_is_told_where_both_cannot_be_equally_loud():
    source = monitor(noise(0.2, 3), noise(0.02, 3, seed=1), peak=0.9)
    assert source.is_matched is None
    play(source, 2)
    assert source.is_matched is False
