"""What the mixer costs beside the same effects called plainly.

    python tests/benchmarks/mixing.py [--seconds N] [--rounds N]

Four stereo strips at 44.1 kHz, each with compressor, equaliser and reverb, into a limiter: the
mixer (faders, alignment, automation, look-ahead limiter and all), and the same pedalboard plug-ins
called by hand in blocks of the same length, summed with numpy, into pedalboard's limiter. The two
take turns, so that a busy machine disturbs both alike; shown are medians over the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import pedalboard as pb

from stemdesk.audio.clip import AudioClip
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.recipe import with_choices
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import MixSettings, neutral
from stemdesk.mixing.sources import ClipStem

RATE = 44100
STEMS = ("vocals", "drums", "bass", "other")


def settings() -> MixSettings:
    choices = {}
    for stem in STEMS:
        choices |= {
            f"{stem}.compressor.threshold_db": -24.0,
            f"{stem}.equaliser.high_pass_hz": 80.0,
            f"{stem}.equaliser.low_shelf_db": 2.0,
            f"{stem}.equaliser.peak_db": -3.0,
            f"{stem}.equaliser.high_shelf_db": 2.0,
            f"{stem}.reverb.amount": 0.2,
        }
    return with_choices(neutral(STEMS), choices)


def plain_chains() -> list[pb.Pedalboard]:
    return [
        pb.Pedalboard(
            [
                pb.Compressor(-24.0, 3.0, 5.0, 100.0),
                pb.HighpassFilter(80.0),
                pb.LowShelfFilter(120.0, 2.0),
                pb.PeakFilter(1500.0, -3.0),
                pb.HighShelfFilter(8000.0, 2.0),
                pb.Reverb(wet_level=0.2, dry_level=0.5),
            ]
        )
        for _ in STEMS
    ]


def run_mixer(samples: dict[str, np.ndarray], mix: MixSettings) -> float:
    renderer = Renderer({n: ClipStem(AudioClip(s, RATE)) for n, s in samples.items()}, mix)
    renderer.read(QUANTUM_FRAMES)
    frames = next(iter(samples.values())).shape[1]
    started = time.perf_counter()
    for _ in range(frames // QUANTUM_FRAMES - 1):
        renderer.read(QUANTUM_FRAMES)
    seconds = time.perf_counter() - started
    renderer.close()
    return seconds


def run_plain(samples: dict[str, np.ndarray]) -> float:
    chains, limiter = plain_chains(), pb.Limiter(0.0)
    frames = next(iter(samples.values())).shape[1]
    blocks = list(samples.values())
    started = time.perf_counter()
    for first in range(QUANTUM_FRAMES, frames - QUANTUM_FRAMES, QUANTUM_FRAMES):
        out = np.zeros((2, QUANTUM_FRAMES), np.float32)
        for chain, stem in zip(chains, blocks, strict=True):
            out += chain(stem[:, first : first + QUANTUM_FRAMES], RATE, reset=False)
        limiter(out, RATE, reset=False)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    frames = round(options.seconds * RATE)
    samples = {stem: rng.normal(0, 0.1, (2, frames)).astype(np.float32) for stem in STEMS}
    mix = settings()
    run_mixer({stem: each[:, :RATE] for stem, each in samples.items()}, mix)
    rounds = [(run_mixer(samples, mix), run_plain(samples)) for _ in range(options.rounds)]
    mixer, plain = (statistics.median(column) for column in zip(*rounds, strict=True))
    bare = statistics.median(run_mixer(samples, neutral(STEMS)) for _ in range(options.rounds))
    builds, firsts = [], []
    for _ in range(options.rounds):
        started = time.perf_counter()
        renderer = Renderer({n: ClipStem(AudioClip(s, RATE)) for n, s in samples.items()}, mix)
        builds.append(time.perf_counter() - started)
        renderer.read(QUANTUM_FRAMES)
        firsts.append(time.perf_counter() - started)
        renderer.close()
    ratio = statistics.median(a / b for a, b in rounds)
    print(f"{'4 stereo strips, 44.1 kHz':<44} {'real-time factor':>16}")
    print(f"{'mixer: compressor, equaliser, reverb':<44} {mixer / options.seconds:16.4f}")
    print(f"{'the same effects in plain pedalboard':<44} {plain / options.seconds:16.4f}")
    print(f"{'mixer, neutral':<44} {bare / options.seconds:16.4f}")
    print(f"{'mixer / plain (median of rounds)':<44} {ratio:16.2f}")
    print(f"{'to build the graph':<44} {statistics.median(builds) * 1e3:13.1f} ms")
    print(f"{'to the first block':<44} {statistics.median(firsts) * 1e3:13.1f} ms")


if __name__ == "__main__":
    main()
