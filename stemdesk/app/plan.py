"""One song looked at before any work is done: its length, and where its stems go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stemdesk.app.adapting import require_adaptable
from stemdesk.app.outputs import plan_outputs
from stemdesk.app.targets import (
    Targets,
    check_template,
    name_tokens,
    song_folder,
    wanted_paths,
)
from stemdesk.app.unfinished import own_files, work_folder
from stemdesk.audio.formats import choose_output
from stemdesk.audio.reading import look_at_audio
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.options import SeparateOptions
    from stemdesk.app.songs import Song
    from stemdesk.app.targets import Claims
    from stemdesk.separation.card import ModelCard


@dataclass(frozen=True)
class SongPlan:
    """What is to be done with one song.

    Attributes:
        song: the song.
        seconds: its length; 0 where it cannot be read.
        subtype: encoding of the files to come.
        targets: its files.
        error: why it cannot be separated.
    """

    song: Song
    seconds: float = 0.0
    subtype: str = ""
    targets: Targets = field(default_factory=Targets)
    error: UserError | None = None

    @property
    def work_seconds(self) -> float:
        """How much there is to separate."""
        return self.seconds if self.targets.write else 0.0


def check_options(options: SeparateOptions, card: ModelCard) -> None:
    """Refuse what no song could be separated with, before the first is opened.

    Raises:
        UserError: a stem the model does not know, a bad name template, or a model that cannot be
            adapted to songs.
    """
    if options.adapt:
        require_adaptable(card)
    plan = plan_outputs(card.stems, options.stems, karaoke=options.karaoke)
    check_template(options.name, [output.name for output in plan.delivered])


def plan_song(song: Song, options: SeparateOptions, card: ModelCard, claims: Claims) -> SongPlan:
    """Decide where a song's stems go, asking where that has to be asked.

    Raises:
        UserError: it cannot be read, or its stems cannot go where they should.
    """
    outputs = plan_outputs(card.stems, options.stems, karaoke=options.karaoke)
    info = look_at_audio(
        song.path,
        options.start_seconds,
        options.duration_seconds,
        accept_incomplete=options.accept_incomplete,
    )
    spec = choose_output(info, options.format, options.subtype)
    tokens = {
        output.name: name_tokens(song, info.tags, card.id, output.name)
        for output in outputs.delivered
    }
    folder = song_folder(options.output, song)
    wanted = wanted_paths(options.name, tokens, folder, spec.extension)
    try:
        own = own_files(work_folder(song.path, options)) if options.resume else set()
        targets = claims.claim(wanted, own)
    except OSError as error:
        raise path_refusal(options.output, error) from error
    return SongPlan(song, info.seconds, spec.subtype, targets)


def path_refusal(path: Path, error: OSError) -> UserError:
    """The sentence for what the system says about a path; it names the one it complains of."""
    return UserError(
        f"The system refuses {shortened(error.filename or path)} ({error.strerror or error})",
        "check the name, the disk and your permissions",
    )


def shortened(path: Path | str) -> str:
    """A path short enough for a sentence."""
    name = str(path)
    return name if len(name) <= 80 else f"{name[:40]}...{name[-30:]}"
