import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from stemdesk.app.bench.verdict import Verdict, judged
from stemdesk.audio.null import NullReport
from stemdesk.ui.panels.null import NullPanel
from stemdesk.ui.panels.reasons import Reasons
from stemdesk.ui.panels.residual_strip import ResidualStrip
from stemdesk.ui.panels.seal import Seal
from stemdesk.ui.theme import apply_theme, theme

RATE = 44_100
SECONDS = 120


def report(verdict="exact", differing=0, loud_second=32, sample_rate=RATE):
    is_silent = differing == 0
    by_second = [None if is_silent else -120.0] * SECONDS
    if not is_silent:
        by_second[loud_second] = -41.0
    return NullReport(
        frames=SECONDS * sample_rate,
        sample_rate=sample_rate,
        channels=2,
        nonzero_samples=differing,
        peak_dbfs=None if is_silent else -41.23,
        rms_dbfs=None if is_silent else -80.0,
        worst_second=None if is_silent else loud_second,
        by_second=by_second,
        by_band=[(0.0, 125.0, None), (125.0, 250.0, -60.0), (250.0, 22_050.0, -20.0)],
        lag_frames=0,
        polarity=1,
        gain_db=0.0,
        stems=[],
        verdict=verdict,
        reason="vocals.wav arrives 441 samples late",
    )


@pytest.fixture
def panel(qtbot):
    panel = NullPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 640)
    panel.show()
    return panel


def colours(widget):
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_exact_is_a_word_a_green_tick_and_the_count(panel):
    panel.show_verdict(judged("the project's stems", report()), RATE)
    assert panel.words.sign == "tick"
    assert panel.words.word == "Exact"
    assert panel.words.line == "0 of 10\u202f584\u202f000 samples differ"
    seal = panel.findChild(Seal)
    assert seal.accessibleDescription() == "Exact: 0 of 10\u202f584\u202f000 samples differ"
    assert theme().good.name() in colours(seal)
    assert not panel.findChild(ResidualStrip).isVisible()


