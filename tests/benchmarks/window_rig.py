"""The real main window, offscreen, for benchmarks: its turns, and how late they come."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

RATE = 44_100
STEMS = ("vocals", "drums", "bass", "other")
TICK_MS = 5
PATIENCE_SECONDS = 600.0
TARGET_MS = 16.0


def write_song(path: Path, seconds: float) -> None:
    """Noise bursts over gliding tones; a minute, over and over."""
    import numpy as np
    import soundfile

    time_s = np.arange(60 * RATE) / RATE
    tone = 0.2 * np.sin(2 * np.pi * (220 + 40 * np.sin(time_s)) * time_s)
    noise = 0.2 * np.random.default_rng(0).standard_normal((len(time_s), 2))
    minute = tone[:, None] + noise * np.exp(-(time_s % 0.5) * 12)[:, None]
    left = round(seconds * RATE)
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        while left:
            file.write(minute[:left])
            left -= min(left, len(minute))


class Bench:
    """The window, and turns of its event loop."""

    def __init__(self, *, separates: bool = True, waits_for_model: bool = False) -> None:
        from PySide6.QtWidgets import QApplication

        from stemdesk.app.bench.workbench import Workbench
        from stemdesk.settings import Preferences
        from stemdesk.ui.main_window import MainWindow
        from stemdesk.ui.theme import apply_theme

        self.app = QApplication.instance() or QApplication([])
        apply_theme(self.app, "dark")
        wishes = Preferences(audio_device="silent", welcomed=True, separate_on_open=separates)
        self.bench = Workbench(wishes)
        self.window = MainWindow(self.bench)
        self.window.show()
        if waits_for_model:
            self.bench.processor.warm_up()
            self.until(lambda: self.bench.processor.worker.loaded)
        self.turn(1.0)

    def until(self, condition) -> float:
        """Let the loop turn until something is so; how many seconds that took."""
        from PySide6.QtCore import QEventLoop, QTimer

        started, loop = time.perf_counter(), QEventLoop()
        asking = QTimer(interval=1)

        def ask() -> None:
            if condition() or time.perf_counter() - started > PATIENCE_SECONDS:
                loop.quit()

        asking.timeout.connect(ask)
        asking.start()
        loop.exec()
        if not condition():
            raise SystemExit("what was waited for did not come")
        return time.perf_counter() - started

    def turn(self, seconds: float) -> None:
        """Let the loop turn."""
        end = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() >= end)

    def drop(self, path: Path) -> None:
        """As from a file manager."""
        from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
        from PySide6.QtGui import QDropEvent

        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        self.window.dropEvent(QDropEvent(QPointF(300, 300), copy, data, left, none))

    def is_drawn(self, *lanes: str) -> bool:
        """Whether the timeline has something to draw everywhere in these lanes."""
        track, scene = self.bench.track, self.window.timeline.scene
        return track is not None and all(
            lane in scene.peaks
            and [(span.first_frame, span.end_frame) for span in scene.peaks[lane].known_spans]
            == [(0, track.mixture.frames)]
            for lane in lanes
        )

    def painted(self, *lanes: str) -> float:
        """Seconds until the timeline has been painted with these lanes drawn."""
        from PySide6.QtCore import QEvent, QObject

        canvas, seen = self.window.timeline.canvas, []

        class Watch(QObject):
            def eventFilter(_, watched, event):  # noqa: N802, N805
                if watched is canvas and event.type() == QEvent.Type.Paint and not seen:
                    shown = self.window.timeline._seen
                    if self.is_drawn(*lanes) and all(shown.get(lane) for lane in lanes):
                        seen.append(True)
                return False

        watch = Watch()
        canvas.installEventFilter(watch)
        started = time.perf_counter()
        self.until(lambda: seen)
        canvas.removeEventFilter(watch)
        return time.perf_counter() - started


class Clock:
    """How long this thread has run so far, and waited for a core, ms; only Linux knows."""

    def __init__(self) -> None:
        try:
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self._file = -1

    def __call__(self) -> tuple[float, float]:
        if self._file < 0:
            return 1000 * time.thread_time(), 0.0
        ran, waited, _ = os.pread(self._file, 100, 0).split()
        return int(ran) / 1e6, int(waited) / 1e6


class Gaps:
    """How late the event loop's turns come."""

    def __init__(self, stacks_ms: float | None) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late_ms: list[float] = []
        self.own_ms: list[float] = []
        self.stacks: list[tuple[float, float, float, float, str]] = []
        self._stacks_ms, self._thread = stacks_ms, threading.get_ident()
        self._clock, self._seen = Clock(), ""
        self._began = self._last = time.perf_counter()
        self._spent = self._clock()
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        if stacks_ms is not None:
            threading.Thread(target=self._watch, daemon=True).start()

    def forget(self) -> float:
        """Begin anew; the worst so far, ms."""
        worst = max(self.late_ms)
        self.late_ms.clear()
        self.own_ms.clear()
        return worst

    def _tick(self) -> None:
        now, spent = time.perf_counter(), self._clock()
        ran, waited = (b - a for a, b in zip(self._spent, spent, strict=True))
        late_ms = max(0.0, 1000 * (now - self._last) - TICK_MS)
        self.late_ms.append(late_ms)
        self.own_ms.append(max(0.0, late_ms - waited))
        if self._stacks_ms is not None and late_ms > self._stacks_ms:
            self.stacks.append((now - self._began, late_ms, ran, waited, self._seen))
        self._last, self._spent, self._seen = now, spent, ""

    def _watch(self) -> None:
        while True:
            time.sleep(0.002)
            if 1000 * (time.perf_counter() - self._last) > TICK_MS + 0.7 * self._stacks_ms:
                self._seen = self._seen or self._place()

    def _place(self) -> str:
        """Where the GUI thread is; no frame is held for long, for it may hold a painter."""
        frame, places = sys._current_frames()[self._thread], []
        while frame is not None:
            code = frame.f_code
            places.append((code.co_filename, frame.f_lineno, code.co_name))
            frame = frame.f_back
        told = places[:1] + [place for place in places[1:] if "stemdesk" in place[0]][:5]
        return " < ".join(f"{Path(file).name}:{at} {name}" for file, at, name in told)

    def found(self) -> dict[str, object]:
        late, own = sorted(self.late_ms), sorted(self.own_ms)
        place = int(0.99 * len(late))
        return {
            "p50": statistics.median(late),
            "p99": late[place],
            "worst": late[-1],
            "own99": own[place],
            "ownworst": own[-1],
            "over": sum(each > TARGET_MS for each in late),
            "turns": len(late),
            "stacks": sorted(self.stacks),
        }


