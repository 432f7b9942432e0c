"""A stand-in for the module `sounddevice`, with sound cards that can be plugged and pulled."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np


class PortAudioError(Exception):
    pass


def card(name, *, rates=(44_100, 48_000), channels=2, host=0, inputs=0):
    return {"name": name, "rates": rates, "channels": channels, "host": host, "inputs": inputs}


class FakeSounddevice:
    PortAudioError = PortAudioError

    def __init__(self, *cards, default=0):
        self.plugged = list(cards)
        self.known = list(cards)
        heard = [place for place, each in enumerate(cards) if each["inputs"]]
        self.default = SimpleNamespace(device=[heard[0] if heard else -1, default if cards else -1])
        self.streams = []
        self.restarts = 0
        self.is_initialized = True
        self.fails_to_answer = False

    def query_devices(self):
        if self.fails_to_answer:
            raise PortAudioError("Unanticipated host error [PaErrorCode -9999]")
        assert self.is_initialized
        return [
            {
                "index": index,
                "name": each["name"],
                "hostapi": each["host"],
                "max_output_channels": each["channels"],
                "max_input_channels": each["inputs"],
                "default_samplerate": float(each["rates"][0]),
            }
            for index, each in enumerate(self.known)
        ]

    def query_hostapis(self, index):
        return {"name": ["ALSA", "JACK"][index]}

    def _terminate(self):
        assert self.is_initialized
        assert all(stream.is_closed for stream in self.streams)
        self.is_initialized = False

    def _initialize(self):
        self.known = list(self.plugged)
        self.is_initialized = True
        self.restarts += 1

    def OutputStream(self, **options):  # noqa: N802 - the module's name
        stream = FakeStream(self, self.known[options["device"]], options)
        self.streams.append(stream)
        return stream

    def Stream(self, **options):  # noqa: N802 - the module's name
        heard, played = (self.known[index] for index in options["device"])
        inputs, outputs = options["channels"]
        assert inputs <= heard["inputs"]
        stream = FakeStream(self, played, {**options, "channels": outputs})
        stream.options, stream.latency = options, (0.02, 0.04)
        self.streams.append(stream)
        return stream


class FakeStream:
    latency = 0.04

    def __init__(self, module, card, options):
        if options["samplerate"] not in card["rates"]:
            raise PortAudioError(f"Invalid sample rate: {options['samplerate']}", -9997)
        if card not in module.plugged:
            raise PortAudioError("Device unavailable", -9985)
        assert options["channels"] <= card["channels"]
        assert options["dtype"] == "float32"
        self.module, self.card, self.options = module, card, options
        self.calls = []
        self.is_started = self.is_closed = False

    def start(self):
        self._check()
        self.is_started = True
        self.calls.append("start")

    def stop(self):
        self._check()
        self.calls.append("stop")
        self.options["finished_callback"]()

    def abort(self):
        self._check()
        self.calls.append("abort")

    def close(self):
        self.calls.append("close")
        self.is_closed = True
        self._check()

    def _check(self):
        if self.card not in self.module.plugged:
            raise PortAudioError("Device unavailable", -9985)

    def pull(self, frames, *, latency=None, underflow=False):
        """One callback, as the driver makes it: `[frames, channels]`."""
        out = np.full((frames, self.options["channels"]), np.nan, np.float32)
        times = SimpleNamespace(currentTime=0.0, outputBufferDacTime=latency or 0.0)
        status = SimpleNamespace(output_underflow=True) if underflow else None
        assert self.options["callback"](out, frames, times, status) is None
        assert np.isfinite(out).all()
        return out
