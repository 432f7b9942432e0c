"""Masks from the truth, in the core's own stream of chunks."""

import numpy as np
import pytest
import torch

from stemdesk.separation.card import Chunking, ModelCard
from stemdesk.separation.mask_settings import IDEALS, ORACLES
from stemdesk.separation.oracle_engine import OracleEngine
from stemdesk.separation.oracles import ORACLE_STFT, oracle_masks
from stemdesk.separation.separator import ArraySource, Separator
from stemdesk.separation.stft import istft, stft

RATE = 8000
NAMES = ["vocals", "drums", "other"]


@pytest.fixture(scope="module")
def stems():
    """Noise that comes and goes, a stem each to another side, ``[stems, 2, frames]``."""
    rng = np.random.default_rng(1)
    time = np.arange(20 * RATE) / RATE
    sides = np.array([[1.0, 0.2], [0.3, 1.0], [0.7, 0.7]])
    noise = rng.normal(0, 0.1, (3, len(time)))
    noise *= 0.05 + np.abs(np.sin(time * np.array([[1.0], [1.7], [2.3]])))
    return (sides[:, :, None] * noise[:, None]).astype(np.float32)


def card(steps=60):
    return ModelCard(
        id="oracle",
        title="",
        network="oracle",
        network_stems=NAMES,
        sample_rate=RATE,
        channels=2,
        n_fft=ORACLE_STFT.n_fft,
        hop=ORACLE_STFT.hop,
        win_length=ORACLE_STFT.win_length,
        masks="complex",
        chunk=Chunking(steps, 8),
    )


def separated(stems, oracle, reconstruction="paper", first_chunk=0, steps=60):
    engine = OracleEngine(card(steps), oracle, [ArraySource(s) for s in stems], reconstruction)
    run = Separator(engine).estimate(ArraySource(stems.sum(axis=0)), first_chunk)
    return np.concatenate([piece.samples for piece in run], axis=-1)


def spectra(samples):
    return stft(torch.from_numpy(samples), ORACLE_STFT)


@pytest.mark.parametrize("oracle", ["MIX", "IBM1", "IRM1", "IRM2"])
def test_chunks_give_what_the_whole_song_gives(stems, oracle):
    heard = spectra(stems.sum(axis=0))
    whole = oracle_masks(oracle, spectra(stems), heard, closed=False) * heard
    expected = istft(whole, ORACLE_STFT, stems.shape[-1]).numpy()
    np.testing.assert_allclose(separated(stems, oracle), expected, atol=2e-6)


def test_the_wiener_filter_learns_places_chunk_by_chunk(stems):
    error = {
        oracle: np.square(separated(stems, oracle) - stems).sum() for oracle in ("IRM2", "MWF")
    }
    # One mask for both channels cannot tell places apart; the filter can.
    assert error["MWF"] < 0.6 * error["IRM2"]


@pytest.mark.parametrize("oracle", ORACLES)
def test_a_late_start_gives_the_same_bits(stems, oracle):
    whole, late = separated(stems, oracle), separated(stems, oracle, first_chunk=2)
    assert 0 < late.shape[-1] < whole.shape[-1]
    np.testing.assert_array_equal(late, whole[..., -late.shape[-1] :])


def test_a_second_run_gives_the_same_bits(stems):
    engine = OracleEngine(card(), "IRM1", [ArraySource(s) for s in stems])
    runs = [
        [piece.samples for piece in Separator(engine).estimate(ArraySource(stems.sum(axis=0)))]
        for _ in range(2)
    ]
    np.testing.assert_array_equal(*(np.concatenate(run, axis=-1) for run in runs))


@pytest.mark.parametrize("oracle", ORACLES)
def test_closed_masks_sum_to_one_and_the_last_stem_is_left_to_the_closure(stems, oracle):
    true, heard = spectra(stems), spectra(stems.sum(axis=0))
    true[:, :, 5], heard[:, 5] = 0, 0  # nobody sounds there
    total = oracle_masks(oracle, true, heard, closed=True).sum(dim=0)
    torch.testing.assert_close(total, torch.ones_like(total), atol=1e-4, rtol=0)
    assert len(separated(stems, oracle, "null")) == 2


def test_doing_nothing_gives_the_mixture_as_every_stem(stems):
    found = separated(stems, "MIX")
    np.testing.assert_allclose(found, np.broadcast_to(stems.sum(axis=0), found.shape), atol=1e-6)


def test_the_loudest_stem_has_the_whole_bin(stems):
    true, heard = spectra(stems), spectra(stems.sum(axis=0))
    masks = oracle_masks("IBM1", true, heard, closed=False)
    assert set(masks.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(masks.argmax(dim=0), true.abs().argmax(dim=0))


def test_powers_make_masks_sharper(stems):
    true, heard = spectra(stems), spectra(stems.sum(axis=0))
    one, two = (oracle_masks(o, true, heard, closed=False) for o in ("IRM1", "IRM2"))
    shares = true.abs() / true.abs().sum(dim=0)
    torch.testing.assert_close(one, shares, atol=1e-5, rtol=0)
    torch.testing.assert_close(two, shares**2 / (shares**2).sum(dim=0), atol=1e-4, rtol=0)
    assert IDEALS == ("IBM1", "IRM1", "IRM2", "MWF")
