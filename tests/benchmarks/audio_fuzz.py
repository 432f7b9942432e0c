"""Thousands of damaged sound files of every format that is read: what goes wrong with them.

    python tests/benchmarks/audio_fuzz.py [--files 10000] [--seed 1]

Prints crashes, hangs, tracebacks, lines that a library wrote on stderr, the largest memory, and how
many cut files were taken as whole without a word. All but the memory should be 0. The files are
read in child processes, so that a crash is counted and the rest goes on.
"""

from __future__ import annotations

import argparse
import collections
import io
import os
import resource
import select
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import numpy as np
import soundfile

HANG_SECONDS = 30.0
MOST_SHOWN = 20
# With no length anywhere, so that nobody can tell a cut file from a whole one.
PROMISE_NOTHING = frozenset({"IRCAM", "PVF", "PAF", "XI", "SVX_DPCM", "HTK"})
WITH_FFMPEG = ("m4a", "wma", "ac3", "eac3", "aac", "mka", "webm", "wv", "tta", "mp2", "avi", "flv")
FRAMES = 20_000
RATE = 44_100
MUTATIONS = ("flip", "head", "cut", "insert", "remove", "zero", "extreme", "join")


def seeds(folder: Path) -> dict[str, bytes]:
    """A whole file of each kind, by name."""
    t = np.arange(FRAMES) / RATE
    rng = np.random.default_rng(0)
    tone = 0.4 * np.sin(2 * np.pi * 220 * t) + 0.05 * rng.standard_normal(FRAMES)
    both = np.stack([tone, 0.5 * tone], axis=1)
    made = {}
    for kind in sorted(set(soundfile.available_formats()) - {"RAW", "SD2"}):
        for subtype in sorted(soundfile.available_subtypes(kind)):
            for channels in (2, 1):
                buffer = io.BytesIO()
                try:
                    soundfile.write(buffer, both[:, :channels], RATE, subtype, format=kind)
                except (soundfile.LibsndfileError, ValueError):
                    continue
                made[f"{kind}_{subtype}"] = buffer.getvalue()
                break
    soundfile.write(folder / "s.wav", both, RATE)
    for suffix in WITH_FFMPEG:
        target = folder / f"s.{suffix}"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", folder / "s.wav", target]
        if subprocess.run(command, check=False).returncode == 0:
            made[f"FFMPEG_{suffix}"] = target.read_bytes()
    return made


