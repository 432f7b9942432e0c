"""The U-Nets of Spleeter: shares of a stem and the rest, at one speed or several."""

import pytest
import torch

from stemdesk_models.unet_pair import SILENT_POWER, UNetPair


@pytest.fixture(scope="module")
def mixture():
    torch.manual_seed(3)
    return torch.randn(1, 2, 2049, 70, dtype=torch.complex64)


@pytest.mark.parametrize("speeds", [[1.0], [0.94, 1.06]])
def test_shares_sum_to_one_and_cover_every_bin(mixture, speeds):
    with torch.inference_mode():
        shares = UNetPair(speeds).eval()(mixture)
    assert shares.shape == (1, 2, 2, 2049, 70)
    assert (shares.sum(dim=1) - 1).abs().max() < 1e-6
    assert shares.min() >= 0


def test_bins_above_the_networks_get_the_mean_share(mixture):
    with torch.inference_mode():
        shares = UNetPair().eval()(mixture)
    mean = shares[:, :, :, :1024].mean(dim=3, keepdim=True)
    assert (shares[:, :, :, 1024:] - mean).abs().max() < 1e-6


def test_a_share_is_its_squared_magnitude_over_the_sum(mixture):
    network = UNetPair().eval()
    heard = torch.nn.functional.pad(mixture[:, :, :1024].abs(), (0, 58)).transpose(2, 3)
    with torch.inference_mode():
        stem, rest = (each.magnitudes(heard).transpose(2, 3)[..., :70] for each in network.networks)
        shares = network(mixture)[:, 0, :, :1024]
    expected = (stem**2 + SILENT_POWER / 2) / (stem**2 + rest**2 + SILENT_POWER)
    assert (shares - expected).abs().max() < 1e-5


def test_two_speeds_are_averaged(mixture):
    slow, fast = UNetPair([0.94]).eval(), UNetPair([1.06]).eval()
    fast.load_state_dict(slow.state_dict())
    both = UNetPair([0.94, 1.06]).eval()
    both.load_state_dict(slow.state_dict())
    with torch.inference_mode():
        mean = (slow(mixture) + fast(mixture)) / 2
        assert (both(mixture) - mean).abs().max() < 1e-5
        assert (slow(mixture) - fast(mixture)).abs().max() > 1e-4


def test_training_leaves_the_running_statistics_alone(mixture):
    network = UNetPair()
    before = {name: value.clone() for name, value in network.named_buffers()}
    network.train()(mixture)[:, 0].sum().backward()
    assert all(torch.equal(value, before[name]) for name, value in network.named_buffers())
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())


@pytest.mark.parametrize("speeds", [[], [5.0], [float("nan")]])
def test_speeds_out_of_range_are_refused(speeds):
    with pytest.raises(ValueError, match="speeds"):
        UNetPair(speeds)
