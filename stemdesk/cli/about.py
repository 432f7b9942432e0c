"""``stemdesk devices``: what there is to compute with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    devices = commands.add_parser(
        "devices",
        help="say why the GPU is or is not used",
        description="List the processors that StemDesk can use, best first, and why.",
    )
    devices.set_defaults(run=run_devices)


def run_devices(options: argparse.Namespace) -> int:  # noqa: ARG001
    """Print every device with the reason."""
    from stemdesk.separation.devices import list_devices

    chosen = True
    for device in list_devices():
        mark = "used" if device.usable and chosen else "usable" if device.usable else "not usable"
        chosen = chosen and not device.usable
        print(f"{device.name:<5} {mark:<11} {device.description}")
    return 0
