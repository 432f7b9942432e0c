"""The export dialog: everything on one page, with the names and the null told in advance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stemdesk.app.exporting.names import file_names
from stemdesk.app.exporting.null import forecast_null
from stemdesk.app.exporting.request import (
    ExportRequest,
    awaited_stems,
    check_request,
    needs_awaited_stems,
    with_awaited_stems,
)
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy
from stemdesk.ui.dialogs.folder_field import FolderField
from stemdesk.ui.export.content import ContentChooser
from stemdesk.ui.export.format_fields import FormatFields
from stemdesk.ui.export.loudness_fields import LoudnessFields
from stemdesk.ui.export.name_fields import NameFields
from stemdesk.ui.export.outlook import Outlook
from stemdesk.ui.export.question import OverwriteQuestion
from stemdesk.ui.export.rows import choice
from stemdesk.ui.export.tag_fields import TagFields
from stemdesk.ui.panels.figures import clock, clock_ms
from stemdesk.ui.panels.job_words import explained
from stemdesk.ui.theme import GRID_PX, TARGET_PX

if TYPE_CHECKING:
    from stemdesk.app.exporting.source import ExportSource
    from stemdesk.project.document import Span, Track
    from stemdesk.settings import Preferences

WIDTH_PX = 620


class ExportDialog(QDialog):
    """See the module. Nothing is read from the disk but whether files of these names are there.

    Signals:
        exported(ExportRequest): Export was pressed, and what to do with files that are there has
            been answered; the policy is ASK where there were none.

    Args:
        track: the song; with stems still to come, the dialog is about what it will be with them.
        selection: the stretch that is selected; None for none.
        preferences: the user's.
        project: name of the project, for file names.
        parent: the window.
        is_separating: the song's stems are under way, so that an export may wait for them.
    """

    exported = Signal(object)

    def __init__(
        self,
        track: Track,
        selection: Span | None,
        preferences: Preferences,
        project: str = "",
        parent: QWidget | None = None,
        *,
        is_separating: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle(self.tr("Export {0}").format(track.name))
        self._given, self._track = track, track
        self._selection, self._project = selection, project
        self._source: ExportSource | None = None
        self._take_track(track, is_separating=is_separating)
        self._content = ContentChooser(self._track)
        self._whole = choice("range:whole", "")
        self._part = choice("range:part", "")
        self._format = FormatFields()
        self._names = NameFields()
        self._loudness = LoudnessFields()
        self._tags = TagFields()
        self._folder = FolderField("folder", self.tr("Folder"), self.tr("choose a folder"))
        self._folder.set_folder(str(_first_folder(track, preferences)))
        self._outlook = Outlook()
        self._question = OverwriteQuestion()
        self._buttons = QDialogButtonBox()
        self._export = QPushButton(self.tr("Export"))
        self._fill_range()
        self._fill_buttons()
        self._lay_out()
        for each in (self._content, self._format, self._names, self._loudness, self._tags):
            each.changed.connect(self._follow)
        self._whole.toggled.connect(self._follow)
        self._folder.line.textChanged.connect(self._follow)
        self._follow()

    @property
    def request(self) -> ExportRequest:
        """As the dialog shows it now.

        Raises:
            UserError: something typed cannot be used.
        """
        what = self._content.what
        if not self._content.is_complete:
            raise UserError(self.tr("No stem is chosen"), self.tr("tick one"))
        if not self._folder.folder:
            raise UserError(self.tr("There is no folder to export to"), self.tr("choose one"))
        wanted = ExportRequest(
            what=what,
            folder=Path(self._folder.folder).expanduser(),
            stem=self._content.stem,
            is_exact=self._content.is_exact,
            stems=self._content.stems,
            format=self._format.format,
            subtype=self._format.subtype,
            selection=self._selection if self._part.isChecked() else None,
            name=self._names.template,
            project=self._project,
            tags=self._tags.tags,
        )
        if not wanted.is_as_heard:
            return wanted
        try:
            lufs = self._loudness.lufs
        except ValueError as error:
            problem, _, remedy = str(error).partition(": ")
            raise UserError(problem, remedy.rstrip(".")) from error
        return replace(wanted, loudness_lufs=lufs, true_peak_dbtp=self._loudness.true_peak_dbtp)

    def show_source(self, source: ExportSource) -> None:
        """What is known of the song's files, once somebody has looked at them."""
        self._source = source
        self._tags.show_source(source.mixture.tags)
        self._follow()

    def show_track(self, track: Track, *, is_separating: bool) -> bool:
        """The song as it is now: what is told is told of what would be exported.

        Returns:
            Whether it has other stems than before, so that its files are to be looked at.
        """
        before = self._given
        if track.id != before.id:
            return False
        if track is not before or is_separating != self._is_separating:
            self._take_track(track, is_separating=is_separating)
            self._follow()
        return track.separated is not before.separated

    def _take_track(self, track: Track, *, is_separating: bool) -> None:
        self._given, self._is_separating = track, is_separating
        self._track = with_awaited_stems(track) if is_separating else track

    def accept(self) -> None:
        """Export, after the one question where that has to be asked."""
        if not self._export.isEnabled() or self._question.isVisible():
            return
        wanted = file_names(self._track, self.request, self._source_tags)
        there = [path for path in wanted.values() if path.exists()]
        if not there:
            self._send(OverwritePolicy.ASK)
            return
        self._buttons.hide()
        self._question.ask(there, len(wanted))

    def _send(self, policy: OverwritePolicy) -> None:
        request = replace(self.request, overwrite=policy)
        super().accept()
        self.exported.emit(request)

    def _withdraw(self) -> None:
        self._question.hide()
        self._buttons.show()

    @property
    def _known_source(self) -> ExportSource | None:
        return self._source and self._source.awaiting(awaited_stems(self._given))

    @property
    def _source_tags(self) -> dict[str, str]:
        return self._source.mixture.tags if self._source else {}

    def _follow(self) -> None:
        """Names, outlook and buttons as all fields say."""
        self._withdraw()
        self._loudness.setEnabled(self._content.what == "mix" or self._is_minus_as_heard)
        try:
            request = self.request
            check_request(self._track, request)
            names = file_names(self._track, request, self._source_tags)
            forecast = forecast_null(self._track, request, self._known_source)
        except UserError as error:
            self._names.show_names(())
            self._outlook.show_refusal(*explained(error))
            self._export.setEnabled(False)
            return
        self._names.show_names(
            [path.relative_to(request.folder).as_posix() for path in names.values()]
        )
        self._outlook.show_forecast(forecast)
        waits = self._is_separating and needs_awaited_stems(self._given, request)
        self._export.setText(self.tr("Export when ready") if waits else self.tr("Export"))
        self._export.setToolTip(self.tr("Starts when the stems are there") if waits else "")
        self._export.setEnabled(True)

    @property
    def _is_minus_as_heard(self) -> bool:
        return self._content.what == "minus_one" and not self._content.is_exact

    def _fill_range(self) -> None:
        ranges = QButtonGroup(self)
        ranges.addButton(self._whole)
        ranges.addButton(self._part)
        shape = self._track.mixture
        seconds = shape.frames / shape.sample_rate
        self._whole.setText(self.tr("Whole song ({0})").format(clock(seconds)))
        self._whole.setChecked(True)
        self._part.setText(self.tr("Selection"))
        if self._selection is None:
            self._part.setEnabled(False)
            self._part.setToolTip(self.tr("Nothing is selected in the timeline"))
            return
        span = (self._selection.first_frame, self._selection.end_frame)
        first, end = (clock_ms(frame / shape.sample_rate) for frame in span)
        self._part.setText(self.tr("Selection ({0} to {1})").format(first, end))

    def _fill_buttons(self) -> None:
        self._export.setObjectName("exportnow")
        self._export.setDefault(True)
        self._export.setMinimumHeight(TARGET_PX)
        self._buttons.addButton(self._export, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._question.answered.connect(self._send)
        self._question.withdrawn.connect(self._withdraw)

    def _lay_out(self) -> None:
        ranges = QHBoxLayout()
        ranges.setSpacing(4 * GRID_PX)
        ranges.addWidget(self._whole)
        ranges.addWidget(self._part)
        ranges.addStretch(1)
        form = QFormLayout()
        form.setHorizontalSpacing(4 * GRID_PX)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        form.setVerticalSpacing(3 * GRID_PX)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_title(self.tr("What")), self._content)
        form.addRow(_title(self.tr("Range")), ranges)
        form.addRow(_title(self.tr("Format")), self._format)
        form.addRow(_title(self.tr("Loudness")), self._loudness)
        form.addRow(_title(self.tr("Tags")), self._tags)
        form.addRow(_title(self.tr("Folder")), self._folder)
        form.addRow(_title(self.tr("File names")), self._names)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self._outlook)
        column.addWidget(self._question)
        column.addWidget(self._buttons)
        self.setMinimumWidth(WIDTH_PX)


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setFixedHeight(TARGET_PX)
    return label


def _first_folder(track: Track, preferences: Preferences) -> Path:
    """The user's folder for exports; otherwise beside the song, or where music lies."""
    if preferences.exports:
        return Path(preferences.exports)
    song = Path(track.mixture.path)
    if song.is_absolute():
        return song.parent
    place = QStandardPaths.StandardLocation.MusicLocation
    return Path(QStandardPaths.writableLocation(place))
