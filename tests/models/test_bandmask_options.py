import pytest
import torch

from stemdesk.separation.masks import normalise
from stemdesk_models.bandmask import STEPS_AT_ONCE, BandMask
from stemdesk_models.bands import BANDS
from stemdesk_models.detail import Detail
from stemdesk_models.features import FEATURES, chunk_level, features

SMALL = {"width": 16, "depth": 2, "feed_forward": 16, "head": 8}


def spectrum(steps, bins=2049, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(1, 2, bins, steps, generator=generator, dtype=torch.complex64)


@pytest.mark.parametrize(("bands", "bins"), [("fine", 2049), ("coarse", 2049), ("live", 1025)])
def test_the_bands_cover_all_bins_but_the_last(bands, bins):
    assert sum(BANDS[bands]) == bins - 1
    network = BandMask(bands=bands, **SMALL).eval()
    with torch.inference_mode():
        assert network(spectrum(3, bins)).shape == (1, 4, 2, bins, 3)


@pytest.mark.parametrize("blocks", ["convolution", "lstm"])
@pytest.mark.parametrize("causal", [False, True])
def test_the_gradient_reaches_every_parameter(blocks, causal):
    torch.manual_seed(0)
    network = BandMask(
        complex_masks=False,
        blocks=blocks,
        causal=causal,
        bands="coarse",
        sees="magnitudes",
        **SMALL,
    )
    masks = normalise(network(spectrum(6)), "softmax", stems=4)
    masks[:, :-1].square().sum().backward()
    for name, value in network.named_parameters():
        assert value.grad is not None, name
        assert value.grad.isfinite().all(), name
        assert value.grad.abs().max() > 0, name


def test_an_lstm_hears_both_ways_as_far_as_there_is_music():
    torch.manual_seed(0)
    network = BandMask(complex_masks=False, blocks="lstm", bands="coarse", **SMALL).eval()
    mixture = spectrum(40)
    changed = mixture.clone()
    changed[..., 20] = mixture[..., 20].flip(-1)  # the level of the whole stays
    with torch.inference_mode():
        difference = (network(mixture) - network(changed)).abs().amax(dim=(0, 1, 2, 3))
    assert difference[15] > 1e-5
    assert difference[25] > 1e-5


@pytest.mark.parametrize("causal", [False, True])
def test_dropout_leaves_out_while_training_and_nothing_after(causal):
    torch.manual_seed(0)
    options = {"bands": "coarse", "blocks": "lstm", "causal": causal, **SMALL}
    plain, network = BandMask(**options), BandMask(dropout=0.3, **options)
    network.load_state_dict(plain.state_dict())
    mixture = spectrum(6)
    with torch.inference_mode():
        assert not torch.equal(network.train()(mixture), network(mixture))
        assert torch.equal(network.eval()(mixture), plain.eval()(mixture))


@pytest.mark.parametrize(("bands", "bins"), [("fine", 2049), ("coarse", 2049), ("live", 1025)])
def test_detail_adds_nothing_until_it_has_learnt_and_nothing_high_up_ever(bands, bins):
    torch.manual_seed(0)
    plain, network = BandMask(bands=bands, **SMALL), BandMask(bands=bands, detail=8, **SMALL)
    network.load_state_dict(plain.state_dict(), strict=False)
    mixture, highest = spectrum(6, bins), (bins - 1) * 3 // 8
    with torch.inference_mode():
        before = plain.eval()(mixture)
        assert torch.equal(network.eval()(mixture), before)
        torch.nn.init.normal_(network.head.detail.weigh.weight)
        changed = (network(mixture) - before).abs().amax(dim=(0, 1, 2, 4))
    assert (changed[:highest] > 1e-4).all()
    assert (changed[highest:] == 0).all()


def difference(detail, louder, seen, bands):
    with torch.inference_mode():
        return (detail(detail.heard(louder)[0], bands) - detail(detail.heard(seen)[0], bands)).abs()


def test_detail_tells_bins_of_one_band_apart_by_what_is_seen_around_them():
    torch.manual_seed(0)
    widths, place, reach = BANDS["coarse"], 500, 14  # bins: two, four and eight to either side
    detail = Detail(widths, 4, 16, 8, 8)
    torch.nn.init.normal_(detail.weigh.weight)
    seen, bands = torch.rand(1, 20, sum(widths), 4), torch.rand(1, len(widths), 20, 16)
    louder = seen.clone()
    louder[:, 10, place] += 1
    changed = difference(detail, louder, seen, bands).amax(dim=(0, 3))
    steps, bins = (changed > 0).nonzero(as_tuple=True)
    assert (bins.min(), bins.max()) == (place - reach, place + reach)
    assert (steps.min(), steps.max()) == (10 - detail.reach // 2, 10 + detail.reach // 2)


def test_the_highest_bin_that_detail_writes_sees_those_above():
    torch.manual_seed(0)
    detail = Detail(BANDS["coarse"], 4, 16, 8, 8)
    torch.nn.init.normal_(detail.weigh.weight)
    seen, bands = torch.rand(1, 20, 2048, 4), torch.rand(1, len(BANDS["coarse"]), 20, 16)
    louder = seen.clone()
    louder[:, 10, detail.bins + 10] += 1
    changed = difference(detail, louder, seen, bands).amax(dim=(0, 1, 3))
    assert changed[detail.bins - 1] > 0
    assert not changed[detail.bins :].any()


@pytest.mark.parametrize(("causal", "heard"), [(False, (9, 11)), (True, (10, 12))])
def test_what_detail_adds_up_over_its_convolutions_is_of_the_same_step(causal, heard):
    torch.manual_seed(0)
    detail = Detail(BANDS["coarse"], 4, 16, 8, 8, causal=causal)
    torch.nn.init.normal_(detail.weigh.weight)
    for silent in detail.convs[1:]:  # so that what the first one found runs through
        torch.nn.init.zeros_(silent.weight)
        torch.nn.init.zeros_(silent.bias)
    seen, bands = torch.rand(1, 20, 2048, 4), torch.rand(1, len(BANDS["coarse"]), 20, 16)
    louder = seen.clone()
    louder[:, 10] += 1
    changed = difference(detail, louder, seen, bands).amax(dim=(0, 2, 3))
    steps = changed.nonzero()
    assert (steps.min(), steps.max()) == heard


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("steps", [1, STEPS_AT_ONCE, STEPS_AT_ONCE + 1, 3 * STEPS_AT_ONCE - 5])
def test_read_and_written_in_pieces_masks_are_as_they_are_in_one(causal, steps):
    torch.manual_seed(0)
    network = BandMask(
        complex_masks=False,
        blocks="lstm",
        bands="coarse",
        sees="magnitudes",
        detail=8,
        causal=causal,
        **SMALL,
    )
    torch.nn.init.normal_(network.head.detail.weigh.weight)
    mixture = spectrum(steps)
    whole = network.eval()(mixture).detach()
    with torch.inference_mode():
        torch.testing.assert_close(network(mixture), whole, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_the_gradient_of_detail_is_finite_in_any_precision(precision):
    torch.manual_seed(0)
    network = BandMask(
        complex_masks=False, blocks="lstm", bands="coarse", sees="magnitudes", detail=24, **SMALL
    )
    with torch.autocast("cpu", precision, enabled=precision != torch.float32):
        masks = normalise(network(spectrum(30)), "softmax", stems=4)
    masks[:, :-1].square().sum().backward()
    assert all(value.grad.isfinite().all() for value in network.parameters())


@pytest.mark.parametrize("kind", FEATURES)
def test_features_are_as_many_as_stated_and_free_of_level(kind):
    mixture = spectrum(5)
    seen = features(mixture, chunk_level(mixture), kind)
    assert seen.shape == (1, 5, 2049, FEATURES[kind])
    loud = features(mixture * 100, chunk_level(mixture * 100), kind)
    torch.testing.assert_close(seen, loud, atol=1e-4, rtol=1e-4)


def test_magnitudes_tell_sides_and_phases_apart():
    mixture = spectrum(5)
    level = chunk_level(mixture)
    seen = features(mixture, level, "magnitudes")
    flipped = mixture.clone()
    flipped[:, 1] *= -1
    turned = features(flipped, level, "magnitudes")
    torch.testing.assert_close(turned[..., [0, 1, 3, 2]], seen)
    assert (turned - seen).abs().max() > 0.1