def prepare(folder: Path, options: argparse.Namespace) -> None:
    """Songs and saved projects; a song's first stem is the song, the others are silence."""
    import soundfile

    from stemdesk.mixing.settings import neutral
    from stemdesk.project.document import MediaRef, StemSet, changed
    from stemdesk.project.edits.tracks import add_track, new_track
    from stemdesk.project.project_file import ProjectFile

    for song, project, minutes in (
        ("song.wav", "short", options.minutes),
        ("hour.wav", "long", options.hour),
    ):
        write_song(folder / song, 60 * minutes)
        if not {"reopened", "fader"} & set(options.only):
            continue
        frames = soundfile.info(folder / song).frames
        silence = folder / "silence.wav"
        shutil.copyfile(folder / song, silence)
        with silence.open("r+b") as file:  # a hole instead of samples
            file.truncate(44)
            file.truncate(44 + 4 * frames)
        file = ProjectFile.create()
        media = file.folder / "media"
        media.mkdir(exist_ok=True)
        refs = {}
        for index, name in enumerate(("mixture", *STEMS)):
            path = media / f"{index:012x}.wav"
            os.link(folder / song if index < 2 else silence, path)
            refs[name] = MediaRef(
                path=f"media/{path.name}", frames=frames, sample_rate=RATE, channels=2
            )
        track = new_track(project, refs.pop("mixture"))
        track = changed(track, separated=StemSet(model="none", stems=refs), mix=neutral(STEMS))
        file.save_as(folder / project, add_track(file.loaded.project, track))
        file.close()
        silence.unlink()
