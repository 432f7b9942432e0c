"""Lists sound cards and opens them, through PortAudio (`sounddevice`)."""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from stemdesk.errors import UserError
from stemdesk.playback.choosing import choose
from stemdesk.playback.device import DeviceInfo
from stemdesk.playback.duplex import SPARE_SECONDS, Duplex
from stemdesk.playback.sound_card import SoundCard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stemdesk.playback.device import Kind

FALLBACK_RATES = (48_000, 44_100)


class PortAudio:
    """The computer's sound cards. Safe to use from several threads.

    Args:
        module: `sounddevice`, imported when first needed if not given.
        clock: monotonic seconds.
    """

    def __init__(self, module: Any = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._module = module
        self._clock = clock
        self._lock = threading.Lock()
        self._open_cards = 0
        self._is_running = True
        self._is_list_fresh = True

    def devices(self, kind: Kind = "output") -> list[DeviceInfo]:
        """All outputs, or inputs, as they are now; while one is open, as they were then.

        Raises:
            UserError: PortAudio is missing, or does not answer.
        """
        with self._lock:
            module = self._load()
            with _told(module, "The sound system does not answer"):
                self._refresh(module)
                return _devices(module, kind)

    def open(
        self, choice: str | int | None, sample_rate: int, channels: int, block_ms: float
    ) -> SoundCard:
        """Opens an output at the wanted rate, or else at its own; not yet calling.

        Mono is opened as stereo, and so is what has more channels than the device.

        Args:
            choice: a name or part of it, an index, or None for the system's own choice.
            sample_rate: wanted, Hz.
            channels: of what will be played.
            block_ms: length of a block.

        Raises:
            UserError: PortAudio is missing, no such output, or it cannot be opened.
        """
        with self._lock:
            module = self._load()
            with _told(module, "The sound system does not answer"):
                self._refresh(module)
                info = choose(_devices(module, "output"), choice)
            wanted = channels if 2 <= channels <= info.channels else min(2, info.channels)
            card = SoundCard(info, wanted, block_ms, self._clock)
            with _told(module, f'The sound output "{info.name}" cannot be opened'):
                _open_at_any(card, module, (sample_rate, info.sample_rate, *FALLBACK_RATES))
            card.when_closed = self._note_closed
            self._open_cards += 1
        return card

    def open_duplex(
        self,
        source: str | int | None,
        target: str | int | None,
        sample_rate: int,
        delay_frames: int,
        spare_seconds: float = SPARE_SECONDS,
    ) -> Duplex:
        """Opens an input and an output together, at one rate, and lets them run.

        Args:
            source: the input, chosen as in :meth:`open`.
            target: the output.
            sample_rate: Hz.
            delay_frames: see :class:`Duplex`.
            spare_seconds: the same.

        Raises:
            UserError: PortAudio is missing, no such device, or they cannot be opened together.
        """
        with self._lock:
            module = self._load()
            with _told(module, "The sound system does not answer"):
                self._refresh(module)
                heard = choose(_devices(module, "input"), source, "input")
                played = choose(_devices(module, "output"), target)
            line = Duplex(heard, played, sample_rate, delay_frames, spare_seconds)
            try:
                line.open(module)
            except module.PortAudioError as error:
                raise UserError(
                    f'The sound input "{heard.name}" and output "{played.name}" cannot run'
                    f" together at {sample_rate} Hz ({_reason(error)})",
                    "choose two of one sound system that can, or set them to that rate",
                ) from error
            line.when_closed = self._note_closed
            self._open_cards += 1
        return line

    def _load(self) -> Any:
        if self._module is None:
            self._module = import_sounddevice()
        return self._module

    def _refresh(self, module: Any) -> None:
        """Let the list of devices know what came and went; not while one of them is open."""
        if self._open_cards == 0 and not self._is_list_fresh:
            # PortAudio looks for devices only as it starts, and sounddevice has no public way.
            if self._is_running:
                module._terminate()  # noqa: SLF001
            self._is_running = False
            module._initialize()  # noqa: SLF001
            self._is_running = True
        self._is_list_fresh = False

    def _note_closed(self) -> None:
        with self._lock:
            self._open_cards -= 1


@functools.cache
def sound_cards() -> PortAudio:
    """The one PortAudio of this process."""
    return PortAudio()


def devices() -> list[DeviceInfo]:
    """All sound outputs of this computer.

    Raises:
        UserError: PortAudio is missing, or does not answer.
    """
    return sound_cards().devices()


def import_sounddevice() -> Any:
    """The module, which loads PortAudio.

    Raises:
        UserError: It or PortAudio is missing.
    """
    try:
        return importlib.import_module("sounddevice")
    except ImportError as error:
        remedy = "install the Python package sounddevice"
        raise UserError("There is no sound, because sounddevice is missing", remedy) from error
    except OSError as error:
        remedy = "install the package portaudio"
        if sys.platform == "linux":
            remedy += " (Debian, Ubuntu: sudo apt install libportaudio2)"
        raise UserError(
            "There is no sound, because PortAudio is missing", f"{remedy}, then play again"
        ) from error
    except Exception as error:  # PortAudioError, whose name is not to be had without the module
        raise UserError(
            f"There is no sound, because PortAudio does not start ({_reason(error)})",
            "see to it that the computer's sound works, then play again",
        ) from error


def _devices(module: Any, kind: Kind) -> list[DeviceInfo]:
    default_index = module.default.device[0 if kind == "input" else 1]
    most = f"max_{kind}_channels"
    return [
        DeviceInfo(
            index=device["index"],
            name=device["name"],
            host=module.query_hostapis(device["hostapi"])["name"],
            channels=device[most],
            sample_rate=round(device["default_samplerate"]),
            is_default=device["index"] == default_index,
        )
        for device in module.query_devices()
        if device[most] > 0
    ]


def _open_at_any(card: SoundCard, module: Any, rates: tuple[int, ...]) -> None:
    """Opens at the first rate that the device takes.

    Raises:
        module.PortAudioError: The refusal of the rate that was wanted most.
    """
    refusals = []
    for rate in dict.fromkeys(rates):
        try:
            return card.open(module, rate)
        except module.PortAudioError as refusal:
            refusals.append(refusal)
    raise refusals[0]


@contextlib.contextmanager
def _told(module: Any, problem: str) -> Iterator[None]:
    """Turns PortAudio's errors into the user's."""
    try:
        yield
    except module.PortAudioError as error:
        raise UserError(
            f"{problem} ({_reason(error)})",
            "close other programs that use it, or choose another output",
        ) from error


def _reason(error: Exception) -> str:
    return str(error.args[0] if error.args else error).partition(" [PaErrorCode")[0]
