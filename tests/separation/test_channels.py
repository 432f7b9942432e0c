from __future__ import annotations

import numpy as np
import pytest
import torch

from stemdesk.separation.channels import channel_groups, gather, scatter
from stemdesk.separation.network import MaskNetwork
from stemdesk.separation.separator import ArraySource
from tests.separation.toy_networks import KARAOKE, make_card, make_separator


class Telltale(MaskNetwork):
    """Each channel's mask tells what that channel holds, and left from right in a pair."""

    def __init__(self, *, sides: bool = False) -> None:
        super().__init__()
        self.sides = sides

    def forward(self, mixture):
        vocals = mixture.abs() / 100
        if self.sides and mixture.shape[1] == 2:
            vocals = vocals + torch.tensor([0.1, 0.3]).view(1, 2, 1, 1)
        return vocals[:, None]


def named_spectrum(channels):
    """Channel ``c`` has the magnitude ``c + 1`` everywhere."""
    return torch.arange(1.0, channels + 1).view(-1, 1, 1).expand(-1, 513, 8).to(torch.complex64)


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("network_channels", [1, 2])
def test_every_channel_keeps_its_place(channels, network_channels):
    card = make_card(network_stems=KARAOKE, channels=network_channels)
    engine = make_separator(card, Telltale()).engine
    masks = engine.masks(named_spectrum(channels))
    assert masks.shape == (2, channels, 513, 8)
    wanted = torch.arange(1.0, channels + 1) / 100
    torch.testing.assert_close(masks[0], wanted.view(-1, 1, 1).expand(-1, 513, 8))


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("batch", [1, 3])
def test_batches_change_nothing(channels, batch):
    card = make_card(network_stems=KARAOKE)
    engine = make_separator(card, Telltale(sides=True)).engine
    wanted = engine.masks(named_spectrum(channels))
    engine.batch = batch
    assert torch.equal(engine.masks(named_spectrum(channels)), wanted)


def test_left_and_right_are_not_exchanged():
    engine = make_separator(make_card(network_stems=KARAOKE), Telltale(sides=True)).engine
    vocals = engine.masks(named_spectrum(6))[0, :, 0, 0]
    # 5.1: front pair, centre, LFE, surround pair; a lone channel gets the mean of both sides.
    assert vocals.tolist() == pytest.approx([0.11, 0.32, 0.23, 0.24, 0.15, 0.36])


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("network_channels", [1, 2])
def test_every_channel_is_in_one_group(channels, network_channels):
    groups = channel_groups(channels, network_channels)
    assert [channel for group in groups for channel in group] == list(range(channels))
    assert all(1 <= len(group) <= network_channels for group in groups)


def test_a_lone_channel_is_heard_as_centred_mono():
    spectrum = named_spectrum(3)
    items = gather(spectrum, channel_groups(3, 2), 2)
    assert torch.equal(items[0], spectrum[:2])
    assert torch.equal(items[1], spectrum[[2, 2]])


def test_groups_in_any_order_go_back_to_their_channels():
    masks = torch.arange(12.0).view(3, 2, 2, 1, 1)
    channels = scatter(masks, [(2,), (3, 0), (1,)])[:, :, 0, 0]
    assert channels.tolist() == [[5, 8.5, 0.5, 4], [7, 10.5, 2.5, 6]]


def test_a_lone_channels_masks_still_sum_to_one():
    masks = torch.randn(1, 4, 2, 3, 5, generator=torch.Generator().manual_seed(0)).softmax(dim=1)
    lone = scatter(masks, [(0,)])
    assert lone.shape == (4, 1, 3, 5)
    torch.testing.assert_close(lone.sum(dim=0), torch.ones(1, 3, 5))


@pytest.mark.parametrize("channels", [1, 2, 5, 8])
@pytest.mark.parametrize("network_channels", [1, 2])
def test_estimates_keep_their_channels(channels, network_channels):
    """Each channel is another noise, and half of it comes out where it went in."""

    class Half(MaskNetwork):
        def forward(self, mixture):
            return torch.full((mixture.shape[0], 1, *mixture.shape[1:]), 0.5)

    card = make_card(network_stems=KARAOKE, channels=network_channels)
    samples = np.random.default_rng(0).uniform(-1, 1, (channels, 20_001)).astype(np.float32)
    estimates = make_separator(card, Half()).estimate(ArraySource(samples))
    vocals = np.concatenate([part.samples for part in estimates], axis=-1)[0]
    np.testing.assert_allclose(vocals, samples / 2, atol=1e-5)
