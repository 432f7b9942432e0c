"""What there is to choose from in the settings, as plain tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from stemdesk.ui.theme import TARGET_PX
from stemdesk.ui.words import said

if TYPE_CHECKING:
    from collections.abc import Sequence

translate = QCoreApplication.translate


class ModelChoice(NamedTuple):
    """One model.

    Attributes:
        id: as the settings keep it; empty for the default.
        title: one line.
        quality: in words, such as `vocals 6.1 dB, drums 5.2 dB`.
        size: such as `8.4 MiB`.
    """

    id: str
    title: str
    quality: str
    size: str


class DeviceChoice(NamedTuple):
    """One kind of processor.

    Attributes:
        name: `cuda`, `mps` or `cpu`.
        usable: whether it can be used here; None while that is not known.
        description: what it is, or why it cannot be used.
    """

    name: str
    usable: bool | None
    description: str


class Choices(NamedTuple):
    """Everything the settings offer.

    Attributes:
        models: (id, title, quality, size) each.
        devices: (name, usable, description) each, the best first.
        audio_devices: names of the outputs.
        languages: (code, its own name) each.
    """

    models: Sequence[tuple[str, str, str, str]] = ()
    devices: Sequence[tuple[str, bool | None, str]] = ()
    audio_devices: Sequence[str] = ()
    languages: Sequence[tuple[str, str]] = (("en", "English"),)


SILENT = "silent"
_DEVICES = {
    "cuda": QT_TRANSLATE_NOOP("Settings", "NVIDIA GPU"),
    "mps": QT_TRANSLATE_NOOP("Settings", "Apple GPU"),
    "cpu": QT_TRANSLATE_NOOP("Settings", "Processor"),
}


def chooser(name: str, told: str) -> QComboBox:
    """An empty box to choose from."""
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(told)
    box.setMinimumHeight(TARGET_PX)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(16)
    return box


def fill_devices(
    box: QComboBox, devices: Sequence[tuple[str, bool | None, str]], chosen: str
) -> None:
    """What computes; what cannot be used is there, with the reason, but cannot be chosen."""
    known = [DeviceChoice(*each) for each in devices]
    box.addItem(_automatic_title(known), "auto")
    for device in known:
        told = said(device.description)
        if device.usable is None:
            told = translate("Settings", "not known yet")
        title = _device_title(device.name)
        box.addItem(f"{title}: {told}" if told else title, device.name)
        place = box.count() - 1
        if device.usable is False:
            _disable(box, place)
        box.setItemData(place, told or title, Qt.ItemDataRole.ToolTipRole)
    choose(box, chosen, translate("Settings", "{0} (not found)"))


def fill_audio(box: QComboBox, names: Sequence[str], chosen: str) -> None:
    """Where the sound goes."""
    box.addItem(translate("Settings", "As the system has it"), "")
    for name in names:
        box.addItem(name, name)
    box.addItem(translate("Settings", "None: play silently"), SILENT)
    choose(box, chosen, translate("Settings", "{0} (not connected)"))


def choose(box: QComboBox, data: str, absent: str = "{0}") -> None:
    """Choose by what an entry stands for; what is not there is added, and said to be absent."""
    if box.findData(data) < 0:
        box.addItem(absent.format(data), data)
    box.setCurrentIndex(box.findData(data))


def _automatic_title(devices: Sequence[DeviceChoice]) -> str:
    """With what it comes to: the first that can be used, once it is known of all before it."""
    for device in devices:
        if device.usable is None:
            return translate("Settings", "Automatic (not known yet)")
        if device.usable:
            name = _device_title(device.name)
            return translate("Settings", "Automatic (now: {0})").format(name)
    return translate("Settings", "Automatic")


def _device_title(name: str) -> str:
    return translate("Settings", str(_DEVICES.get(name, name)))


def _disable(box: QComboBox, place: int) -> None:
    model = box.model()
    if isinstance(model, QStandardItemModel):
        model.item(place).setEnabled(False)
