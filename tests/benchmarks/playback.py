"""Whether playback keeps up: under-runs and lateness at short blocks, beside a separation.

    python tests/benchmarks/playback.py [--seconds 60] [--blocks 20,10,5] [--no-load] [--no-idle]
                                        [--source MODULE:FACTORY] [--ahead 250]

Plays on the silent clock, which calls like a sound card and needs none. Under-runs: the ring was
empty. Ring: its lowest level that a callback met. Late: the latest callback after its deadline,
and how many came back after their block should have begun to sound, with one block in hand.
RTF: rendering time over playing time. `busy` means that `stemdesk separate` takes a song apart
at the same time, over and over, on one thread. `bare` is the silent clock with nothing to do: what
is late there is the machine's own doing.

FACTORY is called with a sample rate in Hz and returns a `stemdesk.playback.source.Source` that
does not end within the time; by default a mixing desk of four stems with eight effects.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, MixSettings, StripSettings
from stemdesk.playback.output import Buffering
from stemdesk.playback.player import Player
from stemdesk.playback.silent import Deadlines, SilentDevice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stemdesk.playback.source import Source

RATE = 44_100
SONG_SECONDS = 30
WARM_UP_SECONDS = 1.0


EFFECTS = {
    "vocals": ("equaliser", "compressor", "reverb"),
    "drums": ("gate", "compressor"),
    "bass": ("equaliser",),
    "other": ("delay", "reverb"),
}


class EndlessStem:
    """Ten seconds of noise, over and over, for an hour."""

    channels = 2

    def __init__(self, sample_rate: int, seed: int) -> None:
        self.sample_rate = sample_rate
        self.frames = 3600 * sample_rate
        generator = np.random.default_rng(seed)
        self.samples = generator.uniform(-0.2, 0.2, (2, 10 * sample_rate)).astype(np.float32)

    def read_at(self, frame: int, frames: int) -> np.ndarray:
        indices = np.arange(frame, frame + frames)
        return self.samples.take(indices, axis=1, mode="wrap")


def mixing_desk(sample_rate: int) -> Source:
    """Four stems with eight effects."""
    strips = tuple(
        StripSettings(name=stem, effects=tuple(EffectSettings(kind=kind) for kind in kinds))
        for stem, kinds in EFFECTS.items()
    )
    stems = {stem: EndlessStem(sample_rate, seed) for seed, stem in enumerate(EFFECTS)}
    return Renderer(stems, MixSettings(strips=strips))


class Clocks:
    """Opens silent devices and keeps the last one, for its deadlines."""

    device: SilentDevice

    def open(
        self,
        choice: str | int | None,  # noqa: ARG002 - there is nothing to choose from
        sample_rate: int,
        channels: int,
        block_ms: float,
    ) -> SilentDevice:
        self.device = SilentDevice(sample_rate, channels, block_ms)
        return self.device


@contextlib.contextmanager
def separations() -> Iterator[None]:
    """One separation after the other, in child processes."""
    with tempfile.TemporaryDirectory() as folder:
        song = Path(folder) / "song.wav"
        noise = np.random.default_rng(1).uniform(-0.3, 0.3, (SONG_SECONDS * RATE, 2))
        soundfile.write(song, noise, RATE)
        command = [sys.executable, "-m", "stemdesk", "separate", str(song), "--threads", "1"]
        command += ["--overwrite", "yes", "-o", str(Path(folder) / "stems")]
        children: list[subprocess.Popen[bytes]] = []
        closing = threading.Event()

        def run() -> None:
            while not closing.is_set():
                child = subprocess.Popen(
                    command,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "OMP_NUM_THREADS": "1"},
                )
                children.append(child)
                if child.wait() != 0 and not closing.is_set():
                    print(f"the separation failed ({child.returncode}): the load is not real")
                    return

        thread = threading.Thread(target=run)
        thread.start()
        try:
            time.sleep(3.0)  # it has to load its model first
            yield
        finally:
            closing.set()
            if children:
                children[-1].terminate()
            thread.join()


def bare_row(block_ms: float, options: argparse.Namespace) -> str:
    device = SilentDevice(RATE, 2, block_ms)
    device.start(lambda out, _seconds: out.fill(0.0))
    time.sleep(options.seconds)
    device.close()
    return f"{'':28} {lateness(device.deadlines)}"


def lateness(deadlines: Deadlines) -> str:
    return (
        f"{1000 * deadlines.worst_lateness_seconds:8.2f} "
        f"{deadlines.missed:7d} of {deadlines.callbacks:<6d}"
    )


def row(make_source: Callable[[int], Source], block_ms: float, options: argparse.Namespace) -> str:
    clocks = Clocks()
    buffering = Buffering(block_ms=block_ms, ahead_ms=options.ahead)
    with Player(make_source(RATE), outputs=clocks, buffering=buffering) as player:
        player.play()
        player.settle()
        time.sleep(WARM_UP_SECONDS)
        player.forget_statistics()
        clocks.device.deadlines = Deadlines()
        time.sleep(options.seconds)
        statistics, deadlines = player.statistics(), clocks.device.deadlines
        if player.error is not None:
            raise player.error
    return (
        f"{statistics.underruns:10d} {1000 * statistics.missing_seconds:8.1f} "
        f"{statistics.least_ahead_ms or 0.0:8.1f} {lateness(deadlines)} "
        f"{statistics.render_factor:6.3f}"
    )


def source_factory(name: str | None) -> Callable[[int], Source]:
    if name is None:
        return mixing_desk
    module, _, factory = name.partition(":")
    found: Callable[[int], Source] = getattr(importlib.import_module(module), factory)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--blocks", default="20,10,5", help="ms")
    parser.add_argument("--ahead", type=float, default=250.0, help="ms")
    parser.add_argument("--source", help="MODULE:FACTORY")
    parser.add_argument("--load", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--idle", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    make_source = source_factory(options.source)
    print(f"{options.seconds:g} s each, {RATE} Hz stereo, {options.ahead:g} ms ahead")
    print(
        f"{'':4} {'block ms':>8} {'under-runs':>10} {'gaps ms':>8} {'ring ms':>8} {'late ms':>8} "
        f"{'missed':>7} {'':>9} {'RTF':>6}"
    )
    blocks_ms = [float(text) for text in options.blocks.split(",")]
    for name, is_wanted in (("idle", options.idle), ("busy", options.load)):
        if not is_wanted:
            continue
        with separations() if name == "busy" else contextlib.nullcontext():
            print(f"bare {min(blocks_ms):8g} {bare_row(min(blocks_ms), options)}", flush=True)
            for block_ms in blocks_ms:
                print(f"{name} {block_ms:8g} {row(make_source, block_ms, options)}", flush=True)


if __name__ == "__main__":
    main()
