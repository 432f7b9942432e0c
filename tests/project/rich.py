"""A project with something of everything."""

from __future__ import annotations

import math

from stemdesk.mixing.settings import PLUGIN, EffectSettings, MixSettings, Point, StripSettings
from stemdesk.project.document import (
    Marker,
    MediaRef,
    Project,
    Region,
    Span,
    StemSet,
    Tempo,
    Track,
)


def media(name, digit):
    return MediaRef(
        path=f"media/{digit * 12}.{name}",
        sha256=digit * 64,
        frames=441_000,
        sample_rate=44_100,
        channels=2,
    )


MIX = MixSettings(
    strips=(
        StripSettings(
            name="vocals",
            level_db=-math.inf,
            pan=-0.25,
            solo=True,
            effects=(
                EffectSettings(kind="reverb", bypass=True, values={"amount": 0.3}),
                EffectSettings(kind="reverb", name="reverb2"),
                EffectSettings(
                    kind=PLUGIN,
                    name="Dirt",
                    plugin="/plugins/dirt.vst3",
                    plugin_name="Dirt One",
                    values={"drive": 0.5},
                    state="c3RhdGU=",
                ),
            ),
        ),
        StripSettings(name="other", level_db=12.0, mute=True, invert=True),
    ),
    master=StripSettings(name="master", level_db=-1.5, effects=(EffectSettings(kind="limiter"),)),
    ceiling_db=-1.0,
    automation={
        "vocals.level_db": (Point(0.0, -math.inf), Point(1.5, -3.0), Point(1.5, 0.0)),
        "vocals.Dirt.drive": (Point(2.0, 0.125),),
        "master.ceiling_db": (Point(0.0, -3.0),),
    },
)

SEPARATED = Track(
    id="0123456789ab",
    name='Lied "für" 日本 -inf',
    mixture=media("flac", "a"),
    separated=StemSet(
        model="bandmask_small",
        stems={"vocals": media("wav", "b"), "other": media("wav", "c")},
        gain=0.5,
    ),
    mix=MIX,
    regions=(
        Region(stem="vocals", first_frame=0, end_frame=100, mute=True),
        Region(stem="vocals", first_frame=100, end_frame=200, gain_db=-math.inf),
        Region(stem="other", first_frame=50, end_frame=441_000, gain_db=3.0),
    ),
    markers=(Marker(frame=0, name="-inf"), Marker(frame=441_000, name="null")),
    loop=Span(first_frame=1000, end_frame=2000),
    looping=True,
    tempo=Tempo(bpm=97.3, first_beat_seconds=0.125, beats_per_bar=7, beat_unit=8),
)

FRESH = Track(
    id="ba9876543210",
    name="Not separated",
    mixture=MediaRef(path="/songs/take \udcff.wav", frames=8000, sample_rate=8000, channels=1),
    mix=MixSettings(strips=(StripSettings(name="mixture"),)),
)

RICH = Project(tracks=(SEPARATED, FRESH), current=FRESH.id)
