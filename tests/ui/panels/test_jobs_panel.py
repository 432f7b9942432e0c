from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QToolButton, QWidget

from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState
from stemdesk.jobs.queue import JobQueue
from stemdesk.ui.panels.job_row import JobRow
from stemdesk.ui.panels.jobs import JobsPanel


@dataclass
class Fake:
    id: int
    title: str = "song.wav"
    kind: str = "Separate"
    state: JobState = JobState.RUNNING
    fraction: float = 0.5
    stage: str = ""
    seconds_left: float | None = None
    speed: float | None = None
    notes: list[str] = field(default_factory=list)
    error: BaseException | None = None
    result: object = None
    is_waiting: bool = False


@pytest.fixture
def panel(qtbot):
    panel = JobsPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 600)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def show(panel, *jobs, device="Processor: no CUDA device was found", forecast=""):
    panel.show_entries(jobs, device, forecast)


def row(panel, job_id):
    return panel.findChild(JobRow, f"job:{job_id}")


def button(panel, name):
    return panel.findChild(QToolButton, name)


def order(panel):
    rows = [each for each in panel.findChildren(JobRow) if not each.isHidden()]
    return [each.job_id for each in sorted(rows, key=lambda each: each.y())]


def test_a_running_job_says_how_far_how_fast_and_how_long(panel):
    show(panel, Fake(1, fraction=0.639, stage="Checking", seconds_left=11.2, speed=5.23))
    words = row(panel, 1).words
    assert words.standing == "63 %"
    assert words.doing == "Separate · checking · 5.2 \N{MULTIPLICATION SIGN} real time"
    assert words.left == "0:12 left"
    assert "0:12 left" in row(panel, 1).accessibleDescription()


@pytest.mark.parametrize(("speed", "lengths"), [(1 / 68, "68"), (0.4, "2.5")])
def test_a_slow_job_says_how_many_lengths_of_the_song_it_takes(panel, speed, lengths):
    show(panel, Fake(1, fraction=0.1, stage="Checking", speed=speed))
    expected = f"takes {lengths} \N{MULTIPLICATION SIGN} the song's length"
    assert row(panel, 1).words.doing == f"Separate · checking · {expected}"


def test_a_stage_that_says_the_same_as_the_kind_is_not_said_twice(panel):
    show(panel, Fake(1, stage="Separating"))
    assert row(panel, 1).words.doing == "Separate"


def test_nothing_is_done_before_it_is_done(panel):
    show(panel, Fake(1, fraction=0.9999))
    assert row(panel, 1).words.standing == "99 %"


def test_the_device_is_told_with_the_reason(panel):
    show(panel)
    assert panel.findChild(QLabel, "device").text() == "Processor: no CUDA device was found"


def test_an_empty_list_says_what_it_is_for(panel):
    show(panel)
    assert panel.findChild(QLabel, "nojobs").isVisible()
    show(panel, Fake(1))
    assert not panel.findChild(QLabel, "nojobs").isVisible()


@pytest.mark.parametrize(
    ("state", "signal", "name"),
    [
        (JobState.RUNNING, "pause_requested", "go:7"),
        (JobState.QUEUED, "pause_requested", "go:7"),
        (JobState.PAUSED, "resume_requested", "go:7"),
        (JobState.FAILED, "retry_requested", "go:7"),
        (JobState.CANCELLED, "retry_requested", "go:7"),
        (JobState.RUNNING, "cancel_requested", "end:7"),
        (JobState.PAUSED, "cancel_requested", "end:7"),
        (JobState.DONE, "remove_requested", "end:7"),
        (JobState.FAILED, "remove_requested", "end:7"),
    ],
)
def test_buttons_do_what_fits_the_state(panel, qtbot, state, signal, name):
    show(panel, Fake(7, state=state))
    with qtbot.waitSignal(getattr(panel, signal), timeout=500) as caught:
        qtbot.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)
    assert caught.args == [7]


def test_only_what_waits_can_be_moved(panel, qtbot):
    show(panel, Fake(1), Fake(2, state=JobState.QUEUED, is_waiting=True))
    assert not button(panel, "up:1").isVisible()
    with qtbot.waitSignal(panel.up_requested, timeout=500) as caught:
        qtbot.mouseClick(button(panel, "up:2"), Qt.MouseButton.LeftButton)
    assert caught.args == [2]
    with qtbot.waitSignal(panel.down_requested, timeout=500):
        qtbot.mouseClick(button(panel, "down:2"), Qt.MouseButton.LeftButton)


def test_a_done_job_has_no_bar_and_nothing_to_pause(panel):
    show(panel, Fake(1, state=JobState.DONE, fraction=1.0))
    assert not button(panel, "go:1").isVisible()
    assert not panel.findChild(QWidget, "bar:1").isVisible()
    assert panel.findChild(QWidget, "sign:1").isVisible()


