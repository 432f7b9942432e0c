"""Drum kits of General MIDI soundfonts as single strokes, rendered once and kept.

A kit is named by its font and the program that chooses it on the drum channel, as ``fluid 25``.
"""

from functools import lru_cache

import numpy as np

from stemdesk_training.corpus import soundfont
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import Audio, fade, frames

_NOTES = {
    "kick": 36, "snare": 38, "clap": 39, "rim": 37, "hat_closed": 42, "hat_open": 46,
    "tom_low": 41, "tom_mid": 45, "tom_high": 48, "crash": 49, "ride": 51, "perc": 56,
}  # fmt: skip
_FONTS = {
    "fluid": soundfont.FLUID,
    "bank": soundfont.GM_BANK,
    "musescore": soundfont.MUSESCORE,
}
_PERCUSSION = (54, 56, 60, 63, 69, 70, 75, 76)
_VELOCITIES = (70, 115)
_SPACING_SECONDS = 2.5


def is_one(name: str) -> bool:
    """Whether a kit of that name comes from a soundfont."""
    return name.partition(" ")[0] in _FONTS


@lru_cache(maxsize=16)
def strokes(name: str) -> dict[str, list[Audio]]:
    """Two strokes of each class of a kit; do not write into them."""
    font, program = name.split()
    wanted = [(hit, pitch, v) for hit, pitch in _NOTES.items() for v in _VELOCITIES]
    wanted += [("perc", pitch, 100) for pitch in _PERCUSSION]
    notes = [
        Note(index * _SPACING_SECONDS, 0.5, pitch, velocity)
        for index, (_, pitch, velocity) in enumerate(wanted)
    ]
    part = soundfont.Part(int(program), notes, 9)
    sound = soundfont.render(_FONTS[font], [part], len(notes) * _SPACING_SECONDS)
    kit: dict[str, list[Audio]] = {}
    for index, (hit, _, _) in enumerate(wanted):
        begin = frames(index * _SPACING_SECONDS)
        clip = sound[:, begin : begin + frames(_SPACING_SECONDS)]
        loud = np.flatnonzero(np.abs(clip).max(axis=0) > 1e-4)
        if loud.size:
            kit.setdefault(hit, []).append(fade(clip[:, : loud[-1] + 1], 0.0, 0.01))
    return kit
