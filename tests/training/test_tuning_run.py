import json
import shutil

import msgspec
import numpy as np
import pyloudnorm
import pytest
import safetensors.torch
import soundfile
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import load_card
from stemdesk.separation.checkpoint import load_network, save_network
from stemdesk_training import feed
from stemdesk_training.run.state import CHECKPOINT_NAME
from stemdesk_training.trainer import Trainer
from stemdesk_training.tuning import fine_tuning
from stemdesk_training.tuning import reference as packs
from stemdesk_training.tuning.begun import BEGUN_NAME
from stemdesk_training.tuning.blend_model import Blender
from stemdesk_training.tuning.reference import ReferenceSet
from stemdesk_training.tuning.tuned_card import scores_in
from stemdesk_training.validation import Validation
from tests.training.small_run import Stop, of_kind, steps, train, weights
from tests.training.studio import make_song
from tests.training.two_studios import (
    Batches,
    other_song,
    train_base,
    tuning_recipe,
    write_reference,
    write_studio,
)

pytestmark = pytest.mark.usefixtures("_one_thread", "_no_loader")
WILD = {"learning_rate": 1e-2, "steps": 20}


@pytest.fixture(scope="module")
def _no_loader():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed, "Loader", Batches)
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The studio that the base model knows."""
    return write_studio(tmp_path_factory.mktemp("first") / "pool", make_song, "first")


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Another studio."""
    return write_studio(tmp_path_factory.mktemp("second") / "pool", other_song, "second")


