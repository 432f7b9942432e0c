"""Why stems do not sum to their mix: which file is late, upside down or at another level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk.audio.alignment import Alignment, align

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stemdesk.audio.info import AudioInfo

# One fault is named as the cause when mending it removes 99 % of the residual's energy.
_EXPLAINED = 0.01
_HEARD_GAIN_DB = 0.01
# Songs of one beat and key correlate by up to 0.4 at their best lag, whatever they are.
_RELATED = 0.5


class Diagnosis(msgspec.Struct, frozen=True):
    """One stem held against the mix without the other stems.

    Attributes:
        name: File name.
        lag_frames: Positive where the stem arrives late; 0 where the two are not alike.
        polarity: +1 or -1; +1 where the two are not alike.
        gain_db: Least-squares gain of the stem; None where it, or what it should be, is silent, or
            where the two are not alike.
        correlation: 0..1, how alike they are at their best lag.
    """

    name: str
    lag_frames: int
    polarity: int
    gain_db: float | None
    correlation: float = 1.0

    @property
    def is_related(self) -> bool:
        """Whether lag, polarity and gain say anything; two silences are alike."""
        return self.correlation >= _RELATED or self.correlation == 0.0


@dataclass(frozen=True)
class Cause:
    """What `find_cause` found.

    Attributes:
        whole: The sum of all stems against the mix.
        stems: Each stem against the mix without the others.
        reason: One sentence, or None where no single fault explains the residual.
    """

    whole: Diagnosis
    stems: list[Diagnosis]
    reason: str | None


NO_CAUSE = Cause(Diagnosis("The stems", 0, 1, 0.0), [], None)


def find_cause(
    names: Sequence[str], windows: Sequence[NDArray[np.float64]], max_lag_frames: int
) -> Cause:
    """Looks for one lag, polarity or gain that explains the residual.

    If exactly one stem is wrong, then the mix minus the others is that stem as it should be.

    Args:
        names: The stems' file names.
        windows: The same stretch `[channels, frames]` of the mix and then of every stem.
        max_lag_frames: The longest delay looked for, either way.
    """
    mix, stems = windows[0], windows[1:]
    total = np.sum(np.stack(stems), axis=0)
    residual = mix - total
    whole = align(total, mix, max_lag_frames)
    singles = [align(stem, stem + residual, max_lag_frames) for stem in stems]
    candidates = [(whole, "The stems"), *zip(singles, names, strict=True)]
    if len(stems) == 1:
        candidates = candidates[1:]
    best, subject = min(candidates, key=lambda candidate: candidate[0].misfit_energy)
    reason = None
    if best.misfit_energy <= _EXPLAINED * float(np.vdot(residual, residual)):
        reason = _describe(best, subject, plural=best is whole)
    return Cause(
        whole=_diagnosis("The stems", whole),
        stems=[_diagnosis(name, single) for name, single in zip(names, singles, strict=True)],
        reason=reason,
    )


def stated_cause(infos: Sequence[AudioInfo], worst_second: int | None) -> str:
    """The sentence where no fault was found in the signal: what the files' headers tell.

    Args:
        infos: The mix, then the stems.
        worst_second: Where the residual is largest.
    """
    mix = infos[0]
    for info in infos[1:]:
        more_frames = info.frames - mix.frames
        if more_frames:
            word = "longer" if more_frames > 0 else "shorter"
            return f"{info.path.name} is {_samples(abs(more_frames))} {word} than the mix"
    for info in infos[1:]:
        if info.lossy:
            return (
                f"{info.path.name} is in a lossy format ({info.subtype}), which changes its samples"
            )
    return f"The stems do not sum to the mix; second {worst_second} differs most"


def _diagnosis(name: str, found: Alignment) -> Diagnosis:
    if 0.0 < found.correlation < _RELATED:
        return Diagnosis(name, 0, 1, None, found.correlation)
    gain_db = found.gain_db if found.gain != 0.0 else None
    return Diagnosis(name, found.lag_frames, found.polarity, gain_db, found.correlation)


def _describe(found: Alignment, subject: str, *, plural: bool) -> str | None:
    parts = []
    if found.lag_frames:
        word = "late" if found.lag_frames > 0 else "early"
        verb = "arrive" if plural else "arrives"
        parts.append(f"{verb} {_samples(abs(found.lag_frames))} {word}")
    if found.polarity < 0:
        parts.append(f"{'have' if plural else 'has'} inverted polarity")
    if abs(found.gain_db) >= _HEARD_GAIN_DB:
        word = "low" if found.gain_db < 0.0 else "high"
        parts.append(f"{'are' if plural else 'is'} {abs(found.gain_db):.2f} dB too {word}")
    return f"{subject} {' and '.join(parts)}" if parts else None


def _samples(count: int) -> str:
    return f"{count} sample{'' if count == 1 else 's'}"
