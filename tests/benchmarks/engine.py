"""What a warm model is worth: the command line, cold each time, against jobs of an engine.

    python tests/benchmarks/engine.py [SONG] [--seconds 10] [--threads 1] [--rounds 3]

The same part of the same song, at the same number of threads. "begins" is from the call until the
network gets its first samples (for the command line, until its first progress past the loading),
"ends" until the stems are on disk and checked. The engine of "cold" loads its model with the first
job, that of "warm" at its start; jobs after the first find it in place in both. Of several rounds
the fastest counts, for the others say more about what else the machine was at.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.engine.client import EngineClient
from stemdesk.app.engine.info import read_info

if TYPE_CHECKING:
    from collections.abc import Sequence

LOADED_STAGES = ("separating", "writing", "checking")
JOBS = ("first", "second", "third")
PROGRAM = [sys.executable, "-P", "-m", "stemdesk"]
Times = tuple[float, float]
"""Seconds until the work begins, and until it ends."""


def command_line(options: argparse.Namespace, out: Path) -> Times:
    """One `stemdesk separate`, from its start to its end."""
    command = [
        *(*PROGRAM, "separate", str(options.song), "--output", str(out), "--json"),
        *("--duration", str(options.seconds), "--threads", str(options.threads)),
        *(("--model", options.model) if options.model else ()),
    ]
    started, begun = time.perf_counter(), None
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        for line in child.stdout:
            if begun is None and json.loads(line).get("stage") in LOADED_STAGES:
                begun = time.perf_counter()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    ended = time.perf_counter()
    return (begun or ended) - started, ended - started


def engine_jobs(options: argparse.Namespace, out: Path, *, is_warm: bool) -> list[Times]:
    """Jobs of an engine of its own."""
    command = [*PROGRAM, "engine", "--no-bridge", "--threads", str(options.threads)]
    command += ["--model", options.model] if options.model else []
    command += [] if is_warm else ["--cold"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        while read_info() is None:
            if child.poll() is not None:
                raise SystemExit("the engine does not start")
            time.sleep(0.01)
        with EngineClient.connect() as client:
            while is_warm and client.call("status")["loaded"] is None:
                time.sleep(0.05)
            times = [
                job(client, options, out / f"{is_warm}{number}") for number in range(len(JOBS))
            ]
            client.call("shutdown")
    return times


def job(client: EngineClient, options: argparse.Namespace, out: Path) -> Times:
    """One job, from the call to its end."""
    begun: list[float] = []

    def report(told: dict[str, object]) -> None:
        if not begun and told["stage"] in LOADED_STAGES:
            begun.append(time.perf_counter())

    started = time.perf_counter()
    number = client.call(
        "separate", input=str(options.song), output=str(out), duration_seconds=options.seconds
    )["job"]
    client.wait(number, report)
    ended = time.perf_counter()
    return (begun[0] if begun else ended) - started, ended - started


def fastest(rounds: Sequence[Times]) -> Times:
    """The least of each."""
    return min(begins for begins, _ in rounds), min(ends for _, ends in rounds)


def arguments() -> argparse.Namespace:
    """Of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    demo = Path(__file__).parents[2] / "stemdesk" / "demo" / "first_light.flac"
    parser.add_argument("song", nargs="?", type=Path, default=demo)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    options.song = options.song.absolute()
    return options


def main() -> None:
    """Measure and print the table."""
    options = arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["STEMDESK_HOME"] = str(folder / "home")
        rows: dict[str, list[Times]] = {}
        for number in range(options.rounds):
            out = folder / str(number)
            rows.setdefault("command line", []).append(command_line(options, out / "cli"))
            for title, is_warm in (("cold engine", False), ("warm engine", True)):
                for which, times in zip(
                    JOBS, engine_jobs(options, out, is_warm=is_warm), strict=True
                ):
                    rows.setdefault(f"{title}, {which} job", []).append(times)
    print(f"{options.seconds:g} s of {options.song.name}, {options.threads} thread(s)")
    base = fastest(rows["command line"])[1]
    for title, rounds in rows.items():
        begins, ends = fastest(rounds)
        print(f"{title:<26} begins {begins:6.2f} s  ends {ends:6.2f} s  {base / ends:5.2f} x")


if __name__ == "__main__":
    main()
