"""A separation comes in."""

from __future__ import annotations

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import check_mix
from stemdesk.mixing.settings import MASTER, MixSettings, neutral
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import MediaRef, StemSet, Track, changed
from stemdesk.project.edits.owners import owner


def attach_stems(track: Track, stems: StemSet) -> Track:
    """The song with its stems.

    A mix for stems of the same names is kept; otherwise every strip is neutral. What was done to
    the master stays in any case, and so do regions of stems that are still there.

    Raises:
        UserError: there is no stem, a stem is not as long as the song or of another rate or
            channel count, or has a name that no strip can have.
    """
    if not stems.stems:
        raise UserError(f"The separation of {track.name} has no stems", "separate it anew")
    for name, file in stems.stems.items():
        if _form(file) != _form(track.mixture):
            raise UserError(
                f"The stem {name} ({_told(file)}) does not fit {track.name}"
                f" ({_told(track.mixture)})",
                "separate the song anew",
            )
    names = tuple(stems.stems)
    return changed(
        track,
        separated=stems,
        mix=mix_for(track.mix, names),
        regions=tuple(region for region in track.regions if region.stem in names),
    )


def await_stems(track: Track, names: tuple[str, ...]) -> Track:
    """The song with strips for stems that are to come; one that has stems keeps what it has."""
    if track.separated is not None:
        return track
    return changed(track, mix=mix_for(track.mix, names))


def strips_at_stake(track: Track, names: tuple[str, ...]) -> tuple[str, ...]:
    """Strips whose mix, automation or regions go when stems of these names come; as a rule none."""
    strips = tuple(strip.name for strip in track.mix.strips)
    if set(strips) == set(names):
        return ()
    is_plain = track.mix.strips == neutral(strips).strips
    is_plain = is_plain and track.mix.automation == mix_for(track.mix, names).automation
    keeps_regions = all(region.stem in names for region in track.regions)
    return () if is_plain and keeps_regions else strips


def mix_for(mix: MixSettings, names: tuple[str, ...]) -> MixSettings:
    """A mix with strips of these names: itself where it has them, else neutral, master kept."""
    strips = {strip.name: strip for strip in mix.strips}
    if set(strips) == set(names):
        new: MixSettings = mix_changed(mix, strips=tuple(strips[name] for name in names))
    else:
        check_mix(neutral(names))
        of_master = {
            address: points
            for address, points in mix.automation.items()
            if owner(mix, address)[0] == MASTER
        }
        new = mix_changed(mix, strips=neutral(names).strips, automation=of_master)
    return new


def _form(file: MediaRef) -> tuple[int, int, int]:
    return file.frames, file.sample_rate, file.channels


def _told(file: MediaRef) -> str:
    return f"{file.frames} frames, {file.sample_rate} Hz, {file.channels} channels"
