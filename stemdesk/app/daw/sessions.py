"""A separated song as the session that every format of :mod:`stemdesk.daw` is written from."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import SumSource
from stemdesk.app.daw.audio_files import common_form, in_form
from stemdesk.app.daw.song import SongTempo
from stemdesk.audio.tempo import find_tempo
from stemdesk.daw.distinct_names import distinct_names
from stemdesk.daw.session import Session, SessionMarker, SessionTrack, TempoChange
from stemdesk.errors import UserError
from stemdesk.mixing.sources import FileStem
from stemdesk.stem_colours import stem_colour

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.daw.song import NamedPlace, Report, SeparatedSong, SongStem

RENDER_SHARE = 0.6
TEMPO_SHARE = 0.2


@dataclass(frozen=True)
class SessionOptions:
    """What the user says about the session.

    Attributes:
        origin_seconds: where the song begins on the DAW's timeline.
        tempo: instead of the song's own.
        seek_tempo: listen for a tempo, where none is known.
        markers: instead of the song's own.
        with_effects: the stems as they sound through their effects, faders at 0 dB.
    """

    origin_seconds: float = 0.0
    tempo: SongTempo | None = None
    seek_tempo: bool = False
    markers: tuple[NamedPlace, ...] | None = None
    with_effects: bool = False


def build_session(
    song: SeparatedSong, options: SessionOptions, folder: Path, report: Report
) -> Session:
    """Bring a song into the form of a session.

    Args:
        song: what is known of it.
        options: what the user says of it.
        folder: an empty one, for audio that has to be made; the session refers to it.
        report: told the fraction done and the stage; may raise Cancelled.

    Raises:
        UserError: files cannot be read or do not go together, no tempo is heard, or there are no
            effects.
    """
    done = 0.0
    stems = song.stems
    if options.with_effects:
        stems = _with_effects(song, folder, report)
        done = RENDER_SHARE
    form = common_form([stem.path for stem in stems])
    tempo = options.tempo or song.tempo
    if tempo is None and options.seek_tempo:
        tempo = _heard(song, stems, lambda part, stage: report(done + TEMPO_SHARE * part, stage))
        done += TEMPO_SHARE
    tracks = []
    names = distinct_names(stem.name for stem in stems)
    share = (1.0 - done) / len(stems)
    for number, (stem, name) in enumerate(zip(stems, names, strict=True)):
        begun = done + share * number

        def tell(part: float, begun: float = begun) -> None:
            report(begun + share * part, "reading")

        path = in_form(stem.path, form, folder / f"{name}.wav", tell)
        colour = stem_colour(stem.name)
        tracks.append(
            SessionTrack(stem.name, path, colour, stem.level_db, stem.pan, mute=stem.mute)
        )
    markers = song.markers if options.markers is None else options.markers
    return Session(
        title=song.title,
        sample_rate=form.sample_rate,
        frames=form.frames,
        channels=form.channels,
        tracks=tuple(tracks),
        origin_seconds=options.origin_seconds,
        markers=tuple(
            SessionMarker(round(each.seconds * form.sample_rate), each.name) for each in markers
        ),
        tempo=tempo.changes if tempo else (),
        first_beat_seconds=tempo.first_beat_seconds if tempo else 0.0,
        artist=song.artist,
        tags=song.tags,
    )


def _with_effects(song: SeparatedSong, folder: Path, report: Report) -> tuple[SongStem, ...]:
    if song.render is None:
        raise UserError(f"{song.source} has no effects", "leave --with-effects out")
    return song.render(
        folder / "with effects", lambda part, stage: report(RENDER_SHARE * part, stage)
    )


def _heard(song: SeparatedSong, stems: tuple[SongStem, ...], report: Report) -> SongTempo:
    """The tempo of all stems together."""
    with ExitStack() as stack:
        sources = [stack.enter_context(closing(FileStem(stem.path))) for stem in stems]
        found = find_tempo(_whole(sources), report)
    if found is None:
        raise UserError(
            f"No steady tempo is heard in {song.title}", "give it with --bpm, or leave it out"
        )
    return SongTempo((TempoChange(0.0, found.bpm),), found.first_beat_seconds)


def _whole(sources: list[FileStem]) -> SumSource:
    widest = max(source.channels for source in sources)
    return SumSource([source for source in sources if source.channels == widest])
