"""The causal options: a stream in blocks of any size gives what the whole signal gives."""

import pytest
import torch

from stemdesk.separation.masks import normalise
from stemdesk.separation.stft import StreamingIstft, istft, stft
from stemdesk.separation.transform import StftSettings
from stemdesk_models.bandmask import BandMask

LIVE = StftSettings(2048, 512, 2048)
BLOCKS = ["convolution", "lstm", "convolution with detail", "lstm with detail"]
SIZES = [1, 2, 7, 1, 30]


def live_network(blocks, **options):
    torch.manual_seed(0)
    blocks, _, detail = blocks.partition(" with ")
    network = BandMask(
        complex_masks=False,
        detail=8 * bool(detail),
        width=16,
        depth=2,
        feed_forward=16,
        head=8,
        bands="live",
        blocks=blocks,
        sees="magnitudes",
        causal=True,
        **options,
    )
    if detail:  # which else would add nothing yet
        torch.nn.init.normal_(network.head.detail.weigh.weight)
    return network.eval()


def music(frames, batch=1):
    noise = torch.randn(batch, 2, frames, generator=torch.Generator().manual_seed(5)) * 0.1
    return noise * torch.linspace(0.05, 1, frames)  # the level moves, and must be followed


def masks_of(raw):
    return normalise(raw, "softmax", stems=4)


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)
    with torch.inference_mode():
        yield


@pytest.mark.parametrize("blocks", BLOCKS)
def test_a_stream_gives_what_the_whole_gives(blocks):
    """Up to the stems' samples, within 1e-5, however the stream is cut."""
    network = live_network(blocks)
    mixture = music(2 * 22_050, batch=2)
    spectrum = stft(mixture, LIVE)
    whole = masks_of(network(spectrum))
    stems = istft(whole * spectrum[:, None], LIVE, mixture.shape[-1])
    memory, heard, masks, place = None, [], [], 0
    inverse = StreamingIstft(LIVE)
    while place < spectrum.shape[-1]:
        size = SIZES[len(heard) % len(SIZES)]
        block = spectrum[..., place : place + size]
        place += size
        raw, memory = network.go_on(block, memory)
        masks.append(masks_of(raw))
        pushed = inverse.push(masks[-1] * block[:, None], last=place >= spectrum.shape[-1])
        heard.append(pushed)
    assert (torch.cat(masks, dim=-1) - whole).abs().max() < 1e-5
    streamed = torch.cat(heard, dim=-1)[..., : stems.shape[-1]]
    assert (streamed - stems).abs().max() < 1e-5
    assert (whole[..., 1:] - whole[..., :-1]).abs().max() > 1e-2, "the masks do move"


@pytest.mark.parametrize("blocks", BLOCKS)
def test_nothing_to_come_is_heard(blocks):
    """A change reaches back by one window, which at 44.1 kHz is 46 ms."""
    network = live_network(blocks)
    mixture, change = music(44_100), 30_000
    other = mixture.clone()
    other[..., change:] = -3 * mixture[..., change:].flip(-1)
    stems = []
    for heard in (mixture, other):
        spectrum = stft(heard, LIVE)
        stems.append(istft(masks_of(network(spectrum)) * spectrum[:, None], LIVE, 44_100))
    before, after = (part[..., : change - LIVE.n_fft] for part in stems)
    assert torch.equal(before, after)
    assert (stems[0] - stems[1])[..., change - LIVE.n_fft :].abs().max() > 1e-3
    assert LIVE.n_fft / 44_100 < 0.1


@pytest.mark.parametrize("blocks", BLOCKS)
def test_the_past_is_remembered(blocks):
    network = live_network(blocks)
    spectrum = stft(music(44_100), LIVE)
    begun = masks_of(network.go_on(spectrum[..., 60:], None)[0])
    gone_on = masks_of(network(spectrum))[..., 60:]
    assert (begun - gone_on)[..., :5].abs().max() > 1e-3


def test_a_mixture_of_another_level_gives_the_same_masks():
    network = live_network("lstm")
    spectrum = stft(music(22_050), LIVE)
    loud, quiet = (masks_of(network(spectrum * gain)) for gain in (10.0, 0.1))
    torch.testing.assert_close(loud, quiet, atol=1e-3, rtol=0)


def test_silence_first_is_finite():
    network = live_network("lstm")
    spectrum = stft(torch.cat((torch.zeros(1, 2, 22_050), music(22_050)), dim=-1), LIVE)
    assert masks_of(network(spectrum)).isfinite().all()


def test_only_a_causal_network_goes_on():
    network = BandMask(width=16, depth=1, feed_forward=16, head=8).eval()
    with pytest.raises(ValueError, match="cannot go on"):
        network.go_on(torch.zeros(1, 2, 2049, 4, dtype=torch.complex64), None)
