"""A network adapted to a song: it learns from remixes, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stemdesk.separation.adaptation import Adaptation, adapted
from stemdesk.separation.masks import masks_for
from stemdesk.separation.stft import stft
from stemdesk_models.bandmask import BandMask
from tests.separation.toy_networks import make_card

CPU = torch.device("cpu")
FEW = Adaptation(steps=25, batch=1, seconds=0.5, learning_rate=1e-2, warm_up_steps=2)
STEMS = ["vocals", "other"]


@pytest.fixture(scope="module")
def card():
    return make_card(network_stems=STEMS, masks="softmax", n_fft=4096, hop=1024, win_length=4096)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return BandMask(2, complex_masks=False, width=8, depth=1, feed_forward=8, head=4).eval()


@pytest.fixture(scope="module")
def passage():
    """A high tone and a low one: easily told apart, if somebody says which is whose."""
    seconds = np.arange(3 * 44_100) / 44_100
    tones = [np.sin(2 * np.pi * hz * seconds) for hz in (3000, 200)]
    return np.repeat(np.stack(tones)[:, None], 2, axis=1).astype(np.float32) * 0.3


def shares(network, card, passage):
    """Of each stem's own energy that it gets."""
    stems = stft(torch.from_numpy(passage), card.stft)
    with torch.inference_mode():
        masks = masks_for(card.mask_settings, network, stems.sum(dim=0)[None])[0]
    kept = (masks * stems).abs().square().sum(dim=(1, 2, 3)) / stems.abs().square().sum((1, 2, 3))
    return kept.tolist()


def learn(network, card, passages, tell=lambda _: None, settings=FEW):
    return adapted(network, card, passages, CPU, tell, settings)


def test_it_learns_whose_is_what(network, card, passage):
    before = {name: value.clone() for name, value in network.state_dict().items()}
    learnt = learn(network, card, [passage])
    poor, good = (shares(each, card, passage) for each in (network, learnt))
    assert max(poor) < 0.4
    assert min(good) > 0.6
    assert not learnt.training
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())


def test_the_seed_decides_what_is_learnt_and_torchs_own_numbers_stay(network, card, passage):
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    first, second = (learn(network, card, [passage]).state_dict() for _ in range(2))
    assert torch.equal(torch.rand(3), expected)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_passages_that_are_too_short_teach_nothing(network, card, passage):
    assert learn(network, card, []) is None
    assert learn(network, card, [passage[..., :20_000]]) is None
    assert learn(network, card, [passage[..., :20_000], passage]) is not None


def test_every_step_is_told_and_may_be_the_last(network, card, passage):
    told = []
    learn(network, card, [passage], told.append)
    assert told == [step / FEW.steps for step in range(1, FEW.steps + 1)]

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(network, card, [passage], stop)
