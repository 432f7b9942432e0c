"""The main window: transport on top, timeline, mixer, panels, status; the wiring does the rest."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from stemdesk.errors import UserError
from stemdesk.settings import Preferences, save_preferences
from stemdesk.ui.action_needs import NEEDS, what_is_there
from stemdesk.ui.action_table import ACTIONS, GROUPS
from stemdesk.ui.actions import make_actions, translated
from stemdesk.ui.dialogs.exception_hook import install_exception_hook
from stemdesk.ui.dialogs.problem import ProblemBar
from stemdesk.ui.dialogs.report import ReportWindow
from stemdesk.ui.mixer.effect_editor import EffectEditor
from stemdesk.ui.mixer.mixer_view import MixerView
from stemdesk.ui.panels.empty import EmptyState
from stemdesk.ui.panels.inspector import Inspector
from stemdesk.ui.panels.job_words import explained
from stemdesk.ui.panels.jobs import JobsPanel
from stemdesk.ui.panels.null import NullPanel
from stemdesk.ui.song_tabs import SongTabs
from stemdesk.ui.theme import apply_theme
from stemdesk.ui.timeline.view import TimelineView
from stemdesk.ui.transport_bar import TransportBar
from stemdesk.ui.window_state import SWITCHES, restore_places, window_state
from stemdesk.ui.wiring.arranging import Arranging
from stemdesk.ui.wiring.dragging import Dragging
from stemdesk.ui.wiring.exporting import Exporting
from stemdesk.ui.wiring.filing import Filing
from stemdesk.ui.wiring.helping import Helping
from stemdesk.ui.wiring.mixing import Mixing
from stemdesk.ui.wiring.playing import Playing
from stemdesk.ui.wiring.plugins import Plugins
from stemdesk.ui.wiring.songs import Songs
from stemdesk.ui.wiring.surfaces import ControlSurfaces
from stemdesk.ui.wiring.training import Training
from stemdesk.ui.wiring.watching import Watching
from stemdesk.ui.words import change_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent

    from stemdesk.app.bench.monitor import Monitor
    from stemdesk.app.bench.workbench import Workbench

PUMP_MS = 100
FRAME_MS = 33
SIZE = (1440, 900)
TOLD_MS = 6000


class MainWindow(QMainWindow):
    """The one window.

    Args:
        bench: what it shows; it is closed with the window.

    Attributes:
        commands: the actions by id; see the table.
        transport: the bar on top. ``timeline``, ``mixer``, ``effect_editor``, ``jobs``, ``null``
            and ``inspector`` are what their names say.
        playing: the wiring of the transport; ``mixing``, ``arranging``, ``filing``, ``songs``,
            ``watching``, ``helping``, ``surfaces``, ``dragging``, ``plugins`` and ``training``
            likewise.
    """

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.bench = bench
        self.setObjectName("main")
        self.setAcceptDrops(True)
        self.resize(*SIZE)
        self._drawn_at = time.monotonic()
        self._monitor: Monitor | None = None
        self.commands = make_actions(self, {spec.id: self._later(spec.id) for spec in ACTIONS})
        self._build()
        self.playing = Playing(self, bench)
        self.mixing = Mixing(self, bench)
        self.arranging = Arranging(self, bench)
        self.filing = Filing(self, bench)
        self.songs = Songs(self, bench)
        self.watching = Watching(self, bench)
        self.helping = Helping(self, bench)
        self.exporting = Exporting(self, bench)
        self.surfaces = ControlSurfaces(self, bench)
        self.dragging = Dragging(self, bench)
        self.plugins = Plugins(self, bench)
        self.training = Training(self, bench)
        self._handlers: dict[str, Callable[..., object]] = {"quit": self.close}
        for part in (
            self.playing,
            self.mixing,
            self.arranging,
            self.filing,
            self.songs,
            self.watching,
            self.helping,
            self.exporting,
            self.surfaces,
            self.training,
        ):
            self._handlers.update(part.handlers())
        self._hook = install_exception_hook(lambda: ReportWindow(self), self.show_problem)
        self._handlers.update(
            full_screen=lambda on: self.showFullScreen() if on else self.showNormal(),
            show_mixer=self._mixer_row.setVisible,
            show_side=self.side.setVisible,
        )
        self._build_menus()
        self._restore()
        self._pump = QTimer(self, interval=PUMP_MS)
        self._pump.timeout.connect(self.pump)
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self.advance)
        self._pump.start()
        self._frames.start()
        self.show_document()

    # What the wiring asks of the window.

    def show_document(self) -> None:
        """Show the document as it is now; costs little where nothing has changed."""
        track = self.bench.track
        self._show_page(has_song=track is not None)
        project = self.bench.project
        songs = [(each.id, each.name) for each in project.tracks]
        self.tabs.show_songs(songs, project.current)
        self.arranging.show(track)
        self.mixing.show(track)
        self.exporting.follow(track)
        self.transport.set_tempo(track.tempo if track else None)
        # Not without its signals: buttons would not follow. Its handler knows what is so already.
        self.commands["loop"].setChecked(track is not None and track.looping)
        for name, label in (
            ("undo", self.bench.papers.history.undo_label),
            ("redo", self.bench.papers.history.redo_label),
        ):
            action = self.commands[name]
            action.setEnabled(label is not None)
            spec = next(spec for spec in ACTIONS if spec.id == name)
            action.setText(change_title(translated(spec.text), label))
        self._show_switches()
        self.show_possible()
        if track is not None:
            self.transport.set_position(
                self.timeline.scene.position_frames, track.mixture.sample_rate, track.tempo
            )
        self.show_facts()
        self._name_window()

    def show_possible(self) -> None:
        """Enable what can be done now."""
        there = what_is_there(
            self.bench.project,
            self.timeline.selected_span,
            has_sound=self.bench.stage is not None,
        )
        for name, need in NEEDS.items():
            self.commands[name].setEnabled(need in there)

    def _show_switches(self) -> None:
        """Where another song sounds, buttons, clock and meters are as it is heard."""
        stage = self.bench.stage
        monitor = stage.monitor if stage is not None else None
        if monitor is self._monitor:
            return
        self._monitor = monitor
        self.commands["original"].setChecked(monitor is not None and monitor.is_original)
        self.commands["record"].setChecked(False)
        self.show_position(stage.position_frames if stage is not None else 0)
        self.watching.reset_meters()

    def show_facts(self) -> None:
        """Show the inspector's facts; measured is the song, not what it was taken apart into."""
        track, lane = self.bench.track, self.timeline.scene.focused
        stems = track.separated.stems if track is not None and track.separated else {}
        known = self.bench.findings.measures
        measures = None if track is None or lane in stems else known.get(track.id)
        self.inspector.show_track(track, measures, lane)

    def show_position(self, frame: int) -> None:
        """The playhead, wherever it is shown."""
        track = self.bench.track
        self.timeline.set_position(frame)
        rate = track.mixture.sample_rate if track is not None else 44_100
        self.transport.set_position(frame, rate, track.tempo if track is not None else None)

    def show_problem(self, error: UserError, source: object = None) -> None:
        """Say what cannot be, and the remedy; until the source takes something, or it is closed."""
        self.problem_bar.add(error, source)

    def tell(self, text: str) -> None:
        """Say something in passing."""
        self.statusBar().showMessage(text, TOLD_MS)

    def show_jobs(self) -> None:
        """Bring the list of jobs to the front."""
        self.commands["show_side"].setChecked(True)
        self.side.setCurrentWidget(self.jobs)

    def show_effect(self, title: str) -> None:
        """Bring the effect's editor to the front."""
        self.inspector.show_editor(self.effect_editor, title)
        self.commands["show_side"].setChecked(True)
        self.side.setCurrentWidget(self.inspector)

    def set_bypass_all(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        """The mixer's button for all effects."""
        self.commands["bypass_all"].setChecked(on)

    def prefer(self, preferences: Preferences) -> None:
        """Other preferences: in force now, and kept."""
        before = self.bench.preferences
        self.bench.prefer(preferences)
        if preferences.theme != before.theme:
            apply_theme(QApplication.instance(), preferences.theme)  # type: ignore[arg-type]
        try:
            save_preferences(preferences)
        except UserError as error:
            self.show_problem(error)

    # Time.

    def pump(self) -> None:
        """All that is due, ten times a second."""
        before = self.bench.project
        try:
            self.bench.pump()
        finally:
            while self.bench.problems:
                self.show_problem(self.bench.problems.popleft())
            if self.bench.project is not before:
                self.show_document()
            self.show_facts()  # what was measured meanwhile is no edit
            self.arranging.show_pictures()
            self.watching.show()
            self.surfaces.show()
            self.filing.pump()
            self.plugins.pump()
            self.training.pump()
            self._hook.pump()
            self._name_window()

    def advance(self) -> None:
        """Playhead and meters, thirty times a second while something moves."""
        now = time.monotonic()
        seconds, self._drawn_at = now - self._drawn_at, now
        self.bench.shown.pump_surfaces()
        self.watching.advance(seconds)

    # Qt's own.

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask what to do with what is not saved; keep how the window was left."""
        if not self.training.may_leave() or not self.filing.may_leave(self.close):
            event.ignore()
            return
        self._pump.stop()
        self._frames.stop()
        self._hook.remove()
        state = window_state(self, self._splitters, self.commands)
        self.prefer(self.bench.preferences.but(window=state))
        self.training.close()
        try:
            self.bench.close()
        except UserError as error:  # all has ended, but for what the sentence says
            QMessageBox.warning(self, self.tr("Closing the project"), " ".join(explained(error)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter presses the button that has the focus: the space bar plays."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            focused, QAbstractButton
        ):
            focused.click()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Files are welcome."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        # A file manager waits for the answer: the work begins after it.
        QTimer.singleShot(0, lambda: self.filing.open(paths))

    # Building.

    def _later(self, action_id: str) -> Callable[..., object]:
        return lambda *args: self._handlers[action_id](*args)

    def _build(self) -> None:
        self.transport = TransportBar(self.commands)
        self.problem_bar = ProblemBar(self)
        self.tabs = SongTabs()
        self.timeline = TimelineView()
        self.mixer, self.effect_editor = MixerView(), EffectEditor()
        self.jobs, self.null, self.inspector = JobsPanel(), NullPanel(), Inspector()
        self.side = QTabWidget()
        self.side.setObjectName("side")
        self.side.setAccessibleName(self.tr("Jobs, null and inspector"))
        self.side.tabBar().setAccessibleName(self.side.accessibleName())
        self.side.addTab(self.jobs, self.tr("Jobs"))
        self.side.addTab(self.null, self.tr("Null"))
        self.side.addTab(self.inspector, self.tr("Inspector"))
        self._mixer_row = QSplitter(Qt.Orientation.Horizontal)
        self._mixer_row.addWidget(self.mixer)
        self._mixer_row.addWidget(self.side)
        self._mixer_row.setStretchFactor(0, 1)
        self._mixer_row.setSizes([1040, 400])
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._rows.addWidget(self.timeline)
        self._rows.addWidget(self._mixer_row)
        # No stretch factors: both rows keep their share of a window of any height.
        self._rows.setSizes([580, 420])
        self.empty = EmptyState()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._rows)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.transport, self.problem_bar, self.tabs):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        self.setCentralWidget(whole)
        self.status = QLabel()
        self.status.setObjectName("status")
        self.statusBar().addPermanentWidget(self.status)

    def _build_menus(self) -> None:
        for group in GROUPS:
            menu = self.menuBar().addMenu(translated(group))
            for spec in ACTIONS:
                if spec.group == group:
                    menu.addAction(self.commands[spec.id])
                if spec.id == "open_project":
                    recent = menu.addMenu(self.tr("Recent projects"))
                    recent.aboutToShow.connect(partial(self.filing.list_recent, recent))

    def _show_page(self, *, has_song: bool) -> None:
        """The lanes, which have the keys as they appear, or how to begin."""
        if self._pages.currentIndex() != has_song:
            self._pages.setCurrentIndex(int(has_song))
            if has_song:
                self.timeline.setFocus()

    def _restore(self) -> None:
        kept = self.bench.preferences.window
        for name in SWITCHES:
            action = self.commands[name]
            action.setChecked(name in kept.shown)
            self._handlers[name](action.isChecked())
        restore_places(self, self._splitters, kept)

    @property
    def _splitters(self) -> tuple[QSplitter, QSplitter]:
        return self._rows, self._mixer_row

    def _name_window(self) -> None:
        track = self.bench.track
        name = self.bench.papers.file.name or (track.name if track else "")
        self.setWindowTitle(f"{name}[*] – StemDesk" if name else "StemDesk")
        self.setWindowModified(self.bench.is_modified and bool(name))
