"""`stemdesk separate --reconstruction paper` and `--alpha`, by what they deliver."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import stemdesk
from stemdesk.app.model import load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.app.separate import separate_song
from stemdesk.jobs.job import Cancelled
from stemdesk.separation.card import Chunking, ModelCard
from stemdesk.separation.checkpoint import build_network, save_network
from tests.app.tiny import RATE, STEMS, music, read_exactly, save_song

LIMIT_HZ = 11_025


@pytest.fixture(scope="session")
def karaoke_model(tmp_path_factory):
    """Simpson's network at half the rate: scores of a voice, and an alpha."""
    folder = tmp_path_factory.mktemp("models") / "karaoke"
    card = ModelCard(
        id=folder.name,
        title="Random weights",
        network="simpson2015_dnn",
        options={"hidden": 4},
        network_stems=["vocals", "accompaniment"],
        sample_rate=2 * LIMIT_HZ,
        channels=1,
        n_fft=2048,
        hop=512,
        win_length=2048,
        masks="binary",
        song_peak=True,
        chunk=Chunking(64, 8),
    )
    torch.manual_seed(1)
    weights = build_network(card).state_dict()
    weights["out.weight"] *= 3
    save_network(folder, card, weights)
    return folder


def stems_in(folder, names=STEMS):
    return {name: read_exactly(folder / f"{name}.wav") for name in names}


def test_all_stems_are_estimates_and_the_residual_is_told(separate, song, out, tmp_path):
    separate(song, "--subtype", "float")
    closed = stems_in(out / "song")
    ran = separate(song, "--subtype", "float", "--reconstruction", "paper", "--overwrite", "yes")
    assert (ran.status, ran.err) == (0, "")
    told = ran.out.splitlines()[4]
    assert told.startswith("song.wav: the stems do not null, residual peak -")
    assert told.endswith(
        "They need not, for the reconstruction of the model's paper closes nothing."
    )
    free = stems_in(out / "song")
    residual = read_exactly(song) - sum(free.values())
    peak_db = 20 * np.log10(np.abs(residual).max())
    assert f"residual peak {peak_db:.1f} dBFS" in told
    assert peak_db > -60
    # Masks that need not sum to one are the network's own.
    assert all(not np.array_equal(free[name], closed[name]) for name in STEMS)
    assert not list(out.glob(".stemdesk-*"))


def test_programs_are_told_which_it_was(separate, song, tmp_path):
    result = separate(song, "--json", "--reconstruction", "paper").events[-1]
    assert result["reconstruction"] == "paper"
    assert not result["null_expected"]
    assert result["null"]["verdict"] == "open"
    result = separate(song, "--json", "--overwrite", "yes").events[-1]
    assert (result["reconstruction"], result["null"]["verdict"]) == ("null", "exact")


def test_what_is_delivered_together_is_summed_not_closed(separate, song, out):
    paper = ("--reconstruction", "paper", "--subtype", "float", "--overwrite", "yes")
    separate(song, *paper)
    stems = stems_in(out / "song")
    separate(song, "--karaoke", *paper)
    instrumental = read_exactly(out / "song" / "instrumental.wav")
    wanted = stems["drums"] + stems["bass"] + stems["other"]
    np.testing.assert_allclose(instrumental, wanted, atol=3 * 2**-23)
    separate(song, "--stems", "bass,rest", *paper)
    assert np.array_equal(read_exactly(out / "song" / "bass.wav"), stems["bass"])


@pytest.mark.parametrize("first", ["null", "paper"])
def test_a_stopped_run_is_not_gone_on_with_in_the_other_mode(model, song, tmp_path, first):
    options = SeparateOptions(output=tmp_path / "out", subtype="float")
    other = {"null": "paper", "paper": "null"}[first]

    def stop_after_a_chunk(fraction, stage):
        if fraction > 0.4:
            raise Cancelled

    def run(mode, report=lambda *_: None, folder=tmp_path / "out"):
        loaded = load_model(str(model), device="cpu", threads=1, reconstruction=mode)
        chosen = SeparateOptions(output=folder, subtype="float")
        return separate_song(song, chosen, loaded, report, lambda _: True)

    with pytest.raises(Cancelled):
        run(first, stop_after_a_chunk)
    assert list(options.output.glob(".stemdesk-*"))
    result = run(other)
    assert result.resumed_seconds == 0
    assert any("thrown away" in note for note in result.notes)
    fresh = run(other, folder=tmp_path / "fresh")
    for name in STEMS:
        assert result.files[name].read_bytes() == fresh.files[name].read_bytes()


