"""Whether what was delivered sums to the song, and if not, why: what the null panel shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stemdesk.mixing.bypasses import in_force
from stemdesk.mixing.settings import neutral

if TYPE_CHECKING:
    from stemdesk.audio.null import NullReport
    from stemdesk.mixing.settings import MixSettings
    from stemdesk.project.document import Track

State = Literal["none", "checking", "exact", "lowered", "open", "unmeant"]


@dataclass(frozen=True)
class Verdict:
    """One delivery's null.

    Attributes:
        state: `exact` only when no sample of the files differs; `lowered` when none does once the
            common gain they were lowered by is taken out; `none` where nothing is claimed;
            `unmeant` where the files are another sound than the song, and by intention.
        subject: what was checked: the project's stems, or an export.
        report: the measurement; None before it, or where there is none.
        reasons: one sentence each: why it does not null, or what the listener hears instead.
        fraction: of the check, while it goes on.
        is_export: files for others were judged, not the project's own.
        without: stems that were added as separated before the files were held against the song.
        start_seconds: of the song, where the files begin.
    """

    state: State = "none"
    subject: str = ""
    report: NullReport | None = None
    reasons: tuple[str, ...] = ()
    fraction: float = 0.0
    is_export: bool = False
    without: tuple[str, ...] = ()
    start_seconds: float = 0.0


def judged(subject: str, report: NullReport, reasons: tuple[str, ...] = ()) -> Verdict:
    """The verdict on files that have been read back.

    Files that were all lowered alike are not the song: whoever sums them has to raise the sum.
    """
    gain = common_gain_told(-report.makeup_db) if report.makeup_db else ()
    if report.verdict != "exact":
        told = dict.fromkeys((report.reason, *reasons, *gain))
        return Verdict("open", subject, report, tuple(told))
    if gain:
        return Verdict("lowered", subject, report, tuple(dict.fromkeys((*gain, *reasons))))
    return Verdict("exact", subject, report, reasons)


def common_gain_told(gain_db: float) -> tuple[str]:
    """Why files that were all lowered or raised by a gain do not sum to the song."""
    return (f"Common gain applied ({gain_db:+.2f} dB).",)


def heard_otherwise(track: Track) -> tuple[str, ...]:
    """Why the mix that is heard is not the song, though its stems may sum to it."""
    mix = in_force(track.mix)
    plain = neutral([strip.name for strip in mix.strips])
    reasons = [*_moved(mix, plain)]
    if any(not effect.bypass for strip in (*mix.strips, mix.master) for effect in strip.effects):
        reasons.append("Effects are active.")
    if mix.automation:
        reasons.append("Parameters are automated.")
    if track.regions:
        reasons.append("Regions of stems are muted or have another gain.")
    if mix.ceiling_db != plain.ceiling_db:
        reasons.append("The limiter's ceiling is lowered.")
    return tuple(reasons)


def _moved(mix: MixSettings, plain: MixSettings) -> list[str]:
    reasons = []
    strips = list(zip((*mix.strips, mix.master), (*plain.strips, plain.master), strict=True))
    if any(
        strip.level_db != before.level_db or strip.pan != before.pan for strip, before in strips
    ):
        reasons.append("Faders or pans are moved.")
    if any(strip.mute or strip.solo for strip, _ in strips):
        reasons.append("Stems are muted or soloed.")
    if any(strip.invert for strip, _ in strips):
        reasons.append("A polarity is turned.")
    return reasons
