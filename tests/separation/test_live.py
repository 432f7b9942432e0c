"""Streams: cut as one likes, they give what the network makes of the whole, and sum exactly."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.separation.live import LiveSeparator
from stemdesk.separation.postprocess import build_chain
from stemdesk_models.bandmask import BandMask
from tests.separation.live_models import FRAMES, OPTIONS, live_model, music, streamed, whole
from tests.separation.toy_networks import Gains


@pytest.mark.parametrize("sizes", [[512], [1, 700, 33], [5000], [FRAMES]])
def test_a_stream_gives_what_the_whole_gives(sizes):
    card, network = live_model()
    mixture = music()
    stems = streamed(LiveSeparator(card, network), mixture, sizes)
    expected = whole(card, network, mixture)
    assert stems.shape == expected.shape
    assert np.abs(stems - expected).max() < 1e-5
    assert np.abs(expected[0] - expected[1]).max() > 1e-2, "the stems do differ"


def test_other_hops_too():
    card, network = live_model(hop=1024)
    mixture = music()
    stems = streamed(LiveSeparator(card, network), mixture, [480])
    assert np.abs(stems - whole(card, network, mixture)).max() < 1e-5


def test_the_stems_sum_to_the_stream_in_every_sample():
    card, network = live_model()
    came_in = music()
    mixture = (np.round(came_in * 2.0**23) / 2**23).astype(np.float32)
    assert (mixture != came_in).any(), "floats finer than 24 bits are rounded"
    stems = streamed(LiveSeparator(card, network), came_in, [441])
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        total = np.zeros_like(mixture, dtype=np.float32)
        for place in order:
            total += stems[place]
        assert (total == mixture).all()


def test_a_frame_comes_out_one_window_after_it_came_in():
    card, network = live_model()
    separator = LiveSeparator(card, network)
    assert separator.latency_frames == card.n_fft
    came_in = came_out = 0
    for _ in range(60):
        came_in += 100
        came_out += separator.push(np.zeros((2, 100), np.float32)).shape[-1]
        assert came_in - came_out <= separator.latency_frames
    assert came_out > 0


def test_after_its_end_a_new_stream_begins_afresh():
    card, network = live_model()
    separator = LiveSeparator(card, network)
    first = streamed(separator, music(), [512])
    assert (streamed(separator, music(), [512]) == first).all()


@pytest.mark.parametrize("frames", [0, 1, 300, 2047, 2049])
def test_short_streams_end_whole(frames):
    card, network = live_model()
    mixture = music(frames) if frames else np.zeros((2, 0), np.float32)
    stems = streamed(LiveSeparator(card, network), mixture, [256])
    assert stems.shape == (4, 2, frames)
    assert np.abs(stems.sum(axis=0) - mixture).max(initial=0) < 1e-6


def test_more_of_a_stem_is_claimed_as_in_a_whole_song():
    card, network = live_model()
    mixture = music()
    claims = ["vocals=9", "sharpen=1.5"]
    stems = streamed(LiveSeparator(card, network, claims), mixture, [480])
    expected = whole(card, network, mixture, build_chain(claims, card.stems))
    assert np.abs(stems - expected).max() < 1e-5
    plain = streamed(LiveSeparator(card, network), mixture, [480])
    assert np.square(stems[0]).sum() > 1.1 * np.square(plain[0]).sum()
    assert np.abs(stems.sum(axis=0) - np.round(mixture * 2.0**23) / 2**23).max() == 0
    of_its_own = msgspec.structs.replace(card, post=claims)
    assert (streamed(LiveSeparator(of_its_own, network), mixture, [480]) == stems).all()


@pytest.mark.parametrize("stage", ["wiener=1", "gate=0.2"])
def test_a_stage_that_hears_whole_songs_is_refused(stage):
    card, network = live_model()
    with pytest.raises(UserError, match=f"{stage} would have to hear the whole song: leave"):
        LiveSeparator(card, network, ["vocals=2", stage])


def test_a_model_that_hears_what_is_to_come_is_refused():
    card, _ = live_model()
    with pytest.raises(UserError, match="still to come"):
        LiveSeparator(card, BandMask(**{**OPTIONS, "causal": False}))
    with pytest.raises(UserError, match="still to come"):
        LiveSeparator(card, Gains([1.0, 1.0, 1.0, 1.0]))


def test_what_is_no_number_is_silence_and_soon_forgotten():
    card, network = live_model()
    broken, silent = music(), music()
    broken[:, 5000:5003] = [[np.nan, np.inf, -np.inf]] * 2
    silent[:, 5000:5003] = 0
    heard, expected = (
        streamed(LiveSeparator(card, network), each, [512]) for each in (broken, silent)
    )
    assert (heard == expected).all()


def test_only_stereo_is_heard():
    with pytest.raises(ValueError, match=r"\[1, 5\]"):
        LiveSeparator(*live_model()).push(np.zeros((1, 5), np.float32))


@pytest.mark.parametrize(
    "change", [{"masks": "spectrum"}, {"song_peak": True}, {"post": ["wiener=1"]}, {"channels": 1}]
)
def test_a_model_that_needs_whole_songs_is_refused(change):
    card, network = live_model()
    with pytest.raises(UserError, match="whole songs"):
        LiveSeparator(msgspec.structs.replace(card, **change), network)
