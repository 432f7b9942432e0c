"""What the syllables of a voice bank are: kana and romaji aliases as consonant and vowel."""

import re
import unicodedata
from dataclasses import dataclass

VOWELS = "aiueo"
# Rows of the kana table in the order a, i, u, e, o; the consonant of each cell.
_ROWS = (
    ("あいうえお", ("", "", "", "", "")),
    ("かきくけこ", ("k", "k", "k", "k", "k")),
    ("がぎぐげご", ("g", "g", "g", "g", "g")),
    ("さしすせそ", ("s", "sh", "s", "s", "s")),
    ("ざじずぜぞ", ("z", "j", "z", "z", "z")),
    ("たちつてと", ("t", "ch", "ts", "t", "t")),
    ("だぢづでど", ("d", "j", "z", "d", "d")),
    ("なにぬねの", ("n", "n", "n", "n", "n")),
    ("はひふへほ", ("h", "h", "f", "h", "h")),
    ("ばびぶべぼ", ("b", "b", "b", "b", "b")),
    ("ぱぴぷぺぽ", ("p", "p", "p", "p", "p")),
    ("まみむめも", ("m", "m", "m", "m", "m")),
    ("らりるれろ", ("r", "r", "r", "r", "r")),
)
_KANA = {
    kana: (consonant, VOWELS[column])
    for row, consonants in _ROWS
    for column, (kana, consonant) in enumerate(zip(row, consonants, strict=True))
} | {
    "や": ("y", "a"),
    "ゆ": ("y", "u"),
    "よ": ("y", "o"),
    "わ": ("w", "a"),
    "を": ("", "o"),
    "ゔ": ("v", "u"),
    "ん": ("", "n"),
}
_SMALL_Y = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_SMALL = {"ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_CONTEXTS = {"-": "-", "n": "n", "N": "n", **{vowel: vowel for vowel in VOWELS}}
_ROMAJI = re.compile(r"^([bcdfghjkmnprstvwyz]{0,3})([aiueo])$")
_PITCH_NAME = re.compile(r"[A-G]#?\d$|\d$")
# Syllables that solfège singers use beyond consonant and open vowel.
_SOLFEGE = {"so": ("s", "o"), "jur": ("j", "u")}


@dataclass(frozen=True, slots=True)
class Label:
    """What a unit holds: the vowel before it (``-`` none, ``n`` a nasal), consonant, vowel.

    ``vowel`` is one of ``aiueo``, ``n`` for a sung nasal, or empty where the unit ends.
    """

    before: str
    consonant: str
    vowel: str


def _kana(text: str) -> tuple[str, str] | None:
    """Consonant and vowel of one kana with its small letters."""
    base = _KANA.get(text[:1])
    if base is None or len(text) == 1:
        return base
    consonant, vowel = base
    small = text[1:]
    soft = consonant in {"sh", "ch", "j"}
    if small in _SMALL_Y:
        return (consonant if soft else f"{consonant}y"), _SMALL_Y[small]
    if small not in _SMALL:
        return None
    if vowel == "i" and not soft:
        consonant = f"{consonant}y"
    elif vowel == "u" and consonant in {"", "k", "g"}:
        consonant = f"{consonant}w"
    return consonant, _SMALL[small]


def _hiragana(text: str) -> str:
    """Katakana as hiragana, in composed form."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in composed)


def parse(alias: str) -> Label | None:
    """The label of an alias such as ``a か``, ``- きゃA3``, ``ba``; ``None`` for anything else."""
    context, space, rest = alias.strip().partition(" ")
    if not space:
        context, rest = "-", alias.strip()
    before = _CONTEXTS.get(context)
    if before is None:
        return None
    while _PITCH_NAME.search(rest):
        rest = _PITCH_NAME.sub("", rest)
    if rest == "R":
        return Label(before, "", "")
    spoken = _SOLFEGE.get(rest) or _kana(_hiragana(rest))
    if spoken is None:
        romaji = _ROMAJI.match(rest)
        if romaji is None:
            return None
        spoken = (romaji.group(1), romaji.group(2))
    return Label(before, *spoken)
