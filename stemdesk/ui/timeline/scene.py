"""What the timeline shows, without Qt: the song, the view of it, lanes from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import find, get
from stemdesk.mixing.settings import MASTER
from stemdesk.project.document import Span
from stemdesk.ui.timeline.metre import Metre
from stemdesk.ui.timeline.spans import merged, overlap
from stemdesk.ui.timeline.viewport import Viewport

if TYPE_CHECKING:
    from stemdesk.mixing.parameters import Parameter
    from stemdesk.mixing.settings import Point, StripSettings
    from stemdesk.project.document import Marker, Region, Track
    from stemdesk.ui.timeline.selection import Selection
    from stemdesk.ui.timeline.sources import Peaks, Tiles
    from stemdesk.ui.timeline.spans import Spans

MIXTURE, SUM, RESIDUAL = "mixture", "sum", "residual"
RESIDUAL_GAIN_DB = 60.0
LEAST_LANE_PX, MOST_LANE_PX = 64, 320
COMFORTABLE_PX = 136  # lanes grow no further by themselves
AUTOMATION_PX = 76


@dataclass(frozen=True)
class Row:
    """One lane, or the automation folded out under it.

    Attributes:
        lane: `mixture`, a stem, `sum`, `residual`.
        top_px: from the top of all rows.
        height_px: of the row.
        address: the parameter of an automation row; empty for the waveform.
    """

    lane: str
    top_px: int
    height_px: int
    address: str = ""

    @property
    def bottom_px(self) -> int:
        """Below its last pixel."""
        return self.top_px + self.height_px


@dataclass(frozen=True)
class Preview:
    """What a hand is doing that has not been asked for yet; shown in place of the document.

    Attributes:
        region: as it would become.
        replaces: the region it stands in for.
        address: automation that is being moved.
        points: as they would become.
        point: index of the one in hand, or -1.
        loop: as it would become.
        marker: being dragged, and to where.
    """

    region: Region | None = None
    replaces: Region | None = None
    address: str = ""
    points: tuple[Point, ...] = ()
    point: int = -1
    loop: Span | None = None
    marker: tuple[Marker, int] | None = None


@dataclass
class Scene:
    """Shared by ruler, headers and lanes; changed by the view, and by the gesture in progress.

    Attributes:
        track: the song shown.
        view: which part of it.
        peaks: by lane; ``tiles`` likewise.
        is_spectral: whether lanes are shown as spectrograms.
        coverage: what is separated.
        position_frames: the playhead.
        in_force: address -> value that automation has put in force now.
        selection: what is selected.
        focused: the lane that keys act upon.
        picked: the region, marker or (address, index) of a point that keys act upon.
        snaps: whether ends catch on beats.
        unfolded: lane -> address of the automation shown under it.
        unfolds: whether lanes that come have theirs folded out.
        extra: `sum`, `residual`, where shown.
        lane_px: height of a lane chosen by hand; 0 to share the room.
        room_px: height there is.
        scroll_px: how far the rows are scrolled.
    """

    track: Track | None = None
    view: Viewport = field(default_factory=lambda: Viewport(1, 1.0))
    peaks: dict[str, Peaks] = field(default_factory=dict)
    tiles: dict[str, Tiles] = field(default_factory=dict)
    is_spectral: bool = False
    coverage: Spans = ()
    position_frames: int = 0
    in_force: dict[str, float] = field(default_factory=dict)
    selection: Selection | None = None
    focused: str = MIXTURE
    picked: Region | Marker | tuple[str, int] | None = None
    snaps: bool = True
    unfolded: dict[str, str] = field(default_factory=dict)
    unfolds: bool = False
    extra: tuple[str, ...] = ()
    lane_px: int = 0
    room_px: int = 0
    scroll_px: int = 0
    preview: Preview = field(default_factory=Preview)

    @property
    def song_frames(self) -> int:
        """Length of the song; 1 where there is none."""
        return self.track.mixture.frames if self.track else 1

    @property
    def sample_rate(self) -> int:
        """Of the song, in Hz."""
        return self.track.mixture.sample_rate if self.track else 44_100

    @property
    def metre(self) -> Metre | None:
        """Bars and beats, where a tempo is known."""
        tempo = self.track.tempo if self.track else None
        return Metre(tempo, self.sample_rate) if tempo else None

    @property
    def lanes(self) -> tuple[str, ...]:
        """From top to bottom."""
        if self.track is None:
            return ()
        stems = (strip.name for strip in self.track.mix.strips)
        return (MIXTURE, *(stem for stem in stems if stem != MIXTURE), *self.extra)

    @property
    def stems(self) -> tuple[str, ...]:
        """The lanes that are stems."""
        return tuple(lane for lane in self.lanes if lane not in (MIXTURE, SUM, RESIDUAL))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every lane and what is folded out, from top to bottom."""
        rows, top = [], 0
        height = self.lane_height()
        for lane in self.lanes:
            rows.append(Row(lane, top, height))
            top += height
            if lane in self.unfolded:
                rows.append(Row(lane, top, AUTOMATION_PX, self.unfolded[lane]))
                top += AUTOMATION_PX
        return tuple(rows)

    def lane_height(self) -> int:
        """Of a waveform, in pixels: chosen by hand, or an equal share of the room."""
        lanes = len(self.lanes)
        if self.lane_px:
            return self.lane_px
        folded_out = sum(lane in self.unfolded for lane in self.lanes)
        room = self.room_px - folded_out * AUTOMATION_PX
        share = room // lanes // 4 * 4 if lanes else 0
        return min(COMFORTABLE_PX, max(LEAST_LANE_PX, share))

    def row_at(self, y: float) -> Row | None:
        """The row under a pixel of the lanes, scrolling included."""
        at = y + self.scroll_px
        return next((row for row in self.rows if row.top_px <= at < row.bottom_px), None)

    def strip_name(self, lane: str) -> str:
        """The strip that a lane's controls move: the sum's is the master."""
        return MASTER if lane == SUM else lane

    def strip(self, lane: str) -> StripSettings | None:
        """Its settings; None where it has none, as the mixture beside its stems."""
        return self.track.mix.strip(self.strip_name(lane)) if self.track else None

    def is_heard(self, lane: str) -> bool:
        """Whether mutes and solos let it through."""
        strip = self.strip(lane)
        if strip is None or self.track is None or lane == SUM:
            return not (strip and strip.mute)
        soloed = any(each.solo for each in self.track.mix.strips)
        return not strip.mute and (strip.solo or not soloed)

    def parameter(self, address: str) -> Parameter | None:
        """What lies at an address of this mix; None where the effect has gone."""
        if self.track is None:
            return None
        try:
            return find(self.track.mix, address).parameter
        except UserError:
            return None

    def points(self, address: str) -> tuple[Point, ...]:
        """Automation of an address, as it is or as a hand is making it."""
        if self.preview.address == address:
            return self.preview.points
        return self.track.mix.automation.get(address, ()) if self.track else ()

    def regions(self, lane: str) -> tuple[Region, ...]:
        """Regions of a lane, as they are or as a hand is making them."""
        regions = self.track.regions if self.track else ()
        kept = tuple(r for r in regions if r.stem == lane and r != self.preview.replaces)
        made = self.preview.region
        return (*kept, made) if made and made.stem == lane else kept

    def has_room(self, wanted: Region, old: Region) -> bool:
        """Whether a region fits where it is wanted, in the song and beside the others."""
        others = (each for each in self.regions(old.stem) if each != old)
        return 0 <= wanted.first_frame < wanted.end_frame <= self.song_frames and all(
            each.end_frame <= wanted.first_frame or each.first_frame >= wanted.end_frame
            for each in others
        )

    def things(self, lane: str) -> list[tuple[float, int, Region | Marker | tuple[str, int]]]:
        """What keys can pick in a lane, by frame: regions, points folded out, and all markers."""
        address = self.unfolded.get(lane, "")
        found: list[tuple[float, Region | Marker | tuple[str, int]]] = [
            *((region.first_frame, region) for region in self.regions(lane)),
            *((marker.frame, marker) for marker in (self.track.markers if self.track else ())),
            *(
                (point.seconds * self.sample_rate, (address, index))
                for index, point in enumerate(self.points(address))
            ),
        ]
        found.sort(key=lambda place: place[0])
        return [(frame, index, thing) for index, (frame, thing) in enumerate(found)]

    def static_value(self, address: str) -> float:
        """What a parameter is without automation."""
        return get(self.track.mix, address) if self.track else 0.0

    @property
    def loop(self) -> Span | None:
        """What repeats, as it is or as a hand is making it."""
        return self.preview.loop or (self.track.loop if self.track else None)

    def known(self, lane: str) -> Spans:
        """What of a lane can be drawn; the rest is hatched."""
        peaks = self.peaks.get(lane)
        if lane == MIXTURE:
            whole = (Span(first_frame=0, end_frame=self.song_frames),)
            return merged(peaks.known_spans) if peaks else whole
        if peaks is None:
            return self.coverage
        return overlap(self.coverage, merged(peaks.known_spans))

    def snapped(self, frame: int, reach_px: float) -> int:
        """A frame, or the beat that is no further from it than some pixels."""
        metre = self.metre
        if not self.snaps or metre is None or reach_px <= 0:
            return frame
        beat = metre.nearest_beat(frame)
        near = abs(beat - frame) <= reach_px * self.view.frames_per_px
        return beat if near and 0 <= beat <= self.song_frames else frame
