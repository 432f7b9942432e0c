"""REPET, robust PCA and NMF: against plain computations, and on signals whose parts are known."""

from __future__ import annotations

import json
from itertools import pairwise

import msgspec
import numpy as np
import pytest
import torch

import stemdesk
from stemdesk.app.model import load_model
from stemdesk.errors import UserError
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.mask_settings import MaskSettings
from stemdesk.separation.masks import masks_for
from stemdesk_models.repet import Repet, beat_spectrum, periodic_model, similar_model, similar_steps
from stemdesk_models.rpca import Rpca, low_rank_and_sparse
from stemdesk_models.simpson2015_nmf import KaraokeNmf
from stemdesk_training import nmf_dictionaries
from stemdesk_training.nmf_learning import Dictionary, Pass, learn_dictionaries

RATE = 44_100
PERIOD_SECONDS = 1.5
UNTRAINED = ("repet", "repet_periodic", "rpca")


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(0)


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def positive(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def spectrum(bins, steps, batch=1, channels=2, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, channels, bins, steps, generator=generator, dtype=torch.complex64)


def song(seconds, channels=2):
    """A bar of noise bursts and chords over and over, and a sung line that never repeats."""
    rng = np.random.default_rng(1)
    time = np.arange(round(PERIOD_SECONDS * RATE)) / RATE
    bar = sum(np.sin(2 * np.pi * hz * time) for hz in (110, 165, 220, 330)) * 0.05
    for beat in range(6):
        burst = rng.normal(0, 0.15, 4000) * np.exp(-np.arange(4000) / 700)
        bar[beat * 11_025 : beat * 11_025 + 4000] += burst
    frames = round(seconds * RATE)
    music = np.resize(bar, frames)
    pitch = np.interp(np.arange(frames), np.arange(0, frames, RATE // 3),
        rng.uniform(300, 900, len(range(0, frames, RATE // 3))))  # fmt: skip
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = 0.06 * sum(np.sin(part * phase) / part for part in range(1, 6))
    parts = [np.stack([part] * channels).astype(np.float32) for part in (voice, music)]
    return parts[0], parts[1]


def gain_in_sdr_db(estimate, target, mixture):
    """By how much an estimate is nearer to its target than the mixture is."""
    return 20 * np.log10(np.linalg.norm(mixture - target) / np.linalg.norm(estimate - target))


@pytest.mark.parametrize(
    ("name", "seconds", "least_db"), [("repet", 12, 3), ("repet_periodic", 12, 8), ("rpca", 5, 3)]
)
def test_a_voice_over_a_repeating_bar_comes_apart(name, seconds, least_db):
    voice, music = song(seconds)
    loaded = load_model(name, device="cpu", threads=1)
    assert loaded.card.stems == ["vocals", "accompaniment"]
    stems = stemdesk.separate_clip(stemdesk.AudioClip(voice + music, RATE), loaded)
    assert gain_in_sdr_db(stems["vocals"].samples, voice, voice + music) > least_db
    assert gain_in_sdr_db(stems["accompaniment"].samples, music, voice + music) > 0.5
    total = sum(stem.samples.astype(np.float64) for stem in stems.values())
    assert np.abs(total - (voice + music)).max() < 1e-7


@pytest.mark.parametrize("name", UNTRAINED)
def test_nothing_learnt_is_shipped_as_empty_weights(name):
    card, network = load_network(find_model(name))
    assert card.id == name
    assert card.parameters == 0
    assert list(network.state_dict()) == []
    assert card.chunk.steps * card.hop / card.sample_rate > 25


@pytest.mark.parametrize("make", [Repet, lambda: Repet("periodic"), Rpca, lambda: Rpca("binary")])
@pytest.mark.parametrize("steps", [1, 7, 200])
def test_any_length_and_any_level_becomes_masks(make, steps):
    network = make().eval()
    mixture = spectrum(129, steps, batch=2)
    masks = masks_for(MaskSettings("ratio", 2), network, mixture)
    assert masks.shape == (2, 2, 2, 129, steps)
    assert masks.min() >= 0
    assert torch.allclose(masks.sum(dim=1), torch.ones(()))
    quiet = masks_for(MaskSettings("ratio", 2), network, 1e-3 * mixture)
    # A bin at the edge of a binary mask may fall either way.
    assert ((quiet - masks).abs() > 1e-2).float().mean() < 1e-3
    silence = network(torch.zeros_like(mixture))
    assert not silence.any()


def test_the_period_is_found_whatever_is_sung_over_it():
    network = Repet("periodic")
    for seconds in (1.2, 2.5, 4.1):
        period = round(seconds * network.steps_per_second)
        bar = positive(1, 300, period, seed=period)
        voice = 0.5 * positive(1, 300, 900, seed=1)
        mixture = bar.repeat(1, 1, 900 // period + 1)[..., :900] + voice
        # Twice the period repeats as well.
        assert network._period(mixture) % period == 0


def test_the_beat_spectrum_is_an_unbiased_autocorrelation():
    power = positive(6, 40)
    found = beat_spectrum(power)
    for lag in range(40):
        likeness = (power[:, : 40 - lag] * power[:, lag:]).mean()
        assert float(found[lag]) == pytest.approx(float(likeness), abs=1e-5)


def test_what_is_too_short_to_repeat_is_accompaniment():
    assert not Repet("periodic")(spectrum(513, 100)).any()


def test_below_100_hz_there_is_no_voice():
    for variant in ("periodic", "similar"):
        masks = Repet(variant)(spectrum(1025, 300))[0, 0]
        low = int(np.ceil(100 * 2048 / RATE))
        assert not masks[:, :low].any()
        assert masks[:, low:].any(dim=2).all()


def test_a_repeating_segment_is_the_median_of_its_repetitions():
    magnitudes = positive(2, 5, 47)
    found = periodic_model(magnitudes, 10).numpy()
    for step in range(47):
        repeats = magnitudes[..., step % 10 :: 10].numpy()
        np.testing.assert_allclose(found[..., step], np.median(repeats, axis=-1), atol=1e-6)


def test_similar_steps_are_the_peaks_of_likeness():
    """Against the plain way, step by step."""
    magnitudes, apart = positive(2, 6, 150), 4
    mean = magnitudes.mean(dim=0).numpy()
    unit = mean / np.linalg.norm(mean, axis=0)
    likeness = unit.T @ unit
    np.fill_diagonal(likeness, 2)
    places, counts = similar_steps(magnitudes.mean(dim=0), apart)
    model = similar_model(magnitudes, apart).numpy()
    for step in range(150):
        row = likeness[step]
        peaks = [
            other
            for other in range(150)
            if row[other] == row[max(0, other - apart) : other + apart + 1].max()
        ]
        found = places[step, : counts[step]].tolist()
        assert found[0] == step
        assert sorted(found) == peaks
        expected = np.median(magnitudes[..., peaks].numpy(), axis=-1)
        np.testing.assert_allclose(model[..., step], expected, atol=1e-6)


def test_a_bar_that_comes_back_at_any_time_is_known_again():
    """No period, but the same sounds: the original fails where its successor does not."""
    rng = np.random.default_rng(2)
    sounds = positive(400, 12, seed=3) ** 4
    order = np.repeat(rng.integers(0, 12, 120), rng.integers(5, 12, 120))[:700]
    music = sounds[:, order][None] * (0.9 + 0.2 * positive(1, 400, 700, seed=4))
    voice = (positive(1, 400, 700, seed=5) > 0.97) * 3.0
    mixture = (music + voice).to(torch.complex64)[None]
    errors = []
    for variant in ("similar", "periodic"):
        mask = Repet(variant, sample_rate=16_000, hop=640)(mixture)[0, 0]
        heard = mask * (music + voice)
        errors.append(float((heard - voice)[:, 10:].norm() / voice[:, 10:].norm()))
    assert errors[0] < 0.3
    assert errors[0] < 0.7 * errors[1]


@pytest.mark.parametrize("shape", [(60, 90), (90, 60)])
def test_a_matrix_of_rank_five_and_sparse_errors_come_apart(shape):
    """As Candes et al. have it: exactly."""
    low_rank = noise(shape[0], 5) @ noise(5, shape[1], seed=1)
    sparse = 30 * noise(*shape, seed=2) * (positive(*shape, seed=3) < 0.05)
    found, errors = low_rank_and_sparse(low_rank + sparse, tolerance=1e-6)
    assert (found - low_rank).norm() < 1e-3 * low_rank.norm()
    assert (errors - sparse).norm() < 1e-3 * sparse.norm()
    assert int(torch.linalg.matrix_rank(found, rtol=1e-4)) == 5


def test_the_passes_are_those_of_the_inexact_multiplier_method():
    """Against Lin, Chen and Ma's algorithm in float64, with a plain SVD."""
    matrix = np.abs(np.random.default_rng(5).normal(size=(40, 70))) ** 3
    weight = 70**-0.5
    spectral = np.linalg.norm(matrix, 2)
    multiplier = matrix / max(spectral, np.abs(matrix).max() / weight)
    penalty, low_rank = 1.25 / spectral, np.zeros_like(matrix)
    for _ in range(200):
        rest = matrix - low_rank + multiplier / penalty
        sparse = np.sign(rest) * np.maximum(np.abs(rest) - weight / penalty, 0)
        left, values, right = np.linalg.svd(
            matrix - sparse + multiplier / penalty, full_matrices=False
        )
        low_rank = (left * np.maximum(values - 1 / penalty, 0)) @ right
        missing = matrix - low_rank - sparse
        multiplier = multiplier + penalty * missing
        penalty *= 1.5
        if np.linalg.norm(missing) < 1e-5 * np.linalg.norm(matrix):
            break
    found, errors = low_rank_and_sparse(torch.from_numpy(matrix.astype(np.float32)))
    np.testing.assert_allclose(found, low_rank, atol=2e-3 * np.abs(matrix).max())
    np.testing.assert_allclose(errors, sparse, atol=2e-3 * np.abs(matrix).max())


def test_a_tall_matrix_is_a_wide_one_turned():
    matrix = positive(70, 40, seed=6) ** 3
    for tall, wide in zip(low_rank_and_sparse(matrix), low_rank_and_sparse(matrix.T), strict=True):
        torch.testing.assert_close(tall, wide.T, atol=1e-6, rtol=1e-4)


def test_masks_of_the_two_parts_with_a_gain():
    mixture = spectrum(40, 60, channels=1)
    low_rank, sparse = (part.abs() for part in low_rank_and_sparse(mixture.abs()[0, 0]))
    for gain in (1.0, 2.0):
        soft = Rpca("soft", gain)(mixture)[0, 0, 0]
        torch.testing.assert_close(soft, sparse / (sparse + gain * low_rank))
        binary = Rpca("binary", gain)(mixture)[0, 0, 0]
        assert torch.equal(binary, (sparse > gain * low_rank).float())
    for wrong in ({"mask": "hard"}, {"gain": 0.0}):
        with pytest.raises(ValueError, match="mask must be"):
            Rpca(**wrong)
    with pytest.raises(ValueError, match="variant"):
        Repet("adaptive")


def updated(rows, amounts, patterns):
    """Lee and Seung's update of the amounts, in float64."""
    ratio = rows / (amounts @ patterns)
    return amounts * (ratio @ patterns.T) / patterns.sum(axis=1)


def test_the_score_is_the_voices_share_after_some_updates():
    network = KaraokeNmf(bases=3, iterations=6, stride=1)
    rows = positive(4, 20, 1025)
    voice, rest = network.vocals.double().numpy(), network.accompaniment.double().numpy()
    patterns = np.concatenate((voice, rest))
    start = torch.rand(6, generator=torch.Generator().manual_seed(2015)).double().numpy()
    amounts = np.tile(start, (4, 1))
    for _ in range(6):
        amounts = updated(rows.flatten(1).double().numpy(), amounts, patterns)
    expected = amounts[:, :3] @ voice / (amounts @ patterns)
    found = network.scores(rows).flatten(1)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert 0 < float(found.min()) < float(found.max()) < 1
    assert not network.scores(torch.zeros(1, 20, 1025)).any()


@pytest.mark.parametrize("stride", [1, 4, 20])
@pytest.mark.parametrize("steps", [1, 23, 150])
def test_a_bin_has_the_mean_of_the_windows_that_hold_it(stride, steps):
    network = KaraokeNmf(bases=2, iterations=2, stride=stride)
    mixture = spectrum(1025, steps)
    found = network(mixture)
    assert found.shape == (1, 1, 2, 1025, steps)
    before = 20 - stride
    rows = np.pad(mixture.abs()[0, 1].T.numpy(), ((before, before + stride), (0, 0)))
    for step in {0, steps // 2, steps - 1}:
        starts = [begin for begin in range(0, len(rows), stride) if 0 <= step + before - begin < 20]
        assert len(starts) == 20 // stride
        cut = [torch.from_numpy(rows[begin : begin + 20])[None] for begin in starts]
        places = [step + before - begin for begin in starts]
        scores = [network.scores(row)[0, place] for row, place in zip(cut, places, strict=True)]
        mean = torch.stack(scores).mean(dim=0)
        torch.testing.assert_close(found[0, 0, 1, :, step], mean, atol=1e-5, rtol=1e-4)


def test_impossible_options_of_the_nmf():
    for wrong in ({"stride": 3}, {"stride": 0}, {"bases": 0}, {"iterations": 0}):
        with pytest.raises((ValueError, ZeroDivisionError)):
            KaraokeNmf(**wrong)


def divergence(windows, dictionary):
    approximation = (dictionary.amounts @ dictionary.patterns).double().numpy()
    rows = windows.flatten(1).double().numpy()
    logs = rows * np.log(np.where(rows > 0, rows, 1) / approximation)
    return float((logs - rows + approximation).sum() / rows.sum())


def test_learning_follows_the_plain_updates_and_never_gets_worse():
    """Four slices of windows, the last one short, against one matrix in float64."""
    windows = positive(800, 4, 15) * (positive(800, 4, 15, seed=1) > 0.3)
    learnt = Dictionary(windows.half(), bases=5, seed=3)
    patterns, amounts = learnt.patterns.double().numpy(), learnt.amounts.double().numpy()
    rows = windows.half().flatten(1).double().numpy()
    told = []
    for _ in range(25):
        told.append(learnt.improve())
        amounts = updated(rows, amounts, patterns)
        patterns = updated(rows.T, patterns.T, amounts.T).T
        np.testing.assert_allclose(
            learnt.amounts @ learnt.patterns, amounts @ patterns, rtol=2e-3, atol=1e-4
        )
    assert all(after <= before * (1 + 1e-6) for before, after in pairwise(told))
    assert told[-1] < 0.9 * told[0]
    assert divergence(windows.half(), learnt) <= told[-1]
    torch.testing.assert_close(learnt.patterns.amax(dim=1), torch.ones(5))


def test_dictionaries_of_known_sources_take_a_mixture_apart():
    sounds = positive(2, 6, 20 * 1025, seed=7) ** 12
    mixed = positive(2, 60, 6, seed=8) ** 3
    windows = (mixed @ sounds).view(2, -1, 20, 1025)
    passes = []

    def report(done):
        passes.append(done)
        return True

    dictionaries = learn_dictionaries(*windows, 6, 25, 1, report)
    assert [one.number for one in passes] == list(range(1, 26))
    assert passes[-1].vocals < 0.2 * passes[0].vocals
    network = KaraokeNmf(bases=6, iterations=30, stride=20)
    network.load_state_dict(dict(zip(("vocals", "accompaniment"), dictionaries, strict=True)))
    voice, rest = windows[0][:20], windows[1][:20]
    heard = network.scores(voice + rest) * (voice + rest)
    assert (heard - voice).norm() < 0.3 * rest.norm()


def test_a_report_ends_the_learning():
    told = []

    def report(done):
        told.append(done)
        return len(told) < 3

    windows = positive(30, 2, 10)
    learn_dictionaries(windows, windows, 2, 100, 1, report)
    assert [one.number for one in told] == [1, 2, 3]
    assert isinstance(told[0], Pass)


@pytest.fixture
def tonal_pool(tmp_path):
    """A pool whose voice is high and whose rest is low."""
    rng = np.random.default_rng(4)
    time = np.arange(4 * RATE) / RATE
    for split in ("train", "valid"):
        (tmp_path / "pool" / split).mkdir(parents=True)
        for stem, pitches in (("vocals", (900, 1100)), ("drums", (60, 80)), ("bass", (100, 120)),
            ("other", (200, 250, 300))):  # fmt: skip
            tones = sum(np.sin(2 * np.pi * hz * time + rng.uniform(0, 6)) for hz in pitches)
            sound = (3000 * tones / len(pitches)).astype(np.int16)
            np.save(tmp_path / "pool" / split / f"{stem}_00.npy", np.stack([sound] * 2, axis=1))
    notes = {"seed": 1, "credits": {"voices": "a made-up hum"}}
    (tmp_path / "pool" / "pool.json").write_text(json.dumps(notes))
    return tmp_path / "pool"


def small(monkeypatch):
    """The program's own recipe, at a size for tests."""
    replace = msgspec.structs.replace
    whole = nmf_dictionaries.paper_recipe

    def smaller(*arguments):
        recipe = whole(*arguments)
        options = {**recipe.model.options, "iterations": 5, "stride": 20}
        return replace(
            recipe,
            model=replace(recipe.model, options=options),
            data=replace(recipe.data, seconds=1.0, validation_items=2, validation_seconds=1.0),
            windows=replace(recipe.windows, count=24, stride=20),
            optimiser=replace(recipe.optimiser, steps=8),
        )

    monkeypatch.setattr(nmf_dictionaries, "paper_recipe", smaller)


def test_the_program_makes_a_model_that_separates(tonal_pool, tmp_path, monkeypatch, capsys):
    small(monkeypatch)
    out = tmp_path / "models" / "tones"
    status = nmf_dictionaries.main([str(tonal_pool), str(out), "--bases", "4", "--seed", "2"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [each["event"] for each in told] == ["started", *["step"] * 8, "validation", "finished"]
    losses = [each["loss"] for each in told if each["event"] == "step"]
    assert losses == sorted(losses, reverse=True)
    loaded = load_model(str(out), device="cpu", threads=1)
    card = loaded.card
    assert card.parameters == 2 * 4 * 20_500
    assert card.credits == ["a made-up hum"]
    assert card.training["steps"] == 8
    assert card.training["windows"] == [24, 24]
    assert card.scores["held-out synthetic mixes, uSDR"]["vocals"] > 5
    pool = tonal_pool / "valid"
    voice, rest = (
        np.load(pool / f"{stem}_00.npy").T.astype(np.float32) / 32768
        for stem in ("vocals", "other")
    )
    stems = stemdesk.separate_clip(stemdesk.AudioClip(voice + rest, RATE), loaded)
    assert gain_in_sdr_db(stems["vocals"].samples, voice, voice + rest) > 10


def test_learning_keeps_to_its_minutes(tonal_pool, tmp_path, monkeypatch, capsys):
    """The clock is a made-up one: every look at it takes a second."""
    small(monkeypatch)
    seconds = iter(range(100_000))
    monkeypatch.setattr(nmf_dictionaries.time, "monotonic", lambda: next(seconds))
    out = tmp_path / "timed"
    nmf_dictionaries.main([str(tonal_pool), str(out), "--bases", "2", "--minutes", "0.2"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    passes = [each for each in told if each["event"] == "step"]
    assert 1 <= len(passes) < 8
    assert passes[-1]["seconds_left"] <= 12
    assert (out / "card.toml").exists()


def test_a_silent_source_cannot_be_learnt(tonal_pool, tmp_path, monkeypatch, capsys):
    small(monkeypatch)
    path = tonal_pool / "train" / "vocals_00.npy"
    np.save(path, np.zeros_like(np.load(path)))
    assert nmf_dictionaries.main([str(tonal_pool), str(tmp_path / "none")]) == 1
    assert "holds no vocals" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_model_of_other_stems_is_refused(tonal_pool, tmp_path):
    recipe = nmf_dictionaries.paper_recipe("four", 2, None, 1)
    model = msgspec.structs.replace(recipe.model, stems=["vocals", "drums", "bass", "other"])
    with pytest.raises(UserError, match="one stem of two"):
        nmf_dictionaries.learn(
            msgspec.structs.replace(recipe, model=model), tonal_pool, tmp_path, lambda _: None
        )
