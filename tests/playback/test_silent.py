from __future__ import annotations

import threading
import time

import pytest

from stemdesk.playback.silent import Deadlines, SilentDevice


class Count:
    def __init__(self, wanted):
        self.wanted, self.times, self.shapes = wanted, [], []
        self.done = threading.Event()
        self.threads = set()

    def __call__(self, out, heard_at_seconds):
        self.times.append(heard_at_seconds)
        self.shapes.append(out.shape)
        self.threads.add(threading.current_thread())
        if len(self.times) >= self.wanted:
            self.done.set()


@pytest.mark.parametrize("block_ms", [5.0, 20.0])
def test_it_calls_once_a_block_on_its_own_clock(block_ms):
    device = SilentDevice(48_000, 2, block_ms)
    count = Count(5)
    device.start(count)
    assert count.done.wait(5)
    device.close()
    steps = [after - before for before, after in zip(count.times, count.times[1:], strict=False)]
    assert steps == pytest.approx([block_ms / 1000] * len(steps), abs=1e-9)
    assert set(count.shapes) == {(round(48 * block_ms), 2)}
    assert device.deadlines.callbacks == len(count.times)
    assert not any(thread.is_alive() for thread in count.threads)


def test_it_never_calls_before_the_deadline():
    device = SilentDevice(48_000, 2, 5.0)
    earliest = []

    def callback(out, heard_at_seconds):
        earliest.append(device.now_seconds() - (heard_at_seconds - 0.005))
        if len(earliest) == 5:
            done.set()

    done = threading.Event()
    device.start(callback)
    assert done.wait(5)
    device.close()
    assert min(earliest) >= -1e-6


def test_a_slow_callback_misses_its_deadline_and_the_next_is_late():
    device = SilentDevice(48_000, 2, 2.0)
    slow, done = iter([True]), threading.Event()

    def callback(out, heard_at_seconds):
        if next(slow, False):
            time.sleep(0.006)
        elif device.deadlines.callbacks > 4:
            done.set()

    device.start(callback)
    assert done.wait(5)
    device.close()
    assert device.deadlines.missed >= 1
    assert device.deadlines.worst_lateness_seconds >= 0.0035


def test_it_does_not_hurry_after_a_long_sleep():
    device = SilentDevice(48_000, 2, 5.0)
    clock = iter([0.0, 0.0, 0.0, 0.0, 0.005, 100.0, 100.0, 100.0])
    last = [100.0]

    def now_seconds():
        last[0] = next(clock, last[0] + 0.001)
        return last[0]

    device.now_seconds = now_seconds
    count = Count(6)
    device.start(count)
    assert count.done.wait(5)
    device.close()
    steps = [after - before for before, after in zip(count.times, count.times[1:], strict=False)]
    assert max(steps) > 99
    assert device.deadlines.callbacks < 1000


def test_counting_can_begin_anew():
    device = SilentDevice(48_000, 2, 1.0)
    device.deadlines = Deadlines(callbacks=99)
    count = Count(3)
    device.start(count)
    assert count.done.wait(5)
    device.deadlines = Deadlines()
    device.close()
    assert device.deadlines.callbacks < 99
    assert device.lost() is None
