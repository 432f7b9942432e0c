"""A run ends when validation gains no more, and keeps the best model."""

from __future__ import annotations

import msgspec
import pytest

from stemdesk.separation.checkpoint import load_network
from stemdesk_training.recipe import Optimiser
from stemdesk_training.run.early_stopping import is_exhausted, judge
from stemdesk_training.run.state import Progress
from stemdesk_training.scoring import Scoring
from stemdesk_training.validation import Validation
from tests.training.small_run import Stop, of_kind, steps, train, weights

pytestmark = pytest.mark.usefixtures("_one_thread")
SCORES = {1: 1.0, 2: 2.0, 3: 3.0, 4: 3.05, 5: 2.0, 6: 3.04, 7: 9.0}


@pytest.fixture
def patient(tiny):
    return msgspec.structs.replace(
        tiny,
        optimiser=Optimiser(steps=20, warm_up_steps=2),
        checkpoint_steps=3,
        validate_steps=1,
        patience=3,
        gain_db=0.1,
    )


@pytest.fixture
def scored(monkeypatch):
    """Scores by the number of steps, which the EMA of a counted step gives away."""
    counted = []

    def score(self, network, items=None):
        counted.append(None)
        return {"mean": SCORES[counting.step]}

    counting = type("Counting", (), {"step": 0})
    monkeypatch.setattr(Validation, "score", score)
    return counting


def run(recipe, pool, folder, counting, **options):
    validate = Scoring.validate

    def counted(self, state):
        counting.step = state.step
        validate(self, state)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scoring, "validate", counted)
        return train(recipe, pool, folder, **options)


def test_the_best_validated_model_is_what_stays(patient, noise_pool, tmp_path, scored):
    folder, told = run(patient, noise_pool, tmp_path / "run", scored)
    assert steps(told)[-1] == 6  # 3, then three without a gain of 0.1 dB
    card, _ = load_network(folder)
    assert card.training["steps"] == 4
    assert told[-1].scores == {"mean": 3.05}
    assert any("brought no gain" in event.text for event in of_kind(told, "note"))


def test_the_best_model_is_the_average_of_its_own_step(patient, noise_pool, tmp_path, scored):
    best, _ = run(patient, noise_pool, tmp_path / "run", scored)
    until = msgspec.structs.replace(patient, patience=None)
    with pytest.raises(Stop):
        run(until, noise_pool, tmp_path / "until", scored, stop_after=5)
    assert weights(tmp_path / "until" / "tiny") == weights(best)


@pytest.mark.parametrize("cut", [4, 5])
def test_patience_survives_a_cut(patient, noise_pool, tmp_path, scored, cut):
    whole, _ = run(patient, noise_pool, tmp_path / "whole", scored)
    with pytest.raises(Stop):
        run(patient, noise_pool, tmp_path / "cut", scored, stop_after=cut)
    resumed, later = run(patient, noise_pool, tmp_path / "cut", scored)
    assert steps(later)[-1] == 6
    assert weights(whole) == weights(resumed)
    again, last = run(patient, noise_pool, tmp_path / "cut", scored)
    assert steps(last) == []
    assert again == resumed


def judged(scores, gain_db):
    progress = Progress()
    return progress, [judge(progress, score, gain_db) for score in scores]


def test_small_gains_are_kept_but_do_not_renew_the_patience():
    progress, best = judged([1.0, 1.05, 1.08], 0.1)
    assert best == [True, True, True]
    assert progress.stale == 2
    assert progress.best_db == 1.08
    judge(progress, 1.1, 0.1)
    assert progress.stale == 0  # 0.1 over the last that counted


def test_without_a_least_gain_equal_is_none():
    progress, best = judged([1.0, 1.0, 1.0], 0.0)
    assert best == [True, False, False]
    assert is_exhausted(progress, 2)
    assert not is_exhausted(progress, 3)
    assert not is_exhausted(progress, None)


def test_a_score_that_is_no_number_is_no_gain():
    progress, best = judged([float("nan"), 1.0, float("nan")], 0.0)
    assert best == [True, True, False]
    assert progress.best_db == 1.0
    progress, _ = judged([float("nan")] * 3, 0.1)
    assert is_exhausted(progress, 2)
