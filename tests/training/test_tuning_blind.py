import json

import numpy as np
import pytest
import soundfile
from scipy.stats import binomtest

from stemdesk.errors import UserError
from stemdesk_training.tuning.__main__ import main
from stemdesk_training.tuning.blind import Excerpt, binomial_p, evaluate, make_trials
from stemdesk_training.tuning.blind_files import open_trials, write_trials

EXCERPTS = [Excerpt(stem, 0, 100) for stem in ("vocals", "drums", "bass")]
RATE = 8000
LEVEL = {"base": 0.25, "tuned": 0.5}


@pytest.mark.parametrize(
    ("successes", "trials"), [(0, 0), (0, 1), (3, 3), (9, 12), (6, 12), (2, 9), (40, 100)]
)
def test_the_odds_are_those_of_the_binomial_test(successes, trials):
    wanted = binomtest(successes, trials).pvalue if trials else 1.0
    assert binomial_p(successes, trials) == pytest.approx(wanted)


def test_trials_are_drawn_evenly_and_repeatably():
    trials = make_trials(EXCERPTS, 12, "abx", seed=4)
    assert trials == make_trials(EXCERPTS, 12, "abx", seed=4)
    assert trials != make_trials(EXCERPTS, 12, "abx", seed=5)
    assert [trial.number for trial in trials] == list(range(1, 13))
    assert sum(trial.a == "tuned" for trial in trials) == 6
    assert {trial.x for trial in trials} == {"base", "tuned"}
    for first in range(0, 12, 3):
        assert len({trial.excerpt.stem for trial in trials[first : first + 3]}) == 3
    with pytest.raises(UserError, match="nothing to compare"):
        make_trials([], 3, "abx", 0)


def test_answers_are_counted_by_what_they_name():
    trials = make_trials(EXCERPTS, 10, "preference", seed=1)
    for_tuned = ["A" if trial.a == "tuned" else "B" for trial in trials]
    result = evaluate(trials, [*for_tuned[:9], "="])
    assert (result.kind, result.trials, result.ties, result.successes) == ("preference", 10, 1, 9)
    assert result.p == pytest.approx(binomtest(9, 9).pvalue)
    assert "preferred 9 of 9 times" in result.sentence()
    assert "more than chance" in result.sentence()
    told = make_trials(EXCERPTS, 10, "abx", seed=1)
    right = ["A" if trial.a == trial.x else "B" for trial in told]
    assert evaluate(told, right).successes == 10
    wrong = ["B" if letter == "A" else "A" for letter in right]
    assert evaluate(told, wrong).successes == 0
    assert "may be chance" in evaluate(told, [*right[:5], *wrong[5:]]).sentence()


@pytest.fixture
def run(tmp_path):
    """A run with two renderings: in the newest, the tuned one is twice as loud."""
    rng = np.random.default_rng(0)
    for step, stems in (("step_9", ["vocals"]), ("step_10", ["vocals", "drums", "silence"])):
        folder = tmp_path / "run" / "listen" / step
        for stem in stems:
            noise = rng.normal(0, 0.1, (20 * RATE, 2)) * (stem != "silence")
            for side, level in LEVEL.items():
                (folder / side).mkdir(parents=True, exist_ok=True)
                path = folder / side / f"{stem}.flac"
                soundfile.write(path, noise * level, RATE, subtype="PCM_24")
        (folder / "levels.json").write_text("{}")
    return tmp_path / "run"


def loudness(path):
    return float(np.std(soundfile.read(path)[0]))


def test_files_have_neutral_names_and_the_answers_open_the_seal(run, capsys):
    assert main([str(run), "--blind", "--abx", "--trials", "4"]) == 0
    folder = run / "blind" / "step_10"
    assert str(folder) in capsys.readouterr().out
    names = sorted(path.name for path in folder.glob("*.flac"))
    assert names == [f"trial_0{n}_{letter}.flac" for n in range(1, 5) for letter in "ABX"]
    key = (folder / "key.sealed").read_text()
    assert not any(word in key for word in ("tuned", "base", "vocals"))
    letters = ""
    for number in range(1, 5):
        heard = {letter: loudness(folder / f"trial_0{number}_{letter}.flac") for letter in "ABX"}
        louder, softer = max(heard["A"], heard["B"]), min(heard["A"], heard["B"])
        assert louder / softer == pytest.approx(2, rel=0.01), "the same moment from both"
        letters += min("AB", key=lambda letter: abs(heard[letter] - heard["X"]))
    assert main([str(run), "--answers", " ".join(letters), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["successes"], told["trials"], told["kind"]) == (4, 4, "abx")
    kept = json.loads((folder / "result.json").read_text())
    assert [trial["named"] for trial in kept["trials"]] == [trial["x"] for trial in kept["trials"]]
    assert main([str(run), "--answers", letters]) == 1, "once opened, it is no test any more"
    assert "No trials wait" in capsys.readouterr().err


def test_the_key_tells_which_file_is_which(run):
    folder = write_trials(run, 6, "preference", seed=3)
    for trial in open_trials(run)[1]:
        sound = [loudness(folder / f"trial_0{trial.number}_{letter}.flac") for letter in "AB"]
        assert (sound[0] > sound[1]) == (trial.a == "tuned")


def test_what_cannot_be_heard_or_answered_is_refused(run, tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UserError, match="nothing to hear"):
        write_trials(empty)
    folder = write_trials(run, 3)
    with pytest.raises(UserError, match="wait for answers"):
        write_trials(run, 3)
    assert main([str(run), "--answers", "AB"]) == 1
    assert "3 trials and 2 answers" in capsys.readouterr().err
    assert main([str(run), "--answers", "ABC"]) == 1
    assert "'C'" in capsys.readouterr().err
    sealed = (folder / "key.sealed").read_text()
    (folder / "key.sealed").write_text(sealed.replace(sealed[3], "0" if sealed[3] != "0" else "1"))
    assert main([str(run), "--answers", "ABA"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
