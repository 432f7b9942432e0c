"""Numbers as the panels write them: counts, times, levels."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from stemdesk.ui.words import MINUS

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"


def grouped(number: int) -> str:
    """A count with its digits in threes: `10 584 000`, with thin spaces that do not break."""
    return f"{number:,}".replace(",", THIN_SPACE)


def clock(seconds: float) -> str:
    """`1:02`, `1:01:02` from an hour on; whole seconds, cut off."""
    whole = max(0, math.floor(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def clock_ms(seconds: float) -> str:
    """`1:02.345`."""
    thousandths = max(0, round(1000 * seconds))
    return f"{clock(thousandths // 1000)}.{thousandths % 1000:03d}"


def read_clock(text: str) -> float:
    """Seconds in `90`, `1:30`, `1:00:00.5`; a comma is a point.

    Raises:
        ValueError: it is no time.
    """
    parts = text.strip().replace(",", ".").split(":")
    if not 1 <= len(parts) <= 3 or not all(part.isdigit() for part in parts[:-1]):
        raise ValueError(f"{text!r} is no time")
    seconds = float(parts[-1])
    if not 0.0 <= seconds < (60.0 if len(parts) > 1 else math.inf):
        raise ValueError(f"{text!r} is no time")
    for place, part in enumerate(reversed(parts[:-1])):
        seconds += int(part) * 60.0 ** (place + 1)
    return seconds


def time_left(seconds: float) -> str:
    """`0:12 left`; what is left is rounded up, so that it does not say 0:00 while it works."""
    return QCoreApplication.translate("Figures", "{0} left").format(clock(math.ceil(seconds)))


def level(level_db: float | None, unit: str = "dBFS") -> str:
    """`-96.3 dBFS`, with a real minus; `silence` where there is nothing."""
    if level_db is None or level_db == -math.inf:
        return QCoreApplication.translate("Figures", "silence")
    rounded = round(level_db, 1) + 0.0
    sign = MINUS if rounded < 0 else "+" if rounded > 0 and unit == "dB" else ""
    return f"{sign}{abs(rounded):.1f} {unit}"


def rate(sample_rate: int) -> str:
    """`44.1 kHz`."""
    return f"{sample_rate / 1000:g} kHz"


def channels(number: int) -> str:
    """`mono`, `stereo`, `6 channels`."""
    if number == 1:
        return QCoreApplication.translate("Figures", "mono")
    if number == 2:
        return QCoreApplication.translate("Figures", "stereo")
    return QCoreApplication.translate("Figures", "{0} channels").format(number)


def frequency(hz: float) -> str:
    """`500`, `1k`, `16k`: short, for scales."""
    return f"{hz:.0f}" if hz < 1000 else f"{hz / 1000:.3g}k"


def sentence(text: str) -> str:
    """A problem or remedy as a sentence: capital letter, full stop; file names keep theirs."""
    text = text.strip()
    if not text:
        return ""
    if text.split()[0].rstrip(",:;").isalpha():
        text = f"{text[0].upper()}{text[1:]}"
    return text + ("" if text[-1] in ".!?…" else ".")
