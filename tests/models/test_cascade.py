"""U-Nets for the voice, a BandMask for what they leave: shares of four stems."""

import pytest
import torch

from stemdesk_models.cascade import STEMS, Cascade

REST = {
    "width": 16, "depth": 1, "head": 8, "bands": "coarse", "blocks": "lstm", "sees": "magnitudes"
}  # fmt: skip


def cascade(**options):
    torch.manual_seed(5)
    return Cascade([1.0], REST, **options).eval()


@pytest.fixture(scope="module")
def mixture():
    torch.manual_seed(3)
    return torch.randn(1, 2, 2049, 67, dtype=torch.complex64)


@pytest.mark.parametrize("late_voice", ["vocals", "other"])
def test_shares_sum_to_one_at_every_step_and_bin(mixture, late_voice):
    with torch.inference_mode():
        shares = cascade(late_voice=late_voice)(mixture)
    assert shares.shape == (1, 4, 2, 2049, 67)
    assert (shares.sum(dim=1) - 1).abs().max() < 1e-5
    assert shares.min() >= 0


def test_the_band_hears_every_second_step_without_the_voice(mixture):
    network = cascade()
    voices, bands = network.networks
    with torch.inference_mode():
        rest = voices(mixture)[:, 1]
        heard = bands((mixture * rest)[..., ::2]).softmax(dim=1)
        shares = network(mixture)
    for name in ("drums", "bass", "other"):
        place = STEMS.index(name)
        assert (shares[:, place, ..., ::2] - heard[:, place] * rest[..., ::2]).abs().max() < 1e-5
        mean = (heard[:, place, ..., :-1] + heard[:, place, ..., 1:]) / 2
        assert (shares[:, place, ..., 1::2] - mean * rest[..., 1::2]).abs().max() < 1e-5


def test_a_late_voice_goes_where_it_is_sent(mixture):
    with torch.inference_mode():
        to_vocals, to_other = (cascade(late_voice=stem)(mixture) for stem in ("vocals", "other"))
        found = cascade().networks[0](mixture)[:, 0]
    assert (to_other[:, 0] - found).abs().max() < 1e-6
    late = to_vocals[:, 0] - found
    assert late.max() > 0.01
    assert (to_other[:, 3] - to_vocals[:, 3] - late).abs().max() < 1e-5
    assert torch.equal(to_vocals[:, 1:3], to_other[:, 1:3])


@pytest.mark.parametrize(("trains", "moves"), [("all", True), ("rest", False)])
def test_training_the_rest_leaves_the_u_nets_alone(mixture, trains, moves):
    network = cascade(trains=trains).train()
    network(mixture)[:, 1].sum().backward()
    voices, bands = network.networks
    assert all((value.grad is not None) == moves for value in voices.parameters())
    assert any(value.grad is not None for value in bands.parameters())


def test_a_late_voice_is_of_vocals_or_other():
    with pytest.raises(ValueError, match="late_voice"):
        Cascade([1.0], REST, late_voice="drums")
