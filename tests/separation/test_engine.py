from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import Chunking
from stemdesk.separation.engine import MaskEngine
from stemdesk.separation.network import MaskNetwork
from tests.separation.toy_networks import LocalMasks, make_card

LONG = Chunking(steps=256, overlap_steps=16)


class Portable(torch.Tensor):
    """A tensor that is at home on a pretended GPU too."""

    def to(self, *_):
        return self


class Limited(MaskNetwork):
    """Runs out of memory beyond so many items or steps, and on the device ``full``."""

    def __init__(self, *, items=99, steps=9999, full="", error=torch.OutOfMemoryError) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.inner = LocalMasks(4)
        self.items, self.steps, self.full, self.error = items, steps, full, error
        self.place, self.seen = "cpu", []

    def to(self, device):
        self.place = device.type
        return self

    def forward(self, mixture):
        self.seen.append((mixture.shape[0], mixture.shape[3]))
        full = self.place == self.full or mixture.shape[0] > self.items
        if full or mixture.shape[3] > self.steps:
            raise self.error("DefaultCPUAllocator: can't allocate memory")
        return self.inner(mixture)


def engine_for(network, *, device="cpu", chunk=LONG):
    notes = []
    card = make_card(masks="softmax", chunk=chunk)
    place = torch.device(device) if device == "cpu" else SimpleNamespace(type=device)
    return MaskEngine(card, network, place, [], notes.append), notes


def spectrum_of(channels=2, steps=256):
    generator = torch.Generator().manual_seed(1)
    values = torch.randn(channels, 513, steps, generator=generator, dtype=torch.complex64)
    return values.as_subclass(Portable)


def masks_of(network, **options):
    engine, notes = engine_for(network, **options)
    return engine.masks(spectrum_of()), engine, notes


def test_with_memory_enough_nothing_is_said():
    network = Limited()
    masks, _, notes = masks_of(network, device="cuda")
    assert notes == []
    assert network.seen == [(1, 256)]
    assert masks.shape == (4, 2, 513, 256)


def test_first_the_batch_is_halved():
    """Eight channels are five items for a stereo network: pairs, and those that stand alone."""
    wanted = engine_for(Limited())[0].masks(spectrum_of(8))
    network = Limited(items=1)
    engine, notes = engine_for(network, device="cuda")
    assert torch.equal(engine.masks(spectrum_of(8)), wanted)
    assert notes == [
        "The cuda is out of memory: batch halved to 2.",
        "The cuda is out of memory: batch halved to 1.",
    ]
    assert engine.batch == 1


def test_a_batch_that_was_never_filled_is_not_halved():
    network = Limited(steps=128)
    _, _, notes = masks_of(network, device="cuda")
    assert notes == ["The cuda is out of memory: chunk halved to 128 steps."]


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, MemoryError, RuntimeError])
def test_then_the_chunk_is_halved(error):
    wanted, _, _ = masks_of(Limited())
    network = Limited(steps=70, error=error)
    masks, engine, notes = masks_of(network)
    assert notes == [
        "The cpu is out of memory: chunk halved to 128 steps.",
        "The cpu is out of memory: chunk halved to 64 steps.",
    ]
    torch.testing.assert_close(masks, wanted, atol=0.1, rtol=0)
    assert (masks - wanted).abs().mean() < 1e-3, "only the seams may differ"
    torch.testing.assert_close(masks.sum(dim=0), torch.ones(2, 513, 256))
    network.seen.clear()
    engine.masks(spectrum_of())
    assert max(steps for _, steps in network.seen) == 64, "what was learnt is kept"


def test_at_last_the_cpu_takes_over():
    wanted, _, _ = masks_of(Limited())
    network = Limited(full="cuda")
    masks, engine, notes = masks_of(network, device="cuda")
    assert torch.equal(masks, wanted)
    assert engine.device == torch.device("cpu")
    assert network.place == "cpu"
    assert notes == [
        "The cuda is out of memory: chunk halved to 128 steps.",
        "The cuda is out of memory: chunk halved to 64 steps.",
        "The cuda is out of memory: chunk halved to 32 steps.",
        "The cuda is out of memory: going on with the CPU.",
    ]
    assert network.seen[-1] == (1, 256), "the CPU starts with full chunks again"


