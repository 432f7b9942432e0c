"""Music heard slower and faster than it is, through windows of other lengths."""

import numpy as np
import pytest
import soxr
import torch

from stemdesk.separation.network import MaskNetwork
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings
from stemdesk_models.ensemble import Ensemble, shares_of
from stemdesk_models.other_speeds import shares_at, window_at

RATE_HZ = 44_100
KNOWN = StftSettings(4096, 2048, 4096)
SMALL = {
    "width": 16, "depth": 2, "head": 8, "bands": "coarse", "blocks": "lstm", "sees": "magnitudes"
}  # fmt: skip


class Probe(MaskNetwork):
    """Keeps what it was shown; a function of it gives the logits of stem one."""

    def __init__(self, answer=torch.zeros_like):
        super().__init__()
        self._answer = answer

    def forward(self, mixture):
        self.heard = mixture
        logits = self._answer(mixture.abs())
        return torch.stack((logits, torch.zeros_like(logits)), dim=1).softmax(dim=1)


def music(seconds=3.0):
    """Tones up to 9 kHz that begin one after the other, on the left and on the right."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tones = [
        np.sin(2 * np.pi * hz * time_s) * (time_s > begin)
        for hz, begin in ((110, 0), (440, 0.5), (1760, 1.2), (5000, 1.8), (9000, 2.2))
    ]
    return torch.from_numpy(np.stack((sum(tones), sum(tones[::2])))).float() * 0.1


@pytest.mark.parametrize("speed", [0.75, 0.5, 1.25])
def test_the_network_hears_what_a_resampler_would_have_given_it(speed):
    samples, probe = music(), Probe()
    shares_at(probe, stft(samples, KNOWN)[None], speed)
    slower = soxr.resample(samples.numpy().T, RATE_HZ * speed, RATE_HZ, "VHQ").T
    expected = stft(torch.from_numpy(np.ascontiguousarray(slower)), KNOWN).abs()
    heard = probe.heard[0].abs()
    # Its first and last windows are half empty: a chunk's neighbours know better there.
    steps = min(heard.shape[-1], expected.shape[-1])
    heard, expected = heard[..., 2 : steps - 2], expected[..., 2 : steps - 2]
    heard = heard * expected.norm() / heard.norm()
    assert (heard - expected).norm() < 0.02 * expected.norm()


@pytest.mark.parametrize("speed", [0.75, 1.25])
def test_its_answer_lands_on_the_frequencies_and_moments_that_it_was_about(speed):
    ramp = torch.arange(2049) / 2048  # what it says of its own bins, whatever it hears
    probe = Probe(lambda heard: ramp[:, None].expand_as(heard))
    mixture = stft(music(), KNOWN)[None]
    shares = shares_at(probe, mixture, speed)
    assert shares.shape == (1, 2, *mixture.shape[1:])
    expected = torch.sigmoid((ramp * speed).clamp(max=1))
    assert (shares[0, 0] - expected[:, None]).abs().max() < 1e-3

    burst = torch.zeros(2, RATE_HZ * 3)
    burst[:, RATE_HZ : RATE_HZ + 2048] = torch.randn(2, 2048)
    loud = Probe(lambda heard: (heard > 1).float() * 8)
    shares = shares_at(loud, stft(burst, KNOWN)[None], speed)[0, 0, 0, 200:800].mean(dim=0) - 0.5
    moment = float((shares * torch.arange(len(shares))).sum() / shares.sum())
    assert abs(moment - (RATE_HZ + 1024) / KNOWN.hop) < 0.5


def test_what_a_slower_song_has_no_treble_for_is_silence():
    probe = Probe()
    shares_at(probe, torch.randn(1, 2, 2049, 30, dtype=torch.complex64), 0.5)
    assert (probe.heard[:, :, 1025:] == 0).all()
    assert (probe.heard[:, :, :1025].abs() > 0).float().mean() > 0.99


def test_windows_have_no_large_prime_factors():
    assert window_at(1.0, 4096) == 4096
    assert window_at(0.75, 4096) == 3072
    assert window_at(0.85, 4096) == 54 * 64


@pytest.mark.parametrize("steps", [1, 2, 3, 7])
@pytest.mark.parametrize("speed", [0.25, 0.75, 1.0, 4.0])
def test_however_short_shares_sum_to_one(steps, speed):
    torch.manual_seed(0)
    network = Ensemble(4, [SMALL], [1.0]).eval().networks[0]
    mixture = torch.randn(2, 2, 2049, steps, dtype=torch.complex64)
    with torch.inference_mode():
        shares = shares_at(shares_of(network), mixture, speed)
        plain = network(mixture).softmax(dim=1)
    assert shares.shape == (2, 4, 2, 2049, steps)
    assert (shares.sum(dim=1) - 1).abs().max() < 1e-5
    if steps == 1 or speed == 1:
        assert torch.equal(shares, plain), "heard as it is, nothing else could be"
    else:
        assert (shares - plain).abs().max() > 1e-3


def test_its_own_speed_goes_through_no_other_window():
    """2100 bins: a window of 4198 frames, which is no multiple of 64."""
    probe, mixture = Probe(), torch.randn(1, 2, 2100, 5, dtype=torch.complex64)
    assert shares_at(probe, mixture, 1.0).shape == (1, 2, 2, 2100, 5)
    assert probe.heard is mixture


@pytest.mark.parametrize("speed", [0.2, 4.1, float("nan")])
def test_a_speed_out_of_range_is_refused(speed):
    with pytest.raises(ValueError, match="a speed lies"):
        shares_at(Probe(), torch.zeros(1, 2, 2049, 5, dtype=torch.complex64), speed)


def test_an_ensemble_takes_the_mean_of_all_speeds_of_each_member():
    torch.manual_seed(0)
    both = Ensemble(4, [SMALL, SMALL], [0.6, 0.4], [[0.75, 1.0], [1.25]]).eval()
    one, other = both.networks
    mixture = stft(music(), KNOWN)[None]
    with torch.inference_mode():
        answers = [
            shares_at(shares_of(one), mixture, 0.75),
            shares_at(shares_of(one), mixture, 1.0),
        ]
        answers.append(shares_at(shares_of(other), mixture, 1.25))
        mean = 0.3 * answers[0] + 0.3 * answers[1] + 0.4 * answers[2]
        assert (answers[0] - answers[1]).abs().max() > 0.01
        assert (both(mixture).softmax(dim=1) - mean).abs().max() < 1e-5
        # Nothing is lost of the mixture, whatever window the shares were found through.
        masks = both(mixture).softmax(dim=1)
        stems = istft(masks * mixture[:, None], KNOWN, RATE_HZ)
    assert (stems.sum(dim=1)[0] - music()[:, :RATE_HZ]).abs().max() < 1e-5


def test_in_training_each_hears_one_of_its_speeds_drawn_from_the_seed():
    torch.manual_seed(0)
    several = Ensemble(4, [SMALL, SMALL], [0.6, 0.4], [[0.75, 1.0], [1.25]]).train()
    assert several.draws_speeds
    one, other = several.networks
    mixture = stft(music(), KNOWN)[None]
    with torch.no_grad():
        fast = 0.4 * shares_at(shares_of(other), mixture, 1.25)
        possible = [0.6 * shares_at(shares_of(one), mixture, speed) + fast for speed in (0.75, 1.0)]
        seen = set()
        for seed in range(12):
            torch.manual_seed(seed)
            answer = several(mixture).softmax(dim=1)
            apart = [float((answer - each).abs().max()) for each in possible]
            assert min(apart) < 1e-5 < 0.01 < max(apart)
            seen.add(apart.index(min(apart)))
            torch.manual_seed(seed)
            assert torch.equal(several(mixture).softmax(dim=1), answer)
    assert seen == {0, 1}


def test_nothing_is_drawn_where_each_has_one_speed():
    ensemble = Ensemble(4, [SMALL, SMALL], [0.6, 0.4], [[0.75], [1.0]]).train()
    assert not ensemble.draws_speeds
    before = torch.get_rng_state()
    with torch.no_grad():
        ensemble(stft(music(0.5), KNOWN)[None])
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    "speeds", [[], [[]], [[0.1]], [[1.0, 5.0]], [[1.0, float("nan")]], [[1.0], [1.0]]]
)
def test_speeds_that_are_none_are_refused(speeds):
    with pytest.raises(ValueError, match="speeds must be"):
        Ensemble(4, [SMALL], [1.0], speeds)
