"""Projects and songs in the window: what is said of them, asked about them, and done to them."""

import shutil
import time
from datetime import datetime
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QInputDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QSpinBox,
)

from stemdesk import settings
from stemdesk.app.bench.separating import Wishes
from stemdesk.errors import UserError
from stemdesk.project.document import MediaRef, Project, changed
from stemdesk.project.edits.tracks import add_track, new_track
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.recovery import recoverable
from stemdesk.ui import application
from stemdesk.ui.dialogs.recovery import RecoveryDialog
from stemdesk.ui.export.dialog import ExportDialog
from tests.app.bench_songs import save_noise, separated, stems_of

FOUR = ("vocals", "drums", "bass", "other")
TWO = ("vocals", "accompaniment")


@pytest.fixture
def window(make_window, qtbot, tmp_path):
    window = make_window(separate_on_open=False)
    window.filing.open([save_noise(tmp_path / "Song.wav")])
    until(qtbot, lambda: window.bench.track)
    return window


def until(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=30_000)


def saved(window, qtbot, tmp_path, name="Mine"):
    window.bench.files.save_as(tmp_path / name)
    until(qtbot, lambda: not window.bench.papers.file.is_unsaved and not window.bench.is_modified)
    return window.bench.papers.file.folder


def add(window, qtbot, path):
    count = len(window.bench.project.tracks)
    window.filing.open([save_noise(path, seed=count)])
    until(qtbot, lambda: len(window.bench.project.tracks) > count)


def answering(monkeypatch, text):
    """Message boxes are answered with that button; returns what they asked."""
    asked = []

    def answer(question):
        asked.append(question.text())
        (button,) = [each for each in question.buttons() if each.text() == text]
        monkeypatch.setattr(question, "clickedButton", lambda: button)

    monkeypatch.setattr(QMessageBox, "exec", answer)
    return asked


def disk_full(window, monkeypatch):
    """Nothing more can be written for the project; what it has is to be kept."""

    def full(_project):
        raise UserError("The disk is full", "free some space")

    window.bench.papers.history.mark_saved()
    monkeypatch.setattr(window.bench.papers.file, "autosave", full)
    # As a plug-in that holds something else of itself does, when it is asked for the last time.
    monkeypatch.setattr(window.bench._desk, "keep_plugins", window.bench.papers.plugin_changed)


@pytest.mark.parametrize("leave", [True, False])
def test_what_cannot_be_kept_when_the_window_closes_is_asked_about(window, monkeypatch, leave):
    disk_full(window, monkeypatch)
    asked = answering(monkeypatch, "Leave without it" if leave else "Cancel")
    assert window.close() is leave
    assert "The disk is full: free some space." in asked[0]
    assert "would be lost" in asked[0]
    assert len(asked) == 1
    assert window.isVisible() is not leave
    assert window._pump.isActive() is not leave
    assert (window.bench.papers.file._lock is None) is leave


def test_what_is_kept_at_the_second_try_lets_the_window_close(window, monkeypatch):
    well = window.bench.papers.file.autosave
    disk_full(window, monkeypatch)
    asked = answering(monkeypatch, "Try again")
    answer = QMessageBox.exec

    def freed(question):
        monkeypatch.setattr(window.bench.papers.file, "autosave", well)
        return answer(question)

    monkeypatch.setattr(QMessageBox, "exec", freed)
    assert window.close()
    assert len(asked) == 1


def test_what_cannot_be_removed_when_the_window_closes_is_told(window, monkeypatch):
    def refused(*_, **__):
        raise UserError("The autosave cannot be removed", "remove it")

    told = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: told.append(words[-1]))
    window.bench.papers.history.mark_saved()
    monkeypatch.setattr(window.bench.papers.file, "close", refused)
    assert window.close()
    assert told == ["The autosave cannot be removed. Remove it."]


