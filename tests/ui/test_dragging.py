"""Lanes dragged away, up to where the mouse of the system takes over."""

import pytest
from PySide6.QtCore import QPoint, Qt

from stemdesk.project.document import MediaRef, StemSet, changed
from stemdesk.project.edits.tracks import add_track, new_track
from stemdesk.ui.wiring import dragging

SHAPE = {"frames": 8, "sample_rate": 44_100, "channels": 1}
"""A stretch so short that nothing is worth drawing."""


@pytest.fixture
def window(make_window, tmp_path, monkeypatch):
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "song.wav", np.zeros(SHAPE["frames"]), SHAPE["sample_rate"])
    window = make_window()
    bench = window.bench
    track = new_track("Song", MediaRef(path=str(tmp_path / "song.wav"), **SHAPE))
    bench.edit("Open", add_track(bench.project, track))
    window.show_document()
    return window


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
    ((lane, file, takes_drops),) = dragged
    assert (lane, file.name, takes_drops) == ("vocals", "Song - vocals.wav", False)
    assert file.samefile(tmp_path / "song.wav")


def with_a_stem(window, tmp_path):
    """The song with a stem that lies in the project under a name made of digits."""
    bench = window.bench
    stem = MediaRef(path=str(tmp_path / "song.wav"), **SHAPE)
    inside = bench.papers.file.media.take_in(stem)
    bench.papers.rewrite_track(
        bench.track.id,
        lambda track: changed(track, separated=StemSet(model="m", stems={"vocals": inside})),
    )
    return bench.papers.files_of(bench.track.separated)["vocals"]


def test_what_was_dragged_away_lies_in_the_project_and_stays_when_it_is_closed(
    window, dragged, tmp_path, qtbot
):
    bench = window.bench
    bench.files.save_as(tmp_path / "Mine")
    qtbot.waitUntil(lambda: not bench.papers.file.is_unsaved and not bench.is_modified)
    path = with_a_stem(window, tmp_path)
    window.dragging.drag("vocals")
    ((_, file, _),) = dragged
    assert file == tmp_path / "Mine.stemdesk" / "dragged" / "Song - vocals.wav"
    assert file.samefile(path)  # nothing was copied
    window.dragging.drag("vocals")
    assert dragged[1][1] == file
    bench.files.save()
    bench.files.new()
    assert file.read_bytes() == (tmp_path / "song.wav").read_bytes()


def test_where_the_disk_has_no_links_it_is_copied_in_the_background(
    window, dragged, tmp_path, qtbot, monkeypatch
):
    from stemdesk.app.bench import offers

    path = with_a_stem(window, tmp_path)

    def no_links(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(offers.os, "link", no_links)
    exports = tmp_path / "for others"
    window.prefer(window.bench.preferences.but(exports=str(exports)))
    window.dragging.drag("vocals")
    assert dragged == []
    assert "drag it once more" in window.statusBar().currentMessage()
    target = exports / "Song - vocals.wav"
    qtbot.waitUntil(lambda: target.exists() and not window.bench.jobs.is_busy)
    window.dragging.drag("vocals")
    assert [file for _, file, _ in dragged] == [target]
    assert not target.samefile(path)
    assert target.read_bytes() == path.read_bytes()


def test_a_file_that_has_gone_is_told_with_the_remedy(window, tmp_path):
    (tmp_path / "song.wav").unlink()
    window.dragging.drag("mixture")
    assert "song.wav" in str(window.problem_bar.problems[0])
    assert window.acceptDrops()
