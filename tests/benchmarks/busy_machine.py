"""Separating beside other programs: how long it takes while cores are busy, by how threads wait.

    python tests/benchmarks/busy_machine.py [--seconds 15] [--rounds 3] [--threads 2]
        [--model "ID|DIR"] [--niceness 0]

Runs `stemdesk separate` on made-up music with no core busy, one, and two; each with threads that
sleep while they wait (what StemDesk chooses), with threads that do not spin before they sleep
(GOMP_SPINCOUNT=0), and with those that spin (what the OpenMP library does by itself). Gives the
median time of each, and whether all stems were the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from stemdesk import processes
from tests.benchmarks.speed import write_music

WAYS = {
    "sleeping": {},
    "no spinning": {"GOMP_SPINCOUNT": "0"},
    # A value that the library does not know and says nothing about is its own default.
    "spinning": {"KMP_BLOCKTIME": "200"},
}
BUSY = (0, 1, 2)


class BusyCore:
    """A child process that computes for ever."""

    def __init__(self, niceness: int) -> None:
        script = f"import os; os.nice({niceness})\nwhile True: pass"
        self._child = subprocess.Popen([sys.executable, "-c", script])

    def __enter__(self) -> BusyCore:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._child.wait()


def separated(song: Path, options: argparse.Namespace, way: dict[str, str]) -> tuple[float, str]:
    """Seconds, and a digest of the stems."""
    plain = {key: value for key, value in processes.environment().items()
             if key not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        command = [*processes.stemdesk_command(), "separate", str(song), "-o", folder]
        command += ["--threads", str(options.threads), "--device", "cpu"]
        command += ["--model", options.model] if options.model else []
        started = time.perf_counter()
        subprocess.run(command, env={**plain, **way}, check=True, capture_output=True)
        seconds = time.perf_counter() - started
        digest = hashlib.sha256()
        for path in sorted(Path(folder).glob("*/*.wav")):
            digest.update(path.read_bytes())
    return seconds, digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="Separating beside other programs.")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of the song")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--model", help="id or folder (default: the default model)")
    parser.add_argument("--niceness", type=int, default=0, help="of what keeps the cores busy")
    options = parser.parse_args()
    print(f"{options.seconds:g} s of music, {options.threads} threads, {os.cpu_count()} processors")
    print(f"{'busy cores':>10} " + " ".join(f"{name:>14}" for name in WAYS))
    digests = set()
    with tempfile.TemporaryDirectory() as folder:
        song = Path(folder) / "song.wav"
        write_music(song, options.seconds / 60)
        for busy in BUSY:
            seconds: dict[str, list[float]] = {name: [] for name in WAYS}
            with ExitStack() as held:
                for _ in range(busy):
                    held.enter_context(BusyCore(options.niceness))
                for _ in range(options.rounds):
                    for name, way in WAYS.items():
                        took, digest = separated(song, options, way)
                        seconds[name].append(took)
                        digests.add(digest)
            medians = (f"{statistics.median(each):12.1f} s" for each in seconds.values())
            print(f"{busy:10} " + " ".join(medians), flush=True)
    print("All stems are the same bytes." if len(digests) == 1 else "The stems DIFFER.")


if __name__ == "__main__":
    main()
