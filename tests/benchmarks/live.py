"""How soon a song that is dropped can be heard taken apart, and what that costs the interface.

    python tests/benchmarks/live.py [--minutes 4] [--threads N] [--model ID|DIR] [--rounds 3]

For songs at 44.1 and 48 kHz and a playhead at the start, in the middle and near the end: seconds
from `separate` to the first covered span that holds the playhead (the model is loaded, the worker
is the app's own child process at nice 10), and until a new place is there after the playhead has
jumped. Meanwhile a 10 ms tick in this process, as that of a window, says how late it came at worst,
and reading the live stems block by block says what the mixer pays for them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from stemdesk.app.forecast import Choice, forecast
from stemdesk.app.live.order import Focus
from stemdesk.app.live.stems import LiveStems
from stemdesk.app.options import SeparateOptions
from stemdesk.app.worker.client import Worker
from stemdesk.app.worker.job import Request
from stemdesk.files import OverwritePolicy
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from stemdesk.app.worker.job import SeparationJob

STEMS = ("vocals", "drums", "bass", "other")
TICK_SECONDS = 0.01
BLOCK_FRAMES = 3840  # what the mixer reads at once while nothing moves


def write_music(path: Path, seconds: int, rate: int) -> None:
    """Noise bursts over gliding tones."""
    generator = np.random.default_rng(0)
    with soundfile.SoundFile(path, "w", rate, 2, "PCM_16") as file:
        for second in range(seconds):
            time_s = second + np.arange(rate) / rate
            tone = 0.2 * np.sin(2 * np.pi * (220 + 40 * np.sin(time_s)) * time_s)
            noise = generator.standard_normal((rate, 2)) * 0.2
            file.write(tone[:, None] + noise * np.exp(-(time_s % 0.5) * 12)[:, None])


class Interface:
    """Ticks as a window does, and takes news of the worker on its way."""

    def __init__(self, live: LiveStems) -> None:
        self._live = live
        self._news: object = None
        self.late_ms: list[float] = []
        self.take_ms: list[float] = []

    def wait_for(self, job: SeparationJob, frame: int) -> float:
        """Seconds until a frame can be heard."""
        started = due = time.perf_counter()
        while not any(first <= frame < end for first, end in self._live.spans):
            due += TICK_SECONDS
            time.sleep(max(0.0, due - time.perf_counter()))
            now = time.perf_counter()
            self.late_ms.append(1000 * (now - due))
            due = max(due, now)
            if job.coverage is not None and job.coverage is not self._news:
                self._news = job.coverage
                self._live.follow(job.coverage.path, job.coverage.spans)
                self.take_ms.append(1000 * (time.perf_counter() - now))
            if job.error is not None:
                raise job.error
        return time.perf_counter() - started


def read_cost(live: LiveStems, frame: int, rate: int) -> float:
    """Share of real time that reading all sources takes."""
    seconds, started = 2, time.perf_counter()
    for begin in range(frame, frame + seconds * rate, BLOCK_FRAMES):
        for source in live.sources.values():
            source.read_at(begin, BLOCK_FRAMES)
    return (time.perf_counter() - started) / seconds


def one_song(worker: Worker, song: Path, choice: Choice, place: float) -> dict[str, float]:
    """Separate from a place on, jump once, and give up."""
    mixture = FileStem(song)
    live = LiveStems(mixture, STEMS)
    interface = Interface(live)
    frame = min(round(place * mixture.frames), mixture.frames - 1)
    jump = (frame + mixture.frames // 3) % mixture.frames
    with tempfile.TemporaryDirectory() as output:
        options = SeparateOptions(output=Path(output), overwrite=OverwritePolicy.YES)
        seconds = mixture.frames / mixture.sample_rate
        job = worker.separate(Request(song, seconds, options, choice, Focus(frame)))
        job.start()
        first = interface.wait_for(job, frame)
        cost = read_cost(live, frame, mixture.sample_rate)
        job.listen(Focus(jump))
        again = interface.wait_for(job, jump)
        job.cancel()
        job.wait(60)
    live.close()
    mixture.close()
    return {
        "first": first,
        "again": again,
        "late": max(interface.late_ms),
        "take": max(interface.take_ms),
        "cost": cost,
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=True)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    choice = Choice(wanted.model, "cpu", wanted.threads)
    worker = Worker()
    started = time.perf_counter()
    worker.load(choice)
    while worker.loaded is None and worker.load_error is None:
        time.sleep(0.01)
    if worker.load_error is not None:
        raise worker.load_error
    print(f"process and model ready after {time.perf_counter() - started:.2f} s")
    print(f"load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("rate    playhead  first s (worst)  after a jump s (worst)  late ms  take ms  read")
    with tempfile.TemporaryDirectory() as folder:
        for rate in (44_100, 48_000):
            song = Path(folder) / f"{rate}.wav"
            write_music(song, round(wanted.minutes * 60), rate)
            for name, place in (("start", 0.0), ("middle", 0.5), ("end", 0.98)):
                runs = [one_song(worker, song, choice, place) for _ in range(wanted.rounds)]
                first = [run["first"] for run in runs]
                again = [run["again"] for run in runs]
                print(
                    f"{rate:<7} {name:8} {statistics.median(first):6.2f} ({max(first):.2f})"
                    f"     {statistics.median(again):6.2f} ({max(again):.2f})"
                    f"            {max(run['late'] for run in runs):6.1f}"
                    f"  {max(run['take'] for run in runs):7.2f}"
                    f"  {max(run['cost'] for run in runs):6.1%}",
                    flush=True,
                )
    worker.close()
    told = forecast(wanted.minutes * 60, choice)
    how = "measured" if told.is_measured else "stated"
    print(f"forecast ({how}): {told.seconds:.0f} s, {told.memory_bytes / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
