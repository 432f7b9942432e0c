"""What the command line says of a session's tempo, markers and place in time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stemdesk.app.daw.sessions import SessionOptions
from stemdesk.app.daw.song import NamedPlace, SongTempo
from stemdesk.cli.parser import UsageError
from stemdesk.daw.labels import read_labels
from stemdesk.daw.session import TempoChange
from stemdesk.daw.tempo_map_midi_reading import read_tempo_map

if TYPE_CHECKING:
    import argparse

AUTO = "auto"
BPM = (10.0, 400.0)
_UNITS = (1, 2, 4, 8, 16, 32)


def session_options(options: argparse.Namespace) -> SessionOptions:
    """The options of `stemdesk export` as the use case takes them.

    Raises:
        UsageError: some do not go together, or are none.
        UserError: a file cannot be read.
    """
    typed = [options.bpm, options.first_beat, options.metre]
    if options.tempo_map is not None and any(each is not None for each in typed):
        raise UsageError(
            "--tempo-map does not go together with --bpm, --first-beat or --metre",
            "choose one of them",
        )
    if options.bpm in (None, AUTO) and (options.first_beat, options.metre) != (None, None):
        raise UsageError("--first-beat and --metre need a tempo", "give it with --bpm")
    tempo, markers = None, None
    if options.tempo_map is not None:
        found = read_tempo_map(options.tempo_map)
        # The map begins with the timeline, and the song at its origin.
        tempo = SongTempo(found.tempo, -options.origin)
        markers = tuple(
            NamedPlace(each.seconds - options.origin, each.name) for each in found.markers
        )
    elif options.bpm not in (None, AUTO):
        change = TempoChange(0.0, _bpm(options.bpm), *_metre(options.metre or "4/4"))
        tempo = SongTempo((change,), options.first_beat or 0.0)
    if options.markers is not None:
        labels = read_labels(options.markers)
        markers = tuple(NamedPlace(each.start_seconds, each.text) for each in labels)
    return SessionOptions(
        origin_seconds=options.origin,
        tempo=tempo,
        seek_tempo=options.bpm == AUTO,
        markers=None if not markers else tuple(sorted(markers, key=lambda each: each.seconds)),
        with_effects=options.with_effects,
    )


def _bpm(text: str) -> float:
    least, most = BPM
    try:
        bpm = float(text)
    except ValueError:
        bpm = 0.0
    if not least <= bpm <= most:
        raise UsageError(
            f"--bpm {text} is no tempo", f"give {least:g} to {most:g}, or {AUTO} to listen for it"
        )
    return bpm


def _metre(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})", text, re.ASCII)
    beats, unit = map(int, match.groups()) if match else (0, 0)
    if not beats or unit not in _UNITS:
        raise UsageError(f"--metre {text} is no metre", "give one such as 4/4, 3/4 or 6/8")
    return beats, unit
