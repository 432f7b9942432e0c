"""What a plug-in's process does when it is asked: load, play, measure, save, and so on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.mixing.plugins.instance import (
    BLOCK_FRAMES,
    MOST_REPORTED_SECONDS,
    Instance,
    Unusable,
    plugin_class,
)
from stemdesk.mixing.plugins.measure import measured_latency, measured_tail_seconds
from stemdesk.mixing.plugins.rack import NEITHER_MONO_NOR_STEREO, Rack
from stemdesk.mixing.plugins.tracker import LatencyTracker
from stemdesk.mixing.plugins.wire import Frame, Kind, pack_block, unpack_block

if TYPE_CHECKING:
    from collections.abc import Callable

_SCAN_RATE_HZ = 48_000
_CHANGED = 1e-6  # of a raw value 0..1


class Service:
    """Answers frames; knows nothing of pipes and threads.

    Attributes:
        close_window: set to close the plug-in's window.
        window_problem: why the window did not open or went away, until it has been told.
    """

    def __init__(self) -> None:
        self._rack: Rack | None = None
        self._tracker = LatencyTracker(_SCAN_RATE_HZ)
        self._reported = self._latency = self._told = 0
        self._turned = False  # a parameter, since the latency was measured
        self._unheard = False  # a parameter, since the last block
        self._values: dict[str, float] = {}
        self._broken = ""  # what went wrong in a frame that has no answer
        self.close_window = threading.Event()
        self.window_problem = ""
        self._actions: dict[str, Callable[[Frame], Frame]] = {
            "names": self._names,
            "describe": self._describe,
            "load": self._load,
            "reset": self._reset,
            "measure": self._measure,
            "state": self._state,
            "restore": self._restore,
            "poll": self._poll,
            "text": self._text,
            "close window": self._close_window,
        }

    @property
    def rack(self) -> Rack:
        """The loaded plug-in."""
        if self._rack is None:
            raise RuntimeError("no plug-in is loaded")
        return self._rack

    def answer(self, frame: Frame) -> Frame | None:
        """Do what a frame asks; what the plug-in throws becomes an answer of its own."""
        try:
            return self._obey(frame)
        except Exception as error:  # noqa: BLE001 - a plug-in may throw anything
            text = str(error) or type(error).__name__
            if frame.kind is Kind.SET:
                self._broken = text
                return None
            return Frame(Kind.ERROR, {"error": text})

    def _obey(self, frame: Frame) -> Frame | None:
        if frame.kind is Kind.SET:
            self._set(frame)
            return None
        if self._broken:
            raise RuntimeError(self._broken)
        if frame.kind is Kind.BLOCK:
            return self._block(frame)
        return self._actions[frame.header["do"]](frame)

    def reflect(self) -> None:
        """After the answer to a block: see whether the latency is still what it was."""
        found = self._tracker.find(self._latency, self._reported)
        if found is not None:
            self._latency = found

    def _names(self, frame: Frame) -> Frame:
        path = frame.header["path"]
        return _reply(names=list(plugin_class(path).get_plugin_names_for_file(path)))

    def _describe(self, frame: Frame) -> Frame:
        instance = Instance(frame.header["path"], frame.header["name"], _SCAN_RATE_HZ)
        if instance.is_effect and not (instance.takes(2) or instance.takes(1)):
            raise Unusable(NEITHER_MONO_NOR_STEREO)
        return _reply(**instance.facts, is_effect=instance.is_effect)

    def _load(self, frame: Frame) -> Frame:
        asked = frame.header
        self._rack = Rack(asked["path"], asked["name"], asked["rate_hz"], asked["channels"])
        self._tracker = LatencyTracker(asked["rate_hz"])
        if frame.body:
            self._rack.restore(frame.body)
        parameters = self._rack.parameters()  # without the values, which may be undone later
        self._rack.set(asked["values"])
        return self._measured(
            **self._rack.first.facts,
            reported_frames=self._rack.reported_frames,
            parameters=parameters,
        )

    def _measured(self, **facts: Any) -> Frame:
        tail_seconds = measured_tail_seconds(self.rack)
        self._measure_latency()
        self._values = self.rack.first.raw_values()
        return _reply(**facts, latency=self._latency, tail_seconds=tail_seconds)

    def _measure_latency(self) -> None:
        self._latency = self._told = measured_latency(self.rack)
        self._reported = self.rack.reported_frames
        self._turned = False
        self._tracker.settle()

    def _measure(self, _: Frame) -> Frame:
        return self._measured()

    def _reset(self, _: Frame) -> Frame:
        if self._turned:
            self._measure_latency()
        else:
            self.rack.fresh()
        self._tracker.clear()
        return _reply(latency=self._latency)

    def _set(self, frame: Frame) -> None:
        self._values.update(self.rack.set(frame.header))
        self._unheard = True
        self._doubt()

    def _doubt(self) -> None:
        self._turned = True
        self._tracker.doubt()

    def _block(self, frame: Frame) -> Frame:
        block = unpack_block(frame.body, self.rack.channels)
        output = self.rack.run(block)
        self._unheard = False
        self._tracker.collect(block, output)
        self._heed_report()
        header = {"latency": self._latency} if self._latency != self._told else {}
        self._told = self._latency
        return Frame(Kind.BLOCK, header, pack_block(output))

    def _heed_report(self) -> None:
        reported = self.rack.reported_frames
        if reported == self._reported:
            return
        # Who told the truth before is believed at once; the tracker checks it all the same.
        if self._latency == self._reported and self._is_possible(reported):
            self._latency = reported
        self._reported = reported
        self._doubt()

    def _is_possible(self, reported: int) -> bool:
        return 0 <= reported <= MOST_REPORTED_SECONDS * self.rack.rate_hz

    def _state(self, _: Frame) -> Frame:
        if self._unheard:  # a VST3's sound part, which is saved, hears of it in a block only
            self.rack.run(np.zeros((self.rack.channels, BLOCK_FRAMES), np.float32))
            self._unheard = False
        return Frame(Kind.REPLY, {}, self.rack.state)

    def _restore(self, frame: Frame) -> Frame:
        self.rack.restore(frame.body)
        return self._measured(values=self.rack.first.raw_values())

    def _poll(self, _: Frame) -> Frame:
        values = self.rack.first.raw_values()
        changed = {
            name: value
            for name, value in values.items()
            if abs(value - self._values.get(name, -1.0)) > _CHANGED
        }
        self._values = values
        if changed and self.rack.editing:
            self.rack.mirror(changed)
            self._doubt()
        problem, self.window_problem = self.window_problem, ""
        return _reply(values=changed, window_is_open=self.rack.editing, window_problem=problem)

    def _text(self, frame: Frame) -> Frame:
        parameter = self.rack.first.native_parameters()[frame.header["name"]]
        return _reply(text=str(parameter.get_text_for_raw_value(frame.header["value"])))

    def _close_window(self, _: Frame) -> Frame:
        self.close_window.set()
        return _reply()


def _reply(**header: Any) -> Frame:
    return Frame(Kind.REPLY, header)
