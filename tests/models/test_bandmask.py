from __future__ import annotations

import pytest
import torch

from stemdesk.separation.masks import normalise
from stemdesk_models.bandmask import BandMask
from stemdesk_models.bands import BANDS

BAND_WIDTHS = BANDS["fine"]

BINS = 2049
SMALL = {"width": 16, "depth": 2, "feed_forward": 16, "head": 8}


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return BandMask(**SMALL).eval()


def spectrum(steps, batch=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, 2, BINS, steps, generator=generator, dtype=torch.complex64)


def masks_of(network, mixture):
    with torch.inference_mode():
        return normalise(network(mixture), "complex", stems=network.stems)


def test_the_default_has_the_stated_size():
    network = BandMask()
    parameters = sum(value.numel() for value in network.parameters())
    assert parameters == 7_813_888
    assert set(network.state_dict()) == {name for name, _ in network.named_parameters()}


def test_the_bands_cover_all_bins_but_the_last():
    assert sum(BAND_WIDTHS) == BINS - 1
    assert len(BAND_WIDTHS) == 62


@pytest.mark.parametrize("stems", [1, 2, 4])
@pytest.mark.parametrize(("batch", "steps"), [(1, 1), (2, 7)])
def test_the_answer_has_the_contracts_shape(stems, batch, steps):
    network = BandMask(stems=stems, **SMALL).eval()
    with torch.inference_mode():
        raw = network(spectrum(steps, batch))
    assert raw.shape == (batch, stems, 2, BINS, steps)
    assert raw.dtype == torch.complex64
    assert torch.equal(raw[..., -1, :], raw[..., -2, :]), "Nyquist follows its neighbour"


def test_without_complex_masks_it_gives_logits_of_real_ones():
    network = BandMask(complex_masks=False, **SMALL).eval()
    with torch.inference_mode():
        raw = network(spectrum(5))
    assert raw.shape == (1, 4, 2, BINS, 5)
    assert raw.dtype == torch.float32
    assert not torch.equal(raw[..., :2], raw[..., 2:4]), "they move with the music"


def test_fresh_masks_are_near_equal_shares(network):
    masks = masks_of(network, spectrum(12))
    assert (masks.mean(dim=(0, 2, 3, 4)) - 0.25).abs().max() < 0.1
    assert (masks - 0.25).abs().square().mean().sqrt() < 0.4


def test_items_of_a_batch_do_not_hear_each_other(network):
    pair = spectrum(9, batch=2)
    pair[1] *= 100
    together = masks_of(network, pair)
    for index in range(2):
        alone = masks_of(network, pair[index : index + 1])
        torch.testing.assert_close(together[index : index + 1], alone, atol=1e-4, rtol=0)


@pytest.mark.parametrize("level", [0.01, 30.0])
def test_masks_do_not_depend_on_the_level(network, level):
    mixture = spectrum(10)
    torch.testing.assert_close(
        masks_of(network, mixture * level), masks_of(network, mixture), atol=1e-3, rtol=0
    )


def test_silence_is_finite(network):
    assert masks_of(network, torch.zeros(1, 2, BINS, 5, dtype=torch.complex64)).isfinite().all()


def test_masks_move_with_the_music(network):
    """The reach of two blocks is 2 + 4 + 2 + 8 steps; inside, a shift is a shift."""
    reach, shift = 16, 5
    music = spectrum(20)
    quiet = torch.zeros(1, 2, BINS, 2 * reach, dtype=torch.complex64)
    gap = quiet[..., :shift]
    early = masks_of(network, torch.cat((quiet, music, gap, quiet), dim=-1))
    late = masks_of(network, torch.cat((quiet, gap, music, quiet), dim=-1))
    inside = slice(reach, reach + 20 + 2 * reach)
    moved = slice(inside.start + shift, inside.stop + shift)
    torch.testing.assert_close(early[..., inside], late[..., moved], atol=1e-4, rtol=0)
    assert (early[..., inside] - late[..., inside]).abs().max() > 0.05


def test_steps_beyond_its_reach_are_not_heard(network):
    mixture = spectrum(40)
    changed = mixture.clone()
    changed[..., 30:] = changed[..., 30:].flip(-1)  # the same level, other music
    before, after = masks_of(network, mixture), masks_of(network, changed)
    torch.testing.assert_close(before[..., :14], after[..., :14], atol=1e-5, rtol=0)
    assert (before[..., 16] - after[..., 16]).abs().max() > 1e-6


def test_left_and_right_are_told_apart(network):
    one_sided = spectrum(6)
    one_sided[:, 1] = 0
    masks = masks_of(network, one_sided)
    swapped = masks_of(network, one_sided.flip(1))
    assert (masks - swapped).abs().max() > 1e-3


def test_the_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    network = BandMask(**SMALL).train()
    masks = normalise(network(spectrum(6)), "complex", stems=4)
    masks[:, :-1].abs().square().sum().backward()
    for name, value in network.named_parameters():
        assert value.grad is not None, name
        assert value.grad.isfinite().all(), name
        assert value.grad.abs().max() > 0, name
