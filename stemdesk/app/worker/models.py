"""The models that the separating process keeps ready, and how fast they are here."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.estimating import ESTIMATE_SHARE
from stemdesk.app.forecast import SHORTEST_SECONDS, Choice, has_pace, note_pace
from stemdesk.app.model import LoadedModel, load_model
from stemdesk.cores import usual_threads

if TYPE_CHECKING:
    from collections.abc import Callable

Device = tuple[str, bool, str]
MOST_MODELS = 2
_NOISE_CHUNKS = 3


@dataclass(frozen=True)
class ReadyModel:
    """A model with what is told about it.

    Attributes:
        choice: how it was asked for.
        model: loaded.
        told: `device`, its `description`, and `why` no better one is used (empty: it is the best).
        devices: all kinds of device, see :func:`device_list`.
    """

    choice: Choice
    model: LoadedModel
    told: dict[str, str]
    devices: list[Device]


class ReadyModels:
    """Models by choice; of more than :data:`MOST_MODELS` the one used longest ago is let go."""

    def __init__(self) -> None:
        self._ready: dict[Choice, ReadyModel] = {}

    def get(self, choice: Choice) -> ReadyModel:
        """A model, loaded if need be.

        Raises:
            UserError: no such model, or a device that cannot be used.
        """
        ready = self._ready.pop(choice, None) or _loaded(choice)
        self._ready[choice] = ready
        while len(self._ready) > MOST_MODELS:
            del self._ready[next(iter(self._ready))]
        _set_threads(choice)
        return ready

    def learn(self, ready: ReadyModel, song_seconds: float, seconds: float) -> None:
        """Note how long a song took."""
        note_pace(ready.choice, song_seconds, seconds, _most_memory_bytes(ready))

    def calibrate(self, is_calm: Callable[[], bool]) -> None:
        """Measure the newest model on noise, if nothing is known of its pace.

        Args:
            is_calm: asked between chunks; otherwise it is left for later.
        """
        ready = next(reversed(self._ready.values()), None)
        if ready is None or has_pace(ready.choice):
            return
        from stemdesk.separation.separator import ArraySource

        card, separator = ready.model.card, ready.model.separator
        frames = card.hop * card.chunk.steps * _NOISE_CHUNKS
        noise = np.random.default_rng(0).uniform(-0.1, 0.1, (2, frames)).astype(np.float32)
        estimates = separator.estimate(ArraySource(noise))
        done_frames, started = 0, 0.0
        for estimate in estimates:
            if not is_calm():
                return
            if estimate.chunk == 0:  # the first prepares what the others use
                started = time.monotonic()
            else:
                done_frames += estimate.samples.shape[-1]
        seconds = (time.monotonic() - started) * card.sample_rate / max(1, done_frames)
        # As if it had been a song that says something.
        pace = seconds / ESTIMATE_SHARE * SHORTEST_SECONDS
        self.learn(ready, SHORTEST_SECONDS, pace)


def device_list() -> list[Device]:
    """Every kind of device: its name, whether it can be used, and what it is or why it cannot."""
    from stemdesk.separation.devices import list_devices

    return [(each.name, each.usable, each.description) for each in list_devices()]


def _loaded(choice: Choice) -> ReadyModel:
    model = load_model(
        choice.model, device=choice.device, threads=_threads(choice), post=choice.post
    )
    used = model.separator.engine.device.type
    devices = device_list()
    told = {"device": used, "description": "", "why": ""}
    better = []
    for name, _, description in devices:
        if name == used:
            told["description"] = description
            break
        better.append(f"{name}: {description}")
    if choice.device == "auto":
        told["why"] = "; ".join(better)
    return ReadyModel(choice, model, told, devices)


def _set_threads(choice: Choice) -> None:
    from stemdesk.separation.devices import set_threads

    set_threads(_threads(choice))


def _threads(choice: Choice) -> int:
    """One core is left to the app and its sound.

    Threads that wait for one another while something else has a core are ten times slower than one
    alone, so all cores would not even pay.
    """
    return choice.threads or max(1, usual_threads() - 1)


def _most_memory_bytes(ready: ReadyModel) -> int:
    """The most this process has had at a time; on a GPU, that torch has had there."""
    if ready.told["device"] == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated())
    if sys.platform == "win32":
        return _peak_working_set_bytes()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _peak_working_set_bytes() -> int:
    """PROCESS_MEMORY_COUNTERS of psapi.h, by K32GetProcessMemoryInfo."""
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("page_faults", wintypes.DWORD),
            ("peak_working_set", ctypes.c_size_t),
            ("others", ctypes.c_size_t * 7),
        )

    counters = Counters(cb=ctypes.sizeof(Counters))
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo(
        wintypes.HANDLE(kernel.GetCurrentProcess()), ctypes.byref(counters), counters.cb
    )
    return int(counters.peak_working_set)
