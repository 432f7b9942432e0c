"""The inspector: what is known of the song or stem in focus, its markers, regions, an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.facts import FactsTable, facts_of
from stemdesk.ui.panels.labels import Line, heading, paragraph
from stemdesk.ui.panels.marker_rows import MarkerRows
from stemdesk.ui.panels.region_rows import RegionRows
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.timeline.wording import lane_title

if TYPE_CHECKING:
    from stemdesk.app.bench.analysis import SongMeasures
    from stemdesk.project.document import Track


NARROWEST_PX = 260


class Inspector(QWidget):
    """See the module.

    Signals, named and meant as the timeline's:
        jump_requested(frame), marker_renamed(Marker, name), marker_removed(Marker),
        region_changed(Region, Region), region_removed(Region).
        editor_closed(): the user goes back from an effect's editor to the facts.

    Args:
        parent: the window.

    Attributes:
        host: facts first, an effect's editor over them; see :meth:`show_editor`.
    """

    jump_requested = Signal(object)
    marker_renamed = Signal(object, str)
    marker_removed = Signal(object)
    region_changed = Signal(object, object)
    region_removed = Signal(object)
    editor_closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(self.tr("Inspector"))
        self.setMinimumWidth(NARROWEST_PX)
        self._shown: tuple[Track | None, SongMeasures | None, str] = (None, None, "")
        self._editor: QWidget | None = None
        self.host = QStackedWidget()
        self.host.setObjectName("inspectorhost")
        self._title = Line("songtitle", self.tr("Shown"))
        self._title.make_bold()
        self._none = paragraph("nosong", self.tr("No song is open."), is_dim=True)
        self._known = QWidget()
        self._facts = FactsTable()
        self.markers, self.regions = MarkerRows(), RegionRows()
        self._regions_head = heading("", "")
        self._back = plain_button("back", self.tr("Back"), self.tr("Back to the song"), "back")
        self._back.clicked.connect(self.close_editor)
        self.markers.jump_requested.connect(self.jump_requested)
        self.markers.marker_renamed.connect(self.marker_renamed)
        self.markers.marker_removed.connect(self.marker_removed)
        self.regions.jump_requested.connect(self.jump_requested)
        self.regions.region_changed.connect(self.region_changed)
        self.regions.region_removed.connect(self.region_removed)
        self._lay_out()
        self._fill(None, None, "")

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What the table shows."""
        return self._facts.facts

    @property
    def editor(self) -> QWidget | None:
        """The editor that is open."""
        return self._editor

    def show_track(self, track: Track | None, measures: SongMeasures | None, lane: str) -> None:
        """Show a lane of a song.

        Args:
            track: None while no song is open.
            measures: of that lane's file; None while they are not known.
            lane: a stem; anything else means the song itself.
        """
        before = self._shown
        is_same = before[0] is track and before[1] is measures and before[2] == lane
        if not is_same:
            self._shown = (track, measures, lane)
            self._fill(track, measures, lane)

    def show_editor(self, editor: QWidget, title: str) -> None:
        """Put an effect's editor over the facts; the one before is taken out, not deleted.

        Args:
            editor: it becomes a child of the host.
            title: above it, such as `Vocals: Reverb`.
        """
        self._take_out()
        self._editor = editor
        self._editor_title.set_text(title)
        self._editor_column.insertWidget(2, editor, 1)
        editor.show()
        self.host.setCurrentIndex(1)

    def close_editor(self) -> None:
        """Back to the facts."""
        if self._editor is None:
            return
        self._take_out()
        self.host.setCurrentIndex(0)
        self.editor_closed.emit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the panels beside it."""
        return QSize(340, 400)

    def _take_out(self) -> None:
        if self._editor is not None:
            self._editor_column.removeWidget(self._editor)
            self._editor.setParent(None)
            self._editor = None

    def _fill(self, track: Track | None, measures: SongMeasures | None, lane: str) -> None:
        self._known.setVisible(track is not None)
        self._none.setVisible(track is None)
        if track is None:
            self._title.set_text("")
            return
        stems = track.separated.stems if track.separated else {}
        strips = {strip.name for strip in track.mix.strips}
        has_regions = lane in strips
        is_stem = lane in stems
        self._title.set_text(f"{track.name}: {lane_title(lane)}" if is_stem else track.name)
        self._facts.show_facts(facts_of(track, measures, lane))
        self.markers.show_markers(track.markers, track.mixture.sample_rate)
        regions = [region for region in track.regions if region.stem == lane]
        self._regions_head.setText(self.tr("Regions of {0}").format(lane_title(lane)))
        self._regions_head.setVisible(has_regions)
        self.regions.setVisible(has_regions)
        self.regions.show_regions(regions, track.mixture.sample_rate)

    def _lay_out(self) -> None:
        known = QVBoxLayout(self._known)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(2 * GRID_PX)
        known.addWidget(self._facts)
        known.addWidget(heading("", self.tr("Markers")))
        known.addWidget(self.markers)
        known.addWidget(self._regions_head)
        known.addWidget(self.regions)
        inside = QWidget()
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(inside)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self._title)
        column.addWidget(self._none)
        column.addWidget(self._known)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        self.host.addWidget(area)
        self.host.addWidget(self._editor_page())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.host)

    def _editor_page(self) -> QWidget:
        page = QWidget()
        self._editor_title = Line("editortitle", self.tr("Effect")).make_bold()
        self._editor_column = QVBoxLayout(page)
        self._editor_column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        self._editor_column.setSpacing(GRID_PX)
        self._editor_column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self._editor_column.addWidget(self._editor_title)
        return page
