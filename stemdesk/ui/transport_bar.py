"""The bar on top: open, separate, export, play; where we are; tempo; A/B; loudness."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from stemdesk.control.target import FORWARD, LOOP, PLAY, RECORD, REWIND, STOP
from stemdesk.ui.icons import icon
from stemdesk.ui.theme import GRID_PX, SMALL_PX, TARGET_PX, text_font
from stemdesk.ui.words import real_minus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QAction, QResizeEvent

    from stemdesk.project.document import Tempo

ICON_PX = 18
CLOCK_PX = 18
NARROW_PX = 1180
METRES = ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8")
SLOWEST_BPM, FASTEST_BPM = 20.0, 400.0
DRIVEN = {
    "play": (PLAY, STOP),
    "to_start": (REWIND,),
    "to_end": (FORWARD,),
    "loop": (LOOP,),
    "record": (RECORD,),
}
"""Buttons of which a control surface has a like: the addresses of what it does there."""


class TransportBar(QWidget):
    """What is always at hand.

    Signals:
        model_chosen(id): the model to separate with.
        tempo_edited(bpm, beats, unit): typed by the user; bpm 0 takes the tempo away.
        context_requested(addresses, place on the screen): the menu of a button; see `DRIVEN`.
    """

    model_chosen = Signal(str)
    tempo_edited = Signal(float, int, int)
    context_requested = Signal(object, QPoint)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setAccessibleName(self.tr("Transport"))
        self._playing = False
        self._worded: list[QToolButton] = []
        self._tempo: Tempo | None = None
        self._actions = actions
        self._play = self._button("play", "play")
        self._model = QComboBox()
        self._clock = self._figure("clock", self.tr("Position"), CLOCK_PX, "00:00:00.000")
        self._bars = self._figure("bars", self.tr("Bar, beat and sixteenth"), CLOCK_PX, "999.4.4")
        self._bpm, self._metre = QLineEdit(), QComboBox()
        self._loudness = self._figure(
            "loudness", self.tr("Short-term loudness of the mix"), 14, "-00.0 LUFS"
        )
        self._build_choices()
        self._lay_out()
        self.set_position(0, 44_100, None)
        self.set_loudness(-math.inf)
        self.set_tempo(None)

    def set_models(self, models: Sequence[tuple[str, str]], chosen: str) -> None:
        """What can separate: (id, title) each."""
        self._model.blockSignals(True)
        self._model.clear()
        for model_id, title in models:
            self._model.addItem(title.split(":")[0], model_id)
            self._model.setItemData(self._model.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
        self._model.setCurrentIndex(max(0, self._model.findData(chosen)))
        self._model.blockSignals(False)

    def set_playing(self, *, on: bool) -> None:
        """Play's button shows what pressing it does."""
        if on != self._playing:
            self._playing = on
            self._play.setIcon(icon("stop" if on else "play"))

    def set_position(self, frame: int, sample_rate: int, tempo: Tempo | None) -> None:
        """Where the song is."""
        seconds = frame / sample_rate
        whole = int(seconds)
        self._clock.setText(
            f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
            f".{int(1000 * (seconds - whole)):03d}"
        )
        self._bars.setText(bars_text(seconds, tempo))

    def set_tempo(self, tempo: Tempo | None) -> None:
        """What the song is counted by."""
        self._tempo = tempo
        if not self._bpm.isModified():  # somebody is typing another
            self._bpm.setText(f"{tempo.bpm:.1f}" if tempo else "")
        name = f"{tempo.beats_per_bar}/{tempo.beat_unit}" if tempo else "4/4"
        if self._metre.findText(name) < 0:
            self._metre.addItem(name)
        self._metre.setCurrentText(name)
        self._metre.setEnabled(tempo is not None)

    def set_loudness(self, short_term_lufs: float) -> None:
        """What the ears get."""
        shown = f"{short_term_lufs:.1f}" if math.isfinite(short_term_lufs) else "-∞"
        self._loudness.setText(real_minus(f"{shown} LUFS"))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is little room the first buttons lose their words, not their pictures."""
        super().resizeEvent(event)
        self._word_buttons()

    def _word_buttons(self) -> None:
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if self.width() < NARROW_PX:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self._worded:
            button.setToolButtonStyle(style)

    def _button(self, action_id: str, picture: str, *, text: bool = False) -> QToolButton:
        button = QToolButton()
        action = self._actions[action_id]
        action.setIcon(icon(picture))
        button.setDefaultAction(action)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMinimumSize(TARGET_PX, TARGET_PX)
        if text:
            self._worded.append(button)
        if action_id in DRIVEN:
            self._offer_menu(button, DRIVEN[action_id])
        return button

    def _offer_menu(self, button: QToolButton, addresses: tuple[str, ...]) -> None:
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        button.customContextMenuRequested.connect(
            lambda at: self.context_requested.emit(addresses, button.mapToGlobal(at))
        )

    def _figure(self, name: str, told: str, size_px: int, widest: str) -> QLabel:
        """A number that changes all the time, in a place that does not."""
        label = QLabel()
        label.setObjectName(name)
        label.setAccessibleName(told)
        label.setToolTip(told)
        font = text_font(size_px)
        font.setWeight(QFont.Weight.Medium)
        label.setFont(font)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest) + 2 * GRID_PX)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _build_choices(self) -> None:
        self._model.setObjectName("model")
        self._model.setAccessibleName(self.tr("Model"))
        self._model.setToolTip(self.tr("What separates"))
        self._model.setMinimumContentsLength(12)
        self._model.setMinimumHeight(TARGET_PX)
        self._model.activated.connect(
            lambda index: self.model_chosen.emit(self._model.itemData(index))
        )
        self._bpm.setObjectName("bpm")
        self._bpm.setAccessibleName(self.tr("Tempo in beats a minute"))
        self._bpm.setToolTip(self.tr("Tempo, beats a minute (T to tap)"))
        self._bpm.setFixedWidth(60)
        self._bpm.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._bpm.setPlaceholderText("–")
        self._bpm.editingFinished.connect(self._bpm_typed)
        self._metre.setObjectName("metre")
        self._metre.setAccessibleName(self.tr("Metre"))
        self._metre.setToolTip(self.tr("Beats in a bar"))
        self._metre.addItems(METRES)
        self._metre.setMinimumHeight(TARGET_PX)
        self._metre.activated.connect(
            lambda _: self._tell_tempo(self._tempo.bpm) if self._tempo else None
        )

    def _bpm_typed(self) -> None:
        """Take a number from 20 to 400, or nothing; anything else is put back."""
        self._bpm.setModified(False)
        text = self._bpm.text().strip().replace(",", ".")
        if text == (f"{self._tempo.bpm:.1f}" if self._tempo else ""):
            return
        try:
            bpm = float(text) if text else 0.0
        except ValueError:
            bpm = -1.0
        if bpm and not SLOWEST_BPM <= bpm <= FASTEST_BPM:
            self.set_tempo(self._tempo)
        else:
            self._tell_tempo(bpm)

    def _tell_tempo(self, bpm: float) -> None:
        beats, unit = (int(part) for part in self._metre.currentText().split("/"))
        self.tempo_edited.emit(bpm, beats, unit)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        row.setSpacing(GRID_PX)
        row.addWidget(self._button("open", "open", text=True))
        row.addWidget(self._button("separate", "separate", text=True))
        row.addWidget(self._model)
        row.addWidget(self._button("export", "export", text=True))
        row.addWidget(_rule())
        row.addWidget(self._button("to_start", "to_start"))
        row.addWidget(self._play)
        row.addWidget(self._button("to_end", "to_end"))
        row.addWidget(self._button("loop", "loop"))
        row.addWidget(self._button("record", "record"))
        row.addWidget(_rule())
        row.addWidget(self._clock)
        row.addWidget(self._bars)
        row.addWidget(_rule())
        row.addWidget(self._bpm)
        row.addWidget(self._metre)
        row.addStretch(1)
        original = QToolButton()
        # The action's own text stays in the menu; the button takes this whenever it changes.
        self._actions["original"].setIconText(self.tr("A | B"))
        original.setDefaultAction(self._actions["original"])
        original.setAccessibleName(self._actions["original"].text())
        original.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._actions["original"].toggled.connect(self._name_side)

        self._side = QLabel()
        self._side.setObjectName("side")
        self._side.setFont(text_font(SMALL_PX))
        self._side.setMinimumWidth(52)
        row.addWidget(original)
        row.addWidget(self._side)
        row.addWidget(_rule())
        row.addWidget(self._loudness)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name_side(on=False)
        self._word_buttons()

    def _name_side(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._side.setText(self.tr("original") if on else self.tr("mix"))


def bars_text(seconds: float, tempo: Tempo | None) -> str:
    """Bar, beat and sixteenth, counted from 1; before the first beat bars count down from 0."""
    if tempo is None:
        return "–"
    # A beat of the metre: in 6/8 an eighth, while the tempo counts quarters.
    beat_seconds = 60 / tempo.bpm * 4 / tempo.beat_unit
    parts = 4  # of a beat
    ticks = math.floor((seconds - tempo.first_beat_seconds) / beat_seconds * parts + 1e-6)
    bar, rest = divmod(ticks, parts * tempo.beats_per_bar)
    return f"{bar + 1}.{rest // parts + 1}.{rest % parts + 1}"


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFixedWidth(1)
    rule.setFixedHeight(TARGET_PX)
    # `mid` is the theme's line: the style sheet asks anew when the theme changes.
    rule.setStyleSheet("background: palette(mid);")
    return rule
