"""Songs from a StemDesk project, with the mix as far as a DAW's own strips can hold it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.daw.song import NamedPlace, SeparatedSong, SongStem, SongTempo
from stemdesk.app.exporting.export import export
from stemdesk.app.exporting.request import ExportRequest
from stemdesk.app.exporting.source import known_hashes
from stemdesk.audio.levels import db
from stemdesk.audio.reading import open_audio
from stemdesk.daw.session import TempoChange
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy
from stemdesk.mixing.bypasses import in_force
from stemdesk.project.media import MediaStore
from stemdesk.project.store import load, project_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stemdesk.app.daw.song import Report
    from stemdesk.project.document import Tempo, Track


def songs_of_project(path: Path) -> tuple[SeparatedSong, ...]:
    """The separated songs of a project, as it was saved.

    Args:
        path: its folder, or the document in it.

    Raises:
        UserError: it cannot be read, no song of it is separated, or a file of one is missing.
    """
    folder = project_folder(path)
    loaded = load(folder)
    media = MediaStore(folder)
    notes = tuple(loaded.remarks)
    if loaded.recovery is not None:
        notes += ("The project has changes that were not saved; it is exported as it was saved.",)
    waiting = [track.name for track in loaded.project.tracks if track.separated is None]
    if waiting:
        verb = "is" if len(waiting) == 1 else "are"
        notes += (f"{', '.join(waiting)} {verb} not separated yet and not exported.",)
    songs = []
    for track in loaded.project.tracks:
        if track.separated is None:
            continue
        files = {name: media.path_of(ref) for name, ref in track.separated.stems.items()}
        files[MIXTURE] = media.path_of(track.mixture)
        songs.append(_song(track, files, path, notes))
    if not songs:
        raise UserError(f"No song of {folder} is separated", "separate one first")
    return tuple(songs)


def _song(
    track: Track, files: Mapping[str, Path], source: Path, notes: tuple[str, ...]
) -> SeparatedSong:
    assert track.separated is not None, "seen before"
    missing = [str(path) for path in files.values() if not path.is_file()]
    if missing:
        raise UserError(
            f"{missing[0]} is missing", f"open {source} in StemDesk and say where the file is"
        )
    rate = track.mixture.sample_rate
    with open_audio(files[MIXTURE]) as reader:
        tags = dict(reader.info.tags)
    return SeparatedSong(
        title=track.name,
        source=source,
        stems=tuple(_stem(track, name, files[name]) for name in track.separated.stems),
        artist=tags.get("artist", ""),
        tags=tags,
        markers=tuple(NamedPlace(each.frame / rate, each.name) for each in track.markers),
        tempo=None if track.tempo is None else _tempo(track.tempo),
        render=partial(_rendered, track, files),
        known=known_hashes(track, files),
        notes=(*notes, *_left_out(track)),
    )


def _tempo(tempo: Tempo) -> SongTempo:
    change = TempoChange(0.0, tempo.bpm, tempo.beats_per_bar, tempo.beat_unit)
    return SongTempo((change,), tempo.first_beat_seconds)


def _stem(track: Track, name: str, path: Path) -> SongStem:
    assert track.separated is not None, "seen before"
    strip = track.mix.strip(name)
    # Stems that were lowered so that none clips sum to the song when they are raised again.
    makeup_db = -db(track.separated.gain) + 0.0
    if strip is None:
        return SongStem(name, path, makeup_db)
    is_soloed = any(each.solo for each in track.mix.strips)
    mute = strip.mute or (is_soloed and not (strip.solo or strip.solo_safe))
    return SongStem(name, path, strip.level_db + makeup_db, strip.pan, mute)


def _left_out(track: Track) -> list[str]:
    """What of a mix no strip of a session can hold."""
    mix = in_force(track.mix)
    told = []
    effects = [s.name for s in mix.strips if any(not each.bypass for each in s.effects)]
    if effects:
        told.append(f"the effects of {', '.join(effects)}")
    inverted = [strip.name for strip in mix.strips if strip.invert]
    if inverted:
        told.append(f"the turned polarity of {', '.join(inverted)}")
    if any(region.gain_db or region.mute for region in track.regions):
        told.append("regions")
    if mix.automation:
        told.append("automation")
    sentences = []
    if told:
        sentences.append(
            f"Not in the session: {', '.join(told)}; --with-effects has them in the audio."
        )
    if mix.master.effects or mix.master.level_db or mix.master.pan or mix.master.mute:
        sentences.append("The settings of the master are not in the session.")
    return sentences


def _rendered(
    track: Track, files: Mapping[str, Path], folder: Path, report: Report
) -> tuple[SongStem, ...]:
    """Every stem through its regions, effects, fader, pan and automation."""
    request = ExportRequest(
        "stems_with_effects",
        folder,
        subtype="float",
        name="{stem}",
        overwrite=OverwritePolicy.YES,
    )
    delivery = export(track, files, request, report, lambda _: True)
    return tuple(SongStem(file.lane, file.path) for file in delivery.files)
