"""Names for the single channels of a track, by the loudspeakers that they belong to."""

from __future__ import annotations

from stemdesk.audio.channel_mask import mask_for

_SPEAKERS = ("L", "R", "C", "LFE", "Lb", "Rb", "Lc", "Rc", "Cb", "Ls", "Rs")
"""In the order of the bits of a WAVE channel mask (Microsoft, WAVEFORMATEXTENSIBLE)."""


def channel_names(name: str, channels: int, stated_mask: int | None = None) -> list[str]:
    """One name for each channel: "vocals.L" and "vocals.R", as Pro Tools pairs split stereo.

    Args:
        name: of the track; a mono track keeps it.
        channels: how many it has.
        stated_mask: what its file says of them, see `stemdesk.audio.channel_mask`.

    Returns:
        The names; numbered where the channels belong to no loudspeakers or to unusual ones.
    """
    if channels == 1:
        return [name]
    mask = mask_for(channels, stated_mask)
    bits = [bit for bit in range(mask.bit_length()) if mask >> bit & 1]
    if not bits or bits[-1] >= len(_SPEAKERS):
        return [f"{name}.{number}" for number in range(1, channels + 1)]
    return [f"{name}.{_SPEAKERS[bit]}" for bit in bits]
