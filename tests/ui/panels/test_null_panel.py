from dataclasses import replace
from itertools import pairwise

import msgspec
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


GAIN = "Common gain applied (\N{MINUS SIGN}6.02 dB)."


def lowered(**changes):
    return msgspec.structs.replace(report(**changes), makeup_db=6.0206)


@pytest.mark.parametrize("which", ["dark", "light"])
def test_exact_after_a_gain_has_another_sign_and_says_the_gain(panel, qapp, which):
    apply_theme(qapp, which)
    panel.show_verdict(replace(judged("the export", lowered()), is_export=True), RATE)
    assert (panel.words.sign, panel.words.word) == ("raise", "Exact after +6.02 dB")
    assert panel.words.line == (
        "0 of 10\u202f584\u202f000 samples differ: "
        "the files sum to the song at \N{MINUS SIGN}6.02 dB"
    )
    assert panel.findChild(Reasons, "reasons").sentences == (GAIN,)
    assert not panel.findChild(ResidualStrip).isVisible()
    seal = panel.findChild(Seal)
    assert theme().good.name() not in colours(seal)
    image, middle = seal.grab().toImage(), seal.height() // 2
    shaft, beside = (image.pixelColor(12 + 32 + x, middle + 2).name() for x in (0, 12))
    assert shaft == theme().accent.name() != beside


def test_what_is_heard_otherwise_is_no_reason_for_the_gain(panel):
    panel.show_verdict(judged("", lowered(), ("Effects are active.",)), RATE)
    assert panel.findChild(Reasons, "reasons").sentences == (GAIN,)
    assert panel.findChild(Reasons, "notes").sentences == ("Effects are active.",)
    assert panel.findChild(QToolButton, "check").isVisible()


def test_a_residual_after_a_gain_says_so(panel):
    panel.show_verdict(judged("", lowered(verdict="open", differing=5)), RATE)
    assert panel.words.line.endswith("samples differ after +6.02 dB")
    assert panel.findChild(Reasons, "reasons").sentences[-1] == GAIN


def test_effects_show_how_far_from_the_song_they_lead_and_why(panel):
    reasons = ("Effects are active.", "Faders or pans are moved.")
    verdict = Verdict("unmeant", "The exported file", report("open", 5), reasons, is_export=True)
    panel.show_verdict(verdict, RATE)
    assert (panel.words.sign, panel.words.word) == ("unmeant", "Not meant to null")
    assert panel.words.line == "5 of 10\u202f584\u202f000 samples differ from the song"
    assert panel.findChild(Reasons, "reasons").sentences == reasons
    assert "0:32" in panel.findChild(QLabel, "peak").text()
    assert panel.findChild(QToolButton, "worst").isVisible()
    assert panel.findChild(ResidualStrip).isVisible()
    assert "\N{MINUS SIGN}20.0 dBFS" in panel.findChild(QWidget, "bands").accessibleDescription()
    seal = colours(panel.findChild(Seal))
    assert theme().mute.name() in seal
    assert theme().good.name() not in seal


def test_what_an_instrumental_is_held_against_is_named(panel):
    verdict = Verdict("unmeant", "", report("open", 5), without=("vocals", "drums"))
    panel.show_verdict(verdict, RATE)
    assert panel.words.line.endswith("samples differ from the song without Vocals, Drums")
    panel.show_verdict(replace(verdict, report=report()), RATE)
    assert panel.words.line.startswith("0 of")
    assert not panel.findChild(ResidualStrip).isVisible()
    assert not panel.findChild(QLabel, "peak").isVisible()
    assert not panel.findChild(QToolButton, "worst").isVisible()
    panel.show_verdict(replace(judged("", report()), without=("vocals",)), RATE)
    assert panel.words.word == "Exact"
    assert panel.words.line.endswith("samples differ from the song without Vocals")


def test_what_could_not_be_measured_shows_its_reason_alone(panel):
    verdict = Verdict("unmeant", "The exported files", reasons=("The null was not checked.",))
    panel.show_verdict(verdict, RATE)
    assert panel.words.sign == "unmeant"
    assert panel.findChild(Reasons, "reasons").sentences == ("The null was not checked.",)
    assert not panel.findChild(ResidualStrip).isVisible()


def test_seconds_of_a_selection_are_those_of_the_song(panel, qtbot):
    panel.show_verdict(replace(judged("", report("open", 5)), start_seconds=60.5), RATE)
    assert "1:32" in panel.findChild(QLabel, "peak").text()
    strip = panel.findChild(ResidualStrip)
    assert strip.accessibleDescription().startswith("1:32: ")
    with qtbot.waitSignal(panel.jump_requested, timeout=500) as caught:
        qtbot.mouseClick(panel.findChild(QToolButton, "worst"), Qt.MouseButton.LeftButton)
    assert caught.args == [92.5]
    with qtbot.waitSignal(panel.jump_requested, timeout=500) as caught:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 3, 20))
    assert caught.args == [60.5 + SECONDS - 1]
    with qtbot.waitSignal(panel.jump_requested, timeout=500) as caught:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert caught.args == [60.5 + SECONDS - 1]


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


def test_frequencies_do_not_run_into_each_other(panel):
    edges = [0.0, *(22.1 * 2.0**octave for octave in range(1, 10)), 22_050.0]
    bands = [(low, high, None) for low, high in pairwise(edges)]
    panel.show_verdict(judged("", msgspec.structs.replace(report("open", 5), by_band=bands)), RATE)
    picture = panel.findChild(QWidget, "bands")
    image = picture.grab().toImage()
    ground, foot = theme().panel.name(), range(image.height() - 12, image.height())
    inked = [
        any(image.pixelColor(x, y).name() != ground for y in foot) for x in range(image.width())
    ]
    runs = "".join(".#"[each] for each in inked).replace("##.##", "#####").split("...")
    widths = [len(run.strip(".")) for run in runs if run.strip(".")]
    assert len(widths) >= 5
    assert max(widths) < 40


def test_a_hyphen_in_the_name_of_a_file_stays(panel):
    told = ("-1.wav has inverted polarity", "Common gain applied (-6.02 dB).")
    panel.show_verdict(Verdict("unmeant", "", report("open", 5), told), RATE)
    assert panel.findChild(Reasons, "reasons").sentences == (f"{told[0]}.", GAIN)


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
