"""The mix that is exported: the one that is heard, but for what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.app.exporting.request import stem_files
from stemdesk.mixing.settings import MASTER, StripSettings, changed, neutral
from stemdesk.project.edits.owners import owner

if TYPE_CHECKING:
    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.mixing.settings import MixSettings
    from stemdesk.project.document import Track


def exported_mix(track: Track, request: ExportRequest) -> MixSettings:
    """The mix that is rendered: what is heard, but for the one thing that is asked for."""
    names = stem_files(track)
    mix = track.mix
    if {strip.name for strip in mix.strips} != set(names):
        # Strips for stems to come, to which nothing is done: the song sounds alone.
        of_master = {
            address: points
            for address, points in mix.automation.items()
            if owner(mix, address)[0] == MASTER
        }
        mix = changed(mix, strips=neutral(names).strips, automation=of_master)
    if request.what == "stems_with_effects":
        return _without_master(mix)
    if request.what == "minus_one":
        strips = tuple(
            changed(strip, mute=True) if strip.name == request.stem else strip
            for strip in mix.strips
        )
        mute = f"{request.stem}.mute"
        automation = {each: points for each, points in mix.automation.items() if each != mute}
        mix = changed(mix, strips=strips, automation=automation)
    return mix


def _without_master(mix: MixSettings) -> MixSettings:
    """A mix whose master does nothing."""
    automation = {
        address: points
        for address, points in mix.automation.items()
        if owner(mix, address)[0] != MASTER
    }
    plain: MixSettings = changed(
        mix, master=StripSettings(name=MASTER), ceiling_db=0.0, automation=automation
    )
    return plain
