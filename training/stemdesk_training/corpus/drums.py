"""The drum stem: performances and patterns through kits, machines and loops."""

from pathlib import Path

import numpy as np

from stemdesk_training.corpus import production
from stemdesk_training.corpus.drum_kits import FAMILIES, draw_kit
from stemdesk_training.corpus.drum_mixing import mixed, sliced, tuned
from stemdesk_training.corpus.drum_patterns import Hit
from stemdesk_training.corpus.drum_score import Grooves, write_drums
from stemdesk_training.corpus.form import Form, draw_excerpt
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    chance,
    fade,
    frames,
    level_to,
    pick,
    silence,
    weighted,
)

_HELD_OUT_LOOPS = ("loop_breakbeat", "loop_mika", "arovane_beat_e")
# Loops without a stroke in them.
_NO_DRUMS = ("loop_drone", "loop_3d_printer", "loop_weirdo", "arovane_beat_d")
_SOURCES = {
    "electronic": [("pattern", 0.6), ("groove", 0.2), ("loops", 0.2)],
    "acoustic": [("groove", 0.72), ("pattern", 0.22), ("loops", 0.06)],
}


class DrumStem:
    """Draws drum segments of a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Index grooves, loops and kits under ``audio_root``."""
        self._instruments = audio_root / "instruments"
        self._split = split
        self._shelf = shelf
        self._grooves = Grooves(audio_root, split)
        loops = sorted(
            path
            for pattern in ("loop_*.opus", "arovane_beat_*.opus")
            for path in (self._instruments / "sonic_pi_samples").glob(pattern)
            if not path.name.startswith(_NO_DRUMS)
        )
        held_out = [path for path in loops if path.name.startswith(_HELD_OUT_LOOPS)]
        self._loops = [p for p in loops if p not in held_out] if split == "train" else held_out

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` and the name of its source."""
        clip, source, _ = self.play(draw_excerpt(rng, seconds), rng)
        return level_to(clip, -17.0), source

    def play(
        self, form: Form, rng: Rng, *, bass_kicks: bool = False
    ) -> tuple[Audio, str, list[float]]:
        """Drums along a song: the produced clip, its source and the kicks' times in seconds.

        Args:
            form: the song.
            rng: draws kit, patterns and effects.
            bass_kicks: where the bass plays it beats in the kick's place, which is left out (not
                of loops); its times are given all the same.
        """
        style = "electronic" if form.electronic else "acoustic"
        source = weighted(rng, _SOURCES[style])
        # One production in seven crosses the border: machines in rock, acoustic kits in dance.
        crossed = "acoustic" if form.electronic else "electronic"
        families = FAMILIES[self._split][crossed if chance(rng, 0.15) else style]
        family = weighted(rng, families)
        hits = write_drums(rng, form, self._grooves, human=source == "groove")
        clip = silence(form.seconds)
        if source == "loops":
            clip = self._looped(form, rng)
            hits = hits if chance(rng, 0.5) else []
        kicks = _kicks(hits)
        if bass_kicks:
            taken = [(section.start, section.end) for section in form.playing("bass")]
            hits = [hit for hit in hits if hit.drum != "kick" or not _within(hit.start, taken)]
        if hits:
            kit = tuned(draw_kit(self._shelf, self._instruments, family, rng), hits, rng)
            clip += mixed(hits, kit, form.seconds, rng) * np.float32(0.6 if clip.any() else 1.0)
        produced = production.drum_chain(rng, level_to(clip, -16.0))
        name = f"drums/{style}/{source}" + (f"/{family}" if hits else "")
        return fade(produced, 0.002, 0.02), name, kicks

    def _looped(self, form: Form, rng: Rng) -> Audio:
        """One loop through all sections that are played."""
        loop = self._shelf.get(pick(rng, self._loops))
        out = silence(form.seconds)
        for section in form.playing("drums"):
            begin = frames(section.start)
            end = min(frames(section.end), out.shape[1])
            if end > begin:
                part = sliced(loop, form.beat_seconds / 2, (end - begin) / RATE_HZ, rng)
                out[:, begin:end] += fade(part, 0.0, 0.005)[:, : end - begin]
        return out


def _within(seconds: float, spans: list[tuple[float, float]]) -> bool:
    return any(begin <= seconds < end for begin, end in spans)


def _kicks(hits: list[Hit]) -> list[float]:
    return [hit.start for hit in hits if hit.drum == "kick"]
