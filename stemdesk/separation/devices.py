"""Which processor does the work, and why."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass

import torch

from stemdesk.cores import physical_cores, usual_threads
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
    # What is wrong torch says as a warning, here or at the first kernel.
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if not torch.cuda.is_available():
            return DeviceReport("cuda", usable=False, description=_missing(_texts(caught)))
        name, problem = torch.cuda.get_device_name(0), _kernel_problem("cuda")
    if problem is not None:
        reason = _unsuited(f"{_texts(caught)} {problem}")
        return DeviceReport("cuda", usable=False, description=f"{name} {reason}")
    memory_gib = torch.cuda.get_device_properties(0).total_memory / 2**30
    return DeviceReport("cuda", usable=True, description=f"{name}, {memory_gib:.0f} GiB")


def _texts(caught: list[warnings.WarningMessage]) -> str:
    return " ".join(str(warning.message) for warning in caught)


def _missing(said: str) -> str:
    """Why torch finds no GPU, from what it said."""
    if "driver" in said and "too old" in said:
        return "the driver of the GPU is too old for this build of torch; update it"
    if said.strip():
        return f"no GPU that torch can use: {_first_sentence(said)}"
    return "no GPU, or its driver is missing"


def _unsuited(said: str) -> str:
    """Why a GPU that is there computes nothing, from what torch said."""
    if "no kernel image" in said or "is not compatible with the current" in said:
        return "is not supported by this build of torch"
    if "out of memory" in said.lower():
        return "has no memory free; close what uses it"
    return f"failed at its first sum: {_first_sentence(said)}"


def _first_sentence(said: str) -> str:
    return said.strip().splitlines()[0].split(". ")[0].rstrip(". ")


def _kernel_problem(device: str) -> str | None:
    """What goes wrong in one tiny sum on a device; None where it comes out right."""
    try:
        total = float(torch.ones(3, device=device).sum())
    except RuntimeError as error:
        return str(error) or type(error).__name__
    return None if total == 3 else f"1 + 1 + 1 came out as {total}"


def _mps() -> DeviceReport:
    if not torch.backends.mps.is_built():
        return DeviceReport("mps", usable=False, description="only in builds of torch for macOS")
    if not torch.backends.mps.is_available():
        return DeviceReport("mps", usable=False, description="no Apple GPU found")
    problem = _kernel_problem("mps")
    if problem is not None:
        return DeviceReport("mps", usable=False, description=f"Apple GPU {_unsuited(problem)}")
    return DeviceReport("mps", usable=True, description="Apple GPU")


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


_is_fork = False


def _compute_alone() -> None:
    """A fork of a process has none of its threads, and whoever waited for them would hang."""
    global _is_fork
    _is_fork = True
    torch.set_num_threads(1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_compute_alone)


def set_threads(threads: int | None) -> int:
    """Set torch's threads for offline work; returns their number, which decides the last bits.

    Args:
        threads: how many are wanted; None for :func:`stemdesk.cores.usual_threads`. A process that
            was forked from one that computes has one in any case.
    """
    torch.set_num_threads(1 if _is_fork else threads or usual_threads())
    return used_threads()


def used_threads() -> int:
    """How many threads torch computes with."""
    return torch.get_num_threads()
