"""The audio callback: copies from the ring, and never lets a break be heard as a click."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stemdesk.playback.fades import fade_in

if TYPE_CHECKING:
    from stemdesk.playback.ring import Head, Interleaved, Passage, Ring

FADE_MS = 5.0


@dataclass
class Counters:
    """What happened to the sound since the counting began.

    Attributes:
        underruns: how often the ring ran dry while it should have sounded.
        missing_frames: silence played instead.
        least_ahead_frames: the lowest level of the ring met by a callback; None before the first.
    """

    underruns: int = 0
    missing_frames: int = 0
    least_ahead_frames: int | None = None


class Place(NamedTuple):
    """What the callback tells the other threads, all at once.

    Attributes:
        passage: what it plays.
        frame: frame of the ring that it will play next.
        block_frames: how many frames before that belong to the last block that sounded.
        heard_at_seconds: when that block's first frame leaves the loudspeaker.
        floor: frame of the ring with which this sound began.
    """

    passage: Passage
    frame: int
    block_frames: int
    heard_at_seconds: float
    floor: int


class Outlet:
    """Called by the device for every block. Takes no lock, allocates nothing of note.

    Wherever the sound would break off (pause, seek, an empty ring, the end), what would have
    come next fades out over 5 ms, or the last frame held, where nothing would have come; it is
    added to what follows, which fades in over the same time, so that gains never sum above 1. A
    pause does not use up what fades out. Only the very beginning of a song, after silence, is
    played as it is.

    Args:
        ring: to copy from.
        sample_rate: Hz.
        resume_frames: after an underrun, how much must lie ready before it sounds again.

    Attributes:
        place: see :class:`Place`.
        counters: see :class:`Counters`; put a new one here to count anew.
        error: what went wrong in here, if anything ever does.
    """

    def __init__(self, ring: Ring, sample_rate: int, resume_frames: int) -> None:
        self.place = Place(ring.head.passage, ring.head.passage.first, 0, -math.inf, 0)
        self.counters = Counters()
        self.error: Exception | None = None
        self._ring = ring
        self._head = ring.head
        self._resume_frames = resume_frames
        self._sample_rate = sample_rate
        self._fade_frames = max(2, round(sample_rate * FADE_MS / 1000))
        self._rising = fade_in(self._fade_frames)[:, None]
        self._falling = 1 - self._rising
        self._tail: Interleaved = np.zeros((self._fade_frames, ring.channels), np.float32)
        self._spare = np.zeros_like(self._tail)
        self._tail_at = self._fade_frames  # what of the tail has been played
        self._rise_at = self._fade_frames  # how far the sound has faded in
        self._is_sounding = False
        self._is_dry = False

    def __call__(self, out: Interleaved, heard_at_seconds: float) -> None:
        """Fill a block `[frames, channels]` that is heard from the given time on."""
        try:
            self._fill(out, heard_at_seconds)
        except Exception as error:  # noqa: BLE001 - must not unwind into the driver; kept for the player
            out.fill(0.0)
            self.error = error

    def heard(self, now_seconds: float) -> tuple[Passage, float]:
        """The passage, and the frame of the ring, that leaves the loudspeaker now."""
        place = self.place
        played = (now_seconds - place.heard_at_seconds) * self._sample_rate
        frame = place.frame - place.block_frames + min(played, place.block_frames)
        return place.passage, max(frame, place.floor)

    def has_played_all(self, now_seconds: float) -> bool:
        """Whether the end of what will ever be rendered has been heard."""
        head, place = self._ring.head, self.place
        return (
            head.is_ended
            and place.passage is head.passage
            and place.frame >= head.limit
            and (now_seconds - place.heard_at_seconds) * self._sample_rate >= place.block_frames
        )

    @property
    def is_quiet(self) -> bool:
        """Whether it gives out silence, fades included."""
        return not self._is_sounding and self._tail_at >= self._fade_frames

    def _fill(self, out: Interleaved, heard_at_seconds: float) -> None:
        head = self._ring.head
        if self._is_sounding and not head.is_audible:
            self._cut()
            self._is_sounding = False
        if head.passage is not self._head.passage:
            self._change_passage(head)
        self._head = head
        if head.is_audible and not self._is_sounding:
            self._begin()
        frames = self._play(out) if self._is_sounding else 0
        if frames:
            place = self.place
            self.place = Place(
                place.passage, place.frame + frames, frames, heard_at_seconds, place.floor
            )
        if frames < out.shape[0]:
            if self._is_sounding and not self._is_dry:
                self._run_dry()
            if self._is_sounding and not head.is_ended:
                self.counters.missing_frames += out.shape[0] - frames
            rest = out[frames:]
            rest.fill(0.0)
            self._add_tail(rest)

    def _begin(self) -> None:
        self.place = self.place._replace(block_frames=0, floor=self.place.frame)
        self._is_sounding, self._is_dry = True, False
        self._rise()

    def _change_passage(self, head: Head) -> None:
        place, passage = self.place, head.passage
        if self._is_sounding:
            self._cut()
        frame = min(passage.frame_after(place.passage, place.frame), head.limit)
        is_same_playing = passage.axis == place.passage.axis
        floor = place.floor - place.frame + frame if is_same_playing else frame
        block_frames = place.block_frames if is_same_playing else 0
        self.place = Place(passage, frame, block_frames, place.heard_at_seconds, floor)
        self._is_dry = False
        self._rise()

    def _rise(self) -> None:
        """Fade in from here, unless a song begins in silence."""
        passage = self.place.passage
        is_song_start = self.place.frame == passage.first and passage.timeline.start_frame == 0
        is_silent = self._tail_at >= self._fade_frames
        self._rise_at = self._fade_frames if is_song_start and is_silent else 0

    def _play(self, out: Interleaved) -> int:
        """Fills the first frames of `out` as far as the ring reaches, and says how many."""
        head, place = self._head, self.place
        available = head.limit - place.frame
        if self._is_dry:
            if available < (1 if head.is_ended else self._resume_frames):
                return 0
            self._is_dry, self._rise_at = False, 0
            self.place = place._replace(block_frames=0, floor=place.frame)
        elif not head.is_ended:
            self._note_level(available)
        part = out[: max(0, available)]
        self._ring.get(place.frame, part)
        self._rise_at += self._fade_in(part)
        self._add_tail(part)
        return len(part)

    def _run_dry(self) -> None:
        self._cut()
        self._is_dry = True
        if not self._head.is_ended:
            self.counters.underruns += 1

    def _cut(self) -> None:
        """Let what would come next be the new tail: it ends in 5 ms, whatever follows."""
        if self._is_dry:
            return  # nothing would come next, and the tail ends already
        place, spare = self.place, self._spare
        ready = min(self._fade_frames, self._head.limit - place.frame)
        self._ring.get(place.frame, spare[:ready])
        if ready < self._fade_frames:
            is_any = place.frame + ready > place.passage.first
            spare[ready:] = self._ring.row(place.frame + ready - 1) if is_any else 0.0
        self._fade_in(spare)
        rest = self._fade_frames - self._tail_at
        spare[:rest] += self._tail[self._tail_at :]
        spare *= self._falling
        self._tail, self._spare = spare, self._tail
        self._tail_at = 0

    def _fade_in(self, part: Interleaved) -> int:
        """Goes on fading in, and says over how many frames; does not move `_rise_at`."""
        frames = min(self._fade_frames - self._rise_at, len(part))
        part[:frames] *= self._rising[self._rise_at : self._rise_at + frames]
        return frames

    def _add_tail(self, part: Interleaved) -> None:
        frames = min(self._fade_frames - self._tail_at, part.shape[0])
        part[:frames] += self._tail[self._tail_at : self._tail_at + frames]
        self._tail_at += frames

    def _note_level(self, available: int) -> None:
        least = self.counters.least_ahead_frames
        if least is None or available < least:
            self.counters.least_ahead_frames = available
