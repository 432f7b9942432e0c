"""A finished model among those that every command lists."""

from __future__ import annotations

import json
import shutil

import msgspec
import numpy as np
import pytest
import soundfile

from stemdesk.cli.main import run as main
from stemdesk.paths import models_dir
from stemdesk.separation.card import load_card
from stemdesk.separation.catalogue import list_models, list_problems
from stemdesk.separation.checkpoint import load_network
from stemdesk_training.run.installing import install
from tests.training.small_run import kind, train, weights

pytestmark = pytest.mark.usefixtures("_one_thread")


@pytest.fixture
def songs_pool(noise_pool, tmp_path):
    """A pool that names its songs, as one made of a library does."""
    folder = tmp_path / "songs pool"
    shutil.copytree(noise_pool, folder)
    notes = {
        "library": "/home/somebody/Secret Project",
        "songs": {"ab": {"name": "Unreleased Song"}, "cd": {"name": "Ä second one"}},
    }
    (folder / "pool.json").write_text(json.dumps(notes))
    return folder


def test_the_finished_model_is_listed_and_separates(tiny, songs_pool, tmp_path, capsys):
    folder, told = train(tiny, songs_pool, tmp_path / "run", install=True)
    assert folder == models_dir() / "tiny"
    assert told[-1].model == str(folder)
    assert weights(folder) == weights(tmp_path / "run" / "tiny")
    assert "tiny" in [card.id for card in list_models()]
    song = tmp_path / "song.wav"
    rng = np.random.default_rng(1)
    soundfile.write(song, rng.normal(0, 0.1, (44100, 2)), 44100)
    assert main(["models"]) == 0
    assert "Tiny" in capsys.readouterr().out
    stems = tmp_path / "stems"
    assert main(["separate", str(song), "--model", "tiny", "--output", str(stems)]) == 0
    mixture, _ = soundfile.read(song)
    files = sorted(stems.rglob("*.wav"))
    assert len(files) == 4
    total = sum(soundfile.read(file)[0] for file in files)
    assert np.abs(total - mixture).max() < 1e-3


def test_the_card_keeps_the_songs_names_to_itself_unless_it_may(tiny, songs_pool, tmp_path):
    folder, _ = train(tiny, songs_pool, tmp_path / "silent")
    text = (folder / "card.toml").read_text()
    for secret in ("Unreleased", "second one", "Secret", str(tmp_path)):
        assert secret not in text
    card = load_card(folder)
    assert card.training["data"] == {"stem_hours": 0.0, "songs": 0, "segments": 4}
    assert list(card.scores) == ["held-out mixes of the library, uSDR"]
    told, _ = train(tiny, songs_pool, tmp_path / "told", name_songs=True)
    assert load_card(told).training["data"]["song_names"] == ["Unreleased Song", "Ä second one"]


def test_no_model_is_replaced(tiny, noise_pool, tmp_path):
    first, _ = train(tiny, noise_pool, tmp_path / "first", install=True)
    before = weights(first)
    other = msgspec.structs.replace(tiny, seed=2)
    second, _ = train(other, noise_pool, tmp_path / "second", install=True)
    assert second.name == "tiny_2"
    assert load_card(second).title == "Tiny (2)"
    assert weights(first) == before != weights(second)
    assert install(tmp_path / "second" / "tiny") == second  # the very same again
    third, _ = train(
        msgspec.structs.replace(tiny, seed=3), noise_pool, tmp_path / "third", install=True
    )
    assert third.name == "tiny_3"
    assert list_problems() == []
    for folder in (first, second, third):
        load_network(folder)


def test_a_model_is_not_hidden_by_one_that_is_shipped(tiny, noise_pool, tmp_path):
    model = msgspec.structs.replace(tiny.model, id="bandmask_small")
    folder, _ = train(
        msgspec.structs.replace(tiny, model=model), noise_pool, tmp_path / "run", install=True
    )
    assert folder.name == "bandmask_small_2"


def test_a_run_from_another_model_scores_that_first(tiny, noise_pool, tmp_path):
    first, told = train(tiny, noise_pool, tmp_path / "first")
    later = msgspec.structs.replace(tiny, init=str(first))
    _, events = train(later, noise_pool, tmp_path / "second")
    kinds = [kind(event) for event in events]
    assert kinds.index("baseline") < kinds.index("step")
    baseline = events[kinds.index("baseline")].scores
    assert baseline["mean"] == pytest.approx(told[-1].scores["mean"], abs=0.1)


def test_a_model_that_was_being_replaced_is_there_again(tiny, noise_pool, tmp_path):
    """Killed between the two renames of a new model."""
    folder, _ = train(tiny, noise_pool, tmp_path / "run")
    before = weights(folder)
    folder.rename(folder.with_name(".tiny.old"))
    folder.with_name(".tiny.new").mkdir()
    again, _ = train(tiny, noise_pool, tmp_path / "run")
    assert weights(again) == before
    assert not [each for each in (tmp_path / "run").iterdir() if each.name.startswith(".tiny")]
