"""Songs of the project are separated: ordered, heard as it goes on, and taken over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.adapting import is_adaptable, require_adaptable
from stemdesk.app.bench.song_separation import SongSeparation
from stemdesk.app.live.order import Focus
from stemdesk.app.model import check_claims, load_card
from stemdesk.app.work_folders import mark_cancelled
from stemdesk.project.edits.stems import attach_stems, await_stems, strips_at_stake
from stemdesk.project.edits.tracks import with_track

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.app.bench.desk import Desk
    from stemdesk.app.bench.processor import Processor
    from stemdesk.app.bench.separations import Separations
    from stemdesk.app.forecast import Choice
    from stemdesk.jobs.entry import Entry
    from stemdesk.project.document import StemSet, Track


@dataclass(frozen=True)
class Wishes:
    """How a song is to be separated.

    Attributes:
        claims: stem -> decibels by which it takes more of what stems share, or less.
        adapt: the model is to learn from the song first.
    """

    claims: Mapping[str, float] = field(default_factory=dict)
    adapt: bool = False


PLAIN = Wishes()


class Separating:
    """See the module. All methods belong to one thread.

    Args:
        desk: the document and the song that is shown.
        separations: those in hand.
        processor: what separates.
    """

    def __init__(self, desk: Desk, separations: Separations, processor: Processor) -> None:
        self._desk, self._separations, self._processor = desk, separations, processor
        self._wanted: dict[str, Wishes] = {}
        self._cancelled: set[str] = set()

    @property
    def stems(self) -> tuple[str, ...]:
        """What the model takes songs apart into.

        Raises:
            UserError: the model cannot be used.
        """
        return tuple(load_card(self._processor.choice.model).stems)

    @property
    def can_adapt(self) -> bool:
        """Whether the model can learn from a song.

        Raises:
            UserError: the model cannot be used.
        """
        return is_adaptable(load_card(self._processor.choice.model))

    def wishes(self, track_id: str) -> Wishes:
        """What was wanted last and has not come to be, or how the stems came to be.

        Raises:
            UserError: the song is being separated.
        """
        self._separations.require_rest(self._desk.papers.track(track_id))
        separated = self._desk.papers.track(track_id).separated
        made = Wishes(separated.claims, separated.adapted) if separated else Wishes()
        return self._wanted.get(track_id, made)

    def separate(self, track_id: str, wishes: Wishes = PLAIN) -> None:
        """Queue a song for separation.

        A first separation is a fact, which undo leaves alone; another one is a step of undo.

        Args:
            track_id: of the song.
            wishes: how.

        Raises:
            UserError: the model or the wishes cannot be used, or the song is being separated.
        """
        desk = self._desk
        track = desk.papers.track(track_id)
        self._separations.require_rest(track)
        # As it is now, however long the song has to wait.
        choice, stems = self._choice(wishes), self.stems
        self._wanted[track_id] = wishes

        def begin() -> SongSeparation:
            song, media = desk.papers.song_of(track), desk.papers.file.media
            focus, worker = self._focus(track_id), self._processor.worker
            return SongSeparation(worker, track, song, choice, media, focus, adapt=wishes.adapt)

        self._separations.order(track, begin, partial(self._separated, track_id))
        self._separations.prefer(desk.project.current)
        if track.separated is not None:
            return  # what there is goes on to be heard until the new stems are complete
        desk.papers.rewrite_track(track_id, partial(await_stems, names=tuple(stems)))
        if desk.project.current == track_id:
            desk.shown.go_live(stems, desk.papers.track(track_id))

    def loses_mix(self, track_id: str, wishes: Wishes = PLAIN) -> tuple[str, ...]:
        """Strips whose mix, regions or automation a separation with the model would not keep.

        Raises:
            UserError: the model or the wishes cannot be used, or the song is not there any more.
        """
        self._choice(wishes)
        return strips_at_stake(self._desk.papers.track(track_id), self.stems)

    def is_separating(self, track_id: str) -> bool:
        """Whether a song waits for its separation or is in it."""
        return self._separations.is_separating(track_id)

    def is_settled(self, track_id: str) -> bool:
        """Whether a song has all stems that are under way; also where its separation failed."""
        return self._separations.is_settled(track_id)

    def pump(self) -> None:
        """Let the song that is shown be heard as far as it is separated."""
        cancelled = set(self._separations.cancelled())
        for track_id in cancelled - self._cancelled:
            mark_cancelled(track_id)
        self._cancelled = cancelled
        track, current = self._desk.track, self._desk.project.current
        work = self._separations.follow(current, lambda: self._focus(current))
        # What is separated again is heard, and looked at, once all of it is there.
        if work is not None and track is not None and track.separated is None:
            self._desk.shown.cover(work.coverage)

    def _choice(self, wishes: Wishes) -> Choice:
        choice = replace(self._processor.choice, claims=tuple(wishes.claims.items()))
        card = load_card(choice.model)
        check_claims(card, choice.post)
        if wishes.adapt:
            require_adaptable(card)
        return choice

    def _focus(self, track_id: str) -> Focus:
        track, stage = self._desk.project.track(track_id), self._desk.stage
        if track is None or stage is None or self._desk.project.current != track_id:
            return Focus()
        loop = track.loop if track.looping else None
        return Focus(stage.position_frames, (loop.first_frame, loop.end_frame) if loop else None)

    def _separated(self, track_id: str, entry: Entry) -> None:
        desk, found = self._desk, entry.result
        self._wanted.pop(track_id, None)
        desk.findings.forget_delivery(track_id)
        desk.findings.note(track_id, found.stems, found.null)
        before = desk.project.track(track_id)
        is_shown = desk.project.current == track_id
        if before is not None and before.separated is not None:
            again = with_track(desk.project, attach_stems(before, found.stems))
            desk.papers.history.edit("Separate again", again)
            if is_shown:
                desk.show_anew()
            return
        desk.papers.rewrite_track(track_id, partial(_with_first_stems, stems=found.stems))
        track = desk.project.track(track_id)
        if track is None or not is_shown:
            return
        if desk.stage is None:
            desk.show_current()
        else:
            desk.shown.finish(desk.papers.files_of(found.stems), track)


def _with_first_stems(track: Track, stems: StemSet) -> Track:
    """A song with its stems; one that has some, which another way of undo leads to, keeps them."""
    return attach_stems(track, stems) if track.separated is None else track
