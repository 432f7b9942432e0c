"""A larger BandMask that begins with a smaller one's weights says what that says, and can learn."""

import pytest
import torch

from stemdesk_models.bandmask import BandMask
from stemdesk_models.growth import causal_taps

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


@pytest.mark.parametrize("dim", [-1, -2])
def test_taps_of_steps_to_come_hear_the_present(dim):
    kernel = torch.tensor([1.0, 2, 3, 4, 5]).view(1, 1, 5, 1).transpose(-2, dim)
    expected = torch.tensor([0.0, 0, 1, 2, 12]).view(1, 1, 5, 1).transpose(-2, dim)
    assert torch.equal(causal_taps(kernel, dim), expected)


def test_what_hears_nothing_to_come_says_the_same_as_a_causal_network():
    whole = network(1, **{**SMALL, **FINE})
    torch.nn.init.normal_(whole.head.detail.weigh.weight, std=0.3)
    for layer in whole.layers[::2]:  # what comes back along the steps
        layer.out.weight.data[:, 20:] = 0
    for conv in whole.head.detail.convs:  # and what is seen of the next
        conv.weight.data[:, :, 2] = 0
    causal = network(2, **{**SMALL, **FINE}, causal=True)
    causal.begin_as(whole)
    # One that both hear alike, however much of it there is: its level stands still.
    steps = torch.exp(1j * torch.linspace(0, 9, 12)) * mixture(1)
    with torch.inference_mode():
        said = whole(steps)
        assert torch.allclose(causal(steps), said, atol=1e-5)
        assert said.std(dim=-1).max() > 0.01, "it moves"


def still_mixture(steps):
    """Where nothing moves, future and present are alike."""
    return mixture(1).expand(-1, -1, -1, steps)


def test_convolutions_begin_as_causal_ones_too():
    options = {**BASE, "feed_forward": 16, "depth": 2}
    whole, causal = network(1, **options), network(2, **options, causal=True)
    causal.begin_as(whole)
    with torch.inference_mode():
        said = whole(still_mixture(40))[..., 12:-12]
        assert torch.allclose(causal(still_mixture(40))[..., 12:-12], said, atol=1e-3)


def test_a_network_of_both_directions_does_not_begin_as_a_causal_one():
    with pytest.raises(ValueError, match="steps to come"):
        network(2, **SMALL).begin_as(network(1, **SMALL, causal=True))


def test_cells_are_an_lstms():
    for options in ({**SMALL, "cells": 23}, {**BASE, "cells": 24}):
        with pytest.raises(ValueError, match="LSTM"):
            BandMask(**options)
