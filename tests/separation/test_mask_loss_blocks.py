"""The losses on masks block by block: the same number and gradient as loss by loss."""

import pytest
import torch

from stemdesk.separation import mask_loss_blocks as blocks
from stemdesk.separation.mask_loss_blocks import spectral_loss
from stemdesk.separation.mask_losses import LOSSES, bin_weights

ITEMS, STEMS, CHANNELS, BINS, STEPS = 3, 4, 2, 150, 7  # bins fill no whole number of blocks
SETS = [*({name: 2.0} for name in LOSSES),
        {"stem_error": 0.5, "share_cross_entropy": 0.7, "complex_l1": 10.0}]  # fmt: skip


@pytest.fixture
def spectra():
    """Mixture and stems, one of which is silent in one item."""
    draw = torch.Generator().manual_seed(4)
    shape = (ITEMS, STEMS, CHANNELS, BINS, STEPS)
    targets = torch.randn(shape, dtype=torch.complex64, generator=draw)
    targets = targets * torch.rand(shape, generator=draw) ** 2
    targets[1, 2] = 0
    return targets.sum(dim=1), targets


def shares(scale=1.0):
    draw = torch.Generator().manual_seed(5)
    raw = torch.randn(ITEMS, STEMS, CHANNELS, BINS, STEPS, generator=draw) * scale
    return raw.softmax(dim=1).requires_grad_()


def plain(factors, masks, mixture, targets, weights):
    return sum(f * LOSSES[name](masks, mixture, targets, weights) for name, f in factors.items())


def outcome(of, factors, masks, mixture, targets):
    """A loss and its gradient by the masks."""
    loss = of(factors, masks, mixture, targets, bin_weights(BINS, 44_100))
    (gradient,) = torch.autograd.grad(3 * loss, masks)
    return loss.detach(), gradient


@pytest.mark.parametrize("factors", SETS, ids=lambda factors: "+".join(factors))
@pytest.mark.parametrize("block", [1, 64, 1000])
# With logits thirty apart some shares are under the bound of the logarithm.
@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_it_is_what_the_losses_say(factors, block, scale, spectra, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BINS", block)
    expected, slope = outcome(plain, factors, shares(scale), *spectra)
    loss, gradient = outcome(spectral_loss, factors, shares(scale), *spectra)
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(gradient, slope, rtol=1e-4, atol=1e-6 * float(slope.abs().max()))
    assert slope.abs().max() > 0


@pytest.mark.parametrize("factors", SETS, ids=lambda factors: "+".join(factors))
def test_silence_is_no_trouble(factors, spectra):
    silent = [part * 0 for part in spectra]
    expected, _ = outcome(plain, factors, shares(), *silent)
    loss, gradient = outcome(spectral_loss, factors, shares(), *silent)
    torch.testing.assert_close(loss, expected)
    assert gradient.isfinite().all()


def test_complex_masks_go_loss_by_loss(spectra):
    factors = {"stem_error": 0.5, "complex_l1": 10.0}
    masks = (shares().detach() * (1 + 0.1j)).requires_grad_()
    expected, slope = outcome(plain, factors, masks, *spectra)
    loss, gradient = outcome(spectral_loss, factors, masks, *spectra)
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(gradient, slope)
