import math

import pytest
from PySide6.QtCore import QEvent, QObject, Qt

from stemdesk.ui.mixer.ballistics import Ballistics
from stemdesk.ui.mixer.lamp import ClipLamp
from stemdesk.ui.mixer.meter import Meter
from stemdesk.ui.theme import apply_theme, theme


def run(channel, seconds, peak=0.0, power=0.0, step=1 / 30):
    for _ in range(round(seconds / step)):
        channel.advance(peak, power, step)


def test_the_bar_rises_at_once_and_falls_by_20_db_a_second():
    channel = Ballistics()
    channel.advance(0.5, 0.1, 1 / 30)
    assert channel.bar_db == pytest.approx(-6.02, abs=0.01)
    run(channel, 1.0)
    assert channel.bar_db == pytest.approx(-26.02, abs=0.01)


def test_the_peak_line_holds_for_a_second_and_a_half_and_then_falls():
    channel = Ballistics()
    channel.advance(1.0, 0.5, 1 / 30)
    run(channel, 1.5)
    assert channel.held_db == pytest.approx(0.0, abs=1e-6)
    run(channel, 0.5)
    assert channel.held_db == pytest.approx(-10.0, abs=0.1)


def test_the_fall_does_not_depend_on_how_often_it_is_called():
    slow, fast = Ballistics(), Ballistics()
    for channel, step in ((slow, 0.5), (fast, 0.01)):
        channel.advance(1.0, 0.25, step)
        run(channel, 2.5, step=step)
    assert slow.held_db == pytest.approx(fast.held_db, abs=0.01)
    assert slow.bar_db == pytest.approx(fast.bar_db, abs=0.01)


def test_a_steady_sine_reads_its_rms():
    channel = Ballistics()
    run(channel, 3.0, peak=1.0, power=0.5)
    assert channel.rms_db == pytest.approx(-3.01, abs=0.01)
    assert not channel.clipped


def test_clipping_is_remembered_until_it_is_cleared():
    channel = Ballistics()
    channel.advance(1.25, 0.5, 1 / 30)
    run(channel, 10.0)
    assert channel.clipped
    assert channel.highest_db == pytest.approx(1.94, abs=0.01)
    channel.clear_clip()
    assert not channel.clipped
    channel.advance(1.0, 0.5, 1 / 30)
    assert not channel.clipped  # full scale itself is not too loud


def test_it_comes_to_rest():
    channel = Ballistics()
    assert channel.is_still
    channel.advance(1.0, 0.5, 1 / 30)
    assert not channel.is_still
    run(channel, 6.0)
    assert channel.is_still


@pytest.fixture
def meter(qtbot):
    meter = Meter("Vocals", "vocals")
    qtbot.addWidget(meter)
    meter.resize(20, 264)  # 4 px a dB
    meter.show()
    qtbot.waitExposed(meter)
    return meter


def height_of(meter, x, colour):
    picture = meter.grab().toImage()
    return sum(picture.pixelColor(x, y) == colour for y in range(picture.height()))


def test_rms_fills_the_bar_in_the_lanes_colour(meter):
    for _ in range(100):
        meter.advance([0.5, 0.0], [10.0**-2.0, 0.0], 1 / 30)
    assert height_of(meter, 4, theme().lane("vocals")) == pytest.approx(4 * 40, abs=5)
    assert height_of(meter, 15, theme().lane("vocals")) == 0
    picture = meter.grab().toImage()
    assert picture.pixelColor(4, 255) == theme().lane("vocals")
    assert picture.pixelColor(4, 8) != theme().lane("vocals")


def test_it_moves_only_when_told(meter, qtbot):
    meter.advance([1.0, 1.0], [0.5, 0.5], 1 / 30)
    before = meter.grab().toImage()
    qtbot.wait(60)
    assert meter.grab().toImage() == before
    meter.advance((), (), 0.5)
    assert meter.grab().toImage() != before


def test_it_is_painted_when_something_moved_and_only_then(meter, qapp):
    class Paints(QObject):
        count = 0

        def eventFilter(self, _, event):  # noqa: N802 - Qt's name
            self.count += event.type() == QEvent.Type.Paint
            return False

    paints = Paints()
    meter.installEventFilter(paints)
    meter.advance([0.5, 0.5], [0.1, 0.1], 1 / 30)
    qapp.processEvents()
    assert paints.count == 1
    for _ in range(300):
        meter.advance((), (), 1 / 30)
        qapp.processEvents()
    assert meter.is_still
    before = paints.count
    meter.advance((), (), 1 / 30)
    qapp.processEvents()
    assert paints.count == before


def test_it_has_as_many_bars_as_channels(meter):
    meter.advance([0.5] * 6, [0.1] * 6, 1 / 30)
    assert len(meter.channels) == 6
    meter.advance((), (), 1 / 30)
    assert len(meter.channels) == 6
    assert not meter.grab().isNull()


def test_a_lying_meter_grows_to_the_right(qtbot):
    meter = Meter("Vocals", "vocals", is_upright=False)
    qtbot.addWidget(meter)
    meter.resize(132, 12)
    for _ in range(100):
        meter.advance([0.5], [10.0**-3.0], 1 / 30)
    picture = meter.grab().toImage()
    lane = theme().lane("vocals")
    filled = [x for x in range(132) if picture.pixelColor(x, 6) == lane]
    assert filled[0] == 0
    assert len(filled) == pytest.approx(60, abs=4)


def test_another_theme_repaints(meter, qapp):
    dark = meter.grab().toImage()
    try:
        apply_theme(qapp, "light")
        assert meter.grab().toImage() != dark
    finally:
        apply_theme(qapp, "dark")


def test_the_lamp_shows_which_channel_and_how_much(qtbot, hands, log):
    lamp = ClipLamp("Vocals")
    qtbot.addWidget(lamp)
    lamp.show()
    log.watch(cleared=lamp.cleared)
    channels = (Ballistics(), Ballistics())
    lamp.show_channels(channels)
    assert not lamp.is_lit
    channels[1].advance(2.0, 1.0, 1 / 30)
    lamp.show_channels(channels)
    assert lamp.is_lit
    assert "+6.0 dBFS" in lamp.accessibleDescription()
    picture = lamp.grab().toImage()
    alarm = theme().alarm
    reds = [
        x for x in range(picture.width()) for y in range(8, 16) if picture.pixelColor(x, y) == alarm
    ]
    assert min(reds) >= 11
    hands.click(lamp)
    hands.click(lamp, modifiers=Qt.KeyboardModifier.ControlModifier)
    hands.key(lamp, Qt.Key.Key_Space)
    assert log.take() == [("cleared", False), ("cleared", True), ("cleared", False)]
    assert math.isfinite(channels[1].highest_db)
