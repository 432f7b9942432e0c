"""Which device a user means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.playback.device import DeviceInfo, Kind


# What systems and the usual drivers call inputs that hear what the computer plays.
_LOOPBACKS = ("loopback", "monitor", "stereo mix", "what u hear", "blackhole", "soundflower",
    "vb-cable", "cable output", "voicemeeter", "virtual", "wave out mix")  # fmt: skip


def is_loopback(name: str) -> bool:
    """Whether a sound input, by its name, hears what the computer plays."""
    return any(word in name.casefold() for word in _LOOPBACKS)


def choose(
    devices: Sequence[DeviceInfo], choice: str | int | None, kind: Kind = "output"
) -> DeviceInfo:
    """The device of that index or name; the system's own choice for None.

    A whole name goes before a part of one, upper and lower case are alike, and `name, host` tells
    apart what several audio systems offer; else the default's audio system goes first.

    Args:
        devices: all there are.
        choice: what the user asked for; digits are an index.
        kind: what the devices are, for refusals.

    Raises:
        UserError: None fits, or several do.
    """
    if not devices:
        if kind == "input":
            raise UserError("No sound input was found", "connect or switch on a sound device")
        raise UserError(
            "No sound output was found", "connect or switch on a sound device, then press play"
        )
    default = next((device for device in devices if device.is_default), devices[0])
    if choice is None:
        return default
    if isinstance(choice, int) or choice.isdecimal():
        fitting = [device for device in devices if device.index == int(choice)]
    else:
        fitting = _named(devices, choice)
    preferred = [device for device in fitting if device.host == default.host]
    for candidates in (fitting, preferred):
        if len(candidates) == 1:
            return candidates[0]
    names = ", ".join(f'{device.index} "{device.name}"' for device in fitting or devices)
    remedy = f"choose one of {names}"
    if kind == "input":
        if fitting:
            raise UserError(f'Several sound inputs fit "{choice}"', remedy)
        raise UserError(f'There is no sound input "{choice}"', remedy)
    if fitting:
        raise UserError(f'Several sound outputs fit "{choice}"', remedy)
    raise UserError(f'There is no sound output "{choice}"', remedy)


def _named(devices: Sequence[DeviceInfo], choice: str) -> list[DeviceInfo]:
    wanted = choice.casefold()
    full = [f"{device.name}, {device.host}".casefold() for device in devices]
    exact = [
        device
        for device, name in zip(devices, full, strict=True)
        if wanted in (name, device.name.casefold())
    ]
    if exact:
        return exact
    return [device for device, name in zip(devices, full, strict=True) if wanted in name]
