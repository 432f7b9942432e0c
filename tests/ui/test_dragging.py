"""Lanes dragged away, up to where the mouse of the system takes over."""

import pytest
from PySide6.QtCore import QPoint, Qt

from stemdesk.app.bench.workbench import Workbench
from stemdesk.project.document import MediaRef, StemSet, changed
from stemdesk.project.edits.tracks import add_track, new_track
from stemdesk.settings import Preferences
from stemdesk.ui.main_window import MainWindow
from stemdesk.ui.wiring import dragging

SHAPE = {"frames": 8, "sample_rate": 44_100, "channels": 1}
"""A stretch so short that nothing is worth drawing."""


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch):
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "song.wav", np.zeros(SHAPE["frames"]), SHAPE["sample_rate"])
    bench = Workbench(Preferences(audio_device="silent", welcomed=True))
    window = MainWindow(bench)
    track = new_track("Song", MediaRef(path=str(tmp_path / "song.wav"), **SHAPE))
    bench.edit("Open", add_track(bench.project, track))
    window.show()
    window.show_document()
    yield window
    bench.papers.give_up()
    window.filing.may_leave = lambda _then: True
    window.close()
    window.deleteLater()


@pytest.fixture
def dragged(monkeypatch):
    """(lane, path, whether the window would take a drop) of each drag."""
    drags = []

    def start(widget, track, lane, path):
        drags.append((lane, path, widget.acceptDrops()))

    monkeypatch.setattr(dragging, "start_lane_drag", start)
    return drags


def pull(qtbot, header, way):
    start = QPoint(120, 12)
    qtbot.mousePress(header, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(header, start + QPoint(way, 0))
    qtbot.mouseRelease(header, Qt.MouseButton.LeftButton, pos=start + QPoint(way, 0))


def test_a_header_is_dragged_once_past_a_tremble(window, qtbot, dragged, tmp_path):
    header = window.timeline.headers.headers["mixture"]
    pull(qtbot, header, 2)
    assert dragged == []
    qtbot.mouseMove(header, QPoint(200, 12))  # nothing is held
    assert dragged == []
    pull(qtbot, header, 60)
    # The song's own file; the window would open it as another song.
    assert dragged == [("mixture", tmp_path / "song.wav", False)]
    assert window.acceptDrops()


def test_stems_are_the_projects_files_and_what_has_none_says_why(window, dragged, tmp_path):
    track = window.bench.track
    assert window.dragging.drag("vocals") is None
    assert dragged == []
    assert "once it is separated" in window.statusBar().currentMessage()
    window.dragging.drag("residual")
    assert "has no file" in window.statusBar().currentMessage()

    ref = MediaRef(path=str(tmp_path / "song.wav"), **SHAPE)
    window.bench.papers.rewrite_track(
        track.id,
        lambda track: changed(track, separated=StemSet(model="m", stems={"vocals": ref})),
    )
    window.dragging.drag("vocals")
    assert dragged == [("vocals", tmp_path / "song.wav", False)]


def test_a_file_that_has_gone_is_told_with_the_remedy(window, tmp_path):
    (tmp_path / "song.wav").unlink()
    window.dragging.drag("mixture")
    assert "song.wav" in str(window.problem_bar.problems[0])
    assert window.acceptDrops()
