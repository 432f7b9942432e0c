"""From the score to four stems and their exact sum."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pedalboard as pb
import soundfile
from mutagen.flac import FLAC
from numpy.typing import NDArray

from stemdesk_training.corpus.production import run
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    STEMS,
    Audio,
    db,
    fade,
    frames,
    level_to,
    mid_side,
    pan,
)
from stemdesk_training.demo_song import band, parts, score, studio
from stemdesk_training.demo_song.singing import Singer, Take

SEED = 20
TAGS = {
    "title": score.TITLE,
    "artist": "StemDesk",
    "license": "CC0-1.0",
    "comment": "Rendered by stemdesk_training.demo_song. Credits: stemdesk/demo/README.md",
}
_PEAK_DB = -1.0
_DRIVE_DB = 3.0
_LEAD = Take(SEED, breaths=True)
_DOUBLES = (
    (-0.75, Take(SEED + 1, 0.014, 0.008, 0.5, 0.975)),
    (0.75, Take(SEED + 2, 0.019, 0.008, 0.5, 1.03)),
)
_HARMONIES = (
    (-0.45, Take(SEED + 3, 0.009, 0.007, 0.5, 0.96)),
    (0.5, Take(SEED + 4, 0.016, 0.007, 0.5, 1.01)),
)


@dataclass(frozen=True, slots=True)
class Rendering:
    """The four stems and the mix, int16 ``[frames, 2]``; the stems sum to the mix exactly."""

    stems: dict[str, NDArray[np.int16]]
    mix: NDArray[np.int16]


def vocals(singer: Singer, window: parts.Window) -> Audio:
    """Lead, doubles and harmonies, produced."""
    seconds = window.seconds
    lines = parts.phrases(score.LEAD, window)
    chorus = [line for line in score.LEAD if line.bar >= score.SECTIONS["chorus"][0]]
    doubled = parts.phrases(tuple(chorus), window)
    second = parts.phrases(score.HARMONY, window)
    lead = _voice(pan(singer.sing(lines, seconds, _LEAD)), -18.8)
    behind = np.zeros_like(lead)
    for takes, phrases, level in ((_DOUBLES, doubled, -31.5), (_HARMONIES, second, -28.3)):
        if phrases:
            for place, take in takes:
                sung = pan(singer.sing(phrases, seconds, take), place)
                behind += _voice(sung, level)
    dry = lead + run([pb.HighpassFilter(180.0), pb.HighShelfFilter(7000.0, -2.0)], behind)
    wet = dry + np.float32(db(-14.0)) * studio.room(dry, 0.62, 28.0, (280.0, 8500.0))
    late = studio.echoes(lead, 0.75 * parts.BEAT_SECONDS, 0.42)
    return np.asarray(wet + np.float32(db(-19.0)) * late, dtype=np.float32)


def _voice(clip: Audio, level_db: float) -> Audio:
    """A voice's own chain: low cut, de-esser, two compressors, presence and air."""
    clean = run(studio.tone(120.0, (300.0, -2.0, 1.0)), level_to(clip, -18.0))
    clean = studio.de_ess(clean)
    effects = [
        studio.squeeze(-20.0, 3.0, 6.0, 90.0),
        studio.squeeze(-14.0, 4.0, 1.5, 60.0),
        pb.PeakFilter(3200.0, 2.0, 0.8),
        pb.HighShelfFilter(9000.0, 2.5),
        pb.HighpassFilter(60.0),
    ]
    return level_to(run(effects, clean), level_db)


def drums(instruments: Path, shelf: SampleShelf, window: parts.Window) -> Audio:
    """The kit through a bus compressor, with a little room."""
    dry = band.Drums(instruments, shelf).play(parts.drum_hits(window), window.seconds)
    bus = run(
        [
            *studio.tone(30.0, (60.0, 3.0, 0.9), (175.0, -5.0, 1.0), (4200.0, 2.0, 0.8)),
            pb.HighShelfFilter(9000.0, 2.0),
            studio.squeeze(-16.0, 3.0, 15.0, 110.0),
        ],
        level_to(dry, -11.0, 2.0),
    )
    return bus + np.float32(db(-22.0)) * studio.room(bus, 0.35, 8.0, (200.0, 9000.0))


def bass(instruments: Path, shelf: SampleShelf, window: parts.Window) -> Audio:
    """The bass guitar, compressed, in the middle."""
    notes = parts.bass_notes(window)
    rng = np.random.default_rng([SEED, 100])
    line = band.bass(instruments, shelf).play(notes, window.seconds, rng)
    effects = [
        *studio.tone(30.0, (75.0, 2.5, 0.8), (160.0, -1.5, 1.0), (700.0, 1.5, 1.0)),
        studio.squeeze(-24.0, 4.0, 3.0, 120.0),
        pb.LowpassFilter(4500.0),
        # Compressing a lopsided wave leaves a constant offset behind.
        pb.HighpassFilter(25.0),
    ]
    return mid_side(level_to(run(effects, level_to(line, -18.0)), -19.0), 0.0)


