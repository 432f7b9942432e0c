"""What a paint of the timeline costs with a one-hour song.

    python tests/benchmarks/timeline.py [--paints N] [--width PX] [--height PX]

Five lanes (mixture and four stems, stereo, 44.1 kHz), offscreen. Shown is the time from the wheel,
the key or the playhead's step to the finished paint, in ms: median, 99th percentile and the worst.
CPU is the processor time of a paint, mean, which a busy machine does not change. 50 frames a second
leave 20 ms. Scrolling goes on at a zoom where each paint needs new columns, read
from the pyramid and, closer by, from the samples; each zoom step draws every column anew.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from stemdesk.audio.peaks import BASE_FRAMES, Peaks
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import MediaRef, Span, StemSet, Tempo, Track
from stemdesk.ui.theme import apply_theme
from stemdesk.ui.timeline.view import TimelineView

RATE = 44_100
HOUR = 3600 * RATE // BASE_FRAMES * BASE_FRAMES
STEMS = ("vocals", "drums", "bass", "other")


class RepeatedPeaks:
    """An hour made of one stretch over and over: pyramid and samples of the real thing."""

    def __init__(self, pyramid: Peaks, stretch: np.ndarray) -> None:
        self._pyramid, self._stretch = pyramid, np.tile(stretch, 2)
        self.frames, self.sample_rate, self.channels = HOUR, RATE, 2
        self.known_spans = (Span(first_frame=0, end_frame=HOUR),)

    def columns(self, first_frame, end_frame, count):
        return self._pyramid.columns(first_frame, end_frame, count)

    def samples(self, first_frame, end_frame):
        first = first_frame % (self._stretch.shape[1] // 2)
        return self._stretch[:, first : first + end_frame - first_frame]


def hour(seed: int) -> RepeatedPeaks:
    rng = np.random.default_rng(seed)
    length = BASE_FRAMES * 4096
    swell = np.abs(np.sin(np.linspace(0, 40 * np.pi, length, dtype=np.float32)))
    stretch = (rng.normal(0, 0.25, (2, length)) * swell).astype(np.float32)
    pyramid = Peaks(RATE, 2, HOUR)
    for first in range(0, HOUR, length):
        pyramid.put(first, stretch[:, : HOUR - first])
    return RepeatedPeaks(pyramid, stretch)


def track() -> Track:
    ref = MediaRef(path="song.wav", frames=HOUR, sample_rate=RATE, channels=2)
    separated = StemSet(model="none", stems=dict.fromkeys(STEMS, ref))
    tempo = Tempo(bpm=120.0)
    mix = neutral(STEMS)
    return Track(id="1", name="Song", mixture=ref, separated=separated, mix=mix, tempo=tempo)


def wheel(view: TimelineView, at: QPointF, notches: float, held: Qt.KeyboardModifier) -> None:
    turn = QPoint(0, round(120 * notches))
    where = view.canvas.mapTo(view, at)
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def timed(paints: int, step) -> tuple[list[float], float]:
    took = []
    busy = time.process_time()
    for number in range(paints):
        started = time.perf_counter()
        step(number)
        QApplication.processEvents()
        took.append((time.perf_counter() - started) * 1e3)
    return took, (time.process_time() - busy) / paints * 1e3


def report(name: str, timing: tuple[list[float], float]) -> None:
    took, busy = sorted(timing[0]), timing[1]
    p99 = took[min(len(took) - 1, round(len(took) * 0.99))]
    median = statistics.median(took)
    print(f"{name:<44} {median:8.2f} {p99:8.2f} {took[-1]:8.2f} {busy:8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--paints", type=int, default=200)
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    options = parser.parse_args()
    app = QApplication([])
    apply_theme(app, "dark")
    view = TimelineView()
    view.resize(options.width, options.height)
    view.show()
    view.show_track(track())
    for number, lane in enumerate(("mixture", *STEMS)):
        view.set_peaks(lane, hour(number))
    app.processEvents()
    middle = QPointF(view.canvas.width() / 2, 200)
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    print(f"{'ms a paint':<44} {'median':>8} {'p99':>8} {'worst':>8} {'CPU':>8}")
    deepest = 66  # notches from the hour to 20 pixels a sample

    def zoom(number: int) -> None:
        inwards = number // deepest % 2 == 0
        wheel(view, middle, 1.0 if inwards else -1.0, control)

    report("zoom at the pointer, hour to samples and back", timed(options.paints, zoom))
    for label, seconds in (("20 min", 1200.0), ("20 s", 20.0), ("1 s", 1.0)):
        start = HOUR / 3
        view.scene.view = view.scene.view.fitted(start, start + seconds * RATE)
        view.refresh_view()
        app.processEvents()
        # To and fro, so that it stays within the song.
        took = timed(
            options.paints,
            lambda number: wheel(view, middle, -0.25 if number % 40 < 20 else 0.25, shift),
        )
        report(f"scroll, {label} in view", took)
    view.fit_song()
    view.scene.view = view.scene.view.fitted(HOUR / 3, HOUR / 3 + 20 * RATE)
    view.refresh_view()
    app.processEvents()
    first = int(view.scene.view.first_frame)
    report(
        "playhead, a thirtieth of a second on",
        timed(options.paints, lambda number: view.set_position(first + (number + 1) * RATE // 30)),
    )
    report("everything, nothing moved", timed(options.paints, lambda _: view.repaint_song()))
    view.close()


if __name__ == "__main__":
    main()
