"""The comparison of the papers' systems: its rows, its claims and the page it writes."""

import json
import re

import numpy as np
import pytest
import soundfile

from stemdesk.separation.catalogue import model_folders
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.evaluation.scoring import SongScore, StemScore
from stemdesk_training.papers.__main__ import main
from stemdesk_training.papers.findings import Board, alpha_row, findings, sar_at_equal_sir
from stemdesk_training.papers.listening import held_out_songs
from stemdesk_training.papers.rows import ALPHAS, LEARNERS, NMF, ROWS, recipe_of
from tests.training.studio import make_song

RECIPES = "training/recipes/papers"
HEARD = [alpha_row("p1_dnn", alpha) for alpha in (0.3, 0.7)]


@pytest.fixture
def recipes(request):
    return request.config.rootpath / RECIPES


def test_every_row_has_its_learner_and_every_learner_its_recipe(recipes):
    names = {learner.name for learner in LEARNERS}
    assert len(names) == len(LEARNERS)
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert {row.model for row in ROWS} - names <= set(model_folders())
    heard = {row.model for row in ROWS} | {each.after for each in LEARNERS}
    assert names <= heard, "a system that nobody hears"
    for learner in LEARNERS:
        recipe = recipe_of(learner, recipes, 6.0, None)
        assert recipe.model.id == learner.name
        assert recipe.optimiser.minutes == 6.0 * learner.share
    by_name = {learner.name: recipe_of(learner, recipes, 6.0, None) for learner in LEARNERS}
    assert by_name["p5_unet_kl"].losses == {"magnitude_kl": 1.0}
    assert by_name["p5_unet_pitch"].data.augmentation == "p5_pitch_15"
    assert by_name["p5_unet_pitch"].losses == by_name["p5_unet"].losses
    both = by_name["p3_pretraining"].optimiser.minutes, by_name["p3_pretrained"].optimiser.minutes
    assert sum(both) == by_name["p3_plain"].optimiser.minutes


def score(system, song=0, **metrics):
    frames = {"SDR": [1.0], "SIR": [1.0], "SAR": [1.0]}
    frames |= {name.upper(): [value] for name, value in metrics.items()}
    stem = StemScore(frames, frames["SDR"][0], metrics.get("sdr", 1.0) + 5)
    return SongScore(f"song {song}", system, {"vocals": stem, "accompaniment": stem})


def curve(system, offset=0.0):
    return [
        score(alpha_row(system, alpha), sir=20 * alpha, sar=10 - 8 * alpha + offset, sdr=alpha)
        for alpha in ALPHAS
    ]


def seen(scores):
    return {finding.claim: finding.seen for finding in findings(Board(scores))}


def test_claims_follow_the_scores():
    trade, ahead = "alpha trades", "ahead of NMF"
    board = [*curve("p1_dnn", 3.0), *curve(NMF), score("IBM1", sdr=9.0)]
    found = seen(board)
    assert [v for k, v in found.items() if trade in k or ahead in k] == [True, True]
    assert next(v for k, v in found.items() if "ideal" in k)
    assert sar_at_equal_sir(Board(board), "p1_dnn", NMF) == pytest.approx(3.0)
    patterns = [score(alpha_row(NMF, alpha), sdr=12.0) for alpha in ALPHAS]
    above = seen([*curve("p1_dnn", 3.0), *patterns, score("IBM1", sdr=9.0)])
    assert not next(v for k, v in above.items() if "ideal" in k)
    lost = [*curve("p1_dnn", 3.0), *curve(NMF), score("IBM1", sdr=9.0)]
    lost[len(ALPHAS) - 1] = score(
        alpha_row("p1_dnn", 0.9), sir=float("nan"), sar=float("nan"), sdr=0.9
    )
    assert [v for k, v in seen(lost).items() if trade in k or ahead in k] == [True, True]
    vanished = [*curve("p1_dnn", 3.0), *curve(NMF), score("IBM1", sdr=9.0)]
    vanished[len(ALPHAS) - 1] = score(alpha_row("p1_dnn", 0.9), sir=-9.0, sar=-9.0, sdr=0.0)
    assert sar_at_equal_sir(Board(vanished), "p1_dnn", NMF) == pytest.approx(3.0)
    flat = [score(alpha_row("p1_dnn", alpha), sir=5.0, sar=5.0) for alpha in ALPHAS]
    assert not next(v for k, v in seen(flat).items() if trade in k)
    assert not any("NMF" in claim for claim in seen(curve("p1_dnn"))), "a claim without scores"


