"""The stems of a song to remix: found where they were separated, or separated now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stemdesk.app.model import LoadedModel, load_card, load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.app.plan import plan_song
from stemdesk.app.seals import Seals
from stemdesk.app.separate import carry_out
from stemdesk.app.songs import Song
from stemdesk.app.targets import Claims
from stemdesk.audio.null import measure_null
from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stemdesk.app.options import Report

# Names under which the song itself lies beside its stems.
_MIXTURES = frozenset({"mixture", "mix", "master", "song"})
FIND_SHARE = 0.05
_OF_NO_USE = (
    "The stems were there already and were left as they are, whatever --post they were made with; "
    "name another folder with --stems for new ones."
)
_NOT_FOR_STEMS = (
    "The folder's stems are mixed as they are: --post is for songs yet to be separated."
)


@dataclass
class Models:
    """The model of a run, loaded when the first song needs it.

    Attributes:
        name: model id or folder; None for the default.
        device: where to compute.
        threads: processor threads; None for all physical cores.
        post: post-processing stages behind those of the model's card.
    """

    name: str | None = None
    device: str = "auto"
    threads: int | None = None
    post: Sequence[str] = ()
    _loaded: LoadedModel | None = field(default=None, init=False)

    def loaded(self) -> LoadedModel:
        """The model, ready to separate.

        Raises:
            UserError: no such model, or a device that cannot be used.
        """
        if self._loaded is None:
            self._loaded = load_model(
                self.name, device=self.device, threads=self.threads, post=self.post
            )
        return self._loaded


def stems_of(
    song: Path, folder: Path, models: Models, report: Report, *, is_twin: bool = False
) -> tuple[dict[str, Path], list[str], Seals]:
    """The stem files of a song.

    Args:
        song: a finished mix, or a folder that holds stems.
        folder: where `stemdesk separate` puts stems; what is missing there is separated.
        models: what to separate with.
        report: told the fraction done and the stage.
        is_twin: as of :class:`stemdesk.app.songs.Song`.

    Returns:
        Stem name -> file; what there is to say of them, a sentence each; and how they were found.

    Raises:
        UserError: no stems, or stems in the place of the song's that do not sum to it.
    """
    if song.is_dir():
        stems = stems_in(song)
        return stems, [_NOT_FOR_STEMS] if models.post else [], Seals(stems.values())
    card = load_card(models.name)
    options = SeparateOptions(output=folder, overwrite=OverwritePolicy.SKIP)
    claims = Claims([song], options.overwrite, _never)
    plan = plan_song(Song(song, is_twin=is_twin), options, card, claims)
    if plan.targets.write:
        report(0.0, "loading")
        result = carry_out(plan, options, models.loaded(), report)
        stems = {**result.kept, **result.files}
    else:
        stems = plan.targets.kept
    stems = {name: stems[name] for name in card.stems}
    seals = Seals((song, *stems.values()), lambda: report(FIND_SHARE, "checking the stems"))
    if plan.targets.kept:
        made = [path for path in stems.values() if path not in plan.targets.kept.values()]
        try:
            with seals.kept():
                _check_sum(song, stems, made, report)
        except BaseException:
            # What was made now would pass for the rest of a set that it does not belong to.
            for path in made:
                path.unlink()
            raise
    is_late = models.post and not plan.targets.write
    return stems, [_OF_NO_USE] if is_late else [], seals


def stems_in(folder: Path) -> dict[str, Path]:
    """Every audio file of a folder as a stem named like the file, but not the mixture's.

    Raises:
        UserError: it holds none, or two of one name.
    """
    stems: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in AUDIO_SUFFIXES or path.name.startswith("."):
            continue
        if path.stem.lower() in _MIXTURES:
            continue
        if path.stem in stems:
            raise UserError(f"{folder} holds two stems named {path.stem}", "move one of them away")
        stems[path.stem] = path
    if not stems:
        raise UserError(f"The folder {folder} holds no stems", "name a song, or a folder of stems")
    usual = {name: place for place, name in enumerate(("vocals", "drums", "bass", "other"))}
    return dict(sorted(stems.items(), key=lambda stem: usual.get(stem[0], len(usual))))


def _check_sum(
    song: Path, stems: dict[str, Path], made: list[Path], report: Callable[[float, str], None]
) -> None:
    """Stems that were there may be another song's of the same name, or made otherwise."""
    null = measure_null(
        song, list(stems.values()), lambda done, _: report(FIND_SHARE * done, "checking the stems")
    )
    if null.verdict == "open" and made:
        raise UserError(
            f"Some stems of {song} are there already, and those made now do not fit them",
            "use the options that those were made with, name another folder with --stems, or move "
            "them away",
        )
    if null.verdict == "open":
        some = next(iter(stems.values())).parent
        raise UserError(
            f"The stems in {some} do not sum to {song}",
            "name another folder with --stems, or move these away if they are of no use",
        )


def _never(path: Path) -> bool:
    """Nothing is asked and nothing replaced under SKIP."""
    raise AssertionError(path)
