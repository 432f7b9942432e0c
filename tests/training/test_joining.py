"""Models joined into an ensemble: real folders, and what cannot be joined."""

import msgspec
import pytest
import torch

from stemdesk.separation.card import load_card
from stemdesk.separation.checkpoint import build_network, load_network, save_network
from stemdesk.separation.masks import normalise
from stemdesk_models.ensemble import shares_of
from stemdesk_models.other_speeds import shares_at
from stemdesk_training.joining import main
from tests.app.tiny import save_tiny_model

SMALL = {"depth": 1, "head": 4, "bands": "coarse", "blocks": "lstm", "sees": "magnitudes"}


@pytest.fixture
def model(tmp_path):
    """Saves a BandMask of some width under an id."""

    def save(name, **changes):
        base = load_card(save_tiny_model(tmp_path / "base" / name))
        options = {"stems": 4, "complex_masks": False, "width": 8, **SMALL}
        card = msgspec.structs.replace(
            base, id=name, network="bandmask", n_fft=4096, hop=2048, win_length=4096,
            masks="softmax", options=options, credits=["everybody", name],
            training={"steps": 7, "losses": {"complex_l1": 1.0}}, scores={"somewhere": {"bass": 1}},
        )  # fmt: skip
        card = msgspec.structs.replace(card, **changes)
        torch.manual_seed(len(name))
        save_network(tmp_path / name, card, build_network(card).state_dict())
        return tmp_path / name

    return save


def test_the_ensemble_is_a_model_of_its_own(model, tmp_path, capsys):
    one, second = model("one"), model("second")
    out = tmp_path / "both"
    assert main([str(out), f"{one}=3", f"{second}=1", "--title", "Both"]) == 0
    assert "both" in capsys.readouterr().out
    card, network = load_network(out)
    assert (card.id, card.title, card.network) == ("both", "Both", "ensemble")
    assert card.credits == ["everybody", "one", "second"]
    assert card.scores == {}
    told = card.training["members"]
    assert [(each["id"], each["weight"], each["steps"]) for each in told] == [
        ("one", 0.75, 7),
        ("second", 0.25, 7),
    ]
    assert told[0]["sha256"] == load_card(one).sha256
    mixture = torch.randn(1, 2, 2049, 4, dtype=torch.complex64)
    with torch.inference_mode():
        members = [
            normalise(load_network(each)[1](mixture), "softmax", stems=4) for each in (one, second)
        ]
        masks = normalise(network(mixture), "softmax", stems=4)
    assert (masks - (0.75 * members[0] + 0.25 * members[1])).abs().max() < 1e-6


def test_three_of_equal_weight_can_be_loaded(model, tmp_path):
    words = [f"{model(name)}=1" for name in ("one", "second", "another")]
    assert main([str(tmp_path / "all"), *words]) == 0
    card, network = load_network(tmp_path / "all")
    assert len(network.networks) == 3
    assert [each["weight"] for each in card.training["members"]] == pytest.approx([1 / 3] * 3)


def test_one_model_at_two_speeds_is_an_ensemble(model, tmp_path):
    one = model("one")
    assert main([str(tmp_path / "slow"), f"{one}=1@0.75,1"]) == 0
    card, network = load_network(tmp_path / "slow")
    assert card.options["speeds"] == [[0.75, 1.0]]
    assert card.training["members"][0]["speeds"] == [0.75, 1.0]
    assert card.parameters == load_card(one).parameters
    mixture = torch.randn(1, 2, 2049, 9, dtype=torch.complex64)
    alone = load_network(one)[1]
    with torch.inference_mode():
        mean = (
            shares_at(shares_of(alone), mixture, 0.75) + shares_at(shares_of(alone), mixture, 1.0)
        ) / 2
        assert (normalise(network(mixture), "softmax", stems=4) - mean).abs().max() < 1e-6


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ("1", "name a second one, or speeds"),
        ("1@1", "name a second one, or speeds"),
        ("1@0.1,1", "No model hears at those speeds"),
        ("1@nan,1", "No model hears at those speeds"),
        ("1@1,1", "named twice"),
        ("1@0.75,", "is not MODEL=WEIGHT"),
        ("1@0.75,x", "is not MODEL=WEIGHT"),
        ("0@0.75,1", "above 0"),
    ],
)
def test_speeds_that_are_none_are_refused(model, tmp_path, capsys, shares, reason):
    assert main([str(tmp_path / "slow"), f"{model('one')}={shares}"]) == 1
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
    assert not (tmp_path / "slow").exists()


def test_one_model_at_one_other_speed_is_an_answer_too(model, tmp_path):
    one = model("one")
    assert main([str(tmp_path / "slow"), f"{one}=1@0.75"]) == 0
    mixture = torch.randn(1, 2, 2049, 9, dtype=torch.complex64)
    with torch.inference_mode():
        heard = normalise(load_network(tmp_path / "slow")[1](mixture), "softmax", stems=4)
        assert (
            heard - shares_at(shares_of(load_network(one)[1]), mixture, 0.75)
        ).abs().max() < 1e-6


@pytest.mark.parametrize("n_fft", [6144, 4100])
def test_bands_that_end_below_the_last_bin_are_heard_at_their_own_speed_only(
    model, tmp_path, capsys, n_fft
):
    one = model("one", n_fft=n_fft, hop=n_fft // 2, win_length=n_fft)
    assert main([str(tmp_path / "slow"), f"{one}=1@0.75,1"]) == 1
    assert "its own speed only" in capsys.readouterr().err


def test_another_transform_is_heard_at_its_own_speed_only(model, tmp_path, capsys):
    one = model("one", hop=1024)
    assert main([str(tmp_path / "slow"), f"{one}=1@0.75,1"]) == 1
    assert "its own speed only" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"masks": "complex", "options": {"width": 8, "depth": 1}}, "cannot be a member"),
        ({"hop": 1024}, "differ in hop"),
        ({"licence": "MIT"}, "differ in licence"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    model, tmp_path, capsys, changes, reason
):
    one, other = model("one"), model("other", **changes)
    assert main([str(tmp_path / "both"), f"{one}=1", f"{other}=1"]) == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "both").exists()


def test_a_model_that_is_there_stays(model, tmp_path, capsys):
    one, other = model("one"), model("other")
    before = (one / "card.toml").read_bytes()
    assert main([str(one), f"{one}=1", f"{other}=1"]) == 1
    assert "there already" in capsys.readouterr().err
    assert (one / "card.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (["{one}"], "is not MODEL=WEIGHT"),
        (["{one}=1", "{one}=-1"], "above 0"),
        (["{one}=1", "{one}=nan"], "above 0"),
        (["{one}=1", "{one}=1@0.75"], "named twice"),
    ],
)
def test_what_is_no_ensemble_is_refused(model, tmp_path, capsys, members, reason):
    words = [each.format(one=model("one")) for each in members]
    assert main([str(tmp_path / "both"), *words]) == 1
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