@pytest.mark.parametrize("which", ["dark", "light"])
def test_the_tick_is_seen_on_its_disc_in_both_themes(panel, qapp, which):
    apply_theme(qapp, which)
    panel.show_verdict(judged("", report()), RATE)
    seal = panel.findChild(Seal)
    image = seal.grab().toImage()
    middle = QPoint(12 + 32 - 4, seal.height() // 2 + 11)  # the tick's foot
    assert image.pixelColor(middle).name() == theme().panel.name()
    assert theme().good.name() in colours(seal)


def test_a_mix_that_is_heard_otherwise_is_still_exact(panel):
    panel.show_verdict(judged("", report(), ("Effects are active.",)), RATE)
    assert panel.words.sign == "tick"
    assert panel.findChild(Reasons, "notes").sentences == ("Effects are active.",)
    assert panel.findChild(Reasons, "reasons").sentences == ()


def test_a_residual_is_told_with_level_place_and_reasons(panel):
    verdict = judged("the export", report("open", 5), ("Files of 16 bits lose the rest",))
    panel.show_verdict(verdict, RATE)
    assert panel.words.word == "Not exact"
    assert "5 of" in panel.words.line
    assert "\N{MINUS SIGN}41.2 dBFS" in panel.findChild(QLabel, "peak").text()
    assert "0:32" in panel.findChild(QLabel, "peak").text()
    assert panel.findChild(Reasons, "reasons").sentences == (
        "vocals.wav arrives 441 samples late.",
        "Files of 16 bits lose the rest.",
    )
    seal = panel.findChild(Seal)
    assert theme().good.name() not in colours(seal)
    inside_the_ring = seal.grab().toImage().pixelColor(12 + 32 - 20, seal.height() // 2)
    assert inside_the_ring.name() != theme().alarm.name()


def test_rounding_is_neither_exact_nor_a_fault(panel):
    panel.show_verdict(judged("", report("rounding", 5)), RATE)
    assert panel.words.sign == "about"
    assert "Exact" not in panel.words.word


def test_the_worst_place_can_be_gone_to(panel, qtbot):
    panel.show_verdict(judged("", report("open", 5)), RATE)
    with qtbot.waitSignal(panel.jump_requested, timeout=500) as caught:
        qtbot.mouseClick(panel.findChild(QToolButton, "worst"), Qt.MouseButton.LeftButton)
    assert caught.args == [32.0]


def test_a_click_on_the_strip_goes_to_that_second(panel, qtbot):
    panel.show_verdict(judged("", report("open", 5)), RATE)
    strip = panel.findChild(ResidualStrip)
    left, right = 40, strip.width() - 2
    x = round(left + (right - left) * 90.5 / SECONDS)
    with qtbot.waitSignal(panel.jump_requested, timeout=500) as caught:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
    assert caught.args == [90.0]


def test_the_strip_is_worked_by_keys(panel, qtbot):
    panel.show_verdict(judged("", report("open", 5)), RATE)
    strip = panel.findChild(ResidualStrip)
    assert strip.chosen_second == 32
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_PageDown)
    assert "0:43" in strip.accessibleDescription()
    with qtbot.waitSignal(panel.jump_requested, timeout=500) as caught:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert caught.args == [43.0]
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert strip.chosen_second == SECONDS - 1
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    assert strip.chosen_second == 0


def test_the_loud_second_stands_highest(panel):
    panel.show_verdict(judged("", report("open", 5, loud_second=60)), RATE)
    strip = panel.findChild(ResidualStrip)
    image = strip.grab().toImage()
    bar = theme().lane("residual").name()

    def height(second):
        x = round(40 + (strip.width() - 42) * (second + 0.5) / SECONDS)
        return sum(image.pixelColor(x, y).name() == bar for y in range(image.height()))

    assert height(60) > 3 * height(30) > 0


def test_a_song_of_hours_keeps_its_loudest_second_in_sight(panel):
    panel.show_verdict(judged("", report("open", 5)), RATE)
    strip = panel.findChild(ResidualStrip)
    levels = [-150.0] * 7200  # the floor: nothing to be seen
    levels[3601] = -20.0
    strip.show_levels(levels, 3601)
    assert theme().lane("residual").name() in colours(strip)


def test_bands_are_told_in_words(panel):
    panel.show_verdict(judged("", report("open", 5)), RATE)
    told = panel.findChild(QWidget, "bands").accessibleDescription()
    assert "0\N{EN DASH}125 Hz: silence" in told
    assert "125\N{EN DASH}250 Hz: \N{MINUS SIGN}60.0 dBFS" in told


def test_checking_shows_progress_and_no_verdict(panel):
    panel.show_verdict(Verdict("checking", "the export", None, (), 0.4), RATE)
    bar = panel.findChild(QWidget, "checking")
    assert bar.isVisible()
    assert bar.accessibleDescription() == "40 %"
    assert panel.words.word == "Checking…"
    assert not panel.findChild(QToolButton, "check").isVisible()


def test_without_a_verdict_it_says_what_to_do(panel):
    panel.show_verdict(Verdict(), RATE)
    assert panel.words.line.startswith("Separate the song")
    panel.show_verdict(None, 0)
    assert panel.words.line.startswith("Open a song")


def test_check_again(panel, qtbot):
    panel.show_verdict(judged("", report()), RATE)
    with qtbot.waitSignal(panel.check_requested, timeout=500):
        qtbot.mouseClick(panel.findChild(QToolButton, "check"), Qt.MouseButton.LeftButton)


def test_another_rate_than_the_songs_is_told(panel):
    panel.show_verdict(judged("the export", report(sample_rate=48_000)), RATE)
    assert panel.findChild(QLabel, "subject").text() == (
        "The export · 2:00, stereo, 48 kHz (the song: 44.1 kHz)"
    )


def test_nothing_is_wider_than_the_panel(panel):
    panel.show_verdict(judged("the export", report("open", 12_345_678)), RATE)
    strip = panel.findChild(ResidualStrip)
    assert strip.mapTo(panel, QPoint(strip.width(), 0)).x() <= panel.width()
