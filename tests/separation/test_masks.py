from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.separation.mask_settings import MaskSettings
from stemdesk.separation.masks import fill_bins, masks_for, normalise, spectrum_masks

KINDS = ["softmax", "sigmoid", "ratio", "binary", "complex"]


def raw_masks(given_stems, kind, seed=0, scale=3.0):
    generator = torch.Generator().manual_seed(seed)
    dtype = torch.complex64 if kind == "complex" else torch.float32
    return scale * torch.randn(2, given_stems, 2, 5, 7, generator=generator, dtype=dtype)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.integers(2, 6),
    st.booleans(),
    st.integers(0, 2**32),
    st.sampled_from([0.0, 1e-12, 1e-3, 1.0, 50.0]),
    st.sampled_from([0.5, 1.0, 2.0]),
)
def test_masks_sum_to_one(kind, stems, missing, seed, scale, power):
    raw = raw_masks(stems - missing, kind, seed, scale)
    masks = normalise(raw, kind, stems=stems, ratio_power=power)
    assert masks.shape == (2, stems, 2, 5, 7)
    assert masks.dtype == (torch.complex64 if kind == "complex" else torch.float32)
    total = masks.sum(dim=1)
    tolerance = 1e-6 * max(1.0, scale) * stems
    torch.testing.assert_close(total, torch.ones_like(total), atol=tolerance, rtol=0)
    if kind != "complex":
        assert masks.min() >= -1e-6
        assert masks.max() <= 1 + 1e-6


@pytest.mark.parametrize("kind", ["softmax", "sigmoid", "ratio"])
def test_masks_are_float32_even_from_bfloat16(kind):
    masks = normalise(raw_masks(4, kind).bfloat16(), kind, stems=4)
    assert masks.dtype == torch.float32
    torch.testing.assert_close(masks.sum(dim=1), torch.ones(2, 2, 5, 7), atol=1e-6, rtol=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given_stems", [2, 5])
def test_a_wrong_number_of_stems_is_an_error(kind, given_stems):
    with pytest.raises(ValueError, match=f"gave {given_stems} stems where 4"):
        normalise(raw_masks(given_stems, kind), kind, stems=4)


def test_the_missing_stem_is_the_last():
    raw = torch.zeros(1, 1, 1, 1, 1)
    for kind, value, vocals in [("sigmoid", 0.0, 0.5), ("ratio", 0.75, 0.75), ("ratio", 2.0, 1.0)]:
        masks = normalise(raw + value, kind, stems=2)
        assert masks.flatten().tolist() == pytest.approx([vocals, 1 - vocals])


def test_softmax_gives_the_missing_stem_the_logit_zero():
    raw = raw_masks(3, "softmax")
    masks = normalise(raw, "softmax", stems=4)
    zero = torch.zeros(2, 1, 2, 5, 7)
    torch.testing.assert_close(masks, torch.cat((raw, zero), dim=1).softmax(dim=1))


def test_ratio_masks_are_ratios_of_powers():
    estimates = torch.tensor([1.0, 3.0, -2.0, 0.0]).view(1, 4, 1, 1, 1)
    shares = normalise(estimates, "ratio", stems=4).flatten()
    assert shares.tolist() == pytest.approx([0.25, 0.75, 0.0, 0.0], abs=1e-6)
    shares = normalise(estimates, "ratio", stems=4, ratio_power=2).flatten()
    assert shares.tolist() == pytest.approx([0.1, 0.9, 0.0, 0.0], abs=1e-6)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_ratio_masks_do_not_depend_on_the_level(power):
    estimates = raw_masks(4, "ratio").abs() + 0.1
    loud = normalise(estimates, "ratio", stems=4, ratio_power=power)
    quiet = normalise(estimates * 1e-6, "ratio", stems=4, ratio_power=power)
    torch.testing.assert_close(loud, quiet, atol=1e-3, rtol=0)


def test_sigmoid_masks_are_independent_ratios():
    raw = raw_masks(4, "sigmoid")
    each = raw.sigmoid()
    masks = normalise(raw, "sigmoid", stems=4)
    torch.testing.assert_close(masks, each / each.sum(dim=1, keepdim=True))


def test_binary_masks_are_one_hot():
    raw = raw_masks(4, "binary")
    masks = normalise(raw, "binary", stems=4)
    assert set(masks.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(masks.sum(dim=1), torch.ones(2, 2, 5, 7))
    assert torch.equal(masks.argmax(dim=1), raw.argmax(dim=1))


@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.8])
def test_binary_masks_with_a_stem_missing_obey_the_threshold(alpha):
    scores = torch.linspace(0, 1, 11).view(1, 1, 1, 1, 11)
    masks = normalise(scores, "binary", stems=2, threshold=alpha)
    assert torch.equal(masks[0, 0, 0, 0], (scores.flatten() > alpha).float())
    assert torch.equal(masks[0, 1], 1 - masks[0, 0])


