"""What the window's user waits for, and how evenly the window lives on beside all other work.

    python tests/benchmarks/interface.py [--only NAMES] [--seconds 60] [--minutes 9] [--rounds 3]
                                         [--hour 60] [--stacks MS]

The real main window, offscreen, each measurement in a process of its own with a home of its own.
The gap is what the turns of the GUI thread's event loop come later than a 5 ms timer asks for;
nothing that the window does or waits for stays hidden from it. Own is the same without the time
in which the thread was ready and other threads and programs had all cores. NAMES, by commas:

    idle      gaps of an empty window: what the machine itself does
    playing   gaps while a song of so many minutes is separated in the child and plays; opening is
              the worst from the drop to the first separated sound
    silent    the same without playing
    fader     gaps and under-runs while a fader is dragged for 10 s, 60 moves a second, over
              effects on every strip
    hour      a song of --hour minutes: from drop to a waveform over the whole song and, read
              frame by frame, to the exact one; memory then
    reopened  a saved project of that song with four stems, drawn before: from opening to a window
              that shows it, lanes and mixer
    first     from drop to the first separated sound, with the model loaded
    start     from the command to the painted window

Times are medians of so many rounds, the worst in brackets. `--stacks` prints where the GUI thread
was when it came later than so many ms, and for how long it computed itself and waited for a core
of the machine meanwhile; the rest is waiting for a lock.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from window_rig import RATE, STEMS, Bench, Gaps, prepare

EFFECTS = {
    "vocals": ("equaliser", "compressor", "reverb"),
    "drums": ("gate", "compressor"),
    "bass": ("equaliser",),
    "other": ("delay", "reverb"),
}
DRAG_SECONDS, MOVES_PER_SECOND = 10, 60


def memory_mib() -> dict[str, float]:
    """Resident now and at most, MiB."""
    status = Path("/proc/self/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in status)
    return {name: int(fields[key].split()[0]) / 1024 for name, key in
            (("rss", "VmRSS"), ("most", "VmHWM"))}  # fmt: skip


def idle(options: argparse.Namespace) -> dict[str, object]:
    bench = Bench()
    gaps = Gaps(options.stacks)
    bench.turn(options.seconds)
    return gaps.found()


def playing(options: argparse.Namespace, *, plays: bool = True) -> dict[str, object]:
    bench = Bench(waits_for_model=True)
    gaps = Gaps(options.stacks)
    end = time.perf_counter() + options.seconds
    bench.drop(options.folder / "song.wav")
    bench.until(lambda: bench.bench.shown.coverage)
    opening = gaps.forget()
    if plays:
        bench.window.playing.play_or_pause()
    bench.until(lambda: time.perf_counter() > end)
    statistics_ = bench.bench.stage.listening.player.statistics()
    work = bench.bench.track.separated is None
    return {**gaps.found(), "opening": opening, "underruns": statistics_.underruns,
            "separating": work, **memory_mib()}  # fmt: skip


def silent(options: argparse.Namespace) -> dict[str, object]:
    return playing(options, plays=False)


def fader(options: argparse.Namespace) -> dict[str, object]:
    from PySide6.QtCore import Qt, QTimer

    bench = Bench(separates=False)
    bench.window.filing.open_project(options.folder / "short.stemdesk")
    for stem, kinds in EFFECTS.items():
        for kind in kinds:
            bench.window.mixing.add_effect(stem, kind)
    bench.turn(3.0)
    bench.window.playing.play_or_pause()
    bench.until(lambda: bench.bench.stage.position_frames > RATE)
    player = bench.bench.stage.listening.player
    player.forget_statistics()
    gaps, moves = Gaps(options.stacks), []
    hand = QTimer(interval=round(1000 / MOVES_PER_SECOND), timerType=Qt.TimerType.PreciseTimer)
    mixer = bench.window.mixer

    def move() -> None:
        moves.append(-20.0 + (len(moves) % 200) / 10)
        mixer.parameter_changed.emit("vocals.level_db", moves[-1])

    hand.timeout.connect(move)
    mixer.touched.emit("vocals.level_db", True)
    hand.start()
    bench.turn(DRAG_SECONDS)
    hand.stop()
    mixer.touched.emit("vocals.level_db", False)
    bench.turn(0.1)
    statistics_ = player.statistics()
    bench.bench.papers.give_up()  # or the next round would be asked whether to recover
    bench.bench.papers.close()
    return {**gaps.found(), "underruns": statistics_.underruns,
            "load": statistics_.render_factor, "moves": len(moves)}  # fmt: skip


def hour(options: argparse.Namespace) -> dict[str, object]:
    bench = Bench(waits_for_model=True)
    gaps = Gaps(options.stacks)
    bench.drop(options.folder / "hour.wav")
    seconds = bench.painted("mixture")
    found = {"seconds": seconds, "gap": max(gaps.late_ms)}
    exact = bench.until(lambda: any(options.folder.glob("home/**/peaks/*.npy")))
    return {**found, "exact": seconds + exact, **memory_mib(), "stacks": gaps.found()["stacks"]}


def reopened(options: argparse.Namespace) -> dict[str, object]:
    bench = Bench()
    gaps = Gaps(options.stacks)
    started = time.perf_counter()
    bench.window.filing.open_project(options.folder / "long.stemdesk")
    blocked = time.perf_counter() - started
    bench.painted("mixture", *STEMS)
    seconds = time.perf_counter() - started
    bench.turn(5.0)  # files are checked in the background meanwhile
    return {"seconds": seconds, "blocked": blocked, **gaps.found(), **memory_mib()}


def first(options: argparse.Namespace) -> dict[str, object]:
    bench = Bench(waits_for_model=True)
    bench.drop(options.folder / "song.wav")
    seconds = bench.until(lambda: any(a <= 0 < b for a, b in bench.bench.shown.coverage))
    bench.window.playing.play_or_pause()
    seconds += bench.until(lambda: bench.bench.stage.position_frames > 0)
    return {"seconds": seconds}


def start(options: argparse.Namespace) -> dict[str, object]:
    """As ``python -m stemdesk app`` does it, with a window that tells when it is painted."""
    import stemdesk.__main__ as program

    def open_window(paths) -> int:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from stemdesk.ui import application

        class Told(application.MainWindow):
            def paintEvent(self, event) -> None:  # noqa: N802
                super().paintEvent(event)
                QTimer.singleShot(0, self.tell)

            def tell(self) -> None:
                tell({"seconds": time.monotonic() - options.begun})
                os._exit(0)

        application.MainWindow = Told
        assert QApplication.instance() is None
        return application.run_app(paths)

    program._open_window = open_window
    sys.argv = ["stemdesk", "app"]
    program.main()
    raise AssertionError("the window was never painted")


def draw_project(options: argparse.Namespace) -> dict[str, object]:
    """Open the long project for the first time, until its lanes are drawn and kept."""
    bench = Bench()
    bench.window.filing.open_project(options.folder / "long.stemdesk")
    seconds = bench.painted("mixture", *STEMS)
    bench.until(lambda: len(list(options.folder.glob("home/**/peaks/*.npy"))) >= 5)
    return {"seconds": seconds}


MEASUREMENTS = {
    "idle": idle,
    "playing": playing,
    "silent": silent,
    "fader": fader,
    "hour": hour,
    "reopened": reopened,
    "first": first,
    "start": start,
    "draw": draw_project,
}
NAMES = tuple(MEASUREMENTS)[:-1]
KEPT_HOME = ("reopened", "draw")
GAPS = ("idle", "playing", "silent", "fader")


def tell(found: dict[str, object]) -> None:
    print(f"\n{json.dumps(found)}", flush=True)


def run_child(name: str, folder: Path, options: argparse.Namespace) -> dict[str, object]:
    """One measurement in a process of its own."""
    home = folder / "home"
    if name not in KEPT_HOME:
        shutil.rmtree(home, ignore_errors=True)
    command = [sys.executable, __file__, "--child", name, "--folder", str(folder)]
    command += ["--seconds", str(options.seconds), "--begun", str(time.monotonic())]
    command += ["--stacks", str(options.stacks)] if options.stacks else []
    environment = {**os.environ, "STEMDESK_HOME": str(home), "HOME": str(home)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed ({done.returncode}):\n{done.stdout}")
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    for at, late_ms, ran, waited, stack in found.get("stacks", ()):
        print(
            f"    at {at:5.1f} s {late_ms:6.1f} ms late, {ran:6.1f} at work,"
            f" {waited:6.1f} without a core: {stack}"
        )
    return found


def line(name: str, folder: Path, options: argparse.Namespace) -> str:
    if name in GAPS:
        found = run_child(name, folder, options)
        told = ("opening", "underruns", "load", "moves", "rss", "separating")
        more = [f"{key} {found[key]:.4g}" for key in told if key in found]
        return (
            f"{name:9} {found['p50']:8.2f} {found['p99']:8.2f} {found['worst']:8.2f}"
            f" {found['own99']:8.2f} {found['ownworst']:8.2f}"
            f" {found['over']:6d} of {found['turns']:<7d} {', '.join(more)}"
        )
    if name == "reopened":
        run_child("draw", folder, options)
    runs = [run_child(name, folder, options) for _ in range(options.rounds)]
    told = []
    for key in runs[0]:
        if key not in ("stacks", "over", "turns", "p50", "own99", "ownworst"):
            values = [run[key] for run in runs]
            told.append(f"{key} {statistics.median(values):.4g} ({max(values):.4g})")
    return f"{name:9} {', '.join(told)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=lambda text: tuple(text.split(",")), default=NAMES)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float, default=9.0)
    parser.add_argument("--hour", type=float, default=60.0, help="minutes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stacks", type=float, help="ms")
    for name, kind in (("child", str), ("folder", Path), ("begun", float)):
        parser.add_argument(f"--{name}", type=kind, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        tell(MEASUREMENTS[options.child](options))
        sys.stdout.flush()
        os._exit(0)
    print(f"load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["STEMDESK_HOME"] = str(folder / "preparing")
        prepare(folder, options)
        print(
            "gaps, ms  ",
            *(f"{h:>8}" for h in ("p50", "p99", "worst", "own p99", "worst", "over 16")),
        )
        for name in options.only:
            print(line(name, folder, options), flush=True)


if __name__ == "__main__":
    main()