def test_a_separation_that_costs_the_mix_is_asked_about(window, tmp_path, monkeypatch):
    bench = window.bench
    begun = []
    monkeypatch.setattr(
        bench.separating, "separate", lambda track_id, _claims: begun.append(track_id)
    )
    separated(bench, stems_of(bench, tmp_path, TWO))
    window.commands["separate"].trigger()
    assert begun == [bench.track.id]  # nothing was done to them yet
    bench.controls.set("accompaniment.level_db", -6.0)
    asked = answering(monkeypatch, "Cancel")
    window.commands["separate"].trigger()
    assert len(begun) == 1
    assert "Accompaniment" in asked[0]
    assert "Undo brings them back" in asked[0]
    asked = answering(monkeypatch, "Separate")
    window.commands["separate"].trigger()
    assert len(begun) == 2
    separated(bench, stems_of(bench, tmp_path, FOUR))
    window.show_document()
    assert window.commands["undo"].text() == "Undo Separate again"
    window.commands["undo"].trigger()
    kept = TWO[1]
    assert bench.track.mix.strip(kept).level_db == -6.0
    assert window.mixer.strip_named(kept) is not None


def test_nor_does_the_first_separation_take_work_unasked(window, qtbot, tmp_path, monkeypatch):
    add(window, qtbot, tmp_path / "Other.wav")
    bench = window.bench
    begun = []
    monkeypatch.setattr(
        bench.separating, "separate", lambda track_id, _claims: begun.append(track_id)
    )
    bench.choose(bench.project.tracks[0].id)
    bench.controls.set("mixture.level_db", -6.0)
    asked = answering(monkeypatch, "Cancel")
    window.commands["separate_all"].trigger()
    assert len(asked) == 1
    assert "Undo" not in asked[0]
    assert begun == [bench.project.tracks[1].id]


def test_options_are_asked_for_as_the_stems_have_them(window, monkeypatch, tmp_path):
    bench, begun, shown = window.bench, [], []
    monkeypatch.setattr(bench.separating, "separate", lambda *words: begun.append(words))

    def answer(dialog):
        fields = dialog.findChildren(QSpinBox)
        box = dialog.findChild(QCheckBox)
        assert box.isEnabled()
        shown.append([box.isChecked(), *(field.value() for field in fields)])
        fields[0].setValue(6)
        fields[2].setValue(-4)
        box.setChecked(len(shown) == 2)
        return QDialog.DialogCode.Accepted if len(shown) < 3 else QDialog.DialogCode.Rejected

    monkeypatch.setattr(QDialog, "exec", answer)
    window.commands["separate_with_options"].trigger()
    claims = {"drums": 3.0, "other": -20.0}
    separated(bench, changed(stems_of(bench, tmp_path, FOUR), claims=claims, adapted=True))
    window.commands["separate_with_options"].trigger()
    window.commands["separate_with_options"].trigger()
    assert begun == [
        (bench.track.id, Wishes({"vocals": 6.0, "bass": -4.0})),
        (
            bench.track.id,
            Wishes({"vocals": 6.0, "drums": 3.0, "bass": -4.0, "other": -20.0}, adapt=True),
        ),
    ]
    assert shown == [[False, 0, 0, 0, 0], [True, 0, 3, 0, -20], [True, 0, 3, 0, -20]]
    window.commands["separate"].trigger()
    assert begun[-1] == (bench.track.id, Wishes())


def test_what_cannot_learn_is_not_asked_to(window, monkeypatch, tmp_path):
    bench, asked = window.bench, []
    separated(bench, changed(stems_of(bench, tmp_path, FOUR), adapted=True))
    monkeypatch.setattr("stemdesk.app.bench.separating.is_adaptable", lambda _: False)
    monkeypatch.setattr(bench.separating, "separate", lambda *words: asked.append(words))

    def answer(dialog):
        assert not dialog.findChild(QCheckBox).isEnabled()
        assert "cannot learn" in dialog.findChild(QLabel, "learning").text()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QDialog, "exec", answer)
    window.commands["separate_with_options"].trigger()
    assert asked == [(bench.track.id, Wishes())]