@pytest.fixture(scope="module")
def reference(first, tmp_path_factory):
    return write_reference(first, tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def base(first, tmp_path_factory, _no_loader):
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = train_base(first, tmp_path_factory.mktemp("base"))
    torch.set_num_threads(before)
    return folder


def checkpoint(run, prefix):
    tensors = safetensors.torch.load_file(run / CHECKPOINT_NAME)
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def test_tuning_gains_on_the_studios_songs_and_does_not_forget(base, second, reference, tmp_path):
    recipe = tuning_recipe(base, reference, replay=0.5, freeze="all_but_heads")
    model, told = train(recipe, second, tmp_path / "run")
    (begun,), (validated,) = of_kind(told, "baseline"), of_kind(told, "validation")
    assert validated.scores["mean"] > begun.scores["mean"] + 0.3
    assert validated.reference["mean"] > begun.reference["mean"] - 0.3
    card = load_card(model)
    assert scores_in(card)[0] == "base"
    assert scores_in(card)[1].songs == pytest.approx(begun.scores)
    assert scores_in(card)[2].reference == pytest.approx(validated.reference)
    assert card.training["parents"] == ["base"]
    assert card.licence == "CC-BY-4.0"
    assert card.credits == ["first orchestra", "second orchestra"]
    told_of = card.training["tuning"]
    assert (told_of["songs"], told_of["seconds"], told_of["held_out_seconds"]) == (6, 16, 8)
    assert "second 0" not in (model / "card.toml").read_text()


def test_the_guard_refuses_what_forgot_and_names_a_blend_or_the_way_round(
    base, second, reference, tmp_path
):
    run = tmp_path / "run"
    recipe = tuning_recipe(base, reference, WILD, replay=0.0, l2_sp=0.0, freeze="nothing")
    with pytest.raises(UserError, match="not saved: on the reference set it is") as refused:
        train(recipe, second, run)
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert log[-1] == {"event": "refused", "reason": str(refused.value)}
    assert not (run / "tuned").exists()
    begun, validated = (
        next(line for line in log if line["event"] == kind) for kind in ("baseline", "validation")
    )
    assert validated["scores"]["mean"] > begun["scores"]["mean"] + 0.3, "it did learn"
    assert validated["reference"]["mean"] < begun["reference"]["mean"] - 1
    # Told to, it saves, without training again.
    tuning = msgspec.structs.replace(recipe.tuning, save_anyway=True)
    model, told = train(msgspec.structs.replace(recipe, tuning=tuning), second, run)
    assert not steps(told)
    assert scores_in(load_card(model))[2].reference == pytest.approx(validated["reference"])


def test_a_blend_that_keeps_the_guard_is_offered_and_can_be_made(
    base, second, reference, tmp_path, monkeypatch
):
    monkeypatch.setattr(packs, "SHIPPED", reference)
    run = tmp_path / "run"
    recipe = tuning_recipe(base, reference, {"learning_rate": 4e-3}, freeze="all_but_heads")
    with pytest.raises(UserError, match=r"--blend (0\.\d+)") as refused:
        train(recipe, second, run)
    share = float(str(refused.value).partition("--blend ")[2].partition(" ")[0])
    blender = Blender(str(run), torch.device("cpu"))
    ends = blender.weights(0.0), blender.weights(1.0)
    for name, value in load_network(base)[1].state_dict().items():
        assert torch.equal(ends[0][name], value)
        assert torch.equal(ends[1][name], checkpoint(run, "average.")[name])
    before, found = blender.score(0.0), blender.score(share)
    assert found.gain_db(before) > 0
    assert found.loss_db(before) <= 0.3
    card, network = load_network(blender.save(share, None, before, found))
    assert card.training["tuning"]["blend"] == share
    for name, value in network.state_dict().items():
        middle = ends[0][name] + share * (ends[1][name] - ends[0][name])
        assert torch.allclose(value, middle, rtol=2e-3, atol=1e-6), name
    # What was made can be blended again, with the base that its card names, and is scored as it is
    # used even where the base has other post-processing by now.
    told = (base / "card.toml").read_text()
    (base / "card.toml").write_text(told.replace("post = []", 'post = ["sharpen=4"]'))
    again = Blender(card.id, torch.device("cpu"))
    (base / "card.toml").write_text(told)
    assert again.score(1.0).reference == pytest.approx(found.reference, abs=0.02)
    assert (
        load_card(again.save(0.5, "Less", before, found)).training["tuning"]["blend"] == share / 2
    )


def test_an_endless_pull_keeps_the_base(base, second, reference, tmp_path):
    recipe = tuning_recipe(base, reference, {**WILD, "steps": 3}, l2_sp=1e9, freeze="nothing")
    model, _ = train(recipe, second, tmp_path / "run")
    start = load_network(base)[1].state_dict()
    for name, value in load_network(model)[1].state_dict().items():
        assert torch.equal(value, start[name]), name


def test_scores_are_those_of_the_model_with_its_post_processing(base, second, reference, tmp_path):
    sharper = shutil.copytree(base, tmp_path / "sharper")
    card = (sharper / "card.toml").read_text()
    assert "post = []" in card
    (sharper / "card.toml").write_text(card.replace("post = []", 'post = ["sharpen=4"]'))
    found = {}
    for each in (base, sharper):
        wild = {**WILD, "steps": 1}
        recipe = tuning_recipe(each, reference, wild, l2_sp=1e9, freeze="nothing")
        model, told = train(recipe, second, tmp_path / f"run of {each.name}")
        (begun,), (validated,) = of_kind(told, "baseline"), of_kind(told, "validation")
        assert validated.scores == pytest.approx(begun.scores, abs=0.02)
        found[each] = begun
    assert load_card(model).post == ["sharpen=4"]
    for kind in ("scores", "reference"):
        plain, own = (getattr(found[each], kind)["mean"] for each in (base, sharper))
        assert abs(own - plain) > 0.02


def test_a_stronger_pull_ends_nearer_to_the_base(base, second, reference, tmp_path):
    start = load_network(base)[1].state_dict()

    def distance(l2_sp):
        recipe = tuning_recipe(
            base, reference, {**WILD, "steps": 4}, l2_sp=l2_sp, freeze="nothing", guard_db=99.0
        )
        train(recipe, second, tmp_path / str(l2_sp))
        moved = checkpoint(tmp_path / str(l2_sp), "network.")
        return sum(float((moved[name] - start[name]).square().sum()) for name in start)

    assert distance(50.0) < 0.5 * distance(0.0)


@pytest.mark.parametrize("policy", ["all_but_heads", "lower_half", ["split", "band_bias"]])
def test_what_is_frozen_stays_bit_for_bit(base, second, reference, tmp_path, policy):
    recipe = tuning_recipe(base, reference, {**WILD, "steps": 3}, freeze=policy, guard_db=99.0)
    train(recipe, second, tmp_path / "run")
    start = load_network(base)[1].state_dict()
    moved = checkpoint(tmp_path / "run", "network.")
    stayed = {name for name in start if torch.equal(moved[name], start[name])}
    own = {"split.weights.0", "split.levels.0", "band_bias"}
    assert own <= stayed
    assert not any(name.startswith("head.") for name in stayed)
    deep = {name for name in start if name.startswith("layers.0.out")}
    assert (deep <= stayed) == (policy != ["split", "band_bias"])


def test_a_tuning_that_was_cut_ends_with_the_same_weights(base, second, reference, tmp_path):
    recipe = tuning_recipe(base, reference, {"steps": 6}, replay=0.5, guard_db=99.0)
    recipe = msgspec.structs.replace(recipe, checkpoint_steps=2)
    whole, _ = train(recipe, second, tmp_path / "whole")
    with pytest.raises(Stop):
        train(recipe, second, tmp_path / "cut", stop_after=5)
    resumed, told = train(recipe, second, tmp_path / "cut")
    assert steps(told) == [5, 6]
    assert not of_kind(told, "baseline"), "the base is scored once"
    assert weights(whole) == weights(resumed)


def test_the_song_can_be_heard_from_base_and_checkpoint_at_one_loudness(
    base, second, reference, tmp_path
):
    song = tmp_path / "Lied Ü.wav"
    loud = make_song(9, seconds=6)
    mixture = sum(loud.values()) * np.linspace(0.05, 1, 6 * 44100)
    soundfile.write(song, mixture.T, 44100, subtype="FLOAT")
    recipe = tuning_recipe(
        base, reference, {**WILD, "steps": 3}, listen=str(song), listen_seconds=2.0, guard_db=99.0
    )
    _, told = train(recipe, second, tmp_path / "run")
    (heard,) = of_kind(told, "listen")
    folder = tmp_path / "run" / "listen" / "step_3"
    assert heard.folder == str(folder)
    levels = json.loads((folder / "levels.json").read_text())
    assert levels["first_second"] > 3.5, "the loudest stretch"
    meter = pyloudnorm.Meter(44100)
    total = 0
    for stem in ("vocals", "drums", "bass", "other"):
        pair = [soundfile.read(folder / side / f"{stem}.flac")[0] for side in ("base", "tuned")]
        loudness = [meter.integrated_loudness(samples) for samples in pair]
        assert loudness[0] == pytest.approx(loudness[1], abs=0.1)
        assert not np.array_equal(*pair)
        total = total + pair[0] / 10 ** (levels["gain_db"][stem]["base"] / 20)
    first = round(levels["first_second"] * 44100)
    assert np.abs(total - mixture.T[first : first + 2 * 44100]).max() < 1e-3


def test_other_wishes_go_on_with_a_run_and_other_means_do_not(base, second, reference, tmp_path):
    recipe = tuning_recipe(base, reference, {"steps": 1}, guard_db=99.0)
    train(recipe, second, tmp_path / "run")
    wishes = msgspec.structs.replace(recipe.tuning, guard_db=98.0, blend=0.5)
    train(msgspec.structs.replace(recipe, tuning=wishes), second, tmp_path / "run")
    means = msgspec.structs.replace(recipe.tuning, l2_sp=3.0)
    with pytest.raises(UserError, match="another recipe"):
        train(msgspec.structs.replace(recipe, tuning=means), second, tmp_path / "run")


def retell(pool, change):
    """Lay a change over what a pool says of its songs."""
    notes = json.loads((pool / "pool.json").read_text())
    change(notes["songs"])
    (pool / "pool.json").write_text(json.dumps(notes))


def test_other_songs_do_not_go_on_with_a_run(base, second, reference, tmp_path):
    pool, run = tmp_path / "pool", tmp_path / "run"
    shutil.copytree(second, pool)
    recipe = tuning_recipe(base, reference, {"steps": 1}, guard_db=99.0)
    train(recipe, pool, run)
    retell(pool, lambda songs: songs["0"].update(name="called otherwise"))
    train(recipe, pool, run)
    told = (pool / "pool.json").read_text()
    for change in (
        lambda songs: songs.update({"new": {**songs["0"], "name": "new"}}),
        lambda songs: songs.pop("5"),
        lambda songs: songs["0"].update(split="valid"),
    ):
        (pool / "pool.json").write_text(told)
        retell(pool, change)
        with pytest.raises(UserError, match="another folder with --run"):
            train(recipe, pool, run)
    # A run that was begun before its songs' keys were kept is compared by what was kept.
    begun = json.loads((run / BEGUN_NAME).read_text())
    del begun["songs"]
    (run / BEGUN_NAME).write_text(json.dumps(begun))
    with pytest.raises(UserError, match="--run"):
        train(recipe, pool, run)
    (pool / "pool.json").write_bytes((second / "pool.json").read_bytes())
    train(recipe, pool, run)


def test_another_base_of_the_same_name_does_not_go_on_with_a_run(base, second, reference, tmp_path):
    mine = tmp_path / "base"
    shutil.copytree(base, mine)
    recipe = tuning_recipe(mine, reference, {"steps": 1}, guard_db=99.0)
    train(recipe, second, tmp_path / "run")
    card, network = load_network(mine)
    halved = {name: 0.5 * value for name, value in network.state_dict().items()}
    shutil.rmtree(mine)
    save_network(mine, card, halved)
    with pytest.raises(UserError, match=r"other weights.*--run"):
        train(recipe, second, tmp_path / "run")
    shutil.rmtree(mine)
    shutil.copytree(base, mine)
    told = (mine / "card.toml").read_text()
    (mine / "card.toml").write_text(told.replace("post = []", 'post = ["sharpen=4"]'))
    with pytest.raises(UserError, match=r"other post-processing.*--run"):
        train(recipe, second, tmp_path / "run")


def test_what_auto_froze_at_first_stays_frozen(base, second, reference, tmp_path, monkeypatch):
    recipe = tuning_recipe(base, reference, {"steps": 1}, guard_db=99.0)
    train(recipe, second, tmp_path / "run")
    monkeypatch.setattr(fine_tuning, "policy_for", lambda _: "nothing")

    def free(run):
        network = Trainer(recipe, second, run, print)._network
        return {name for name, one in network.named_parameters() if one.requires_grad}

    assert "split.weights.0" in free(tmp_path / "other")
    assert "split.weights.0" not in free(tmp_path / "run")


@pytest.fixture
def _scored(monkeypatch, request):
    """The base scores 1 dB on the songs and 3 dB on the reference set; then come pairs."""
    pairs = [(1.0, 3.0), *request.param]
    for scorer, place in ((Validation, 0), (ReferenceSet, 1)):
        coming = iter([pair[place] for pair in pairs])
        monkeypatch.setattr(scorer, "score", lambda *_, coming=coming: {"mean": next(coming)})


THEN_REFUSED = [(2.0, 3.0), (4.0, 2.9), (3.0, 3.0), (5.0, 2.0)]
REFUSED_FIRST = [(5.0, 2.0), (2.0, 3.0), (4.0, 2.9), (3.0, 3.0)]


@pytest.mark.parametrize(
    ("_scored", "patience", "step"),
    [(THEN_REFUSED, None, 2), (THEN_REFUSED, 9, 2), (REFUSED_FIRST, None, 3)],
    indirect=["_scored"],
)
@pytest.mark.usefixtures("_scored")
def test_what_may_be_saved_outlives_what_forgets_later(
    base, second, reference, tmp_path, patience, step
):
    recipe = tuning_recipe(base, reference, {"steps": 4})
    recipe = msgspec.structs.replace(recipe, validate_steps=1, patience=patience)
    model, told = train(recipe, second, tmp_path / "run")
    card = load_card(model)
    assert card.training["steps"] == step
    assert scores_in(card)[2].songs == {"mean": 4.0}
    assert told[-1].scores == {"mean": 4.0}
    assert not of_kind(told, "refused")
    (note,) = (event.text for event in of_kind(told, "note") if "--blend 1" in event.text)
    assert f"that of step {step}," in note
    # Started again it is there still, and nothing is scored.
    assert train(recipe, second, tmp_path / "run")[0] == model
    assert load_card(model) == card


REFUSED = [(5.0, 2.0), (4.0, 2.5)]


@pytest.mark.parametrize("_scored", [[*REFUSED, *[(2.0, 3.0)] * 3]], indirect=True)
@pytest.mark.usefixtures("_scored")
def test_a_run_that_forgot_at_every_validation_leaves_no_model(base, second, reference, tmp_path):
    recipe = tuning_recipe(base, reference, {"steps": 2})
    recipe = msgspec.structs.replace(recipe, validate_steps=1)
    with pytest.raises(UserError, match=r"it is 0\.50 dB worse"):
        train(recipe, second, tmp_path / "run")
    assert not (tmp_path / "run" / "tuned").exists()
