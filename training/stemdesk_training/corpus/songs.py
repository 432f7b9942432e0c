"""Whole songs: drums, bass, accompaniment and voice along one form, mixed and mastered together."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stemdesk_training.corpus import production
from stemdesk_training.corpus.accompaniment import OtherStem
from stemdesk_training.corpus.bass import BassStem
from stemdesk_training.corpus.bus import mastered
from stemdesk_training.corpus.drums import DrumStem
from stemdesk_training.corpus.form import Form, draw_form
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Conducted
from stemdesk_training.corpus.vocals import VocalStem
from stemdesk_training.corpus.waveform import (
    STEMS,
    Audio,
    Rng,
    add_at,
    chance,
    fade,
    frames,
    level_to,
    silence,
    weighted,
)

# Active RMS in dBFS before the bus: left, mode and right of a triangle. Real leads lie from level
# with the rest to 17 dB under it.
_LEVEL_DB = {
    "vocals": (-32.0, -19.0, -14.0),
    "drums": (-23.0, -17.0, -13.0),
    "bass": (-25.0, -18.0, -13.0),
    "other": (-28.0, -20.0, -14.0),
}
# Some songs are carried by one stem, which is then so loud: a voice in front, a bass track.
_LED = 0.25
_LEAD_DB = (-13.0, -7.0)
_LEADERS = [("vocals", 0.3), ("drums", 0.15), ("bass", 0.4), ("other", 0.15)]
# How often the bass of an electronic song beats where the kick does, and how often it then does
# so in the kick's place.
_ON_KICKS = 0.3
_FOR_KICKS = 0.6
_LAYERS = [(2, 0.2), (3, 0.4), (4, 0.25), (5, 0.15)]


@dataclass(frozen=True, slots=True)
class FinishedSong:
    """Four stems of one length that sum to the master; ``sources`` says what they are made of."""

    stems: dict[str, Audio]
    form: Form
    sources: dict[str, str]


class SongMaker:
    """Draws songs of a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Make ready the players; the singer waits until one is needed."""
        self._drums = DrumStem(audio_root, split, shelf)
        self._bass = BassStem(audio_root, split, shelf)
        self._other = OtherStem(audio_root, split, shelf)
        self._vocals = VocalStem(audio_root, split, shelf)

    def make(self, seconds: float, rng: Rng) -> FinishedSong:
        """A song of about ``seconds``.

        A stem that rests is silent but for what still rings; one that is absent holds zeros.
        """
        form = draw_form(rng, seconds)
        stems = {stem: silence(form.seconds) for stem in STEMS}
        sources: dict[str, str] = {}
        # A bass that beats with the kick is not ducked by it.
        together = form.electronic and chance(rng, _ON_KICKS)
        kicks: list[float] = []
        if _plays(form, "drums"):
            instead = together and chance(rng, _FOR_KICKS)
            played = self._drums.play(form, rng, bass_kicks=instead)
            stems["drums"], sources["drums"], kicks = played
        if _plays(form, "bass"):
            led = kicks if together else []
            stems["bass"], sources["bass"] = self._bass.play(form, rng, led)
        if _plays(form, "other"):
            stems["other"], sources["other"] = self._other.play(form, weighted(rng, _LAYERS), rng)
        if _plays(form, "vocals"):
            stems["vocals"], sources["vocals"] = self._sung(form, rng)
        _duck(rng, form, stems, kicks, () if together else ("bass",))
        leaders = [(stem, share) for stem, share in _LEADERS if _plays(form, stem)]
        leader = weighted(rng, leaders) if chance(rng, _LED) else ""
        for stem, clip in stems.items():
            levelled = level_to(clip, _level_db(rng, stem, leads=stem == leader), peak=2.0)
            stems[stem] = _cut(form, stem, levelled) if chance(rng, 0.4) else levelled
        return FinishedSong(mastered(rng, stems), form, sources)

    def _sung(self, form: Form, rng: Rng) -> tuple[Audio, str]:
        """Each section is sung along its own chords, at the song's tempo and in its key."""
        out = silence(form.seconds)
        names = set()
        for section in form.playing("vocals"):
            clip, name = self._vocals.draw(section.seconds, Conducted(rng, section.song))
            add_at(out, clip, frames(section.start))
            names.add(name.removeprefix("vocals/"))
        return out, "vocals/" + "+".join(sorted(names))


def _level_db(rng: Rng, stem: str, *, leads: bool) -> float:
    return float(rng.uniform(*_LEAD_DB) if leads else rng.triangular(*_LEVEL_DB[stem]))


def _plays(form: Form, stem: str) -> bool:
    return any(form.playing(stem))


def _duck(
    rng: Rng, form: Form, stems: dict[str, Audio], kicks: list[float], also: tuple[str, ...]
) -> None:
    """Side-chain accompaniment and those in ``also``, seldom the voice, to the kick."""
    if not chance(rng, 0.6 if form.electronic else 0.08):
        return
    shares = dict.fromkeys((*also, "other"), 0.8) | {"vocals": 0.12}
    for stem, share in shares.items():
        if chance(rng, share):
            stems[stem] = production.duck_after(rng, stems[stem], kicks)


def _cut(form: Form, stem: str, clip: Audio) -> Audio:
    """Hard silence where the stem rests: tails are cut at the bar, as muted tracks are."""
    out = np.zeros_like(clip)
    for section in form.playing(stem):
        begin, end = frames(section.start), min(frames(section.end), clip.shape[1])
        out[:, begin:end] = fade(clip[:, begin:end], 0.0, 0.004)
    return out
