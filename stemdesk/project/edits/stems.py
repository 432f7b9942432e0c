"""A separation comes in, or is given up."""

from __future__ import annotations

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import check_mix
from stemdesk.mixing.settings import MASTER, MixSettings, neutral
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import MediaRef, StemSet, Track, changed
from stemdesk.project.edits.owners import owner
from stemdesk.project.references import MIXTURE


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


def detach_stems(track: Track) -> Track:
    """The song as it was before it was separated; the master keeps what was done to it."""
    if track.separated is None:
        return track
    return changed(track, separated=None, mix=mix_for(track.mix, (MIXTURE,)), regions=())


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
