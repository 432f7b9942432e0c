from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.errors import UserError
from stemdesk.separation.postprocess import binarise, build_chain, sharpen

STAGES = ["sharpen=0.1", "sharpen=1", "sharpen=2", "sharpen=8", "binarise=0.1", "binarise=100"]
CLAIMS = ["vocals=-20", "vocals=6", "bass=20"]


def real_masks(seed, stems=4):
    generator = torch.Generator().manual_seed(seed)
    return (2 * torch.randn(stems, 2, 5, 7, generator=generator)).softmax(dim=0)


def complex_masks(seed, stems=4):
    generator = torch.Generator().manual_seed(seed)
    masks = torch.randn(stems, 2, 5, 7, generator=generator, dtype=torch.complex64)
    return masks + (1 - masks.sum(dim=0)) / stems


MIXTURE = torch.ones(2, 5, 7, dtype=torch.complex64)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(STAGES + CLAIMS), min_size=1, max_size=3),
    st.sampled_from([real_masks, complex_masks]),
    st.integers(0, 2**32),
    st.integers(2, 5),
)
def test_sums_stay_one(names, kind, seed, stems):
    masks = kind(seed, stems)
    for stage in build_chain(names, ["vocals", "bass"]):
        masks = stage(masks, MIXTURE)
    total = masks.sum(dim=0)
    torch.testing.assert_close(total, torch.ones_like(total), atol=1e-4, rtol=0)


@pytest.mark.parametrize("stage", [sharpen(3), binarise(50)])
def test_silent_and_one_sided_bins_stay_sound(stage):
    nobody = stage(torch.zeros(4, 1, 1, 1), MIXTURE)
    assert nobody.flatten().tolist() == [0.25] * 4
    one = stage(torch.tensor([1.0, 0, 0, 0]).view(4, 1, 1, 1), MIXTURE).flatten()
    assert one.tolist() == pytest.approx([1, 0, 0, 0], abs=1e-6)


def test_sharpen_raises_shares_to_a_power():
    masks = torch.tensor([0.6, 0.3, 0.1]).view(3, 1, 1, 1)
    squares = sharpen(2)(masks, MIXTURE).flatten()
    assert squares.tolist() == pytest.approx([0.36 / 0.46, 0.09 / 0.46, 0.01 / 0.46])
    torch.testing.assert_close(sharpen(1)(masks, MIXTURE), masks)


def test_a_stem_is_claimed_by_its_name():
    masks = torch.tensor([0.2, 0.3, 0.5]).view(3, 1, 1, 1)
    (stage,) = build_chain(["bass=6.0206"], ["vocals", "bass", "rest"])
    assert stage(masks, MIXTURE).flatten().tolist() == pytest.approx(
        [0.2 / 1.3, 0.6 / 1.3, 0.5 / 1.3], abs=1e-5
    )
    assert masks.flatten().tolist() == pytest.approx([0.2, 0.3, 0.5])
    (nothing,) = build_chain(["bass=0"], ["vocals", "bass", "rest"])
    torch.testing.assert_close(nothing(complex_masks(1), MIXTURE), complex_masks(1))


def test_claims_in_a_row_are_one_stage_and_add_up():
    stems = ["vocals", "bass", "rest"]
    asked = ["vocals=2", "bass=-6", "vocals=4", "gate=0.2"]
    masks = real_masks(3, 3)
    one_by_one = masks
    for text in asked[:3]:
        (stage,) = build_chain([text], stems)
        one_by_one = stage(one_by_one, MIXTURE)
    (together,) = build_chain(asked, stems)
    torch.testing.assert_close(together(masks, MIXTURE), one_by_one)
    # What lies between them is heard between them.
    assert len(build_chain(["vocals=2", "sharpen=2", "vocals=4"], stems)) == 3


def test_of_complex_masks_too_more_is_more():
    masks = torch.complex(torch.tensor([5.0, -4.0]), torch.tensor([0.5, -0.5])).view(2, 1, 1, 1)
    stems = ["vocals", "rest"]
    gained = {}
    for level_db in (-20, -6, 0, 6, 20):
        (stage,) = build_chain([f"vocals={level_db}"], stems)
        claimed = stage(masks, MIXTURE)
        torch.testing.assert_close(claimed.sum(dim=0), masks.sum(dim=0))
        torch.testing.assert_close(claimed.imag, masks.imag)
        gained[level_db] = float(claimed[0].real)
    assert list(gained.values()) == sorted(set(gained.values()))
    assert gained[0] == pytest.approx(5.0)


def entropy(masks):
    shares = masks.abs() / masks.abs().sum(dim=0)
    return float(-(shares * (shares + 1e-12).log()).sum(dim=0).mean())


@pytest.mark.parametrize("kind", [real_masks, complex_masks])
def test_sharpened_masks_are_sharper(kind):
    masks = kind(0)
    grades = [entropy(sharpen(exponent)(masks, MIXTURE)) for exponent in (0.5, 1, 2, 4, 8)]
    assert grades == sorted(grades, reverse=True)
    assert grades[-1] < 0.75 * grades[1]
    assert torch.equal(
        sharpen(2)(real_masks(0), MIXTURE).argmax(dim=0), real_masks(0).argmax(dim=0)
    )


def test_binarised_masks_are_nearly_binary():
    masks = torch.tensor([0.7, 0.3]).view(2, 1, 1, 1)
    steep = binarise(100)(masks, MIXTURE).flatten()
    assert steep.tolist() == pytest.approx([1, 0], abs=1e-6)
    first = 1 / (1 + 2.718281828 ** (-10 * 0.2))
    gentle = binarise(10)(masks, MIXTURE).flatten()
    assert gentle.tolist() == pytest.approx([first, 1 - first], abs=1e-5)


def test_complex_masks_go_towards_one_and_nothing():
    masks = torch.tensor([0.9 + 0.2j, 0.1 - 0.2j]).view(2, 1, 1, 1)
    strong, weak = sharpen(8)(masks, MIXTURE).flatten().tolist()
    assert strong == pytest.approx(1, abs=1e-3)
    assert weak == pytest.approx(0, abs=1e-3)
    torch.testing.assert_close(sharpen(1)(masks, MIXTURE), masks)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("polish=2", "no post-processing stage 'polish': use sharpen=NUMBER, binarise=NUMBER"),
        ("drums=6", "no post-processing stage 'drums': .* vocals=NUMBER, rest=NUMBER"),
        ("vocals=21", "vocals=NUMBER with a number from -20 to 20"),
        ("rest=loud", "from -20 to 20"),
        ("", "no post-processing stage ''"),
        ("sharpen", "'sharpen' has no number: .* from 0.1 to 8"),
        ("vocals=6dB", "'vocals=6dB' has no number: .* from -20 to 20"),
        ("sharpen=", "from 0.1 to 8"),
        ("sharpen=0", "from 0.1 to 8"),
        ("sharpen=8.1", "from 0.1 to 8"),
        ("sharpen=nan", "from 0.1 to 8"),
        ("sharpen=much", "from 0.1 to 8"),
        ("binarise=101", "binarise=NUMBER with a number from 0.1 to 100"),
        ("binarise=-inf", "from 0.1 to 100"),
    ],
)
def test_bad_stages_are_refused_with_the_range(name, message):
    with pytest.raises(UserError, match=message):
        build_chain(["sharpen=2", name], ["vocals", "rest"])
