from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from stemdesk.mixing.settings import neutral
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


def dragged(data):
    (url,) = data.urls()
    return Path(url.toLocalFile())


def test_a_drag_carries_the_files_url_and_says_which_lane_it_is(track, path):
    data = drag.lane_mime(track, "vocals", path)
    assert data.hasUrls()
    assert dragged(data) == path
    assert bytes(data.data(drag.LANE_MIME).data()) == b"7/vocals"
    assert drag.lane_name(track, "vocals") == "A/B: Song - vocals"
    assert drag.lane_name(track, "mixture") == "A/B: Song"


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
    assert file == path
    assert (is_null, actions) == (False, Qt.DropAction.CopyAction)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_picture_is_sharp_and_in_the_lanes_colour(qapp, track, ratio):
    picture = drag.drag_pixmap(track, "bass", ratio)
    assert picture.height() == 28 * ratio
    assert picture.deviceIndependentSize().width() <= drag.WIDEST_PX
    middle = picture.toImage().pixelColor(round(10 * ratio), round(14 * ratio))
    assert middle == theme().lane("bass")
