"""One system on one song, on the stems that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk_training.evaluation.grouping import Group, groupings
from stemdesk_training.evaluation.scoring import SongScore, StemScore, score_song
from stemdesk_training.evaluation.systems import summed
from stemdesk_training.evaluation.truth import regrouped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk_training.evaluation.grouping import Grouping
    from stemdesk_training.evaluation.systems import Oracle, Separator
    from stemdesk_training.evaluation.truth import Truth

    Audio = NDArray[np.float64]


def score_separator(
    system: Separator, truth: Truth, *, full: bool
) -> tuple[SongScore, list[Grouping]]:
    """The scores, and what the stems were held against.

    Args:
        system: what separates.
        truth: all stems that the song is known in.
        full: ISR, SIR and SAR as well.

    Raises:
        UserError: it cannot separate the song, or gives no stem that can be compared.
    """
    given = system.separate(truth)
    wanted = groupings(truth.stems, tuple(given))
    if not wanted[0]:
        raise UserError(
            f"{system.name} gives {', '.join(given) or 'nothing'}, and {truth.name} has"
            f" {', '.join(truth.stems)}",
            "compare systems that give stems of these songs",
        )
    stems = _scored(
        system.name,
        truth,
        wanted,
        lambda grouping: summed(given, [group.given for group in grouping.values()]),
        full=full,
    )
    return SongScore(truth.name, system.name, stems), wanted


def score_oracle(
    oracle: Oracle, truth: Truth, wanted: Sequence[Grouping], *, full: bool
) -> SongScore:
    """The scores of masks for the very stems that other systems are held against.

    Args:
        oracle: what makes the masks.
        truth: all stems that the song is known in.
        wanted: of those systems.
        full: ISR, SIR and SAR as well.
    """
    sums = {tuple((stem, group.true) for stem, group in each.items()): each for each in wanted}
    finest_first = sorted(sums.values(), key=len, reverse=True)

    def masked(grouping: Grouping) -> Audio:
        held = {name for group in grouping.values() for name in group.true}
        beside = tuple(name for name in truth.stems if name not in held)
        # Masks are shares: without what is beside the voice, the whole song would be the voice.
        everything = grouping | ({"": Group(beside, ())} if beside else {})
        return oracle.estimate(regrouped(truth, everything))[: len(grouping)]

    stems = _scored(oracle.name, truth, finest_first, masked, full=full)
    return SongScore(truth.name, oracle.name, stems)


def _scored(
    name: str,
    truth: Truth,
    wanted: Sequence[Grouping],
    estimate: Callable[[Grouping], Audio],
    *,
    full: bool,
) -> dict[str, StemScore]:
    """Scores of all groupings; a stem that is in several has that of the first."""
    stems: dict[str, StemScore] = {}
    for grouping in wanted:
        target = regrouped(truth, grouping)
        signals = (target.references, estimate(grouping), truth.mixture)
        names = (truth.name, name)
        score = score_song(names, target.stems, signals, truth.sample_rate, full=full)
        stems = score.stems | stems
    return stems
