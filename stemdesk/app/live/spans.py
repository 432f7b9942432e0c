"""Stretches ``[first, end)`` of a song's frames: apart, in order, none empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Spans = tuple[tuple[int, int], ...]


def merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Any stretches as spans: those that touch or overlap become one."""
    joined: list[tuple[int, int]] = []
    for first, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((first, end))
    return tuple(joined)


def gaps(wanted: Iterable[tuple[int, int]], there: Spans) -> Spans:
    """What of the ``wanted`` stretches is not ``there`` yet."""
    missing: list[tuple[int, int]] = []
    for first, end in merged(wanted):
        for begin, stop in there:
            if stop <= first or end <= begin:
                continue
            missing.append((first, begin))
            first = stop
        missing.append((first, end))
    return merged(missing)


def holds(spans: Spans, first: int, end: int) -> bool:
    """Whether one of the spans holds all of a stretch."""
    return any(begin <= first and end <= stop for begin, stop in spans)
