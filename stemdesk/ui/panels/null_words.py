"""A null verdict in words: what the seal says, and the lines below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from stemdesk.ui.panels.figures import channels, clock, grouped, level, rate, sentence
from stemdesk.ui.words import said

if TYPE_CHECKING:
    from stemdesk.app.bench.verdict import Verdict
    from stemdesk.audio.null import NullReport

translate = QCoreApplication.translate

Sign = Literal["tick", "about", "differs", "unmeant", "clock", "none"]


@dataclass(frozen=True)
class NullWords:
    """What is shown.

    Attributes:
        sign: `tick`, `about` (differs by rounding), `differs`, `unmeant`, `clock` or `none`.
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
    reasons = tuple(sentence(said(reason)) for reason in verdict.reasons)
    report = verdict.report
    if verdict.state == "checking":
        line = translate(
            "Null", "The stems are summed and compared with the song, sample by sample."
        )
        subject = sentence(said(verdict.subject)).rstrip(".")
        return NullWords("clock", translate("Null", "Checking…"), line, subject)
    if verdict.state == "unmeant":
        return NullWords(
            "unmeant",
            translate("Null", "Not meant to null"),
            translate("Null", "What was written is another sound than the song:"),
            sentence(said(verdict.subject)).rstrip("."),
            reasons=reasons,
        )
    if verdict.state == "none" or report is None:
        return NullWords(
            "none",
            translate("Null", "Nothing to check yet"),
            translate("Null", "Separate the song: its stems are then summed and compared with it."),
            notes=reasons,
        )
    subject = _subject(said(verdict.subject), report, sample_rate)
    if verdict.state == "exact":
        return NullWords(
            "tick", translate("Null", "Exact"), _differing(report), subject, notes=reasons
        )
    is_rounding = report.verdict == "rounding"
    return NullWords(
        "about" if is_rounding else "differs",
        translate("Null", "Equal but for rounding")
        if is_rounding
        else translate("Null", "Not exact"),
        _differing(report),
        subject,
        _peak(report),
        _jump(report),
        reasons,
    )


def _differing(report: NullReport) -> str:
    samples = grouped(report.frames * report.channels)
    return translate("Null", "{0} of {1} samples differ").format(
        grouped(report.nonzero_samples), samples
    )


def _subject(subject: str, report: NullReport, sample_rate: int) -> str:
    """`Project's stems · 4:00, stereo, 44.1 kHz`."""
    told = f"{clock(report.frames / report.sample_rate)}, {channels(report.channels)}"
    told += f", {rate(report.sample_rate)}"
    if report.sample_rate != sample_rate:
        told += translate("Null", " (the song: {0})").format(rate(sample_rate))
    return f"{subject[:1].upper()}{subject[1:]} · {told}" if subject else told


def _peak(report: NullReport) -> str:
    peak = translate("Null", "Residual peak {0}").format(level(report.peak_dbfs))
    if report.worst_second is None:
        return peak
    return translate("Null", "{0}, most of it at {1}").format(peak, clock(report.worst_second))


def _jump(report: NullReport) -> float | None:
    return None if report.worst_second is None else float(report.worst_second)
