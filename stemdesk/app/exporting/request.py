"""What is to be exported, and the refusal of what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy
from stemdesk.mixing.settings import MASTER, neutral
from stemdesk.project.document import StemSet, changed
from stemdesk.project.edits.owners import owner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stemdesk.project.document import Span, Track

What = Literal["mix", "stems", "stems_with_effects", "minus_one"]

VOCALS = "vocals"
LOUDNESS_LUFS = (-70.0, 0.0)
TRUE_PEAK_DBTP = (-20.0, 0.0)


@dataclass(frozen=True)
class ExportRequest:
    """What the user asks for.

    Attributes:
        what: `mix` as it is heard; `stems` as they were separated; `stems_with_effects`, each
            through its regions, effects, fader, pan and automation, before the master;
            `minus_one`, the song without one stem.
        folder: where to.
        stem: which one is left out, for `minus_one`.
        is_exact: for `minus_one`: the song as it was less that stem as it was separated, instead
            of the mix that is heard with the stem muted.
        stems: which stems to deliver; empty for all.
        format: a key of :data:`stemdesk.audio.formats.FORMATS`.
        subtype: `match` (the song's), `pcm16`, `pcm24` or `float`.
        selection: a stretch of the song; None for all of it and what its effects sound on.
        name: template, see :func:`stemdesk.app.exporting.names.file_names`.
        project: name of the project, for the template.
        loudness_lufs: integrated loudness to bring a mix to; None leaves it.
        true_peak_dbtp: and let no true peak exceed this; used with `loudness_lufs` alone.
        tags: instead of the song's; an empty text takes a tag away.
        overwrite: what to do with files that are there.
    """

    what: What
    folder: Path
    stem: str = ""
    is_exact: bool = False
    stems: tuple[str, ...] = ()
    format: str = "wav"
    subtype: str = "match"
    selection: Span | None = None
    name: str = "{song} - {stem}"
    project: str = ""
    loudness_lufs: float | None = None
    true_peak_dbtp: float = -1.0
    tags: Mapping[str, str] | None = None
    overwrite: OverwritePolicy = OverwritePolicy.ASK

    def __post_init__(self) -> None:
        object.__setattr__(self, "overwrite", OverwritePolicy.of(self.overwrite))

    @property
    def is_as_heard(self) -> bool:
        """Whether it is one file of the mix, which can be brought to a loudness."""
        return self.what == "mix" or (self.what == "minus_one" and not self.is_exact)


def awaited_stems(track: Track) -> tuple[str, ...]:
    """Stems that a song has strips for and no sound of: its separation has not come to its end."""
    names = tuple(strip.name for strip in track.mix.strips)
    return () if track.separated is not None or names == (MIXTURE,) else names


def needs_awaited_stems(track: Track, request: ExportRequest) -> bool:
    """Whether what is asked for cannot be heard before a song's awaited stems are there.

    A mix that does nothing to them can: it is the song, through the master.
    """
    names = awaited_stems(track)
    if not names or request.what != "mix":
        return bool(names)
    mix = track.mix
    of_stems = any(owner(mix, address)[0] != MASTER for address in mix.automation)
    return mix.strips != neutral(names).strips or of_stems or bool(track.regions)


def with_awaited_stems(track: Track) -> Track:
    """A song as it will be once its awaited stems are there, to tell what an export will be."""
    names = awaited_stems(track)
    if not names:
        return track
    stems = StemSet(model="", stems=dict.fromkeys(names, track.mixture))
    complete: Track = changed(track, separated=stems)
    return complete


def lanes_of(track: Track, request: ExportRequest) -> tuple[str, ...]:
    """The files to come, by what is in them.

    Raises:
        UserError: what is asked for does not fit the song.
    """
    stems = tuple(track.separated.stems) if track.separated else ()
    if request.what == "mix" and needs_awaited_stems(track, request):
        raise UserError(
            f"The mix of {track.name} needs stems that are not there yet",
            "export it when the song has been separated",
        )
    if request.what == "mix":
        return ("mix",)
    if not stems:
        raise UserError(
            f"{track.name} has not been separated yet", "separate it first, or export the mix"
        )
    unknown = [name for name in (*request.stems, request.stem) if name and name not in stems]
    if unknown:
        raise UserError(f"{track.name} has no stem {unknown[0]}", f"choose from {', '.join(stems)}")
    if request.what == "minus_one":
        if not request.stem:
            raise UserError("No stem is named that the song shall go without", "choose one")
        return ("instrumental" if request.stem == VOCALS else f"no {request.stem}",)
    return tuple(name for name in stems if not request.stems or name in request.stems)


def span_of(track: Track, request: ExportRequest) -> tuple[int, int]:
    """First frame of the song and the one after the last.

    Raises:
        UserError: the selection is empty, or not within the song.
    """
    span = request.selection
    if span is None:
        return 0, track.mixture.frames
    if not 0 <= span.first_frame < span.end_frame <= track.mixture.frames:
        raise UserError(
            f"The selection is not within {track.name}", "select a part of it, or export all"
        )
    return span.first_frame, span.end_frame


def check_request(track: Track, request: ExportRequest) -> None:
    """Refuse what no file could be made of.

    Raises:
        UserError: why.
    """
    lanes_of(track, request)
    span_of(track, request)
    if request.loudness_lufs is None:
        return
    if not request.is_as_heard:
        raise UserError(
            "A loudness would change the balance of stems",
            "leave the loudness off, or export the mix",
        )
    for value, (least, most), what in (
        (request.loudness_lufs, LOUDNESS_LUFS, "loudness of {0:g} LUFS"),
        (request.true_peak_dbtp, TRUE_PEAK_DBTP, "true peak of {0:g} dBTP"),
    ):
        if not least <= value <= most:
            raise UserError(
                f"A {what.format(value)} cannot be reached", f"choose {least:g} to {most:g}"
            )


def stem_files(track: Track) -> tuple[str, ...]:
    """Which files of a song sound: its stems, or the song itself while there are none."""
    return tuple(track.separated.stems) if track.separated else (MIXTURE,)
