"""Syllables in the manner of several languages, drawn by rough frequencies of their sounds."""

from dataclasses import dataclass

from stemdesk_training.corpus.waveform import Rng, chance, weighted


@dataclass(frozen=True, slots=True)
class Spoken:
    """One syllable: consonants before, vowels (two: a diphthong), consonants after."""

    onset: tuple[str, ...]
    nucleus: tuple[str, ...]
    coda: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """Words separated by spaces in each text are equally likely; ``-`` is none.

    Onsets and codas are written with dots between consonants, nuclei as one or two vowels.
    """

    onsets: str
    nuclei: str
    codas: str


# Sounds are those of the voice banks (r stands for l too); repeated ones are frequent ones.
LANGUAGES: dict[str, Language] = {
    "japanese": Language(
        "- - k k k s s t t n n n m m h r r r w y g z d b sh ch ts j ky sh ry ny",
        "a a a a i i i o o o u u e e ai ou ei",
        "- - - - - - n",
    ),
    "spanish": Language(
        "- - - k k s s s t t d d n n m m p p b r r r r g ch f v p.r t.r k.r b.r p.r g.r",
        "a a a a e e e e o o o i i u ie ue ia",
        "- - - - - s s n n r r",
    ),
    "italian": Language(
        "- - k k s s t t t d d n n m m p p r r r v v f b ch j s.t s.p t.r g.r p.r k.w",
        "a a a a e e e o o o i i i u ia ie",
        "- - - - - - n r r s",
    ),
    "english": Language(
        "- - - - t t d d s s n m m r r w w y h h b b k g f f v z sh ch j p p s.t p.r f.r k.r "
        "b.r s.p t.r s.k s.t.r g.r s.w s.m",
        "a a e e i i i o o u u ai ai ei ei ou ou au oi",
        "- - - - - t t d n n n s s z r r m k p f n.d n.t s.t k.s v r.d",
    ),
    "german": Language(
        "- - - d d s sh n n m m g g b b k r r v v f h h t t z ts p sh.t sh.p g.r k.r b.r t.r f.r "
        "sh.r k.n p.f ts.v",
        "a a e e e i i o u u ai ai au oi ie",
        "- - - n n n r r t t s ch k m f ch.t s.t n.t r.t n.s r.n t.s",
    ),
    "slavic": Language(
        "- - n n p p t t s s v v k k d d m r r z b g ch sh ty ny dy p.r s.t v.r k.r t.r s.v z.d "
        "v.s m.n d.r g.r b.r s.t.r ch.t",
        "a a a o o o e e i i i u ia ie",
        "- - - - - t t n n m s k r v sh s.t",
    ),
    "mandarin": Language(
        "- - d d j j sh sh sh z g g ch y y w w r r h h m m n t t b b f s k p ts",
        "a a i i u e e o ai ei au ou ia ua uo ie",
        "- - - - n n n",
    ),
    "french": Language(
        "- - - d d r r r s s p p m m t t k k n n v v j j b f sh g z p.r t.r k.r b.r f.r p.w v.w",
        "a a a e e e e i i o o u u ui ua",
        "- - - - - r r r n n s t m j k r.t t.r",
    ),
    "swahili": Language(
        "- - k k w w n n m m y y r r t t h s s j b z p ch sh m.b n.d n.g m.w k.w",
        "a a a a a i i i u u e e o",
        "-",
    ),
}
# Sung syllables without words.
_VOCALISES = (
    Spoken(("r",), ("a",)),
    Spoken(("n",), ("a",)),
    Spoken((), ("o",)),
    Spoken((), ("a",)),
    Spoken(("y",), ("e",)),
    Spoken(("y",), ("e", "a")),
    Spoken(("w",), ("o",)),
    Spoken((), ("u",)),
    Spoken(("h",), ("e", "i")),
    Spoken(("d",), ("u",)),
    Spoken((), ("n",)),
)


def _split(text: str) -> tuple[str, ...]:
    return () if text == "-" else tuple(text.split("."))


class Words:
    """Draws syllables of one language; lines return, as choruses do."""

    def __init__(self, rng: Rng, consonants: frozenset[str]) -> None:
        """``consonants`` are those that the voice can say."""
        names = sorted(LANGUAGES)
        self.language = names[int(rng.integers(len(names)))]
        language = LANGUAGES[self.language]
        self._consonants = consonants
        self._vocalise = chance(rng, 0.1)
        # A text favours some of its language's sounds.
        self._onsets = self._weigh(language.onsets, rng)
        self._nuclei = [(text, float(rng.gamma(2.0))) for text in language.nuclei.split()]
        self._codas = self._weigh(language.codas, rng)
        self._said: list[Spoken] = []

    def _weigh(self, text: str, rng: Rng) -> list[tuple[tuple[str, ...], float]]:
        each = [(_split(part), float(rng.gamma(2.0))) for part in text.split()]
        sayable = [(parts, w) for parts, w in each if set(parts) <= self._consonants]
        return sayable or [((), 1.0)]

    def syllable(self, rng: Rng, *, open_end: bool = False) -> Spoken:
        """The next syllable; with ``open_end`` it has no consonants after the vowel."""
        if len(self._said) > 7 and chance(rng, 0.25):
            spoken = self._said[-8]
        elif self._vocalise:
            spoken = _VOCALISES[int(rng.integers(len(_VOCALISES)))]
        else:
            nucleus = tuple(weighted(rng, self._nuclei))
            coda = () if open_end else weighted(rng, self._codas)
            spoken = Spoken(weighted(rng, self._onsets), nucleus, coda)
        self._said.append(spoken)
        return spoken
