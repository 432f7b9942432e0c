"""The weights that come along: small, documented, and what they are called."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import torch

from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.live import LiveSeparator
from stemdesk.separation.postprocess import build_chain
from tests.benchmarks.deep_basses import bass_of, kicks_of, share
from tests.separation.live_models import streamed, whole

TRAINED = ["bandmask_small", "bandmask_ensemble", "bandmask_fast", "bandmask_live"]
STEMS = ["vocals", "drums", "bass", "other"]
MOST_BYTES = 16 * 2**20


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def song():
    """Six seconds in which a chord, a beat and a moving tone come one after the other."""
    rate = 44_100
    time_s = np.arange(6 * rate) / rate
    chord = sum(np.sin(2 * np.pi * hz * time_s) for hz in (220, 277.2, 329.6)) * 0.05
    beat = (
        np.random.default_rng(1).standard_normal(len(time_s)) * 0.3 * np.exp(-((time_s % 0.5) * 30))
    )
    voice = 0.1 * np.sin(2 * np.pi * (300 * time_s + 8 * np.sin(2 * np.pi * 5 * time_s)))
    sides = [chord + beat * (time_s > 2) + voice * (time_s > 4), 0.7 * chord + beat + voice]
    return np.round(np.stack(sides) * 2**15).astype(np.float32) / np.float32(2**15)


@pytest.mark.parametrize("name", TRAINED)
def test_weights_are_small_and_the_card_is_whole(name):
    folder = find_model(name)
    weights = folder / "weights.safetensors"
    assert weights.stat().st_size <= MOST_BYTES
    with weights.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        tensors = json.loads(file.read(length))
    tensors.pop("__metadata__", None)
    assert {each["dtype"] for each in tensors.values() if len(each["shape"]) > 1} == {"F16"}
    card, network = load_network(folder)
    assert card.stems == STEMS
    assert card.parameters == sum(each.numel() for each in network.parameters())
    assert card.credits
    assert card.licence == "GPL-3.0-or-later"
    for heard in ("held-out synthetic mixes, uSDR", "three real songs, median SDR"):
        assert set(card.scores[heard]) >= set(STEMS)


@pytest.mark.parametrize(
    ("name", "sound", "least"),
    [
        ("bandmask_ensemble", "808", 0.8),
        ("bandmask_ensemble", "ringing 808", 0.5),
        ("bandmask_fast", "808", 0.8),
        ("bandmask_fast", "ringing 808", 0.5),
        ("bandmask_live", "808", 0.6),
    ],
)
def test_an_808_is_a_bass(name, sound, least):
    model = load_network(find_model(name))
    notes = [(pitch, number) for pitch in (31, 34) for number in range(2)]  # 49 and 58 Hz
    draws = [bass_of(sound, pitch, 0.6, np.random.default_rng(number)) for pitch, number in notes]
    assert np.mean([share(model, clip, "bass") for clip in draws]) > least


@pytest.mark.parametrize(("name", "least"), [("bandmask_ensemble", 0.75), ("bandmask_fast", 0.65)])
def test_a_kick_alone_is_a_drum(name, least):
    model = load_network(find_model(name))
    draws = [kicks_of(np.random.default_rng(number)) for number in range(6)]
    shares = [share(model, clip, "drums") for clip in draws]
    assert np.mean(shares[:2]) > least
    assert np.mean(shares) > 0.75
    hums, *others = sorted(shares)
    assert hums > 0.25, "a kick that hums on one pitch may be half a bass"
    assert min(others) > 0.8


def test_the_live_model_streams_what_it_makes_of_the_whole(song):
    card, network = load_network(find_model("bandmask_live"))
    separator = LiveSeparator(card, network)
    assert separator.latency_frames / card.sample_rate <= 0.1
    stems = streamed(separator, song, [480])
    expected = whole(card, network, song, build_chain(card.post, card.stems))
    assert np.abs(stems - expected).max() < 1e-5
    assert np.abs(np.diff(expected, axis=0)).max() > 0.01, "the stems differ"
    total = np.zeros_like(song)
    for stem in stems:
        total += stem
    assert (total == song).all()
