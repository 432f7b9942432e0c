"""The computer's sound outputs and inputs, for ``stemdesk play`` and ``stemdesk live``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.cli.plain_text import one_line
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from stemdesk.playback.device import Kind


def check_output(name: str) -> None:
    """Refuse a sound output that is not there; with none at all, songs play silently."""
    from stemdesk.playback.choosing import choose
    from stemdesk.playback.output import SILENT
    from stemdesk.playback.portaudio import sound_cards

    if name == SILENT:
        return
    devices = sound_cards().devices()
    if not devices:
        raise UserError(
            f'There is no sound output "{name}", nor any other',
            "leave --output-device out, or name 'silent', to play silently",
        )
    choose(devices, name)


def list_outputs() -> int:
    """Print them; the exit status."""
    if not _list("output"):
        print("No sound output was found; songs play in silence.")
    return 0


def list_both() -> int:
    """Print inputs and outputs; the exit status."""
    for kind in ("input", "output"):
        print(f"{kind}s:")
        if not _list(kind):
            print("  none found")
    return 0


def _list(kind: Kind) -> bool:
    """Print the devices of a kind; whether there are any."""
    from stemdesk.playback.portaudio import sound_cards

    devices = sound_cards().devices(kind)
    for device in devices:
        mark = " (the system's choice)" if device.is_default else ""
        print(one_line(f"{device.index:3d}  {device.name}, {device.host}{mark}"))
    return bool(devices)