def test_better_and_worse_systems_turn_a_claim():
    names = ("p5_unet", "p5_unet_kl", "p5_unet_is", "MIX")
    fails = [score(n, sdr=s) for n, s in zip(names, (4.0, 0.1, 0.0, 0.0), strict=True)]
    works = [score(n, sdr=s) for n, s in zip(names, (4.0, 4.1, 0.0, 0.0), strict=True)]
    worse = [score(n, sdr=s) for n, s in zip(names, (4.0, 0.1, 0.0, -9.0), strict=True)]
    verdicts = [
        next(v for k, v in seen(each).items() if k.startswith("KL and IS fail"))
        for each in (fails, works, worse)
    ]
    assert verdicts == [True, False, False]


def pool_of_one(folder, seconds):
    rng = np.random.default_rng(0)
    for split in ("train", "valid"):
        (folder / split).mkdir(parents=True)
        for stem, sound in make_song(3, seconds).items():
            if stem == "vocals" and split == "valid":
                sound[:, : 5 * RATE_HZ] *= 0.01
            kept = np.rint(sound.T * 32_000 + rng.normal(0, 0.1, sound.T.shape))
            np.save(folder / split / f"song_000_{stem}.npy", kept.astype(np.int16))
    (folder / "pool.json").write_text(json.dumps({"credits": {}}))
    return folder


def test_the_stretch_with_most_voice_is_taken(tmp_path):
    (song,) = held_out_songs(pool_of_one(tmp_path / "pool", 25), 2)
    assert song.references.shape == (2, 2, 20 * RATE_HZ)
    assert np.allclose(song.references.sum(axis=0), song.mixture)
    whole = np.load(tmp_path / "pool" / "valid" / "song_000_vocals.npy").T / 32768
    energy = [np.abs(whole[:, b : b + 20 * RATE_HZ]).sum() for b in range(0, 5 * RATE_HZ, 2205)]
    assert np.abs(song.references[0]).sum() >= max(energy) * 0.999


def test_one_command_trains_scores_and_writes_the_page(tmp_path, recipes, monkeypatch):
    few = [row for row in ROWS if row.name in HEARD]  # a process for each, and each song
    monkeypatch.setattr("stemdesk_training.papers.__main__.ROWS", few)
    own = tmp_path / "recipes"
    own.mkdir()
    small = (recipes / "p1_dnn.toml").read_text().replace("hidden = 2048", "hidden = 8")
    (own / "p1_dnn.toml").write_text(
        re.sub(r"(?m)^validation_items = \d+", "validation_items = 1", small)
    )
    song = tmp_path / "songs" / "One"
    song.mkdir(parents=True)
    for stem, sound in make_song(3, 4).items():
        soundfile.write(song / f"{stem}.wav", sound.T, RATE_HZ, subtype="FLOAT")
    pool = pool_of_one(tmp_path / "pool", 4)
    for path in (pool / "valid").iterdir():
        path.rename(path.with_name(path.name.replace("song_000_", "").replace(".", "_00.")))
    words = [str(pool), str(tmp_path / "out"), "--minutes", "0.02"]
    words += ["--only", "p1_dnn", "--recipes", str(own), "--songs", str(tmp_path / "songs")]
    assert main(words) == 0
    page = (tmp_path / "out" / "RESULTS.md").read_text()
    assert "1 real songs and 0 held-out synthetic ones" in page
    for system in ("MIX", "IBM1", "MWF", *HEARD):
        assert f"| {system} |" in page
    assert len(STEMS) == 4
    for picture in re.findall(r"\]\((results/\w+\.png)\)", page):
        assert (tmp_path / "out" / picture).stat().st_size > 5000
    museval = json.loads((tmp_path / "out" / "scores" / "MIX" / "One.json").read_text())
    assert {target["name"] for target in museval["targets"]} == {"vocals", "accompaniment"}
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.json")}
    assert main(words) == 0
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.json")}
    assert before == after
    (own / "p1_dnn.toml").write_text(small.replace("seed = 1", "seed = 2"))
    assert main(words) == 1, "another recipe's figures pass for these"
