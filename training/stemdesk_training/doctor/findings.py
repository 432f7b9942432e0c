"""From what was measured to what is wrong: findings with a verdict each, in words.

The thresholds were set where made-up faults and real songs come apart; `tests/training` plants the
faults one by one.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from stemdesk_training.doctor.examination import MIXTURE, Examination

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk_training.doctor.facts import Facts
    from stemdesk_training.doctor.relations import Lag

DC_DB = -50.0
CLIPPED_RUNS = 10
# Made-up voices, chords and basses with half of their energy at full scale had lost what was 12 to
# 14 dB below them, drums more; a bass that 3 dB were cut from, as distortion does, had 0.36 there.
HEAVY_CLIPPED_SHARE = 0.5
SILENT_DB = -70.0
RARE_SHARE = 0.02
BAND_LIMIT_HZ = 17_000.0
BLEED_DB = -20.0
NULL_PASS_DB = -50.0  # dither of 16 bits under a quiet song
MASTERED_DB = -18.0
GAIN_FIT_DB = -40.0
GAIN_OFF = 0.02
HEARD_SHARE, OWN_SHARE = 0.65, 0.15
TRIM_SECONDS = 1.0


class Verdict(Enum):
    """What a finding means for training."""

    NOTE = "note"  # worth knowing
    FIXABLE = "fixable"
    REJECT = "reject"


class Finding(msgspec.Struct, frozen=True):
    """One thing.

    Attributes:
        kind: a short name, the same for the same kind of thing.
        verdict: what it means.
        part: stem or mixture; empty for the whole song.
        text: one sentence.
    """

    kind: str
    verdict: Verdict
    part: str
    text: str


def findings_of(found: Examination, twin: str | None = None) -> list[Finding]:
    """All that is to say about a song, the worst first.

    Args:
        found: as it was examined.
        twin: an earlier song that it is.
    """
    if found.unreadable:
        return [Finding("unreadable", Verdict.REJECT, "", found.unreadable)]
    findings = [
        *_alone(found),
        *_form(found),
        *_together(found),
        *_bleed(found),
        *_labels(found),
    ]
    if twin is not None:
        text = f"It is the same recording as {twin}."
        findings.append(Finding("duplicate", Verdict.REJECT, "", text))
    order = list(Verdict)
    return sorted(findings, key=lambda finding: -order.index(finding.verdict))


def verdict_of(findings: list[Finding]) -> str:
    """`pass`, `fixable` or `reject`."""
    verdicts = {finding.verdict for finding in findings}
    if Verdict.REJECT in verdicts:
        return "reject"
    return "fixable" if Verdict.FIXABLE in verdicts else "pass"


def _alone(found: Examination) -> Iterator[Finding]:
    """What is wrong with a file whatever the others are."""
    for part, facts in found.facts.items():
        if facts.dc_db > DC_DB:
            text = f"{_named(part)} has an offset (DC) of {facts.dc_db:.0f} dBFS."
            yield Finding("dc", Verdict.FIXABLE, part, text)
        if facts.clipped_runs >= CLIPPED_RUNS:
            yield _clipping(part, facts)
        if facts.rms_db < SILENT_DB:
            silent = Verdict.REJECT if part == MIXTURE else Verdict.NOTE
            yield Finding("silent", silent, part, f"{_named(part)} is silent.")
        elif facts.active_share < RARE_SHARE:
            text = f"{_named(part)} sounds in {100 * facts.active_share:.1f} % of the song only."
            yield Finding("rare", Verdict.NOTE, part, text)
        yield from _sound(part, facts)


def _clipping(part: str, facts: Facts) -> Finding:
    text = f"{_named(part)} is clipped in {facts.clipped_runs} places"
    # The mixture's own clipping is not trained on: that is the stems' sum.
    if part != MIXTURE and facts.clipped_share >= HEAVY_CLIPPED_SHARE:
        text += f", which hold {100 * facts.clipped_share:.0f} % of its energy."
        return Finding("clipping", Verdict.REJECT, part, text)
    return Finding("clipping", Verdict.NOTE, part, f"{text}.")


def _sound(part: str, facts: Facts) -> Iterator[Finding]:
    if facts.rms_db < SILENT_DB:
        return
    if facts.top_hz < min(BAND_LIMIT_HZ, 0.45 * facts.sample_rate):
        text = f"{_named(part)} ends at {facts.top_hz / 1000:.1f} kHz: it was encoded or resampled."
        yield Finding("band-limit", Verdict.NOTE, part, text)
    if facts.channels == 2 and facts.side_db < -90.0:
        text = f"Both channels of {_named(part).lower()} are the same: it is mono."
        yield Finding("mono", Verdict.NOTE, part, text)


def _form(found: Examination) -> Iterator[Finding]:
    """Rates, lengths and channel counts that differ."""
    wanted = found.facts[found.sounding]
    rate = wanted.sample_rate
    if MIXTURE not in found.facts:
        rate = Counter(facts.sample_rate for facts in found.facts.values()).most_common(1)[0][0]
    for part, facts in found.facts.items():
        if facts.sample_rate != rate:
            text = f"{_named(part)} has {facts.sample_rate} Hz, the rest {rate} Hz."
            yield Finding("sample-rate", Verdict.FIXABLE, part, text)
        if facts.channels != wanted.channels:
            text = f"{_named(part)} has {facts.channels} channels, the rest {wanted.channels}."
            yield Finding("channels", Verdict.FIXABLE, part, text)
        off_seconds = facts.seconds - wanted.seconds
        if abs(off_seconds) > 1 / rate:
            word = "longer" if off_seconds > 0 else "shorter"
            text = f"{_named(part)} is {abs(off_seconds):.3f} s {word} than the rest."
            mends = abs(off_seconds) <= TRIM_SECONDS
            yield Finding("length", Verdict.FIXABLE if mends else Verdict.REJECT, part, text)


def _together(found: Examination) -> Iterator[Finding]:
    """Stems against the mixture: time, polarity, level, and what is missing."""
    total = found.total
    if total is None:
        return
    for part, lag in (("", found.lag), *found.lags.items()):
        if lag.is_off:
            yield _lag_finding(part, lag, found)
    if total.null_db <= NULL_PASS_DB:
        return
    if total.fitted_db <= GAIN_FIT_DB and total.fitted_db < total.null_db - 6:
        for stem, gain in total.gains.items():
            if abs(gain - 1) > GAIN_OFF:
                text = f"{_named(stem)} must be multiplied by {gain:.3f} to be as in the mixture."
                yield Finding("gain", Verdict.FIXABLE, stem, text)
    elif total.mastered_db <= MASTERED_DB:
        text = (
            f"The mixture was mastered or encoded: the stems' sum is {-total.null_db:.0f} dB"
            " from it. Train on their sum."
        )
        yield Finding("mastered", Verdict.NOTE, "", text)
    else:
        text = (
            "Something of the mixture is in none of the stems: it lies"
            f" {-total.mastered_db:.0f} dB below it."
        )
        yield Finding("incomplete", Verdict.REJECT, "", text)


def _lag_finding(part: str, lag: Lag, found: Examination) -> Finding:
    words = []
    if lag.lag_frames:
        rate = found.facts[found.sounding].sample_rate
        word = "late" if lag.lag_frames > 0 else "early"
        frames = abs(lag.lag_frames)
        words.append(f"{frames} frames ({1000 * frames / rate:.2f} ms) {word}")
    if lag.polarity < 0:
        words.append("upside down")
    who = f"{_named(part)} comes" if part else "All stems come"
    kind = "lag" if lag.lag_frames else "polarity"
    return Finding(kind, Verdict.FIXABLE, part, f"{who} {' and '.join(words)}.")


def _named(part: str) -> str:
    return "The mixture" if part == MIXTURE else f"The {part} stem"


def _bleed(found: Examination) -> Iterator[Finding]:
    for stem, others in found.bleed.items():
        for other, decibels in others.items():
            # Of the two, the one that holds more of the other is the one that has the bleed.
            if decibels > BLEED_DB and decibels >= found.bleed[other][stem]:
                text = f"{other.capitalize()} can be heard in the {stem} stem at {decibels:.0f} dB."
                yield Finding("bleed", Verdict.NOTE, stem, text)


def _labels(found: Examination) -> Iterator[Finding]:
    for stem, shares in found.heard_as.items():
        # An instrumental, told as `other`, holds the drums and the bass that have no stem.
        missing = {"drums", "bass"} - found.facts.keys() if stem == "other" else set()
        own = sum(shares.get(name, 0.0) for name in {stem, *missing})
        heard = max(shares, key=lambda name: shares[name])
        if shares[heard] > HEARD_SHARE and own < OWN_SHARE:
            text = f"{_named(stem)} sounds like {heard} ({100 * shares[heard]:.0f} % of it)."
            yield Finding("mislabelled", Verdict.REJECT, stem, text)
