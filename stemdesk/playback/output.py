"""The device that playback goes through at the moment, and what stands in for it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from stemdesk.errors import UserError
from stemdesk.playback.render_ahead import RenderAhead
from stemdesk.playback.silent import SilentDevice

if TYPE_CHECKING:
    from stemdesk.playback.device import Device, Outputs
    from stemdesk.playback.source import Source

SILENT = "silent"
QUIET_WITHIN_SECONDS = 0.1


@dataclass(frozen=True)
class Buffering:
    """How far ahead, in ms: `block_ms` a callback of the device, `ahead_ms` the ring."""

    block_ms: float = 20.0
    ahead_ms: float = 250.0


class Line(NamedTuple):
    """An open device and what keeps it supplied."""

    device: Device
    renderer: RenderAhead


class Output:
    """One device after the other for one source; a silent clock where there is none.

    Args:
        source: what is played.
        outputs: what opens devices.
        choice: name, part of a name or index of a device, `silent`, or None for the system's.
        buffering: see :class:`Buffering`.

    Attributes:
        line: the device and its renderer; a new pair whenever the device changes.
        message: for the user, what is the matter with it; None if nothing.
    """

    def __init__(
        self,
        source: Source,
        outputs: Outputs,
        choice: str | int | None = None,
        buffering: Buffering | None = None,
    ) -> None:
        self.message: str | None = None
        self._source = source
        self._outputs = outputs
        self._choice = choice
        self._buffering = buffering or Buffering()
        self._is_substitute = False
        try:
            device = self._open(choice)
        except UserError as error:
            self.message, self._is_substitute = str(error), True
            device = self._open(SILENT)
        self.line = self._start(device, 0)

    def choose(self, choice: str | int | None) -> bool:
        """Replaces the line by one through another device, nothing cued.

        If that cannot be opened, all stays as it is, but for the message.
        """
        try:
            device = self._open(choice)
        except UserError as error:
            self.message = str(error)
            return False
        self._choice = choice
        self._replace(device)
        return True

    def retry(self) -> bool:
        """Where a clock stands in, tries the chosen device and then the system's own choice.

        Returns:
            Whether the line was replaced; nothing is cued then.
        """
        if not self._is_substitute:
            return False
        refusals = []
        for choice in dict.fromkeys((self._choice, None)):
            try:
                device = self._open(choice)
            except UserError as error:
                refusals.append(str(error))
            else:
                self._replace(device)
                return True
        self.message = refusals[0]
        return False

    def give_up(self, reason: str) -> None:
        """Replaces the line by one through the silent clock, nothing cued."""
        self._replace(self._open(SILENT))
        self._is_substitute = True
        self.message = f"{reason}: choose another output, or play to try again."

    def close(self) -> None:
        """Fades out and gives the device back."""
        device, renderer = self.line
        renderer.halt()
        deadline = time.monotonic() + QUIET_WITHIN_SECONDS
        while not renderer.outlet.is_quiet and time.monotonic() < deadline:
            time.sleep(0.001)
        device.close()

    @property
    def block_ms(self) -> float:
        """How much the device takes at a time."""
        return self._buffering.block_ms

    @property
    def heard_frame(self) -> int:
        """Frame of the song that is heard now."""
        device, renderer = self.line
        return renderer.heard_frame(device.now_seconds())

    @property
    def next_frame(self) -> int:
        """The same, but after a seek its target, heard already or not."""
        device, renderer = self.line
        return renderer.next_frame(device.now_seconds())

    def _open(self, choice: str | int | None) -> Device:
        rate, channels = self._source.sample_rate, self._source.channels
        if choice == SILENT:
            return SilentDevice(rate, channels, self._buffering.block_ms)
        return self._outputs.open(choice, rate, channels, self._buffering.block_ms)

    def _replace(self, device: Device) -> None:
        self.message, self._is_substitute = None, False
        frame = self.next_frame
        self.close()
        self.line = self._start(device, frame)

    def _start(self, device: Device, frame: int) -> Line:
        ahead_ms = max(self._buffering.ahead_ms, 4 * self._buffering.block_ms)
        renderer = RenderAhead(self._source, device.sample_rate, device.channels, ahead_ms, frame)
        device.start(renderer.outlet)
        return Line(device, renderer)