def test_stems_that_claim_a_bin_together_share_it():
    masks = normalise(torch.full((1, 2, 1, 1, 1), 0.9), "binary", stems=3, threshold=0.5)
    assert masks.flatten().tolist() == [0.5, 0.5, 0.0]


def test_complex_masks_are_moved_the_least():
    """Of all masks that sum to one the nearest: its distance is at right angles to the plane."""
    raw = raw_masks(4, "complex")
    masks = normalise(raw, "complex", stems=4)
    moved = masks - raw
    torch.testing.assert_close(moved, moved[:, :1].expand_as(moved), atol=1e-5, rtol=0)
    generator = torch.Generator().manual_seed(1)
    for _ in range(5):
        aside = torch.randn(raw.shape, generator=generator, dtype=torch.complex64)
        aside = aside - aside.mean(dim=1, keepdim=True)
        assert (masks + 0.1 * aside - raw).abs().square().sum() > moved.abs().square().sum()


def test_complex_masks_with_one_missing_stay_as_they_are():
    raw = raw_masks(3, "complex")
    assert torch.equal(normalise(raw, "complex", stems=4)[:, :3], raw)


@pytest.mark.parametrize("dtype", [torch.float32, torch.complex64])
def test_bins_left_out_go_to_the_closing_stem(dtype):
    masks = torch.full((1, 4, 2, 6, 3), 0.25, dtype=dtype)
    filled = fill_bins(masks, 9)
    assert filled.dtype == dtype
    assert torch.equal(filled[..., :6, :], masks)
    assert torch.equal(filled[:, :3, :, 6:], torch.zeros(1, 3, 2, 3, 3, dtype=dtype))
    assert torch.equal(filled[:, 3, :, 6:], torch.ones(1, 2, 3, 3, dtype=dtype))
    assert fill_bins(masks, 6) is masks


def test_a_closing_stem_anywhere_in_the_networks_order_comes_out_last():
    raw = raw_masks(4, "softmax")
    mixture = torch.ones(2, 2, 5, 7, dtype=torch.complex64)
    plain = normalise(raw, "softmax", stems=4)
    for place, order in [
        (-1, [0, 1, 2, 3]),
        (3, [0, 1, 2, 3]),
        (0, [1, 2, 3, 0]),
        (1, [0, 2, 3, 1]),
    ]:
        masks = masks_for(MaskSettings("softmax", 4, closing=place), lambda _: raw, mixture)
        torch.testing.assert_close(masks, plain[:, order])
    given_three = masks_for(MaskSettings("softmax", 4, closing=0), lambda _: raw[:, :3], mixture)
    assert torch.equal(given_three, normalise(raw[:, :3], "softmax", stems=4))


