"""Speed and memory of the whole `separate` command, and of the networks side by side.

    python tests/benchmarks/speed.py command [--minutes 1,10,60] [--threads 2]
        [--model "ID|DIR [OPTION ...]" ...]
    python tests/benchmarks/speed.py networks [--threads 2] [--rounds 5]

`command` runs `stemdesk separate` on made-up stereo music of each length in a process of its own:
RTF is wall clock over length (loading, writing and the null check included), RSS the largest
resident set, first chunk the time until its estimates are on disk; a model may be followed by
options (`--model "bandmask_fast --adapt"`). `networks` runs one forward pass over the same seconds
of audio in turn, round after round, and gives medians; peers have random weights and need
`pip install --no-deps openunmix demucs julius einops`.
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
        command += ["--threads", str(threads), *(["--model", *model.split()] if model else [])]
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
    print(f"{'model':<26} {'minutes':>8} {'RTF':>7} {'peak RSS MiB':>13} {'first chunk s':>14}")
    for minutes in (float(text) for text in options.minutes.split(",")):
        for model in options.model or [None]:
            rtf, rss, first = measure_command(minutes, options.threads, model)
            name = Path(model or "default").name
            print(f"{name:<26} {minutes:8g} {rtf:7.3f} {rss:13.0f} {first:14.2f}", flush=True)


def _without_torchaudio() -> None:
    """The peers import torchaudio for files only, and it has no build beside a CPU torch."""
    module = types.ModuleType("torchaudio")
    module.__spec__ = ModuleSpec("torchaudio", None)
    sys.modules["torchaudio"] = module


def ours(model: str | None) -> Callable[[torch.Tensor], torch.Tensor]:
    from stemdesk.separation.catalogue import find_model
    from stemdesk.separation.checkpoint import load_network
    from stemdesk.separation.masks import normalise
    from stemdesk.separation.stft import istft, stft

    card, network = load_network(find_model(model))

    def separate(samples: torch.Tensor) -> torch.Tensor:
        mixture = stft(samples, card.stft)
        masks = normalise(network(mixture), card.masks, stems=len(card.stems))
        return istft(masks * mixture[:, None], card.stft, samples.shape[-1])

    return separate


def openunmix() -> Callable[[torch.Tensor], torch.Tensor]:
    _without_torchaudio()
    from openunmix.model import OpenUnmix, Separator

    targets = {
        name: OpenUnmix(nb_bins=2049, nb_channels=2, hidden_size=512, max_bin=1487)
        for name in ("drums", "bass", "other", "vocals")
    }
    return Separator(target_models=targets, niter=0, n_fft=4096, n_hop=1024, nb_channels=2,
        sample_rate=44100.0, filterbank="torch").eval()  # fmt: skip


def htdemucs() -> Callable[[torch.Tensor], torch.Tensor]:
    _without_torchaudio()
    from demucs.htdemucs import HTDemucs

    return HTDemucs(
        ["drums", "bass", "other", "vocals"],
        bottom_channels=512,
        segment=39 / 5,
        t_sparse_self_attn=False,
    ).eval()


SYSTEMS = {"stemdesk": ours, "openunmix (umxhq)": openunmix, "HTDemucs": htdemucs}


def serve(options: argparse.Namespace) -> None:
    """One network in a process of its own: a pass for each line read, its seconds printed."""
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    make = SYSTEMS[options.system]
    system = make(*(options.model or [None])) if make is ours else make()
    samples = torch.randn(1, 2, round(PEER_SECONDS * RATE)) * 0.1
    with torch.inference_mode():
        for _ in sys.stdin:
            started = time.perf_counter()
            system(samples)
            seconds = time.perf_counter() - started
            rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps([seconds, rss]), flush=True)


def networks_table(options: argparse.Namespace) -> None:
    command = [sys.executable, __file__, "serve", "--threads", str(options.threads)]
    command += ["--model", *options.model] if options.model else []
    children = {
        name: subprocess.Popen(
            [*command, "--system", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in SYSTEMS
    }
    times: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    rss: dict[str, float] = {}
    for index in range(options.rounds + 1):
        for name, child in children.items():  # in turn, so that all meet the same noise
            print("go", file=child.stdin, flush=True)
            seconds, rss[name] = json.loads(child.stdout.readline())
            if index:  # the first round warms up
                times[name].append(seconds / PEER_SECONDS)
    for child in children.values():
        child.stdin.close()
        child.wait()
    first = statistics.median(times["stemdesk"])
    print(f"one pass over {PEER_SECONDS} s, {options.threads} threads, medians of {options.rounds}")
    print(f"{'network':<20} {'RTF':>7} {'times ours':>11} {'peak RSS MiB':>13}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<20} {median:7.3f} {median / first:11.2f} {rss[name]:13.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("command", "networks", "serve"))
    parser.add_argument("--minutes", default="1,10,60")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", action="append")
    parser.add_argument("--system", choices=tuple(SYSTEMS))
    options = parser.parse_args()
    if options.what != "command" and len(options.model or []) > 1:
        parser.error("several models are for command")
    {"command": command_table, "networks": networks_table, "serve": serve}[options.what](options)


if __name__ == "__main__":
    main()
