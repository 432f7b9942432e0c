"""Each paper's own rule, with nothing closed; and alpha, the threshold one of them gives to us."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import torch

from stemdesk.errors import UserError
from stemdesk.separation.engine import MaskEngine
from stemdesk.separation.fingerprint import model_fingerprint
from stemdesk.separation.mask_settings import MaskSettings
from stemdesk.separation.masks import masks_for, normalise
from stemdesk.separation.paper_masks import paper_masks
from stemdesk.separation.postprocess import build_chain
from stemdesk.separation.separator import ArraySource, Separator
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.thresholds import with_alpha
from tests.separation.toy_networks import FORMS, KARAOKE, Gains, Spectra, build, make_card

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def spectrum(bins=9, steps=5, seed=0, level=1.0):
    generator = torch.Generator().manual_seed(seed)
    return level * torch.randn(1, 2, bins, steps, generator=generator, dtype=torch.complex64)


def says(raw):
    """A network with one answer."""
    return lambda _: raw


def in_paper(card, network, post=()):
    chain = build_chain(post, card.stems)
    device = torch.device("cpu")
    return Separator(
        MaskEngine(card, network.eval(), device, chain, lambda _: None, reconstruction="paper")
    )


def estimates_of(separator, samples):
    card, source = separator.engine.card, ArraySource(samples)
    scale = separator.song_scale(source) if card.song_peak else 1.0
    pieces = separator.estimate(ArraySource(samples), scale=scale)
    return np.concatenate([piece.samples for piece in pieces], axis=-1)


@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.8])
def test_simpson_has_two_thresholds_that_know_nothing_of_each_other(alpha):
    scores = torch.rand(1, 1, 2, 9, 5, generator=torch.Generator().manual_seed(1))
    settings = MaskSettings("binary", 2, threshold=alpha)
    voice, rest = paper_masks(settings, says(scores), spectrum())[0]
    assert torch.equal(voice, (scores[0, 0] > alpha).float())
    assert torch.equal(rest, (scores[0, 0] < 1 - alpha).float())
    total = voice + rest
    assert {0.2: total.max() == 2, 0.5: (total == 1).all(), 0.8: total.min() == 0}[alpha]


def test_of_several_named_stems_none_keeps_another_from_its_bin():
    scores = torch.tensor([0.9, 0.9, 0.1]).view(1, 3, 1, 1, 1)
    masks = paper_masks(MaskSettings("binary", 4), says(scores), spectrum(1, 1)[:, :1])
    assert masks.flatten().tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("kind", ["sigmoid", "softmax", "binary", "ratio"])
def test_roma_and_pretet_share_out_what_they_cover_and_no_more(kind):
    raw = noise(1, 4, 2, 7, 5)
    masks = paper_masks(MaskSettings(kind, 4, ratio_power=2.0), says(raw), spectrum(9))
    assert torch.equal(masks[..., :7, :], normalise(raw, kind, stems=4, ratio_power=2.0))
    assert not masks[..., 7:, :].any()


def test_lin_gives_the_accompaniment_what_the_voice_leaves():
    scores = torch.rand(1, 1, 2, 9, 5, generator=torch.Generator().manual_seed(1))
    voice, rest = paper_masks(MaskSettings("ratio", 2), says(scores), spectrum())[0]
    assert torch.equal(voice, scores[0, 0])
    assert torch.equal(rest, 1 - scores[0, 0])


@pytest.mark.parametrize("level", [1.0, 1e-9])
def test_open_unmix_has_its_magnitudes_with_the_mixtures_phase(level):
    mixture, estimates = spectrum(level=level), noise(1, 4, 2, 9, 5, seed=2).abs()
    settings = MaskSettings("magnitude", 4)
    stems = paper_masks(settings, says(estimates), mixture) * mixture[:, None]
    torch.testing.assert_close(stems.abs(), estimates)
    phase = mixture[:, None].angle().expand_as(estimates)
    turn = stems.angle() - phase
    torch.testing.assert_close(turn.cos(), torch.ones_like(turn), atol=1e-5, rtol=0)


def test_magnitudes_are_shared_where_stems_must_sum_to_the_mixture():
    estimates, mixture = noise(1, 4, 2, 9, 5).abs(), spectrum()
    shared = masks_for(MaskSettings("magnitude", 4), says(estimates), mixture)
    assert torch.equal(shared, masks_for(MaskSettings("ratio", 4), says(estimates), mixture))
    with pytest.raises(ValueError, match="3 stems where 4"):
        masks_for(MaskSettings("magnitude", 4), says(estimates[:, :3]), mixture)
    with pytest.raises(ValueError, match="3 stems where 4"):
        paper_masks(MaskSettings("magnitude", 4), says(estimates[:, :3]), mixture)


@pytest.mark.parametrize("level", [1.0, 1e-9])
def test_estimated_spectra_stay_what_they_are(level):
    """Even where the mixture is so quiet that the null could not be closed by them."""
    mixture = spectrum()
    mixture[..., 3] *= level
    estimates = torch.complex(noise(1, 3, 2, 9, 5, seed=4), noise(1, 3, 2, 9, 5, seed=5))
    stems = paper_masks(MaskSettings("spectrum", 3), says(estimates), mixture) * mixture[:, None]
    torch.testing.assert_close(stems, estimates)
    last = paper_masks(MaskSettings("spectrum", 4), says(estimates), mixture) * mixture[:, None]
    torch.testing.assert_close(last[:, 3], mixture - estimates.sum(dim=1), atol=1e-5, rtol=1e-4)


def test_complex_masks_are_not_moved():
    raw = torch.complex(noise(1, 4, 2, 9, 5), noise(1, 4, 2, 9, 5, seed=1))
    assert torch.equal(paper_masks(MaskSettings("complex", 4), says(raw), spectrum()), raw)


def test_silence_and_its_neighbourhood_stay_finite():
    mixture = spectrum()
    mixture[..., 0] = 0
    mixture[..., 1] *= 1e-38
    for kind, raw in (("magnitude", noise(1, 2, 2, 9, 5)), ("spectrum", spectrum()[:, None])):
        masks = paper_masks(MaskSettings(kind, 2), says(raw), mixture)
        assert (masks * mixture[:, None]).isfinite().all()
        assert not masks[:, 0, ..., :2].any()


def test_the_closing_stem_comes_last_here_too():
    estimates = torch.arange(1.0, 4.0).view(1, 3, 1, 1, 1)
    masks = paper_masks(
        MaskSettings("magnitude", 3, closing=0), says(estimates), torch.ones(1, 1, 1, 1) + 0j
    )
    assert masks.flatten().tolist() == [2, 3, 1]


@each_form
def test_every_system_estimates_all_of_its_stems(form):
    card, network = build(form)
    frames = card.hop * (card.chunk.steps + 20)
    samples = (0.1 * noise(2, frames, seed=3)).numpy()
    separator = in_paper(card, network)
    estimates = estimates_of(separator, samples)
    assert estimates.shape == (len(card.stems), *samples.shape)
    assert np.isfinite(estimates).all()
    assert separator.engine.estimated_stems == len(card.stems)


def test_a_network_in_the_time_domain_is_taken_at_its_word():
    card = make_card(masks="spectrum")
    network = Spectra(4, 513)
    samples = (0.1 * noise(2, card.hop * 20, seed=3)).numpy()
    with torch.inference_mode():
        raw = network(stft(torch.from_numpy(samples), card.stft)[None])[0]
    wanted = istft(raw, card.stft, samples.shape[1]).numpy()
    np.testing.assert_allclose(estimates_of(in_paper(card, network), samples), wanted, atol=1e-5)
    assert np.abs(wanted.sum(axis=0) - samples).max() > 0.01


def test_stages_keep_what_a_bins_masks_come_to():
    """Four gains of a model whose magnitudes come to 2.5, and bins that are in no stem."""
    gains = Gains([1.0, 0.75, 0.5, 0.25])
    card = make_card(masks="magnitude")
    mixture = spectrum(513, 8)[0]
    plain = in_paper(card, gains).engine.masks(mixture)
    sharp = in_paper(card, gains, ["sharpen=2"]).engine.masks(mixture)
    torch.testing.assert_close(sharp.sum(dim=0), plain.sum(dim=0))
    torch.testing.assert_close(sharp[0], torch.full_like(sharp[0], 2.5 * 1 / 1.875))
    mixture[:, 100:] = 0
    assert not in_paper(card, gains, ["binarise=10"]).engine.masks(mixture)[:, :, 100:].any()


def test_the_mode_and_alpha_are_part_of_the_fingerprint():
    card = make_card(sha256="1")
    plain = model_fingerprint(card, "cpu", 1, ())
    assert model_fingerprint(card, "cpu", 1, (), "null") == plain
    assert model_fingerprint(card, "cpu", 1, (), "paper") != plain
    other = msgspec.structs.replace(card, threshold=0.3)
    assert model_fingerprint(other, "cpu", 1, ()) != plain


def test_alpha_is_for_binary_masks_that_leave_a_stem_out():
    card = make_card(masks="binary", network_stems=KARAOKE)
    assert with_alpha(card, Gains([0.7]), 0.3) == msgspec.structs.replace(card, threshold=0.3)
    for other, network in (
        (card, Gains([0.7, 0.3])),
        (msgspec.structs.replace(card, masks="sigmoid"), Gains([0.7])),
    ):
        with pytest.raises(UserError, match="toy has no threshold"):
            with_alpha(other, network, 0.3)
    for wrong in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(UserError, match="no threshold"):
            with_alpha(card, Gains([0.7]), wrong)
