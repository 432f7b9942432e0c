"""The first steps: what it does, how it should look and sound, and a song to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.dialogs.choices import chooser, fill_audio
from stemdesk.ui.dialogs.step_dots import StepDots
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.demo_picture import DemoPicture
from stemdesk.ui.panels.drop_target import DropTarget
from stemdesk.ui.panels.labels import bold_font, paragraph
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.settings import Preferences

TITLE_PX = 20
WIDTH_PX, HEIGHT_PX = 600, 440


class WelcomeDialog(QDialog):
    """See the module; not modal, and closed at any step without harm.

    Signals:
        theme_chosen(name), audio_device_chosen(name): at once, to be seen and heard.
        demo_requested(), open_requested(), dropped(paths as a tuple): the dialog is closed then.

    Args:
        preferences: as they are.
        audio_devices: names of the outputs.
        parent: the window.
    """

    theme_chosen = Signal(str)
    audio_device_chosen = Signal(str)
    demo_requested = Signal()
    open_requested = Signal()
    dropped = Signal(object)

    def __init__(
        self,
        preferences: Preferences,
        audio_devices: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setWindowTitle(self.tr("Welcome to StemDesk"))
        self.setModal(False)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._what())
        self._pages.addWidget(self._looks(preferences, audio_devices))
        self._pages.addWidget(self._begin())
        self._dots = StepDots(self._pages.count())
        self._back = plain_button("back", self.tr("Back"))
        self._next = plain_button("next", self.tr("Next"))
        self._skip = plain_button("skip", self.tr("Skip"), self.tr("Close (Escape)"))
        self._back.clicked.connect(lambda: self.go(self.step - 1))
        self._next.clicked.connect(lambda: self.go(self.step + 1))
        self._skip.clicked.connect(self.accept)
        self._lay_out()
        self.go(0)

    @property
    def step(self) -> int:
        """0, 1 or 2."""
        return self._pages.currentIndex()

    def go(self, step: int) -> None:
        """To a step."""
        step = min(max(0, step), self._pages.count() - 1)
        is_last = step == self._pages.count() - 1
        self._pages.setCurrentIndex(step)
        self._dots.set_step(step)
        self._back.setEnabled(step > 0)
        self._next.setVisible(not is_last)
        self._skip.setText(self.tr("Close") if is_last else self.tr("Skip"))
        if not is_last:
            self._next.setFocus()

    def _what(self) -> QWidget:
        return _page(
            self.tr("A finished mix, taken apart"),
            self.tr("StemDesk takes a song apart into vocals, drums, bass and other. Mix them "
                "anew, mute what you want to sing or play yourself, and export. The stems sum to "
                "the song again, sample for sample, and the Null panel proves it."),
            DemoPicture(),
        )  # fmt: skip

    def _looks(self, preferences: Preferences, audio_devices: Sequence[str]) -> QWidget:
        themes, group = QWidget(), QButtonGroup(self)
        row = QHBoxLayout(themes)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        for name, title in (
            ("system", self.tr("As the system has it")),
            ("dark", self.tr("Dark")),
            ("light", self.tr("Light")),
        ):
            button = plain_button(f"theme:{name}", title)
            button.setCheckable(True)
            button.setChecked(preferences.theme == name)
            button.clicked.connect(lambda _=False, name=name: self.theme_chosen.emit(name))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        audio = chooser("audio", self.tr("Sound output"))
        fill_audio(audio, audio_devices, preferences.audio_device)
        audio.activated.connect(lambda place: self.audio_device_chosen.emit(audio.itemData(place)))
        fields = QWidget()
        form = QFormLayout(fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(4 * GRID_PX)
        form.setVerticalSpacing(3 * GRID_PX)
        form.addRow(self.tr("Theme"), themes)
        form.addRow(self.tr("Sound output"), audio)
        return _page(
            self.tr("Looks and sound"),
            self.tr("Both can be changed at any time in the settings."),
            fields,
        )

    def _begin(self) -> QWidget:
        target = DropTarget("drop", self.tr("Drop a song here"))
        target.dropped.connect(self._take_drop)
        told = QLabel(self.tr("Drop a song here"))
        told.setFont(bold_font(16))
        demo = plain_button("demo", self.tr("Try the demo song"), picture="play")
        open_songs = plain_button("opensong", self.tr("Open a song…"), picture="open")
        demo.clicked.connect(self._take_demo)
        open_songs.clicked.connect(self._take_open)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID_PX)
        row.addWidget(demo)
        row.addWidget(open_songs)
        inside = QVBoxLayout(target)
        inside.setSpacing(4 * GRID_PX)
        inside.addStretch(1)
        inside.addWidget(told, 0, Qt.AlignmentFlag.AlignHCenter)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addLayout(row)
        centre.addStretch(1)
        inside.addLayout(centre)
        inside.addStretch(1)
        return _page(
            self.tr("A song to begin with"),
            self.tr("You hear the stems after a few seconds, while the rest is still being "
                "separated."),
            target,
        )  # fmt: skip

    def _take_demo(self) -> None:
        self.accept()
        self.demo_requested.emit()

    def _take_open(self) -> None:
        self.accept()
        self.open_requested.emit()

    def _take_drop(self, paths: object) -> None:
        self.accept()
        self.dropped.emit(paths)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(2 * GRID_PX)
        foot.addWidget(self._skip)
        foot.addStretch(1)
        foot.addWidget(self._dots)
        foot.addStretch(1)
        foot.addWidget(self._back)
        foot.addWidget(self._next)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * GRID_PX, 6 * GRID_PX, 6 * GRID_PX, 4 * GRID_PX)
        column.setSpacing(5 * GRID_PX)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)
        self.resize(WIDTH_PX, HEIGHT_PX)


def _page(title: str, told: str, body: QWidget) -> QWidget:
    """A step: title, a few sentences, and what is to be seen or done."""
    page = QWidget()
    head = QLabel(title)
    head.setFont(bold_font(TITLE_PX))
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3 * GRID_PX)
    column.addWidget(head)
    column.addWidget(paragraph("", told))
    column.addSpacing(2 * GRID_PX)
    is_form = isinstance(body.layout(), QFormLayout)
    column.addWidget(body, 0 if is_form else 1)
    if is_form:
        column.addStretch(1)
    return page
