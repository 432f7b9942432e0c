"""Play, pause, seek, loop, speed and device: what the render thread does with them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from stemdesk.playback.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.playback.output import Output
    from stemdesk.playback.render_ahead import RenderAhead
    from stemdesk.playback.timeline import Loop

POLLS_SECONDS = {True: 0.02, False: 0.1}  # while playing, while not


class State(Enum):
    """Where the player stands."""

    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"
    FAILED = "failed"


class Transport:
    """All that happens to one source. Every method belongs to one thread, the render thread.

    When a device is lost, playback pauses where it was: nobody who pulls a plug wants the
    loudspeakers to go on instead. `play` then tries the chosen device again and, where that is
    gone, the system's own choice. Without any device the song plays in silence.

    Args:
        output: what to play through.

    Attributes:
        state: see :class:`State`.
        error: what went wrong in the source, until the next `play`.
        loop: what repeats.
        speed: see :class:`stemdesk.playback.stretch.Stretch`.
    """

    def __init__(self, output: Output) -> None:
        self.state = State.STOPPED
        self.error: Exception | None = None
        self.loop: Loop | None = None
        self.speed = 1.0
        self._output = output
        self.guarded(lambda: self._cue(0))

    def play(self) -> None:
        """Sound from the position on; from the beginning (or the loop's) after the end."""
        if self.state is State.PLAYING:
            return
        frame = self._output.next_frame
        is_at_end = frame >= self._renderer.source_frames
        if is_at_end:
            frame = 0 if self.loop is None else self.loop.first_frame
        if self._output.retry() or is_at_end or self.error is not None:
            self._cue(frame)
        self.error = None
        self.state = State.PLAYING
        self._renderer.sound()

    def pause(self) -> None:
        """Fall silent and stay where we are."""
        if self.state is State.PLAYING:
            self.state = State.PAUSED
            self._renderer.hush()

    def stop(self) -> None:
        """Fall silent and go back to the beginning."""
        if self.state is not State.FAILED:
            self.state = State.STOPPED
            self._renderer.hush()
            self._cue(0)

    def seek(self, frame: int) -> None:
        """Go on from a frame of the song."""
        self._cue(min(max(0, frame), self._renderer.source_frames))

    def set_loop(self, loop: Loop | None) -> None:
        """Repeat a part, or no longer."""
        self.loop = loop
        self.refresh()

    def set_speed(self, speed: float) -> None:
        """Faster or slower at the same pitch."""
        self.speed = speed
        self.refresh()

    def refresh(self) -> None:
        """Render afresh what has not been heard yet."""
        if self.state is not State.FAILED:
            self._renderer.renew(self.loop, self.speed)

    def set_device(self, choice: str | int | None) -> None:
        """Go on through another device; through the same as before if it cannot be opened."""
        if self._output.choose(choice):
            self._go_on()

    def step(self) -> float:
        """One round of work: the seconds until there may be more; 0 if there is more at once."""
        device, renderer = self._output.line
        reason = device.lost()
        if reason is not None:
            self._output.give_up(reason)
            if self.state is State.PLAYING:
                self.state = State.PAUSED
            self._go_on()
            return 0.0
        if renderer.outlet.error is not None:
            error, renderer.outlet.error = renderer.outlet.error, None
            raise error
        is_busy = renderer.step()
        is_playing = self.state is State.PLAYING
        if is_playing and renderer.has_played_all(device.now_seconds()):
            self.state = State.STOPPED
            renderer.hush()
        return 0.0 if is_busy else POLLS_SECONDS[is_playing]

    def guarded(self, work: Callable[[], float | None]) -> float | None:
        """What `work` returns; an error of it stops the player, and stays in `error`."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - kept for whoever looks after the player
            self.error, self.state = error, State.FAILED
            self._renderer.halt()
            return None

    @property
    def _renderer(self) -> RenderAhead:
        return self._output.line.renderer

    def _cue(self, frame: int) -> None:
        self._renderer.cue(Timeline(frame, self.loop, self.speed))

    def _go_on(self) -> None:
        """On a new line, where the old one was left."""
        if self.state is State.FAILED:
            return
        self._cue(self._output.next_frame)
        if self.state is State.PLAYING:
            self._renderer.sound()
