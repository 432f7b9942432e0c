"""Scores of all systems as text: medians with intervals, and who is better than whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk_training.datasets.multitrack import STEMS
from stemdesk_training.evaluation.statistics import bootstrap, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk_training.evaluation.scoring import SongScore


PAIR = ("vocals", "accompaniment")


def shown_stems(scores: Sequence[SongScore]) -> list[str]:
    """All stems; the accompaniment only if a system has nothing finer to be compared on."""
    by_system: dict[str, set[str]] = {}
    for score in scores:
        by_system.setdefault(score.system, set()).update(score.stems)
    found = list(dict.fromkeys(stem for score in scores for stem in score.stems))
    if not any(PAIR[1] in stems <= set(PAIR) for stems in by_system.values()):
        found = [stem for stem in found if stem != PAIR[1]]
    order = [*STEMS, PAIR[1]]
    return sorted(found, key=lambda stem: order.index(stem) if stem in order else len(order))


def as_table(scores: Sequence[SongScore], stems: Sequence[str]) -> str:
    """Median over songs of the median over seconds, with intervals of 95 % over songs.

    Under a stem stand the systems that have it.

    Args:
        scores: of all systems on all songs.
        stems: shown, in this order.
    """
    systems = list(dict.fromkeys(score.system for score in scores))
    metrics = [
        metric
        for metric in ("SDR", "ISR", "SIR", "SAR")
        if any(metric in stem.frames for score in scores for stem in score.stems.values())
    ]
    width = max(len(system) for system in systems)
    lines = []
    for stem in stems:
        lines.append(f"{stem} (dB)")
        head = "".join(f"{name:>9}" for name in (*metrics, "uSDR", "GNSDR"))
        lines.append(f"  {'':{width}}{head}   SDR's 95 % interval, songs")
        having = _having(scores, stem)
        lines += [_row(scores, system, stem, metrics, width) for system in having]
        if not having:
            lines.append("  no system has it")
        lines.append("")
    lines += _comparisons(scores, stems, width)
    return "\n".join(lines)


def _having(scores: Sequence[SongScore], stem: str) -> list[str]:
    return list(dict.fromkeys(score.system for score in scores if stem in score.stems))


def _row(
    scores: Sequence[SongScore], system: str, stem: str, metrics: Sequence[str], width: int
) -> str:
    mine = [score.stems[stem] for score in scores if score.system == system and stem in score.stems]
    cells = [_median([each.median(metric) for each in mine]) for metric in metrics]
    cells.append(_median([each.usdr for each in mine]))
    nsdr = [each.nsdr for each in mine]
    cells.append(float(np.mean(nsdr)) if nsdr else float("nan"))
    middle = bootstrap([each.median() for each in mine])
    numbers = "".join(f"{value:9.2f}" for value in cells)
    return f"  {system:{width}}{numbers}   {middle.low:.2f} to {middle.high:.2f}, {len(mine)}"


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")


def _comparisons(scores: Sequence[SongScore], stems: Sequence[str], width: int) -> list[str]:
    songs = list(dict.fromkeys(score.song for score in scores))
    found = {(score.song, score.system): score for score in scores}
    longest = max(len(stem) for stem in stems) if stems else 0
    lines = ["differences of SDR (Wilcoxon signed-rank over songs, p times the number of pairs)"]
    for stem in stems:
        by_system = {
            system: [_sdr(found.get((song, system)), stem) for song in songs]
            for system in _having(scores, stem)
        }
        for pair in compare(by_system):
            p = "too few songs" if np.isnan(pair.p) else f"p = {pair.p:.3g}"
            lines.append(
                f"  {stem:{longest}} {pair.first:{width}} - {pair.second:{width}}"
                f" {pair.difference:+7.2f} dB, {p}"
            )
    return lines


def _sdr(score: SongScore | None, stem: str) -> float:
    if score is None or stem not in score.stems:
        return float("nan")
    return score.stems[stem].median()
