"""The timeline: looking closer, selecting, regions, markers, automation."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog, QMenu

from stemdesk.app.bench.lanes import MIXTURE, RESIDUAL, SUM
from stemdesk.project.document import Marker, Region, Span
from stemdesk.project.edits.automation import set_points
from stemdesk.project.edits.places import (
    add_marker,
    move_marker,
    remove_marker,
    rename_marker,
)
from stemdesk.project.edits.regions import clear_range, move_region, set_range
from stemdesk.ui.timeline.mix_changes import differ_in_mix_alone
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.words import address_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.mixing.settings import Point
    from stemdesk.project.document import Track
    from stemdesk.ui.main_window import MainWindow
    from stemdesk.ui.timeline.wishes import Place

QUIETEST_DB, LOUDEST_DB = -60.0, 12.0
LEAST_SECONDS = 0.03


class Arranging(Wiring):
    """What is seen and done on the timeline."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self._shown: Track | None = None
        self._shown_at, self._is_due = 0.0, False
        wishes = window.timeline.wishes
        wishes.seek_requested.connect(lambda frame: window.playing.seek(frame))
        wishes.loop_requested.connect(lambda span: window.playing.set_loop(span))
        wishes.parameter_changed.connect(lambda *args: window.mixing.set_parameter(*args))
        wishes.touched.connect(lambda *args: window.mixing.touch(*args))
        wishes.marker_added.connect(self.add_marker)
        wishes.marker_moved.connect(self.move_marker)
        wishes.marker_renamed.connect(self.rename_marker)
        wishes.marker_removed.connect(self.remove_marker)
        wishes.selection_changed.connect(lambda *_: window.show_possible())
        wishes.region_changed.connect(self.change_region)
        wishes.region_removed.connect(self.remove_region)
        wishes.automation_changed.connect(self.set_automation)
        wishes.lane_focused.connect(lambda _: window.show_facts())
        wishes.context_requested.connect(self.open_menu)
        wishes.told.connect(window.tell)
        inspector = window.inspector
        inspector.jump_requested.connect(lambda frame: window.playing.seek(frame))
        inspector.marker_renamed.connect(self.rename_marker)
        inspector.marker_removed.connect(self.remove_marker)
        inspector.region_changed.connect(self.change_region)
        inspector.region_removed.connect(self.remove_region)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        timeline = self.window.timeline
        return {
            "zoom_in": timeline.zoom_in,
            "zoom_normal": timeline.zoom_normal,
            "zoom_out": timeline.zoom_out,
            "zoom_selection": timeline.fit_selection,
            "zoom_fit": timeline.fit_song,
            "select_all": timeline.select_all,
            "select_none": timeline.select_nothing,
            "mute_region": lambda: self.set_regions(
                self.tr("Mute region"), partial(set_range, mute=True)
            ),
            "gain_region": self.ask_gain,
            "clear_region": lambda: self.set_regions(self.tr("Reset region"), clear_range),
            "snap": lambda on: timeline.set_snap(on=on),
            "follow": lambda on: timeline.set_follow(on=on),
            "spectrogram": lambda on: timeline.set_spectrograms(on=on),
            "automation": lambda on: timeline.set_unfolded(on=on),
            "show_sum": lambda _: self.show_lanes(),
            "show_residual": lambda _: self.show_lanes(),
        }

    def show(self, track: Track | None) -> None:
        """Show the song; where only its mix has changed, 30 times a second at most.

        A dragged fader changes it more often than anybody sees.
        """
        now = time.monotonic()
        if differ_in_mix_alone(self._shown, track) and now - self._shown_at < LEAST_SECONDS:
            self._is_due = True
            return
        self._shown, self._shown_at, self._is_due = track, now, False
        self.window.timeline.show_track(track)
        self.show_pictures()

    def catch_up(self) -> None:
        """Show what came too soon; thirty times a second."""
        if self._is_due and time.monotonic() - self._shown_at >= LEAST_SECONDS:
            self.show(self.track)

    def show_pictures(self) -> None:
        """Give the timeline what has been drawn and separated since."""
        timeline, track = self.window.timeline, self.track
        if track is None:
            return
        names = (MIXTURE, *(strip.name for strip in track.mix.strips), SUM, RESIDUAL)
        shown = {SUM: "show_sum", RESIDUAL: "show_residual"}
        for name in dict.fromkeys(names):
            action = shown.get(name)
            if action is not None and not self.window.commands[action].isChecked():
                continue
            waveform = self.bench.shown.waveform(name)
            if timeline.scene.peaks.get(name) is not waveform:
                timeline.set_peaks(name, waveform)
                timeline.set_tiles(name, waveform)
        timeline.set_coverage(
            Span(first_frame=first, end_frame=end) for first, end in self.bench.shown.coverage
        )
        timeline.refresh_data()

    def show_lanes(self) -> None:
        """Show the sum and the residual, or hide them."""
        actions = self.window.commands
        self.window.timeline.set_lanes(
            with_sum=actions["show_sum"].isChecked(),
            with_residual=actions["show_residual"].isChecked(),
        )
        self.show_pictures()

    def add_marker(self, frame: int) -> None:
        """A marker at a place."""
        self.edit(self.tr("Add marker"), lambda track: add_marker(track, frame))

    def move_marker(self, marker: Marker, frame: int) -> None:
        """A marker elsewhere."""
        self.edit(self.tr("Move marker"), lambda track: move_marker(track, marker, frame))

    def rename_marker(self, marker: Marker, name: str) -> None:
        """A marker by another name."""
        self.edit(self.tr("Rename marker"), lambda track: rename_marker(track, marker, name))

    def remove_marker(self, marker: Marker) -> None:
        """A marker goes."""
        self.edit(self.tr("Remove marker"), lambda track: remove_marker(track, marker))

    def set_regions(self, label: str, change: Callable[[Track, str, Span], Track]) -> None:
        """The selected stretch of every selected stem otherwise: one step, however many they are.

        Args:
            label: of the step.
            change: makes it, for one stem.
        """
        span = self.window.timeline.selected_span
        stems = self.window.timeline.selected_stems
        if span is None or not stems:
            self._tell_to_select()
            return

        def change_all(track: Track) -> Track:
            for stem in stems:
                track = change(track, stem, span)
            return track

        self.edit(label, change_all)

    def _tell_to_select(self) -> None:
        timeline = self.window.timeline
        if timeline.selected_span is None:
            self.window.tell(self.tr("Select a stretch of a stem first."))
        else:
            self.window.tell(
                self.tr("Only stems can be changed in part: select in the lane of a stem.")
            )

    def change_region(self, old: Region, new: Region) -> None:
        """A region moved, or with other values."""
        span = Span(first_frame=new.first_frame, end_frame=new.end_frame)

        def change(track: Track) -> Track:
            if (old.first_frame, old.end_frame) != (new.first_frame, new.end_frame):
                track = move_region(track, old, span)
            return set_range(track, new.stem, span, gain_db=new.gain_db, mute=new.mute)

        self.edit(self.tr("Change region"), change)

    def remove_region(self, region: Region) -> None:
        """A stretch as it was."""
        span = Span(first_frame=region.first_frame, end_frame=region.end_frame)
        self.edit(self.tr("Remove region"), lambda track: clear_range(track, region.stem, span))

    def set_automation(self, address: str, points: Sequence[Point]) -> None:
        """Other automation of a parameter."""
        self.edit(
            self.tr("Automation of {parameter}").format(parameter=address_title(address)),
            lambda track: set_points(track, address, points),
        )

    def ask_gain(self) -> None:
        """The gain of what is selected, by number."""
        timeline = self.window.timeline
        if timeline.selected_span is None or not timeline.selected_stems:
            self._tell_to_select()
            return
        gain_db, is_meant = QInputDialog.getDouble(
            self.window,
            self.tr("Gain of selection"),
            self.tr("Gain in dB"),
            -6.0,
            QUIETEST_DB,
            LOUDEST_DB,
            1,
        )
        if is_meant:
            change = partial(set_range, gain_db=gain_db, mute=False)
            self.set_regions(self.tr("Gain of region"), change)

    def open_menu(self, place: Place) -> None:
        """What can be done at a place of the timeline."""
        menu = QMenu(self.window)
        if place.marker is not None:
            self._marker_menu(menu, place.marker)
        elif place.region is not None:
            menu.addAction(self.tr("Remove region"), partial(self.remove_region, place.region))
        elif place.address:
            menu.addAction(
                self.tr("Clear automation"), partial(self.set_automation, place.address, ())
            )
        else:
            menu.addAction(
                self.tr("Play from here"), lambda: self.window.playing.play_from(place.frame)
            )
            menu.addAction(self.tr("Add marker"), partial(self.add_marker, place.frame))
            for action in ("mute_region", "gain_region", "clear_region", "loop", "clear_loop"):
                menu.addAction(self.window.commands[action])
        menu.addSeparator()
        menu.addAction(self.window.commands["export"])
        menu.exec(place.global_pos)

    def _marker_menu(self, menu: QMenu, marker: Marker) -> None:
        def rename() -> None:
            name, is_meant = QInputDialog.getText(
                self.window, self.tr("Rename marker"), self.tr("Name"), text=marker.name
            )
            if is_meant:
                self.rename_marker(marker, name)

        menu.addAction(self.tr("Rename…"), rename)
        menu.addAction(self.tr("Remove marker"), partial(self.remove_marker, marker))
