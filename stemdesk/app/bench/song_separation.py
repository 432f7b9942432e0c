"""The separation of a song of a project: a child separates, the project takes the stems in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.app.options import SeparateOptions
from stemdesk.app.seals import MediaChanged, Seals
from stemdesk.app.work_folders import song_folder, unmark_cancelled
from stemdesk.app.worker.job import Request
from stemdesk.errors import Cancelled, UserError
from stemdesk.files import OverwritePolicy
from stemdesk.jobs.job import Job, JobState
from stemdesk.project.document import MediaRef, StemSet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.app.forecast import Choice
    from stemdesk.app.live.order import Focus
    from stemdesk.app.options import Separation
    from stemdesk.app.worker.client import Worker
    from stemdesk.app.worker.job import Coverage
    from stemdesk.audio.null import NullReport
    from stemdesk.project.document import Track
    from stemdesk.project.media import MediaStore

    Report = Callable[[float, str], None]

POLL_SECONDS = 0.05
KEEP_SHARE = 0.03


@dataclass(frozen=True)
class Separated:
    """What came of it.

    Attributes:
        stems: in the project's folder.
        null: how the files sum to the song.
        notes: one sentence each.
    """

    stems: StemSet
    null: NullReport | None
    notes: tuple[str, ...]


class SongSeparation(Job):
    """One song, as a job for the queue.

    Args:
        worker: the child process.
        track: the song.
        song: its file.
        choice: model, device, threads and claims.
        media: takes the stems in.
        focus: where somebody listens.
        adapt: the model is to learn from the song first.
    """

    def __init__(  # noqa: PLR0913 - what a separation consists of
        self,
        worker: Worker,
        track: Track,
        song: Path,
        choice: Choice,
        media: MediaStore,
        focus: Focus,
        *,
        adapt: bool = False,
    ) -> None:
        super().__init__(self._separate)
        self._track, self._claims, self._media = track, dict(choice.claims), media
        self._folder = song_folder(track.id)
        self._notes: list[str] = []
        options = SeparateOptions(
            output=self._folder, name="{stem}", overwrite=OverwritePolicy.YES, adapt=adapt
        )
        shape = track.mixture
        self._part = worker.separate(
            Request(song, shape.frames / shape.sample_rate, options, choice, focus)
        )

    @property
    def coverage(self) -> Coverage | None:
        """What can be heard already."""
        return self._part.coverage

    @property
    def device(self) -> str:
        """What the network runs on; empty until that is known."""
        return self._part.device

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end."""
        return self._part.seconds_left

    def listen(self, focus: Focus) -> None:
        """Somebody listens elsewhere now."""
        self._part.listen(focus)

    def pause(self) -> None:
        """Rest as soon as possible."""
        super().pause()
        self._part.pause()

    def resume(self) -> None:
        """Go on."""
        self._part.resume()
        super().resume()

    def cancel(self) -> None:
        """Stop as soon as possible; another separation of the song goes on from there."""
        super().cancel()
        self._part.cancel()

    def _separate(self, report: Report) -> Separated:
        part = self._part
        song, known = part.request.song, self._track.mixture.sha256
        Seals.of_media({song: known}, lambda: report(0.0, "reading"))
        unmark_cancelled(self._track.id)
        part.start()
        while not part.wait(POLL_SECONDS):
            self.speed, self.notes = part.speed, part.notes
            report((1 - KEEP_SHARE) * part.fraction, part.stage)
        self.speed, self.notes = part.speed, part.notes
        if part.state is JobState.CANCELLED:
            raise Cancelled
        if part.error is not None:
            raise part.error
        result = part.result
        if result is None or not result.files:
            raise UserError(
                f"The separation of {self._track.name} gave no files", "separate it again"
            )
        if known and result.source_sha256 != known:
            raise MediaChanged(song)
        return self._kept(result, report)

    def _kept(self, result: Separation, report: Report) -> Separated:
        shape = self._track.mixture
        refs: dict[str, MediaRef] = {}
        for index, (stem, path) in enumerate(result.files.items()):
            done = 1 - KEEP_SHARE * (1 - index / len(result.files))

            def tell(_fraction: float, _stage: str, done: float = done) -> None:
                report(done, "keeping")

            outside = MediaRef(
                path=str(path.absolute()),
                frames=shape.frames,
                sample_rate=shape.sample_rate,
                channels=shape.channels,
                name=f"{self._track.name} - {path.name}",
            )
            refs[stem] = self._media.take_in(outside, tell, move=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        stems = StemSet(
            model=result.model,
            stems=refs,
            gain=result.gain,
            claims=self._claims,
            adapted=result.adapted,
        )
        return Separated(stems, result.null, tuple(result.notes))
