"""A back end for mido whose devices come and go as a test says.

`mido.Backend("tests.control.fake_midi")` uses it; `DEVICES` is what is plugged in.
"""

from __future__ import annotations

import mido
from mido.ports import BaseInput, BaseOutput

_NAME = "tests.control.fake_midi"


class Devices:
    """What is plugged in, what is open, and what was sent."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.inputs, self.outputs = [], []
        self.busy = set()
        self.open_inputs, self.open_outputs = {}, {}
        self.sent = []
        self.failure = None
        self.listings = 0

    def plug(self, name, output=None):
        self.inputs.append(name)
        self.outputs.append(output or name)

    def unplug(self, name, output=None):
        self.inputs.remove(name)
        self.outputs.remove(output or name)

    def play(self, name, *messages):
        """Let a device send, as on a thread of the MIDI system's."""
        for message in messages:
            self.open_inputs[name](message)

    def take_sent(self, name=None):
        sent, self.sent = self.sent, []
        return [message for port, message in sent if name in (None, port)]


DEVICES = Devices()


class Input(BaseInput):
    def _open(self, callback=None, **_):
        if self.name not in DEVICES.inputs:
            raise OSError(f"unknown port {self.name!r}")
        if self.name in DEVICES.busy:
            raise OSError("the device is in use")
        DEVICES.open_inputs[self.name] = self.heard = callback

    def _close(self):
        # Ports of tests that are over close when they are collected, whenever that is.
        if DEVICES.open_inputs.get(self.name) is self.heard:
            del DEVICES.open_inputs[self.name]


class Output(BaseOutput):
    def _open(self, **_):
        if self.name not in DEVICES.outputs:
            raise OSError(f"unknown port {self.name!r}")
        DEVICES.open_outputs[self.name] = self

    def _send(self, message):
        if self.name not in DEVICES.outputs:
            raise OSError("the cable was pulled")
        DEVICES.sent.append((self.name, message))

    def _close(self):
        if DEVICES.open_outputs.get(self.name) is self:
            del DEVICES.open_outputs[self.name]


def get_devices(**kwargs):
    DEVICES.listings += 1
    if DEVICES.failure is not None:
        raise DEVICES.failure
    names = dict.fromkeys([*DEVICES.inputs, *DEVICES.outputs])
    return [
        {"name": name, "is_input": name in DEVICES.inputs, "is_output": name in DEVICES.outputs}
        for name in names
    ]


def backend():
    return mido.Backend(_NAME, use_environ=False)
