"""What is known of songs: their loudness and tempo, and whether their stems null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.app.bench.analysis import measure
from stemdesk.app.bench.verdict import Verdict, heard_otherwise, judged
from stemdesk.audio.null import measure_null
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.app.bench.analysis import SongMeasures
    from stemdesk.app.bench.papers import Papers
    from stemdesk.audio.null import NullReport
    from stemdesk.jobs.entry import Entry
    from stemdesk.project.document import StemSet, Track

    _Stems = tuple[str, tuple[str, ...]]
    Report = Callable[[float, str], None]
    Start = Callable[[str, str, Callable[[Report], object], Callable[[Entry], None]], Entry]

SUBJECT = "The stems of the project"


class Findings:
    """Measurements of the project's songs, made in the background.

    Args:
        start: puts work into the queue: title, kind, work, what to do with the finished entry.

    Attributes:
        measures: song's id -> what was measured.
        delivered: song's id -> the null of its last export, until its stems are checked again,
            or others have come.
    """

    def __init__(self, start: Start) -> None:
        self._start = start
        self.measures: dict[str, SongMeasures] = {}
        self._measuring: dict[str, Entry] = {}
        self._verdicts: dict[_Stems, Verdict] = {}
        self._checks: dict[_Stems, Entry] = {}
        self.delivered: dict[str, Verdict] = {}

    def forget(self) -> None:
        """Another project."""
        self.measures.clear()
        self._measuring.clear()
        self._verdicts.clear()
        self._checks.clear()
        self.delivered.clear()

    def measure(self, track: Track, song: Path, then: Callable[[SongMeasures], None]) -> None:
        """Listen to a song as a whole, once."""
        before = self._measuring.get(track.id)
        if before is not None and not before.state.has_ended:
            return

        def work(report: Report) -> SongMeasures:
            source = FileStem(song)
            try:
                return measure(source, report)
            finally:
                source.close()

        def take(entry: Entry) -> None:
            self.measures[track.id] = entry.result
            then(entry.result)

        self._measuring[track.id] = self._start(track.name, "measure", work, take)

    def check(self, track: Track, papers: Papers) -> None:
        """Read a song's stems back from the disk and hold them against it.

        Args:
            track: the song; nothing happens where it has no stems.
            papers: know where the files lie.
        """
        separated = track.separated
        if separated is None:
            return
        self.forget_delivery(track.id)
        song, stems = papers.song_of(track), list(papers.files_of(separated).values())

        def take(entry: Entry) -> None:
            self.note(track.id, separated, entry.result)

        self._checks[_stems(track.id, separated)] = self._start(
            track.name,
            "null",
            lambda report: measure_null(song, stems, report, gain=separated.gain),
            take,
        )

    def note(self, track_id: str, stems: StemSet, report: NullReport | None) -> None:
        """Stems of a song have been read back."""
        if report is not None:
            self._verdicts[_stems(track_id, stems)] = judged(SUBJECT, report)

    def note_delivery(self, track_id: str, verdict: Verdict) -> None:
        """Files that were written for others have been read back."""
        self.delivered[track_id] = verdict

    def forget_delivery(self, track_id: str) -> None:
        """Back to the project's own stems."""
        self.delivered.pop(track_id, None)

    def is_judged(self, track: Track) -> bool:
        """Whether its stems have been checked, or are being so."""
        if track.separated is None:
            return False
        stems = _stems(track.id, track.separated)
        return stems in self._verdicts or stems in self._checks

    def verdict(self, track: Track) -> Verdict:
        """Whether a song's stems on disk sum to it."""
        if track.separated is None:
            return Verdict()
        stems = _stems(track.id, track.separated)
        check = self._checks.get(stems)
        if check is not None and not check.state.has_ended:
            return Verdict("checking", SUBJECT, fraction=check.fraction)
        verdict = self._verdicts.get(stems, Verdict())
        if verdict.report is None:
            return verdict
        return judged(verdict.subject, verdict.report, heard_otherwise(track))


def _stems(track_id: str, stems: StemSet) -> _Stems:
    """Undo can lead from one separation of a song to another: each has a verdict of its own."""
    return track_id, tuple(ref.path for ref in stems.stems.values())
