import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QLineEdit

from stemdesk.ui.action_table import ACTIONS
from stemdesk.ui.dialogs.key_caps import caps_of
from stemdesk.ui.dialogs.shortcuts import Shortcut, ShortcutSheet

GESTURE = Shortcut("Timeline", "Fine drag", ("Ctrl",), "Ten times finer.")


@pytest.fixture
def sheet(qtbot):
    sheet = ShortcutSheet([GESTURE])
    qtbot.addWidget(sheet)
    sheet.show()
    return sheet


def search(sheet, qtbot, text):
    line = sheet.findChild(QLineEdit, "search")
    line.clear()
    qtbot.keyClicks(line, text)
    return [each.text for each in sheet.shown]


def test_every_action_that_has_keys_is_on_the_sheet(sheet):
    shown = {key for line in sheet.shown for key in line.keys}
    native = QKeySequence.SequenceFormat.NativeText
    for spec in ACTIONS:
        for keys in spec.keys:
            assert QKeySequence(keys).toString(native) in shown, spec.id
    assert GESTURE in sheet.shown


def test_groups_stay_together_in_the_order_of_the_menus(sheet):
    groups = [line.group for line in sheet.shown]
    assert list(dict.fromkeys(groups)) == [
        group for place, group in enumerate(groups) if place == 0 or group != groups[place - 1]
    ]
    assert groups[0] == "File"
    assert groups[-1] == "Timeline"


def test_search_finds_words_keys_and_tips(sheet, qtbot):
    assert "Save project" in search(sheet, qtbot, "save PROJ")
    assert search(sheet, qtbot, "ctrl+shift+e") == ["Export"]
    assert search(sheet, qtbot, "finer") == ["Fine drag"]
    assert len(search(sheet, qtbot, "")) == len(sheet.shortcuts)


def test_a_search_that_finds_nothing_says_so(sheet, qtbot):
    assert search(sheet, qtbot, "xyzzy") == []
    assert sheet.findChild(QLabel, "nothing").isVisible()
    search(sheet, qtbot, "save")
    assert not sheet.findChild(QLabel, "nothing").isVisible()


def test_it_prints_all_lines_whatever_is_searched(sheet, qtbot, tmp_path):
    search(sheet, qtbot, "save")
    text = sheet.document().toPlainText()
    for line in sheet.shortcuts:
        assert line.text in text
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "sheet.pdf"))
    sheet.document().print_(printer)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("way", "caps"),
    [
        ("Ctrl+Shift+S", ["Ctrl", "Shift", "S"]),
        ("Ctrl++", ["Ctrl", "+"]),
        ("+", ["+"]),
        ("F1", ["F1"]),
        ("Ctrl+-", ["Ctrl", "-"]),
    ],
)
def test_key_caps(way, caps):
    assert caps_of(way) == caps
