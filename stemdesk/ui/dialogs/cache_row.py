"""How much StemDesk keeps that can be made again, and a button that empties it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from stemdesk.app.cache import EVERYDAY, cache_parts, empty_cache
from stemdesk.ui.theme import GRID_PX, TARGET_PX


class CacheRow(QWidget):
    """A row of the settings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = QLabel()
        self._told.setObjectName("cachetold")
        self._empty = QPushButton(self.tr("Empty"))
        self._empty.setObjectName("cacheempty")
        self._empty.setMinimumHeight(TARGET_PX)
        self._empty.setAutoDefault(False)
        self._empty.setAccessibleName(self.tr("Empty the cache"))
        self._empty.setToolTip(
            self.tr("Removes waveforms, interrupted separations and measurements, not your songs")
        )
        self._empty.clicked.connect(self._clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        row.addWidget(self._told, 1)
        row.addWidget(self._empty)
        self._show()

    def _clear(self) -> None:
        empty_cache()
        self._show()

    def _show(self) -> None:
        sizes = {part.name: part.size_bytes for part in cache_parts(EVERYDAY)}
        everyday = sum(sizes.values())
        told = self.tr("{0} MB: waveforms {1}, separations {2}").format(
            *(f"{size / 1e6:.1f}" for size in (everyday, sizes["waveforms"], sizes["separations"]))
        )
        self._told.setText(told)
        self._empty.setEnabled(everyday > 0)
