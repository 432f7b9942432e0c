"""Speed and memory of the whole `separate` command, and of the networks side by side.

    python tests/benchmarks/speed.py command [--minutes 1,10,60] [--threads 2] [--model ID|DIR]
    python tests/benchmarks/speed.py networks [--threads 2] [--rounds 5]

`command` runs `stemdesk separate` on made-up stereo music of each length in a process of its own:
RTF is wall clock over length (loading, writing and the null check included), RSS the largest
resident set, first chunk the time until its estimates are on disk. `networks` runs one forward
pass over the same seconds of audio in turn, round after round, and gives medians; peers have
random weights and need `pip install --no-deps openunmix demucs julius einops`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import types
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import torch

if TYPE_CHECKING:
    from collections.abc import Callable

RATE = 44100
PEER_SECONDS = 7.8  # one segment of HTDemucs


def write_music(path: Path, minutes: float) -> None:
    """Noise bursts over gliding tones, written in blocks."""
    generator = np.random.default_rng(0)
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        for second in range(round(minutes * 60)):
            time_s = second + np.arange(RATE) / RATE
            tone = 0.2 * np.sin(2 * np.pi * (220 + 40 * np.sin(time_s)) * time_s)
            burst = (
                generator.standard_normal((RATE, 2)) * 0.2 * np.exp(-(time_s % 0.5) * 12)[:, None]
            )
            file.write(tone[:, None] + burst)


def first_chunk_seconds(folder: Path, process: subprocess.Popen[bytes]) -> float:
    started = time.monotonic()
    while process.poll() is None:
        for journal in folder.glob(".stemdesk-*.partial/journal.jsonl"):
            if journal.stat().st_size:
                return time.monotonic() - started
        time.sleep(0.02)
    return float("nan")


def measure_command(minutes: float, threads: int, model: str | None) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        song, output = Path(folder) / "song.wav", Path(folder) / "out"
        write_music(song, minutes)
        command = [sys.executable, "-m", "stemdesk", "separate", str(song), "-o", str(output)]
        command += ["--threads", str(threads), *(["--model", model] if model else [])]
        # A small launcher in between, so that RUSAGE_CHILDREN counts this run alone.
        launcher = (
            "import resource, subprocess, sys; "
            "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", launcher, *command],
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
        )
        first = first_chunk_seconds(output, process)
        told = process.communicate()[0]
        seconds = time.monotonic() - started
        return seconds / (minutes * 60), int(told) / 1024, first


def command_table(options: argparse.Namespace) -> None:
    print(f"stemdesk separate, {options.threads} threads")
    print(f"{'minutes':>8} {'RTF':>7} {'peak RSS MiB':>13} {'first chunk s':>14}")
    for minutes in (float(text) for text in options.minutes.split(",")):
        rtf, rss, first = measure_command(minutes, options.threads, options.model)
        print(f"{minutes:8g} {rtf:7.3f} {rss:13.0f} {first:14.2f}", flush=True)


def _without_torchaudio() -> None:
    """The peers import torchaudio for files only, and it has no build beside a CPU torch."""
    module = types.ModuleType("torchaudio")
    module.__spec__ = ModuleSpec("torchaudio", None)
    sys.modules["torchaudio"] = module


def networks(model: str | None) -> dict[str, Callable[[torch.Tensor], torch.Tensor]]:
    from stemdesk.app.model import load_model
    from stemdesk.separation.masks import normalise
    from stemdesk.separation.stft import istft, stft

    loaded = load_model(model)
    network = loaded.separator.engine._network
    settings = loaded.card.stft

    def ours(samples: torch.Tensor) -> torch.Tensor:
        mixture = stft(samples, settings)
        masks = normalise(network(mixture), loaded.card.masks, stems=len(loaded.card.stems))
        return istft(masks * mixture[:, None], settings, samples.shape[-1])

    found: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {loaded.card.id: ours}
    _without_torchaudio()
    from demucs.htdemucs import HTDemucs
    from openunmix.model import OpenUnmix, Separator

    stems = ["drums", "bass", "other", "vocals"]
    targets = {
        name: OpenUnmix(nb_bins=2049, nb_channels=2, hidden_size=512, max_bin=1487)
        for name in stems
    }
    unmix = Separator(target_models=targets, niter=0, n_fft=4096, n_hop=1024, nb_channels=2,
        sample_rate=44100.0, filterbank="torch")  # fmt: skip
    found["openunmix (umxhq shape)"] = unmix.eval()
    found["HTDemucs (released shape)"] = HTDemucs(
        stems, bottom_channels=512, segment=39 / 5, t_sparse_self_attn=False
    ).eval()
    return found


def networks_table(options: argparse.Namespace) -> None:
    torch.manual_seed(0)
    systems = networks(options.model)
    torch.set_num_threads(options.threads)
    samples = torch.randn(1, 2, round(PEER_SECONDS * RATE)) * 0.1
    times: dict[str, list[float]] = {name: [] for name in systems}
    with torch.inference_mode():
        for index in range(options.rounds + 1):
            for name, system in systems.items():
                started = time.perf_counter()
                system(samples)
                if index:  # the first round warms up
                    times[name].append((time.perf_counter() - started) / PEER_SECONDS)
    ours = statistics.median(next(iter(times.values())))
    print(f"one pass over {PEER_SECONDS} s, {options.threads} threads, medians of {options.rounds}")
    print(f"{'network':<28} {'RTF':>7} {'times ours':>11}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<28} {median:7.3f} {median / ours:11.2f}")
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak_rss_mib_of_this_process": round(usage)}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("command", "networks"))
    parser.add_argument("--minutes", default="1,10,60")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model")
    options = parser.parse_args()
    {"command": command_table, "networks": networks_table}[options.what](options)


if __name__ == "__main__":
    main()
