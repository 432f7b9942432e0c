"""A causal network takes a song apart in chunks as it does in one piece, or in a stream."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from stemdesk.separation.engine import MaskEngine
from stemdesk.separation.live import LiveSeparator
from stemdesk.separation.memory import SongMemory
from stemdesk.separation.separator import ArraySource, Separator
from stemdesk_models.bandmask import BandMask
from tests.separation.live_models import OPTIONS, live_model, music, streamed, whole

FRAMES = 120_000  # 235 steps in chunks of 64
CPU = torch.device("cpu")


def separator_for(card, network):
    notes = []
    return Separator(MaskEngine(card, network, CPU, [], notes.append)), notes


def estimates(separator, mixture, **options):
    found = list(separator.estimate(ArraySource(mixture), **options))
    return np.concatenate([estimate.samples for estimate in found], axis=-1), found


class Narrow(torch.nn.Module):
    """A causal network that memory forbids more than so many steps at once."""

    causal = True

    def __init__(self, network, most):
        super().__init__()
        self.network, self.most, self.seen = network, most, []

    def go_on(self, mixture, memory):
        if mixture.shape[-1] > self.most:
            raise MemoryError
        self.seen.append(mixture.shape[-1])
        return self.network.go_on(mixture, memory)


@pytest.mark.parametrize(
    ("frames", "first_steps", "chunks"),
    [
        (FRAMES, 0, 5),
        (60_000, 0, 2),
        (28_700, 0, 1),
        (2000, 0, 1),
        (60_000, 24, 3),
        (28_700, 24, 2),
        (2000, 24, 1),
    ],
)
def test_chunks_give_what_the_whole_gives(frames, first_steps, chunks):
    card, network = live_model()
    card = replace(card, chunk=replace(card.chunk, first_steps=first_steps))
    mixture = music(frames)
    stems, found = estimates(separator_for(card, network)[0], mixture)
    assert len(found) == chunks
    assert np.abs(stems - whole(card, network, mixture)[:-1]).max() < 1e-5


def test_songs_are_separated_as_streams_are():
    card, network = live_model()
    mixture = music(FRAMES)
    stems, _ = estimates(separator_for(card, network)[0], mixture)
    stream = streamed(LiveSeparator(card, network), mixture, [480])
    assert np.abs(stems - stream[:-1]).max() < 1e-5


def test_a_later_start_gives_the_same_bits():
    separator, _ = separator_for(*live_model())
    mixture = music(FRAMES)
    stems, found = estimates(separator, mixture)
    late, rest = estimates(separator, mixture, first_chunk=3, engine_state=found[2].engine_state)
    assert [estimate.chunk for estimate in rest] == [3, 4]
    assert np.array_equal(late, stems[..., -late.shape[-1] :])


def test_the_next_song_begins_afresh():
    separator, _ = separator_for(*live_model())
    estimates(separator, -2 * music(70_000))
    again, _ = estimates(separator, music(FRAMES))
    first, _ = estimates(separator_for(*live_model())[0], music(FRAMES))
    assert np.array_equal(again, first)


def test_where_memory_is_short_less_is_taken_at_once():
    card, network = live_model()
    narrow = Narrow(network, 32)
    separator, notes = separator_for(card, narrow)
    mixture = music(FRAMES)
    stems, _ = estimates(separator, mixture)
    assert notes == ["The cpu is out of memory: chunk halved to 32 steps."]
    assert max(narrow.seen) == 32
    assert np.abs(stems - whole(card, network, mixture)[:-1]).max() < 1e-5


def test_a_chunk_that_is_tried_again_begins_where_it_began():
    card, network = live_model()
    turns = []

    def stage(masks, _):
        turns.append(len(turns))
        if turns[-1] == 2:
            raise MemoryError
        return masks

    mixture = music(FRAMES)
    stems, found = estimates(Separator(MaskEngine(card, network, CPU, [stage], [].append)), mixture)
    assert len(turns) == len(found) + 1
    assert np.abs(stems - whole(card, network, mixture)[:-1]).max() < 1e-5


def test_the_memory_moves_with_the_network():
    memory, heard = SongMemory(2), []

    def go_on(items, before):
        heard.append(before)
        return items, [(torch.zeros(2), torch.ones(1))]

    memory.keep(memory.run(go_on, torch.zeros(1, 2, 3, 6), 0, 6)[1])
    memory.move(torch.device("meta"))
    memory.run(go_on, torch.zeros(1, 2, 3, 6), 4, 6)
    assert heard[0] is None
    assert {part.device.type for part in heard[2][0]} == {"meta"}
    with pytest.raises(ValueError, match="4 steps does not lead to 5"):
        memory.run(go_on, torch.zeros(1, 2, 3, 6), 5, 6)


def test_pairs_of_channels_keep_their_own_memory():
    card, network = live_model()
    mixture = np.concatenate([music(FRAMES), music(FRAMES)[:, ::-1]])
    stems, _ = estimates(separator_for(card, network)[0], mixture)
    for pair in (slice(0, 2), slice(2, 4)):
        alone, _ = estimates(separator_for(card, network)[0], mixture[pair])
        assert np.abs(stems[:, pair] - alone).max() < 1e-6


def test_networks_that_hear_what_is_to_come_look_chunk_by_chunk():
    card, _ = live_model()
    torch.manual_seed(0)
    separator, _ = separator_for(card, BandMask(**{**OPTIONS, "causal": False}).eval())
    assert not separator.engine.remembers
    last = separator.plan(FRAMES)[4]
    assert last.end - last.start == card.chunk.steps
