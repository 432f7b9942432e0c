"""The computer's MIDI system, if it has one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mido

from stemdesk.control.midi.names import stable_names
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

RTMIDI = "mido.backends.rtmidi"
_ALSA_SEQUENCER = Path("/dev/snd/seq")
_NO_MIDI = "MIDI is not available"


class MidiSystem:
    """Lists and opens ports; without a MIDI system there are none, and `reason` says why.

    Args:
        backend: what to use; RtMidi by default.
        sequencer: the device that RtMidi needs on Linux.

    Attributes:
        reason: one sentence with the remedy where MIDI is not available; empty where it is.
    """

    def __init__(
        self, backend: mido.Backend | None = None, sequencer: Path = _ALSA_SEQUENCER
    ) -> None:
        self._backend = backend or mido.Backend(RTMIDI, use_environ=False)
        self._sequencer = sequencer
        self._has_failed = False
        self.reason = ""
        self.retry()

    def retry(self) -> bool:
        """Look again for a MIDI system, as after mending what `reason` tells; whether there is."""
        self._has_failed, self.reason = False, ""
        self.inputs()
        return not self.reason

    def inputs(self) -> dict[str, str]:
        """Ports to hear: stable name -> the system's present name."""
        return self._list("get_input_names")

    def outputs(self) -> dict[str, str]:
        """Ports to send to: stable name -> the system's present name."""
        return self._list("get_output_names")

    def open_input(self, name: str, receive: Callable[[mido.Message], None]) -> Any:
        """Open a port by the system's name.

        Args:
            name: one of the values of :meth:`inputs`.
            receive: called with each message on a thread of the MIDI system's.

        Returns:
            A port of mido's, to be closed.

        Raises:
            UserError: it is gone, or another program has it.
        """
        try:
            return self._backend.open_input(name, callback=receive)
        except (OSError, RuntimeError) as error:
            raise _no_port(name, error) from error

    def open_output(self, name: str) -> Any:
        """Open a port to send to; as :meth:`open_input`."""
        try:
            return self._backend.open_output(name)
        except (OSError, RuntimeError) as error:
            raise _no_port(name, error) from error

    def _list(self, method: str) -> dict[str, str]:
        # A failure is remembered: ALSA's library complains on the terminal at every attempt.
        if self._has_failed:
            return {}
        lack = self._lack()
        if lack is not None:
            self.reason = str(lack)
            return {}
        try:
            names: list[str] = getattr(self._backend, method)()
        except ImportError as error:
            self._fail(_no_library(error))
        except (OSError, RuntimeError) as error:
            self._fail(_no_service(error))
        else:
            self.reason = ""
            return stable_names(names)
        return {}

    def _lack(self) -> UserError | None:
        """Why RtMidi could not work here, as far as can be told without asking it."""
        if self._backend.name != RTMIDI or not sys.platform.startswith("linux"):
            return None
        if not self._sequencer.exists():
            return UserError(
                f"{_NO_MIDI} because this computer runs no ALSA sequencer",
                "load it with `sudo modprobe snd-seq`",
            )
        if not os.access(self._sequencer, os.R_OK | os.W_OK):
            return UserError(
                f"{_NO_MIDI} because {self._sequencer} may not be opened",
                "add yourself to the group `audio` and log in again",
            )
        return None

    def _fail(self, error: UserError) -> None:
        self._has_failed, self.reason = True, str(error)


def _no_library(error: ImportError) -> UserError:
    if isinstance(error, ModuleNotFoundError):
        return UserError(
            f"{_NO_MIDI} because {error.name} is missing",
            "install it with `pip install python-rtmidi`",
        )
    return UserError(
        f"{_NO_MIDI} because python-rtmidi does not load ({error})",
        "install the library it misses, or install python-rtmidi again",
    )


def _no_service(error: Exception) -> UserError:
    said = str(error).strip().rstrip(".")
    remedy = "start the system's MIDI service, and StemDesk again"
    return UserError(f"{_NO_MIDI} ({said})", remedy)


def _no_port(name: str, error: Exception) -> UserError:
    said = str(error).strip().rstrip(".")
    return UserError(
        f"The MIDI port {name} cannot be opened ({said})",
        "close other programs that use it, or plug it in again",
    )