def test_options_are_refused_where_it_cannot_be(window, monkeypatch):
    bench, asked = window.bench, []
    monkeypatch.setattr(QDialog, "exec", lambda dialog: asked.append(dialog))
    monkeypatch.setattr(bench.separating._separations, "is_separating", lambda _: True)
    window.commands["separate_with_options"].trigger()
    assert window.problem_bar.isVisibleTo(window)
    assert asked == []
    window.problem_bar.withdraw(window.songs)
    # What keeps it from beginning after the answer is told just as well.
    monkeypatch.setattr(bench.separating._separations, "is_separating", lambda _: bool(asked))
    monkeypatch.setattr(QDialog, "exec", lambda _: asked.append(1) or QDialog.DialogCode.Accepted)
    window.commands["separate_with_options"].trigger()
    assert asked
    assert window.problem_bar.isVisibleTo(window)


def test_the_status_line_tells_what_is_kept(window, qtbot, monkeypatch, tmp_path, make_window):
    def status():
        window.watching.show()
        return window.status.text()

    papers = window.bench.papers
    papers._tried_at, papers._autosaved_at, papers._autosaving = 1e12, None, None
    assert "autosaved" not in status()
    papers._autosaved_at = time.monotonic() - 3
    assert "autosaved 3 s ago" in status()
    papers.autosave_problem = UserError("The disk is full", "free some space")
    assert "not saved: The disk is full" in status()
    assert "autosaved" not in status()
    folder = saved(window, qtbot, tmp_path)
    other = make_window(file=ProjectFile.open(folder, read_only=True), separate_on_open=False)
    other.mixing.set_parameter("mixture.level_db", -6.0)
    for _ in range(3):
        other.pump()
    assert other.bench.papers._autosaving is None
    other.watching.show()
    assert "read-only" in other.status.text()
    assert "autosaved" not in other.status.text()


def test_a_damaged_project_opens_from_its_autosave_without_a_question(
    window, qtbot, tmp_path, monkeypatch
):
    folder = saved(window, qtbot, tmp_path)
    window.bench.files.new()
    shutil.move(folder / "project.json", folder / "project.autosave.json")
    (folder / "project.json").write_text("{ not whole")
    asked = answering(monkeypatch, "Discard")
    window.filing.open_project(folder)
    assert asked == []
    window.pump()
    assert "project.json is damaged" in str(window.problem_bar.problems[0])
    assert window.bench.track.name == "Song"
    assert window.filing.save()
    assert (folder / "project.damaged.json").exists()


def test_opening_what_is_open_says_just_that(window, qtbot, tmp_path, monkeypatch):
    folder = saved(window, qtbot, tmp_path)
    papers = window.bench.papers
    asked = answering(monkeypatch, "Cancel")
    window.mixing.set_parameter("mixture.level_db", -6.0)
    window.filing.open_project(folder)
    assert asked == []
    assert window.bench.papers is papers
    assert window.statusBar().currentMessage() == "Mine is open already."


def test_a_project_that_was_saved_is_among_the_recent_ones(window, qtbot, tmp_path):
    folder = saved(window, qtbot, tmp_path)
    until(qtbot, lambda: window.bench.preferences.recent == (str(folder),))
    menu = QMenu()
    window.filing.list_recent(menu)
    assert [(entry.text(), entry.isEnabled()) for entry in menu.actions()] == [(folder.stem, True)]


def test_without_recent_projects_the_menu_says_so(window):
    menu = QMenu()
    window.filing.list_recent(menu)
    assert [(entry.text(), entry.isEnabled()) for entry in menu.actions()] == [("None yet", False)]


