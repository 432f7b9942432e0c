"""The other stem: layers of instruments arranged through a song, with sweeps and hits between."""

from itertools import pairwise
from pathlib import Path

from stemdesk_training.corpus import production
from stemdesk_training.corpus.drum_synthesis import cymbal, kick
from stemdesk_training.corpus.form import Form, draw_excerpt
from stemdesk_training.corpus.layers import Layers
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.textures import riser
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    add_at,
    chance,
    db,
    fade,
    frames,
    level_to,
    silence,
    weighted,
)


class OtherStem:
    """Draws accompaniment segments of a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Index tunes, guitar notes and textures under ``audio_root``."""
        self._layers = Layers(audio_root, split, shelf)

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` of one to four layers, and its sources."""
        form = draw_excerpt(rng, seconds)
        count = weighted(rng, [(1, 0.25), (2, 0.4), (3, 0.25), (4, 0.1)])
        clip, source = self.play(form, count, rng)
        if chance(rng, 0.4 if form.electronic else 0.03):
            clip = production.pump(rng, clip, form.beat_seconds)
        return level_to(clip, -18.0), source

    def play(self, form: Form, count: int, rng: Rng) -> tuple[Audio, str]:
        """``count`` layers along a song: the produced sum and its sources; not side-chained.

        The first layer plays wherever the stem does, the others more often the more energy a
        section has.
        """
        out = silence(form.seconds)
        names = []
        for index in range(count):
            name, dry = self._layers.draw(form, _sections(rng, form) if index else None, rng)
            level = -18.0 + (rng.uniform(-12, 0) if count > 1 else 0.0)
            produced = production.other_chain(rng, level_to(dry, level))
            out += level_to(produced, level)
            names.append(name)
        if form.electronic and chance(rng, 0.5):
            out += _transitions(rng, form)
        style = "electronic" if form.electronic else "acoustic"
        return fade(out, 0.005, 0.02), f"other/{style}/{'+'.join(sorted(names))}"


def _sections(rng: Rng, form: Form) -> frozenset[str]:
    """Kinds of section in which a layer plays; at least one."""
    kinds = sorted({section.name for section in form.sections})
    energy = {section.name: section.energy for section in form.sections}
    chosen = [kind for kind in kinds if chance(rng, 0.35 + 0.6 * energy[kind])]
    return frozenset(chosen or kinds[:1])


def _transitions(rng: Rng, form: Form) -> Audio:
    """Risers into sections with more energy, booms and washes where they begin."""
    out = silence(form.seconds)
    for before, after in pairwise(form.sections):
        if after.energy > before.energy and chance(rng, 0.7):
            length = min(before.seconds, form.beat_seconds * float(rng.choice([2, 4, 8, 16])))
            sweep = level_to(riser(rng, length), -20.0) * _any_db(rng)
            add_at(out, fade(sweep, 0.01, 0.03), frames(after.start - length))
        if chance(rng, 0.4):
            boom = (
                production.reverb(rng, kick(rng), 0.8)
                if chance(rng, 0.4)
                else production.reverb(rng, cymbal(rng), 0.3)[:, ::-1]
            )
            at = after.start if chance(rng, 0.5) else after.start - boom.shape[1] / 44_100
            add_at(out, level_to(boom, -24.0) * _any_db(rng), frames(max(0.0, at)))
    return out


def _any_db(rng: Rng) -> float:
    return db(rng.uniform(-14, 0))
