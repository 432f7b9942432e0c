"""Samples in memory go the way of files: the same bytes, whatever the card or the user asks for."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import tomli_w

import stemdesk
from stemdesk.app.model import load_model
from stemdesk.separation.card import load_card
from tests.app.tiny import music, save_song, save_tiny_model

RATE = 44_100
CARDS = {
    "complex": {},
    "gate of the card": {"card": {"post": ["gate=0.2"]}},
    "a claim and a gate of the card": {"card": {"post": ["vocals=6", "gate=0.1"]}},
    "song peak": {"card": {"song_peak": True}},
    "softmax": {"masks": "softmax"},
    "sigmoid": {"masks": "sigmoid"},
    "ratio": {"masks": "ratio", "card": {"ratio_power": 2.0}},
    "binary": {"masks": "binary"},
    "vocals close": {"closing": "vocals"},
    "vocals close, with a gate": {"closing": "vocals", "card": {"post": ["gate=0.2"]}},
    "causal": {"causal": True},
    "a short first chunk": {"steps": 48, "overlap_steps": 4, "first_steps": 12},
}
STAGES = ["gate=0.2", "gate=1", "vocals=6", "sharpen=2", "binarise=10", "wiener=1"]


@pytest.fixture(scope="module")
def samples():
    """Two seconds and a half, of which the second half is all but silent."""
    loud = music(5 * RATE // 2).astype(np.float32)
    loud[:, RATE:] *= 0.01
    return np.rint(loud * 2.0**23) / np.float32(2.0**23)


def model_of(folder, card=None, **options):
    save_tiny_model(folder, **options)
    if card:
        told = msgspec.to_builtins(load_card(folder)) | card
        told = {name: value for name, value in told.items() if value is not None}
        (folder / "card.toml").write_text(tomli_w.dumps(told))
    return folder


def assert_same(folder, samples, tmp_path, rate=RATE, **loading):
    model = load_model(str(folder), device="cpu", threads=1, **loading)
    song = save_song(tmp_path / "song.wav", samples, rate, subtype="FLOAT")
    result = stemdesk.separate(song, tmp_path / "out", model=model)
    clips = stemdesk.separate_clip(stemdesk.AudioClip(samples, rate), model)
    assert list(clips) == list(result.files)
    for name, clip in clips.items():
        assert clip.samples.tobytes() == result.load(name).samples.tobytes(), name
    return clips


@pytest.mark.parametrize("card", CARDS)
def test_every_card(card, samples, tmp_path):
    assert_same(model_of(tmp_path / "m", **CARDS[card]), samples, tmp_path)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage(stage, samples, tmp_path):
    assert_same(model_of(tmp_path / "m"), samples, tmp_path, post=[stage])


@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_other_rates_with_a_gate(rate, samples, tmp_path):
    assert_same(model_of(tmp_path / "m"), samples, tmp_path, rate, post=["gate=0.2"])


@pytest.mark.parametrize("masks", ["softmax", "complex"])
def test_the_reconstruction_of_the_paper(masks, samples, tmp_path):
    folder = model_of(tmp_path / "m", masks=masks)
    assert_same(folder, samples, tmp_path, reconstruction="paper", post=["gate=0.2"])


def test_the_gate_shuts_what_is_next_to_silent(samples, tmp_path):
    clips = assert_same(model_of(tmp_path / "m"), samples, tmp_path, post=["gate=0.2"])
    assert not clips["vocals"].samples[:, 3 * RATE // 2 :].any()
    assert clips["vocals"].samples[:, :RATE].any()
    total = sum(clip.samples for clip in clips.values())
    assert np.array_equal(total, samples)
