"""Scores against the tools that others use, oracles against what they must be, the command."""

import json
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
import soundfile

from stemdesk.separation.mask_settings import IDEALS, ORACLES
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.datasets.multitrack import STEMS
from stemdesk_training.evaluation.__main__ import main as evaluation
from stemdesk_training.evaluation.bss_eval import bss_eval
from stemdesk_training.evaluation.grouping import groupings
from stemdesk_training.evaluation.museval_files import as_museval
from stemdesk_training.evaluation.oracles import ideal
from stemdesk_training.evaluation.scoring import SongScore, StemScore, score_song
from stemdesk_training.evaluation.statistics import bootstrap, compare
from stemdesk_training.evaluation.systems import Folder
from stemdesk_training.evaluation.table import as_table
from stemdesk_training.evaluation.truth import read_truth
from stemdesk_training.metrics import frame_sdr, usdr
from tests.training import studio

RATE = 4000


@pytest.fixture(scope="module")
def signals():
    rng = np.random.default_rng(0)
    references = rng.normal(0, 0.1, (2, 2, 3 * RATE))
    references[1, :, 2 * RATE :] = 0  # the second is silent in the last second
    estimates = references + 0.3 * references[::-1] + rng.normal(0, 0.02, references.shape)
    estimates[0] = np.roll(estimates[0], 3, axis=1)
    return references, estimates


def test_all_four_ratios_are_musevals(signals):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metrics = pytest.importorskip("museval.metrics", reason="museval is not installed")
    references, estimates = signals
    found = bss_eval(references, estimates, RATE, RATE)
    expected = metrics.bss_eval(
        references.transpose(0, 2, 1),
        estimates.transpose(0, 2, 1),
        window=RATE,
        hop=RATE,
        compute_permutation=False,
        filters_len=512,
        framewise_filters=False,
    )
    for ours, theirs in zip(found, expected[:4], strict=True):
        assert ours == pytest.approx(theirs, abs=1e-6, nan_ok=True)
    assert np.isnan(found.sdr[:, 2]).all()
    assert frame_sdr(references, estimates, RATE) == pytest.approx(found.sdr, abs=1e-9, nan_ok=True)


def test_over_the_whole_song_they_are_mir_evals(signals):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        separation = pytest.importorskip("mir_eval.separation", reason="mir_eval is not installed")
        references, estimates = signals
        expected = separation.bss_eval_images(
            references.transpose(0, 2, 1), estimates.transpose(0, 2, 1), compute_permutation=False
        )
    frames = references.shape[-1]
    found = bss_eval(references, estimates, frames, frames)
    for ours, theirs in zip(found, expected[:4], strict=True):
        assert ours[:, 0] == pytest.approx(theirs, abs=1e-3)


def test_each_ratio_hears_its_own_kind_of_error():
    rng = np.random.default_rng(1)
    frames = 10 * RATE  # the fewer there are, the more a filter of 512 taps takes for its own
    references = rng.normal(0, 0.1, (2, 1, frames))
    filtered = references.copy()
    filtered[0, 0] = np.convolve(references[0, 0], [1, 0.3])[:frames]
    mixed = references + 0.3 * references[::-1]
    noisy = references + rng.normal(0, 0.03, references.shape)
    ratios = {
        name: [float(np.median(each[0])) for each in bss_eval(references, given, RATE, RATE)]
        for name, given in (("isr", filtered), ("sir", mixed), ("sar", noisy))
    }
    for place, name in enumerate(("isr", "sir", "sar"), 1):
        assert ratios[name][place] == pytest.approx(10.5, abs=0.6)
        others = [ratios[name][other] for other in (1, 2, 3) if other != place]
        assert min(others) > 14


def test_a_perfect_estimate_and_a_stem_twice_in_the_truth(signals):
    references, _ = signals
    assert bss_eval(references, references, RATE, RATE).sdr[:, 0].min() > 200
    twice = np.stack([references[0], references[0]])
    found = bss_eval(twice, 1.1 * twice, RATE, RATE)
    assert found.sdr == pytest.approx(20.0, abs=0.01)


@pytest.fixture(scope="module")
def song():
    stems = studio.make_song(2, 3)
    references = np.stack([stems[name] for name in studio.STEMS])
    return references, references.sum(axis=0)


def test_oracles_come_in_their_known_order(song):
    references, mixture = song
    scores = {
        name: float(np.mean(usdr(references, ideal(name, references, mixture)))) for name in ORACLES
    }
    assert scores["MIX"] < 0 < scores["IBM1"] < scores["MWF"]
    assert scores["IRM1"] < scores["MWF"]
    assert scores["IRM2"] > scores["IRM1"]


