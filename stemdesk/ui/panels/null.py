"""The null panel: whether the stems sum to the song, sample for sample, and if not, where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from stemdesk.ui.panels.buttons import icon_button, plain_button
from stemdesk.ui.panels.labels import heading, paragraph
from stemdesk.ui.panels.null_words import null_words
from stemdesk.ui.panels.progress_line import ProgressLine
from stemdesk.ui.panels.reasons import Reasons
from stemdesk.ui.panels.residual_bands import ResidualBands
from stemdesk.ui.panels.residual_strip import ResidualStrip
from stemdesk.ui.panels.seal import Seal
from stemdesk.ui.theme import GRID_PX, SMALL_PX, text_font

if TYPE_CHECKING:
    from stemdesk.app.bench.verdict import Verdict
    from stemdesk.ui.panels.null_words import NullWords


NARROWEST_PX = 260


class NullPanel(QWidget):
    """See the module.

    Signals:
        jump_requested(seconds): the user wants to hear a place.
        check_requested(): compare the files once more.
        stems_requested(): back from an export's verdict to that of the project's own stems.

    Args:
        parent: the window.
    """

    jump_requested = Signal(float)
    check_requested = Signal()
    stems_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("null")
        self.setAccessibleName(self.tr("Null"))
        self.setMinimumWidth(NARROWEST_PX)
        self._shown: tuple[Verdict | None, int] | None = None
        self._words: NullWords | None = None
        self._seal = Seal()
        self._progress = ProgressLine("checking", self.tr("Check"))
        self._subject = paragraph("subject", is_dim=True)
        self._subject.setFont(text_font(SMALL_PX))
        self._peak_text = paragraph("peak")
        self._peak = icon_button("worst", "play", self.tr("Go to where the residual is greatest"))
        self._peak.clicked.connect(self._jump)
        self._bands, self._strip = ResidualBands(), ResidualStrip()
        self._strip.jump_requested.connect(self.jump_requested)
        self._pictures = QWidget()
        self._reasons = Reasons("reasons", "warning")
        self._notes_title = heading("", self.tr("What you hear is another mix:"))
        self._notes = Reasons("notes", "note")
        self._check = plain_button(
            "check",
            self.tr("Check again"),
            self.tr("Read the files back and compare them"),
            "retry",
        )
        self._check.clicked.connect(self.check_requested)
        self._back = plain_button(
            "stems",
            self.tr("Stems of the project"),
            self.tr("Back to whether the project's own stems sum to the song"),
            "back",
        )
        self._back.clicked.connect(self.stems_requested)
        self._lay_out()
        self.show_verdict(None, 0)

    @property
    def words(self) -> NullWords | None:
        """What is shown now."""
        return self._words

    def show_verdict(self, verdict: Verdict | None, sample_rate: int) -> None:
        """Show what is known.

        Args:
            verdict: None while no song is open.
            sample_rate: of the song, Hz.
        """
        if self._shown is not None and self._shown == (verdict, sample_rate):
            return
        report_before = self._shown[0].report if self._shown and self._shown[0] else None
        self._shown = (verdict, sample_rate)
        words = self._words = null_words(verdict, sample_rate)
        self._seal.show_words(words)
        self._subject.setText(words.subject)
        self._subject.setVisible(bool(words.subject))
        self._peak_text.setText(words.peak)
        self._peak_text.setVisible(bool(words.peak))
        self._peak.setAccessibleDescription(words.peak)
        self._peak.setVisible(words.jump_seconds is not None)
        self._reasons.show_sentences(words.reasons)
        self._notes_title.setVisible(bool(words.notes))
        self._notes.show_sentences(words.notes)
        self._progress.setVisible(words.sign == "clock")
        self._progress.set_fraction(verdict.fraction if verdict else 0.0)
        report = verdict.report if verdict else None
        has_residual = words.sign in ("differs", "about", "unmeant") and bool(words.peak)
        self._pictures.setVisible(has_residual)
        is_export = verdict is not None and verdict.is_export
        self._back.setVisible(is_export)
        self._check.setVisible(
            verdict is not None and not is_export and verdict.state in ("exact", "lowered", "open")
        )
        if has_residual and verdict and report is not None and report is not report_before:
            self._bands.show_bands(report.by_band)
            self._strip.show_levels(report.by_second, report.worst_second, verdict.start_seconds)

    def _jump(self) -> None:
        if self._words is not None and self._words.jump_seconds is not None:
            self.jump_requested.emit(self._words.jump_seconds)

    def _lay_out(self) -> None:
        pictures = QVBoxLayout(self._pictures)
        pictures.setContentsMargins(0, 0, 0, 0)
        pictures.setSpacing(GRID_PX)
        pictures.addWidget(heading("", self.tr("Residual by second, dBFS")))
        pictures.addWidget(self._strip)
        pictures.addWidget(heading("", self.tr("Residual by octave, dBFS over Hz")))
        pictures.addWidget(self._bands)
        peak = QHBoxLayout()
        peak.setSpacing(GRID_PX)
        peak.addWidget(self._peak)
        peak.addWidget(self._peak_text, 1)
        inside = QWidget()
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(inside)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self._seal)
        column.addWidget(self._progress)
        column.addWidget(self._subject)
        column.addWidget(self._reasons)
        column.addLayout(peak)
        column.addWidget(self._pictures)
        column.addWidget(self._notes_title)
        column.addWidget(self._notes)
        column.addWidget(_left(self._check))
        column.addWidget(_left(self._back))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)


def _left(button: QWidget) -> QWidget:
    """A button as wide as its text, on the left."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(button)
    row.addStretch(1)
    return holder
