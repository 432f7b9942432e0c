"""Effects in plain words: their titles in lists, and what each does to the sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.settings import PLUGIN
from stemdesk.ui.words import word

if TYPE_CHECKING:
    from stemdesk.mixing.settings import EffectSettings

_DEEDS = {
    "pitch": QT_TRANSLATE_NOOP("Effects", "another key at the same tempo"),
    "gate": QT_TRANSLATE_NOOP("Effects", "turns down what is soft: bleed, noise, room"),
    "equaliser": QT_TRANSLATE_NOOP("Effects", "more or less bass, middle and treble"),
    "compressor": QT_TRANSLATE_NOOP("Effects", "turns down what is loud: evens the level out"),
    "rider": QT_TRANSLATE_NOOP("Effects", "keeps the voice at one distance from the rest"),
    "delay": QT_TRANSLATE_NOOP("Effects", "adds echoes"),
    "reverb": QT_TRANSLATE_NOOP("Effects", "adds a room"),
    "limiter": QT_TRANSLATE_NOOP("Effects", "lets no peak pass above a ceiling"),
}


def kind_title(kind: str) -> str:
    """`Reverb`."""
    return word(EFFECT_KINDS[kind].title)


def kind_deed(kind: str) -> str:
    """`adds a room`; empty for kinds that have no words yet."""
    return QCoreApplication.translate("Effects", str(_DEEDS[kind])) if kind in _DEEDS else ""


def effect_title(effect: EffectSettings) -> str:
    """`Reverb`, `Reverb 2` for the second of a strip, a plug-in's own name."""
    if effect.kind == PLUGIN:
        title = effect.plugin_name or Path(effect.plugin).stem
        title = title or QCoreApplication.translate("Effects", "Plug-in")
    elif effect.kind in EFFECT_KINDS:
        title = kind_title(effect.kind)
    else:
        title = effect.kind
    rest = effect.name.removeprefix(effect.kind)
    if rest and rest != effect.name:
        return f"{title} {rest}"
    return title if rest == "" else effect.name
