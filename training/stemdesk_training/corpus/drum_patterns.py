"""Drum performances: the groove recordings, and made-up electronic patterns."""

from dataclasses import dataclass
from pathlib import Path

from stemdesk_training.corpus.midi_files import note_events
from stemdesk_training.corpus.waveform import Rng, chance, pick

# The groove set was played on a Roland TD-11; its pads send these notes.
CLASS_OF_NOTE = {
    35: "kick", 36: "kick", 37: "rim", 38: "snare", 39: "clap", 40: "snare", 41: "tom_low",
    42: "hat_closed", 22: "hat_closed", 43: "tom_low", 44: "hat_closed", 45: "tom_mid",
    46: "hat_open", 26: "hat_open", 47: "tom_mid", 48: "tom_high", 49: "crash", 50: "tom_high",
    51: "ride", 52: "crash", 53: "ride", 54: "perc", 55: "crash", 56: "perc", 57: "crash",
    58: "tom_low", 59: "ride",
}  # fmt: skip
NOTE_OF_CLASS = {
    "kick": 36, "snare": 38, "clap": 39, "rim": 37, "hat_closed": 42, "hat_open": 46,
    "tom_low": 41, "tom_mid": 45, "tom_high": 48, "crash": 49, "ride": 51, "perc": 56,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke: time in seconds, class, velocity 1..127."""

    start: float
    drum: str
    velocity: int


def read_groove(path: Path, limit_seconds: float = 60.0) -> list[Hit]:
    """Hits of a MIDI file in time order, cut at ``limit_seconds``."""
    return [
        Hit(now, CLASS_OF_NOTE[pitch], velocity)
        for now, pitch, velocity in note_events(path, limit_seconds)
        if velocity and pitch in CLASS_OF_NOTE
    ]


# One bar of sixteenths per class: digits are loudness, dots are rests.
_PATTERNS: tuple[dict[str, str], ...] = (
    {"kick": "9...9...9...9...", "hat_open": "..7...7...7...7.", "clap": "....9.......9..."},
    {"kick": "9...9...9...9...", "hat_closed": "6464646464646464", "snare": "....9.......9..."},
    {"kick": "9.....9...9.....", "snare": "....9.......9...", "hat_closed": "7.5.7.5.7.5.7.5."},
    {"kick": "9..9......9.....", "snare": "........9.......", "hat_closed": "8.6.8.6.8.6.8.6."},
    {"kick": "9.........9.....", "snare": "....9.......9...", "ride": "7.5.7.5.7.5.7.5."},
    {"kick": "9..9..9.9..9..9.", "snare": "...8..8....8..8.", "hat_closed": "6.6.6.6.6.6.6.6."},
    {"kick": "9.9.......99....", "snare": "....9..4.4..9..4", "hat_closed": "7.7.7.7.7.7.7.7."},
    {"kick": "9......9..9.....", "clap": "........9.......", "hat_closed": "7775777577757775"},
    {"kick": "9.......9.......", "rim": "...7..7....7..7.", "perc": "..5..5....5..5.5"},
    {"kick": "9...............", "tom_low": "8..8..8.8..8..8.", "perc": "..6...6...6...6."},
    {"hat_closed": "7.5.7.5.7.5.7.55", "clap": "....8.......8..."},
    {"kick": "9...9...9...9..."},
)


def made_up(rng: Rng, beat_seconds: float, seconds: float) -> list[Hit]:
    """Electronic bars: a pattern, its variations, hat rolls, fills and a crash per eight bars."""
    pattern = dict(pick(rng, _PATTERNS))
    if chance(rng, 0.3):
        pattern.update(pick(rng, _PATTERNS))
    swing = rng.choice([0.0, 0.0, 0.0, rng.uniform(0.05, 0.3)])
    sixteenth = beat_seconds / 4
    trap = chance(rng, 0.25)
    hits: list[Hit] = []
    for bar in range(int(seconds / (16 * sixteenth)) + 1):
        origin = bar * 16 * sixteenth
        fill = bar % 4 == 3 and chance(rng, 0.5)
        for drum, line in pattern.items():
            for tick, mark in enumerate(line):
                if mark == "." or (fill and tick >= 12) or chance(rng, 0.03):
                    continue
                late = swing * sixteenth if tick % 2 else 0.0
                velocity = min(127, int(int(mark) * 13 + rng.integers(-8, 9)))
                hits.append(Hit(origin + tick * sixteenth + late, drum, max(1, velocity)))
        if fill:
            hits += _fill(rng, origin + 12 * sixteenth, sixteenth)
        if trap:
            hits += _roll(rng, origin + 2 * sixteenth * int(rng.integers(8)), sixteenth)
        if bar % 8 == 0 and chance(rng, 0.5):
            hits.append(Hit(origin, "crash", 100))
    return sorted((h for h in hits if h.start < seconds), key=lambda hit: hit.start)


def _fill(rng: Rng, start: float, sixteenth: float) -> list[Hit]:
    drum = pick(rng, ("snare", "tom_low", "tom_mid", "clap", "kick"))
    return [
        Hit(start + i * sixteenth, drum, int(60 + 15 * i)) for i in range(4) if chance(rng, 0.8)
    ]


def _roll(rng: Rng, start: float, sixteenth: float) -> list[Hit]:
    count = int(rng.choice([3, 4, 6, 8]))
    step = 2 * sixteenth / count
    return [Hit(start + i * step, "hat_closed", int(50 + 60 * i / count)) for i in range(count)]
