"""Weights on disk, and networks that other packages provide."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

import msgspec
import pytest
import torch
from torch import nn

from stemdesk.errors import UserError
from stemdesk.separation.card import CARD_NAME, card_text
from stemdesk.separation.checkpoint import (
    WEIGHTS_NAME,
    build_network,
    load_network,
    network_class,
    save_network,
)
from stemdesk.separation.network import MaskNetwork, PerStem
from tests.separation.toy_networks import STEMS, Gains, make_card

OPTIONS = {"stems": 4, "width": 8, "depth": 1, "feed_forward": 8, "head": 4}


class Normed(MaskNetwork):
    """A network with the buffers that batch normalisation keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(2)
        self.mix = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, mixture):
        return self.mix(self.norm(mixture.abs()))[:, None]


@pytest.fixture
def installed(monkeypatch):
    """``Normed`` as another package would provide it."""
    real = importlib.metadata.entry_points

    class Provided:
        def load(self):
            return Normed

    def entry_points(**wanted):
        if wanted == {"group": "stemdesk.networks", "name": "normed"}:
            return [Provided()]
        return real(**wanted)

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


def bandmask_card(**changes):
    values = {"network": "bandmask", "options": OPTIONS, "n_fft": 4096, "hop": 1024}
    return make_card(**values | {"win_length": 4096, "masks": "complex"} | changes)


@pytest.fixture
def saved(tmp_path):
    """A model folder, and the network that was saved into it."""
    torch.manual_seed(3)
    card = bandmask_card()
    network = build_network(card)
    folder = tmp_path / "toy"
    return folder, network, save_network(folder, card, network.state_dict())


def test_weights_come_back_as_float32_from_half_the_bytes(saved):
    folder, network, card = saved
    loaded_card, loaded = load_network(folder)
    assert loaded_card == card
    assert not loaded.training
    assert card.parameters == sum(value.numel() for value in network.parameters())
    assert (folder / WEIGHTS_NAME).stat().st_size < 2.4 * card.parameters
    for name, value in loaded.state_dict().items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, network.state_dict()[name], atol=1e-7, rtol=1e-3)
    mixture = torch.randn(1, 2, 2049, 9, dtype=torch.complex64)
    with torch.inference_mode():
        torch.testing.assert_close(loaded(mixture), network.eval()(mixture), atol=2e-2, rtol=0)


def test_saving_leaves_two_files_and_nothing_else(saved):
    assert sorted(path.name for path in saved[0].iterdir()) == [CARD_NAME, WEIGHTS_NAME]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("variances", [[3e6, 1e-9], [2.0, 1e-9]])
@pytest.mark.parametrize("one_per_stem", [False, True])
def test_running_statistics_survive(tmp_path, one_per_stem, variances):
    """They do not fit into fp16: variances of magnitudes are large, counters are integers."""
    card = make_card(network="normed", one_per_stem=one_per_stem)
    network = build_network(card)
    norm = next(module for module in network.modules() if isinstance(module, nn.BatchNorm2d))
    norm.running_var.copy_(torch.tensor(variances))
    norm.num_batches_tracked.fill_(4097)
    save_network(tmp_path, card, network.state_dict())
    loaded = load_network(tmp_path)[1].state_dict()
    for name, value in network.state_dict().items():
        assert loaded[name].dtype == value.dtype
        torch.testing.assert_close(loaded[name], value, atol=1e-4, rtol=1e-3)
    assert any(torch.equal(value, norm.running_var) for value in loaded.values())
    assert any(value.dtype == torch.int64 and int(value) == 4097 for value in loaded.values())


@pytest.mark.usefixtures("installed")
def test_weights_too_large_for_fp16_are_kept_whole(tmp_path):
    card = make_card(network="normed")
    network = build_network(card)
    with torch.no_grad():
        network.mix.weight[0, 0, 0, 0] = 1e5
    save_network(tmp_path, card, network.state_dict())
    assert torch.equal(load_network(tmp_path)[1].mix.weight, network.mix.weight)


@pytest.mark.usefixtures("installed")
def test_stems_may_have_any_name(tmp_path):
    """`keys` is a method of every dictionary; `a.b` and `type` are no names for modules."""
    card = make_card(
        network="normed", one_per_stem=True, network_stems=["keys", "a.b", "type", "rest"]
    )
    save_network(tmp_path, card, build_network(card).state_dict())
    network = load_network(tmp_path)[1]
    assert network(torch.zeros(1, 2, 5, 3, dtype=torch.complex64)).shape == (1, 4, 2, 5, 3)


