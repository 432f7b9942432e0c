"""The drum stem: performances through kits, machines, loops and soundfonts."""

from pathlib import Path

import numpy as np

from stemdesk_training.corpus import production, soundfont
from stemdesk_training.corpus.drum_kits import Kit, draw_kit
from stemdesk_training.corpus.drum_patterns import NOTE_OF_CLASS, Hit, made_up, read_groove
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    add_at,
    chance,
    change_speed,
    fade,
    frames,
    level_to,
    pick,
    silence,
    weighted,
)

_FAMILIES = {
    "train": ["gogodze_oh_mic", "gogodze_front_mic", "sonic_pi", "sonic_pi", "machine", "machine"],
    "valid": ["garden"],
}
_GM_KITS = {"train": (0, 8, 16, 24, 25, 32), "valid": (1, 40, 26)}
# All hits come at one peak; long, bright ones would drown the rest.
_BALANCE = {"kick": 1.3, "hat_closed": 0.42, "hat_open": 0.32, "ride": 0.3, "crash": 0.42}
_HELD_OUT_LOOPS = ("loop_breakbeat", "loop_mika", "arovane_beat_e")


def sequence(hits: list[Hit], kit: Kit, seconds: float, rng: Rng) -> Audio:
    """Place a kit's samples at the hits' frames: ``round(start * 44100)``."""
    out = silence(seconds)
    trim = {drum: rng.uniform(0.6, 1.3) for drum in sorted(kit)}
    for drum, factor in _BALANCE.items():
        trim[drum] = trim.get(drum, 1.0) * factor
    for hit in hits:
        clips = kit.get(hit.drum)
        if not clips:
            continue
        gain = (hit.velocity / 127) ** 1.5 * trim[hit.drum]
        add_at(out, pick(rng, clips), frames(hit.start), gain)
    return out


def tuned(kit: Kit, rng: Rng) -> Kit:
    """The kit with every class re-pitched a little and brought to a common peak."""
    result: Kit = {}
    for drum, clips in kit.items():
        ratio = float(2 ** (rng.normal(0, 1.5) / 12))
        result[drum] = []
        for clip in clips:
            moved = change_speed(clip, ratio)
            top = float(np.max(np.abs(moved), initial=1e-4))
            result[drum].append(moved * np.float32(0.6 / top))
    return result


class DrumStem:
    """Draws drum segments of a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Index grooves, loops and kits under ``audio_root``."""
        self._instruments = audio_root / "instruments"
        self._split = split
        self._shelf = shelf
        grooves = sorted((audio_root / "midi" / "groove").rglob("*_beat_*.mid"))
        held = [path for path in grooves if "drummer10" in path.parts or "drummer2" in path.parts]
        self._grooves = [p for p in grooves if p not in held] if split == "train" else held
        loops = sorted(
            path
            for pattern in ("loop_*.opus", "arovane_beat_*.opus")
            for path in (self._instruments / "sonic_pi_samples").glob(pattern)
            if "drone" not in path.name
        )
        held_out = [path for path in loops if path.name.startswith(_HELD_OUT_LOOPS)]
        self._loops = [p for p in loops if p not in held_out] if split == "train" else held_out

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` and the name of its source."""
        source = weighted(
            rng, [("groove", 0.33), ("pattern", 0.37), ("loops", 0.12), ("soundfont", 0.18)]
        )
        beat = 60.0 / rng.uniform(75, 175)
        if source == "loops" and self._loops:
            clip = self._sliced_loop(seconds, beat, rng)
        elif source == "soundfont":
            clip = self._soundfont(seconds, beat, rng)
        else:
            hits = (
                made_up(rng, beat, seconds) if source == "pattern" else self._groove(seconds, rng)
            )
            clip = sequence(hits, self._kit(rng), seconds, rng)
        produced = production.drum_chain(rng, level_to(clip, -16.0))
        return level_to(fade(produced, 0.005, 0.02), -17.0), f"drums/{source}"

    def _kit(self, rng: Rng) -> Kit:
        kit = draw_kit(self._shelf, self._instruments, _FAMILIES[self._split], rng)
        return tuned(kit, rng)

    def _groove(self, seconds: float, rng: Rng) -> list[Hit]:
        hits: list[Hit] = []
        tempo = float(rng.uniform(0.85, 1.15))
        while not hits or hits[-1].start < seconds - 2:
            begin = hits[-1].start + 0.3 if hits else 0.0
            fresh = read_groove(pick(rng, self._grooves))
            if not fresh:
                continue
            first = fresh[0].start
            hits += [Hit(begin + (h.start - first) * tempo, h.drum, h.velocity) for h in fresh]
        return [hit for hit in hits if hit.start < seconds]

    def _sliced_loop(self, seconds: float, beat: float, rng: Rng) -> Audio:
        """Cut a loop into equal slices and play them in order or shuffled at a new tempo."""
        loop = self._shelf.get(pick(rng, self._loops))[:, : RATE_HZ * 12]
        count = int(rng.choice([8, 16, 16, 32]))
        size = loop.shape[1] // count
        speed = float(rng.uniform(0.85, 1.25))
        slices = [
            fade(change_speed(loop[:, i * size : (i + 1) * size], speed), 0.001, 0.006)
            for i in range(count)
        ]
        step = size / speed / RATE_HZ
        out = silence(seconds)
        shuffled = float(rng.choice([0.0, 0.15, 0.4]))
        for index in range(int(seconds / step) + 1):
            chosen = int(rng.integers(count)) if chance(rng, shuffled) else index % count
            add_at(out, slices[chosen], frames(index * step), 0.8)
        if chance(rng, 0.4):
            out += 0.5 * sequence(made_up(rng, beat, seconds), self._kit(rng), seconds, rng)
        return out

    def _soundfont(self, seconds: float, beat: float, rng: Rng) -> Audio:
        hits = self._groove(seconds, rng) if chance(rng, 0.7) else made_up(rng, beat, seconds)
        notes = [Note(h.start, 0.1, NOTE_OF_CLASS[h.drum], h.velocity) for h in hits]
        font = soundfont.FLUID if self._split == "train" else soundfont.MUSESCORE
        kit = pick(rng, _GM_KITS[self._split])
        return soundfont.render(font, [soundfont.Part(kit, notes, 9)], seconds)