def mutated(data: bytes, how: str, rng: np.random.Generator) -> bytes:
    """A copy with some damage."""
    size, out = len(data), bytearray(data)
    place, count = int(rng.integers(size)), int(rng.integers(1, max(2, size // 20)))
    if how == "flip":
        for spot in rng.integers(size, size=int(rng.integers(1, 20))):
            out[spot] ^= int(rng.integers(1, 256))
    elif how == "head":
        for spot in rng.integers(min(size, 200), size=int(rng.integers(1, 6))):
            out[spot] = int(rng.integers(256))
    elif how == "cut":
        del out[max(1, place) :]
    elif how == "insert":
        out[place:place] = rng.integers(256, size=count).astype(np.uint8).tobytes()
    elif how == "remove":
        del out[place : place + count]
    elif how == "zero":
        out[place : place + count] = bytes(min(count, size - place))
    elif how == "extreme":
        spot = int(rng.integers(max(1, min(size, 120) - 8)))
        width, value = int(rng.choice([2, 4, 8])), int(rng.choice([0, 0x7F, 0x80, 0xFF]))
        out[spot : spot + width] = bytes([value]) * width
    else:
        out += data
    return bytes(out)


def case(made: dict[str, bytes], number: int, seed: int) -> tuple[str, str, bytes]:
    """Name of the whole file, kind of damage, and the damaged bytes of one case."""
    rng = np.random.default_rng((seed, number))
    names = sorted(made)
    light = [name for name in names if not name.startswith("FFMPEG_")]
    # What ffmpeg reads costs two processes each; one file in twelve is such a one.
    name = str(rng.choice(names if number % 4 == 0 else light))
    how = str(rng.choice(MUTATIONS))
    return name, how, mutated(made[name], how, rng)


def child(first: int, last: int, seed: int) -> None:
    """Reads cases `first` to `last - 1`; says before each which one it is, then what came of it."""
    from stemdesk.audio.reading import open_audio
    from stemdesk.errors import UserError

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = seeds(folder)
        whole: dict[str, int] = {}
        for number in range(first, last):
            name, how, data = case(made, number, seed)
            print(f"begin {number} {name} {how}", flush=True)
            path = folder / "case"
            path.write_bytes(data)
            outcome = "refused"
            try:
                frames, remarks = _read(path, open_audio)
                outcome = "remarked" if remarks else "taken"
                if how == "cut" and not remarks and name.split("_", 1)[0] not in PROMISE_NOTHING:
                    path.write_bytes(made[name])
                    if name not in whole:
                        whole[name] = _read(path, open_audio)[0]
                    outcome = "silent" if frames < whole[name] else "taken"
            except UserError:
                pass
            except Exception:  # noqa: BLE001 - that is what is looked for
                outcome = "traceback"
                print("trace " + traceback.format_exc().strip().replace("\n", " | ")[-600:])
            peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"end {number} {outcome} {peak_kb}", flush=True)


def _read(path: Path, open_audio: object) -> tuple[int, tuple[str, ...]]:
    with open_audio(path) as reader:  # type: ignore[operator]
        frames = 0
        while (block := reader.read(1 << 16)).shape[1]:
            frames += block.shape[1]
        return frames, reader.remarks


class Campaign:
    """All cases, through as many children as it takes."""

    def __init__(self, files: int, seed: int) -> None:
        self.files, self.seed = files, seed
        self.counts: collections.Counter[str] = collections.Counter()
        self.peak_kb = 0
        self.shown: list[str] = []

    def run(self) -> None:
        """From the first to the last; a child that dies or hangs is replaced behind that case."""
        following = 0
        while following < self.files:
            following = self._one_child(following)

    def _one_child(self, first: int) -> int:
        command = [sys.executable, __file__, "--child", str(first), str(self.files)]
        command += ["--seed", str(self.seed)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, env=environment, bufsize=0
            ) as process,
        ):
            current, subject, following = first, "", first
            assert process.stdout is not None
            while line := self._line(process):
                word, *rest = line.split(" ", 3)
                if word == "begin":
                    current, subject = int(rest[0]), " ".join(rest[1:])
                elif word == "end":
                    following = current + 1
                    self._note(rest[1], subject, current)
                    self.peak_kb = max(self.peak_kb, int(rest[2]))
                else:
                    self.counts["library lines"] += word != "trace"
                    self._show(line)
            hangs = process.poll() is None and following < self.files
            if hangs:
                process.kill()
            process.wait()
            errors.seek(0)
            noise = errors.read().decode(errors="replace").splitlines()
            self.counts["library lines"] += len(noise)
            for text in noise[:3]:
                self._show(f"stderr: {text}")
            if following < self.files:
                self._note("hang" if hangs else "crash", subject, current)
                following = current + 1
        return following

    @staticmethod
    def _line(process: subprocess.Popen[bytes]) -> str:
        """The child's next line; empty when it ends or takes too long."""
        assert process.stdout is not None
        # The pipe is not buffered, so that what is ready is what the system has.
        ready, _, _ = select.select([process.stdout], [], [], HANG_SECONDS)
        return process.stdout.readline().decode().rstrip("\n") if ready else ""

    def _note(self, outcome: str, subject: str, number: int) -> None:
        self.counts[outcome] += 1
        if outcome not in ("taken", "remarked", "refused"):
            self._show(f"{outcome}: case {number}, {subject}")

    def _show(self, text: str) -> None:
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(text)
            print(f"  {text}", flush=True)


def main() -> int:
    """0 if nothing went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=int, nargs=2, metavar=("FIRST", "LAST"))
    options = parser.parse_args()
    if options.child:
        child(*options.child, options.seed)
        return 0
    campaign, started = Campaign(options.files, options.seed), time.monotonic()
    campaign.run()
    counts = campaign.counts
    print(f"{options.files} files, seed {options.seed}, {time.monotonic() - started:.0f} s")
    for title, key in (
        ("read whole", "taken"),
        ("read with a remark", "remarked"),
        ("refused", "refused"),
        ("crashes", "crash"),
        ("hangs", "hang"),
        ("tracebacks", "traceback"),
        ("lines of libraries on the terminal", "library lines"),
        ("taken although shorter than promised", "silent"),
    ):
        print(f"{title:38} {counts[key]}")
    print(f"{'peak memory':38} {campaign.peak_kb / 1024:.0f} MiB")
    return int(
        any(counts[key] for key in ("crash", "hang", "traceback", "library lines", "silent"))
    )


if __name__ == "__main__":
    sys.exit(main())
