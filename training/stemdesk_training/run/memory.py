"""How much memory there is, and how much some work takes at its height."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")
_RESET_PEAK = "5"  # see proc_pid_clear_refs(5)
_KIB = 1024
# mallopt(3): which setting, and what the C library comes to by itself in a program that works with
# large blocks (a setting can be given again, but not be taken back).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -3, -4
_USUAL = {_MMAP_MAX: 65536, _MMAP_THRESHOLD: 32 * 2**20, _TRIM_THRESHOLD: 64 * 2**20}
_KEEPING = {_MMAP_MAX: 0, _TRIM_THRESHOLD: 2**31 - 1}


def free_bytes(device: torch.device) -> int | None:
    """Memory that could still be had on a device; None where the system does not say.

    Where only the whole of a processor's memory is known, half of it counts as free.
    """
    if device.type == "cuda":
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return torch.cuda.mem_get_info(device)[0] + kept
    if device.type != "cpu":
        return None
    available = _kibibytes(_MEMINFO, "MemAvailable")
    if available is not None:
        return min(available, *_group_free_bytes())
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return None


def _group_free_bytes() -> list[int]:
    """What the control group of a container leaves; its cached files would give way."""
    try:
        limit = int((_GROUP / "memory.max").read_text())
        used = int((_GROUP / "memory.current").read_text())
        cached = [
            int(line.split()[1])
            for line in (_GROUP / "memory.stat").read_text().splitlines()
            if line.startswith("inactive_file ")
        ]
    except (OSError, ValueError):
        return [sys.maxsize]
    return [limit - used + sum(cached)]


def highest_bytes(work: Callable[[], object], device: torch.device) -> int | None:
    """How much memory this process had at the height of some work; None: it cannot be told.

    On a GPU what torch allocated; on a processor the resident memory, on macOS never less than it
    was at any time before.
    """
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        work()
        torch.cuda.synchronize(device)
        return torch.cuda.max_memory_allocated(device)
    if device.type == "cpu" and sys.platform == "linux":
        # What the C library keeps for later would hide what the work takes.
        give_back_freed()
        with suppress(OSError):
            _RESET.write_text(_RESET_PEAK)
    work()
    return _process_bytes() if device.type == "cpu" else None


def give_back_freed() -> None:
    """Give the system all memory that is free in this process, where the C library can."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def keeping_freed_memory() -> Iterator[None]:
    """Let this process keep the memory that it frees, for what it will soon ask for again.

    A step of training asks for the same blocks as the one before. Left to itself glibc gives those
    of more than 32 MiB back to the system at once, which then hands out and clears every page anew:
    a step of 4 x 3 s takes 1.3 times as long (`tests/benchmarks/training_steps.py`). The price is
    memory, a sixth more with 4 x 3 s and half as much again with 4 x 12 s, which is given back at
    the end. Other C libraries, and other systems, go on as they do.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if tell is None:
        yield
        return
    for setting, value in _KEEPING.items():
        tell(setting, value)
    try:
        yield
    finally:
        for setting, value in _USUAL.items():
            tell(setting, value)
        give_back_freed()


def _process_bytes() -> int | None:
    """The highest resident memory, since the system was last told to forget it."""
    highest = _kibibytes(_STATUS, "VmHWM")
    if highest is None and sys.platform != "win32":
        import resource

        highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest


def _kibibytes(path: Path, name: str) -> int | None:
    """A value in kB, as bytes, from a file of lines ``Name:  123 kB``."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith(f"{name}:")]
    return int(found[0]) * _KIB if found else None
