"""Where each stem goes, decided before any work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, expand_name, resolve_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


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
    wanted = {
        name: folder / (expand_name(template, known) + extension) for name, known in tokens.items()
    }
    if len(set(wanted.values())) < len(wanted):
        raise UserError(f"With the name {template!r} all stems get one file", "put {stem} into it")
    targets = {}
    for name, path in wanted.items():
        target = decide(path)
        if target is not None:
            targets[name] = target
    return targets


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


def decider(policy: OverwritePolicy, ask: Callable[[Path], bool]) -> Callable[[Path], Path | None]:
    """The overwrite policy as one decision per file; asked once, the answer holds for the song."""
    answers: list[bool] = []

    def ask_once(path: Path) -> bool:
        if not answers:
            answers.append(ask(path))
        return answers[0]

    return lambda path: resolve_target(path, policy, ask_once)
