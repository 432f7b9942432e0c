"""The format of the files, and the samples in them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stemdesk.audio.formats import FORMATS
from stemdesk.ui.dialogs.choices import choose, chooser
from stemdesk.ui.theme import GRID_PX


class FormatFields(QWidget):
    """See the module.

    Signals:
        changed(): something else was chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = chooser("format", self.tr("Format"))
        for name, title in (
            ("wav", "WAV"),
            ("flac", "FLAC"),
            ("ogg", "Ogg Vorbis"),
            ("mp3", "MP3"),
        ):
            self._format.addItem(title, name)
        self._subtype = chooser("subtype", self.tr("Samples"))
        self._format.currentIndexChanged.connect(self._follow)
        self._subtype.currentIndexChanged.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        row.addWidget(self._format)
        row.addWidget(self._subtype, 1)
        self._follow()

    @property
    def format(self) -> str:
        """A key of :data:`stemdesk.audio.formats.FORMATS`."""
        return str(self._format.currentData())

    @property
    def subtype(self) -> str:
        """`match`, `pcm16`, `pcm24` or `float`."""
        return str(self._subtype.currentData())

    def _follow(self) -> None:
        """Offer what the format can hold."""
        before = self._subtype.currentData()
        known = FORMATS[self.format]
        self._subtype.blockSignals(True)
        self._subtype.clear()
        if known.lossless:
            self._subtype.addItem(self.tr("Samples as in the song"), "match")
            self._subtype.addItem(self.tr("16-bit"), "pcm16")
            self._subtype.addItem(self.tr("24-bit"), "pcm24")
            if "FLOAT" in known.subtypes:
                self._subtype.addItem(self.tr("32-bit float"), "float")
        else:
            self._subtype.addItem(self.tr("Best quality"), "match")
        choose(self._subtype, before if self._subtype.findData(before) >= 0 else "match")
        self._subtype.setEnabled(known.lossless)
        self._subtype.blockSignals(False)
        self.changed.emit()
