"""A null verdict in words: what the seal says, and the lines below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from stemdesk.ui.panels.figures import channels, clock, grouped, level, rate, sentence
from stemdesk.ui.words import real_minus, said, stem_title

if TYPE_CHECKING:
    from stemdesk.app.bench.verdict import Verdict
    from stemdesk.audio.null import NullReport

translate = QCoreApplication.translate

Sign = Literal["tick", "raise", "about", "differs", "unmeant", "clock", "none"]


@dataclass(frozen=True)
class NullWords:
    """What is shown.

    Attributes:
        sign: `tick`, `raise` (exact once the sum is raised), `about` (differs by rounding),
            `differs`, `unmeant`, `clock` or `none`.
        word: the verdict in one word or two.
        line: the sentence under it.
        subject: what was compared, how long, at which rate.
        peak: the residual's peak and where it is; empty where there is none.
        jump_seconds: where `peak` is; None for nowhere.
        reasons: why it does not null; `notes`: what else is to be known.
    """

    sign: Sign
    word: str
    line: str
    subject: str = ""
    peak: str = ""
    jump_seconds: float | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def null_words(verdict: Verdict | None, sample_rate: int) -> NullWords:
    """A verdict in words.

    Args:
        verdict: None while no song is open.
        sample_rate: of the song, Hz.
    """
    if verdict is None:
        return NullWords(
            "none",
            translate("Null", "No song"),
            translate("Null", "Open a song: drop it onto the window."),
        )
    reasons = tuple(_reason(reason) for reason in verdict.reasons)
    if verdict.state == "checking":
        return _checking(verdict)
    if verdict.state == "unmeant":
        return _unmeant(verdict, reasons, sample_rate)
    if verdict.state == "none" or verdict.report is None:
        return NullWords(
            "none",
            translate("Null", "Nothing to check yet"),
            translate("Null", "Separate the song: its stems are then summed and compared with it."),
            notes=reasons,
        )
    return _judged(verdict, verdict.report, reasons, sample_rate)


def _reason(text: str) -> str:
    told = sentence(said(text))
    # Names of files keep their hyphens: a minus sign is for figures alone.
    return real_minus(told) if any(unit in told for unit in (" dB", " LUFS")) else told


def _checking(verdict: Verdict) -> NullWords:
    line = translate("Null", "The stems are summed and compared with the song, sample by sample.")
    subject = sentence(said(verdict.subject)).rstrip(".")
    return NullWords("clock", translate("Null", "Checking…"), line, subject)


def _unmeant(verdict: Verdict, reasons: tuple[str, ...], sample_rate: int) -> NullWords:
    """Another sound than the song: how far from it, where that was measured."""
    word = translate("Null", "Not meant to null")
    report = verdict.report
    if report is None:
        return NullWords(
            "unmeant",
            word,
            translate("Null", "What was written is another sound than the song:"),
            sentence(said(verdict.subject)).rstrip("."),
            reasons=reasons,
        )
    differs = report.nonzero_samples > 0
    return NullWords(
        "unmeant",
        word,
        _differing(verdict, report),
        _subject(said(verdict.subject), report, sample_rate),
        _peak(verdict, report) if differs else "",
        _jump(verdict, report),
        reasons,
    )


def _judged(
    verdict: Verdict, report: NullReport, reasons: tuple[str, ...], sample_rate: int
) -> NullWords:
    subject = _subject(said(verdict.subject), report, sample_rate)
    line = _differing(verdict, report)
    if verdict.state == "exact":
        return NullWords("tick", translate("Null", "Exact"), line, subject, notes=reasons)
    if verdict.state == "lowered":
        # The gain is the one reason; the others say what the listener hears.
        return NullWords(
            "raise",
            translate("Null", "Exact after {0}").format(gain(report.makeup_db)),
            line,
            subject,
            reasons=reasons[:1],
            notes=reasons[1:],
        )
    is_rounding = report.verdict == "rounding"
    return NullWords(
        "about" if is_rounding else "differs",
        translate("Null", "Equal but for rounding")
        if is_rounding
        else translate("Null", "Not exact"),
        line,
        subject,
        _peak(verdict, report),
        _jump(verdict, report),
        reasons,
    )


def _differing(verdict: Verdict, report: NullReport) -> str:
    """How many samples differ, and from what."""
    without = ", ".join(stem_title(name) for name in verdict.without)
    if without:
        told = translate("Null", "{0} of {1} samples differ from the song without {2}")
    elif verdict.state == "unmeant":
        told = translate("Null", "{0} of {1} samples differ from the song")
    else:
        told = translate("Null", "{0} of {1} samples differ")
    samples = grouped(report.frames * report.channels)
    told = told.format(grouped(report.nonzero_samples), samples, without)
    if not report.makeup_db:
        return told
    if verdict.state == "lowered":
        after = translate("Null", "{0}: the files sum to the song at {1}")
        return after.format(told, gain(-report.makeup_db))
    return translate("Null", "{0} after {1}").format(told, gain(report.makeup_db))


def _subject(subject: str, report: NullReport, sample_rate: int) -> str:
    """`Project's stems · 4:00, stereo, 44.1 kHz`."""
    told = f"{clock(report.frames / report.sample_rate)}, {channels(report.channels)}"
    told += f", {rate(report.sample_rate)}"
    if report.sample_rate != sample_rate:
        told += translate("Null", " (the song: {0})").format(rate(sample_rate))
    return f"{subject[:1].upper()}{subject[1:]} · {told}" if subject else told


def _peak(verdict: Verdict, report: NullReport) -> str:
    peak = translate("Null", "Residual peak {0}").format(level(report.peak_dbfs))
    place = _jump(verdict, report)
    if place is None:
        return peak
    return translate("Null", "{0}, most of it at {1}").format(peak, clock(place))


def _jump(verdict: Verdict, report: NullReport) -> float | None:
    if report.worst_second is None:
        return None
    return verdict.start_seconds + report.worst_second


def gain(gain_db: float) -> str:
    """`+6.02 dB`: to a hundredth, because it is meant to be typed in elsewhere."""
    return real_minus(f"{gain_db:+.2f} dB")
