"""Ensembles: the mean of what their members say."""

import pytest
import torch

from stemdesk.separation.masks import normalise
from stemdesk_models.ensemble import Ensemble
from stemdesk_training.tuning.freezing import frozen_names

SMALL = {"depth": 2, "head": 8, "bands": "coarse", "blocks": "lstm", "sees": "magnitudes"}
MEMBERS = [{"width": 16, **SMALL}, {"width": 24, **SMALL}]


@pytest.fixture
def ensemble():
    torch.manual_seed(0)
    return Ensemble(4, MEMBERS, [0.7, 0.3]).eval()


def spectrum(steps, bins=2049):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(1, 2, bins, steps, generator=generator, dtype=torch.complex64)


def test_its_masks_are_the_weighted_mean_of_its_members(ensemble):
    mixture = spectrum(5)
    with torch.inference_mode():
        masks = normalise(ensemble(mixture), "softmax", stems=4)
        one, two = (
            normalise(network(mixture), "softmax", stems=4) for network in ensemble.networks
        )
    assert (one - two).abs().max() > 0.01
    assert (masks - (0.7 * one + 0.3 * two)).abs().max() < 1e-6


def test_the_gradient_reaches_every_parameter(ensemble):
    ensemble(spectrum(6))[:, :-1].square().sum().backward()
    for name, value in ensemble.named_parameters():
        assert value.grad is not None, name
        assert value.grad.isfinite().all(), name
        assert value.grad.abs().max() > 0, name


def test_a_member_that_is_sure_of_silence_leaves_logits_finite(ensemble):
    with torch.no_grad():
        for network in ensemble.networks:
            for name, value in network.head.named_parameters():
                if name.endswith("bias"):
                    value[::2] = 1e4
    assert ensemble(spectrum(3)).isfinite().all()


def test_tuning_frees_the_head_of_every_member(ensemble):
    frozen = frozen_names(ensemble, "all_but_heads", (2, 2049, 8))
    for place in range(2):
        own = {name for name, _ in ensemble.named_parameters() if f"networks.{place}." in name}
        free = own - frozen
        assert 0 < len(free) < len(own)
        assert any(".head." in name for name in free)
        assert f"networks.{place}.split.weights.0" in frozen


@pytest.mark.parametrize("weights", [[1.0], [0.7, 0.2], [1.5, -0.5], [0.5, float("nan")]])
def test_weights_that_are_no_shares_are_refused(weights):
    with pytest.raises(ValueError, match="sum to 1"):
        Ensemble(4, MEMBERS, weights)


def test_a_causal_member_is_refused():
    with pytest.raises(ValueError, match="does not stream"):
        Ensemble(4, [MEMBERS[0], {**MEMBERS[1], "causal": True}], [0.5, 0.5])