def test_beyond_the_models_rate_the_stems_hold_nothing(separate, karaoke_model, tmp_path, out):
    song = save_song(tmp_path / "song.wav", music(3 * RATE))

    def above_the_limit(**kept):
        names = ("vocals", "accompaniment")
        stems = stems_in(out / "song", names)
        bands = {name: np.abs(np.fft.rfft(stem)) for name, stem in stems.items()}
        edge = int(1.05 * LIMIT_HZ * 3)  # bins of a third of a hertz, clear of the resampler's edge
        return {name: float(np.sqrt((band[:, edge:] ** 2).mean())) for name, band in bands.items()}

    assert separate(song, "--subtype", "float", model=karaoke_model).status == 0
    closed = above_the_limit()
    more = ("--reconstruction", "paper", "--overwrite", "yes")
    assert separate(song, "--subtype", "float", *more, model=karaoke_model).status == 0
    free = above_the_limit()
    assert free["vocals"] < 1e-3 * closed["accompaniment"]
    assert free["accompaniment"] < 1e-3 * closed["accompaniment"]


def test_alpha_moves_what_is_the_voices(separate, karaoke_model, song, out):
    def levels(*arguments):
        ran = separate(song, *arguments, "--overwrite", "yes", model=karaoke_model)
        assert ran.status == 0, ran
        stems = stems_in(out / "song", ("vocals", "accompaniment"))
        return ran, {name: float(np.sqrt((stem**2).mean())) for name, stem in stems.items()}

    ran, low = levels("--alpha", "0.4")
    assert "the stems null, 0 samples differ" in ran.out
    card = levels()[1]
    assert levels("--alpha", "0.5")[1] == card
    high = levels("--alpha", "0.6")[1]
    assert low["vocals"] > 1.2 * card["vocals"] > 1.4 * high["vocals"]
    # Independent thresholds: a lower alpha gives both stems more.
    paper = {share: levels("--alpha", share, "--reconstruction", "paper")[1]
        for share in ("0.4", "0.6")}  # fmt: skip
    assert all(paper["0.4"][name] > 1.2 * paper["0.6"][name] for name in paper["0.4"])


def test_alpha_is_refused_where_it_means_nothing(separate, song, out):
    ran = separate(song, "--alpha", "0.3")
    ran.refused("tiny", "no threshold", "leave alpha out")
    assert not (out / "song").exists()


@pytest.mark.parametrize("value", ["0", "1", "-0.5", "nan", "half"])
def test_an_alpha_that_is_none_is_a_wrong_command(separate, song, value):
    separate(song, f"--alpha={value}").refused("--alpha", "between 0 and 1", status=2)


def test_samples_in_memory_are_those_of_the_files(model, song, tmp_path):
    loaded = load_model(str(model), device="cpu", threads=1, reconstruction="paper")
    samples = read_exactly(song).astype(np.float32)
    clips = stemdesk.separate_clip(stemdesk.AudioClip(samples, RATE), loaded)
    result = stemdesk.separate(
        song, tmp_path / "out", model=loaded, options=SeparateOptions(subtype="float")
    )
    assert result.reconstruction == "paper"
    for name in STEMS:
        assert np.array_equal(result.load(name).samples, clips[name].samples)


def test_masks_that_share_nothing_refuse_claims(stemdesk, karaoke_model, song, tmp_path):
    command = ("separate", song, "--model", karaoke_model, "-o", tmp_path / "out")
    ran = stemdesk(*command, "--post", "vocals=6")
    assert ran.status == 1
    assert "share nothing that one could claim: leave vocals=6 out" in ran.err
    assert not (tmp_path / "out").exists()
