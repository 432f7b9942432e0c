"""A plug-in in its process, as typed calls; what it answers is believed only when it is sane."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from stemdesk.mixing.plugins import faults
from stemdesk.mixing.plugins.answers import Latency, Loaded, Measures, News, Restored
from stemdesk.mixing.plugins.leash import Leash
from stemdesk.mixing.plugins.sandbox import Sandbox
from stemdesk.mixing.plugins.wire import Frame, Kind, WireError, pack_block, unpack_block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Block = NDArray[np.float32]

_Answer = TypeVar("_Answer", bound=msgspec.Struct)
_LONGEST_LATENCY_SECONDS = 20.0


@dataclass(frozen=True)
class PluginChoice:
    """Which plug-in, and how it was left.

    Attributes:
        path: VST3 file or bundle, or Audio Unit.
        name: which plug-in of the file; may be empty if it holds one only.
        state: base64 of what it saved, or empty.
    """

    path: str
    name: str = ""
    state: str = ""

    @property
    def title(self) -> str:
        """What sentences call it until it has told its own name."""
        return self.name or Path(self.path).stem


@dataclass(frozen=True)
class Patience:
    """How long a plug-in may take before it is given up, in seconds.

    Attributes:
        load: to load, and to be measured.
        block: for a block of sound.
        request: for anything else.
    """

    load: float = 30.0
    block: float = 2.0
    request: float = 10.0


class PluginClient:
    """A plug-in that has been loaded in a process of its own.

    Every method raises :class:`PluginFault` when the plug-in crashed or hung, and its subclass
    :class:`PluginRefusal` when it answered with an error and still lives.

    Args:
        choice: which plug-in, and its state.
        rate_hz: sample rate.
        channels: of the strip.
        patience: time limits.
        values: raw values to set on top of the state.
        leash: by which the process is ended from elsewhere while it loads.

    Attributes:
        loaded: what it said.
        latency_frames: as measured, or as it has become while playing.
    """

    def __init__(
        self,
        choice: PluginChoice,
        rate_hz: int,
        channels: int,
        patience: Patience,
        values: Mapping[str, float],
        leash: Leash | None = None,
    ) -> None:
        if not os.path.exists(choice.path):  # noqa: PTH110 - what Path refuses is missing, too
            raise faults.missing(choice.title, choice.path)
        state = decoded(choice.state, choice.title)
        self._channels, self._patience = channels, patience
        self._most_latency_frames = int(_LONGEST_LATENCY_SECONDS * rate_hz)
        self.sandbox = Sandbox(choice.title)
        leash = leash or Leash()
        leash.hold(self.sandbox)
        header = {
            "do": "load",
            "path": choice.path,
            "name": choice.name,
            "rate_hz": rate_hz,
            "channels": channels,
            "values": dict(values),
        }
        try:
            answer = self.sandbox.ask(Frame(Kind.REQUEST, header, state), patience.load)
            self.loaded = self._read(answer.header, Loaded)
        except faults.PluginFault as fault:
            self.sandbox.kill()
            fault.log = self.sandbox.log
            raise
        finally:
            leash.let_go()
        self.sandbox.name = self.loaded.name
        self.sandbox.loading = False
        self.latency_frames = self._sane(self.loaded.latency)

    def process(self, block: Block) -> Block:
        """What becomes of a block `[channels, frames]`; `latency_frames` may change by it."""
        frame = Frame(Kind.BLOCK, {}, pack_block(block))
        answer = self.sandbox.ask(frame, self._patience.block)
        if answer.header:
            self._note_latency(answer.header)
        try:
            output = unpack_block(answer.body, self._channels)
        except WireError as error:
            raise self._nonsense() from error
        if output.shape != block.shape:
            raise self._nonsense()
        # False for NaN, too.
        if not float(np.max(np.abs(output))) <= faults.IMPOSSIBLE_LEVEL:
            raise faults.gave_no_numbers(self.sandbox.name)
        return output

    def set(self, values: Mapping[str, float]) -> None:
        """Give parameters raw values from the next block on; unknown names are passed over."""
        self.sandbox.tell(Frame(Kind.SET, dict(values)), self._patience.block)

    def reset(self) -> None:
        """Forget all sound; measure the latency if it may have changed."""
        self._note_latency(self.sandbox.request(self._patience.load, "reset"))

    def measure(self) -> Measures:
        """Measure; its sound begins anew."""
        return self._measures(self.sandbox.request(self._patience.load, "measure"))

    def state(self) -> str:
        """All that the plug-in saves, as base64."""
        frame = Frame(Kind.REQUEST, {"do": "state"})
        body = self.sandbox.ask(frame, self._patience.request).body
        return base64.b64encode(body).decode("ascii")

    def restore(self, state: str) -> Restored:
        """Give it what :meth:`state` returned; its sound begins anew."""
        body = decoded(state, self.sandbox.name)
        frame = Frame(Kind.REQUEST, {"do": "restore"}, body)
        header = self.sandbox.ask(frame, self._patience.load).header
        restored = self._read(header, Restored)
        self.latency_frames = self._sane(restored.latency)
        return restored

    def text(self, name: str, value: float) -> str:
        """How the plug-in writes a raw value of a parameter."""
        header = self.sandbox.request(self._patience.request, "text", name=name, value=value)
        return str(header.get("text", ""))

    def poll(self) -> News:
        """What has changed in its window."""
        return self._read(self.sandbox.request(self._patience.request, "poll"), News)

    def open_window(self) -> None:
        """Show its window; returns before that happens.

        Raises:
            UserError: there is no display.
        """
        try:
            self.sandbox.request(self._patience.request, "open window")
        except faults.PluginRefusal as refusal:
            raise faults.no_window(self.sandbox.name, refusal.text) from refusal

    def close_window(self) -> None:
        """Close its window."""
        self.sandbox.request(self._patience.request, "close window")

    def _measures(self, header: dict[str, Any]) -> Measures:
        measures = self._read(header, Measures)
        self.latency_frames = self._sane(measures.latency)
        return measures

    def _note_latency(self, header: dict[str, Any]) -> None:
        self.latency_frames = self._sane(self._read(header, Latency).latency)

    def _sane(self, latency_frames: int) -> int:
        if not 0 <= latency_frames <= self._most_latency_frames:
            raise self._nonsense()
        return latency_frames

    def _read(self, header: dict[str, Any], kind: type[_Answer]) -> _Answer:
        try:
            return msgspec.convert(header, kind)
        except msgspec.ValidationError as error:
            raise self._nonsense() from error

    def _nonsense(self) -> faults.PluginFault:
        return faults.spoke_nonsense(self.sandbox.name, loading=self.sandbox.loading)


def decoded(state: str, name: str) -> bytes:
    """The bytes of a state that was saved as base64.

    Raises:
        PluginFault: it is none.
    """
    try:
        return base64.b64decode(state, validate=True)
    except (binascii.Error, ValueError) as error:
        raise faults.damaged_state(name) from error
