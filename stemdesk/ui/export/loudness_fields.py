"""The loudness a mix is brought to, and the true peak that it may have."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QWidget

from stemdesk.app.exporting.request import LOUDNESS_LUFS, TRUE_PEAK_DBTP
from stemdesk.ui.dialogs.choices import chooser
from stemdesk.ui.theme import GRID_PX, TARGET_PX
from stemdesk.ui.words import MINUS

_NUMBER = re.compile(r"\s*([-−]?\d+(?:[.,]\d+)?)\s*(?:LUFS.*|dB.*)?", re.IGNORECASE)
DEFAULT_DBTP = -1.0


class LoudnessFields(QWidget):
    """See the module.

    Signals:
        changed(): something else was chosen or typed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._off = self.tr("Leave as it is")
        self._target = chooser("loudness", self.tr("Loudness"))
        self._target.setEditable(True)
        self._target.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._target.addItem(self._off)
        for lufs, use in (
            (14, self.tr("streaming")),
            (16, self.tr("podcasts")),
            (23, self.tr("broadcast, EBU R 128")),
        ):
            self._target.addItem(f"{MINUS}{lufs} LUFS ({use})")
        self._target.setToolTip(
            self.tr("Integrated loudness in LUFS; choose, or type a number such as −18")
        )
        self._peak = QDoubleSpinBox()
        self._peak.setObjectName("truepeak")
        self._peak.setAccessibleName(self.tr("Highest true peak"))
        self._peak.setToolTip(self.tr("No true peak exceeds this, in dBTP"))
        self._peak.setRange(*TRUE_PEAK_DBTP)
        self._peak.setDecimals(1)
        self._peak.setSingleStep(0.1)
        self._peak.setSuffix(" dBTP")
        self._peak.setValue(DEFAULT_DBTP)
        self._peak.setMinimumHeight(TARGET_PX)
        self._label = QLabel(self.tr("True peak up to"))
        self._label.setBuddy(self._peak)
        self._target.currentTextChanged.connect(self._follow)
        self._peak.valueChanged.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        row.addWidget(self._target, 1)
        row.addWidget(self._label)
        row.addWidget(self._peak)
        self._follow()

    @property
    def lufs(self) -> float | None:
        """The target; None to leave the loudness alone.

        Raises:
            ValueError: what was typed is no loudness; says why.
        """
        text = self._target.currentText().strip()
        if text in ("", self._off):
            return None
        found = _NUMBER.fullmatch(text)
        least, most = LOUDNESS_LUFS
        value = float(found[1].replace(MINUS, "-").replace(",", ".")) if found else most + 1
        if not least <= value <= most:
            raise ValueError(
                self.tr("“{0}” is no loudness: type {1} to {2} LUFS.").format(
                    text, f"{MINUS}{abs(least):.0f}", f"{most:.0f}"
                )
            )
        return value

    @property
    def true_peak_dbtp(self) -> float:
        """The ceiling."""
        return self._peak.value()

    def _follow(self) -> None:
        is_off = self._target.currentText().strip() in ("", self._off)
        self._label.setEnabled(not is_off)
        self._peak.setEnabled(not is_off)
        self.changed.emit()
