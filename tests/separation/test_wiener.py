"""The multichannel Wiener filter as a stage of masks."""

import pytest
import torch

from stemdesk.separation.postprocess import build_chain
from stemdesk.separation.wiener import wiener


def placed(angle, seed):
    """A source with random spectrum at one place between left and right."""
    generator = torch.Generator().manual_seed(seed)
    source = torch.randn(20, 60, generator=generator, dtype=torch.complex64)
    # Now loud, now quiet, so that its power says where it is.
    source *= torch.rand(20, 60, generator=generator) ** 4
    angle = torch.tensor(angle)
    return torch.stack((angle.cos() * source, angle.sin() * source))


def test_sources_at_two_places_are_told_apart_by_place():
    sources = torch.stack((placed(0.2, 1), placed(1.3, 2)))
    mixture = sources.sum(dim=0)
    power = sources.abs().square().sum(dim=1, keepdim=True).sqrt()
    ratio = (power / power.sum(dim=0)).expand(-1, 2, -1, -1)

    def error(masks):
        return float((masks * mixture - sources).abs().square().sum())

    # One mask for both channels cannot tell places apart; the filter can.
    assert error(wiener(1)(ratio, mixture)) < 0.25 * error(ratio)


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rounds", [1, 3])
def test_masks_still_sum_to_one(channels, rounds):
    generator = torch.Generator().manual_seed(3)
    masks = torch.randn(4, channels, 9, 11, generator=generator).softmax(dim=0)
    mixture = torch.randn(channels, 9, 11, generator=generator, dtype=torch.complex64)
    mixture[:, 4] = 0
    found = build_chain([f"wiener={rounds}"], [])[0](masks, mixture)
    total = found.sum(dim=0)
    torch.testing.assert_close(total, torch.ones_like(total), atol=1e-4, rtol=0)
    assert found.isfinite().all()


def test_level_does_not_matter_and_silence_is_shared():
    generator = torch.Generator().manual_seed(4)
    masks = torch.randn(2, 2, 9, 11, generator=generator).softmax(dim=0)
    mixture = torch.randn(2, 9, 11, generator=generator, dtype=torch.complex64)
    loud, quiet = wiener(1)(masks, 1000 * mixture), wiener(1)(masks, 1e-3 * mixture)
    torch.testing.assert_close(loud, quiet, atol=1e-3, rtol=0)
    silent = wiener(1)(masks, 0 * mixture)
    assert (silent == 0.5).all()