@pytest.mark.parametrize("name", IDEALS)
def test_what_masks_give_sums_to_the_mixture(song, name):
    references, mixture = song
    total = ideal(name, references, mixture).sum(axis=0)
    assert np.abs(total - mixture).max() < 1e-4


def test_doing_nothing_has_an_nsdr_of_zero_and_silent_stems_have_no_score(song):
    references, _ = song
    references = np.concatenate([references, np.zeros_like(references[:1])])
    mixture = references.sum(axis=0)
    estimates = np.broadcast_to(mixture, references.shape)
    score = score_song(
        ("song", "MIX"), ("a", "b", "c", "d", "e"), (references, estimates, mixture), studio.RATE,
        full=False,
    )  # fmt: skip
    assert list(score.stems) == ["a", "b", "c", "d"]
    assert all(stem.nsdr == 0.0 for stem in score.stems.values())
    better = 0.5 * mixture + 0.5 * references
    score = score_song(
        ("song", "x"), ("a", "b", "c", "d", "e"), (references, better, mixture), studio.RATE,
        full=False,
    )  # fmt: skip
    assert all(stem.nsdr == pytest.approx(6.02, abs=0.05) for stem in score.stems.values())


def test_museval_can_read_what_is_written(song):
    references, mixture = song
    signals = (references, 0.9 * references + 0.02 * mixture, mixture)
    score = score_song(("song", "x"), studio.STEMS, signals, studio.RATE, full=False)
    written = json.loads(json.dumps(as_museval(score)))
    assert [target["name"] for target in written["targets"]] == list(studio.STEMS)
    frame = written["targets"][0]["frames"][1]
    assert (frame["time"], frame["duration"]) == (1.0, 1.0)
    assert set(frame["metrics"]) == {"SDR", "ISR", "SIR", "SAR"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        museval = pytest.importorskip("museval", reason="museval is not installed")
        frames = museval.aggregate.json2df(written, "song")
    assert len(frames.dropna()) == 4 * 3


def test_the_interval_covers_the_median_of_many_draws():
    rng = np.random.default_rng(3)
    hits = 0
    for seed in range(60):
        interval = bootstrap(list(rng.normal(5, 2, 40)), seed)
        hits += interval.low <= 5 <= interval.high
    assert 50 <= hits <= 60
    assert np.isnan(bootstrap([float("nan")]).median)


def test_systems_that_differ_are_told_apart_and_others_are_not():
    rng = np.random.default_rng(4)
    base = rng.normal(5, 3, 20)
    scores = {"a": base, "b": base + 1 + rng.normal(0, 0.2, 20), "c": base + rng.normal(0, 1, 20)}
    by_pair = {(pair.first, pair.second): pair for pair in compare(scores)}
    assert by_pair["a", "b"].p < 0.001
    assert by_pair["a", "b"].difference == pytest.approx(-1, abs=0.1)
    assert by_pair["a", "c"].p > 0.2
    (alone,) = compare({"a": base, "b": scores["b"]})
    assert by_pair["a", "b"].p == pytest.approx(3 * alone.p), "three pairs ask for more"
    (few,) = compare({"a": base[:5], "b": base[:5] + 1})
    assert np.isnan(few.p)


def test_the_table_names_who_was_scored_on_how_many_songs():
    def score(song, system, sdr):
        stem = StemScore({"SDR": [sdr, None, sdr + 1]}, sdr + 0.5, sdr - 1)
        return SongScore(song, system, {"vocals": stem})

    scores = [score(f"s{n}", name, n + add) for n in range(8) for name, add in (("x", 0), ("y", 2))]
    text = as_table(scores, ["vocals", "drums"])
    row = next(line for line in text.splitlines() if line.startswith("  y"))
    assert [float(cell) for cell in row.split()[1:4]] == [6.0, 6.0, 4.5]
    assert row.endswith(", 8")
    assert "vocals x - y -2.00 dB, p = 0.00781" in " ".join(text.split())
    assert "no system has it" in text.split("drums (dB)")[1]


def made(folder, stems):
    """Stems of a song as somebody else made them."""
    folder.mkdir(parents=True)
    for name, samples in stems.items():
        soundfile.write(folder / f"{name}.wav", samples.T, studio.RATE, subtype="FLOAT")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A song in four stems, and what systems of four, three, two and one stems give for it."""
    folder = tmp_path_factory.mktemp("shelf")
    stems = studio.make_song(2, 5)
    studio.write_song(folder / "songs" / "One", stems)
    voice = {"vocals": 0.9 * stems["vocals"]}
    beside = stems["drums"] + stems["bass"] + stems["other"]
    made(folder / "four" / "One", {name: 0.9 * each for name, each in stems.items()})
    made(folder / "two" / "One", voice | {"accompaniment": 0.8 * beside})
    made(folder / "karaoke" / "One", voice | {"instrumental": 0.8 * beside})
    tonal = 0.5 * (stems["bass"] + stems["other"])
    made(folder / "three" / "One", voice | {"drums": stems["drums"] * 0.5, "rest": tonal})
    made(folder / "one" / "One", voice)
    return folder


def evaluated(shelf, capsys, *words, systems=("two",)):
    """``stem -> system -> SDR, uSDR, GNSDR``, and what was written."""
    out = shelf / "-".join(("out", *systems, *words))
    named = [f"--estimates={name}={shelf / name}" for name in systems]
    assert evaluation([str(shelf / "songs"), *named, *words, "-o", str(out)]) == 0
    tables, stem = {}, None
    for line in capsys.readouterr().out.split("differences")[0].splitlines():
        if line.endswith(" (dB)"):
            stem = line.removesuffix(" (dB)")
            tables[stem] = {}
        elif line.strip() and not line.startswith("   "):
            name, *cells = line.split()
            tables[stem][name] = [float(cell) for cell in cells[: cells.index("to") - 1]]
    return tables, {
        name: json.loads((out / name / "One.json").read_text())["targets"] for name in systems
    }


def test_two_stems_are_held_against_two(shelf, capsys):
    tables, written = evaluated(shelf, capsys, "--oracle=IRM1", systems=("two", "karaoke"))
    assert list(tables) == ["vocals", "accompaniment"]
    assert tables["vocals"]["two"][:2] == pytest.approx([20, 20], abs=0.1)
    for system in ("two", "karaoke"):
        assert tables["accompaniment"][system][:2] == pytest.approx([13.98, 13.98], abs=0.02)
    assert tables["accompaniment"]["MIX"][2] == tables["vocals"]["MIX"][2] == 0
    assert tables["accompaniment"]["IRM1"][2] > 3
    assert [target["name"] for target in written["karaoke"]] == ["vocals", "accompaniment"]


def test_systems_of_both_kinds_meet_on_the_accompaniment(shelf, capsys):
    tables, written = evaluated(shelf, capsys, "--oracle=IRM1", systems=("two", "four", "three"))
    four = {"MIX", "four", "IRM1"}
    assert {stem: set(rows) for stem, rows in tables.items()} == {
        "vocals": four | {"two", "three"},
        "drums": four | {"three"},
        "bass": four,
        "other": four,
        "accompaniment": four | {"two", "three"},
        "bass+other": {"MIX", "three", "IRM1"},
    }
    assert tables["accompaniment"]["four"][0] == pytest.approx(20, abs=0.1)
    assert tables["accompaniment"]["two"][0] == pytest.approx(13.98, abs=0.02)
    assert tables["bass+other"]["three"][0] == pytest.approx(6.02, abs=0.02)
    assert tables["accompaniment"]["MIX"][2] == 0, "the mixture once, not three times"
    assert [target["name"] for target in written["two"]] == ["vocals", "accompaniment"]


def test_systems_of_four_stems_alone_show_four(shelf, capsys):
    tables, _ = evaluated(shelf, capsys, systems=("four",))
    assert list(tables) == list(studio.STEMS)
    tables, _ = evaluated(shelf, capsys, "--stems=accompaniment,bass", systems=("four",))
    assert list(tables) == ["accompaniment", "bass"]


def test_all_ratios_of_two_stems_are_known(shelf, capsys):
    _, written = evaluated(shelf, capsys, "--full", systems=("two",))
    for target in written["two"]:
        metrics = [frame["metrics"] for frame in target["frames"]]
        sung = [each for each in metrics if each["SDR"] is not None]
        assert len(sung) >= 3
        assert all(each[name] is not None for each in sung for name in ("ISR", "SIR", "SAR"))


def test_vocals_alone_are_held_against_the_vocals_alone(shelf, capsys):
    tables, _ = evaluated(shelf, capsys, "--oracle=IRM1", systems=("one",))
    assert list(tables) == ["vocals"]
    assert tables["vocals"]["one"][1] == pytest.approx(20, abs=0.1)
    assert 3 < tables["vocals"]["IRM1"][1] < 30, "a mask is a share of the whole song"
    (song,) = find_songs(shelf / "songs")
    truth = read_truth(song, ("vocals",))
    stems = studio.make_song(2, 5)
    pair = read_truth(song, ("vocals", "accompaniment"))
    for found, expected in (
        (truth.references[0], stems["vocals"]),
        (truth.mixture, sum(stems.values())),
        (Folder("two", shelf / "two").estimate(truth)[0], 0.9 * stems["vocals"]),
        (Folder("four", shelf / "four").estimate(pair), 0.9 * pair.references),
    ):
        assert np.abs(found - expected).max() < 1e-6


def test_without_a_mixture_the_whole_song_is_one(tmp_path):
    stems = {name: samples[:, :4000] for name, samples in studio.make_song(2, 1).items()}
    made(tmp_path / "songs" / "One", stems)
    (song,) = find_songs(tmp_path / "songs")
    truth = read_truth(song, ("drums", "bass"))
    assert np.abs(truth.references[1] - stems["bass"]).max() < 1e-6
    assert np.abs(truth.mixture - sum(stems.values())).max() < 1e-6


@pytest.mark.parametrize(
    ("true", "given", "first"),
    [
        (STEMS, ("vocals", "rest"), {"vocals": "v/v", "accompaniment": "dbo/r"}),
        (STEMS, ("vocals", "other"), {"vocals": "v/v", "accompaniment": "dbo/o"}),
        (STEMS, (*STEMS, "piano"), {**{s: f"{s[0]}/{s[0]}" for s in STEMS}, "other": "o/op"}),
        ((*STEMS, "piano"), STEMS, {**{s: f"{s[0]}/{s[0]}" for s in STEMS}, "other": "op/o"}),
        (("vocals", "other"), STEMS, {"vocals": "v/v", "accompaniment": "o/dbo"}),
        (("vocals", "drums", "other"), STEMS,
            {"vocals": "v/v", "drums": "d/d", "bass": "/b", "other": "o/o"}),
    ],
)  # fmt: skip
def test_the_rest_is_what_is_not_named(true, given, first):
    found = groupings(true, given)[0]
    letters = {
        stem: "/".join("".join(name[0] for name in names) for names in group)
        for stem, group in found.items()
    }
    assert letters == first


def test_a_second_counts_for_all_stems_or_for_none():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metrics = pytest.importorskip("museval.metrics", reason="museval is not installed")
    rng = np.random.default_rng(7)
    references = rng.normal(0, 0.1, (3, 2, 4 * RATE))
    references[1, :, 2 * RATE : 3 * RATE] = 0
    references[2] = 0  # not in the song at all: takes no seconds from the others
    estimates = references + rng.normal(0, 0.02, references.shape)
    score = score_song(
        ("song", "x"), ("a", "b", "c"), (references, estimates, references.sum(axis=0)), RATE,
        full=True,
    )  # fmt: skip
    expected = metrics.bss_eval(
        references[:2].transpose(0, 2, 1), estimates[:2].transpose(0, 2, 1),
        window=RATE, hop=RATE, compute_permutation=False, filters_len=512,
        framewise_filters=False,
    )  # fmt: skip
    assert list(score.stems) == ["a", "b"]
    for row, stem in enumerate(score.stems.values()):
        for name, theirs in zip(("SDR", "ISR", "SIR", "SAR"), expected[:4], strict=True):
            ours = np.array(stem.frames[name], float)
            assert ours == pytest.approx(theirs[row], abs=1e-3, nan_ok=True)
            assert np.isnan(ours).tolist() == [False, False, True, False]


def test_the_command_scores_models_folders_and_oracles(tmp_path):
    stems = studio.make_song(2, 4)
    studio.write_song(tmp_path / "songs" / "One", stems)
    for name, samples in stems.items():
        path = tmp_path / "mine" / "One" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.9 * samples.T, studio.RATE, subtype="FLOAT")
    command = [sys.executable, "-m", "stemdesk", "evaluate", str(tmp_path / "songs")]
    command += ["--model", "bandmask_small", "--estimates", f"mine={tmp_path / 'mine'}"]
    command += ["--oracle", "IRM1", "-o", str(tmp_path / "out"), "--stems", "vocals, drums"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"(\w+) \(dB\)", done.stdout) == ["vocals", "drums"]
    rows = {
        line.split()[0]: float(line.split()[1])
        for line in done.stdout.split("drums (dB)")[0].splitlines()
        if line.startswith("  ") and line.split()[0] in ("MIX", "bandmask_small", "mine", "IRM1")
    }
    assert rows["mine"] == pytest.approx(20, abs=0.1)
    assert rows["IRM1"] > rows["MIX"]
    written = json.loads((tmp_path / "out" / "mine" / "One.json").read_text())
    assert written["targets"][0]["frames"][0]["metrics"]["SDR"] == pytest.approx(20, abs=0.01)
    assert (tmp_path / "out" / "bandmask_small" / "One.json").exists()
    gone = subprocess.run(
        [*command[:5], "--estimates", f"x={tmp_path / 'gone'}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert gone.returncode == 1
    assert "holds no stems" in gone.stderr
