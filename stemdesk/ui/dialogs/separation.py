"""How a song is to be separated: adapted to it or not, and how much each stem claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)

from stemdesk.app.bench.separating import Wishes
from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.theme import GRID_PX, TARGET_PX, theme
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent


class _Slider(QSlider):
    """From less to more, filled from its middle in the colour of the stem."""

    def __init__(self, stem: str, most_db: int, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._stem = stem
        self.setAccessibleName(stem_title(stem))
        self.setRange(-most_db, most_db)
        self.setPageStep(3)
        self.setMinimumWidth(60 * GRID_PX)
        self.setMinimumHeight(TARGET_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Groove, filling, a tick at 0 dB, handle; the latter where the style takes hold of it."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        colours, at = theme(), QRectF(handle).center().x()
        middle, zero = QRectF(self.rect()).center().y(), QRectF(self.rect()).center().x()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.outline)
        painter.drawRoundedRect(QRectF(2, middle - 2, self.width() - 4, 4), 2, 2)
        painter.setBrush(colours.lane(self._stem))
        painter.drawRect(QRectF(min(at, zero), middle - 2, abs(at - zero), 4))
        painter.fillRect(QRectF(zero - 0.5, middle - 9, 1, 18), colours.dim)
        painter.setPen(QPen(colours.accent if self.hasFocus() else colours.dim, 1.5))
        painter.setBrush(colours.text if colours.is_dark else colours.panel)
        painter.drawEllipse(QPointF(at, middle), 6.5, 6.5)


class SeparationDialog(QDialog):
    """See the module.

    Args:
        stems: of the model.
        wishes: as they are at first.
        can_adapt: whether the model can learn from a song.
        parent: the window.
    """

    def __init__(
        self,
        stems: Sequence[str],
        wishes: Wishes,
        *,
        can_adapt: bool,
        parent: QWidget | None = None,
    ) -> None:
        from stemdesk.separation.mask_settings import MOST_CLAIM_DB

        super().__init__(parent)
        self._most_db = round(MOST_CLAIM_DB)
        self.setObjectName("separation")
        self.setWindowTitle(self.tr("Separate with options"))
        self._adapt = QCheckBox(self.tr("Let the model learn from this song first"), self)
        self._adapt.setObjectName("adapt")
        self._adapt.setMinimumHeight(TARGET_PX)
        self._adapt.setEnabled(can_adapt)
        self._adapt.setChecked(can_adapt and wishes.adapt)
        self._fields = {stem: self._field(stem, wishes.claims.get(stem, 0.0)) for stem in stems}
        self._lay_out()

    @property
    def wishes(self) -> Wishes:
        """What was chosen; stems that are left as they are claim nothing."""
        claims = {s: float(field.value()) for s, field in self._fields.items() if field.value()}
        return Wishes(claims, self._adapt.isChecked())

    def _field(self, stem: str, level_db: float) -> QSpinBox:
        field = QSpinBox(self)
        field.setObjectName(f"claim_{stem}")
        field.setAccessibleName(stem_title(stem))
        field.setRange(-self._most_db, self._most_db)
        field.setSuffix(" dB")
        field.setMinimumHeight(TARGET_PX)
        field.setValue(round(level_db))
        return field

    def _slider(self, stem: str, field: QSpinBox) -> QSlider:
        slider = _Slider(stem, self._most_db, self)
        slider.setValue(field.value())
        slider.valueChanged.connect(field.setValue)
        field.valueChanged.connect(slider.setValue)
        return slider

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GRID_PX)
        grid.setColumnStretch(1, 1)
        for row, (stem, field) in enumerate(self._fields.items()):
            grid.addWidget(QLabel(stem_title(stem)), row, 0)
            grid.addWidget(self._slider(stem, field), row, 1)
            grid.addWidget(field, row, 2)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Reset
        )
        separate = buttons.addButton(self.tr("Separate"), QDialogButtonBox.ButtonRole.AcceptRole)
        separate.setObjectName("separate_so")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        reset = buttons.button(QDialogButtonBox.StandardButton.Reset)
        reset.clicked.connect(self._reset)
        reset.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        learning = self.tr(
            "It learns these voices and instruments from remixes of what it finds, for about a "
            "minute, or seconds on a graphics card. What it finds in the song, it then finds more "
            "of; what it is wrong about may get worse."
        )
        if not self._adapt.isEnabled():
            learning = self.tr("The chosen model cannot learn from a song.")
        column.addWidget(self._adapt)
        column.addWidget(paragraph("learning", learning, is_dim=True))
        told = self.tr(
            "Where a stem lacks what another one has, let it take more of what they share, or the "
            "other one less. 6 dB doubles a stem's weight; with more of it comes more of the "
            "others. The stems still sum to the song."
        )
        column.addWidget(paragraph("told", told, is_dim=True))
        column.addLayout(grid)
        column.addWidget(buttons)
        separate.setDefault(True)
        (self._adapt if self._adapt.isEnabled() else next(iter(self._fields.values()))).setFocus()

    def _reset(self) -> None:
        self._adapt.setChecked(False)
        for field in self._fields.values():
            field.setValue(0)
