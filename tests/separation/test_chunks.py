from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.separation.chunks import ChunkPlan, MaskBlender


@st.composite
def plans(draw, largest_total=400):
    first = draw(st.integers(2, 48))
    steps = draw(st.integers(first, 48))
    overlap = draw(st.integers(0, first // 2))
    total = draw(st.integers(1, largest_total))
    return ChunkPlan(total, steps, overlap, draw(st.sampled_from([0, first])))


def begins(plan, index):
    """Where a chunk of an endless song begins to decide."""
    first = plan.first_steps or plan.steps
    return index and first - plan.overlap_steps + (index - 1) * (plan.steps - plan.overlap_steps)


def fade_weights(plan):
    """Each chunk's weight at each step, written down from the definition alone."""
    weights = torch.zeros(len(plan), plan.total, dtype=torch.float64)
    for index in range(len(plan)):
        first, end = begins(plan, index), begins(plan, index + 1) + plan.overlap_steps
        weights[index, first:end] = 1
    rise = torch.arange(1, plan.overlap_steps + 1) / (plan.overlap_steps + 1)
    for index in range(1, len(plan)):
        first = begins(plan, index)
        weights[index, first : first + plan.overlap_steps] = rise.double()
        weights[index - 1, first : first + plan.overlap_steps] = 1 - rise.double()
        weights[index - 1, first + plan.overlap_steps :] = 0
    return weights


@settings(max_examples=300, deadline=None)
@given(plans())
def test_every_step_is_decided_once(plan):
    decided = [step for chunk in plan for step in range(chunk.blend, chunk.ready)]
    assert decided == list(range(plan.total))


@settings(max_examples=300, deadline=None)
@given(plans())
def test_chunks_are_full_and_hold_what_they_decide(plan):
    chunks = list(plan)
    assert [chunk.index for chunk in chunks] == list(range(len(plan)))
    for chunk in chunks:
        assert 0 <= chunk.start <= chunk.blend < chunk.ready <= chunk.end <= plan.total
        length = plan.first_steps if plan.first_steps and chunk.index == 0 else plan.steps
        assert chunk.end - chunk.start == min(length, plan.total)
    for before, after in pairwise(chunks):
        assert after.start >= before.start, "the stream never has to go back"
        assert before.end - before.ready == plan.overlap_steps
        assert after.ready - after.blend >= plan.overlap_steps


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 64), st.data())
def test_a_short_song_is_one_chunk(steps, data):
    total = data.draw(st.integers(1, steps))
    (chunk,) = ChunkPlan(total, steps, 1)
    assert (chunk.start, chunk.blend, chunk.ready, chunk.end) == (0, 0, total, total)


@pytest.mark.parametrize("numbers", [(0, 8, 2), (5, 8, -1), (5, 8, 5), (5, 8, 3, 5), (5, 8, 2, 9)])
def test_impossible_plans_are_refused(numbers):
    with pytest.raises(ValueError, match="impossible chunk plan"):
        ChunkPlan(*numbers)


def test_a_short_first_chunk_is_followed_by_full_ones():
    chunks = list(ChunkPlan(50, 20, 4, 10))
    assert [(chunk.start, chunk.blend, chunk.ready, chunk.end) for chunk in chunks] == [
        (0, 0, 6, 10),
        (6, 6, 22, 26),
        (22, 22, 38, 42),
        (30, 38, 50, 50),
    ]


@pytest.mark.parametrize("index", [-1, 3])
def test_there_are_no_other_chunks(index):
    plan = ChunkPlan(20, 8, 2)
    assert len(plan) == 3
    with pytest.raises(IndexError):
        plan[index]


@settings(max_examples=100, deadline=None)
@given(plans(150), st.integers(0, 2**32), st.booleans())
def test_blending_is_the_weighted_overlap(plan, seed, is_complex):
    generator = torch.Generator().manual_seed(seed)
    dtype = torch.complex64 if is_complex else torch.float32
    masks = [
        torch.randn(2, 3, chunk.end - chunk.start, generator=generator, dtype=dtype)
        for chunk in plan
    ]
    blender = MaskBlender(plan)
    kept = [mask.clone() for mask in masks]
    blended = torch.cat(
        [blender.push(chunk, mask) for chunk, mask in zip(plan, masks, strict=True)], dim=-1
    )
    wanted = torch.zeros(2, 3, plan.total, dtype=torch.complex128)
    for chunk, mask, weight in zip(plan, masks, fade_weights(plan), strict=True):
        wanted[..., chunk.start : chunk.end] += mask * weight[chunk.start : chunk.end]
    torch.testing.assert_close(blended.to(torch.complex128), wanted, atol=1e-5, rtol=0)
    assert all(torch.equal(*pair) for pair in zip(kept, masks, strict=True)), "input was changed"


@settings(max_examples=60, deadline=None)
@given(plans(150), st.integers(0, 2**32))
def test_masks_that_sum_to_one_still_do(plan, seed):
    generator = torch.Generator().manual_seed(seed)
    blender = MaskBlender(plan)
    for chunk in plan:
        logits = 5 * torch.randn(4, 3, chunk.end - chunk.start, generator=generator)
        blended = blender.push(chunk, logits.softmax(dim=0))
        torch.testing.assert_close(blended.sum(dim=0), torch.ones(blended.shape[1:]))
        assert blended.min() >= 0


@settings(max_examples=60, deadline=None)
@given(plans(150), st.sampled_from([0.0, 0.1, 0.25, 1.0]))
def test_constant_masks_come_out_constant(plan, value):
    blender = MaskBlender(plan)
    for chunk in plan:
        blended = blender.push(chunk, torch.full((3, chunk.end - chunk.start), value))
        assert torch.equal(blended, torch.full_like(blended, value))
