import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
)

from stemdesk.paths import cache_dir
from stemdesk.settings import Preferences
from stemdesk.ui.dialogs.choices import Choices
from stemdesk.ui.dialogs.model_list import ModelList
from stemdesk.ui.dialogs.settings import SettingsDialog

CHOICES = Choices(
    models=[
        ("small", "Small model", "vocals 6.1 dB", "8.4 MiB"),
        ("large", "Large model", "vocals 8.0 dB", "88 MiB"),
    ],
    devices=[
        ("cuda", False, "no GPU, or its driver is missing"),
        ("cpu", True, "2 physical cores, always there"),
    ],
    audio_devices=["USB Audio", "Built-in"],
    languages=(("en", "English"), ("de", "Deutsch")),
)
CHANGED = Preferences(
    device="cpu",
    threads=3,
    model="large",
    separate_on_open=False,
    accept_incomplete=True,
    audio_device="Built-in",
    theme="light",
    language="de",
    projects="/p",
    exports="/e",
    recent=("/kept",),
    welcomed=True,
)


@pytest.fixture
def make(qtbot):
    def make(preferences):
        dialog = SettingsDialog(preferences, CHOICES)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def box(dialog, name):
    return dialog.findChild(QComboBox, name)


def press(qtbot, dialog, which):
    button = dialog.findChild(QDialogButtonBox).button(getattr(QDialogButtonBox, which))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("preferences", [Preferences(), CHANGED])
def test_what_is_not_touched_stays_as_it_was(make, qtbot, preferences):
    dialog = make(preferences)
    assert dialog.preferences == preferences
    told = []
    dialog.changed.connect(told.append)
    press(qtbot, dialog, "Ok")
    assert told == []
    assert not dialog.isVisible()


def test_everything_can_be_changed(make, qtbot):
    dialog = make(Preferences(recent=("/kept",), welcomed=True))
    models = dialog.findChild(ModelList)
    models.setFocus()
    qtbot.keyClick(models, Qt.Key.Key_Down)
    for name, data in (
        ("device", "cpu"),
        ("audio", "Built-in"),
        ("theme", "light"),
        ("language", "de"),
    ):
        box(dialog, name).setCurrentIndex(box(dialog, name).findData(data))
    dialog.findChild(QSpinBox, "threads").setValue(3)
    dialog.findChild(QCheckBox, "separate_on_open").click()
    dialog.findChild(QCheckBox, "accept_incomplete").click()
    qtbot.keyClicks(dialog.findChild(QLineEdit, "projects"), "/p")
    qtbot.keyClicks(dialog.findChild(QLineEdit, "exports"), "/e")
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        press(qtbot, dialog, "Ok")
    assert caught.args == [CHANGED]


def test_apply_tells_and_stays_open_cancel_tells_nothing(make, qtbot):
    dialog = make(Preferences())
    told = []
    dialog.changed.connect(told.append)
    dialog.findChild(QSpinBox, "threads").setValue(2)
    press(qtbot, dialog, "Apply")
    press(qtbot, dialog, "Apply")
    assert told == [Preferences(threads=2)]
    assert dialog.isVisible()
    dialog.findChild(QSpinBox, "threads").setValue(4)
    press(qtbot, dialog, "Cancel")
    assert len(told) == 1


def test_a_device_that_cannot_be_used_says_why_and_cannot_be_chosen(make):
    dialog = make(Preferences())
    devices = box(dialog, "device")
    place = devices.findData("cuda")
    assert "its driver is missing" in devices.itemText(place)
    assert not devices.model().item(place).isEnabled()
    assert "Processor" in devices.itemText(devices.findData("auto"))


def test_before_it_is_known_what_computes_nothing_else_is_said(qtbot):
    unknown = [("cuda", None, ""), ("mps", None, ""), ("cpu", True, "")]
    dialog = SettingsDialog(Preferences(), CHOICES._replace(devices=unknown))
    qtbot.addWidget(dialog)
    devices = box(dialog, "device")
    assert [devices.itemText(place) for place in range(devices.count())] == [
        "Automatic (not known yet)",
        "NVIDIA GPU: not known yet",
        "Apple GPU: not known yet",
        "Processor",
    ]


def test_the_gpu_can_be_chosen_by_who_has_chosen_the_processor(qtbot):
    both = [("cuda", True, "NVIDIA H100, 80 GiB"), ("cpu", True, "2 physical cores, always there")]
    dialog = SettingsDialog(Preferences(device="cpu"), CHOICES._replace(devices=both))
    qtbot.addWidget(dialog)
    devices = box(dialog, "device")
    assert devices.itemText(0) == "Automatic (now: NVIDIA GPU)"
    place = devices.findData("cuda")
    assert devices.itemText(place) == "NVIDIA GPU: NVIDIA H100, 80 GiB"
    assert devices.model().item(place).isEnabled()
    devices.setCurrentIndex(place)
    assert dialog.preferences.device == "cuda"


def test_what_was_chosen_but_is_gone_is_kept_and_said_to_be_gone(make):
    gone = Preferences(audio_device="Scarlett", model="third", device="mps", language="xx")
    dialog = make(gone)
    assert "not connected" in box(dialog, "audio").currentText()
    assert "not found" in box(dialog, "device").currentText()
    assert dialog.preferences == gone


def test_the_default_model_stays_the_default_until_another_is_chosen(make, qtbot):
    dialog = make(Preferences())
    models = dialog.findChild(ModelList)
    assert models.currentItem().text(0) == "Small model"
    assert models.currentItem().text(1) == "vocals 6.1 dB"
    assert models.currentItem().text(2) == "8.4 MiB"
    assert models.chosen == ""
    qtbot.keyClick(models, Qt.Key.Key_Down)
    assert models.chosen == "large"


def test_a_folder_is_chosen_in_the_systems_dialog(make, qtbot, monkeypatch):
    dialog = make(Preferences(projects="/before"))
    asked = []

    def answer(parent, title, folder):
        asked.append(folder)
        return "/after" if len(asked) == 1 else ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", answer)
    button = dialog.findChild(QToolButton, "choose:projects")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert dialog.preferences.projects == "/after"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert dialog.preferences.projects == "/after"
    assert asked == ["/before", "/after"]


def test_the_cache_is_shown_and_emptied(make, qtbot):
    (cache_dir() / "peaks").mkdir(parents=True)
    (cache_dir() / "peaks" / "a.npy").write_bytes(bytes(2_500_000))
    dialog = make(Preferences())
    told, empty = dialog.findChild(QLabel, "cachetold"), dialog.findChild(QPushButton, "cacheempty")
    assert told.text() == "2.5 MB: waveforms 2.5, separations 0.0"
    qtbot.mouseClick(empty, Qt.MouseButton.LeftButton)
    assert told.text().startswith("0.0 MB")
    assert not empty.isEnabled()
    assert not (cache_dir() / "peaks").exists()
    assert dialog.isVisible()
