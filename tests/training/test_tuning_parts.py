import copy
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from stemdesk.errors import UserError
from stemdesk.separation.network import PerStem
from stemdesk_models.bandmask import BandMask
from stemdesk_models.framing import WindowNetwork
from stemdesk_models.open_unmix import OpenUnmix
from stemdesk_models.pretet2018 import DenseNet
from stemdesk_training.corpus.waveform import STEMS
from stemdesk_training.losses.objective import Objective
from stemdesk_training.mixes.model_mixes import ModelMixes
from stemdesk_training.run.descent import Descent
from stemdesk_training.run.distributed import Ranks
from stemdesk_training.tuning import pack as packing
from stemdesk_training.tuning.anchor import draw_back
from stemdesk_training.tuning.blending import blend
from stemdesk_training.tuning.freezing import (
    freeze,
    frozen_names,
    parameter_depths,
    policy_for,
)
from stemdesk_training.tuning.guard import Pair, best_blend
from stemdesk_training.tuning.listening import matched
from stemdesk_training.tuning.plan import Cost, make_recipe, with_minutes
from stemdesk_training.tuning.reference import SHIPPED, ReferencePack, in_form
from stemdesk_training.tuning.replay import Replay, replayed_items
from stemdesk_training.tuning.tuned_card import Material
from stemdesk_training.tuning_settings import Tuning
from tests.training.studio import make_song
from tests.training.two_studios import TINY, recipe_of, write_reference, write_studio

pytestmark = pytest.mark.usefixtures("_one_thread")


# Freezing


def small_bandmask():
    return BandMask(complex_masks=False, width=16, depth=2, feed_forward=16, head=8)


def test_depth_follows_the_computation_through_residual_connections():
    depths = parameter_depths(small_bandmask(), (2, 2049, 8))
    chain = [
        *("head.weights.0", "head.weight", "layers.7.out.weight", "layers.7.into.weight"),
        *("layers.4.conv.weight", "layers.0.conv.weight", "split.weights.0"),
    ]
    along = [depths[name] for name in chain]
    assert along == sorted(along)
    assert len(set(along)) == len(along)


def free_of(network, policy, shape):
    frozen = frozen_names(network, policy, shape)
    return {name for name, _ in network.named_parameters()} - frozen


def test_little_material_moves_the_head_and_what_normalises():
    free = free_of(small_bandmask(), "all_but_heads", (2, 2049, 8))
    assert {name.split(".")[0] for name in free} == {"head", "layers"}
    assert all(".norm." in name for name in free if name.startswith("layers"))


def test_detail_belongs_to_the_head():
    network = BandMask(complex_masks=False, width=16, depth=1, feed_forward=16, head=8, detail=4)
    free = free_of(network, "all_but_heads", (2, 2049, 8))
    own = {name for name, _ in network.named_parameters() if "detail" in name}
    assert own
    assert own <= free


def test_each_network_of_a_model_with_one_for_each_stem_is_treated_alike():
    network = PerStem(OpenUnmix(hidden=16) for _ in range(2))
    free = free_of(network, "all_but_heads", (2, 2049, 8))
    for place in range(2):
        own = {name for name in free if name.startswith(f"networks.{place}.")}
        assert f"networks.{place}.output_scale" in own, "kept by the network itself, and last"
        assert f"networks.{place}.squeeze_norm.weight" in own
        assert f"networks.{place}.widen_norm.weight" in own
        assert f"networks.{place}.squeeze.weight" not in own
        assert not any(".lstm." in name for name in own)


def test_half_of_a_network_with_skip_connections_is_the_nearer_half():
    network = DenseNet()
    depths = parameter_depths(network, (2, 1025, 32))
    free = free_of(network, "lower_half", (2, 1025, 32))
    frozen = depths.keys() - free
    assert 0.3 < len(free) / len(depths) < 0.7
    # A weight and its bias stay together, though the weight may lie one operation deeper.
    assert max(depths[name] for name in free) <= min(depths[name] for name in frozen) + 2


def test_policies_follow_the_amount_of_music():
    assert [policy_for(60.0 * minutes) for minutes in (1, 9, 11, 59, 61)] == [
        *("all_but_heads",) * 2,
        *("lower_half",) * 2,
        "nothing",
    ]