def test_exports_of_a_saved_project_lie_beside_it(window, qtbot, tmp_path):
    (tmp_path / "shelf").mkdir()
    window.exporting.open_dialog()
    dialog = window.findChild(ExportDialog)
    assert dialog._folder.folder == str(tmp_path)  # beside the song
    dialog.reject()
    dialog.setParent(None)
    saved(window, qtbot, tmp_path, "shelf/Mine")
    window.exporting.open_dialog()
    dialog = window.findChild(ExportDialog)
    assert dialog._folder.folder == str(tmp_path / "shelf")
    dialog.reject()


def test_the_inspector_names_the_song_as_the_user_does(window, qtbot, tmp_path):
    saved(window, qtbot, tmp_path)
    window.show_document()
    facts = dict(window.inspector.facts)
    assert (facts["File"], facts["Folder"]) == ("Song.wav", "in the project, media")


def test_songs_are_renamed_where_their_tabs_are(window, qtbot, tmp_path, monkeypatch):
    add(window, qtbot, tmp_path / "Other.wav")
    names = iter(["Evening", "Morning", "Noon"])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (next(names), True))
    middle = window.tabs.tabRect(0).center()
    qtbot.mouseDClick(window.tabs, Qt.MouseButton.LeftButton, pos=middle)
    assert [track.name for track in window.bench.project.tracks] == ["Evening", "Other"]
    assert window.tabs.tabText(0) == "Evening"
    window.tabs.setCurrentIndex(1)
    window.tabs.setFocus()
    qtbot.keyClick(window.tabs, Qt.Key.Key_F2)
    assert [track.name for track in window.bench.project.tracks] == ["Evening", "Morning"]
    window.commands["rename_song"].trigger()
    assert window.bench.track.name == "Noon"
    assert window.commands["undo"].text() == "Undo Rename song"
    window.songs.rename(window.bench.track.id, "Rock & Roll")
    assert window.tabs.tabText(1) == "Rock && Roll"  # Qt shows one of them


def test_songs_are_put_in_order_by_dragging_their_tabs(window, qtbot, tmp_path):
    for name in ("Second", "Third"):
        add(window, qtbot, tmp_path / f"{name}.wav")
    tabs, bench = window.tabs, window.bench

    def order():
        return [track.name for track in bench.project.tracks]

    steps = len(bench.papers.history._undo)
    start = tabs.tabRect(0).center()
    end = tabs.tabRect(2).center() + QPoint(10, 0)
    qtbot.mousePress(tabs, Qt.MouseButton.LeftButton, pos=start)
    for share in range(1, 11):
        qtbot.mouseMove(tabs, start + (end - start) * share / 10)
        window.show_document()  # as the window does all the time
    assert order() == ["Song", "Second", "Third"]
    qtbot.mouseRelease(tabs, Qt.MouseButton.LeftButton, pos=end)
    assert order() == ["Second", "Third", "Song"]
    assert len(bench.papers.history._undo) == steps + 1
    assert bench.track.name == "Song"
    assert [tabs.tabText(index) for index in range(3)] == order()
    window.commands["undo"].trigger()
    assert order() == ["Song", "Second", "Third"]
    assert [tabs.tabText(index) for index in range(3)] == order()
    window.commands["song_back"].trigger()
    assert order() == ["Second", "Song", "Third"]
    window.commands["song_forward"].trigger()
    window.commands["song_forward"].trigger()
    assert order() == ["Song", "Second", "Third"]


def test_play_says_why_a_song_is_silent(window, qtbot, tmp_path):
    (tmp_path / "Song.wav").unlink()
    window.bench._desk.show_current()
    window.pump()
    while window.problem_bar.problems:  # whoever draws or measures it may have missed it, too
        window.problem_bar.dismiss()
    window.commands["play"].trigger()
    told = [str(problem) for problem in window.problem_bar.problems]
    assert any("The mixture of Song is not at" in each for each in told)


def crashed(tmp_path, name):
    """A project that was never saved, and whose StemDesk is no more."""
    with ProjectFile.create() as file:
        ref = MediaRef(
            path=str(tmp_path / "Song.wav"), frames=88_200, sample_rate=44_100, channels=2
        )
        file.autosave(add_track(Project(), new_track(name, ref)))
    return file.folder


