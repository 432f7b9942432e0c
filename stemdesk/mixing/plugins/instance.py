"""One loaded plug-in, in the child: one frame out for each frame in, whatever it reports.

pedalboard drops as many frames after a reset as the plug-in reports for its latency, so a false
report would eat music or bring it late. After every reset, silence is therefore sent in until
that is done with; from then on pedalboard hands over all that the plug-in gives, and its real
delay is what is heard.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pedalboard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

BLOCK_FRAMES = 512
MOST_REPORTED_SECONDS = 10.0
_PRIMING_FRAMES = 8192  # also forestalls losses when a higher latency is reported while playing
_QUIET_SECONDS = 1.0  # without a sound after which none is expected
_FLUSH_PATIENCE_SECONDS = 0.5  # of computing
_SILENT = 10 ** (-90 / 20)


class Unusable(Exception):
    """The plug-in works, but not here; the text says why, without a full stop."""


def plugin_class(path: str) -> Any:
    """The class that loads a file: VST3, or Audio Unit on macOS.

    Raises:
        Unusable: Audio Units are asked for on another system.
    """
    if path.rstrip("/").endswith((".component", ".appex")):
        if sys.platform != "darwin":
            raise Unusable("Audio Units need macOS")
        return pedalboard.AudioUnitPlugin
    return pedalboard.VST3Plugin


class Instance:
    """A plug-in that was loaded.

    Args:
        path: file or bundle.
        name: which plug-in of the file, or empty if it holds one only.
        rate_hz: sample rate.

    Raises:
        Unusable: an Audio Unit on another system than macOS, or a file of several without a name.
        ImportError: no plug-in for this machine.
        Exception: whatever else the plug-in threw.
    """

    def __init__(self, path: str, name: str, rate_hz: int) -> None:
        self.plugin = _loaded(path, name)
        self._rate_hz = float(rate_hz)
        self._was_reset = False
        self._python_names = {each.index: key for key, each in self.plugin.parameters.items()}

    @property
    def is_effect(self) -> bool:
        """Whether it takes sound and gives sound."""
        return bool(self.plugin.is_effect and not self.plugin.is_instrument)

    @property
    def facts(self) -> dict[str, str]:
        """What it says of itself."""
        return {
            "name": str(self.plugin.name),
            "manufacturer": str(self.plugin.manufacturer_name),
            "category": str(self.plugin.category),
            "version": str(self.plugin.version),
        }

    def takes(self, channels: int) -> bool:
        """Whether it can have so many channels in and out; it keeps to them if it can."""
        try:
            self._process(np.zeros((channels, BLOCK_FRAMES), np.float32))
        except ValueError:  # pedalboard's answer to a layout that the plug-in refuses
            return False
        return True

    @property
    def reported_frames(self) -> int:
        """The latency that the plug-in reports."""
        return int(self.plugin.reported_latency_samples)

    def fresh(self, channels: int, *, editing: bool = False) -> None:
        """Forget all sound, and come past the frames that pedalboard drops.

        Args:
            channels: as it will be used.
            editing: its window is open, from under which it must not be pulled.

        Raises:
            Unusable: it reports an impossible latency.
        """
        # Those that keep their sound through a reset are loaded anew by pedalboard, which takes
        # long and only goes in the main thread; waiting for silence does as well for most.
        kind = getattr(self.plugin, "_reload_type", None)
        slow = getattr(kind, "name", "") == "PersistsAudioOnReset"
        if self._was_reset and (slow or editing) and (self._falls_silent(channels) or editing):
            return
        self.plugin.reset()
        self._was_reset = True
        # Made ready first, for some plug-ins report their latency only then.
        self._process(np.zeros((channels, BLOCK_FRAMES), np.float32))
        flush_frames = max(_PRIMING_FRAMES, self.reported_frames)
        if flush_frames > MOST_REPORTED_SECONDS * self._rate_hz + _PRIMING_FRAMES:
            raise Unusable(f"it reports a latency of {self.reported_frames} frames")
        blocks = -(-flush_frames // BLOCK_FRAMES)
        self._process(np.zeros((channels, blocks * BLOCK_FRAMES), np.float32))

    def _falls_silent(self, channels: int) -> bool:
        piece = np.zeros((channels, int(_QUIET_SECONDS / 10 * self._rate_hz)), np.float32)
        deadline = time.monotonic() + _FLUSH_PATIENCE_SECONDS
        quiet = 0
        while quiet < 10 and time.monotonic() < deadline:
            peak = float(np.max(np.abs(self._process(piece)), initial=0.0))
            quiet = quiet + 1 if peak < _SILENT else 0
        return quiet == 10

    def run(self, samples: Samples) -> Samples:
        """As many frames as `samples` `[channels, frames]` has, delayed by its real latency."""
        output = self._process(samples)
        missing = samples.shape[1] - output.shape[1]
        # Only after a leap of the reported latency; what was dropped cannot be had back.
        return np.pad(output, ((0, 0), (missing, 0))) if missing > 0 else output

    def _process(self, samples: Samples) -> Samples:
        output: Samples = self.plugin.process(samples, self._rate_hz, BLOCK_FRAMES, reset=False)
        return output

    def set(self, values: Mapping[str, float]) -> dict[str, float]:
        """Give parameters raw values 0..1 by their names; unknown names are passed over.

        Returns:
            What they have become; a plug-in may round.
        """
        parameters = self.native_parameters()
        known = {name: value for name, value in values.items() if name in parameters}
        for name, value in known.items():
            parameters[name].raw_value = value
        return {name: float(parameters[name].raw_value) for name in known}

    def raw_values(self) -> dict[str, float]:
        """Every parameter's raw value."""
        return {name: float(each.raw_value) for name, each in self.native_parameters().items()}

    def native_parameters(self) -> dict[str, Any]:
        """The native parameters by name.

        The public mapping looks each of them up by a search through all, which takes too long
        for blocks where there are hundreds; the native ones may move and are not kept.
        """
        natives = self.plugin._parameters  # noqa: SLF001
        return {
            self._python_names[index]: each
            for index, each in enumerate(natives)
            if index in self._python_names
        }


def _loaded(path: str, name: str) -> Any:
    kind = plugin_class(path)
    try:
        # No time to warm up: only instruments would be waited for.
        return kind(path, plugin_name=name or None, initialization_timeout=0.0)
    except ValueError:
        names = list(kind.get_plugin_names_for_file(path))
        if name in names or len(names) < 2:
            raise
        raise Unusable(f"its file holds {', '.join(names)}") from None
