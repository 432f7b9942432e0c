"""The long part of a separation: the song through the model, onto the disk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from stemdesk.app.live.order import Focus, goes_on, next_chunk
from stemdesk.app.resampled import ModelRateMixture, SeekableMixture
from stemdesk.app.unfinished import work_folder
from stemdesk.jobs.job import Leap

if TYPE_CHECKING:
    from stemdesk.app.live.feed import LiveFeed
    from stemdesk.app.model import LoadedModel
    from stemdesk.app.options import Report, SeparateOptions
    from stemdesk.app.resampled import MixtureReader
    from stemdesk.app.seals import Seal
    from stemdesk.audio.reading import AudioReader
    from stemdesk.separation.spool import Layout, Samples, Spool

# Shares of the whole time, measured on two minutes of music (wav, mp3 and ogg) with the small model
# and two threads. A GPU makes the first share smaller, and the time left a little too short.
ESTIMATE_SHARE = 0.86
WRITE_SHARE = 0.105


class EstimateStore(Protocol):
    """Where estimates go: a spool on disk, or one in memory."""

    layout: Layout
    done: set[int]
    engine_state: dict[str, Any]

    @property
    def frames_done(self) -> int:
        """Frames of the chunks it holds."""

    @property
    def is_complete(self) -> bool:
        """Whether no chunk is missing."""

    def append(self, chunk: int, samples: Samples, engine_state: dict[str, Any]) -> None:
        """Add a chunk's estimates ``[stems, channels, frames]``."""


def estimate(
    reader: MixtureReader,
    spool: EstimateStore,
    model: LoadedModel,
    report: Report,
    live: LiveFeed | None = None,
) -> None:
    """Fill what is missing in the spool.

    Without a listener that is done front to back. With one, what is about to be heard comes first:
    runs of consecutive chunks are begun where somebody listens, and broken off when that changes.
    A model that remembers the song up to a chunk keeps to the order: a jump would take it as long.

    Args:
        reader: the song.
        spool: open.
        model: the model.
        report: told the fraction of the whole separation, to ``ESTIMATE_SHARE``.
        live: the listener.
    """
    filling = _Filling(reader, spool, model, report, live)
    filling.tell(Leap("separating"))
    if not spool.is_complete:
        filling.fill()


@dataclass
class _Filling:
    """What :func:`estimate` works with, under the same names."""

    reader: MixtureReader
    spool: EstimateStore
    model: LoadedModel
    report: Report
    live: LiveFeed | None

    def fill(self) -> None:
        """Run after run, until nothing is missing."""
        rate, scale = self.model.card.sample_rate, 1.0
        if self.model.card.song_peak:
            song = ModelRateMixture(self.reader, rate)
            scale = self.model.separator.song_scale(song, self.check)
        while (first := self.wanted()) is not None:
            source = _source(self.reader, rate, may_jump=self.live is not None)
            run = self.model.separator.estimate(
                source, first, scale, self.spool.engine_state, self.check
            )
            for piece in run:
                self.spool.append(piece.chunk, piece.samples, piece.engine_state)
                self.tell("separating")
                if not goes_on(piece.chunk + 1, self.wanted(), self.spool.done):
                    break

    def wanted(self) -> int | None:
        """The chunk to separate next."""
        jumps = self.live is not None and not self.model.separator.engine.remembers
        focus = self.live.focus_at_model_rate() if self.live and jumps else Focus()
        return next_chunk(self.spool.layout.edges, self.spool.done, focus)

    def tell(self, stage: str) -> None:
        """Progress for the user, and what is new for the listener."""
        self.report(self._fraction, stage)
        if self.live:
            self.live.update(self.check)

    def check(self) -> None:
        """Nothing new; the report may stop the work."""
        self.report(self._fraction, "separating")

    @property
    def _fraction(self) -> float:
        """Of the whole separation; by length, for a song's first chunk may be short."""
        return ESTIMATE_SHARE * self.spool.frames_done / self.spool.layout.edges[-1]


def _source(reader: MixtureReader, rate: int, *, may_jump: bool) -> ModelRateMixture:
    """The song from its beginning; where seeking would change bits, only jumps are worth it."""
    if may_jump or reader.info.sample_rate == rate:
        return SeekableMixture(reader, rate)
    return ModelRateMixture(reader, rate)


def open_spool(
    song: Seal, options: SeparateOptions, model: LoadedModel, reader: AudioReader
) -> Spool:
    """The song's spool, not open yet; of an earlier run where one can go on from it."""
    from stemdesk.separation.devices import used_threads
    from stemdesk.separation.spool import Spool

    key: dict[str, Any] = {
        "version": 4,
        "sha256": song.sha256,
        "frames": reader.info.frames,
        **model.fingerprint,
        # A process that was forked from the one that loaded the model has fewer.
        "threads": used_threads(),
    }
    if options.adapt:
        from stemdesk.separation.adaptation import Adaptation

        key["adapted"] = asdict(Adaptation())
    spool = Spool(work_folder(song.path, options), key, layout_of(model, reader))
    if not options.resume:
        spool.discard()
    return spool


def layout_of(model: LoadedModel, reader: MixtureReader) -> Layout:
    """How a song's estimates by a model are laid out; the reader is left at its beginning."""
    from stemdesk.separation.spool import Layout

    frames = ModelRateMixture(reader, model.card.sample_rate).frames
    return Layout(
        stems=model.estimated_stems,
        channels=reader.info.channels,
        edges=tuple(model.separator.edges(frames)),
    )


def discarded(spool: Spool) -> list[str]:
    """A note where an earlier run's work could not be used."""
    if not spool.discarded_chunks:
        return []
    return [
        f"{spool.discarded_chunks} chunks of an earlier run were thrown away, because the song, "
        "the model or the options were others, or because they were damaged."
    ]
