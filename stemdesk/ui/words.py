"""What the layers without Qt say in English, in the user's language; else as it is."""

from __future__ import annotations

import math
import re
from functools import cache

from PySide6.QtCore import QCoreApplication, QLocale

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.parameters import BYPASS, STRIP_PARAMETERS
from stemdesk.mixing.settings import CEILING_DB
from stemdesk.ui.word_table import LANGUAGE, NUMBER_HOLES, STEM_HOLES, TEXTS, WORD_HOLES

translate = QCoreApplication.translate

MINUS = "\N{MINUS SIGN}"

_NEGATIVE = re.compile(r"(?<!\w)-(?=\d|inf|\N{INFINITY})")
_HOLE = re.compile(r"\\\{(\w+)\\\}")
_OWN = {**STRIP_PARAMETERS, BYPASS.name: BYPASS, CEILING_DB.name: CEILING_DB}


def word(text: str) -> str:
    """A title in the user's language: `Level`, `Reverb`; one that is not known stays."""
    return translate("Words", text)


def within(title: str) -> str:
    """A title within a line: small in English, where only the first word has a capital."""
    return title.lower() if word(LANGUAGE) == LANGUAGE else word(title)


def said(text: str) -> str:
    """A stage, reason or note in the user's language, with the names and numbers that are in it.

    Stems among those get their titles; a sentence that is not known stays as it is.
    """
    known = word(text)
    if known != text:
        return known
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            parts = {hole: _filling(hole, part) for hole, part in found.groupdict().items()}
            return word(template).format(**parts)
    return text


def real_minus(text: str) -> str:
    """A text in which negative numbers have a minus sign, not a hyphen; `32-bit` keeps its own."""
    return _NEGATIVE.sub(MINUS, text)


def level_text(level_db: float) -> str:
    """`+3.0 dB`, `0.0 dB`, `-∞ dB`, with a real minus."""
    if level_db == -math.inf:
        return f"{MINUS}\N{INFINITY} dB"
    rounded = round(level_db, 1)
    if rounded == 0.0:
        return "0.0 dB"
    return f"{'+' if rounded > 0 else MINUS}{abs(rounded):.1f} dB"


def reading_locale() -> QLocale:
    """How dates are written for reading: as the system does, if it speaks the windows' language."""
    system, spoken = QLocale.system(), QLocale(word(LANGUAGE))
    return system if system.language() == spoken.language() else spoken


def stem_title(name: str) -> str:
    """`Vocals` for `vocals`; a stem's own name with a capital."""
    return word(name[:1].upper() + name[1:])


def effect_name(name: str) -> str:
    """`Reverb` for `reverb`, `Reverb 2` for `reverb2`; a plug-in's name as it is."""
    for kind in EFFECT_KINDS.values():
        number = name.removeprefix(kind.name)
        if number != name and (not number or number.isdecimal()):
            return f"{word(kind.title)} {number}".rstrip()
    return name


def address_title(address: str) -> str:
    """`Vocals: Level` for `vocals.level_db`, `Vocals: Reverb: Amount` for the effect's.

    What is no address of the mixer stays as it is.
    """
    strip, _, rest = address.partition(".")
    effect, _, name = rest.rpartition(".")
    if not effect:
        own = _OWN.get(name)
        return f"{stem_title(strip)}: {word(own.title)}" if own else address
    kind = EFFECT_KINDS.get(effect.rstrip("0123456789"))
    parameter = BYPASS if name == BYPASS.name else kind.parameter(name) if kind else None
    title = word(parameter.title) if parameter else name
    return f"{stem_title(strip)}: {effect_name(effect)}: {title}"


def change_title(command: str, change: str | None) -> str:
    """`Undo Add marker`: a command of the menu with the change that it takes back.

    Args:
        command: in the user's language.
        change: the history's label; None where there is nothing to take back.
    """
    if not change:
        return command
    # English sentences are the same in English; only what is none of them can be an address.
    is_sentence = change in TEXTS or any(each.fullmatch(change) for _, each in _patterns())
    told = said(change) if is_sentence else address_title(change)
    return translate("Words", "{command} {change}").format(command=command, change=told)


def _filling(hole: str, text: str) -> str:
    """What a hole is filled with; names of songs and files stay as they are."""
    if hole in STEM_HOLES:
        return ", ".join(stem_title(name) for name in text.split(", "))
    return said(text) if hole in WORD_HOLES else text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The texts with holes, the one with most letters of its own first."""
    with_holes = [text for text in TEXTS if "{" in text]
    with_holes.sort(key=lambda text: -len(re.sub(r"\{\w+\}", "", text)))
    return tuple((text, re.compile(_HOLE.sub(_group, re.escape(text)))) for text in with_holes)


def _group(hole: re.Match[str]) -> str:
    # A file ends with its suffix: what follows it in a longer sentence is no name.
    kind = r"\S+" if hole[1] in NUMBER_HOLES else r".+\.\w+" if hole[1] == "file" else ".+"
    return f"(?P<{hole[1]}>{kind})"