@pytest.mark.usefixtures("installed")
def test_one_network_per_stem_in_the_cards_order():
    network = build_network(make_card(network="normed", one_per_stem=True))
    assert len(list(network.parameters())) == len(STEMS) * len(list(Normed().parameters()))
    mixture = torch.ones(1, 2, 5, 3, dtype=torch.complex64)
    gains = PerStem(Gains([float(number)]) for number in range(4))
    assert gains(mixture)[0, :, 0, 0, 0].tolist() == [0.0, 1.0, 2.0, 3.0]


def refused(folder, message):
    with pytest.raises(UserError, match=message):
        load_network(folder)


def test_other_weights_than_the_cards_are_refused(saved):
    folder = saved[0]
    data = bytearray((folder / WEIGHTS_NAME).read_bytes())
    data[-1] ^= 1
    (folder / WEIGHTS_NAME).write_bytes(data)
    refused(folder, "are not the ones the card describes: reinstall or remove that model")


@pytest.mark.parametrize("length", [0, 4, 100, -2])
def test_truncated_weights_are_refused_even_without_a_checksum(saved, length):
    folder, _, card = saved
    (folder / CARD_NAME).write_text(card_text(msgspec.structs.replace(card, sha256="")))
    data = (folder / WEIGHTS_NAME).read_bytes()
    (folder / WEIGHTS_NAME).write_bytes(data[:length])
    refused(folder, "cannot be loaded")


def test_missing_weights_are_refused(saved):
    (saved[0] / WEIGHTS_NAME).unlink()
    refused(saved[0], "cannot be loaded")


@pytest.mark.parametrize("options", [OPTIONS | {"width": 16}, OPTIONS | {"colour": 1}])
def test_weights_that_do_not_fit_the_network_are_refused(saved, options):
    folder, _, card = saved
    (folder / CARD_NAME).write_text(card_text(msgspec.structs.replace(card, options=options)))
    refused(folder, "cannot be loaded")


def test_an_unknown_network_is_refused(saved):
    folder, _, card = saved
    (folder / CARD_NAME).write_text(card_text(msgspec.structs.replace(card, network="nobody")))
    refused(folder, "The network 'nobody' is not installed: install the package")
    with pytest.raises(UserError):
        network_class("")


def test_a_pickle_under_the_weights_name_runs_nothing(saved, tmp_path):
    folder, network, card = saved
    (folder / CARD_NAME).write_text(card_text(msgspec.structs.replace(card, sha256="")))
    torch.save(network.state_dict(), folder / WEIGHTS_NAME)
    refused(folder, "cannot be loaded")


def test_no_source_file_loads_pickles():
    root = Path(__file__).resolve().parents[2]
    unsafe = re.compile(
        r"(?<!safetensors\.)torch\.load|\bpickle\b|\bjoblib\b|\bdill\b|\bshelve\b|\bmarshal\b|allow_pickle=True"
    )
    sources = [
        path
        for folder in ("stemdesk", "models", "training", "plugins")
        for path in (root / folder).rglob("*.py")
    ]
    assert len(sources) > 30
    found = [
        f"{path}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if unsafe.search(line)
    ]
    (only,) = found
    path, _, number = only.rpartition(":")
    assert Path(path) == root / "stemdesk" / "separation" / "foreign_weights.py"
    line = Path(path).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert "weights_only=True" in line


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "error", [ValueError("width"), KeyError("width"), AttributeError("width"), ImportError("width")]
)
def test_whatever_a_network_says_of_its_options_is_a_sentence(tmp_path, monkeypatch, error):
    card = make_card(network="normed")
    save_network(tmp_path, card, build_network(card).state_dict())

    def refuse(*_):
        raise error

    monkeypatch.setattr(Normed, "__init__", refuse)
    refused(tmp_path, "cannot be loaded.*width.*: reinstall or remove that model")


@pytest.mark.parametrize("error", [ImportError("no such thing"), AttributeError("no such thing")])
def test_a_package_that_cannot_be_imported_is_a_sentence(saved, monkeypatch, error):
    class Broken:
        def load(self):
            raise error

    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: [Broken()])
    refused(saved[0], "The network 'bandmask' cannot be imported .no such thing")
