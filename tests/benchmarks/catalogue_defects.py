"""How good the catalogue's weak vocals are, on pairs whose vocals are known.

    python tests/benchmarks/catalogue_defects.py SONGS

SONGS: folders of songs in stems (vocals, drums, bass, other, mixture). Every song is paired with
its instrumental spoilt in the ways of real catalogues: moved, quieter, coded, mastered otherwise,
from another clock, cut, played anew. Columns: what the builder found (offset in frames and gain in
dB, against what was done; drift in ppm; share of the windows that agree, under 0.25 the pair is
dropped; the residue it reckons with, above -10 dB the pair is called poor); the SDR of the weak
vocals in dB from the files as they are, aligned with the gain by least squares, and aligned with
both made equally loud as in the paper; then the residue of the instrumental in the vocals (minus
the SIR of BSS Eval over the ten seconds with the most vocals, dB; lower is better), from the files
as they are and aligned. All over the parts in which the instrumental is that of the mix. Last, what
the fingerprint makes of copies.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pedalboard
import soundfile
import soxr

from stemdesk.audio.levels import db, rms_db
from stemdesk_training.catalogue.aligning import find_alignment, moved
from stemdesk_training.catalogue.difference import matching_gain, misfit_db, weak_vocals
from stemdesk_training.catalogue.matching import COPY
from stemdesk_training.catalogue.triplets import LEAST_AGREEING
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.datasets.multitrack import Part, read_sum
from stemdesk_training.doctor.excerpts import loudest
from stemdesk_training.doctor.fingerprint import difference, fingerprint
from stemdesk_training.evaluation.bss_eval import bss_eval
from stemdesk_training.metrics import usdr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Signal = NDArray[np.float32]

RATE = 44_100
OFFSET = 32_281  # frames, 0.73 s


def late(signal: Signal, frames: int = OFFSET) -> Signal:
    return np.pad(signal, ((0, 0), (frames, 0)))


def coded(signal: Signal, suffix: str, *options: str) -> Signal:
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "a.wav", Path(folder) / f"b.{suffix}"
        soundfile.write(plain, signal.T, RATE, subtype="FLOAT")
        command = ["ffmpeg", "-v", "error", "-i", str(plain), *options, str(small)]
        subprocess.run(command, check=True)
        return Part(small).read().samples


def mp3(signal: Signal) -> Signal:
    return coded(signal, "mp3", "-b:a", "128k")


def aac(signal: Signal) -> Signal:
    return coded(signal, "m4a", "-c:a", "aac", "-b:a", "128k")


def mastered(signal: Signal) -> Signal:
    """Brighter, thinner, and 6 dB into a limiter."""
    board = pedalboard.Pedalboard(
        [
            pedalboard.LowShelfFilter(120, -2),
            pedalboard.HighShelfFilter(6000, 3),
            pedalboard.Gain(6),
            pedalboard.Limiter(-1),
        ]
    )
    return board(signal, RATE)


def limited(signal: Signal) -> Signal:
    return pedalboard.Pedalboard([pedalboard.Gain(6), pedalboard.Limiter(-1)])(signal, RATE)


def other_rate(signal: Signal) -> Signal:
    """Half a frame late, as a converter that does not compensate leaves it."""
    doubled = np.pad(soxr.resample(signal.T, 1, 2, "VHQ").T, ((0, 0), (1, 0)))
    return soxr.resample(doubled.T, 2, 1, "VHQ").T


def other_clock(signal: Signal) -> Signal:
    return soxr.resample(signal.T, 1.0, 1.00005, "VHQ").T


def radio_edit(signal: Signal) -> Signal:
    """Three seconds are missing in the middle."""
    middle = signal.shape[1] // 2
    return np.concatenate([signal[:, :middle], signal[:, middle + 3 * RATE :]], axis=1)


def other_take(signal: Signal) -> Signal:
    """Played again: nobody hits the same millisecond twice."""
    rng = np.random.default_rng(1)
    frames = signal.shape[1]
    knots = np.arange(0, frames + RATE, RATE // 2)
    sway = np.interp(np.arange(frames), knots, rng.normal(0, 0.015 * RATE, len(knots)))
    place = np.clip(np.arange(frames) + sway, 0, frames - 1)
    return np.stack([np.interp(place, np.arange(frames), channel) for channel in signal])


def same(signal: Signal) -> Signal:
    return signal


# name: what happened to the mix, to the instrumental, the offset in frames and the gain in dB that
# are right for it (None: there is no one answer).
CASES: dict[str, tuple[Callable, Callable, float | None, float | None]] = {
    "the same": (same, same, 0, 0.0),
    "late, -4 dB": (same, lambda a: late(a) * 10 ** (-4 / 20), OFFSET, 4.0),
    "half a frame late": (same, other_rate, 0.5, 0.0),
    "MP3 128k, late": (mp3, lambda a: mp3(late(a)), OFFSET, 0.0),
    "AAC 128k, late": (aac, lambda a: aac(late(a)), OFFSET, 0.0),
    "both limited": (limited, lambda a: late(limited(a)), OFFSET, None),
    "another master": (same, lambda a: late(mastered(a)), OFFSET, None),
    "another clock": (same, other_clock, 0, 0.0),
    "upside down": (same, lambda a: -late(a), OFFSET, 0.0),
    "radio edit": (same, radio_edit, None, 0.0),
    "another take": (same, other_take, None, None),
}


def sdr(estimate: Signal, vocals: Signal) -> str:
    both = (each[None].astype(np.float64) for each in (vocals, estimate))
    return f"{float(usdr(*both)[0]):.2f}"


def residue(estimate: Signal, truth: list[Signal], mixture: Signal) -> str:
    first, end = loudest(truth[0], 10 * RATE, 10)
    references = np.stack(truth)[..., first:end].astype(np.float64)
    estimates = np.stack([estimate, mixture - estimate])[..., first:end].astype(np.float64)
    frames = end - first
    return f"{-float(bss_eval(references, estimates, frames, frames).sir[0, 0]):.1f}"


def as_long(signal: Signal, frames: int) -> Signal:
    return np.pad(signal, ((0, 0), (0, max(0, frames - signal.shape[1]))))[:, :frames]


def row(name: str, song: tuple[Signal, Signal, Signal]) -> list[str]:
    mixture, instrumental, vocals = song
    spoil_mix, spoil, right_offset, right_gain = CASES[name]
    frames = mixture.shape[1]
    mix = as_long(np.ascontiguousarray(spoil_mix(mixture), np.float32), frames)
    other = np.ascontiguousarray(spoil(instrumental), np.float32)
    found = find_alignment(mix.mean(axis=0), other.mean(axis=0), RATE)
    beneath = moved(other, found, frames)
    # What the mix's own mastering made of its sources, but for what changes with time.
    level = np.float32(np.vdot(mixture, mix) / np.vdot(mixture, mixture))
    agreeing = found.agreeing_frames(frames, RATE)
    if found.agreeing_share < LEAST_AGREEING:
        agreeing[:] = True
    mix, beneath, plain, *truth = (
        each[:, agreeing]
        for each in (mix, beneath, as_long(other, frames), level * vocals, level * instrumental)
    )
    fit, loud = (matching_gain(mix, beneath, RATE, levels) for levels in ("fit", "loudness"))
    raw, aligned, louder = (
        weak_vocals(mix, each, RATE) for each in (plain, fit * beneath, loud * beneath)
    )
    return [
        f"{found.sureness:.0f}",
        "-" if right_offset is None else f"{found.offset_frames - right_offset:+.2f}",
        "-" if right_gain is None else f"{db(abs(fit)) - right_gain:+.2f}",
        f"{found.drift * 1e6:.1f}",
        f"{found.agreeing_share:.2f}",
        f"{misfit_db(mix, fit * beneath, RATE) - rms_db(aligned) + rms_db(mix):.1f}",
        *(sdr(each, truth[0]) for each in (raw, aligned, louder)),
        *(residue(each, truth, mix) for each in (raw, aligned)),
    ]


def duplicates(songs: dict[str, tuple[Signal, Signal, Signal]]) -> list[str]:
    """How far fingerprints of one song in other guises lie apart, and those of other songs."""
    guises = {"MP3 128k": mp3, "mastered": mastered, "late": late, "6 dB down": lambda a: a / 2}
    prints = {name: fingerprint(song[0].mean(axis=0), RATE) for name, song in songs.items()}
    lines = []
    for guise, change in guises.items():
        own, others = [], []
        for name, song in songs.items():
            changed = fingerprint(np.asarray(change(song[0]), np.float32).mean(axis=0), RATE)
            own.append(difference(changed, prints[name]))
            others += [difference(changed, prints[each]) for each in prints if each != name]
        found = sum(value < COPY for value in own)
        false = sum(value < COPY for value in others)
        lines.append(
            f"| {guise} | {found} of {len(own)} | {false} of {len(others)} | {max(own):.2f}"
            f" | {min(others):.2f} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("songs", type=Path)
    options = parser.parse_args()
    songs = {}
    for song in find_songs(options.songs):
        clips = {stem: read_sum(parts, RATE) for stem, parts in song.stems.items()}
        vocals = clips.pop("vocals").samples
        instrumental = np.sum([clip.samples for clip in clips.values()], axis=0)
        songs[song.name] = (vocals + instrumental, instrumental, vocals)
    heads = (
        "pair", "sure", "offset", "gain", "ppm", "agree", "reckoned", "SDR raw", "aligned",
        "loud", "residue raw", "aligned",
    )  # fmt: skip
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for name in CASES:
        for title, song in songs.items():
            print(f"| {title}: {name} | " + " | ".join(row(name, song)) + " |", flush=True)
    print(
        "\n| duplicate | found | false | most own bits | least other bits |\n|---|---|---|---|---|"
    )
    print("\n".join(duplicates(songs)))


if __name__ == "__main__":
    main()