def other(instruments: Path, shelf: SampleShelf, window: parts.Window) -> Audio:
    """Electric piano, guitar, pad, arpeggio and bell."""
    seconds = window.seconds
    rng = np.random.default_rng([SEED, 200])
    strings = band.guitar(instruments, shelf).play(parts.guitar_notes(window), seconds, rng)
    strings = run([*studio.tone(140.0, (2500.0, 2.0, 0.7)), studio.squeeze(-20, 3, 4, 90)], strings)
    strings = run([pb.Chorus(0.7, 0.25, 7.0, 0.0, 0.5)], strings)
    layers = [
        (_leaned(strings, 0.35), -24.5),
        (run(studio.tone(110.0), band.electric_piano(parts.keys_notes(window), seconds)), -24.0),
        (band.pad(parts.pad_notes(window), seconds, rng), -30.0),
        (band.pluck(parts.arpeggio_notes(window), seconds, rng), -29.0),
        (band.bell(parts.bell_notes(window), seconds), -28.0),
    ]
    dry = np.zeros(strings.shape, dtype=np.float32)
    for clip, level in layers:
        dry = dry + level_to(clip, level)
    # Room for the voice.
    dry = run([pb.PeakFilter(2800.0, -2.0, 0.7)], dry)
    return dry + np.float32(db(-15.0)) * studio.room(dry, 0.7, 20.0, (300.0, 7500.0))


def _leaned(clip: Audio, position: float) -> Audio:
    gains = (1.0 - max(0.0, position), 1.0 + min(0.0, position))
    return np.asarray(clip * np.array(gains)[:, None], dtype=np.float32)


def stems(audio_root: Path, window: parts.Window) -> dict[str, Audio]:
    """The four stems before mastering, float32 ``[2, frames]``.

    Args:
        audio_root: folder with ``voices/`` and ``instruments/``.
        window: which bars.
    """
    shelf = SampleShelf()
    instruments = audio_root / "instruments"
    singer = Singer(audio_root / "voices" / "utau_yuki", shelf)
    return {
        "vocals": vocals(singer, window),
        "drums": drums(instruments, shelf, window),
        "bass": bass(instruments, shelf, window),
        "other": other(instruments, shelf, window),
    }


def master(parts_: dict[str, Audio]) -> Rendering:
    """One fade, one gain and one limiter for all stems alike; to 16 bit, closed in integers."""
    quiet = frames(score.LEAD_IN_SECONDS)
    faded = {
        name: np.pad(fade(clip[:, :-quiet], 0.003, 1.1), ((0, 0), (0, quiet)))
        for name, clip in parts_.items()
    }
    total = np.sum([clip.astype(np.float64) for clip in faded.values()], axis=0)
    ceiling = db(_PEAK_DB)
    drive = ceiling * db(_DRIVE_DB) / float(np.max(np.abs(total)))
    gain = drive * studio.limiter_gain((total * drive).astype(np.float32), ceiling)
    # The limiter works in float32: bring the loudest sample to the ceiling itself.
    gain *= ceiling / float(np.max(np.abs(total * gain)))
    mix = np.round(32768 * total * gain).astype(np.int32)
    found = {
        name: np.round(32768 * faded[name] * gain).astype(np.int32)
        for name in STEMS
        if name != "other"
    }
    found["other"] = mix - sum(found.values())
    return Rendering(
        {name: found[name].T.astype(np.int16) for name in STEMS}, mix.T.astype(np.int16)
    )


def render(audio_root: Path, window: parts.Window | None = None) -> Rendering:
    """The song, or some bars of it; the same every time."""
    return master(stems(audio_root, window or parts.Window()))


def write(rendering: Rendering, folder: Path) -> Path:
    """Write the mix with tags and the stems as 16-bit FLAC; returns the mix's path."""
    folder.mkdir(parents=True, exist_ok=True)
    name = score.TITLE.lower().replace(" ", "_")
    path = folder / f"{name}.flac"
    _write(path, rendering.mix, TAGS)
    for stem, samples in rendering.stems.items():
        _write(
            folder / f"{name} - {stem}.flac", samples, TAGS | {"title": f"{score.TITLE} ({stem})"}
        )
    return path


def _write(path: Path, samples: NDArray[np.int16], tags: dict[str, str]) -> None:
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_16", compression_level=1.0)
    file = FLAC(path)  # type: ignore[no-untyped-call]
    for key, value in tags.items():
        file[key] = value
    file.save()
