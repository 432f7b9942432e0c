import random

import pytest
from scipy.stats import binomtest

from stemdesk.app.training.blind import BASE, TUNED, BlindTest, Question
from stemdesk.app.training.desk import keep_outcome, kept_outcomes


def answered(question, picks, draw=None):
    test = BlindTest(question, len(picks), draw or random.Random(3))
    for pick in picks:
        trial = test.current
        wanted = pick if question is Question.BETTER else trial.x if pick else other(trial.x)
        test.answer("A" if trial.a == wanted else "B")
    return test


def other(name):
    return TUNED if name == BASE else BASE


@pytest.mark.parametrize(("tuned", "count"), [(8, 8), (7, 8), (4, 8), (0, 8), (1, 1), (12, 20)])
def test_a_preference_is_two_sided_as_scipy_has_it(tuned, count):
    outcome = answered(Question.BETTER, [TUNED] * tuned + [BASE] * (count - tuned)).outcome
    assert (outcome.trials, outcome.tuned) == (count, tuned)
    assert outcome.p_value == pytest.approx(binomtest(tuned, count).pvalue)


@pytest.mark.parametrize(("right", "count"), [(8, 8), (6, 8), (0, 8), (10, 16)])
def test_an_abx_is_one_sided(right, count):
    outcome = answered(Question.SAME, [True] * right + [False] * (count - right)).outcome
    assert outcome.tuned == right
    wanted = binomtest(right, count, alternative="greater").pvalue
    assert outcome.p_value == pytest.approx(wanted)


def test_nobody_can_know_what_is_behind_a_button():
    firsts = [
        trial.a
        for seed in range(200)
        for trial in BlindTest(Question.SAME, 1, random.Random(seed)).trials
    ]
    seconds = [
        trial.x
        for seed in range(200)
        for trial in BlindTest(Question.SAME, 1, random.Random(seed)).trials
    ]
    assert 60 < firsts.count(BASE) < 140
    assert 60 < seconds.count(BASE) < 140
    for seed in range(20):
        trials = BlindTest(Question.BETTER, 8, random.Random(seed)).trials
        assert [trial.a for trial in trials].count(BASE) == 4


def test_an_answer_is_taken_back_until_all_is_revealed():
    test = BlindTest(Question.BETTER, 2)
    test.undo()
    test.answer("A")
    test.undo()
    assert test.answers == []
    test.answer("A")
    test.answer("B")
    test.undo()
    assert test.is_over
    with pytest.raises(ValueError, match="answered"):
        test.answer("A")


def test_every_choice_is_kept(tmp_path):
    test = answered(Question.BETTER, [TUNED, TUNED, BASE])
    keep_outcome(tmp_path, test, {"step": 3, "stem": "vocals", "song": "/Über.wav"})
    keep_outcome(tmp_path, answered(Question.SAME, [True]), {"step": 6, "stem": "bass"})
    with (tmp_path / "listening.jsonl").open("a") as record:
        record.write("torn\n")
    first, second = kept_outcomes(tmp_path)
    assert (first["step"], first["song"], first["tuned_or_right"]) == (3, "/Über.wav", 2)
    assert [trial["said"] for trial in first["trials"]] == [TUNED, TUNED, BASE]
    assert second["trials"][0]["x"] in (BASE, TUNED)
    assert kept_outcomes(tmp_path / "nowhere") == []
