"""Which processor does the work, and why."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import torch

from stemdesk.errors import UserError

CHOICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True)
class DeviceReport:
    """One device as ``stemdesk devices`` shows it."""

    name: str
    usable: bool
    description: str


def _cuda() -> DeviceReport:
    if torch.version.cuda is None and torch.version.hip is None:
        return DeviceReport("cuda", usable=False, description="this build of torch is CPU-only")
    if not torch.cuda.is_available():
        return DeviceReport("cuda", usable=False, description="no GPU, or its driver is missing")
    properties = torch.cuda.get_device_properties(0)
    return DeviceReport(
        "cuda",
        usable=True,
        description=f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB",
    )


def _mps() -> DeviceReport:
    if not torch.backends.mps.is_built():
        return DeviceReport("mps", usable=False, description="only in builds of torch for macOS")
    usable = torch.backends.mps.is_available()
    return DeviceReport(
        "mps", usable=usable, description="Apple GPU" if usable else "no Apple GPU found"
    )


def list_devices() -> list[DeviceReport]:
    """Every kind of device, in order of preference, with the reason why it is or is not used."""
    cpu = DeviceReport(
        "cpu", usable=True, description=f"{physical_cores()} physical cores, always there"
    )
    return [_cuda(), _mps(), cpu]


def choose_device(wanted: str) -> torch.device:
    """The torch device for ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises:
        UserError: the wanted device cannot be used here; says why.
    """
    reports = {report.name: report for report in list_devices()}
    if wanted == "auto":
        return torch.device(next(report.name for report in reports.values() if report.usable))
    if wanted not in reports:
        raise UserError(f"There is no device {wanted!r}", f"use one of: {', '.join(CHOICES)}")
    report = reports[wanted]
    if not report.usable:
        raise UserError(
            f"The device {wanted} cannot be used ({report.description})",
            "use --device auto or --device cpu",
        )
    return torch.device(wanted)


def physical_cores() -> int:
    """Physical cores this process may use: hyper-threads only get in each other's way here."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    siblings = set()
    for cpu in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list"):
        siblings.add(cpu.read_text().strip())
    return max(1, min(allowed or 1, len(siblings) or (allowed or 1)))


def set_threads(threads: int | None) -> int:
    """Set torch's threads for offline work, all physical cores by default; returns the number."""
    number = threads or physical_cores()
    torch.set_num_threads(number)
    return number
