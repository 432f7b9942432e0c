"""Where the ruler has its ticks, and what is written at them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk.ui.timeline.metre import Metre
    from stemdesk.ui.timeline.viewport import Viewport

LABEL_PX = 88.0
BAR_LABEL_PX = 40.0
BEAT_PX = 10.0
# Steps that people count time in; below a second come decades of 5, 2, 1.
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_PARTS = {1: 5, 2: 4, 5: 5, 10: 5, 15: 3, 30: 3, 60: 4, 120: 4, 300: 5}
_PARTS |= {600: 5, 900: 3, 1800: 3, 3600: 4}


@dataclass(frozen=True)
class Tick:
    """A line on the ruler.

    Attributes:
        frame: where, not rounded.
        label: what is written there; empty for a small tick.
        is_bar: a bar line rather than a beat.
    """

    frame: float
    label: str = ""
    is_bar: bool = False


def time_ticks(view: Viewport, sample_rate: int) -> Iterator[Tick]:
    """Ticks of minutes and seconds; labels at least 88 px apart."""
    step, parts = _step(LABEL_PX * view.frames_per_px / sample_rate)
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    small = step / parts * sample_rate
    first = math.ceil(view.first_frame / small - parts)  # a label may begin left of the view
    for number in range(max(0, first), math.floor(view.end_frame / small) + 1):
        label = ""
        if number % parts == 0:
            label = clock(number // parts * step, decimals)
        yield Tick(number * small, label)


def bar_ticks(view: Viewport, metre: Metre) -> Iterator[Tick]:
    """Ticks of bars, and of beats where there is room."""
    per_bar = metre.tempo.beats_per_bar
    beat_px = metre.beat_frames / view.frames_per_px
    bars = 1
    while bars * per_bar * beat_px < BAR_LABEL_PX:
        bars *= 2
    step = 1 if bars == 1 and beat_px >= BEAT_PX else bars * per_bar
    with_beat = beat_px >= BAR_LABEL_PX
    margin = LABEL_PX * view.frames_per_px
    first = math.floor(metre.beat_of(max(0.0, view.first_frame - margin)) / step) * step
    for beat in range(first, math.floor(metre.beat_of(view.end_frame)) + 1, step):
        is_bar = beat % per_bar == 0
        label = metre.label(beat, with_beat=with_beat) if is_bar or with_beat else ""
        if metre.frame_of(beat) >= 0:
            yield Tick(metre.frame_of(beat), label, is_bar)


def clock(seconds: float, decimals: int = 3) -> str:
    """`1:23.456`, with hours where there are some."""
    ticks = round(seconds * 10**decimals)
    whole, part = divmod(ticks, 10**decimals)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{text}.{part:0{decimals}}" if decimals else text


def _step(least_seconds: float) -> tuple[float, int]:
    """A step of at least that, and into how many small ones it is cut."""
    if least_seconds > 0.5:
        for seconds in _SECONDS:
            if least_seconds <= seconds:
                return float(seconds), _PARTS[seconds]
    if least_seconds > _SECONDS[-1]:
        return math.ceil(least_seconds / 3600) * 3600.0, 4
    decade = 10.0 ** math.floor(math.log10(least_seconds))
    for leading, parts in ((1, 5), (2, 4), (5, 5), (10, 5)):
        if leading * decade >= least_seconds * (1 - 1e-9):
            return leading * decade, parts
    raise AssertionError(least_seconds)
