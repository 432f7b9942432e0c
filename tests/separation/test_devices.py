"""Which processor does the work, and the reasons given."""

from __future__ import annotations

import re
import warnings

import pytest
import torch

from stemdesk.cores import physical_cores
from stemdesk.errors import UserError
from stemdesk.separation import devices
from stemdesk.separation.devices import choose_device, list_devices


def test_devices_are_listed_with_their_reasons():
    reports = list_devices()
    assert [report.name for report in reports] == ["cuda", "mps", "cpu"]
    assert reports[-1].usable
    assert all(report.description for report in reports)
    usable = [report.name for report in reports if report.usable]
    assert choose_device("auto").type == usable[0]
    assert choose_device("cpu") == torch.device("cpu")
    assert physical_cores() >= 1
    for report in reports:
        if not report.usable:
            with pytest.raises(UserError, match=re.escape(report.description)):
                choose_device(report.name)


def test_an_unknown_device_is_refused():
    with pytest.raises(UserError, match="no device 'cuda:7': use one of: auto, cpu"):
        choose_device("cuda:7")


OLD_DRIVER = (
    "CUDA initialization: The NVIDIA driver on your system is too old (found version 11040). "
    "Please update your GPU driver"
)
OLD_GPU = (
    "GeForce GTX 650 with CUDA capability sm_30 is not compatible with the current PyTorch "
    "installation."
)


@pytest.fixture
def pretended(monkeypatch):
    """A build of torch for CUDA, on a machine where this and that is wrong."""

    def pretend(*, there=True, warning=None, error=None):
        def is_available():
            if warning:
                warnings.warn(warning, UserWarning, stacklevel=2)
            return there

        def ones(_count, device):
            if device == "cuda" and error:
                raise error
            return torch.full((_count,), 1.0)

        monkeypatch.setattr(torch.version, "cuda", "12.8")
        monkeypatch.setattr(torch.cuda, "is_available", is_available)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "GeForce")
        properties = type("Properties", (), {"total_memory": 8 << 30})
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: properties)
        monkeypatch.setattr(devices.torch, "ones", ones)
        return list_devices()[0]

    return pretend


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"there": False}, "no GPU, or its driver is missing"),
        ({"there": False, "warning": OLD_DRIVER}, "driver of the GPU is too old"),
        (
            {"there": False, "warning": "CUDA initialization: unknown error. Try again"},
            "no GPU that torch can use: CUDA initialization: unknown error",
        ),
        (
            {"error": RuntimeError("CUDA error: no kernel image is available for execution")},
            "GeForce is not supported by this build of torch",
        ),
        (
            {"warning": OLD_GPU, "error": RuntimeError("CUDA error: invalid device function")},
            "GeForce is not supported by this build of torch",
        ),
        ({"error": torch.OutOfMemoryError("CUDA out of memory.")}, "GeForce has no memory free"),
        ({"error": RuntimeError("ECC error. Reset")}, "GeForce failed at its first sum: ECC error"),
    ],
)
def test_a_gpu_that_computes_nothing_is_not_chosen_and_says_why(pretended, wrong, reason):
    report = pretended(**wrong)
    assert not report.usable
    assert reason in report.description
    assert choose_device("auto").type != "cuda"
    with pytest.raises(UserError, match=re.escape(reason)):
        choose_device("cuda")


def test_a_gpu_that_computes_is_chosen(pretended):
    assert pretended().description == "GeForce, 8 GiB"
    assert choose_device("auto").type == "cuda"
