"""What voice-bank aliases say, and syllables drawn in the manner of languages."""

import numpy as np
import pytest

from stemdesk_training.corpus.voice.languages import LANGUAGES, Words
from stemdesk_training.corpus.voice.phonemes import Label, parse

KANA = "あ か さ た な は ま ら や わ が ざ だ ば ぱ ふ ヴ し ち つ じ てゅ にゃ でゅ"
CONSONANTS = frozenset(parse(kana).consonant for kana in KANA.split())


@pytest.mark.parametrize(
    ("alias", "label"),
    [
        ("a か", Label("a", "k", "a")),
        ("- きゃA3", Label("-", "ky", "a")),
        ("n しゅ", Label("n", "sh", "u")),
        ("N ぐぃ", Label("n", "gw", "i")),
        ("u うぃ", Label("u", "w", "i")),
        ("o てぃ", Label("o", "t", "i")),
        ("e でゅ", Label("e", "dy", "u")),
        ("i しぇA4", Label("i", "sh", "e")),
        ("a ふぉ", Label("a", "f", "o")),
        ("a ん", Label("a", "", "n")),
        ("i ヴぇ", Label("i", "v", "e")),
        ("o グァ", Label("o", "gw", "a")),
        ("a る2A4", Label("a", "r", "u")),
        ("a R", Label("a", "", "")),
        ("か\u3099", Label("-", "g", "a")),
        ("cha", Label("-", "ch", "a")),
        ("e", Label("-", "", "e")),
        ("- u", Label("-", "", "u")),
        ("jur", Label("-", "j", "u")),
    ],
)
def test_aliases(alias, label):
    assert parse(alias) == label


@pytest.mark.parametrize("alias", ["", "breath", "息1", "akA4", "x か", "*いA4", "- ", "息 か"])
def test_what_is_no_syllable(alias):
    assert parse(alias) is None


def drawn(seed, count=300, consonants=CONSONANTS):
    rng = np.random.default_rng(seed)
    words = Words(rng, consonants)
    return words.language, [words.syllable(rng) for _ in range(count)]


def test_every_language_is_spoken_and_unlike_the_others():
    closed, clusters = {}, {}
    for seed in range(150):
        language, syllables = drawn(seed, 60)
        closed.setdefault(language, []).append(np.mean([bool(s.coda) for s in syllables]))
        clusters.setdefault(language, []).append(np.mean([len(s.onset) > 1 for s in syllables]))
    assert set(closed) == set(LANGUAGES)
    assert np.mean(closed["swahili"]) == 0
    assert np.mean(closed["german"]) > 0.35
    assert np.mean(clusters["slavic"]) > np.mean(clusters["mandarin"]) == 0


def test_only_what_the_voice_can_say():
    _, syllables = drawn(3, consonants=frozenset({"", "s", "n"}))
    said = {consonant for s in syllables for consonant in (*s.onset, *s.coda)}
    assert said <= {"s", "n", "r", "y", "w", "h", "d"}, "vocalises aside, nothing else"


def test_lines_return():
    _, syllables = drawn(5, 400)
    again = sum(a == b for a, b in zip(syllables[8:], syllables, strict=False))
    assert again > 60


def test_short_notes_have_open_syllables():
    rng = np.random.default_rng(0)
    words = Words(rng, CONSONANTS)
    first = [words.syllable(rng, open_end=True) for _ in range(6)]
    assert not any(s.coda for s in first)
