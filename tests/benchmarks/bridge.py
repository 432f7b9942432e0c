"""What the StemDesk Bridge plug-in takes of the audio thread, and how fast stems reach it.

    python tests/benchmarks/bridge.py

Builds the plug-in's own code (g++, make), writes one minute of four stereo stems at 48 kHz and
plays ten seconds of them in blocks after ten to warm up: medians of five rounds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from stemdesk.app.bridge.slots import numbered_slot, slots_folder  # noqa: E402
from stemdesk.app.bridge.stem_file import write_stem_file  # noqa: E402
from tests.plugins.bridge.rig import SOURCE, noise_track  # noqa: E402

WAYS = ("all at 0 dB", "one level moved", "four levels moved", "four automated", "capturing")
BLOCKS_FRAMES = (64, 512)
ROUNDS = 5
RATE_HZ = 48_000


def build(folder: Path) -> Path:
    """The program that plays."""
    make = ["make", "-s", "-j2", "-C", str(SOURCE), f"BUILD={folder}", "core"]
    subprocess.run(make, check=True)
    program = folder / "hammer"
    source = ROOT / "tests" / "plugins" / "bridge" / "hammer.cpp"
    objects = sorted(map(str, (folder / "core").glob("*.o")))
    command = ["g++", "-std=gnu++17", "-O2", f"-I{SOURCE / 'src'}", str(source), *objects]
    subprocess.run([*command, "-lpthread", "-o", str(program)], check=True)
    return program


def measure(program: Path, block_frames: int) -> list[tuple[float, float]]:
    """Mean and 99th percentile of a block's microseconds, for each way of playing."""
    ran = subprocess.run(
        [str(program), "time", str(block_frames)], check=True, capture_output=True, text=True
    )
    return [(float(mean), float(slow)) for mean, slow in map(str.split, ran.stdout.splitlines())]


def main() -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["STEMDESK_HOME"] = str(folder / "home")
        program = build(folder / "build")
        paths = noise_track(seconds=60.0, rate=RATE_HZ).write_stems(folder / "stems")
        slot = numbered_slot(slots_folder(), 1)
        slot.mkdir(parents=True)
        began = time.perf_counter()
        target = slot / "stems-000000001.sdstems"
        write_stem_file(target, paths, 0)
        seconds = time.perf_counter() - began
        size_mib = target.stat().st_size / (1 << 20)
        print(f"A minute of four stereo stems: {size_mib:.0f} MiB, written in {seconds:.2f} s\n")
        print("| block | playing | mean µs | 99 % below | of the time there is |")
        print("|---|---|---|---|---|")
        for block_frames in BLOCKS_FRAMES:
            rounds = [measure(program, block_frames) for _ in range(ROUNDS)]
            for number, way in enumerate(WAYS):
                mean_us = statistics.median(each[number][0] for each in rounds)
                slow_us = statistics.median(each[number][1] for each in rounds)
                share = mean_us / (block_frames / RATE_HZ * 1e6)
                print(f"| {block_frames} | {way} | {mean_us:.2f} | {slow_us:.2f} | {share:.2%} |")


if __name__ == "__main__":
    main()
