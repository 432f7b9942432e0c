"""What a plug-in's process answers, checked as it is read."""

from __future__ import annotations

import msgspec

from stemdesk.mixing.plugins.parameter import PluginParameter


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured with known sounds.

    Attributes:
        latency: in frames.
        tail_seconds: how long it sounded on after a burst of noise.
    """

    latency: int
    tail_seconds: float


class Loaded(Measures, frozen=True, kw_only=True):
    """What a plug-in says of itself, besides its measures."""

    name: str
    manufacturer: str
    category: str
    version: str
    reported_frames: int
    parameters: tuple[PluginParameter, ...]


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What the plug-in's user did in its window since the last poll.

    Attributes:
        values: raw values that changed, by parameter.
        window_is_open: whether the window is shown.
        window_problem: why it is not, though it was asked for; else empty.
    """

    values: dict[str, float] = msgspec.field(default_factory=dict)
    window_is_open: bool = False
    window_problem: str = ""


class Restored(Measures, frozen=True, kw_only=True):
    """What a plug-in is after it was given a state.

    Attributes:
        values: raw value by parameter.
    """

    values: dict[str, float]


class Latency(msgspec.Struct, frozen=True):
    """The latency in frames, as it is now."""

    latency: int
