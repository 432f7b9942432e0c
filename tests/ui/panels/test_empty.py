import warnings
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QToolButton

from stemdesk.ui.icons import _DRAWN, icon
from stemdesk.ui.panels.demo_picture import STEMS, DemoPicture
from stemdesk.ui.panels.empty import EmptyState
from stemdesk.ui.theme import theme


@pytest.fixture
def empty(qtbot):
    empty = EmptyState()
    qtbot.addWidget(empty)
    empty.resize(800, 480)
    empty.show()
    return empty


def drag(widget, mime, *, drop):
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    with warnings.catch_warnings():
        # Newer versions want a QPointF, which older ones do not take.
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(QPoint(50, 50), action, mime, buttons, keys)
    QApplication.sendEvent(widget, enter)
    if drop:
        QApplication.sendEvent(widget, QDropEvent(QPointF(50, 50), action, mime, buttons, keys))
    return enter.isAccepted()


def files(*urls):
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    return mime


def test_dropped_files_are_told_as_paths(empty, qtbot, tmp_path):
    song = tmp_path / "with space ü.wav"
    with qtbot.waitSignal(empty.dropped, timeout=500) as caught:
        assert drag(empty, files(QUrl.fromLocalFile(str(song)).toString()), drop=True)
    assert caught.args == [(song,)]
    assert isinstance(caught.args[0][0], Path)
    assert not empty.is_over


def test_it_lights_up_while_files_hang_over_it(empty, tmp_path):
    drag(empty, files(QUrl.fromLocalFile(str(tmp_path)).toString()), drop=False)
    assert empty.is_over
    QApplication.sendEvent(empty, QDragLeaveEvent())
    assert not empty.is_over


def test_what_is_no_file_of_this_computer_is_refused(empty):
    assert not drag(empty, files("https://example.org/song.wav"), drop=False)
    text = QMimeData()
    text.setText("song")
    assert not drag(empty, text, drop=False)


@pytest.mark.parametrize(
    ("name", "signal"), [("demo", "demo_requested"), ("opensong", "open_requested")]
)
def test_buttons(empty, qtbot, name, signal):
    with qtbot.waitSignal(getattr(empty, signal), timeout=500):
        qtbot.mouseClick(empty.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def test_the_picture_shows_every_stem_in_its_colour(qtbot):
    picture = DemoPicture()
    qtbot.addWidget(picture)
    picture.resize(420, 168)
    image = picture.grab().toImage()
    seen = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    for stem in (*STEMS, "mixture"):
        assert theme().lane(stem).name() in seen


@pytest.mark.parametrize("name", sorted(_DRAWN))
def test_every_icon_paints_something(qapp, name):
    image = icon(name).pixmap(24, 24).toImage()
    assert any(
        image.pixelColor(x, y).alpha() > 128
        for x in range(image.width())
        for y in range(image.height())
    )
