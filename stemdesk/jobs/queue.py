"""All work of the program in one list, each kind in its lane; polled, no Qt, no torch."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from stemdesk.jobs.entry import Entry
from stemdesk.jobs.job import JobState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from stemdesk.jobs.entry import Work

GPU, CPU, PLUGINS = "gpu", "cpu", "plugins"
TRAINING, STUDIO = "training", "studio"
LANES = {GPU: 1, CPU: 2, PLUGINS: 2, TRAINING: 1, STUDIO: 1}
"""How many run at once. Networks go through the first, wherever they are computed; whoever waits
for a plug-in to be heard does not wait for an export."""
OF_NO_PROJECT = frozenset({TRAINING, STUDIO})
"""What goes on whichever project is open."""


class JobQueue:
    """The list. All methods belong to one thread and return at once.

    Args:
        lanes: name -> how many of its entries run at a time.
        yielding: lanes in which an entry that is paused makes room for those that wait: its work
            is broken off, and work that is begun for it later goes on from there.

    Attributes:
        entries: in the order in which they are started.
    """

    def __init__(
        self, lanes: Mapping[str, int] | None = None, yielding: Collection[str] = ()
    ) -> None:
        self._lanes, self._yielding = dict(lanes or LANES), frozenset(yielding)
        self._ids = count(1)
        self._leaving: list[Entry] = []
        self.entries: tuple[Entry, ...] = ()

    def add(
        self,
        title: str,
        kind: str,
        begin: Callable[[], Work],
        lane: str = CPU,
        ready: Callable[[], bool] = lambda: True,
    ) -> Entry:
        """Append an entry; it is started by the next :meth:`pump` that finds its lane free.

        Args:
            title: what it is about, as a rule the song.
            kind: what is done to it.
            begin: makes the work.
            lane: where it waits.
            ready: asked before it is started; while it says no, others pass the entry.
        """
        if lane not in self._lanes:
            raise ValueError(f"there is no lane {lane!r}")
        entry = Entry(next(self._ids), title, kind, lane, begin, ready)
        self.entries = (*self.entries, entry)
        return entry

    def pump(self) -> None:
        """Start what can be started; to be called some times a second."""
        self._leaving = [entry for entry in self._leaving if entry.takes_room]
        for entry in self.entries:
            if not entry.is_waiting:
                continue
            if self._running(entry.lane) < self._lanes[entry.lane]:
                entry.start()
            elif entry.lane in self._yielding:
                self._make_room(entry.lane)

    def entry(self, entry_id: int) -> Entry:
        """The entry of that id.

        Raises:
            KeyError: there is none.
        """
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise KeyError(entry_id)

    @property
    def is_busy(self) -> bool:
        """Whether anything runs, rests or waits."""
        return self.is_busy_beside(())

    def is_busy_beside(self, lanes: Collection[str]) -> bool:
        """Whether anything runs, rests or waits in other lanes than these."""
        return any(
            not entry.state.has_ended
            for entry in (*self.entries, *self._leaving)
            if entry.lane not in lanes
        )

    def pause(self, entry_id: int) -> None:
        """Let an entry rest; it keeps its place, in some lanes only until another wants it."""
        entry = self.entry(entry_id)
        if entry.work is None:
            entry.is_held = True
        else:
            entry.work.pause()

    def resume(self, entry_id: int) -> None:
        """Let it go on."""
        entry = self.entry(entry_id)
        entry.is_held = False
        if entry.work is not None:
            entry.work.resume()

    def cancel(self, entry_id: int) -> None:
        """Stop an entry; it stays in the list."""
        self._cancel(self.entry(entry_id))

    def retry(self, entry_id: int) -> None:
        """Begin anew what has failed or was cancelled; it keeps its place."""
        entry = self.entry(entry_id)
        if entry.state in (JobState.FAILED, JobState.CANCELLED):
            entry.renew()

    def move_up(self, entry_id: int) -> None:
        """Change places with the entry before, of those that are still to be started."""
        self._move(entry_id, -1)

    def move_down(self, entry_id: int) -> None:
        """Change places with the entry after, of those that are still to be started."""
        self._move(entry_id, 1)

    def move_first(self, entry_id: int) -> None:
        """Let an entry be the next of its lane, if it is still to be started."""
        entry = self.entry(entry_id)
        if not entry.is_pending:
            return
        order = [other for other in self.entries if other is not entry]
        ahead = [other.is_pending and other.lane == entry.lane for other in order]
        if True in ahead[: self.entries.index(entry)]:
            order.insert(ahead.index(True), entry)
            self.entries = tuple(order)

    def remove(self, entry_id: int) -> None:
        """Take an entry from the list; it is stopped first, and holds its lane until it has."""
        entry = self.entry(entry_id)
        if not entry.state.has_ended:
            self._cancel(entry)
        if entry.takes_room:
            self._leaving.append(entry)
        self.entries = tuple(other for other in self.entries if other is not entry)

    def clear_finished(self) -> None:
        """Take all entries from the list that have ended."""
        self.entries = tuple(entry for entry in self.entries if not entry.state.has_ended)

    def close(self, timeout_seconds: float = 5.0) -> None:
        """Stop everything, and wait for it at most so long for each."""
        running = [entry for entry in (*self.entries, *self._leaving) if not entry.state.has_ended]
        for entry in running:
            self._cancel(entry)
        for entry in (*self.entries, *self._leaving):
            for work in (entry.work, entry.stepped_aside):
                if work is not None and not work.state.has_ended:
                    work.wait(timeout_seconds)

    @staticmethod
    def _cancel(entry: Entry) -> None:
        if entry.work is None:
            entry.is_given_up = True
        else:
            entry.work.cancel()

    def _running(self, lane: str) -> int:
        return sum(
            entry.lane == lane and entry.takes_room for entry in (*self.entries, *self._leaving)
        )

    def _make_room(self, lane: str) -> None:
        """Let one that rests in a lane step aside, unless one has just done so."""
        here = [entry for entry in self.entries if entry.lane == lane and entry.takes_room]
        if all(entry.work is not None for entry in here):
            resting = [entry for entry in here if entry.state is JobState.PAUSED]
            for entry in resting[:1]:
                entry.step_aside()

    def _move(self, entry_id: int, by: int) -> None:
        """What runs or has ended is shown elsewhere: to pass it would be no move to be seen."""
        order = list(self.entries)
        pending = [place for place, entry in enumerate(order) if entry.is_pending]
        here = order.index(self.entry(entry_id))
        if here not in pending:
            return
        at = pending.index(here) + by
        if 0 <= at < len(pending):
            there = pending[at]
            order[here], order[there] = order[there], order[here]
            self.entries = tuple(order)