def test_statistics_stay_where_anything_is_frozen():
    network = OpenUnmix(hidden=16)
    freeze(network, frozen_names(network, "all_but_heads", (2, 2049, 8)))
    before = network.squeeze_norm.running_mean.clone()
    network.train()
    network(torch.randn(1, 2, 2049, 8, dtype=torch.complex64))
    assert torch.equal(network.squeeze_norm.running_mean, before)
    assert network.squeeze_norm.weight.requires_grad


class Windows(WindowNetwork):
    """The smallest network that is trained on windows and keeps statistics."""

    frames = 3

    def __init__(self):
        super().__init__()
        self.into, self.norm = nn.Linear(1025, 4), nn.BatchNorm1d(3)
        self.out = nn.Linear(12, 4 * 1025)

    def forward(self, _):
        raise AssertionError("losses on windows ask for scores")

    def scores(self, rows):
        return self.out(self.norm(self.into(rows)).flatten(1)).view(-1, 4, 1025)


@pytest.mark.parametrize("loss", ["window_mse", "window_nll"])
@pytest.mark.parametrize(
    ("frozen", "is_copy"), [("into.weight", False), ("into.weight", True), ("", False)]
)
def test_statistics_stay_where_losses_go_by_windows(loss, frozen, is_copy):
    network = Windows()
    freeze(network, {frozen} - {""})
    if is_copy:  # memory is measured on one
        network = copy.deepcopy(network)
    before = copy.deepcopy(network.state_dict())
    objective = Objective(recipe_of(losses={loss: 1.0}), torch.device("cpu"))
    stems = 0.1 * torch.randn(2, 4, 2, 8820)
    Descent(network, objective, 0, Ranks()).gradients(stems, 1, 0, 0)
    moved = {name for name, value in network.state_dict().items() if not value.equal(before[name])}
    assert network.norm.weight.grad.abs().max() > 0
    kept = {"norm.running_mean", "norm.running_var", "norm.num_batches_tracked"}
    assert moved == (set() if frozen else kept)


@pytest.mark.parametrize(
    ("names", "told"), [(["heat"], "heat"), ([""], "Everything"), (["layers", "none"], "none")]
)
def test_names_that_freeze_nothing_or_everything_are_refused(names, told):
    with pytest.raises(UserError, match=told):
        frozen_names(small_bandmask(), names, (2, 2049, 8))


# L2 towards the base


def test_the_pull_is_a_share_of_the_distance_and_spares_what_is_frozen():
    network = nn.Linear(3, 2)
    network.bias.requires_grad_(False)
    start = network.weight.detach().clone()
    optimiser = torch.optim.SGD(network.parameters(), lr=0.1)
    draw_back(network, optimiser, 2.0)
    network.weight.grad = torch.ones_like(start)
    optimiser.step()
    # One step of 0.1, of which a share of 0.1 x 2 is taken back.
    assert torch.allclose(network.weight, start - 0.1 * 0.8)
    with torch.no_grad():
        network.bias += 1
    bias = network.bias.clone()
    optimiser.step()
    assert torch.equal(network.bias, bias)


# Blends


