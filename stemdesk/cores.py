"""How many threads the processor has room for."""

from __future__ import annotations

import functools
import math
import os
import time
from pathlib import Path

from stemdesk.processes import threads_spin

_GROUP = Path("/sys/fs/cgroup")
_STAT = Path("/proc/stat")
_WATCHED_SECONDS = 0.1
_IDLE_FIELDS = (4, 5)  # of a line of /proc/stat: idle, and waiting for a disk


def usual_threads() -> int:
    """Threads for offline work: what OMP_NUM_THREADS says, or else all physical cores.

    On a busy machine as many threads are as quick as fewer, as long as they sleep while they wait
    (tests/benchmarks/busy_machine.py). Where they spin, in a program that had loaded torch before
    StemDesk, only the cores count that are idle when this is first called.
    """
    wanted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    return _idle_cores() if threads_spin() else physical_cores()


def physical_cores() -> int:
    """Physical cores this process may use: hyper-threads only get in each other's way here.

    A container's share of the processor counts, rounded down.
    """
    siblings = set()
    for cpu in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list"):
        siblings.add(cpu.read_text().strip())
    limits = [_allowed(), len(siblings) or _allowed(), math.floor(_group_share())]
    return max(1, min(limits))


def _allowed() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _group_share() -> float:
    """Cores' worth of time that a control group grants (cgroups(7), version 2 or 1)."""
    try:
        quota, period = (_GROUP / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            quota = (_GROUP / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (_GROUP / "cpu" / "cpu.cfs_period_us").read_text().strip()
        except OSError:
            return _allowed()
    if not quota.isdecimal():  # "max", or -1
        return _allowed()
    return max(1.0, int(quota) / int(period))


@functools.cache
def _idle_cores() -> int:
    """Physical cores that nobody uses just now; always the same in one process.

    More threads or fewer change the last bits, which a run that goes on must not.
    """
    cores = physical_cores()
    return max(1, min(cores, round(cores * _idle_share())))


def _idle_share() -> float:
    """Share of the allowed processors' time that is left over, as it is just now."""
    before = _idle_and_all()
    if before is None:
        if not hasattr(os, "getloadavg"):
            return 1.0
        return 1.0 - min(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    time.sleep(_WATCHED_SECONDS)
    after = _idle_and_all()
    assert after is not None, "it was there before"
    return (after[0] - before[0]) / max(1, after[1] - before[1])


def _idle_and_all() -> tuple[int, int] | None:
    """Ticks that the allowed processors were idle, and all their ticks (proc_stat(5))."""
    try:
        lines = [line.split() for line in _STAT.read_text().splitlines()]
    except OSError:
        return None
    allowed = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    ticks = [[0, *map(int, line[1:9])] for line in lines if line and line[0] in allowed]
    idle = sum(each[field] for each in ticks for field in _IDLE_FIELDS)
    return idle, sum(map(sum, ticks))
