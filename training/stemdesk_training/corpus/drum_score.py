"""What the drummer plays through a song: patterns or grooves, fills, crashes, build-ups, rests."""

import re
from functools import lru_cache
from pathlib import Path

from stemdesk_training.corpus.drum_patterns import Hit, made_up, read_groove
from stemdesk_training.corpus.form import Form, Section
from stemdesk_training.corpus.score import Song
from stemdesk_training.corpus.waveform import Rng, chance, pick

_TEMPO = re.compile(r"_(\d+)_(beat|fill)_4-4$")
_HELD_OUT_DRUMMERS = {"drummer2", "drummer10"}
_EARLY_SECONDS = 0.035
_CORE = {"kick", "snare", "clap"}


class Grooves:
    """Human performances in 4/4; two drummers belong to validation alone."""

    def __init__(self, audio_root: Path, split: str) -> None:
        """List the files under ``audio_root`` with the tempo in their names."""
        held = split == "valid"
        self.beats: list[tuple[Path, float]] = []
        self.fills: list[tuple[Path, float]] = []
        for path in sorted((audio_root / "midi" / "groove").rglob("*.mid")):
            match = _TEMPO.search(path.stem)
            if match and bool(_HELD_OUT_DRUMMERS.intersection(path.parts)) == held:
                listed = self.beats if match[2] == "beat" else self.fills
                listed.append((path, 60.0 / float(match[1])))
        self._read = lru_cache(maxsize=256)(read_groove)

    def play(self, rng: Rng, song: Song) -> list[Hit]:
        """Whole bars of one performance, repeated to the song's length, at the song's tempo."""
        near = [
            (path, beat * fold)
            for path, beat in self.beats
            for fold in (0.5, 1.0, 2.0)
            if 0.8 < beat * fold / song.beat_seconds < 1.25
        ]
        for _ in range(8):
            path, beat = pick(rng, near)
            hits = self._read(path)
            # A long performance changes; a window of it is played over and over.
            bars = int(hits[-1].start / (4 * beat)) if hits else 0
            if bars < 1:
                continue
            window = min(bars, int(rng.choice([1, 2, 4, 8])), song.bars)
            first = int(rng.integers(0, bars - window + 1)) * 4 * beat
            scale = song.beat_seconds / beat
            # Strokes on the one come early at times: the window begins before it.
            end = first + window * 4 * beat - _EARLY_SECONDS
            cut = [
                Hit((hit.start - first) * scale, hit.drum, hit.velocity)
                for hit in hits
                if first - _EARLY_SECONDS <= hit.start < end
            ]
            return _repeated(cut, window * song.bar_seconds, song.bars * song.bar_seconds)
        return made_up(rng, song.beat_seconds, song.bars * song.bar_seconds)

    def fill(self, rng: Rng, song: Song, beats: int) -> list[Hit]:
        """The last beats of a recorded fill."""
        path, beat = pick(rng, self.fills)
        hits = self._read(path)
        bars = max(1, round(hits[-1].start / (4 * beat) + 0.4)) if hits else 1
        first = (4 * bars - beats) * beat
        window = [hit for hit in hits if first <= hit.start < 4 * bars * beat]
        scale = song.beat_seconds / beat
        return [Hit((hit.start - first) * scale, hit.drum, hit.velocity) for hit in window]


def _repeated(hits: list[Hit], turn_seconds: float, total_seconds: float) -> list[Hit]:
    """Play ``hits`` over and over."""
    out = []
    turn = 0.0
    while turn < total_seconds - 0.01:
        out += [Hit(max(0.0, turn + h.start), h.drum, h.velocity) for h in hits]
        turn += turn_seconds
    return out


def write_drums(rng: Rng, form: Form, grooves: Grooves, *, human: bool) -> list[Hit]:
    """Hits of a whole song in time order; sections of one name are played alike."""
    written: dict[str, list[Hit]] = {}
    hits: list[Hit] = []
    for section in form.playing("drums"):
        if section.name not in written:
            written[section.name] = _section(rng, section, grooves, human=human)
        bar = [Hit(section.start + h.start, h.drum, h.velocity) for h in written[section.name]]
        if section.energy > 0.5 and chance(rng, 0.5):
            bar.append(Hit(section.start, "crash", int(rng.integers(80, 125))))
        if section.song.bars > 1 and chance(rng, 0.6):
            bar = _with_fill(rng, bar, section, grooves)
        hits += bar
    return sorted((h for h in hits if 0 <= h.start < form.seconds), key=lambda hit: hit.start)


def _section(rng: Rng, section: Section, grooves: Grooves, *, human: bool) -> list[Hit]:
    song = section.song
    if section.name == "build":
        return _build(rng, song)
    total = song.bars * song.bar_seconds
    played = human and grooves.beats
    hits = grooves.play(rng, song) if played else made_up(rng, song.beat_seconds, total)
    if section.energy < 0.4:
        thinned = rng.choice(["all", "no core", "core", "kick"])
        keep = {"no core": lambda d: d not in _CORE, "core": lambda d: d in _CORE}
        test = keep.get(str(thinned), (lambda d: d == "kick") if thinned == "kick" else None)
        hits = [hit for hit in hits if test is None or test(hit.drum)]
    return [hit for hit in hits if hit.start < total - 0.01]


def _build(rng: Rng, song: Song) -> list[Hit]:
    """A roll that doubles its speed twice and swells, as before a drop."""
    drum = pick(rng, ("snare", "snare", "clap", "tom_high", "perc"))
    total = song.bars * 4
    hits = []
    beat = 0.0
    while beat < total - 0.01:
        done = beat / total
        loudness = int(45 + 75 * done)
        hits.append(Hit(beat * song.beat_seconds, drum, loudness))
        beat += 1.0 if done < 0.5 else 0.5 if done < 0.75 else 0.25
    if chance(rng, 0.5):
        end = total * float(rng.choice([0.5, 0.75, 1.0]))
        hits += [Hit(b * song.beat_seconds, "kick", 110) for b in range(int(end))]
    return hits


def _with_fill(rng: Rng, hits: list[Hit], section: Section, grooves: Grooves) -> list[Hit]:
    beats = int(rng.choice([1, 2, 2, 4]))
    start = section.end - beats * section.song.beat_seconds
    kept = [hit for hit in hits if hit.start < start - 0.01]
    if chance(rng, 0.15):
        return kept
    if grooves.fills and chance(rng, 0.7):
        fill = grooves.fill(rng, section.song, beats)
    else:
        fill = made_up(rng, section.song.beat_seconds / 2, beats * section.song.beat_seconds)
    return kept + [Hit(start + h.start, h.drum, h.velocity) for h in fill if h.start >= 0]
