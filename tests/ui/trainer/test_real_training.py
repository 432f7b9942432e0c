"""The whole way in the window with the real doctor and the real trainer, on made-up songs."""

import json
import shutil

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from stemdesk.app.bench.model_list import model_choices
from stemdesk.app.training import blending, child, drafting, run, songs
from stemdesk.app.training.toml_text import with_value
from stemdesk.jobs.job import JobState
from stemdesk.paths import models_dir
from stemdesk.separation.card import card_text, load_card
from stemdesk.separation.catalogue import model_folders
from stemdesk_training.packing import LENGTHS_NAME, NOTES_NAME
from stemdesk_training.tuning.reference import SHIPPED
from tests.app.tiny import save_tiny_model
from tests.training import studio

LONG_MS = 240_000


@pytest.fixture
def base(monkeypatch):
    """A model so small that its training takes seconds, and the real programs."""
    for place in (run, drafting, blending, songs):
        monkeypatch.setattr(place, "program", child.program)
    folder = save_tiny_model(models_dir() / "tiny")
    card = load_card(folder)
    trained = {"losses": {"waveform_l1": 1.0}, "item_seconds": 1.0, "batch": 1}
    card = msgspec.structs.replace(card, training=trained)
    (folder / "card.toml").write_text(card_text(card), encoding="utf-8")
    return card.id


@pytest.fixture
def library(tmp_path):
    root = tmp_path / "Studio Süd"
    for number, name in enumerate(("Ada - Eins", "Bo - Zwei", "Cy - Drei", "Di - Vier")):
        studio.write_song(root / name, studio.make_song(30 + number, seconds=5))
    song = studio.make_song(50, seconds=3)
    studio.write_song(tmp_path / "own", song)
    return root


@pytest.fixture
def reference(tmp_path):
    """Two songs of the shipped pack, with which scores come sooner."""
    folder = tmp_path / "reference"
    folder.mkdir()
    shutil.copy(SHIPPED / NOTES_NAME, folder)
    lengths = json.loads((SHIPPED / LENGTHS_NAME).read_text())
    some = {n: v for n, v in lengths.items() if n.startswith(("valid_song_000", "valid_song_001"))}
    assert len(some) == 8
    (folder / LENGTHS_NAME).write_text(json.dumps(some))
    for name in some:
        shutil.copy(SHIPPED / name, folder)
    return folder


@pytest.mark.slow
def test_made_up_songs_become_a_model_in_the_list(
    page, window, qtbot, base, library, reference, tmp_path
):
    page.songs.folder_chosen.emit(library)
    qtbot.waitUntil(lambda: len(page.songs.table.songs) == 4, timeout=LONG_MS)
    assert {song.verdict for song in page.songs.table.songs} == {"pass"}
    page.songs.table.topLevelItem(3).setCheckState(0, Qt.CheckState.Unchecked)

    page.recipe.base_chosen.emit(base)
    qtbot.waitUntil(lambda: f'base = "{base}"' in page.recipe.text, timeout=LONG_MS)
    # Measured, too; only then the recipe is not replaced any more.
    qtbot.waitUntil(lambda: window.training.recipe._entry is None, timeout=LONG_MS)
    assert page.problem_bar.problems == ()
    text = page.recipe.text
    for path, value in {
        "optimiser.minutes": None,
        "optimiser.steps": 2,
        "optimiser.warm_up_steps": 1,
        "validate_steps": 2,
        "checkpoint_steps": 2,
        "data.validation_items": 1,
        "data.validation_seconds": 1.0,
        "model.title": "Süd",
        "model.id": "sued",
        "tuning.replay": 0.0,
        "tuning.reference": str(reference),
        "tuning.guard_db": 50.0,
        "tuning.listen": str(tmp_path / "own" / "mixture.wav"),
        "tuning.listen_seconds": 1.0,
    }.items():
        text = with_value(text, path, value)
    page.recipe.show_text(text)
    checker = window.training.recipe._checker
    qtbot.waitUntil(lambda: checker.is_sure and checker._text == text, timeout=LONG_MS)
    assert checker.mistake is None

    start = page.findChild(QToolButton, "starttraining")
    qtbot.waitUntil(start.isEnabled, timeout=LONG_MS)
    qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    trainings = window.training.trainings
    qtbot.waitUntil(
        lambda: trainings.run is not None and trainings.run.state.has_ended, timeout=LONG_MS
    )
    done = trainings.running
    assert (done.state, str(done.error)) == (JobState.DONE, "None"), done.child and done.child.log
    assert [step for step, _ in done.progress.losses] == [1, 2]
    assert [each.step for each in done.progress.scored] == [2]
    assert done.progress.baseline.reference
    assert done.progress.waiting_share is not None

    assert "sued" in model_folders()
    assert ("sued", "Süd") in [each[:2] for each in model_choices()]

    page.show_page(page.listen)
    qtbot.waitUntil(lambda: window.training.listen.desk is not None, timeout=LONG_MS)
    assert page.listen.pair[0] == 2
    assert len(page.listen._pairs[2]) == 4

    entry = window.training.trainings.measure(done.folder, (1.0,))
    qtbot.waitUntil(lambda: entry.state.has_ended, timeout=LONG_MS)
    assert entry.error is None
    at_base, at_tuned = entry.result
    # At its ends it is what the run itself has told.
    told = done.progress
    assert at_base.reference == pytest.approx(told.baseline.reference["mean"], abs=0.01)
    assert at_tuned.songs == pytest.approx(told.scored[-1].scores["mean"], abs=0.01)
