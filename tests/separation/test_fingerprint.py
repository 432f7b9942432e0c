"""What must agree before a run goes on from another's estimates."""

from __future__ import annotations

import importlib.metadata
import json

import msgspec
import pytest
import torch

from stemdesk.separation.card import Chunking, card_text
from stemdesk.separation.checkpoint import build_network, load_network, save_network
from stemdesk.separation.fingerprint import model_fingerprint
from tests.separation.toy_networks import make_card


def print_of(card=None, device="cpu", threads=2, post=("sharpen=2",)):
    return model_fingerprint(card or make_card(sha256="1"), device, threads, post)


@pytest.mark.parametrize(
    "changes",
    [
        {"chunk": Chunking(steps=28, overlap_steps=6)},
        {"chunk": Chunking(steps=24, overlap_steps=5)},
        {"sha256": "2"},
        {"hop": 128},
        {"network_stems": ["drums", "vocals", "bass", "other"]},
        {"options": {"width": 3}},
        {"song_peak": True},
    ],
)
def test_every_line_of_the_card_counts(changes):
    assert print_of(make_card(**{"sha256": "1"} | changes)) != print_of()


def test_so_does_how_it_is_run():
    others = [
        print_of(device="cuda"),
        print_of(threads=1),
        print_of(post=()),
        print_of(post=("a",)),
    ]
    assert print_of() not in others
    assert print_of() == json.loads(json.dumps(print_of()))


@pytest.mark.parametrize("package", ["stemdesk", "torch", "soxr", "numpy"])
def test_so_do_the_versions(monkeypatch, package):
    before, real = print_of(), importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "9.9" if name == package else real(name)
    )
    assert print_of() != before


def test_weights_whose_card_names_no_checksum_are_told_apart(tmp_path):
    prints = []
    for seed in range(2):
        torch.manual_seed(seed)
        options = {"width": 8, "depth": 1, "feed_forward": 8, "head": 4}
        card = make_card(network="bandmask", options=options, n_fft=4096, hop=1024, win_length=4096)
        saved = save_network(tmp_path, card, build_network(card).state_dict())
        text = card_text(msgspec.structs.replace(saved, sha256=""))
        (tmp_path / "card.toml").write_text(text)
        loaded, _ = load_network(tmp_path)
        assert loaded.sha256 == saved.sha256
        prints.append(print_of(loaded))
    assert prints[0] != prints[1]