def test_failure_is_told_in_words_with_the_remedy_and_details_to_copy(panel, qtbot):
    error = UserError("/music/a.wav ends too soon", "copy it again")
    show(panel, Fake(3, state=JobState.FAILED, error=error))
    assert panel.findChild(QLabel, "problem:3").text() == "/music/a.wav ends too soon."
    assert panel.findChild(QLabel, "remedy:3").text() == "Copy it again."
    qtbot.mouseClick(button(panel, "details:3"), Qt.MouseButton.LeftButton)
    assert panel.findChild(QPlainTextEdit, "text:detailsbox:3").isVisible()
    qtbot.mouseClick(button(panel, "copy:detailsbox:3"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == str(error)


def test_an_unexpected_failure_has_its_traceback_in_the_details(panel, qtbot):
    try:
        raise ValueError("shapes differ")  # noqa: TRY301 - to be caught with a traceback
    except ValueError as error:
        show(panel, Fake(3, state=JobState.FAILED, error=error))
    assert "shapes differ" in panel.findChild(QLabel, "problem:3").text()
    assert "Traceback" not in panel.findChild(QLabel, "problem:3").text()
    qtbot.mouseClick(button(panel, "details:3"), Qt.MouseButton.LeftButton)
    text = panel.findChild(QPlainTextEdit, "text:detailsbox:3").toPlainText()
    assert "Traceback" in text
    assert "test_jobs_panel" in text


def test_a_retry_takes_the_problem_away(panel):
    show(panel, Fake(3, state=JobState.FAILED, error=UserError("Bad", "mend it")))
    show(panel, Fake(3, state=JobState.RUNNING))
    assert not panel.findChild(QLabel, "problem:3").isVisible()
    assert not button(panel, "details:3").isVisible()


def test_notes_fold_out(panel, qtbot):
    show(panel, Fake(1, notes=["one thing", "Another."]))
    notes, text = button(panel, "notes:1"), panel.findChild(QLabel, "notestext:1")
    assert notes.text() == "2 notes"
    assert not text.isVisible()
    qtbot.mouseClick(notes, Qt.MouseButton.LeftButton)
    assert text.isVisible()
    assert text.text() == "One thing.\nAnother."


def test_showing_again_keeps_rows_and_focus(panel):
    jobs = [Fake(1), Fake(2)]
    show(panel, *jobs)
    button(panel, "end:2").setFocus()
    before = row(panel, 2)
    for step in range(5):
        show(panel, jobs[0], replace(jobs[1], fraction=step / 5))
    assert row(panel, 2) is before
    assert button(panel, "end:2").hasFocus()


def test_what_has_not_changed_is_not_painted_again(panel, qtbot, monkeypatch):
    jobs = [Fake(1), Fake(2)]
    show(panel, *jobs)
    qtbot.wait(20)
    painted = []
    monkeypatch.setattr(JobRow, "paintEvent", lambda self, _event: painted.append(self.job_id))
    for _ in range(3):
        show(panel, *jobs)
        qtbot.wait(5)
    assert painted == []


def test_rows_follow_the_order_of_the_queue(panel, qtbot):
    one, two, three = Fake(1), Fake(2), Fake(3)
    show(panel, one, two, three)
    qtbot.waitUntil(lambda: order(panel) == [1, 2, 3])
    show(panel, three, one, two)
    qtbot.waitUntil(lambda: order(panel) == [3, 1, 2])


def test_focus_stays_on_a_row_that_moves(panel):
    one, two = (Fake(n, state=JobState.QUEUED, is_waiting=True) for n in (1, 2))
    show(panel, one, two)
    button(panel, "up:2").setFocus()
    show(panel, two, one)
    assert button(panel, "up:2").hasFocus()


@pytest.mark.parametrize(("gone", "next_one"), [(1, 2), (2, 3), (3, 2)])
def test_focus_goes_to_a_neighbour_when_a_row_is_removed(panel, gone, next_one):
    jobs = [Fake(1), Fake(2), Fake(3)]
    show(panel, *jobs)
    button(panel, f"end:{gone}").setFocus()
    show(panel, *(job for job in jobs if job.id != gone))
    assert row(panel, next_one).hasFocus()


def test_focus_stays_in_the_row_when_its_button_goes(panel):
    show(panel, Fake(1))
    button(panel, "go:1").setFocus()
    show(panel, Fake(1, state=JobState.DONE))
    assert row(panel, 1).hasFocus()


def test_keys(panel, qtbot):
    show(panel, Fake(1), Fake(2, state=JobState.QUEUED, is_waiting=True))
    row(panel, 1).setFocus()
    with qtbot.waitSignal(panel.pause_requested, timeout=500):
        qtbot.keyClick(row(panel, 1), Qt.Key.Key_Space)
    with qtbot.waitSignal(panel.cancel_requested, timeout=500):
        qtbot.keyClick(row(panel, 1), Qt.Key.Key_Delete)
    qtbot.keyClick(row(panel, 1), Qt.Key.Key_Down)
    assert row(panel, 2).hasFocus()
    with qtbot.waitSignal(panel.up_requested, timeout=500) as caught:
        qtbot.keyClick(row(panel, 2), Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == [2]


def test_finished_jobs_can_be_cleared(panel, qtbot):
    show(panel, Fake(1))
    assert not button(panel, "clear").isVisible()
    show(panel, Fake(1), Fake(2, state=JobState.DONE))
    with qtbot.waitSignal(panel.clear_requested, timeout=500):
        qtbot.mouseClick(button(panel, "clear"), Qt.MouseButton.LeftButton)


def test_entries_of_the_queue_are_shown_as_they_are(panel):
    queue = JobQueue()
    entry = queue.add("song.wav", "Separate", lambda: None)
    show(panel, *queue.entries)
    words = row(panel, entry.id).words
    assert (words.title, words.standing, words.can_move) == ("song.wav", "Waiting", True)


def test_every_button_can_be_hit_and_has_a_name(panel):
    show(panel, Fake(1), Fake(2, state=JobState.FAILED, error=UserError("Bad", "mend it")))
    for each in panel.findChildren(QToolButton):
        if each.isVisible():
            assert each.height() >= 24, each.objectName()
            assert each.accessibleName(), each.objectName()