def test_the_ends_of_a_blend_are_exact_and_its_middle_is_between():
    rng = torch.Generator().manual_seed(0)
    # So far apart that a step from one to the other would miss its end by rounding.
    base = {"w": torch.randn(50, 9, generator=rng) * 1e4, "count": torch.tensor(3)}
    tuned = {"w": torch.randn(50, 9, generator=rng), "count": torch.tensor(9)}
    assert torch.equal(blend(base, tuned, 0.0)["w"], base["w"])
    assert torch.equal(blend(base, tuned, 1.0)["w"], tuned["w"])
    quarter = blend(base, tuned, 0.25)
    assert torch.allclose(quarter["w"], 0.75 * base["w"] + 0.25 * tuned["w"], rtol=1e-5)
    assert int(quarter["count"]) == 3
    assert int(blend(base, tuned, 0.5)["count"]) == 9
    with pytest.raises(ValueError, match="different weights"):
        blend(base, {"w": tuned["w"]}, 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        blend(base, tuned, 1.1)


def pair(songs, reference):
    return Pair({"mean": songs}, {"mean": reference})


def test_the_blend_on_offer_keeps_the_guard_and_gains_most():
    base = pair(5.0, 3.0)
    found = {0.75: pair(6.0, 2.6), 0.5: pair(5.6, 2.8), 0.25: pair(5.2, 2.9)}
    offer = best_blend(base, 0.3, found.__getitem__)
    assert (offer.share, offer.pair) == (0.5, found[0.5])
    assert best_blend(base, 0.05, found.__getitem__) is None
    worse = {share: pair(4.9, 3.0) for share in found}
    assert best_blend(base, 0.3, worse.__getitem__) is None


# Base material


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    return write_studio(tmp_path_factory.mktemp("pool") / "pool", make_song, "first", count=4)


@pytest.fixture(scope="module")
def reference(pool, tmp_path_factory):
    return ReferencePack(write_reference(pool, tmp_path_factory.mktemp("reference")))


def test_the_reference_set_is_the_held_out_mixes_as_they_are(pool, reference):
    items = reference.items()
    assert len(items) == 2
    for number, item in zip((2, 3), items, strict=True):
        for place, stem in enumerate(STEMS):
            whole = np.load(pool / "valid" / f"song_{number:03d}_{stem}.npy")
            wanted = whole[: item.shape[-1]].T / 32768
            assert np.corrcoef(item[place, 0], wanted[0])[0, 1] > 0.5, "Opus, but the same sound"
            assert np.std(item[place]) == pytest.approx(np.std(wanted), rel=0.3)
    assert reference.credits == ["first orchestra"]
    again = ReferencePack(reference._folder)
    assert again.key == reference.key


def test_what_is_replayed_is_decoded_once(reference, monkeypatch, tmp_path):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))
    place = reference.replay_pool()
    assert sorted(path.name for path in place.iterdir()) == ["pool.json", "train"]
    assert len(list((place / "train").glob("*.npy"))) == 2 * len(STEMS)
    times = {path: path.stat().st_mtime_ns for path in (place / "train").iterdir()}
    assert reference.replay_pool() == place
    assert times == {path: path.stat().st_mtime_ns for path in (place / "train").iterdir()}


def test_of_two_runs_that_decode_at_once_the_slower_takes_what_the_quicker_made(
    reference, monkeypatch, tmp_path
):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))
    rename = Path.rename

    def late(path, target):
        shutil.copytree(path, target)
        (target / "quicker").touch()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    place = reference.replay_pool()
    assert sorted(path.name for path in place.iterdir()) == ["pool.json", "quicker", "train"]
    assert list(place.parent.iterdir()) == [place]


def test_what_cannot_be_put_into_place_is_told(reference, monkeypatch, tmp_path):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))

    def full(path, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        reference.replay_pool()


def test_a_folder_that_is_no_pack_is_refused(tmp_path):
    with pytest.raises(UserError, match="no reference pack"):
        ReferencePack(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 1.0])
def test_over_many_batches_the_share_is_exact(share):
    counts = [replayed_items(index, 3, share) for index in range(200)]
    assert sum(counts) == round(600 * share)
    assert max(counts) - min(counts) <= 1


def test_replayed_items_take_the_place_of_the_last_and_are_the_same_again(pool):
    recipe = recipe_of()
    mine = torch.ones(2, len(STEMS), 2, 17640)

    def batches(start, rows=slice(0, 4)):
        mixed = Replay(recipe, pool, 0.375, 4, rows).among(
            iter([mine.repeat(2, 1, 1, 1)] * 9), start
        )
        return [next(mixed) for _ in range(3)]

    whole = batches(4)
    replayed = [[not torch.equal(item, mine[0]) for item in batch] for batch in whole]
    assert replayed == [
        [False, False, False, True],
        [False, False, True, True],
        [False, False, False, True],
    ]
    for one, other in zip(whole[1:], batches(5), strict=False):
        assert torch.equal(one, other), "whatever it began at"
    # Two processes get between them what one gets.
    mixes = Replay(recipe, pool, 0.375, 4, slice(2, 4))
    half = mixes.among(iter([mine] * 3), 5)
    assert torch.equal(next(half), whole[1][2:])
    assert isinstance(mixes._mixes, ModelMixes)


