"""A lane's header: its name, mute and solo, level, and what folds out under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stemdesk.ui.theme import GRID_PX, SMALL_PX, text_font, theme
from stemdesk.ui.timeline.lamp_button import LampButton
from stemdesk.ui.timeline.level_control import LevelControl
from stemdesk.ui.timeline.level_number import LevelNumber
from stemdesk.ui.timeline.meter_line import MeterLine
from stemdesk.ui.timeline.scene import MIXTURE, RESIDUAL, SUM
from stemdesk.ui.timeline.wording import lane_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from stemdesk.ui.timeline.scene import Scene
    from stemdesk.ui.timeline.wishes import Wishes

STRIPE_PX = 5
LEAST_WIDTH_PX = 236
_PLAIN, _DIM = QPalette.ColorRole.WindowText, QPalette.ColorRole.PlaceholderText


class LaneHeader(QWidget):
    """One lane's controls; those that its strip does not have are left out.

    Args:
        lane: which.
        scene: what to show.
        wishes: where to ask.
        unfold: called to fold the automation out or in.
        parent: the column of headers.
    """

    def __init__(
        self,
        lane: str,
        scene: Scene,
        wishes: Wishes,
        unfold: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.lane, self._scene, self._wishes = lane, scene, wishes
        self._pressed_at: QPoint | None = None
        self._look: tuple[bool, bool] | None = None
        title = lane_title(lane)
        self.setObjectName(f"timelineHeader_{lane}")
        self.setAccessibleName(title)
        self.title = QLabel(title, self)
        self.note = QLabel(self._note(), self)
        self.note.setFont(text_font(SMALL_PX))
        self.mute = LampButton("M", lambda: theme().mute, self)
        self.solo = LampButton("S", lambda: theme().solo, self)
        self.fold = LampButton("A", lambda: theme().accent, self)
        self.level = LevelControl(lane, self)
        self.number = LevelNumber(self)
        self.meter = MeterLine(lane, self)
        self._name_all(title)
        if lane not in (SUM, RESIDUAL):
            self.setToolTip(self.tr("Drag into another program or a folder: the lane's file"))
        self._lay_out()
        address = f"{scene.strip_name(lane)}.level_db"
        self.level.level_moved.connect(lambda db: wishes.parameter_changed.emit(address, db))
        self.level.held.connect(lambda down: wishes.touched.emit(address, down))
        self.number.typed.connect(lambda db: self._ask(address, db))
        self.mute.clicked.connect(lambda: self.toggle("mute"))
        self.solo.clicked.connect(lambda: self.toggle("solo"))
        self.fold.clicked.connect(lambda: unfold(lane))
        self._offer_menu("mute", self.mute)
        self._offer_menu("solo", self.solo)
        self._offer_menu("level_db", self.level)
        self._offer_menu("level_db", self.number)
        self.refresh()

    def toggle(self, switch: str) -> None:
        """Ask for mute or solo to be turned over."""
        strip = self._scene.strip(self.lane)
        if strip is None:
            self._wishes.told.emit(
                self.tr("Stems are muted and soloed; the mixture is heard with A|B (O).")
            )
        elif not (switch == "solo" and self.lane == SUM):
            address = f"{strip.name}.{switch}"
            self._ask(address, 0.0 if getattr(strip, switch) else 1.0)

    def refresh(self) -> None:
        """Show what the document says."""
        strip = self._scene.strip(self.lane)
        for control in (self.mute, self.fold, self.level, self.number, self.meter):
            control.setVisible(strip is not None)
        self.solo.setVisible(strip is not None and self.lane != SUM)
        if strip is not None:
            self.mute.setChecked(strip.mute)
            self.solo.setChecked(strip.solo)
            self.fold.setChecked(self.lane in self._scene.unfolded)
            level_db = self._scene.in_force.get(f"{strip.name}.level_db", strip.level_db)
            self.level.show_level(level_db)
            self.number.show_level(level_db)
        look = (self._scene.is_heard(self.lane), self._scene.focused == self.lane)
        if look != self._look:
            self._look = look
            self._colour(self.title, dim=not look[0])
            self._colour(self.note, dim=True)
            self.update()

    @staticmethod
    def width_for(lanes: tuple[str, ...]) -> int:
        """Wide enough for every name in full."""
        metrics = QFontMetrics(text_font())
        longest = max((metrics.horizontalAdvance(lane_title(lane)) for lane in lanes), default=0)
        return max(LEAST_WIDTH_PX, -(-(longest + 90) // GRID_PX) * GRID_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The ground, raised while focused, and the stripe in the lane's colour."""
        colours, painter = theme(), QPainter(self)
        is_focused = self._scene.focused == self.lane
        painter.fillRect(self.rect(), colours.raised if is_focused else colours.panel)
        painter.fillRect(QRect(0, 0, STRIPE_PX, self.height() - 1), colours.lane(self.lane))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), colours.line)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The keys are for this lane from now on."""
        self._wishes.lane_focused.emit(self.lane)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Past a hand's tremble the lane is being dragged away."""
        if self._pressed_at is None:
            return
        way = event.position().toPoint() - self._pressed_at
        if way.manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self._wishes.drag_requested.emit(self.lane)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Nothing is held any more."""
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def _ask(self, address: str, value: float) -> None:
        """As a gesture of its own."""
        self._wishes.touched.emit(address, True)
        self._wishes.parameter_changed.emit(address, value)
        self._wishes.touched.emit(address, False)

    def _offer_menu(self, parameter: str, control: QWidget) -> None:
        address = f"{self._scene.strip_name(self.lane)}.{parameter}"
        ask = self._wishes.control_menu_requested.emit
        control.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        control.customContextMenuRequested.connect(lambda at: ask(address, control.mapToGlobal(at)))

    def _note(self) -> str:
        if self.lane == RESIDUAL:
            return self.tr("shown +60 dB")
        if self.lane == SUM:
            return self.tr("stems as separated")
        return ""

    def _name_all(self, title: str) -> None:
        named = {
            self.mute: (self.tr("Mute {0}"), self.tr("Mute (M)")),
            self.solo: (self.tr("Solo {0}"), self.tr("Solo (S)")),
            self.fold: (self.tr("Automation of {0}"), self.tr("Fold automation out (A)")),
            self.level: (
                self.tr("Level of {0}"),
                self.tr("Level in dB. Wheel: 1 dB, Shift 3 dB, Ctrl 0.1 dB. Double click: 0 dB."),
            ),
        }
        for control, (name, tip) in named.items():
            control.setAccessibleName(name.format(title))
            control.setToolTip(tip)
        for name, control in vars(self).items():
            if isinstance(control, QWidget):
                control.setObjectName(f"timeline_{self.lane}_{name}")

    def _lay_out(self) -> None:
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self.title)
        names.addWidget(self.note)
        names.addStretch(1)
        controls = QHBoxLayout()
        controls.setSpacing(4)
        for control in (self.mute, self.solo, self.fold, self.level, self.number):
            controls.addWidget(control, 1 if control is self.level else 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(STRIPE_PX + 7, 4, 8, 5)
        whole.setSpacing(2)
        whole.addLayout(names)
        whole.addLayout(controls)
        whole.addWidget(self.meter)
        whole.addStretch(1)
        if self.lane == MIXTURE:
            self.note.setVisible(False)

    @staticmethod
    def _colour(label: QLabel, *, dim: bool) -> None:
        # Roles, not colours: a label that was given a colour keeps it when the theme changes.
        label.setForegroundRole(_DIM if dim else _PLAIN)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
