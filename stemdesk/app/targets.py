"""Where each stem goes, decided before any work is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, expand_name, resolve_target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

# Characters that are left of every token when a file name gets too long to tell stems apart.
SHORTER_TOKENS = (60, 30, 15)


def plan_targets(
    template: str,
    tokens: Mapping[str, Mapping[str, str]],
    folder: Path,
    extension: str,
    decide: Callable[[Path], Path | None],
) -> dict[str, Path]:
    """Output name -> file to write; those to be left alone are missing.

    Args:
        template: of the names below ``folder``, without extension.
        tokens: output name -> the template's tokens.
        folder: where the results go.
        extension: with its dot.
        decide: gives the path to write for a wanted one, or None to leave it alone.

    Raises:
        UserError: a bad template, two stems under one name, or a file that may not be replaced.
    """
    names = _distinct_names(template, tokens)
    wanted = {name: folder / (text + extension) for name, text in names.items()}
    targets = {}
    for name, path in wanted.items():
        target = decide(path)
        if target is not None:
            targets[name] = target
    return targets


def check_template(template: str, outputs: Collection[str]) -> None:
    """Refuse a name template that suits no song.

    Raises:
        UserError: what is wrong with it.
    """
    song = Path("song")
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


def name_tokens(song: Path, tags: Mapping[str, str], model: str, stem: str) -> dict[str, str]:
    """The tokens a name template may use."""
    return {
        "file": song.stem,
        "title": tags.get("title") or song.stem,
        "artist": tags.get("artist") or "Unknown artist",
        "album": tags.get("album") or "Unknown album",
        "stem": stem,
        "model": model,
    }


def decider(
    policy: OverwritePolicy, ask: Callable[[Path], bool], written: Collection[Path] = ()
) -> Callable[[Path], Path | None]:
    """The overwrite policy as one decision per file; asked once, the answer holds for the song.

    Files in ``written`` come from another song of the same run and are never replaced.
    """
    answers: list[bool] = []

    def ask_once(path: Path) -> bool:
        if not answers:
            answers.append(ask(path))
        return answers[0]

    def decide(path: Path) -> Path | None:
        if path in written and policy is not OverwritePolicy.RENAME:
            raise UserError(
                f"Another song of this run has its stems in {path.parent}",
                "use --overwrite rename, or a --name that tells the songs apart",
            )
        return resolve_target(path, policy, ask_once)

    return decide
