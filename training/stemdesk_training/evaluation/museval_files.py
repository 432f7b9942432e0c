"""Scores in the form of museval's JSON files, which other tools compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk_training.evaluation.scoring import METRICS

if TYPE_CHECKING:
    from stemdesk_training.evaluation.scoring import SongScore

FRAME_SECONDS = 1.0


def as_museval(score: SongScore) -> dict[str, Any]:
    """``targets`` -> ``frames`` -> time, duration and metrics; what was not measured is null."""
    return {
        "targets": [
            {
                "name": stem,
                "frames": [
                    {
                        "time": place * FRAME_SECONDS,
                        "duration": FRAME_SECONDS,
                        "metrics": {metric: _at(each.frames, metric, place) for metric in METRICS},
                    }
                    for place in range(len(each.frames["SDR"]))
                ],
            }
            for stem, each in score.stems.items()
        ]
    }


def _at(frames: dict[str, list[float | None]], metric: str, place: int) -> float | None:
    values = frames.get(metric)
    return values[place] if values is not None and place < len(values) else None
