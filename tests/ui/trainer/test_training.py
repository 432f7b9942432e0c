"""The trainer in the real window, from songs to a model, with a stand-in that trains."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QPlainTextEdit, QToolButton

from stemdesk.app.training.runs import Standing, interrupted_runs, known_runs
from stemdesk.app.training.toml_text import read, value_at
from stemdesk.jobs.job import JobState
from stemdesk.ui.words import MINUS
from tests.ui.trainer.conftest import leave

LONG_MS = 30_000
ROLE = QMessageBox.ButtonRole


def button(page, name):
    return page.findChild(QToolButton, name)


def press(qtbot, page, name):
    pressed = button(page, name)
    assert pressed.isVisible(), name
    assert pressed.isEnabled(), name
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


def with_songs(qtbot, page, library):
    page.songs.folder_chosen.emit(library)
    qtbot.waitUntil(lambda: len(page.songs.table.songs) == 3, timeout=LONG_MS)
    qtbot.waitUntil(lambda: "Meine Songs" in page.recipe.text, timeout=LONG_MS)


def begun(qtbot, window, library):
    page = window.training.open()
    with_songs(qtbot, page, library)
    qtbot.waitUntil(button(page, "starttraining").isEnabled, timeout=LONG_MS)
    press(qtbot, page, "starttraining")
    trainings = window.training.trainings
    qtbot.waitUntil(lambda: trainings.running is not None, timeout=LONG_MS)
    return page, trainings.running


def ended(qtbot, run, state):
    qtbot.waitUntil(lambda: run.state is state, timeout=LONG_MS)


def label(page, name):
    return page.findChild(QLabel, name).text()


def test_the_menu_opens_it_and_it_waits_for_songs(window, qtbot):
    tools = next(each.menu() for each in window.menuBar().actions() if each.text() == "Tools")
    action = next(each for each in tools.actions() if each.text() == "Train a model…")
    action.trigger()
    page = window.training.page
    assert page.isVisible()
    assert not button(page, "starttraining").isEnabled()
    assert page.control._told.text == "Choose songs to train on first."
    qtbot.waitUntil(lambda: page.recipe.text != "", timeout=LONG_MS)
    action.trigger()
    assert window.training.page is page


def test_a_dropped_folder_is_checked_in_the_background(page, qtbot, library, stand_in):
    stand_in("", pace=0.3)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(library))])
    where = QPoint(400, 300).toPointF()
    page.pages.setCurrentWidget(page.run)
    page.dropEvent(QDropEvent(where, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier))  # fmt: skip
    assert page.pages.currentWidget() is page.songs
    qtbot.waitUntil(lambda: page.songs._doing.text.startswith("Checking Bo"), timeout=LONG_MS)
    assert page.songs._bar.isVisible()
    qtbot.waitUntil(lambda: len(page.songs.table.songs) == 3, timeout=LONG_MS)
    assert [song.name for song in page.songs.chosen] == ["Ada - Gut", "Bo - Spät"]
    assert "2 of 3 songs taken, 2:10" in label(page, "librarysums")


def test_a_folder_without_songs_is_told_and_gone_on_from(page, qtbot, tmp_path, library):
    (tmp_path / "empty").mkdir()
    page.songs.folder_chosen.emit(tmp_path / "empty")
    qtbot.waitUntil(lambda: bool(page.problem_bar.problems), timeout=LONG_MS)
    assert "No multitracks were found" in page.problem_bar.problems[0].problem
    page.songs.folder_chosen.emit(library)
    qtbot.waitUntil(lambda: len(page.songs.table.songs) == 3, timeout=LONG_MS)
    assert page.problem_bar.problems == ()


def test_a_check_is_broken_off(page, qtbot, library, stand_in):
    stand_in("", pace=10)
    page.songs.folder_chosen.emit(library)
    qtbot.waitUntil(button(page, "cancelcheck").isVisible, timeout=LONG_MS)
    press(qtbot, page, "cancelcheck")
    qtbot.waitUntil(lambda: not button(page, "cancelcheck").isVisible(), timeout=LONG_MS)
    assert page.songs.table.songs == ()


def test_repaired_copies_take_the_originals_place(window, page, qtbot, library, tmp_path):
    with_songs(qtbot, page, library)
    page.songs.fix_requested.emit(library / "in it", ())
    assert "among the songs" in page.problem_bar.problems[0].problem
    page.songs.fix_requested.emit(tmp_path / "mended", ("Bo - Spät",))
    qtbot.waitUntil(lambda: page.songs.table.songs[1].verdict == "pass", timeout=LONG_MS)
    assert "1 of these songs are repaired copies" in label(page, "songsnote")
    assert page.songs.folder == library
    qtbot.waitUntil(button(page, "starttraining").isEnabled, timeout=LONG_MS)
    press(qtbot, page, "starttraining")
    trainings = window.training.trainings
    qtbot.waitUntil(lambda: trainings.running is not None, timeout=LONG_MS)
    ended(qtbot, trainings.running, JobState.DONE)
    links = trainings.running.folder.links
    assert (links / "Ada - Gut" / "drums.wav").resolve().is_relative_to(library)
    assert (links / "Bo - Spät" / "drums.wav").resolve().is_relative_to(tmp_path / "mended")
    assert not (links / "Cy - Halb").exists()


def test_from_songs_to_a_model(window, qtbot, library):
    page, run = begun(qtbot, window, library)
    assert page.pages.currentWidget() is page.run
    ended(qtbot, run, JobState.DONE)
    qtbot.waitUntil(lambda: "finished" in page.control._told.text, timeout=LONG_MS)
    assert [curve.name for curve in page.run.scores.plot.curves] == ["Vocals", "Drums"]
    assert [level.name for level in page.run.reference.plot.levels] == ["Base", "Limit"]
    assert page.run.reference.plot.levels[1].value == pytest.approx(2.7)
    assert label(page, "fact:step") == "6 / 6"
    assert label(page, "fact:waiting") == "20 %"
    log = page.findChild(QPlainTextEdit, "runlog").toPlainText()
    assert log == "Step 0: Freezing: all but heads."
    page.show_page(page.result)
    assert "is finished, and in the list of models" in label(page, "resulthead")
    assert button(page, "usemodel").isVisible()
    press(qtbot, page, "usemodel")
    assert window.bench.preferences.model == "mine"
    assert known_runs().__next__().record.standing is Standing.FINISHED


def test_pause_go_on_and_stop_and_go_on_from_there(window, qtbot, library, stand_in):
    stand_in("", pace=0.1)
    page, run = begun(qtbot, window, library)
    qtbot.waitUntil(lambda: run.progress.step >= 1, timeout=LONG_MS)
    press(qtbot, page, "pausetraining")
    qtbot.waitUntil(lambda: "rests" in page.control._told.text, timeout=LONG_MS)
    assert button(page, "pausetraining").text() == "Go on"
    press(qtbot, page, "pausetraining")
    qtbot.waitUntil(lambda: button(page, "pausetraining").text() == "Pause", timeout=LONG_MS)
    press(qtbot, page, "stoptraining")
    ended(qtbot, run, JobState.CANCELLED)
    start = button(page, "starttraining")
    qtbot.waitUntil(lambda: start.text() == "Go on training", timeout=LONG_MS)
    press(qtbot, page, "starttraining")
    trainings = window.training.trainings
    qtbot.waitUntil(
        lambda: trainings.running is not None and trainings.running is not run, timeout=LONG_MS
    )
    ended(qtbot, trainings.running, JobState.DONE)
    assert len(trainings.running.progress.losses) == 6
    assert len(list(known_runs())) == 1


def test_a_run_goes_on_behind_a_closed_window_and_other_projects(window, qtbot, library, stand_in):
    stand_in("", pace=0.2)
    page, run = begun(qtbot, window, library)
    page.close()
    qtbot.waitUntil(
        lambda: any(entry.kind == "train" for entry in window.bench.jobs.entries), timeout=LONG_MS
    )
    window.bench.files.new()
    window.show_document()
    assert run.state is JobState.RUNNING
    assert "train" in [entry.kind for entry in window.bench.jobs.entries]
    ended(qtbot, run, JobState.DONE)
    window.training.open()
    assert page.isVisible()
    qtbot.waitUntil(lambda: label(page, "fact:step") == "6 / 6", timeout=LONG_MS)


def test_quitting_asks_and_the_next_start_offers_to_go_on(
    make_window, qtbot, library, stand_in, answers
):
    stand_in("", pace=0.2)
    window = make_window()
    _, run = begun(qtbot, window, library)
    qtbot.waitUntil(lambda: run.progress.step >= 1, timeout=LONG_MS)
    asked = answers(ROLE.RejectRole)
    window.close()
    assert window.isVisible()
    assert "stops the training at a checkpoint" in asked[0]
    answers(ROLE.AcceptRole)
    window.filing.may_leave = lambda _then: True
    window.close()
    assert not window.isVisible()
    assert run.state is JobState.CANCELLED
    assert run.progress.is_stopped
    stopped_at = run.progress.step
    assert len(interrupted_runs()) == 1

    later = make_window()
    asked = answers(ROLE.AcceptRole)
    later.training.offer_interrupted()
    assert "Meine Songs" in asked[-1]
    page = later.training.page
    assert page.isVisible()
    assert page.recipe.text == run.recipe_text
    qtbot.waitUntil(lambda: later.training.trainings.running is not None, timeout=LONG_MS)
    again = later.training.trainings.running
    assert again.progress.first_step in (0, stopped_at)
    ended(qtbot, again, JobState.DONE)
    assert len(again.progress.losses) == 6
    assert interrupted_runs() == ()


def test_an_interrupted_run_can_be_given_up(make_window, qtbot, library, stand_in, answers):
    stand_in("", pace=0.2)
    window = make_window()
    begun(qtbot, window, library)
    leave(window)
    later = make_window()
    asked = answers(ROLE.DestructiveRole)
    later.training.offer_interrupted()
    later.training.offer_interrupted()
    assert len(asked) == 1
    assert later.training.page is None


def test_a_crash_is_told_in_the_window_and_the_button_goes_on(window, qtbot, library, stand_in):
    stand_in("crash")
    page, run = begun(qtbot, window, library)
    ended(qtbot, run, JobState.FAILED)
    qtbot.waitUntil(lambda: bool(page.problem_bar.problems), timeout=LONG_MS)
    assert "broke off" in page.problem_bar.problems[0].problem
    stand_in("")
    start = button(page, "starttraining")
    qtbot.waitUntil(lambda: start.text() == "Go on training", timeout=LONG_MS)
    press(qtbot, page, "starttraining")
    trainings = window.training.trainings
    qtbot.waitUntil(lambda: trainings.running is not run, timeout=LONG_MS)
    ended(qtbot, trainings.running, JobState.DONE)


def test_a_refused_model_is_rescued_by_a_blend(window, qtbot, library, stand_in):
    stand_in("refused")
    page, run = begun(qtbot, window, library)
    ended(qtbot, run, JobState.FAILED)
    page.show_page(page.result)
    qtbot.waitUntil(lambda: "1.00 dB worse" in label(page, "resulthead"), timeout=LONG_MS)
    assert "Choose a blend below" in label(page, "resultremedy")
    assert not button(page, "usemodel").isVisible()
    qtbot.waitUntil(button(page, "measureblend").isVisible, timeout=LONG_MS)
    assert button(page, "measureblend").isEnabled()
    press(qtbot, page, "measureblend")
    joint = window.training.result
    qtbot.waitUntil(lambda: joint._entries == [] and not joint._measured.missing(), timeout=LONG_MS)
    # A quarter loses 0.25 dB, which the guard allows, and gains as much.
    assert page.result.share == 0.25
    told = label(page, "blendtold")
    assert told == (
        f"25 % of the new model: +0.25 dB on your songs, {MINUS}0.25 dB on the reference set"
    )
    page.result.choose_share(0.3)
    assert "about" in label(page, "blendtold")
    press(qtbot, page, "saveblend")
    qtbot.waitUntil(
        lambda: "in the list of models now" in label(page, "blendnote"), timeout=LONG_MS
    )
    assert "mine_0.3" in label(page, "blendnote")


def test_form_and_text_follow_each_other_and_mistakes_are_marked(window, page, qtbot, library):
    with_songs(qtbot, page, library)
    form, editor = page.recipe.form, page.recipe.editor
    form._minutes.setValue(60)
    data = read(page.recipe.text)
    assert value_at(data, "optimiser.minutes") == 60
    assert value_at(data, "optimiser.steps") == 120
    assert "# more than enough" not in page.recipe.text  # of the line that was changed
    assert "# Made for tests." in page.recipe.text
    form._freeze.setCurrentIndex(form._freeze.findData("nothing"))
    form._freeze.activated.emit(form._freeze.currentIndex())
    assert 'freeze = "nothing"' in page.recipe.text
    editor.setPlainText(page.recipe.text.replace("minutes = 60", "minutes = 90"))
    assert form._minutes.value() == 90
    qtbot.waitUntil(lambda: label(page, "recipesure") == "The recipe can be run.", timeout=LONG_MS)
    editor.setPlainText(page.recipe.text.replace("batch = 2", 'batch = "two"'))
    qtbot.waitUntil(lambda: editor.marked is not None, timeout=LONG_MS)
    wrong = page.recipe.text.splitlines().index('batch = "two"') + 1
    assert editor.marked == wrong
    qtbot.waitUntil(lambda: not button(page, "starttraining").isEnabled(), timeout=LONG_MS)
    assert page.control._told.text == "The recipe has a mistake."
    editor.setPlainText("[model")
    assert not form.isEnabled()
    assert editor.marked == 1


def test_a_recipe_that_was_changed_is_not_replaced_by_a_draft(window, page, qtbot, library):
    qtbot.waitUntil(lambda: page.recipe.text != "", timeout=LONG_MS)
    page.recipe.form._title.setText("My own")
    page.recipe.form._title.editingFinished.emit()
    assert 'id = "my_own"' in page.recipe.text
    mine = page.recipe.text
    page.songs.folder_chosen.emit(library)
    qtbot.waitUntil(lambda: len(page.songs.table.songs) == 3, timeout=LONG_MS)
    qtbot.wait(300)
    assert page.recipe.text == mine


def test_recipes_are_saved_and_opened(page, qtbot, tmp_path):
    qtbot.waitUntil(lambda: page.recipe.text != "", timeout=LONG_MS)
    kept = tmp_path / "Rezept ü.toml"
    page.recipe.save_requested.emit(kept)
    assert kept.read_text(encoding="utf-8") == page.recipe.text
    kept.write_text(kept.read_text(encoding="utf-8").replace("30.0", "7.0"), encoding="utf-8")
    page.recipe.open_requested.emit(kept)
    assert page.recipe.form._minutes.value() == 7
    page.recipe.open_requested.emit(tmp_path / "gone.toml")
    assert "cannot be read" in page.problem_bar.problems[0].problem


def test_an_earlier_run_can_be_looked_at(make_window, qtbot, library):
    window = make_window()
    _, run = begun(qtbot, window, library)
    ended(qtbot, run, JobState.DONE)
    leave(window)
    later = make_window()
    page = later.training.open()
    later.training._look_at(next(known_runs()))
    assert label(page, "fact:step") == "6 / 6"
    page.show_page(page.result)
    assert button(page, "usemodel").isVisible()
