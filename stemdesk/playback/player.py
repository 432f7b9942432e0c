"""The player: one source, played from any thread's commands."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.playback.outlet import Counters
from stemdesk.playback.output import Output
from stemdesk.playback.portaudio import sound_cards
from stemdesk.playback.stretch import FASTEST, SLOWEST
from stemdesk.playback.timeline import Loop
from stemdesk.playback.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from stemdesk.playback.device import Outputs
    from stemdesk.playback.output import Buffering
    from stemdesk.playback.source import Source
    from stemdesk.playback.transport import State

SHORTEST_LOOP_MS = 10.0


@dataclass(frozen=True)
class Statistics:
    """How playback has been going.

    Attributes:
        underruns: how often rendering came too late for the ring.
        late_blocks: how often the callback came too late for the device.
        missing_seconds: silence played instead.
        least_ahead_ms: the lowest level of the ring; None before anything played.
        render_factor: rendering time over playing time; playback needs less than 1.
    """

    underruns: int
    late_blocks: int
    missing_seconds: float
    least_ahead_ms: float | None
    render_factor: float


class Player:
    """Plays a source on a device. Methods return at once; a thread of its own does the work.

    Opens the device at once, which may take a moment. See
    :class:`stemdesk.playback.transport.Transport` for what happens when a device is lost or there
    is none: `message` then tells the user.

    Args:
        source: what is played; from here on only the player touches it.
        device: name, part of a name or index of a device, `silent` for none, None for the
            system's own choice.
        outputs: what opens devices; the computer's sound cards by default.
        buffering: how far ahead.
    """

    def __init__(
        self,
        source: Source,
        device: str | int | None = None,
        outputs: Outputs | None = None,
        buffering: Buffering | None = None,
    ) -> None:
        self._source = source
        self._output = Output(source, outputs or sound_cards(), device, buffering)
        self._transport = Transport(self._output)
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stemdesk-playback", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def play(self) -> None:
        """Sound from the position on; from the beginning (or the loop's) after the end."""
        self._do(self._transport.play)

    def pause(self) -> None:
        """Fall silent and stay where we are."""
        self._do(self._transport.pause)

    def stop(self) -> None:
        """Fall silent and go back to the beginning."""
        self._do(self._transport.stop)

    def seek(self, frame: int) -> None:
        """Go on from a frame of the song; beyond its ends, from there."""
        self._do(lambda: self._transport.seek(frame))

    def set_loop(self, first_frame: int, end_frame: int, crossfade_frames: int = 0) -> None:
        """Repeat a part of the song for ever, once its end is reached.

        Behind that end the song goes on to its own.

        Args:
            first_frame: where it begins.
            end_frame: the frame after its last.
            crossfade_frames: length of an equal-gain crossfade; 0 repeats every frame as it is.

        Raises:
            UserError: Outside the song, or shorter than 10 ms.
        """
        rate, frames = self._source.sample_rate, self._output.line.renderer.source_frames
        if first_frame < 0 or end_frame > frames:
            raise UserError(
                f"The loop from {first_frame / rate:.3f} to {end_frame / rate:.3f} s leaves the "
                "song",
                f"choose times from 0 to {frames / rate:.3f} s",
            )
        if (end_frame - first_frame) * 1000 < SHORTEST_LOOP_MS * rate:
            raise UserError(
                f"The loop ends {(end_frame - first_frame) / rate:.3f} s after it begins",
                f"make it {SHORTEST_LOOP_MS:g} ms long at least",
            )
        loop = Loop(first_frame, end_frame, crossfade_frames)
        self._do(lambda: self._transport.set_loop(loop))

    def clear_loop(self) -> None:
        """Repeat no longer."""
        self._do(lambda: self._transport.set_loop(None))

    def set_speed(self, speed: float) -> None:
        """Play faster or slower at the same pitch; 1 leaves every frame as it is.

        Raises:
            UserError: Not from 0.5 to 2.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise UserError(
                f"The song cannot play at {speed:g} times its speed",
                f"choose a number from {SLOWEST:g} to {FASTEST:g}",
            )
        self._do(lambda: self._transport.set_speed(speed))

    def refresh(self) -> None:
        """Let a change in the source be heard now: what was rendered ahead is rendered afresh."""
        self._do(self._transport.refresh)

    def set_device(self, device: str | int | None) -> None:
        """Go on through another device (see the class); `message` tells if it cannot be opened."""
        self._do(lambda: self._transport.set_device(device))

    def settle(self, timeout_seconds: float | None = None) -> bool:
        """Whether all commands so far have been carried out, waiting for it at most so long."""
        done = threading.Event()
        self._do(done.set)
        return done.wait(timeout_seconds)

    def close(self) -> None:
        """Fade out, give the device back and end the threads; the source is free again."""
        self._closing.set()
        self._wake.set()
        self._thread.join()

    @property
    def state(self) -> State:
        """Stopped, playing, paused or failed, as of the last command carried out."""
        return self._transport.state

    @property
    def position_frames(self) -> int:
        """Frame of the song that is heard now."""
        return self._output.heard_frame

    @property
    def loop(self) -> Loop | None:
        """What repeats."""
        return self._transport.loop

    @property
    def speed(self) -> float:
        """Times the song's own."""
        return self._transport.speed

    @property
    def device_name(self) -> str:
        """What it plays through."""
        return self._output.line.device.name

    @property
    def device_rate(self) -> int:
        """Hz that it runs at; a source of another rate is converted."""
        return self._output.line.device.sample_rate

    @property
    def block_ms(self) -> float:
        """How much the device takes at a time."""
        return self._output.block_ms

    @property
    def message(self) -> str | None:
        """One sentence for the user about the sound output; None if all is well."""
        return self._output.message

    @property
    def error(self) -> Exception | None:
        """What went wrong in the source or in the player; it has stopped then."""
        return self._transport.error

    def statistics(self) -> Statistics:
        """How it has been going on this device, since the last :meth:`forget_statistics`."""
        device, renderer = self._output.line
        counters, rate = renderer.outlet.counters, device.sample_rate
        least = counters.least_ahead_frames
        return Statistics(
            underruns=counters.underruns,
            late_blocks=device.late_blocks,
            missing_seconds=counters.missing_frames / rate,
            least_ahead_ms=None if least is None else 1000 * least / rate,
            render_factor=renderer.busy_seconds * rate / max(1, renderer.rendered_frames),
        )

    def forget_statistics(self) -> None:
        """Count anew."""
        self._output.line.renderer.outlet.counters = Counters()

    def _do(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    def _run(self) -> None:
        transport = self._transport
        while not self._closing.is_set():
            while not self._commands.empty():
                transport.guarded(self._commands.get())
            seconds = transport.guarded(transport.step)
            if seconds != 0.0:
                self._wake.wait(0.1 if seconds is None else seconds)
                self._wake.clear()
        self._output.close()
