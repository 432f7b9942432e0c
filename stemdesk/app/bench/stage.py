"""The current song as it sounds: its stems, regions, mix, and what goes to the ears."""

from __future__ import annotations

from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.bench.monitor import Monitor
from stemdesk.app.bench.stretches import stretches
from stemdesk.app.listening import Listening
from stemdesk.app.live.stems import LiveStems
from stemdesk.mixing.regions import RegionStem
from stemdesk.mixing.settings import MixSettings, StripSettings, changed
from stemdesk.mixing.sources import FileStem
from stemdesk.playback.transport import State
from stemdesk.project.document import changed as document_changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stemdesk.app.live.spans import Spans
    from stemdesk.mixing.sources import StemSource
    from stemdesk.playback.device import Outputs
    from stemdesk.playback.source import Source
    from stemdesk.project.document import Region, Track

# Plays what is not separated yet, whatever is soloed; no strip of the document.
_GAP = StripSettings(name=MIXTURE, solo_safe=True)


class Stage:
    """Sounds one song of a project; made anew when another song is shown.

    All methods belong to one thread. Closing it gives the sound card back. It sounds before its
    plug-ins are loaded, see :class:`stemdesk.app.bench.plugins.PluginLoads`.

    Args:
        track: the song.
        song: its file.
        stems: stem name -> file, the closing stem last; empty while there are none.
        device: output, see :class:`stemdesk.playback.player.Player`.
        outputs: what opens devices; the computer's sound cards by default.

    Attributes:
        listening: plays, and lets the mix be changed; its mix may hold a strip more than the
            document's, see :meth:`mix`.
        monitor: the original in place of the mix, and the master's meters.

    Raises:
        UserError: a file cannot be read, or the mix does not fit the stems.
    """

    def __init__(
        self,
        track: Track,
        song: Path,
        stems: Mapping[str, Path],
        device: str | None = None,
        outputs: Outputs | None = None,
    ) -> None:
        self._track, self._song = track, song
        self._stems = dict(stems)
        self._device, self._outputs = device, outputs
        self._live: LiveStems | None = None
        self._open = ExitStack()
        self._regions: dict[str, RegionStem] = {}
        self.listening: Listening
        self.monitor: Monitor
        self._begin()

    @property
    def mix(self) -> MixSettings:
        """The mix as it sounds, as the document knows it."""
        return self._documented(self.listening.mix)

    @property
    def kept_mix(self) -> MixSettings:
        """The mix with what its plug-ins hold of themselves, for files."""
        return self._documented(self.listening.kept_mix())

    @property
    def kept_track(self) -> Track:
        """The song with what its plug-ins hold of themselves, for files."""
        kept = self.kept_mix
        return self._track if kept == self._track.mix else document_changed(self._track, mix=kept)

    @property
    def spans(self) -> Spans:
        """Which frames are separated."""
        if self._live is not None:
            return self._live.spans
        return ((0, self._track.mixture.frames),) if self._stems else ()

    @property
    def position_frames(self) -> int:
        """What is heard now."""
        return self.listening.player.position_frames

    @property
    def is_playing(self) -> bool:
        """Whether it sounds."""
        return self.listening.player.state is State.PLAYING

    def show(self, track: Track) -> None:
        """Sound as the document says now.

        Raises:
            UserError: the mix is not possible; the old one goes on.
        """
        before, self._track = self._track, track
        if track.regions is not before.regions:
            self._set_regions(track.regions)
            self.listening.stems_changed()
        if track.mix != self.mix:  # surfaces change it past the document
            self.listening.change(self._with_gap(track.mix))
        if (track.loop, track.looping) != (before.loop, before.looping):
            self._set_loop()

    def go_live(self, stems: Sequence[str], track: Track) -> None:
        """Sound as stems from now on, wherever there are some: a separation has begun.

        Args:
            stems: their names, the closing stem last.
            track: with one strip for each.
        """
        self._anew(track, stems, {})

    def follow(self, path: Path, spans: Spans) -> None:
        """Take what has been separated so far."""
        if self._live is not None:
            self._live.follow(path, spans)

    def finish(self, stems: Mapping[str, Path], track: Track) -> None:
        """Go on with finished stems, without a gap where they were live.

        Raises:
            UserError: a file cannot be read; what was there goes on.
        """
        if self._live is not None:
            gain = track.separated.gain if track.separated else 1.0
            self._live.finish(stems, gain)
            self._stems = dict(stems)
            self.show(track)
        else:
            self._anew(track, (), stems)

    def set_device(self, device: str | None) -> None:
        """Go on through another output."""
        self._device = device
        self.listening.player.set_device(device)

    def close(self) -> None:
        """Fall silent and close all files."""
        self._open.close()

    def _anew(self, track: Track, live: Sequence[str], stems: Mapping[str, Path]) -> None:
        position, playing = self.position_frames, self.is_playing
        original, peak = self.monitor.is_original, self.monitor.original_peak
        self._open.close()
        self._open = ExitStack()
        self._track, self._stems = track, dict(stems)
        self._begin(live)
        self.monitor.original_peak = peak
        self.monitor.show_original(on=original)
        self.listening.seek(position / track.mixture.sample_rate)
        if playing:
            self.listening.player.play()

    def _begin(self, live: Sequence[str] = ()) -> None:
        try:
            sources = self._sources(live)
            self._regions = {name: RegionStem(source) for name, source in sources.items()}
            self._set_regions(self._track.regions)
            original = self._open.enter_context(closing(FileStem(self._song)))
            self.listening = self._open.enter_context(
                Listening(
                    self._regions,
                    self._with_gap(self._track.mix),
                    self._device or None,
                    self._outputs,
                    partial(self._monitored, original=original),
                    waits=False,
                )
            )
            self._set_loop()
        except BaseException:
            self._open.close()
            raise

    def _monitored(self, mix: Source, original: StemSource) -> Source:
        self.monitor = Monitor(mix, original)
        return self.monitor

    def _sources(self, live: Sequence[str]) -> dict[str, StemSource]:
        self._live = None
        if live:
            song = self._open.enter_context(closing(FileStem(self._song)))
            self._live = self._open.enter_context(closing(LiveStems(song, live)))
            return dict(self._live.sources)
        if not self._stems:
            return {MIXTURE: self._open.enter_context(closing(FileStem(self._song)))}
        gain = self._track.separated.gain if self._track.separated else 1.0
        return {
            name: self._open.enter_context(closing(FileStem(path, gain)))
            for name, path in self._stems.items()
        }

    def _documented(self, mix: MixSettings) -> MixSettings:
        if self._live is None:
            return mix
        strips = tuple(strip for strip in mix.strips if strip.name != MIXTURE)
        documented: MixSettings = changed(mix, strips=strips)
        return documented

    def _with_gap(self, mix: MixSettings) -> MixSettings:
        if self._live is None:
            return mix
        with_gap: MixSettings = changed(mix, strips=(*mix.strips, _GAP))
        return with_gap

    def _set_regions(self, regions: Sequence[Region]) -> None:
        for name, stem in self._regions.items():
            stem.stretches = stretches(regions, name)

    def _set_loop(self) -> None:
        loop, rate = self._track.loop, self._track.mixture.sample_rate
        if loop is None:
            self.listening.clear_loop()
        elif self._track.looping:
            self.listening.set_loop(loop.first_frame / rate, loop.end_frame / rate)
        else:
            self.listening.clear_loop(loop.first_frame / rate, loop.end_frame / rate)