def test_a_mix_takes_the_form_of_a_model():
    rng = np.random.default_rng(0)
    stems = rng.normal(0, 0.1, (4, 2, 44100)).astype(np.float32)
    model = recipe_of(
        model={**TINY["model"], "stems": ["vocals", "accompaniment"], "channels": 1}
    ).model
    left, right = in_form(model, stems)
    assert left.shape == (2, 1, 44100)
    assert np.allclose(left[1, 0], stems[1:, 0].sum(axis=0), atol=1e-6)
    assert np.allclose(right[0, 0], stems[0, 1])


def test_a_pack_is_made_of_a_pool(pool, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(packing, "EXCERPT_SECONDS", 1.0)
    monkeypatch.setattr(packing, "REFERENCES", 2)
    monkeypatch.setattr(packing, "HEARD_DB", -60.0)
    folder = tmp_path / "pack"
    assert packing.main([str(pool), str(folder)]) == 0
    assert str(folder) in capsys.readouterr().out
    made = ReferencePack(folder)
    items = made.items()
    assert [item.shape for item in items] == [(4, 2, 44100)] * 2
    assert made.credits == ["first orchestra"]
    assert packing.main([str(pool), str(folder)]) == 1, "never over another one"
    assert packing.main([str(tmp_path), str(tmp_path / "other")]) == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_the_shipped_pack_is_whole_and_small():
    pack = ReferencePack()
    lengths = json.loads((SHIPPED / "lengths.json").read_text())
    assert {path.name for path in SHIPPED.glob("*.opus")} == set(lengths)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 7e6
    assert sum(name.startswith("valid_") for name in lengths) == 10 * len(STEMS)
    assert any("CC BY" in credit for credit in pack.credits)


# Loudness, length, recipe


def test_stems_are_matched_and_neither_clips():
    rng = np.random.default_rng(1)
    loud = rng.normal(0, 0.3, (2, 44100)).astype(np.float32)
    (base, tuned), gains = matched(loud, loud * np.float32(0.25), 44100)
    assert np.allclose(base, tuned, atol=1e-4)
    assert np.abs(base).max() <= 0.981
    assert gains["tuned"] - gains["base"] == pytest.approx(20 * math.log10(4), abs=0.01)
    silent, gains = matched(loud * 0, loud * np.float32(0.1), 44100)
    assert gains["tuned"] == 0
    assert not silent[0].any()


def test_minutes_leave_room_for_validations():
    recipe = recipe_of()
    timed = with_minutes(recipe, 10, Cost(step_seconds=0.5, item_seconds=1.0))
    seconds = 60 * timed.optimiser.minutes
    assert 300 <= seconds < 600
    assert timed.optimiser.steps * 0.5 > seconds, "time ends it, not steps"
    assert 3 <= seconds / 0.5 / timed.validate_steps <= 5


def test_a_recipe_takes_after_the_base_model():
    card = recipe_of().model.card(
        training={"losses": {"waveform_l1": 2.0, "gone": 1.0}, "batch": 3, "item_seconds": 1.5}
    )
    material = Material(["one"], 700.0, 13.0, ends=True)
    recipe = make_recipe(card, Tuning(base="base"), ("mine", "Mine"), material)
    assert (recipe.model.id, recipe.model.options) == ("mine", card.options)
    assert (recipe.data.batch, recipe.data.seconds) == (3, 1.5)
    assert recipe.losses == {"waveform_l1": 2.0}
    assert recipe.init == "base"
    assert recipe.optimiser.weight_decay == 0
    assert recipe.optimiser.steps == 1000, "by the amount of music"
    assert 13 < recipe.data.validation_items * recipe.data.validation_seconds < 40


def test_a_table_that_cannot_be_is_refused():
    for wrong in ({"replay": 1.5}, {"blend": -1}, {"l2_sp": -1}, {"guard_db": math.nan}):
        with pytest.raises(ValueError, match="must"):
            Tuning(base="base", **wrong)
