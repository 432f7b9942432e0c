"""What a user should know about a mix before hearing it, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.settings import MixSettings
    from stemdesk.mixing.sources import StemSource

_MOST_NAMED = 6


def mix_remarks(stems: Mapping[str, StemSource], mix: MixSettings, channels: int) -> list[str]:
    """What of the stems or the mix is perhaps not as it was meant.

    Args:
        stems: strip name -> source, of one rate.
        mix: of these stems.
        channels: of what comes out.
    """
    return [*_on_lengths(stems), *_on_channels(stems, channels), *automation_remarks(stems, mix)]


def automation_remarks(stems: Mapping[str, StemSource], mix: MixSettings) -> list[str]:
    """Automation that comes too late to be heard."""
    seconds = max(stem.frames / stem.sample_rate for stem in stems.values())
    late = [
        address
        for address, points in mix.automation.items()
        if any(point.seconds > seconds for point in points)
    ]
    if not late:
        return []
    return [
        f"The automation of {_listed(late)} goes on after the song's end at {_clock(seconds)}; "
        "points there are not heard."
    ]


def _on_lengths(stems: Mapping[str, StemSource]) -> list[str]:
    longest = max(stem.frames for stem in stems.values())
    shorter = [
        f"{name} {(longest - stem.frames) / stem.sample_rate:.3f} s"
        for name, stem in stems.items()
        if stem.frames < longest
    ]
    if not shorter:
        return []
    return [f"Not all stems are equally long; silence follows those that are shorter "
            f"({_listed(shorter)})."]  # fmt: skip


def _on_channels(stems: Mapping[str, StemSource], channels: int) -> list[str]:
    widths = {name: stem.channels for name, stem in stems.items()}
    widest = max(widths.values())
    if channels > widest:
        return ["The song is mono, and panning needs two channels, so the mix is stereo."]
    if min(widths.values()) == widest:
        return []
    told = _listed([f"{name} {width}" for name, width in widths.items() if width < widest])
    return [f"The mix has {widest} channels, of which some stems fill fewer ({told})."]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60.0)
    return f"{int(minutes)}:{rest:04.1f}"
