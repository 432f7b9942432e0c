"""Muon: orthogonal steps of a known size for matrices, AdamW's for the rest."""

import pytest
import torch

from stemdesk_training.run.muon import Muon, orthogonalised


def drawn(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(7))


@pytest.mark.parametrize("shape", [(64, 64), (256, 64), (32, 400), (5, 48, 32), (5, 32, 48)])
def test_singular_values_come_near_one_and_directions_stay(shape):
    matrices = drawn(*shape)
    made = orthogonalised(matrices)
    values = torch.linalg.svdvals(made)
    assert values.quantile(0.03) > 0.6
    assert values.max() < 1.3
    # With the nearest orthogonal matrix the inner product is the sum of the singular values.
    u, _, vt = torch.linalg.svd(matrices, full_matrices=False)
    turned = (made * (u @ vt)).sum(dim=(-2, -1)) / min(shape[-2:])
    assert turned.min() > 0.8


def test_directions_with_small_gradients_move_as_far_as_others():
    left, right = (torch.linalg.qr(drawn(32, 32) + side)[0] for side in (0, 1))
    gradient = left * torch.logspace(0, -2, 32) @ right
    assert torch.linalg.svdvals(orthogonalised(gradient)).min() > 0.6


@pytest.mark.parametrize("shape", [(64, 64), (192, 48), (4, 32, 96), (24, 8, 3, 5)])
def test_a_step_of_a_matrix_has_the_size_of_adamws(shape):
    """A fifth of the learning rate, root mean square, however small the gradient."""
    parameter = torch.nn.Parameter(torch.zeros(shape))
    optimiser = Muon([parameter], lr=1e-2)
    parameter.grad = 1e-6 * drawn(*shape)
    optimiser.step()
    assert parameter.square().mean().sqrt().item() == pytest.approx(2e-3, rel=0.25)
    assert (parameter * parameter.grad).sum() < 0


def test_what_is_no_matrix_moves_as_under_adamw():
    shapes = [(64,), (12, 1, 64), (1, 42, 1, 64), (4, 64)]
    sides = [[torch.nn.Parameter(drawn(*shape)) for shape in shapes] for _ in range(2)]
    muon = Muon(sides[0], lr=3e-3, weight_decay=0.1)
    adamw = torch.optim.AdamW(sides[1], lr=3e-3, weight_decay=0.1)
    for turn in range(5):
        for side in sides:
            for parameter in side:
                parameter.grad = torch.sin(parameter.detach() * (turn + 1))
        muon.step()
        adamw.step()
    for ours, theirs in zip(*sides, strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-6, atol=1e-7)


def test_weights_decay_and_frozen_ones_stay():
    decaying, frozen = (torch.nn.Parameter(torch.ones(32, 32)) for _ in range(2))
    optimiser = Muon([decaying, frozen], lr=0.1, weight_decay=0.5)
    decaying.grad = torch.zeros(32, 32)
    optimiser.step()
    assert torch.allclose(decaying, torch.full((32, 32), 0.95))
    assert torch.equal(frozen, torch.ones(32, 32))
