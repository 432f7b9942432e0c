"""Whether an export will sum to the song exactly, and if not, why: told before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stemdesk.app.bench.verdict import heard_otherwise
from stemdesk.app.exporting.mix import exported_mix
from stemdesk.app.exporting.request import lanes_of
from stemdesk.app.exporting.source import MIXER_BITS, holds, spec_for
from stemdesk.audio.formats import FORMATS
from stemdesk.mixing.settings import StripSettings
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import changed
from stemdesk.project.edits.owners import owner

if TYPE_CHECKING:
    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.app.exporting.source import ExportSource
    from stemdesk.project.document import Track


@dataclass(frozen=True)
class NullForecast:
    """What is to be expected.

    Attributes:
        state: `exact`, `open`, or `unknown` as long as the song's samples are.
        claim: what would null, one sentence.
        reasons: why it does not, or what it depends on, one sentence each.
        is_meant: whether the song's own sound is asked for, whole, whatever it is written in.
    """

    state: Literal["exact", "open", "unknown"]
    claim: str
    reasons: tuple[str, ...] = ()
    is_meant: bool = True


def forecast_null(
    track: Track, request: ExportRequest, source: ExportSource | None
) -> NullForecast:
    """Tell in advance; stems above full scale come out when they are written.

    Args:
        track: the song.
        request: what is asked for.
        source: its files; None as long as they have not been looked at.

    Raises:
        UserError: what is asked for cannot be.
    """
    of_sound = _of_sound(track, request)
    reasons = [*of_sound, *_of_format(request)]
    claim = _claim(track, request)
    if reasons:
        return NullForecast("open", claim, tuple(reasons), is_meant=not of_sound)
    if source is None:
        return NullForecast("unknown", claim, ("The song's file has not been looked at yet.",))
    reasons = _of_depth(request, source)
    return NullForecast("open" if reasons else "exact", claim, tuple(reasons))


def _claim(track: Track, request: ExportRequest) -> str:
    song = "the song" if request.selection is None else "the same stretch of the song"
    if request.what == "mix":
        return f"The mix is {song}, sample for sample."
    if request.what == "minus_one":
        (lane,) = lanes_of(track, request)
        return f"The {lane} and the {request.stem} as separated sum to {song} exactly."
    return f"The stems sum to {song} exactly."


def _of_sound(track: Track, request: ExportRequest) -> list[str]:
    """Why it is not the song, whatever it is written in."""
    reasons: list[str] = []
    if request.what == "minus_one" and request.is_exact:
        return []
    if request.what == "minus_one":
        reasons = [f"The mix is exported as it is heard, with the {request.stem} muted."]
        reasons += heard_otherwise(_but_for(track, request.stem))
    elif request.what != "stems":
        reasons = list(heard_otherwise(_as_exported(track, request)))
        if reasons and request.what == "stems_with_effects":
            reasons.append("The stems sum to the mix before the master, not to the song.")
    lanes = lanes_of(track, request)
    if request.what.startswith("stems") and track.separated:
        left_out = [name for name in track.separated.stems if name not in lanes]
        if left_out:
            reasons.append(f"Not exported: {', '.join(left_out)}.")
    if request.loudness_lufs is not None:
        reasons.append(f"The loudness is brought to {request.loudness_lufs:.1f} LUFS.")
    return reasons


def _as_exported(track: Track, request: ExportRequest) -> Track:
    """The song with the mix that is exported."""
    exported: Track = changed(track, mix=exported_mix(track, request))
    return exported


def _but_for(track: Track, stem: str) -> Track:
    """The song with nothing done to one stem, which is not in the mix; its solo still counts."""
    mix = track.mix
    strips = tuple(
        StripSettings(name=stem, solo=strip.solo) if strip.name == stem else strip
        for strip in mix.strips
    )
    automation = {
        address: points
        for address, points in mix.automation.items()
        if owner(mix, address)[0] != stem
    }
    regions = tuple(region for region in track.regions if region.stem != stem)
    mix = mix_changed(mix, strips=strips, automation=automation)
    rest: Track = changed(track, mix=mix, regions=regions)
    return rest


def _of_format(request: ExportRequest) -> list[str]:
    if FORMATS[request.format].lossless:
        return []
    return [f"{request.format.upper()} is lossy: what is heard is not what was written."]


def _of_depth(request: ExportRequest, source: ExportSource) -> list[str]:
    spec = spec_for(source, request, source.mixture.channels)
    mixture = source.mixture
    if not holds(spec, mixture):
        return [f"{_named(spec.subtype)} cannot hold every value of this song."]
    bits = MIXER_BITS if mixture.subtype != "DOUBLE" else None
    is_mixed = request.is_as_heard or request.what == "stems_with_effects"
    if is_mixed and (bits is None or (mixture.grid_bits or 0) > bits):
        return ["The mixer works in 32-bit float, which cannot hold every value of this song."]
    if request.what == "minus_one" and not holds(spec, source.stems[request.stem]):
        return [f"{_named(spec.subtype)} cannot hold every value of the {request.stem}."]
    return []


def _named(subtype: str) -> str:
    return {"PCM_16": "16 bits", "PCM_24": "24 bits", "FLOAT": "32-bit float"}.get(subtype, subtype)
