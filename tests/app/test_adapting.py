"""Songs separated by a model that has learnt from them: files, resuming, and where it cannot be."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from stemdesk.app import adapting
from stemdesk.app.adapting import adapted_model
from stemdesk.app.library import separate, separate_clip
from stemdesk.app.model import load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.audio.clip import AudioClip
from stemdesk.errors import Cancelled, UserError
from stemdesk.separation import adaptation
from stemdesk.separation.separator import ArraySource
from tests.app.tiny import RATE, STEMS, music, read_exactly, save_song, save_tiny_model

SHORT = partial(adaptation.Adaptation, steps=3, batch=1, seconds=0.5)
ADAPT = SeparateOptions(adapt=True)


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch):
    monkeypatch.setattr(adaptation, "Adaptation", SHORT)


@pytest.fixture(scope="module")
def shares(tmp_path_factory):
    folder = save_tiny_model(tmp_path_factory.mktemp("models") / "shares", masks="softmax")
    return load_model(str(folder), device="cpu", threads=1)


@pytest.fixture
def learnings(monkeypatch):
    """How often something is learnt."""
    found = []
    learn = adaptation.adapted
    monkeypatch.setattr(
        adaptation, "adapted", lambda *words: found.append(words[2]) or learn(*words)
    )
    return found


def stems_of(result):
    return np.stack([read_exactly(result.files[stem]) for stem in STEMS])


def test_stems_of_an_adapted_model_are_others_and_null(song, shares, tmp_path):
    plain = separate(song, tmp_path / "plain", model=shares)
    result = separate(song, tmp_path / "out", model=shares, options=ADAPT)
    assert (plain.adapted, result.adapted) == (False, True)
    assert result.null.verdict == "exact"
    assert np.array_equal(stems_of(result).sum(axis=0), read_exactly(song))
    assert np.abs(stems_of(result) - stems_of(plain)).max() > 1e-3
    again = separate(song, tmp_path / "again", model=shares)
    assert np.array_equal(stems_of(again), stems_of(plain)), "the model itself stays as it was"


def test_progress_is_told_from_the_beginning_to_the_end(song, shares, tmp_path):
    told = []
    separate(song, tmp_path, model=shares, options=ADAPT, report=lambda *x: told.append(x))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    stages = list(dict.fromkeys(str(stage) for _, stage in told))
    assert stages == ["reading", "adapting", "separating", "writing", "checking"]
    at = {stage: fraction for fraction, stage in reversed(told)}
    assert at["separating"] > 0.9, "a short song is learnt from for longest"
    assert fractions[-1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("options", "rate"), [({"causal": True}, RATE), ({"closing": "drums"}, RATE), ({}, 32_000)]
)
def test_models_and_songs_of_other_kinds(tmp_path, learnings, options, rate):
    folder = save_tiny_model(tmp_path / "shares", masks="softmax", **options)
    model = load_model(str(folder), device="cpu", threads=1)
    song = save_song(tmp_path / "song.wav", music(2 * rate), rate)
    result = separate(song, tmp_path / "out", model=model, options=ADAPT)
    assert result.adapted
    assert result.null.verdict == "exact"
    (heard,) = learnings[0]
    assert heard.shape[-1] == pytest.approx(2 * RATE, abs=1)
    plain = separate(song, tmp_path / "plain", model=model)
    if rate == RATE:
        # What is learnt from are the stems of the card, in its order.
        found = np.stack([read_exactly(plain.files[stem]) for stem in model.card.stems])
        assert np.abs(heard - found).max() < 1e-4
    assert np.abs(stems_of(result) - stems_of(plain)).max() > 1e-3


def stopping_at(stage, above=0.0):
    def report(fraction, told):
        if told == stage and fraction > above:
            raise Cancelled

    return report


def test_a_run_that_goes_on_has_learnt_already(shares, tmp_path, learnings):
    song = save_song(tmp_path / "song.wav", music(4 * RATE))
    with pytest.raises(Cancelled):
        separate(song, tmp_path, model=shares, options=ADAPT, report=stopping_at("writing"))
    resumed = separate(song, tmp_path, model=shares, options=ADAPT)
    assert len(learnings) == 1
    assert resumed.adapted
    assert resumed.resumed_seconds > 3
    fresh = separate(song, tmp_path / "fresh", model=shares, options=ADAPT)
    assert np.array_equal(stems_of(resumed), stems_of(fresh))


def test_stopped_while_it_learns_it_learns_again(song, shares, tmp_path, learnings):
    with pytest.raises(Cancelled):
        separate(song, tmp_path, model=shares, options=ADAPT, report=stopping_at("adapting", 0.3))
    assert separate(song, tmp_path, model=shares, options=ADAPT).adapted
    assert len(learnings) == 2


def test_a_plain_run_does_not_go_on_from_an_adapted_one(shares, tmp_path):
    song = save_song(tmp_path / "song.wav", music(4 * RATE))
    with pytest.raises(Cancelled):
        separate(song, tmp_path, model=shares, options=ADAPT, report=stopping_at("writing"))
    result = separate(song, tmp_path, model=shares)
    assert result.resumed_seconds == 0
    assert not result.adapted
    expected = separate(song, tmp_path / "plain", model=shares)
    assert np.array_equal(stems_of(result), stems_of(expected))


def test_damaged_weights_are_learnt_again(shares, tmp_path, learnings):
    song = save_song(tmp_path / "song.wav", music(4 * RATE))
    with pytest.raises(Cancelled):
        separate(song, tmp_path, model=shares, options=ADAPT, report=stopping_at("writing"))
    weights = next(tmp_path.glob(".stemdesk-*/adapted.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-100])
    assert separate(song, tmp_path, model=shares, options=ADAPT).adapted
    assert len(learnings) == 2


@pytest.mark.parametrize(
    ("frames", "error"),
    [(RATE // 3, None), (2 * RATE, RuntimeError("DefaultCPUAllocator: not enough memory"))],
)
def test_where_nothing_can_be_learnt_the_model_is_used_as_it_is(
    shares, tmp_path, monkeypatch, frames, error
):
    song = save_song(tmp_path / "song.wav", music(frames))
    if error is not None:
        monkeypatch.setattr(adaptation.torch.autograd, "backward", raising(error))
    result = separate(song, tmp_path / "out", model=shares, options=ADAPT)
    plain = separate(song, tmp_path / "plain", model=shares)
    assert not result.adapted
    assert [note for note in result.notes if "could not learn from the song" in note]
    assert np.array_equal(stems_of(result), stems_of(plain))


def test_what_could_not_learn_tries_again_unless_some_of_the_song_is_separated_so(
    shares, tmp_path, monkeypatch, learnings
):
    song = save_song(tmp_path / "song.wav", music(4 * RATE))
    for stage, tried in (("separating", 1), ("writing", 2), (None, 2)):
        with monkeypatch.context() as short:
            error = RuntimeError("not enough memory")
            short.setattr(adaptation.torch.autograd, "backward", raising(error))
            if stage is None:
                break
            with pytest.raises(Cancelled):
                separate(song, tmp_path, model=shares, options=ADAPT, report=stopping_at(stage))
            assert len(learnings) == tried
    result = separate(song, tmp_path, model=shares, options=ADAPT)
    assert len(learnings) == 2
    assert not result.adapted
    assert [note for note in result.notes if "could not learn from the song" in note]
    assert np.array_equal(
        stems_of(result), stems_of(separate(song, tmp_path / "plain", model=shares))
    )


def test_claims_count_once(shares, learnings, tmp_path):
    mixture = music(2 * RATE).astype(np.float32)
    folder = shares_folder(tmp_path)
    claiming = load_model(str(folder), device="cpu", threads=1, post=["vocals=6"])
    separate_clip(AudioClip(mixture, RATE), load_model(str(folder), device="cpu"), adapt=True)
    separate_clip(AudioClip(mixture, RATE), claiming, adapt=True)
    plain, claimed = (passages[0] for passages in learnings)
    assert np.array_equal(plain, claimed), "what is learnt claims nothing"


def test_an_adapted_model_is_another_to_runs_that_go_on(shares):
    clip = music(2 * RATE).astype(np.float32)
    adapted = adapted_model(shares, ArraySource(clip), lambda _: None)
    assert adapted.is_adapted
    assert adapted.fingerprint != shares.fingerprint


def raising(error):
    def fail(*_):
        raise error

    return fail


def test_a_fault_is_not_taken_for_a_lack_of_memory(song, shares, tmp_path, monkeypatch):
    monkeypatch.setattr(adaptation.torch.autograd, "backward", raising(RuntimeError("shapes")))
    with pytest.raises(RuntimeError, match="shapes"):
        separate(song, tmp_path, model=shares, options=ADAPT)


@pytest.mark.parametrize(("channels", "passages"), [(1, 1), (2, 1), (6, 4)])
def test_a_song_is_heard_as_the_network_hears_it(shares, learnings, channels, passages):
    mixture = music(2 * RATE, channels).astype(np.float32)
    clip = separate_clip(AudioClip(mixture, RATE), shares, adapt=True)
    assert [each.shape for each in learnings[0]] == [(4, 2, 2 * RATE)] * passages
    heard = np.concatenate([each.sum(axis=0) for each in learnings[0]])
    assert np.abs(heard[:2] - (mixture[:2] if channels > 1 else mixture)).max() < 1e-6
    assert np.array_equal(sum(stem.samples for stem in clip.values()), mixture)


def test_of_a_long_song_passages_are_heard_all_over_it(shares, learnings, monkeypatch):
    monkeypatch.setattr(adapting, "HEARD_SECONDS", 3.0)
    monkeypatch.setattr(adapting, "PASSAGE_SECONDS", 1.0)
    mixture = music(7 * RATE).astype(np.float32)
    adapted_model(shares, ArraySource(mixture), lambda _: None)
    heard = [passage.sum(axis=0) for passage in learnings[0]]
    for passage, start in zip(heard, (0, 3 * RATE, 6 * RATE), strict=True):
        assert np.abs(passage - mixture[:, start : start + RATE]).max() < 1e-6


def test_of_many_channels_less_is_heard(shares, learnings, monkeypatch):
    monkeypatch.setattr(adapting, "HEARD_SECONDS", 4.0)
    monkeypatch.setattr(adapting, "PASSAGE_SECONDS", 0.6)
    adapted_model(shares, ArraySource(music(4 * RATE, 6).astype(np.float32)), lambda _: None)
    heard_seconds = sum(passage.shape[-1] for passage in learnings[0]) / RATE
    assert heard_seconds == pytest.approx(4, abs=1)


def test_silence_teaches_nothing(shares):
    silent = AudioClip(np.zeros((2, 2 * RATE), np.float32), RATE)
    stems = separate_clip(silent, shares, adapt=True)
    assert not any(stem.samples.any() for stem in stems.values())
    source = ArraySource(silent.samples)
    assert not adapted_model(shares, source, lambda _: None).is_adapted


def test_a_sound_at_the_very_end_is_enough(shares):
    samples = np.zeros((2, 2 * RATE + 11_000), np.float32)
    samples[:, -3000:] = music(3000)
    assert adapted_model(shares, ArraySource(samples), lambda _: None).is_adapted


def test_models_that_cannot_learn_are_refused(song, tiny, shares, tmp_path):
    with pytest.raises(UserError, match="tiny cannot be adapted to a song: choose another model"):
        separate(song, tmp_path, model=tiny, options=ADAPT)
    folder = str(shares_folder(tmp_path))
    paper = load_model(folder, device="cpu", threads=1, reconstruction="paper")
    with pytest.raises(UserError, match="sum to the song"):
        separate(song, tmp_path / "out", model=paper, options=ADAPT)
    assert not (tmp_path / "out").exists()


def shares_folder(tmp_path):
    torch.manual_seed(0)
    return save_tiny_model(tmp_path / "shares", masks="softmax")
