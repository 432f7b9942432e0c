import os
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from stemdesk.errors import UserError
from stemdesk.mixing.settings import neutral
from stemdesk.paths import cache_dir
from stemdesk.project.document import MediaRef, Track
from stemdesk.ui.export import drag
from stemdesk.ui.theme import theme


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "media" / "0123456789ab.WAV"
    path.parent.mkdir()
    path.write_bytes(b"sound" * 1000)
    return path


@pytest.fixture
def track(path):
    ref = MediaRef(path=str(path), frames=1, sample_rate=44_100, channels=2)
    return Track(id="7", name="A/B: Song", mixture=ref, mix=neutral(["mixture"]))


@pytest.fixture(autouse=True)
def _ended():
    yield
    drag.remove_dragged_files()
    assert not [each for each in (cache_dir() / drag.FOLDER).glob("*") if "old" not in each.name]


def dragged(data):
    (url,) = data.urls()
    return Path(url.toLocalFile())


def test_a_lane_is_offered_as_a_file_with_a_readable_name(track, path):
    data = drag.lane_mime(track, "vocals", path)
    assert data.hasUrls()
    assert not data.hasText() or "vocals" in data.text()
    assert dragged(data).name == "A_B_ Song - vocals.wav"
    assert dragged(data).read_bytes() == path.read_bytes()
    assert bytes(data.data(drag.LANE_MIME).data()) == b"7/vocals"
    again = drag.lane_mime(track, "vocals", path)
    assert dragged(again) == dragged(data)
    whole = drag.lane_mime(track, "mixture", path)
    assert dragged(whole).name == "A_B_ Song.wav"


def test_songs_of_one_name_do_not_get_into_each_others_way(track, path, tmp_path):
    other = tmp_path / "media" / "ba9876543210.wav"
    other.write_bytes(b"another")
    first = drag.lane_mime(track, "vocals", path)
    second = drag.lane_mime(track, "vocals", other)
    assert dragged(first).read_bytes() == path.read_bytes()
    assert dragged(second).read_bytes() == b"another"


def test_what_is_given_away_is_a_copy(track, path):
    given = dragged(drag.lane_mime(track, "vocals", path))
    assert given.read_bytes() == path.read_bytes()
    given.write_bytes(b"edited in its place")
    assert path.read_bytes() != b"edited in its place"


def test_files_last_until_the_end_and_old_ones_are_swept(track, path):
    old = cache_dir() / drag.FOLDER / "old"
    fresh = cache_dir() / drag.FOLDER / "not so old"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
        (folder / "x.wav").write_bytes(b"x")
    os.utime(old, (1, time.time() - drag.STALE_SECONDS - 60))
    offered = dragged(drag.lane_mime(track, "vocals", path))
    assert not old.exists()
    assert fresh.exists()
    assert offered.exists()
    drag.remove_dragged_files()
    assert not offered.exists()
    assert path.exists()


def test_a_missing_file_is_named(track, tmp_path):
    with pytest.raises(UserError, match="vocals of A/B: Song is not at"):
        drag.lane_mime(track, "vocals", tmp_path / "gone.wav")


@pytest.mark.parametrize(
    ("answer", "taken"), [(Qt.DropAction.CopyAction, True), (Qt.DropAction.IgnoreAction, False)]
)
def test_a_drag_carries_file_and_picture_and_can_only_copy(
    qtbot, track, path, monkeypatch, answer, taken
):
    widget = QWidget()
    qtbot.addWidget(widget)
    seen = []

    def run(self, actions):
        seen.append((dragged(self.mimeData()), self.pixmap().isNull(), actions))
        return answer

    monkeypatch.setattr(QDrag, "exec", run)
    assert drag.start_lane_drag(widget, track, "drums", path) is taken
    ((file, is_null, actions),) = seen
    assert file.name == "A_B_ Song - drums.wav"
    assert (is_null, actions) == (False, Qt.DropAction.CopyAction)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_picture_is_sharp_and_in_the_lanes_colour(qapp, track, ratio):
    picture = drag.drag_pixmap(track, "bass", ratio)
    assert picture.height() == 28 * ratio
    assert picture.deviceIndependentSize().width() <= drag.WIDEST_PX
    middle = picture.toImage().pixelColor(round(10 * ratio), round(14 * ratio))
    assert middle == theme().lane("bass")