def test_after_several_crashes_one_chooses(make_window, qtbot, tmp_path, monkeypatch):
    save_noise(tmp_path / "Song.wav")
    folders = {name: crashed(tmp_path, name) for name in ("First", "Second", "Third")}
    window = make_window(separate_on_open=False)

    def answer(dialog):
        assert dialog.list.count() == 3
        named = {dialog.list.item(row).data(Qt.ItemDataRole.UserRole).name: row for row in range(3)}
        dialog.list.setCurrentRow(named["Third"])
        dialog.discard.click()
        assert dialog.list.count() == 2
        names = [dialog.list.item(row).data(Qt.ItemDataRole.UserRole).name for row in range(2)]
        dialog.list.setCurrentRow(names.index("First"))
        dialog.go_on.click()
        return dialog.result()

    monkeypatch.setattr(RecoveryDialog, "exec", answer)
    window.helping.offer_recovery(recoverable())
    assert window.bench.track.name == "First"
    assert not folders["Third"].exists()
    assert [each.name for each in recoverable()] == ["Second"]


def test_what_cannot_be_read_can_only_be_given_up(qtbot, tmp_path):
    found = SimpleNamespace(
        folder=tmp_path / "Bad.stemdesk",
        name="Bad",
        changed=datetime(2026, 1, 2).astimezone(),
        tracks=(),
        is_unsaved=False,
        problem="Bad is damaged",
    )
    dialog = RecoveryDialog([found])
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.go_on.isEnabled()
    gone = []
    dialog.discarded.connect(gone.append)
    dialog.discard.click()
    assert gone == [found]
    dialog.removed(found)
    assert not dialog.isVisible()
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_songs_on_the_command_line_are_no_reason_to_forget_a_crash(tmp_path, monkeypatch):
    song = save_noise(tmp_path / "Song.wav")
    folder = crashed(tmp_path, "First")
    offered, opened, ended, fitted = [], [], [], []

    class Window:
        def __init__(self, bench):
            self.helping = SimpleNamespace(offer_recovery=offered.append, welcome=lambda: None)
            self.filing = SimpleNamespace(open=opened.append)
            self.training = SimpleNamespace(offer_interrupted=lambda: None)
            bench.close()

        def show(self):
            """Nothing is shown."""

    app = QApplication.instance()
    monkeypatch.setattr(application, "QApplication", lambda _: app)
    monkeypatch.setattr(app, "exec", lambda: 0)
    monkeypatch.setattr(application, "MainWindow", Window)
    monkeypatch.setattr(application, "fit_screen", fitted.append)
    monkeypatch.setattr(application.sys, "setswitchinterval", lambda _: None)
    monkeypatch.setattr("stemdesk.app.bench.processor.Processor.warm_up", lambda _: None)
    monkeypatch.setattr(application.os, "_exit", ended.append)
    application.run_app([song])
    assert [each.folder for each in offered[0]] == [folder]
    assert opened == [[song]]
    application.run_app([folder])
    assert offered[1] == []  # it is offered where the project is opened
    assert len(fitted) == 2, "a window that was never shown fits its screen"
    kept = settings.Preferences(window=settings.Window(geometry="AAAA"))
    monkeypatch.setattr(application, "_preferences", lambda _: kept)
    application.run_app([])
    assert len(fitted) == 2, "one that was stays where it was"
    assert ended == [0, 0, 0]


def test_what_was_dropped_beside_a_project_is_told_of(window, qtbot, tmp_path):
    saved(window, qtbot, tmp_path)
    folder = window.bench.papers.file.folder
    window.filing.open([save_noise(tmp_path / "Another.wav"), folder])
    assert "was opened alone" in window.statusBar().currentMessage()
    assert [track.name for track in window.bench.project.tracks] == ["Song"]
