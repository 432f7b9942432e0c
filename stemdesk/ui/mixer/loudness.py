"""Loudness, true peak and the limiter's work, in numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from stemdesk.ui.theme import SMALL_PX, TEXT_PX, text_font, theme
from stemdesk.ui.words import MINUS, real_minus

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_ROW_PX = 20
_FOOT_PX = 4
_MOST_REDUCTION_DB = 12.0


class LoudnessPanel(QWidget):
    """Five rows: short-term and integrated loudness, true peak, reduction, phase.

    True peaks above -1 dBTP, the limit of EBU R 128, stand in the alarm's colour with a mark.

    Args:
        parent: the master strip.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, str, str]] = []
        self._reduction_db = 0.0
        self._is_over = False
        self.setObjectName("loudness")
        self.setAccessibleName(self.tr("Loudness of the mix"))
        self.setToolTip(
            real_minus(
                self.tr(
                    "Loudness of the mix: short-term (3 s) and integrated, in LUFS (EBU R 128);\n"
                    "highest true peak in dBTP (R 128 asks for -1.0 at most);\n"
                    "by how much the limiter turns down, in dB;\n"
                    "phase correlation: +1 mono, 0 unrelated, -1 upside down (lost in mono)"
                )
            )
        )
        self.setFixedHeight(5 * _ROW_PX + _FOOT_PX)
        self.show_loudness(None, None, None, 0.0)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Name, figures, unit of each row."""
        return list(self._rows)

    def show_loudness(
        self,
        short_lufs: float | None,
        integrated_lufs: float | None,
        true_peak_dbtp: float | None,
        reduction_db: float,
        correlation: float | None = None,
    ) -> None:
        """Take new values; None where nothing was measured yet."""
        rows = [
            (self.tr("Short"), _figures(short_lufs), "LUFS"),
            (self.tr("Integr."), _figures(integrated_lufs), "LUFS"),
            (self.tr("True peak"), _figures(true_peak_dbtp), "dBTP"),
            (self.tr("Limiter"), _figures(-abs(reduction_db)), "dB"),
            (self.tr("Phase"), _signed(correlation), ""),
        ]
        if rows == self._rows:
            return
        self._rows, self._reduction_db = rows, abs(reduction_db)
        self._is_over = true_peak_dbtp is not None and true_peak_dbtp > -1.0
        self.setAccessibleDescription(", ".join(" ".join(row) for row in rows))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for all three columns."""
        return QSize(140, 5 * _ROW_PX + _FOOT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """The rows, and a bar for the reduction."""
        painter, colours = QPainter(self), theme()
        for row, (name, figures, unit) in enumerate(self._rows):
            place = QRectF(0.0, row * _ROW_PX, self.width(), _ROW_PX)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.setPen(colours.dim)
            painter.setFont(text_font(SMALL_PX))
            painter.drawText(place, middle, name)
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, unit)
            over = self._is_over and unit == "dBTP"
            painter.setFont(text_font(TEXT_PX))
            painter.setPen(colours.alarm if over and not colours.is_dark else colours.text)
            if over and colours.is_dark:
                painter.setPen(colours.mute)
            place.setRight(self.width() - 32.0)
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, figures + "!" * over)
        share = min(1.0, self._reduction_db / _MOST_REDUCTION_DB)
        foot = QRectF(0.0, self.height() - 2.0, self.width(), 2.0)
        painter.fillRect(foot, colours.line)
        width = share * self.width()
        painter.fillRect(QRectF(self.width() - width, foot.top(), width, 2.0), colours.mute)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)


def _signed(value: float | None) -> str:
    return "\N{EN DASH}" if value is None else real_minus(f"{value:+.2f}")


def _figures(value: float | None) -> str:
    if value is None or math.isnan(value):
        return "\N{EN DASH}"
    if math.isinf(value):
        return f"{MINUS}\N{INFINITY}" if value < 0 else "\N{INFINITY}"
    return real_minus(f"{round(value, 1) + 0.0:.1f}")