def test_masks_for_pads_the_steps_and_fills_the_bins():
    def network(mixture):
        assert mixture.shape == (2, 2, 6, 8)
        assert not mixture[..., 7:].any()
        return mixture.abs()[:, None, :, :5].expand(-1, 4, -1, -1, -1)

    mixture = torch.randn(2, 2, 6, 7, dtype=torch.complex64)
    masks = masks_for(MaskSettings("ratio", 4, multiple_of=4), network, mixture)
    assert masks.shape == (2, 4, 2, 6, 7)
    torch.testing.assert_close(masks.sum(dim=1), torch.ones(2, 2, 6, 7))
    assert (masks[:, 3, :, 5] == 1).all()


def test_gradients_reach_the_network_through_masks_for():
    scale = torch.ones(1, requires_grad=True)
    mixture = torch.randn(1, 1, 4, 6, dtype=torch.complex64)
    mixture[..., 2] = 0

    def network(seen):
        return scale * (seen + 0.1)[:, None] * torch.tensor([1.0, 2.0])[None, :, None, None, None]

    masks = masks_for(MaskSettings("spectrum", 2), network, mixture)
    (masks * mixture[:, None]).abs()[:, 0].sum().backward()
    assert torch.isfinite(scale.grad).all()
    assert scale.grad.abs() > 0.1


def spectra(seed=0, given_stems=4, quiet=1.0):
    generator = torch.Generator().manual_seed(seed)
    estimates = torch.randn(2, given_stems, 2, 5, 7, generator=generator, dtype=torch.complex64)
    mixture = torch.randn(2, 2, 5, 7, generator=generator, dtype=torch.complex64)
    mixture[..., 2:4] *= quiet
    return estimates, mixture


@pytest.mark.parametrize("quiet", [1.0, 1e-2, 1e-5])
@pytest.mark.parametrize("level", [1e-4, 1.0, 1e3])
def test_estimated_spectra_come_back_from_their_masks(quiet, level):
    """Even where the stems all but cancel out in the mixture."""
    estimates, mixture = spectra(quiet=quiet)
    masks = spectrum_masks(level * estimates, level * mixture, stems=4)
    back = masks * (level * mixture)[:, None]
    wanted = estimates + (mixture - estimates.sum(dim=1))[:, None] / 4
    torch.testing.assert_close(back, level * wanted, atol=level * 1e-5, rtol=0)
    torch.testing.assert_close(back.sum(dim=1), level * mixture, atol=level * 1e-5, rtol=0)


def test_a_stem_that_has_no_spectrum_takes_what_is_left():
    estimates, mixture = spectra(given_stems=3)
    back = spectrum_masks(estimates, mixture, stems=4) * mixture[:, None]
    torch.testing.assert_close(back[:, :3], estimates, atol=1e-5, rtol=0)
    torch.testing.assert_close(back[:, 3], mixture - estimates.sum(dim=1), atol=1e-5, rtol=0)


@pytest.mark.parametrize("given_stems", [3, 4])
@pytest.mark.parametrize("quiet", [0.0, 1e-9, 1e-40])
def test_bins_with_nothing_in_them_are_shared_equally(quiet, given_stems):
    estimates, mixture = spectra(given_stems=given_stems, quiet=quiet)
    masks = spectrum_masks(estimates, mixture, stems=4)
    assert (masks[..., 2:4] == 0.25).all()
    assert torch.isfinite(masks).all()
    assert (masks[..., :2].abs() > 0.26).any()
    silent = spectrum_masks(estimates, torch.zeros_like(mixture), stems=4)
    assert (silent == 0.25).all()


def test_each_item_of_a_batch_has_its_own_floor():
    estimates, mixture = spectra()
    mixture[0] *= 1e-9
    both = spectrum_masks(estimates, mixture, stems=4)
    alone = spectrum_masks(estimates[:1], mixture[:1], stems=4)
    assert torch.equal(both[:1], alone)
    assert not (alone == 0.25).any()


def test_estimated_spectra_need_the_mixture():
    with pytest.raises(ValueError, match="beside the mixture"):
        normalise(raw_masks(4, "complex"), "spectrum", stems=4)
    with pytest.raises(ValueError, match="gave 5 stems where 4"):
        spectrum_masks(*spectra(given_stems=5), stems=4)
