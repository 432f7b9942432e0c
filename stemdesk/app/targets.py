"""Where each stem goes, decided before any work is done."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.songs import Song
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, expand_name, resolve_target, safe_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

# Characters that are left of every token when a file name gets too long to tell stems apart.
SHORTER_TOKENS = (60, 30, 15)


@dataclass(frozen=True)
class Targets:
    """The files of one song, by output name.

    Attributes:
        write: those to write.
        kept: those that are there and are left as they are.
        fresh: those of ``write`` whose names were free.
    """

    write: dict[str, Path] = field(default_factory=dict)
    kept: dict[str, Path] = field(default_factory=dict)
    fresh: frozenset[Path] = frozenset()


class Claims:
    """Who may write what: no input of the run is ever replaced, and no file is written twice.

    Args:
        inputs: all songs of the run.
        policy: what to do with files that are there.
        ask: whether a file may be replaced, under the policy ASK; the answer holds for the song.
    """

    def __init__(
        self, inputs: Iterable[Path], policy: OverwritePolicy, ask: Callable[[Path], bool]
    ) -> None:
        self._policy, self._ask = policy, ask
        songs = list(inputs)
        self._songs = {same_name(path) for path in songs}
        self._identities = {identity for path in songs if (identity := _identity(path))}
        self._claimed: set[str] = set()

    def is_input(self, path: Path) -> bool:
        """Whether a path is one of the songs, also by a link or on a disk without letter case."""
        return same_name(path) in self._songs or _identity(path) in self._identities

    def is_claimed(self, path: Path) -> bool:
        """Whether a stem of this run goes there."""
        return same_name(path) in self._claimed

    def claim(self, wanted: Mapping[str, Path], own: Collection[Path] = ()) -> Targets:
        """Decide on all files of one song.

        Args:
            wanted: output name -> path.
            own: absolute paths of what an unfinished run of this very song left; replaced unasked.

        Raises:
            UserError: a path that is a song, or another song's, or that cannot be asked about.
        """
        answers: list[bool] = []

        def ask_once(path: Path) -> bool:
            if not answers:
                answers.append(self._ask(path))
            return answers[0]

        write, kept, fresh = {}, {}, set()
        for name, path in wanted.items():
            target = self._decide(path, ask_once, own)
            if target is None:
                kept[name] = path
                continue
            write[name] = target
            if not _there(target):
                fresh.add(target)
        self._claimed.update(map(same_name, write.values()))
        return Targets(write, kept, frozenset(fresh))

    def _decide(
        self, path: Path, ask_once: Callable[[Path], bool], own: Collection[Path]
    ) -> Path | None:
        def taken(candidate: Path) -> bool:
            used = self.is_input(candidate) or self.is_claimed(candidate)
            return used or (_there(candidate) and candidate.absolute() not in own)

        if self._policy is OverwritePolicy.RENAME:
            return resolve_target(path, self._policy, ask_once, taken)
        if self.is_input(path):
            raise UserError(
                f"A stem would replace the song {path}",
                "choose another --output or --name, or use --overwrite rename",
            )
        if self.is_claimed(path):
            raise UserError(
                f"Another song of this run has its stems in {path.parent}",
                "use --overwrite rename, or a --name that tells the songs apart",
            )
        return resolve_target(path, self._policy, ask_once, taken)


def same_name(path: Path) -> str:
    """Equal for paths that are one file on a disk which knows no letter case."""
    return unicodedata.normalize("NFC", str(path.resolve())).casefold()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def wanted_paths(
    template: str, tokens: Mapping[str, Mapping[str, str]], folder: Path, extension: str
) -> dict[str, Path]:
    """Output name -> path.

    Args:
        template: of the names below ``folder``, without extension.
        tokens: output name -> the template's tokens.
        folder: where the results go.
        extension: with its dot.

    Raises:
        UserError: a bad template, or two stems under one name.
    """
    names = _distinct_names(template, tokens)
    return {name: folder / (text + extension) for name, text in names.items()}


def song_folder(output: Path, song: Song) -> Path:
    """The folder below which a song's names begin: those of its own folders are kept."""
    return output.joinpath(*map(safe_name, song.below.parts))


def check_template(template: str, outputs: Collection[str]) -> None:
    """Refuse a name template that suits no song.

    Raises:
        UserError: what is wrong with it.
    """
    song = Song(Path("song"))
    _distinct_names(template, {name: name_tokens(song, {}, "model", name) for name in outputs})


def _distinct_names(template: str, tokens: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Output name -> path without extension; long titles give way where they hide the stem."""
    for letters in (None, *SHORTER_TOKENS):
        names = {
            name: expand_name(template, {token: text[:letters] for token, text in known.items()})
            for name, known in tokens.items()
        }
        if len(set(names.values())) == len(names):
            return names
    raise UserError(f"With the name {template!r} all stems get one file", "put {stem} into it")


def name_tokens(song: Song, tags: Mapping[str, str], model: str, stem: str) -> dict[str, str]:
    """The tokens a name template may use."""
    return {
        "file": song.name,
        "title": tags.get("title") or song.name,
        "artist": tags.get("artist") or "Unknown artist",
        "album": tags.get("album") or "Unknown album",
        "stem": stem,
        "model": model,
    }