def test_when_nothing_fits_the_user_is_told():
    network = Limited(full="cpu")
    with pytest.raises(UserError, match=r"not enough memory.*smaller model"):
        masks_of(network)
    assert min(steps for _, steps in network.seen) == 32


def test_chunks_are_not_cut_below_what_the_network_needs():
    network = Limited(full="cpu")
    chunk = Chunking(steps=256, overlap_steps=16, multiple_of=64)
    with pytest.raises(UserError):
        masks_of(network, chunk=chunk)
    assert [steps for _, steps in network.seen] == [256, 128, 64]


@pytest.mark.parametrize("error", [RuntimeError("shapes do not fit"), KeyError("x")])
def test_other_errors_surface(error):
    class Broken(MaskNetwork):
        def forward(self, _):
            raise error

    engine, notes = engine_for(Broken())
    with pytest.raises(type(error)):
        engine.masks(torch.zeros(2, 513, 24, dtype=torch.complex64))
    assert notes == []


@pytest.mark.parametrize(("steps", "padded"), [(1, 64), (63, 64), (64, 64), (65, 128)])
def test_steps_are_padded_with_silence_to_a_multiple(steps, padded):
    class Watching(MaskNetwork):
        def forward(self, mixture):
            assert mixture.shape[-1] == padded
            assert not mixture[..., steps:].abs().any()
            return mixture.abs()[:, None].expand(-1, 4, -1, -1, -1)

    engine, _ = engine_for(Watching(), chunk=Chunking(256, 16, 64))
    assert engine.masks(spectrum_of(steps=steps)).shape[-1] == steps


def test_the_chain_of_stages_runs_in_order():
    calls = []

    def stage(name):
        def run(masks, mixture):
            calls.append((name, tuple(masks.shape), tuple(mixture.shape)))
            return masks.flip(0)

        return run

    card = make_card(masks="softmax")
    torch.manual_seed(0)
    network = LocalMasks(4).eval()
    plain = MaskEngine(card, network, torch.device("cpu"), [], print).masks(spectrum_of())
    stages = [stage("a"), stage("b"), stage("c")]
    masks = MaskEngine(card, network, torch.device("cpu"), stages, print).masks(spectrum_of())
    shapes = ((4, 2, 513, 256), (2, 513, 256))
    assert calls == [(name, *shapes) for name in "abc"]
    assert torch.equal(masks, plain.flip(0))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_a_gpu_gives_what_the_cpu_gives():
    card = make_card(masks="softmax", chunk=LONG)
    torch.manual_seed(0)
    network = LocalMasks(4).eval()
    spectrum = torch.randn(8, 513, 256, dtype=torch.complex64)
    wanted = MaskEngine(card, network, torch.device("cpu"), [], print).masks(spectrum)
    masks = MaskEngine(card, network, torch.device("cuda"), [], print).masks(spectrum)
    assert masks.device.type == "cpu"
    torch.testing.assert_close(masks, wanted, atol=1e-3, rtol=0)


def test_a_new_song_begins_with_all_there_is_and_says_again_what_is_short():
    network = Limited(full="cuda")
    masks, engine, notes = masks_of(network, device="cuda")
    said = list(notes)
    assert len(said) == 4
    engine.restore({})
    assert (engine.device.type, network.place) == ("cuda", "cuda")
    assert engine.state() == {"device": "cuda", "batch": 4, "chunk_steps": 256}
    assert torch.equal(engine.masks(spectrum_of()), masks)
    assert notes == said * 2


@pytest.mark.parametrize("limits", [{"steps": 70}, {"full": "cuda"}, {"items": 1}])
def test_a_resumed_song_is_gone_on_with_as_it_was_left(limits):
    first, _ = engine_for(Limited(**limits), device="cuda")
    wanted = first.masks(spectrum_of(8))
    state = json.loads(json.dumps(first.state()))
    second, notes = engine_for(Limited(), device="cuda")
    second.restore(state)
    assert second.state() == state
    assert torch.equal(second.masks(spectrum_of(8)), wanted)
    assert len(notes) == 1
    assert "before the interruption: going on with" in notes[0]


def test_nothing_is_said_where_nothing_was_short():
    engine, notes = engine_for(Limited(), device="cuda")
    engine.restore(engine.state())
    assert notes == []
