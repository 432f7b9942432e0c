"""What the player needs of an output device, and of whatever opens one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["input", "output"]
Callback = Callable[["NDArray[np.float32]", float], None]


@dataclass(frozen=True)
class DeviceInfo:
    """An output, or an input, that can be chosen.

    Attributes:
        index: the audio system's number for it, good until devices come or go.
        name: for people.
        host: the audio system behind it (ALSA, Core Audio, Windows WASAPI).
        channels: most it takes or gives.
        sample_rate: Hz, its own choice.
        is_default: whether the system would choose it.
    """

    index: int
    name: str
    host: str
    channels: int
    sample_rate: int
    is_default: bool


class Device(Protocol):
    """An open output.

    It calls `callback(out, heard_at_seconds)` for every block, float32 `[frames, channels]`, to
    be filled; the time, on the device's own clock, is when the block's first frame is heard.
    """

    @property
    def name(self) -> str:
        """For people."""

    @property
    def sample_rate(self) -> int:
        """Hz."""

    @property
    def channels(self) -> int:
        """Channels it was opened with."""

    @property
    def late_blocks(self) -> int:
        """How many blocks came too late, as far as the device can tell."""

    def start(self, callback: Callback) -> None:
        """Begin to call."""

    def close(self) -> None:
        """Stop calling and give the device back; never raises."""

    def lost(self) -> str | None:
        """Why the device has stopped on its own, as half a sentence; None while it has not."""

    def now_seconds(self) -> float:
        """The device's clock, monotonic."""


class Outputs(Protocol):
    """What opens devices."""

    def open(
        self, choice: str | int | None, sample_rate: int, channels: int, block_ms: float
    ) -> Device:
        """Opens an output, not yet calling; its rate and channels may differ from those wanted.

        Args:
            choice: a name or part of it, an index, or None for the system's own choice.
            sample_rate: wanted, Hz.
            channels: of what will be played.
            block_ms: length of a block.

        Raises:
            UserError: No such output, or it cannot be opened.
        """
