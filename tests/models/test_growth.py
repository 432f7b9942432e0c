"""A larger BandMask that begins with a smaller one's weights says what that says, and can learn."""

import pytest
import torch

from stemdesk_models.bandmask import BandMask

BASE = {"complex_masks": False, "width": 16, "depth": 1, "head": 8, "bands": "coarse"}
SMALL = {**BASE, "blocks": "lstm", "sees": "magnitudes"}
MORE = [
    {"cells": 24},
    {"depth": 3},
    {"depth": 2, "cells": 40, "detail": 4},
]


def network(seed, **options):
    torch.manual_seed(seed)
    return BandMask(**options).eval()


def mixture(steps=7):
    torch.manual_seed(9)
    return torch.randn(2, 2, 2049, steps, dtype=torch.complex64)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("more", MORE, ids=str)
def test_what_is_new_changes_nothing_at_first(more, causal):
    small = network(1, **SMALL, causal=causal)
    large = network(2, **{**SMALL, **more}, causal=causal)
    large.begin_as(small)
    with torch.inference_mode():
        before = small(mixture())
        assert torch.allclose(large(mixture()), before, atol=1e-5)
        assert before.std() > 0.01


@pytest.mark.parametrize("more", MORE, ids=str)
def test_what_is_new_learns(more):
    large = network(2, **{**SMALL, **more})
    large.begin_as(network(1, **SMALL))
    descent = torch.optim.SGD(large.parameters(), lr=0.5)
    # In the first step what reads the new moves, in the second the new itself.
    for _ in range(2):
        descent.zero_grad()
        large(mixture()).square().mean().backward()
        descent.step()
    assert [name for name, weight in large.named_parameters() if not weight.grad.any()] == []


def test_blocks_of_convolutions_grow_in_number():
    small = network(1, **BASE, feed_forward=16)
    large = network(2, **{**BASE, "depth": 2}, feed_forward=16)
    large.begin_as(small)
    with torch.inference_mode():
        assert torch.allclose(large(mixture()), small(mixture()), atol=1e-5)


def test_a_network_says_no_less_than_before():
    large = network(1, **{**SMALL, "depth": 2, "cells": 24, "detail": 4})
    for less in ({"depth": 1}, {"cells": 16}, {"detail": 0}, {"width": 24}, {"detail": 8}):
        with pytest.raises(ValueError, match=r"say what|no place"):
            network(2, **{**SMALL, "depth": 2, "cells": 24, "detail": 4, **less}).begin_as(large)
    with pytest.raises(ValueError, match="other blocks"):
        network(2, **{**BASE, "width": 16, "depth": 2}).begin_as(network(1, **SMALL))


FINE = {"depth": 2, "cells": 40, "detail": 4}


def smooth_mixture(steps=24):
    """A mixture that stands still but for its beginning: there future and present are alike."""
    torch.manual_seed(9)
    return torch.randn(2, 2, 2049, 1, dtype=torch.complex64).expand(-1, -1, -1, steps)


def test_a_causal_network_begins_with_what_another_knows():
    """It says about the same of what stands still; a fresh one says something else."""
    whole = network(1, **{**SMALL, **FINE})
    torch.nn.init.normal_(whole.head.detail.weigh.weight, std=0.3)
    # What comes back along the steps is not there in a causal network.
    for layer in whole.layers[::2]:
        layer.out.weight.data[:, 20:] = 0
    causal = network(2, **{**SMALL, **FINE}, causal=True)
    fresh = network(2, **{**SMALL, **FINE}, causal=True)
    causal.begin_as(whole)
    with torch.inference_mode():
        said = whole(smooth_mixture())[..., 10:-10]
        error = (causal(smooth_mixture())[..., 10:-10] - said).std() / said.std()
        other = (fresh(smooth_mixture())[..., 10:-10] - said).std() / said.std()
    assert error < 0.02 < 0.5 < other


def test_convolutions_begin_as_causal_ones_too():
    options = {**BASE, "feed_forward": 16, "depth": 2}
    whole, causal = network(1, **options), network(2, **options, causal=True)
    causal.begin_as(whole)
    with torch.inference_mode():
        said = whole(smooth_mixture(40))[..., 12:-12]
        assert torch.allclose(causal(smooth_mixture(40))[..., 12:-12], said, atol=1e-3)


def test_a_network_of_both_directions_does_not_begin_as_a_causal_one():
    with pytest.raises(ValueError, match="steps to come"):
        network(2, **SMALL).begin_as(network(1, **SMALL, causal=True))


def test_cells_are_an_lstms():
    for options in ({**SMALL, "cells": 23}, {**BASE, "cells": 24}):
        with pytest.raises(ValueError, match="LSTM"):
            BandMask(**options)
