"""The computer's sound outputs, for ``stemdesk play``."""

from __future__ import annotations

from stemdesk.errors import UserError


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
    from stemdesk.playback.portaudio import sound_cards

    devices = sound_cards().devices()
    for device in devices:
        mark = " (the system's choice)" if device.is_default else ""
        print(f"{device.index:3d}  {device.name}, {device.host}{mark}")
    if not devices:
        print("No sound output was found; songs play in silence.")
    return 0
