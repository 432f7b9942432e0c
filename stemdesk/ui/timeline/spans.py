"""Sets of stretches as sorted, disjoint spans: what is known, separated, missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.project.document import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

Spans = tuple[Span, ...]


def merged(spans: Iterable[Span]) -> Spans:
    """In order, those that touch made one, empty ones left out."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda each: each.first_frame):
        if span.end_frame <= span.first_frame:
            continue
        if result and span.first_frame <= result[-1].end_frame:
            end = max(result[-1].end_frame, span.end_frame)
            result[-1] = Span(first_frame=result[-1].first_frame, end_frame=end)
        else:
            result.append(span)
    return tuple(result)


def overlap(some: Spans, others: Spans) -> Spans:
    """What lies in both; both sorted and disjoint."""
    result = []
    one = other = 0
    while one < len(some) and other < len(others):
        first = max(some[one].first_frame, others[other].first_frame)
        end = min(some[one].end_frame, others[other].end_frame)
        if end > first:
            result.append(Span(first_frame=first, end_frame=end))
        if some[one].end_frame < others[other].end_frame:
            one += 1
        else:
            other += 1
    return tuple(result)


def gaps(spans: Spans, first_frame: int, end_frame: int) -> Spans:
    """What of a stretch lies in none of them; they are sorted and disjoint."""
    result = []
    at = first_frame
    for span in spans:
        if span.first_frame > at:
            result.append(Span(first_frame=at, end_frame=min(span.first_frame, end_frame)))
        at = max(at, span.end_frame)
        if at >= end_frame:
            break
    if at < end_frame:
        result.append(Span(first_frame=at, end_frame=end_frame))
    return tuple(span for span in result if span.end_frame > span.first_frame)


def difference(some: Spans, others: Spans) -> Spans:
    """What lies in exactly one of the two."""
    if not some and not others:
        return ()
    end = max(span.end_frame for span in (*some, *others))
    return merged(
        (*overlap(some, gaps(others, 0, end)), *overlap(others, gaps(some, 0, end))),
    )
