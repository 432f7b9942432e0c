"""The timeline as the window sees it: shows a song, and asks for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.project.document import Span
from stemdesk.ui.timeline.frame import TimelineFrame
from stemdesk.ui.timeline.mix_changes import levels_moved_alone
from stemdesk.ui.timeline.navigator import ZOOM
from stemdesk.ui.timeline.scene import MIXTURE, RESIDUAL, SUM
from stemdesk.ui.timeline.spans import difference, merged
from stemdesk.ui.timeline.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from PySide6.QtWidgets import QWidget

    from stemdesk.project.document import Track
    from stemdesk.ui.timeline.sources import Peaks, Tiles
    from stemdesk.ui.timeline.spans import Spans


class TimelineView(TimelineFrame):
    """Shows one song; everything the user wants goes out through `wishes`.

    It keeps nothing of the document: what a hand drags is shown in place of it until the hand lets
    go, and then only asked for.

    Args:
        parent: the window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follows = True
        self._seen: dict[str, Spans] = {}
        self.headers.fold_requested.connect(self.toggle_fold)
        self.headers.address_chosen.connect(self.unfold)
        self.refresh_all()

    def show_track(self, track: Track | None) -> None:
        """Show a song, or none; costs nothing if it is the one shown."""
        old, scene = self.scene.track, self.scene
        if track is old:
            return
        before = scene.lanes
        scene.track = track
        if track is None or old is None or track.id != old.id:
            before = ()
            self._begin_song()
        elif track.mixture.frames != old.mixture.frames:
            scene.view = Viewport(track.mixture.frames, self.canvas.width())
        elif not scene.unfolded and levels_moved_alone(old, track):
            self.headers.refresh()  # a fader in a hand: many times a second
            return
        self._drop_what_has_gone()
        self._unfold_new(before)
        self.refresh_all()

    def set_peaks(self, lane: str, peaks: Peaks | None) -> None:
        """Draw a lane from these; None for none."""
        if peaks is None:
            self.scene.peaks.pop(lane, None)
        else:
            self.scene.peaks[lane] = peaks
        self._seen[lane] = self.scene.known(lane)
        self.canvas.update_lane(lane)

    def set_tiles(self, lane: str, tiles: Tiles | None) -> None:
        """Where a lane's spectrogram comes from; None for nowhere."""
        if tiles is None:
            self.scene.tiles.pop(lane, None)
        else:
            self.scene.tiles[lane] = tiles
        self.canvas.update_lane(lane)

    def set_spectrograms(self, *, on: bool) -> None:
        """Show lanes as spectrograms, whatever the song, or as waveforms."""
        self.scene.is_spectral = on
        self.canvas.update()

    def set_coverage(self, spans: Iterable[Span]) -> None:
        """What is separated so far; the rest of every stem is hatched."""
        coverage = merged(spans)
        if coverage != self.scene.coverage:
            self.scene.coverage = coverage
            self.refresh_data()

    def refresh_data(self) -> None:
        """Draw what peaks and tiles have got to know since; call it some times a second."""
        for lane in self.scene.lanes:
            known, before = self.scene.known(lane), self._seen.get(lane, ())
            self._seen[lane] = known
            wave = self.canvas.strips.waves.get(lane)
            spectrum = self.canvas.strips.spectra.get(lane)
            is_new = known != before
            if is_new and wave is not None:
                wave.forget(difference(before, known))
            if is_new and spectrum is not None:
                spectrum.forget()
            waits = spectrum is not None and spectrum.is_waiting
            if is_new or waits or (wave is not None and wave.retry()):
                self.canvas.update_lane(lane)

    def set_position(self, frame: int) -> None:
        """The playhead; repaints narrow stripes, and turns the page where it leaves the view.

        Who has scrolled away from it, meanwhile, is left there.
        """
        if frame == self.scene.position_frames:
            return
        is_leaving = self._is_seen(self.scene.position_frames) and not self._is_seen(frame)
        self.canvas.move_playhead(frame)
        self.ruler.move_playhead(frame)
        self.scene.position_frames = frame
        if is_leaving:
            self.reveal(frame)

    def reveal(self, frame: int) -> None:
        """Turn to the page with the playhead, if it is followed and cannot be seen."""
        if self._follows and not self._is_seen(frame):
            self.scene.view = self.scene.view.starting_at(frame)
            self.refresh_view()

    def _is_seen(self, frame: int) -> bool:
        return 0 <= self.scene.view.x(frame) <= self.scene.view.width_px

    def show_in_force(self, values: Mapping[str, float]) -> None:
        """Values that automation has put in force now, by address; none: the mix's own."""
        if values != self.scene.in_force:
            self.scene.in_force = dict(values)
            self.headers.refresh()

    def set_meter(self, lane: str, peak_db: float, rms_db: float) -> None:
        """A lane's level now, in dBFS."""
        header = self.headers.headers.get(lane)
        if header is not None:
            header.meter.show_level(peak_db, rms_db)

    def set_lanes(self, *, with_sum: bool, with_residual: bool) -> None:
        """Whether the sum of the mix and what it leaves of the mixture are shown."""
        wanted = ((SUM, with_sum), (RESIDUAL, with_residual))
        before = self.scene.lanes
        self.scene.extra = tuple(lane for lane, shown in wanted if shown)
        self._drop_what_has_gone()
        self._unfold_new(before)
        self.refresh_all()

    def set_snap(self, *, on: bool) -> None:
        """Whether ends and clicks catch on beats within eight pixels (Ctrl: not this time)."""
        self.scene.snaps = on

    def set_follow(self, *, on: bool) -> None:
        """Whether the page turns when the playhead leaves the view."""
        self._follows = on

    def unfold(self, lane: str, address: str = "") -> None:
        """Fold a lane's automation out: an address's, else what has points, else the level's."""
        self._fold_out(lane, address)
        self.refresh_all()

    def set_unfolded(self, *, on: bool) -> None:
        """Fold automation out under every lane, whatever the song, or in."""
        self.scene.unfolds = on
        self.scene.unfolded.clear()
        self._unfold_new(())
        self.refresh_all()

    def toggle_fold(self, lane: str) -> None:
        """Fold a lane's automation out, or in."""
        if self.scene.unfolded.pop(lane, None) is None:
            self.unfold(lane)
        else:
            self.refresh_all()

    def zoom_in(self) -> None:
        """Twice as close."""
        self._navigate(lambda: self.navigator.zoom(ZOOM))

    def zoom_out(self) -> None:
        """Half as close."""
        self._navigate(lambda: self.navigator.zoom(1 / ZOOM))

    def zoom_normal(self) -> None:
        """100 pixels a second."""
        self._navigate(self.navigator.zoom_normal)

    def fit_selection(self) -> None:
        """What is selected, as large as it goes."""
        self._navigate(self.navigator.fit_selection)

    def fit_song(self) -> None:
        """The whole song."""
        self._navigate(self.navigator.fit_song)

    def select_all(self) -> None:
        """The whole song, every lane."""
        self._navigate(self.navigator.select_all)

    def select_nothing(self) -> None:
        """Neither a stretch nor a region, point or marker."""
        self._navigate(self.navigator.select_nothing)

    @property
    def selected_stems(self) -> tuple[str, ...]:
        """The stems in the selection: lanes with a strip of their own, which can have regions."""
        scene = self.scene
        lanes = scene.selection.lanes(scene.lanes) if scene.selection else ()
        return tuple(lane for lane in lanes if lane != SUM and scene.strip(lane) is not None)

    @property
    def selected_span(self) -> Span | None:
        """What is selected."""
        return self.scene.selection.span if self.scene.selection else None

    def _navigate(self, move: Callable[[], None]) -> None:
        move()
        self.refresh_view()
        self.tell()

    def _fold_out(self, lane: str, address: str = "") -> None:
        strip, track = self.scene.strip(lane), self.scene.track
        if strip is None or track is None:
            return
        own = (each for each in track.mix.automation if each.startswith(f"{strip.name}."))
        self.scene.unfolded[lane] = address or next(own, f"{strip.name}.level_db")

    def _unfold_new(self, before: Collection[str]) -> None:
        """Where automation is to be seen, lanes that have come show theirs."""
        if self.scene.unfolds:
            for lane in self.scene.lanes:
                if lane not in before:
                    self._fold_out(lane)

    def _begin_song(self) -> None:
        scene, track = self.scene, self.scene.track
        scene.peaks.clear()
        scene.tiles.clear()
        scene.unfolded.clear()
        self._seen.clear()
        scene.selection, scene.picked, scene.scroll_px = None, None, 0
        scene.position_frames, scene.focused = 0, MIXTURE
        whole = (Span(first_frame=0, end_frame=scene.song_frames),)
        scene.coverage = whole if track is not None and track.separated is not None else ()
        scene.view = Viewport(scene.song_frames, self.canvas.width())

    def _drop_what_has_gone(self) -> None:
        scene = self.scene
        for lane in [lane for lane in scene.unfolded if scene.strip(lane) is None]:
            del scene.unfolded[lane]
        for lane, address in list(scene.unfolded.items()):
            if scene.parameter(address) is None:
                scene.unfolded[lane] = f"{scene.strip_name(lane)}.level_db"
        if scene.focused not in scene.lanes:
            scene.focused = MIXTURE
        if scene.selection is not None and not scene.selection.lanes(scene.lanes):
            self.navigator.select_nothing()
