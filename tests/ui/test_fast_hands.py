"""What a hand does faster than anybody sees is heard at once, and seen in the end."""

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication


@pytest.fixture
def window(make_window, qtbot, tmp_path):
    rng = np.random.default_rng(1)
    song = tmp_path / "song.wav"
    soundfile.write(song, rng.normal(0, 0.1, (3 * 44_100, 2)), 44_100, subtype="PCM_16")
    window = make_window(separate_on_open=False)
    window.filing.open([song])
    qtbot.waitUntil(lambda: window.bench.track is not None, timeout=20_000)
    return window


def test_the_last_place_of_a_dragged_fader_is_shown(window, qtbot, monkeypatch):
    monkeypatch.setattr("stemdesk.ui.wiring.arranging.LEAST_SECONDS", 1.0)
    scene = window.timeline.scene
    seen = []
    for step in range(40):
        window.mixing.set_parameter("mixture.level_db", -step / 4)
        seen.append(scene.track.mix.strip("mixture").level_db)
    assert window.bench.stage.mix.strip("mixture").level_db == -39 / 4
    assert len(set(seen)) < 40  # not every step was worth a paint
    qtbot.waitUntil(lambda: scene.track is window.bench.track, timeout=10_000)
    assert scene.track.mix.strip("mixture").level_db == -39 / 4


def test_what_is_no_fader_is_shown_at_once(window):
    window.mixing.set_parameter("mixture.level_db", -1.0)
    for frame in (1000, 2000, 3000):
        window.arranging.add_marker(frame)
        assert window.timeline.scene.track is window.bench.track


def test_a_dragged_fader_lays_nothing_out_anew(window, qtbot):
    window.mixing.add_effect("mixture", "reverb")
    window.mixing.set_parameter("mixture.level_db", -1.0)
    qtbot.wait(200)
    laid = []

    class Watch(QObject):
        def eventFilter(self, watched, event):  # noqa: N802
            if event.type() == QEvent.Type.LayoutRequest:
                laid.append(watched.objectName() or type(watched).__name__)
            return False

    watch = Watch()
    for widget in (window.mixer, *window.mixer.strips, window.timeline, window.timeline.headers):
        widget.installEventFilter(watch)
    for step in range(10):
        window.mixing.set_parameter("mixture.level_db", -2.0 - step)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: window.timeline.scene.track is window.bench.track, timeout=10_000)
    QApplication.processEvents()
    assert not laid
